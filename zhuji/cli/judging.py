"""`zhuji judge | explain`: lights for any day and organisation, and where a number comes from."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from zhuji.bulletins import book, page
from zhuji.cli import account, board, show
from zhuji.cli.arguments import day, does
from zhuji.cli.outcome import OK, WITH_ERRORS
from zhuji.cli.outputs import judged, place
from zhuji.cli.parser import Parser
from zhuji.invent import marker
from zhuji.kernel.messages import say
from zhuji.programme import enacted, explain, snapshots
from zhuji.programme.judge import Run, running
from zhuji.programme.judgement import Judgement

DEFAULT_PLAN = "anqiu-2021"
FORMATS = ("table", "json", "xlsx", "html")


def judge(one: Parser) -> None:
    does(
        one,
        _judge,
        "judge",
        "judge --on 2023-06-30 --org 370784105",
        "judge --format xlsx --out 判定.xlsx",
        "judge --format json | jq '.items[] | select(.light==\"not_met\")'",
    )
    _common(one)
    one.add_argument("--format", choices=FORMATS, default="table", help=_("输出形式"))
    one.add_argument("--out", type=Path, help=_("输出文件；不写则输出到屏幕或数据目录"))


def explain_one(why: Parser) -> None:
    does(
        why,
        _explain,
        "explain l1.primary --org 2137000101",
        "explain m27_home_visits --org 370784105",
    )
    why.add_argument("id", help=_("指标、任务、节点或条款的编号"))
    _common(why)
    why.add_argument("--rows", type=int, default=10, help=_("最多列出多少行来源"))


def _common(parser: Parser) -> None:
    parser.add_argument("--plan", default=DEFAULT_PLAN, help=_("方案包目录或名称"))
    parser.add_argument("--on", type=day, help=_("判定日期，默认快照的截止日期"))
    parser.add_argument("--org", help=_("机构代码或名称，默认全县"))
    parser.add_argument("--snapshot", help=_("快照编号，或它开头的几位；默认最近一个"))


def _judge(asked: argparse.Namespace) -> int:
    with _running(asked) as run:
        judgement = run.judgement(asked.org)
    _put(judgement, asked.format, asked.out)
    show.issues(judgement.issues, console=show.err)
    return WITH_ERRORS if judgement.issues else OK


@contextmanager
def _running(asked: argparse.Namespace) -> Iterator[Run]:
    facts_until = snapshots.chosen(asked.snapshot).as_of
    on = asked.on or facts_until
    if on > facts_until:
        show.warn(
            say(
                "快照只记到 {until}，判定 {on} 时这以后的事实还不知道；请先建新快照",
                until=facts_until,
                on=on,
            )
        )
    package = enacted.package(asked.plan, on)
    invented = (Path(settings.ZHUJI_HOME) / marker.FILE).exists()
    with (
        show.progress(say("正在判定")),
        running(package, on=on, snapshot=asked.snapshot, invented=invented) as run,
    ):
        yield run


def _put(judgement: Judgement, form: str, out: Path | None) -> None:
    language = show.language()
    if form == "table":
        board.board(judgement)
        return
    if form == "json":
        text = json.dumps(judgement.as_json(), ensure_ascii=False, indent=1) + "\n"
        if out is None:
            sys.stdout.write(text)
            return
        out.write_text(text, encoding="utf-8")
    elif form == "html":
        out = out or place(judged(judgement, form))
        out.write_text(page.html(judgement, language=language, read=show.words), encoding="utf-8")
    else:
        out = out or place(judged(judgement, form))
        book.write(judgement, out, language=language, read=show.words)
    show.line(say("已写入 {path}", path=out), "green")


def _explain(asked: argparse.Namespace) -> int:
    with _running(asked) as run:
        account.account(explain.explain(run, asked.id, org=asked.org, most=asked.rows))
    return OK
