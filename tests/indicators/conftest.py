"""A tiny county in DuckDB: three schools, two towns, three school years, rows as a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from zhuji.indicators.cells import Cells, PeriodRow, Results
from zhuji.indicators.compile import SplitRule, render
from zhuji.indicators.prepare import Suite, prepare
from zhuji.indicators.sources import AtPeriod, Counted, Event, Field, Kind, Source, Valid
from zhuji.kernel.messages import Label
from zhuji.plan.model import Indicator

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Declare = Callable[..., Indicator]
Compute = Callable[..., Cells]

JUDGED = date(2024, 6, 30)
YEARS = (2021, 2022, 2023)
TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.DECIMAL: "DECIMAL(18, 2)",
    Kind.DATE: "DATE",
    Kind.BOOLEAN: "BOOLEAN",
}
ORG = Field(Kind.TEXT, required=True)
STAGE = Field(Kind.TEXT, required=True, options=("primary", "junior", "shared"))
DAY = Field(Kind.DATE)


def source(key: str, dated: Any, row_unit: str = "row", **fields: Field) -> Source:
    return Source(key, Label(key, key), {"org": ORG, **fields}, dated, row_unit)


SOURCES = {
    each.key: each
    for each in (
        source(
            "pupils_at",
            AtPeriod(),
            "person",
            period_kind=Field(Kind.TEXT),
            period=Field(Kind.TEXT),
            stage=STAGE,
            pupil_no=Field(Kind.TEXT),
            boarder=Field(Kind.BOOLEAN),
            sex=Field(Kind.TEXT, options=("male", "female")),
            grade=Field(Kind.INTEGER),
        ),
        source(
            "premises",
            Counted("counted_on", ("org", "stage", "counted_on")),
            stage=STAGE,
            counted_on=DAY,
            books=Field(Kind.INTEGER, "book", required=True),
            new_books=Field(Kind.INTEGER, "book"),
            area=Field(Kind.DECIMAL, "m2", required=True),
        ),
        source("posts", Valid(), "person", valid_from=DAY, valid_to=DAY, rank=Field(Kind.INTEGER)),
        source(
            "visits",
            Event("visited_on"),
            "visit",
            visited_on=DAY,
            lessons=Field(Kind.INTEGER, "lesson", required=True),
            done_on=DAY,
        ),
    )
}
ORGS = {"S1": "T1", "S2": "T1", "S3": "T2"}
STAGES = {"S1": ("primary", "junior"), "S2": ("primary",), "S3": ("primary",)}
CLOSED, CLOSED_IN = "S0", "2022-2023"  # a pilot school of T1, which no longer stands in June 2023
GROUPS = {"pilot": ("S1", "S3"), "good": ("S2",)}


def periods() -> list[PeriodRow]:
    every = []
    for year in YEARS:
        start, end = date(year, 9, 1), date(year + 1, 9, 1)
        point = min(JUDGED, date(year + 1, 8, 31))
        key = f"{year}-{year + 1}"
        every.append(PeriodRow("school_year", key, start, end, start, point))
    for year in (2021, 2022, 2023, 2024):
        start, end = date(year, 1, 1), date(year + 1, 1, 1)
        point = min(JUDGED, date(year, 12, 31))
        every.append(PeriodRow("calendar_year", f"{year}", start, end, start, point))
        # Keys are unique within a kind only: this one must never mix with the calendar year.
        every.append(PeriodRow("plan", f"{year}", start, end, start, point))
    return every


def members() -> Iterator[tuple[str, ...]]:
    """(ancestor, org, grp, level): each organisation under itself and all above it."""
    levels = {"C": "county", "T1": "town", "T2": "town", **dict.fromkeys(ORGS, "school")}
    above = {"C": ("C",), "T1": ("T1", "C"), "T2": ("T2", "C")}
    above |= {school: (school, town, "C") for school, town in ORGS.items()}
    for org, level in levels.items():
        groups = ["*", *(name for name, schools in GROUPS.items() if org in schools)]
        for ancestor in above[org]:
            yield from ((ancestor, org, group, level) for group in groups)


def fill(db: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], rows: Any) -> None:
    spelt = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    db.execute(f"CREATE OR REPLACE TABLE {table} ({spelt})")
    marks = ", ".join("?" for _ in columns)
    values = [tuple(row) for row in rows]
    if values:
        db.executemany(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608  # own names


def standing(db: duckdb.DuckDBPyConnection) -> None:
    """What is the same for every test: periods and who belongs where."""
    text = dict.fromkeys
    every = periods()
    days = text(("start_on", "end_on", "census_on", "point_on"), "DATE")
    fill(
        db,
        "periods",
        {"kind": "VARCHAR", "key": "VARCHAR", **days},
        ((p.kind, p.key, p.start_on, p.end_on, p.census_on, p.point_on) for p in every),
    )
    names = ("period_kind", "period", "ancestor", "org", "grp", "level")
    standing = [
        (p.kind, p.key, a, o, g, level, a in ORGS) for p in every for a, o, g, level in members()
    ]
    columns = {**text(names, "VARCHAR"), "alone": "BOOLEAN"}
    fill(db, "membership", columns, standing)
    gone = [
        ("school_year", CLOSED_IN, above, CLOSED, group, "school", above == CLOSED)
        for above in (CLOSED, "T1", "C")
        for group in ("*", "pilot")
    ]
    events = [*((*row, False) for row in standing), *((*row, True) for row in gone)]
    fill(db, "event_membership", {**columns, "closed": "BOOLEAN"}, events)


def facts(db: duckdb.DuckDBPyConnection, rows: Rows, pupils: Mapping[str, Any]) -> None:
    text = dict.fromkeys
    fill(
        db,
        "stage_pupils",
        {**text(("period_kind", "period", "org", "stage"), "VARCHAR"), "pupils": "BIGINT"},
        (
            (p.kind, p.key, org, stage, pupils.get(org, {}).get(stage, 100))
            for p in periods()
            for org, stages in STAGES.items()
            for stage in stages
        ),
    )
    for key, each in SOURCES.items():
        columns = {name: TYPES[field.kind] for name, field in each.fields.items()}
        given = ([row.get(name) for name in columns] for row in rows.get(key, ()))
        fill(db, key, columns, given)


def results(db: duckdb.DuckDBPyConnection, suite: Suite, texts: Mapping[str, str]) -> Results:
    found = {key: db.execute(text).fetchall() for key, text in texts.items()}
    return Results(
        {key: found[key] for key in suite.statements},
        found["expectations"],
        found["schools"],
        periods(),
        "snapshot-1",
    )


@pytest.fixture(scope="session")
def compute() -> Compute:
    """Indicators and rows in, cells out, through DuckDB."""

    db = duckdb.connect()
    standing(db)
    ready: dict[tuple[object, ...], tuple[Suite, dict[str, str]]] = {}

    def run(
        indicators: Sequence[Indicator],
        rows: Rows,
        *,
        pupils: Mapping[str, Any] | None = None,
        scale: int = 6,
    ) -> Cells:
        weights = {"primary": Decimal(1), "junior": Decimal("1.1"), "senior": Decimal("1.32")}
        key = (scale, *(each.model_dump_json() for each in indicators))
        if key not in ready:
            suite = prepare(indicators, SOURCES, SplitRule(weights, scale))
            trees = {**suite.statements, "schools": suite.schools}
            texts = {name: render(tree, "duckdb") for name, tree in trees.items()}
            ready[key] = suite, {**texts, "expectations": render(suite.expectations, "duckdb")}
        suite, texts = ready[key]
        facts(db, rows, pupils or {})
        return Cells(suite, results(db, suite, texts))

    return run


@pytest.fixture(scope="session")
def declare() -> Declare:
    """An indicator with what matters to the test, the rest made up."""

    def make(key: str, value: Any, **more: Any) -> Indicator:
        given = {"label": Label(key, key), "clauses": ("T1",), "unit": "count", **more}
        return Indicator(id=key, value=value, **given)

    return make


@pytest.fixture(scope="session")
def sources() -> Mapping[str, Source]:
    return SOURCES
