"""`zhuji snapshot`: takes, lists and verifies snapshots."""

import argparse

from django.utils import timezone
from django.utils.translation import gettext as _

from zhuji.cli import show
from zhuji.cli.arguments import command, day, now, parts_of, today
from zhuji.cli.outcome import OK, WITH_ERRORS
from zhuji.cli.parser import Parser
from zhuji.kernel.messages import say
from zhuji.programme import snapshots


def snapshot(parser: Parser) -> None:
    parts = parts_of(parser)
    create = command(
        parts, "create", _create, _("把台账写成快照；只重写有变动的学校"), ("snapshot create",)
    )
    create.add_argument("--as-of", type=day, help=_("数据截止日期，默认今天"))
    create.add_argument("--full", action="store_true", help=_("不沿用上一个快照，全部重写"))
    command(parts, "list", _list, _("列出快照"), ("snapshot list",))
    verify = command(
        parts,
        "verify",
        _verify,
        _("核验快照的每个文件"),
        ("snapshot verify", "snapshot verify 编号"),
    )
    verify.add_argument("id", nargs="?", help=_("快照编号，或它开头的几位；不写则逐个核验"))


def _create(asked: argparse.Namespace) -> int:
    with show.progress(say("正在写快照")) as step:
        manifest = snapshots.take(
            as_of=asked.as_of or today(), known_at=now(), full=asked.full, progress=step
        )
    show.line(
        say(
            "快照 {id}：{tables} 个台账，{rows} 行，截至 {as_of}",
            id=manifest.id,
            tables=len(manifest.tables),
            rows=f"{manifest.rows:,}",
            as_of=manifest.as_of,
        ),
        "green",
    )
    return OK


def _list(asked: argparse.Namespace) -> int:
    found = snapshots.listed()
    if not found:
        show.line(say("还没有快照；先执行 zhuji snapshot create"))
        return OK
    heads = (say("编号"), say("截至"), say("建立时间"), say("行数"), say("沿用"))
    show.table(
        "",
        (show.words(head) for head in heads),
        (
            (
                one.id,
                one.as_of.isoformat(),
                timezone.localtime(one.known_at).strftime("%Y-%m-%d %H:%M:%S"),
                f"{one.rows:,}",
                one.parent or "—",
            )
            for one in found
        ),
        whole=(0, 1, 2),
    )
    for identifier in snapshots.damaged():
        show.line(say("快照 {id} 的清单已损坏，不能使用", id=identifier), "bold red")
    return OK


def _verify(asked: argparse.Namespace) -> int:
    status = OK
    for identifier, issues in snapshots.verify(asked.id).items():
        if issues:
            status = WITH_ERRORS
            show.issues(issues)
            show.line(
                say(
                    "快照 {id} 有 {count} 处不符，不能作为依据",
                    id=identifier,
                    count=len(issues),
                ),
                "bold red",
            )
        else:
            show.line(say("快照 {id} 完好：每个文件的摘要值和行数都相符", id=identifier), "green")
    return status
