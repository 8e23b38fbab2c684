"""Work of the audit administrator: verifying the trail, and the yearly report on personal data."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils import timezone

from zhuji.jobs.kinds import Done, Kind
from zhuji.jobs.work import Work
from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import registry, sheets
from zhuji.orgs import sealing, terms, trail, yearly
from zhuji.orgs.roles import Verb
from zhuji.orgs.yearly import Year

ROUTE = "job:audit"
FIRST_YEAR = 2020
_BASES = {"statute": Label("法定职责", "Statutory duty"), "consent": Label("另行同意", "Consent")}


@dataclass(frozen=True)
class Sheet:
    title: Label
    heads: tuple[Label, ...]
    rows: Iterable[tuple[object, ...]]


def _verify_title(arguments: Mapping[str, Any]) -> Message:
    return say("核验留痕")


def _verify(work: Work) -> Done:
    report = trail.verify(actor=work.actor, now=work.now, source=ROUTE)
    facts: dict[str, int | str] = {"records": report.records, "findings": len(report.findings)}
    if report.findings:
        line = say(
            "留痕有 {count} 处不符，请用 zhuji audit verify 查看，并对照外存链头。",
            count=len(report.findings),
        )
        return Done((line,), facts)
    line = say(
        "留痕完好：封存 {seals} 次，{records} 条记录。", seals=report.seals, records=report.records
    )
    return Done((line, *_start(report.anchor)), facts)


def _start(anchor: int) -> Iterator[Message]:
    if anchor:
        yield say("链从第 {number} 次封存起：此前的已到期清理，有清理记录", number=anchor)


VERIFY = Kind(
    key="audit-verify",
    label=Label("核验留痕", "Verify the audit trail"),
    title=_verify_title,
    run=_verify,
    verbs=frozenset({Verb.AUDIT}),
)


def _year(arguments: Mapping[str, Any]) -> int:
    given = str(arguments.get("year", ""))
    if not (given.isascii() and given.isdigit() and FIRST_YEAR <= int(given) <= 9998):
        raise BadInput(say("请写年份，例如 {example}。", example=FIRST_YEAR))
    return int(given)


def _report_title(arguments: Mapping[str, Any]) -> Message:
    return say("{year} 年个人信息保护审计资料", year=str(_year(arguments)))


def _report(work: Work) -> Done:
    asked = _year(work.arguments)
    year = Year(_new_year(asked), _new_year(asked + 1))
    words = str(_report_title(work.arguments))
    path = work.folder / f"{words}.xlsx"
    made = list(_sheets(work, year))
    with sheets.book(path) as book:
        styles = sheets.styles(book)
        for done, one in enumerate(made):
            work.progress(done, len(made))
            _write(book, one, styles, work.language)
    return Done((say("共 {count} 张表；其中没有任何孩子的身份。", count=len(made)),), {}, path)


REPORT = Kind(
    key="audit-year",
    label=Label("年度个人信息保护审计资料", "Yearly audit of personal data"),
    title=_report_title,
    run=_report,
    verbs=frozenset({Verb.AUDIT}),
)


def _new_year(year: int) -> datetime:
    return timezone.make_aware(datetime(year, 1, 1))  # noqa: DTZ001  # local midnight is meant


def _sheets(work: Work, year: Year) -> Iterator[Sheet]:
    yield Sheet(Label("说明", "About"), (_ITEM, _VALUE), tuple(_about(work, year)))
    yield Sheet(
        Label("个人信息清单", "Data register"),
        (Label("台账", "Ledger"), Label("字段", "Field"), Label("级别", "Level"),
         Label("用途", "Purpose"), Label("依据", "Basis"), Label("来源", "Source"),
         Label("保存期限", "Term")),
        tuple(_register(work.language)),
    )  # fmt: skip
    yield Sheet(
        Label("访问次数（按月）", "Views by month"),
        (Label("月份", "Month"), _LEDGER, Label("职责", "Duty"), _TIMES, _PEOPLE),
        yearly.views_by_month(year),
    )
    yield Sheet(
        Label("访问次数（按机构）", "Views by organisation"),
        (_ORG, _LEDGER, _TIMES, _PEOPLE),
        yearly.views_by_org(year),
    )
    yield Sheet(
        Label("显示原值与按号查找", "Reveals"),
        (_WHO, _WHAT, _LEDGER, _TIMES),
        yearly.reveals(year),
    )
    for title, verbs in _DEEDS:
        heads = (_WHEN, _WHO, _WHAT, Label("对象类别", "Kind"), Label("对象", "Object"), _ORG, _WHY)
        yield Sheet(title, heads, yearly.deeds(year, verbs))
    yield Sheet(
        Label("维护时段", "Maintenance sessions"),
        (_WHEN, Label("结束", "End"), _WHO, _ORG, _WHY),
        yearly.sessions(year),
    )
    yield Sheet(
        Label("家长请求", "Requests of guardians"),
        (_ORG, Label("开出链接", "Links"), Label("用过", "Used"), Label("更正请求", "Corrections"),
         Label("已答复", "Answered")),
        yearly.requests(year),
    )  # fmt: skip


_ITEM, _VALUE = Label("项目", "Item"), Label("内容", "Value")
_LEDGER, _ORG = Label("台账", "Ledger"), Label("机构", "Organisation")
_WHEN, _WHO, _WHAT = Label("时间", "When"), Label("经办人", "Who"), Label("动作", "Act")
_WHY = Label("事由", "Reason")
_TIMES, _PEOPLE = Label("次数", "Times"), Label("人数", "People")
_DEEDS = (
    (Label("导出与下载", "Exports"), yearly.TAKEN_AWAY),
    (Label("任命与账号审批", "Appointments"), yearly.APPOINTED),
    (Label("留痕的核验与清理", "The trail itself"), yearly.CLEANED),
)


def _about(work: Work, year: Year) -> Iterator[tuple[object, ...]]:
    """What the report stands on, so that it can be checked against a head kept elsewhere."""
    seal = sealing.head()
    checked = trail.last_verified()
    told: tuple[tuple[Message, object], ...] = (
        (say("时段"), f"{year.start:%Y-%m-%d} — {year.end:%Y-%m-%d}"),
        (say("生成时间"), work.now),
        (say("生成人"), work.actor),
        (say("链头编号"), seal.number if seal else None),
        (say("链头"), seal.head if seal else None),
        (say("最近一次核验"), checked.at if checked else None),
        (say("核验发现的不符"), checked.findings if checked else None),
        (say("对象"), say("查阅记录里孩子只有化名，本资料连化名也不含。")),
    )
    for label, value in told:
        shown = sheets.words(value, work.language) if isinstance(value, Message) else value
        yield sheets.words(label, work.language), shown


def _register(language: str) -> Iterator[tuple[object, ...]]:
    path = Path(settings.ZHUJI_DOCS).joinpath(*terms.REGISTER)
    held = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key, one in held.items():
        ledger = registry.BY_KEY.get(key)  # none: a table of the system itself
        held_in = ledger.label.get(language) if ledger else key
        for name, column in one["columns"].items():
            basis = _BASES[column.get("basis", one["basis"])].get(language)
            label = ledger.by_key[name].label.get(language) if ledger else name
            yield (held_in, label, column["level"], column["purpose"], basis,
                   one["source"], one["term"])  # fmt: skip


def _write(book: Any, one: Sheet, styles: dict[str, Any], language: str) -> None:
    sheet = book.add_worksheet(one.title.get(language))
    for index, head in enumerate(one.heads):
        sheet.set_column(index, index, 18)
        sheet.write_string(0, index, head.get(language), styles["head"])
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(one.rows, start=1):
        for index, value in enumerate(row):
            sheets.write(sheet, number, index, _plain(value, language), styles["date"])


def _plain(value: object, language: str) -> object:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, str) and value in registry.BY_KEY:
        return registry.BY_KEY[value].label.get(language)
    return value
