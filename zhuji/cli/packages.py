"""`zhuji plan`: proves a package before anybody is judged by it."""

import argparse

from django.conf import settings
from django.utils.translation import gettext as _

from zhuji.cli import show
from zhuji.cli.arguments import command, parts_of
from zhuji.cli.outcome import OK, WITH_ERRORS
from zhuji.cli.parser import Parser
from zhuji.kernel.errors import Level
from zhuji.kernel.messages import say
from zhuji.programme import packages, proof


def plan(parser: Parser) -> None:
    check = command(
        parts_of(parser),
        "check",
        _check,
        _("检查方案包：条款覆盖、合计、引用、公式、单位和算例"),
        ("plan check anqiu-2021", "plan check plans/standards/balance-2017"),
    )
    check.add_argument("path", help=_("方案包目录，或 plans/ 下的名称"))
    check.add_argument("--quiet", action="store_true", help=_("只列错误，不列提醒"))


def _check(asked: argparse.Namespace) -> int:
    loaded = packages.load(asked.path, settings.ZHUJI_PLANS)
    report = proof.prove(loaded)
    wanted = {Level.ERROR} if asked.quiet else set(Level)
    show.issues((issue for issue in report.issues if issue.level in wanted), most=500)
    if report.counts:
        show.table(
            "",
            (show.words(say("类别")), show.words(say("数量"))),
            ((show.words(label), str(count)) for label, count in report.counts),
        )
    errors = sum(issue.level is Level.ERROR for issue in report.issues)
    warnings = sum(issue.level is Level.WARNING for issue in report.issues)
    if errors:
        show.line(
            say("方案包有 {errors} 处错误、{warnings} 处提醒", errors=errors, warnings=warnings),
            "bold red",
        )
        return WITH_ERRORS
    show.line(
        say(
            "检查通过：{clauses} 个条款都有着落，{examples} 个算例全部相符，{warnings} 处提醒",
            clauses=report.clauses,
            examples=report.examples,
            warnings=warnings,
        ),
        "green",
    )
    return OK
