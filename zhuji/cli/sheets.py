"""`zhuji template | import | export | undo`: ledgers as workbooks."""

import argparse
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from zhuji.cli import show
from zhuji.cli.arguments import does, now, operator, today
from zhuji.cli.outcome import OK, WITH_ERRORS
from zhuji.cli.outputs import place
from zhuji.cli.parser import Parser
from zhuji.kernel.errors import BadInput, Refused
from zhuji.kernel.messages import say
from zhuji.ledgers import actions, queries, writing
from zhuji.ledgers.receipts import Receipt
from zhuji.ledgers.registry import LEDGERS, ledger
from zhuji.programme import asking, packages

PLAN = "anqiu-2021"  # whose money lines and kinds of deeds a template offers unless told


def template(parser: Parser) -> None:
    does(parser, _template, "template --list", "template staff")
    parser.add_argument("ledger", nargs="?", help=_("台账代码或名称"))
    parser.add_argument("--list", action="store_true", help=_("列出全部台账"))
    parser.add_argument("--plan", default=PLAN, help=_("可选值和用途取自哪个方案包"))
    parser.add_argument("--out", type=Path, help=_("输出文件"))


def take(take: Parser) -> None:
    does(
        take,
        _import,
        "import 教师.xlsx",
        "import 教师.xlsx --dry-run",
        "import 教师.xlsx --good-rows",
    )
    take.add_argument("file", type=Path, nargs="+", help=_("xlsx 或 csv 文件"))
    take.add_argument("--ledger", help=_("台账代码或名称；不写则按工作表名和表头辨认"))
    take.add_argument("--dry-run", action="store_true", help=_("只检查，不写入"))
    take.add_argument("--good-rows", action="store_true", help=_("先写入正确的行，退回有误的行"))


def give(give: Parser) -> None:
    does(give, _export, "export staff", "export staff --org 370784105 --out 教师.csv")
    give.add_argument("ledger", help=_("台账代码或名称"))
    give.add_argument("--org", help=_("只导出这个机构和它下面的行：代码或名称"))
    give.add_argument("--out", type=Path, help=_("输出文件：.xlsx 或 .csv"))


def undo(back: Parser) -> None:
    does(back, _undo, "undo 12")
    back.add_argument("import_id", type=int, metavar=_("导入编号"), help=_("回执上的编号"))


def _template(asked: argparse.Namespace) -> int:
    if asked.list or not asked.ledger:
        show.table(
            "",
            (show.words(say("代码")), show.words(say("台账")), show.words(say("内容"))),
            ((one.key, show.words(one.label), show.words(one.about)) for one in LEDGERS),
        )
        return OK
    chosen = ledger(asked.ledger)
    path = asked.out or Path(f"{chosen.label.get(show.language())}.xlsx")
    plan = packages.load(asked.plan, settings.ZHUJI_PLANS).plan
    writing.template(chosen, path, asking.guide(plan, chosen), language=show.language())
    show.line(say("模板已写入 {path}", path=path), "green")
    return OK


def _import(asked: argparse.Namespace) -> int:
    """Each file for itself: one that is refused keeps no other out."""
    status = OK
    for path in asked.file:
        try:
            status = max(status, _import_one(asked, path))
        except (BadInput, Refused) as refusal:
            show.refusal(refusal, file=path.name)
            status = WITH_ERRORS
    return status


def _import_one(asked: argparse.Namespace, path: Path) -> int:
    with show.progress(say("正在导入 {file}", file=path.name)):
        receipt = actions.import_file(
            path,
            ledger=asked.ledger,
            actor=operator(),
            now=now(),
            dry_run=asked.dry_run,
            good_rows_only=asked.good_rows,
        )
    several = len(asked.file) > 1
    show.issues(replace(one, file=path.name) if several else one for one in receipt.issues)
    for sheet in receipt.sheets:
        show.line(
            say(
                "{file} → {ledger}：新增 {created} 行，更新 {updated} 行，"
                "未变 {unchanged} 行，退回 {refused} 行",
                file=path.name,
                ledger=sheet.ledger.label,
                created=sheet.counts.created,
                updated=sheet.counts.updated,
                unchanged=sheet.counts.unchanged,
                refused=len(sheet.refused),
            )
        )
    _verdict(asked, receipt)
    if receipt.refused_count and receipt.stored:
        _give_back(path, receipt)
    return WITH_ERRORS if receipt.error_count else OK


def _verdict(asked: argparse.Namespace, receipt: Receipt) -> None:
    errors = receipt.error_count
    if asked.dry_run:
        show.line(say("只做了检查，没有写入；共 {errors} 处错误", errors=errors), "cyan")
    elif not receipt.rows:
        show.line(say("没有可导入的行，什么也没有写入"), "yellow")
    elif receipt.stored and receipt.import_id is None and receipt.refused_count:
        show.line(say("没有新的正确的行，什么也没有写入"), "yellow")
    elif receipt.stored and receipt.import_id is None:
        show.line(say("没有变化：文件里的行台账里都有了"), "green")
    elif receipt.stored:
        show.line(
            say("已写入，导入编号 {id}；撤销：zhuji undo {id}", id=receipt.import_id), "green"
        )
    else:
        show.line(
            say(
                "有 {errors} 处错误，一行也没有写入；加 --good-rows 可先写入正确的行", errors=errors
            ),
            "bold red",
        )


def _give_back(path: Path, receipt: Receipt) -> None:
    back = place(f"{path.stem}-退回.xlsx")
    count = writing.refused(receipt, back, language=show.language())
    show.line(
        say("{count} 行退回在 {path}，每行写明原因，改好后可直接再导入", count=count, path=back)
    )


def _export(asked: argparse.Namespace) -> int:
    chosen = ledger(asked.ledger)
    path = asked.out or Path(f"{chosen.label.get(show.language())}.xlsx")
    orgs = queries.under(asked.org, today()) if asked.org else None
    with show.progress(say("正在导出")):
        count = actions.export(
            chosen, path, actor=operator(), now=now(), orgs=orgs, language=show.language()
        )
    show.line(say("已导出 {count} 行到 {path}", count=count, path=path), "green")
    return OK


def _undo(asked: argparse.Namespace) -> int:
    counts = actions.undo(asked.import_id, actor=operator(), now=now())
    show.line(
        say(
            "已撤销导入 {id}：撤回 {created} 行新增，恢复 {updated} 行原值",
            id=asked.import_id,
            created=counts.created,
            updated=counts.updated,
        ),
        "green",
    )
    return OK
