"""`zhuji backup | restore | drill`: keeps the county safe, and proves that it can come back."""

import argparse
import getpass
import sys
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from zhuji.cli import show
from zhuji.cli.arguments import does, now
from zhuji.cli.outcome import OK, WITH_ERRORS
from zhuji.cli.parser import Parser
from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import Message, say
from zhuji.programme.keeping import place, restore, secret, shelf
from zhuji.programme.keeping.backup import Made, Plan, Wanted, make
from zhuji.programme.keeping.compare import Point
from zhuji.programme.keeping.drill import Outcome, Trial, drill
from zhuji.programme.keeping.secret import Secret

PLAN = "anqiu-2021"
_MIB = 1 << 20
VERDICTS = {True: say("一致"), False: say("不一致"), None: say("—")}


def backup(save: Parser) -> None:
    does(
        save,
        _backup,
        "backup",
        "backup --make-key /mnt/usb/zhuji.key",
        "backup --key-file /mnt/usb/zhuji.key --with-keys --keep 14",
        "backup --list",
    )
    _secret(save)
    save.add_argument(
        "--make-key", type=Path, metavar=_("文件"), help=_("新建一个密钥文件，不备份")
    )
    save.add_argument("--out", type=Path, help=_("备份写到哪个文件，默认数据目录下的 backups"))
    save.add_argument("--with-keys", action="store_true", help=_("另存一份加密的密钥备份"))
    save.add_argument("--keep", type=_count, help=_("只留最近几份；有一份通过演练之后才删旧的"))
    save.add_argument("--plan", default=PLAN, help=_("判定合计用哪个方案包"))
    save.add_argument("--no-judge", action="store_true", help=_("不记判定合计，省时间"))
    save.add_argument("--list", action="store_true", help=_("列出备份和最近一次通过的演练"))


def bring_back(back: Parser) -> None:
    does(
        back,
        _restore,
        "restore zhuji.backup",
        "restore zhuji.backup --keys zhuji.keys --key-file zhuji.key",
    )
    back.add_argument("file", type=Path, metavar=_("备份"), help=_("备份文件"))
    back.add_argument("--keys", type=Path, help=_("密钥备份文件"))
    _secret(back)


def try_out(tried: Parser) -> None:
    does(tried, _drill, "drill", "drill zhuji.backup --key-file zhuji.key")
    tried.add_argument("file", type=Path, nargs="?", metavar=_("备份"), help=_("默认最近一份"))
    _secret(tried)


def _secret(parser: Parser) -> None:
    parser.add_argument(
        "--key-file", type=Path, help=_("密钥文件；不写则问口令，管道中从标准输入读一行")
    )


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(show.words(say("请写不小于 1 的整数")))
    return int(text)


def _backup(asked: argparse.Namespace) -> int:
    here = place.here()
    if asked.list:
        return _list(here.backups)
    if asked.make_key:
        secret.make_file(asked.make_key, here.home)
        show.line(
            say("密钥文件已写入 {path}；请另存一处：丢了它，备份打不开", path=asked.make_key),
            "green",
        )
        return OK
    wanted = Wanted(
        secret=_asked_secret(asked, new=True),
        now=now(),
        out=asked.out,
        with_keys=asked.with_keys,
        plan=None if asked.no_judge else Plan(asked.plan, Path(settings.ZHUJI_PLANS)),
    )
    with show.progress(say("正在备份（MiB）")) as step:
        made = make(here, wanted, step)
    _told(made)
    if asked.keep:
        _prune(here.backups, asked.keep)
    return WITH_ERRORS if made.faults else OK


def _told(made: Made) -> None:
    facts = made.manifest.facts
    show.line(
        say(
            "备份已写入并读回核对：{path}（{size} MiB，{tables} 张表，{rows} 行，{files} 个文件）",
            path=made.path,
            size=f"{made.bytes / _MIB:,.1f}",
            tables=len(facts.tables) if facts else 0,
            rows=f"{facts.rows:,}" if facts else "0",
            files=len(made.manifest.entries),
        ),
        "green",
    )
    if made.keys:
        show.line(say("密钥备份：{path}；请与数据备份分开存放", path=made.keys))
    else:
        show.line(say("密钥没有包含在内；要另存密钥，请加 --with-keys"), "dim")
    if made.faults:
        show.line(
            say("源数据本身有 {count} 处损坏，备份如实保存；请执行 zhuji drill 查看",
                count=made.faults),
            "bold red",
        )  # fmt: skip


def _prune(folder: Path, keep: int) -> None:
    gone = shelf.prune(folder, keep)
    if gone:
        show.line(say("已删除 {count} 份旧备份", count=len(gone)))
    elif len(shelf.listed(folder)) > keep:
        show.line(say("没有删除旧备份：要先有一份通过演练，请执行 zhuji drill"), "yellow")


def _list(folder: Path) -> int:
    heads = (say("备份"), say("时间"), say("MiB"), say("加密"), say("通过演练"))
    kinds = {"passphrase": say("口令"), "key-file": say("密钥文件")}
    rows = [
        (
            one.path.name,
            f"{timezone.localtime(one.head.made_at):%Y-%m-%d %H:%M:%S}",
            f"{one.bytes / _MIB:,.1f}",
            show.words(kinds[one.head.secret]),
            f"{timezone.localtime(one.proven.when):%Y-%m-%d %H:%M}" if one.proven else "—",
        )
        for one in shelf.listed(folder)
    ]
    if rows:
        show.table("", (show.words(head) for head in heads), rows)
    else:
        show.line(say("还没有备份；请执行 zhuji backup"))
    proven = shelf.last_proven(folder)
    if proven is None:
        show.line(say("还没有一份备份证明过能恢复；请执行 zhuji drill"), "yellow")
        return OK
    show.line(
        say(
            "最近一次证明可恢复：{at}，备份 {file}，{count} 项全部一致",
            at=f"{timezone.localtime(proven.when):%Y-%m-%d %H:%M}",
            file=proven.file,
            count=proven.compared,
        ),
        "green",
    )
    return OK


def _restore(asked: argparse.Namespace) -> int:
    here = place.here()
    restore.refuse_used(here)  # before asking for a passphrase in vain
    with show.progress(say("正在恢复（MiB）")) as step:
        read = restore.restore(asked.file, _asked_secret(asked), here, keys=asked.keys, step=step)
    facts = read.manifest.facts
    show.line(
        say(
            "已恢复到 {home}：{rows} 行，{files} 个文件，备份于 {at}",
            home=here.home,
            rows=f"{facts.rows:,}" if facts else "0",
            files=len(read.manifest.entries),
            at=f"{timezone.localtime(read.manifest.made_at):%Y-%m-%d %H:%M:%S}",
        ),
        "green",
    )
    if not asked.keys:
        show.line(
            say("密钥没有恢复：请用 --keys 恢复，或把原来的 keys 目录放回 {home}，再开始使用",
                home=here.home),
            "yellow",
        )  # fmt: skip
    show.line(say("下一步：执行 zhuji migrate，再执行 zhuji snapshot verify"), "dim")
    return OK


def _drill(asked: argparse.Namespace) -> int:
    here = place.here()
    path = asked.file or shelf.newest(here.backups)
    trial = Trial(path, _asked_secret(asked), now(), Path(settings.ZHUJI_PLANS))
    with show.progress(say("正在演练（MiB）")) as step:
        outcome = drill(here, trial, step)
    _points(outcome.points)
    return _verdict(outcome)


def _points(found: tuple[Point, ...]) -> None:
    """Empty tables that stayed empty are counted, not listed."""
    quiet = [one for one in found if one.is_empty_table and one.same]
    heads = (say("项目"), say("备份时"), say("恢复后"), say("结论"))
    show.table(
        "",
        (show.words(head) for head in heads),
        (
            tuple(map(show.words, (one.name, one.before, one.after, VERDICTS[one.same])))
            for one in found
            if one not in quiet
        ),
    )
    if quiet:
        show.line(say("另有 {count} 张空表，两边都空", count=len(quiet)), "dim")


def _verdict(outcome: Outcome) -> int:
    drilled = outcome.drilled
    if not drilled.passed:
        show.line(
            say("演练没有通过：{count} 项不一致；这份备份不能作为依据",
                count=len(drilled.differing)),
            "bold red",
        )  # fmt: skip
        return WITH_ERRORS
    show.line(
        say(
            "演练通过：{count} 项全部一致，用时 {seconds} 秒，备份 {file}",
            count=drilled.compared,
            seconds=drilled.seconds,
            file=drilled.file,
        ),
        "green",
    )
    return OK


def _asked_secret(asked: argparse.Namespace, *, new: bool = False) -> Secret:
    if asked.key_file:
        return secret.of_file(asked.key_file, Path(settings.ZHUJI_HOME))
    if not sys.stdin.isatty():
        return secret.of_passphrase(sys.stdin.readline().rstrip("\r\n"), new=new)
    text = _prompt(say("备份口令："))
    if new and _prompt(say("再输一次：")) != text:
        raise BadInput(say("两次输入的口令不同，没有备份。"))
    return secret.of_passphrase(text, new=new)


def _prompt(message: Message) -> str:
    return getpass.getpass(show.words(message))
