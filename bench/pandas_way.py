"""The same cells with pandas: read every table, lay it on the periods, group by school, roll up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd
from formulas import Frame, Series, truth, value
from sqlglot import exp, parse_one

from zhuji.indicators.compile import Scan
from zhuji.indicators.prepare import Prepared, Suite
from zhuji.indicators.sources import PERIOD_DAYS, AtPeriod, Counted, Event, Valid
from zhuji.warehouse.engine import Engine

HARDSHIPS = ("poor", "low_income", "monitored", "disabled", "orphan", "unsupported")
KEYS = ["key", "org"]
# Teachers, organisations and split property are left out: the yardstick may be too fast for it.
RELATIONS = ("pupils_at", "pupils_census", "class_rolls")
Cells = dict[str, Series]


class Tables:
    """Tables of the snapshot as data frames, each read once."""

    def __init__(self, engine: Engine, given: Mapping[str, Frame]) -> None:
        self.engine, self.given = engine, given
        self.read: dict[str, Frame] = {}

    def table(self, name: str) -> Frame:
        if name not in self.read:
            self.engine.connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608
            self.read[name] = self.engine.connection.df()
        return self.read[name]

    def periods(self, kind: str) -> Iterator[Any]:
        found = self.given["periods"]
        yield from found[found.kind == kind].itertuples()


def run(engine: Engine, suite: Suite, given: Mapping[str, Frame]) -> Cells:
    """Indicator -> a series over (period, organisation)."""
    tables, found = Tables(engine, given), Cells()
    for scan in suite.scans:
        if scan.split is not None or not covers(scan):
            continue
        rows = _laid(tables, scan)
        members = _members(given["places"], scan.period_kind)
        mine = {key: each for key, each in suite.prepared.items() if each.scan == scan.key}
        found |= _values(rows, members, mine, staged=scan.source.has_stage)
    return found


def covers(scan: Scan) -> bool:
    at_period = isinstance(scan.source.dated, AtPeriod)
    relation = at_period or scan.source.key in ("trainings", "fund_lines")
    return not relation or scan.source.key in RELATIONS


# --- rows in their periods -------------------------------------------------------------------


def _laid(tables: Tables, scan: Scan) -> Frame:
    """Rows with the key of the period they count in, and its days."""
    key = scan.source.key
    made = {"pupils_at": _pupils, "pupils_census": _census, "class_rolls": _rolls}.get(key)
    parts = []
    for period in tables.periods(scan.period_kind):
        rows = made(tables, period) if made else _in_period(tables.table(key), scan, period)
        parts.append(rows.assign(key=period.key, **_days(period)))
    return pd.concat(parts, ignore_index=True)


def _days(period: Any) -> dict[str, Any]:
    return {name: getattr(period, day) for name, day in PERIOD_DAYS.items()}


def _in_period(rows: Frame, scan: Scan, period: Any) -> Frame:
    day = period.point_on if scan.at == "point" else period.census_on
    match scan.source.dated:
        case Valid(start, end):
            return _valid(rows, day, start, end)
        case Counted(on, key):
            known = rows[rows[on] <= day].sort_values(on)
            return known.drop_duplicates([name for name in key if name != on], keep="last")
        case Event(on):
            happened = rows[on]
            return rows[
                (happened >= period.start_on)
                & (happened < period.end_on)
                & (happened <= period.point_on)
            ]
        case _:
            return rows


def _valid(rows: Frame, day: Any, start: str = "valid_from", end: str = "valid_to") -> Frame:
    return rows[(rows[start] <= day) & (rows[end].isna() | (rows[end] > day))]


def _pupils(tables: Tables, period: Any) -> Frame:
    rows = _valid(tables.table("enrolments"), period.point_on)[["org", "stage", "pupil_no"]]
    special = _valid(tables.table("special_pupils"), period.point_on)
    aid, visits = tables.table("aid"), tables.table("home_visits")
    paid = aid[(aid.paid_on >= period.start_on) & (aid.paid_on <= period.point_on)]
    seen = visits[(visits.visited_on >= period.start_on) & (visits.visited_on <= period.point_on)]
    skills = tables.table("skills")
    able = skills[skills.mastered_on <= period.point_on]
    art, sport = (able[able.kind == kind].pupil_no.value_counts() for kind in ("art", "sport"))
    numbers = rows.pupil_no
    return rows.assign(
        disabled=numbers.isin(special[special.category == "disabled"].pupil_no),
        in_hardship=numbers.isin(special[special.category.isin(HARDSHIPS)].pupil_no),
        aided=numbers.isin(paid.pupil_no),
        home_visits=numbers.map(seen.pupil_no.value_counts()).fillna(0),
        art_skills=numbers.map(art).fillna(0),
        sport_skills=numbers.map(sport).fillna(0),
    )


def _census(tables: Tables, period: Any) -> Frame:
    return _valid(tables.table("enrolments"), period.census_on)[["org", "stage"]]


def _rolls(tables: Tables, period: Any) -> Frame:
    by = ["org", "stage", "grade", "class_no"]
    sizes = _valid(tables.table("enrolments"), period.point_on).groupby(by).size()
    classes = _valid(tables.table("classes"), period.point_on)
    return classes.merge(sizes.rename("pupils").reset_index(), how="left", on=by).fillna(
        {"pupils": 0}
    )


# --- partials, then all levels ---------------------------------------------------------------


def _members(places: Frame, kind: str) -> Frame:
    """Each organisation under its school, its town and its county."""
    own = places[places.kind == kind]
    above = [own.assign(above=own[level]) for level in ("school", "town", "county")]
    every = pd.concat(above)
    return every[every.above.notna()]


def _values(rows: Frame, members: Frame, mine: Mapping[str, Prepared], *, staged: bool) -> Cells:
    atoms: dict[str, tuple[Series, str]] = {}
    trees: dict[str, tuple[exp.Expr, str | None]] = {}
    for key, each in mine.items():
        indicator = each.indicator
        mask = pd.Series(True, index=rows.index)
        if indicator.where is not None:
            mask &= truth(parse_one(str(indicator.where), dialect="duckdb"), rows)
        if staged and each.stage != "*":
            mask &= rows.stage == each.stage
        tree = parse_one(str(indicator.value), dialect="duckdb")
        trees[key] = _replaced(tree, rows, mask, atoms), indicator.among
    partials = _grouped(rows[KEYS], atoms, KEYS)
    wide = members.merge(partials, on=KEYS)
    how = {name: merge for name, (_, merge) in atoms.items()}
    return {key: _finished(tree, wide, group, how) for key, (tree, group) in trees.items()}


def _grouped(keys: Frame, atoms: Mapping[str, tuple[Series, str]], by: list[str]) -> Frame:
    frame = pd.concat([keys, *(series.rename(name) for name, (series, _) in atoms.items())], axis=1)
    return frame.groupby(by).agg({name: how for name, (_, how) in atoms.items()}).reset_index()


def _finished(tree: exp.Expr, wide: Frame, group: str | None, how: Mapping[str, str]) -> Series:
    chosen = wide[wide[group].fillna(False).astype(bool)] if group else wide
    names = [column.name for column in tree.find_all(exp.Column)]
    merged = chosen.groupby(["key", "above"]).agg({name: how[name] for name in names})
    return value(tree, merged)


def _replaced(
    tree: exp.Expr, rows: Frame, mask: Series, atoms: dict[str, tuple[Series, str]]
) -> exp.Expr:
    """Each aggregate becomes a column of partials."""

    def kept(series: Series, how: str) -> exp.Column:
        name = f"a{len(atoms)}"
        atoms[name] = series, how
        return exp.column(name)

    def replace(node: exp.Expr) -> exp.Expr:
        counted = _COUNTS.get(type(node))
        if counted is not None:
            return kept(counted(node, rows, mask), "sum")
        if isinstance(node, exp.Sum | exp.Max | exp.Min):
            numbers = pd.to_numeric(value(node.this, rows)).where(mask)
            return kept(numbers, type(node).__name__.lower())
        if isinstance(node, exp.Avg):
            numbers = pd.to_numeric(value(node.this, rows)).where(mask)
            known = kept(numbers.notna().astype("int64"), "sum")
            return exp.Div(this=kept(numbers, "sum"), expression=known)
        return node

    return tree.transform(replace)


def _count(node: exp.Expr, rows: Frame, mask: Series) -> Series:
    if isinstance(node.this, exp.Star):
        return mask.astype("int64")
    return (mask & value(node.this, rows).notna()).astype("int64")


_COUNTS: dict[type[exp.Expr], Callable[[exp.Expr, Frame, Series], Series]] = {
    exp.Count: _count,
    exp.CountIf: lambda node, rows, mask: (mask & truth(node.this, rows)).astype("int64"),
}
