"""`zhuji audit`: seals the audit trail, publishes its head, exports and verifies it."""

import argparse
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from zhuji.cli import show
from zhuji.cli.arguments import Groups, command, day, now, operator, parts_of
from zhuji.cli.outcome import OK, WITH_ERRORS
from zhuji.cli.outputs import place
from zhuji.cli.parser import Parser
from zhuji.kernel.messages import Message, say
from zhuji.orgs import retiring, sealing, trail
from zhuji.orgs.clock import database_now

_MOST_TOLD = 200


def audit(parser: Parser) -> None:
    parts = parts_of(parser)
    seal = command(
        parts,
        "seal",
        _seal,
        _("把新的留痕封入哈希链，并公布链头"),
        ("audit seal --heads 链头.txt",),
    )
    heads_help = _("链头文件；应放在服务器以外的地方")
    seal.add_argument("--heads", type=Path, help=heads_help)
    export = command(
        parts, "export", _export, _("导出已封存的留痕，供另一台机器核验"), ("audit export",)
    )
    export.add_argument("--out", type=Path, help=_("输出文件，默认数据目录下的 out/audit.jsonl"))
    verify = command(
        parts,
        "verify",
        _verify,
        _("核验留痕有没有被改、被删、被插入、被对调、被截去、被重写"),
        ("audit verify --heads 链头.txt", "audit verify audit.jsonl --heads 链头.txt"),
    )
    verify.add_argument("file", type=Path, nargs="?", help=_("导出的文件；不写则核验当前数据库"))
    verify.add_argument("--heads", type=Path, help=heads_help)
    head = command(parts, "head", _head, _("公布最新的链头"), ("audit head --heads 链头.txt",))
    head.add_argument("--heads", type=Path, help=heads_help)

    _retiring(parts)


def _retiring(parts: Groups) -> None:
    retire = command(
        parts,
        "retire",
        _retire,
        _("清理满了保存期的留痕，整月清理；清理本身留痕，链仍可核验。须以数据库表的所有者执行"),
        ('audit retire view --why "满三年"',),
    )
    retire.add_argument("kind", choices=sorted(retiring.KINDS), metavar=_("类别"),
                        help=_("view 是查阅记录，entry 是其他留痕，seal 是封存"))  # fmt: skip
    retire.add_argument(
        "--before", type=day, help=_("清理到这一天为止已结束的月份；默认满了保存期的")
    )
    retire.add_argument("--why", required=True, help=_("事由"))


def _retire(asked: argparse.Namespace) -> int:
    moment = database_now()
    before = _midnight(asked.before) if asked.before else retiring.due(asked.kind, moment)
    with show.progress(say("正在清理留痕")):
        done = retiring.retire(asked.kind, before, actor=operator(), now=moment, why=asked.why)
    if not done.count:
        show.line(say("没有到期的留痕，什么也没有清理"))
        return OK
    show.line(
        say("已清理 {count} 条，编号 {first} 至 {last}",
            count=f"{done.count:,}", first=done.first, last=done.last),
        "green",
    )  # fmt: skip
    return OK


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime(on.year, on.month, on.day))  # noqa: DTZ001  # made so here


def _seal(asked: argparse.Namespace) -> int:
    with show.progress(say("正在封存留痕")):
        count = sealing.seal_all(now=now())
    show.line(say("新封存 {count} 条留痕", count=count), "green")
    return _head(asked) if sealing.head() else OK


def _head(asked: argparse.Namespace) -> int:
    path = asked.heads or place("audit-heads.txt")
    line = sealing.publish(path)
    show.out.print(line)
    show.line(say("链头已写入 {path}，请另存到服务器以外的地方", path=path), "dim")
    return OK


def _export(asked: argparse.Namespace) -> int:
    path = asked.out or place("audit.jsonl")
    with show.progress(say("正在导出留痕")):
        count = sealing.export(path)
    show.line(say("已导出 {count} 行到 {path}", count=count, path=path), "green")
    return OK


def _verify(asked: argparse.Namespace) -> int:
    with show.progress(say("正在核验留痕")):
        report = sealing.verify(asked.heads, asked.file)
    if asked.file is None:
        trail.tell(report, actor=operator(), now=now(), source="cli")
    for what, where in report.findings[:_MOST_TOLD]:
        show.line(_finding(what, where), "bold red")
    if asked.heads is None:
        show.line(say("没有给出外存链头：整条链被改写或末尾被截去看不出来"), "yellow")
    if report.anchor:
        show.line(
            say("链从第 {number} 次封存起：此前的已到期清理，有清理记录", number=report.anchor),
            "dim",
        )
    if report.findings:
        show.line(say("留痕有 {count} 处不符", count=len(report.findings)), "bold red")
        return WITH_ERRORS
    show.line(
        say(
            "留痕完好：封存 {seals} 次，{records} 条记录，链头 {head}",
            seals=report.seals,
            records=f"{report.records:,}",
            head=report.head,
        ),
        "green",
    )
    return OK


def _finding(what: str, where: str) -> Message:
    said = {
        "edited": say("{where} 被改过", where=where),
        "deleted": say("{where} 被删除", where=where),
        "inserted": say("{where} 是后来插入的", where=where),
        "swapped": say("{where} 与别的记录对调过", where=where),
        "cut": say("{where} 不见了：末尾被截去", where=where),
        "rewritten": say("{where} 与外存链头不符：此前的记录被整体改写", where=where),
        "broken": say("{where} 与前后接不上：封存被改、被删或被插入", where=where),
    }
    return said.get(what, say("{where} 不能读懂", where=where))
