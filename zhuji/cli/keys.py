"""`zhuji keys`: keys of encrypted fields; a new one, all anew under it, an old one away."""

import argparse
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from zhuji.cli import show
from zhuji.cli.arguments import command, now, operator, parts_of
from zhuji.cli.outcome import OK
from zhuji.cli.parser import Parser
from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.ledgers import rotating
from zhuji.orgs import audit, keyring
from zhuji.orgs.audit import About, Change
from zhuji.orgs.ciphers import Algorithm
from zhuji.orgs.keyring import Keyring

_CIPHERS = {"aes": Algorithm.AES_256_GCM, "sm4": Algorithm.SM4_GCM}
_MOST_ROUNDS = 10


def declare(parser: Parser) -> None:
    parts = parts_of(parser)
    command(parts, "list", _list, _("列出密钥的编号和算法，不显示密钥"), ("keys list",))
    add = command(
        parts, "add", _add, _("新建一把密钥，此后写入的都用它；旧的仍能打开旧数据"), ("keys add",)
    )
    add.add_argument("--cipher", choices=_CIPHERS, default="aes", help=_("算法，默认 aes"))
    command(
        parts,
        "rotate",
        _rotate,
        _("把已存的全部改用新密钥加密；中断了再执行一次即可"),
        ("keys rotate",),
    )
    drop = command(
        parts, "drop", _drop, _("删去一把旧密钥；还有数据要用它时不删"), ("keys drop 1",)
    )
    drop.add_argument("number", type=int, metavar=_("编号"), help=_("密钥的编号"))


def _list(asked: argparse.Namespace) -> int:
    ring = keyring.load(_home())
    left = rotating.left_under()
    heads = (say("编号"), say("算法"), say("仍用它的数据"), say("现用"))
    rows = [
        (
            str(number),
            key.algorithm.name,
            f"{left.get(number, 0):,}",
            "✓" if number == ring.current else "",
        )
        for number, key in sorted(ring.keys.items())
    ]
    show.table("", map(show.words, heads), rows)
    return OK


def _add(asked: argparse.Namespace) -> int:
    ring = keyring.add_key(_home(), _CIPHERS[asked.cipher])
    _record("keys.add", ring, {"number": ring.current, "cipher": asked.cipher})
    said = say("已新建 {number} 号密钥并启用；下一步执行 zhuji keys rotate", number=ring.current)
    show.line(said, "green")
    return OK


def _rotate(asked: argparse.Namespace) -> int:
    """Until a whole round finds nothing more: meanwhile somebody may have written."""
    ring, renewed = keyring.load(_home()), 0
    with show.progress(say("正在换用新密钥")):
        for _round in range(_MOST_ROUNDS):
            done = rotating.rotate_all().values()
            renewed += sum(one.renewed for one in done)
            if not any(one.renewed or one.passed_over for one in done):
                break
        else:
            raise Refused(say("一边有人在写，没有换完；请稍后再执行一次。"))
    _record("keys.rotate", ring, {"number": ring.current, "renewed": renewed})
    show.line(say("已换用 {number} 号密钥：改写 {count} 个值", number=ring.current,
                  count=f"{renewed:,}"), "green")  # fmt: skip
    return OK


def _drop(asked: argparse.Namespace) -> int:
    left = rotating.left_under().get(asked.number, 0)
    if left:
        raise Refused(
            say("还有 {count} 个值要用 {number} 号密钥，没有删；请先执行 zhuji keys rotate。",
                count=f"{left:,}", number=asked.number)
        )  # fmt: skip
    ring = keyring.drop_key(_home(), asked.number)
    _record("keys.drop", ring, {"number": asked.number})
    show.line(say("已删去 {number} 号密钥；此前的备份要用它，请另存", number=asked.number), "green")
    return OK


def _record(verb: str, ring: Keyring, new: dict[str, object]) -> None:
    about = About("keyring", ring.mark)
    audit.record(verb, about, actor=operator(), now=now(), change=Change(new=new))


def _home() -> Path:
    return Path(settings.ZHUJI_HOME)
