"""One indicator: value, trend, schools, towns; and the rows behind it, when asked for."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from zhuji.cockpit import indicator as indicators
from zhuji.cockpit import rows as behind
from zhuji.cockpit.faces import Link, Standing
from zhuji.cockpit.indicator import IndicatorPage, Switch
from zhuji.cockpit.rows import Ask, RowsPage, RowTable
from zhuji.kernel.messages import Label, say
from zhuji.ledgers import directory
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.files import FORMAT
from zhuji.web.indicators import charts, sheets
from zhuji.web.links import href
from zhuji.web.lists import Head, changed, pages
from zhuji.web.pages import page
from zhuji.web.plan import asking
from zhuji.web.plan.asking import Where
from zhuji.web.templatetags.plan import written

_VALUE = Label("数值", "Value")
_HEADS = {
    "trend_heads": (
        Head(Label("时段", "Period")),
        Head(_VALUE, number=True),
        Head(Label("分子", "Numerator"), number=True),
        Head(Label("分母", "Denominator"), number=True),
        Head(Label("说明", "Remarks")),
    ),
    "bin_heads": (Head(Label("区间", "Between")), Head(Label("学校数", "Schools"), number=True)),
    "school_heads": (
        Head(Label("学校", "School")),
        Head(_VALUE, number=True),
        Head(Label("灯", "Light")),
        Head(Label("说明", "Remarks")),
    ),
    "threshold_heads": (
        Head(Label("标准", "Threshold"), number=True),
        Head(Label("适用期", "In force")),
        Head(Label("出处", "Source")),
        Head(Label("是否核实", "Verified")),
    ),
}


@signed_in("GET")
@asking.judged
def indicator(asked: Asked, key: str) -> HttpResponse:
    where = asking.where(asked)
    found = _found(asked, key, where)
    if asked.GET.get("format") == FORMAT:
        return sheets.book(found)
    schools = found.distribution.schools if found.distribution else ()
    shown = pages(asked.GET, len(schools), size=30)
    context = {
        **_common(found, where),
        "towns": [one for one in found.towns if one.figure.state != "not_applicable"],
        "pace": _pace(found),
        "trend": charts.trend(found),
        "spread": charts.spread(found),
        "bins": charts.bins(found),
        "bars": charts.schools(found),
        "bin_rows": _bins(found),
        "schools": schools[shown.slice],
        "school_pages": shown,
        "stages": _tabs(found, found.stages),
        "groups": _groups(asked, found.groups),
        "xlsx": changed(asked.GET, format=FORMAT),
        "rows_href": _rows_href(asked, key),
        "crumbs": _crumbs(found),
    }
    parts = {"schools": "indicators/_schools.html"}
    return page(asked, "indicators/indicator.html", context, parts=parts, status=where.status)


@signed_in("GET")
@asking.judged
def explain(asked: Asked, key: str) -> HttpResponse:
    """How the number comes about; `?rows=1` looks into the snapshot, which takes seconds."""
    where = asking.where(asked)
    found = _found(asked, key, where)
    wanted = asked.GET.get("rows") == "1"
    context = {
        **_common(found, where),
        "rows_href": _rows_href(asked, key),
        "rows": _rows(asked, key, where) if wanted else None,
        "crumbs": [*_crumbs(found)[:-1], _crumb(found), {"label": say("怎么算的")}],
    }
    parts = {"rows": "indicators/_rows.html"}
    return page(asked, "indicators/explain.html", context, parts=parts, status=where.status)


def _found(asked: Asked, key: str, where: Where) -> IndicatorPage:
    group = asked.GET.get("group", "")
    return indicators.indicator(asked.moment.reader, key, on=where.on, org=where.org, group=group)


def _common(found: IndicatorPage, where: Where) -> dict[str, Any]:
    return {"found": found, "standing": found.standing, "errors": where.errors, **_HEADS}


def _tabs(found: IndicatorPage, switches: tuple[Switch, ...]) -> list[dict[str, Any]]:
    org = found.standing.org.code
    return [
        {"label": one.label, "href": href(Link("indicator", one.id, org), found.standing),
         "current": one.chosen}
        for one in switches
    ]  # fmt: skip


def _groups(asked: Asked, switches: tuple[Switch, ...]) -> list[dict[str, Any]]:
    """One group alone would be no choice."""
    if len(switches) < 2:
        return []
    return [
        {"label": one.label, "href": changed(asked.GET, group=one.id or None, page=None),
         "current": one.chosen, "figure": one.figure}
        for one in switches
    ]  # fmt: skip


def _pace(found: IndicatorPage) -> str:
    """Where it should stand by now; of a goal for each school, the share of schools."""
    goal = found.goal
    if goal is None or goal.pace is None:
        return ""
    if goal.each:
        return written(goal.pace * 100, "percent", 1)
    return written(goal.pace, found.unit, found.decimals)


def _bins(found: IndicatorPage) -> list[tuple[str, int]]:
    known = found.distribution
    bins = known.bins if known else ()
    return [(told, one.schools) for told, one in zip(charts.between(found), bins, strict=True)]


def _rows_href(asked: Asked, key: str) -> str:
    query = changed(asked.GET, rows="1", group=None, page=None)
    return reverse("indicator-explain", args=[key]) + query


def _crumb(found: IndicatorPage) -> dict[str, Any]:
    link = Link("indicator", found.id, found.standing.org.code)
    return {"label": found.label, "href": href(link, found.standing)}


def _crumbs(found: IndicatorPage) -> list[dict[str, Any]]:
    standing: Standing = found.standing
    start = href(Link("plan", org=standing.org.code), standing)
    made: list[dict[str, Any]] = [{"label": say("规划看板"), "href": start}]
    made += [
        {"label": one.label, "href": href(Link("node", one.id, standing.org.code), standing)}
        for one in found.explain.clauses
    ]
    return [*made, {"label": found.label}]


# --- rows ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    value: object
    href: str = ""


@dataclass(frozen=True)
class Shown:
    """A table of rows; those of a ledger lead to its own page of the row."""

    table: RowTable
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    ledger: str


_MACHINE = ("row_id", "import_id", "sheet_row")


def _rows(asked: Asked, key: str, where: Where) -> dict[str, Any]:
    moment = asked.moment
    ask = Ask(key, where.on, where.org)
    found = behind.rows(moment.reader, ask, now=moment.now, route=asked.path)
    codes = {
        str(row[table.columns.index("org")])
        for table in found.tables
        if "org" in table.columns
        for row in table.rows
    }
    names = directory.names({*codes, found.org})
    tables = [_shown(found, one, names) for one in found.tables]
    return {"tables": tables, "withheld": found.withheld, "org": names.get(found.org, found.org)}


def _shown(found: RowsPage, table: RowTable, names: dict[str, str]) -> Shown:
    visible = [at for at, name in enumerate(table.columns) if name not in _MACHINE]
    heads = [Head(table.heads[at]) for at in visible]
    rows = tuple(
        (*(_cell(table, row, at, names, first=at == visible[0]) for at in visible),
         _origin(found, table, row))
        for row in table.rows
    )  # fmt: skip
    return Shown(table, (*heads, Head(Label("出自", "From"))), rows, table.ledger)


def _cell(
    table: RowTable, row: tuple[object, ...], at: int, names: dict[str, str], *, first: bool
) -> Cell:
    value = row[at]
    if table.columns[at] == "org":
        value = names.get(str(value), value)
    return Cell(value, _row_href(table, row) if first else "")


def _row_href(table: RowTable, row: tuple[object, ...]) -> str:
    if not table.ledger or "row_id" not in table.columns:
        return ""
    number = row[table.columns.index("row_id")]
    return reverse("ledger-row", args=[table.ledger, number]) if isinstance(number, int) else ""


def _origin(found: RowsPage, table: RowTable, row: tuple[object, ...]) -> Cell:
    """The file and line that a row came in with; what was typed in has none."""
    known = dict(zip(table.columns, row, strict=True))
    number, line = known.get("import_id"), known.get("sheet_row")
    if not isinstance(number, int):
        return Cell(say("页面登记") if table.ledger else "")
    told = say("{file} 第 {line} 行", file=found.files.get(number, number), line=line)
    return Cell(told, reverse("import", args=[number]))
