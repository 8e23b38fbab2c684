"""A small county in DuckDB for the trees of duties, and duties to run on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
from sqlglot import exp

from zhuji.duties.evidence import Signature, signatures
from zhuji.duties.occurrences import (
    WINDOW_COLUMNS,
    Occurrence,
    group_days,
    window_rows,
    windows,
)
from zhuji.duties.states import Fulfilment
from zhuji.duties.tally import Tally, tallies
from zhuji.kernel.calendar import Calendar, Span
from zhuji.plan.model import Duty, Milestone

PLAN = Span(date(2021, 6, 1), date(2024, 6, 1))
CALENDAR = Calendar(plan=PLAN)
PARENTS: Mapping[str, str | None] = {"S1": "T1", "S2": "T1", "S3": "C", "T1": "C", "C": None}
GROUP = "g"

_TABLES = {
    "windows": WINDOW_COLUMNS,
    "group_days": {"grp": "VARCHAR", "day": "DATE", "org": "VARCHAR"},
    "deeds": {
        "org": "VARCHAR",
        "who": "VARCHAR",
        "on_day": "DATE",
        "to_day": "DATE",
        "kind": "VARCHAR",
        "hours": "DECIMAL(18,2)",
        "batch_no": "BIGINT",
    },
    "posts": {
        "org": "VARCHAR",
        "staff_no": "VARCHAR",
        "stage": "VARCHAR",
        "role": "VARCHAR",
        "subject": "VARCHAR",
        "full_time_teacher": "BOOLEAN",
        "valid_from": "DATE",
        "valid_to": "DATE",
    },
    "staff": {"staff_no": "VARCHAR", "employment": "VARCHAR", "hired_on": "DATE"},
    "waivers": {
        "org": "VARCHAR",
        "duty": "VARCHAR",
        "subject": "VARCHAR",
        "kind": "VARCHAR",
        "valid_from": "DATE",
        "valid_to": "DATE",
    },
}
Row = tuple[Any, ...]


@dataclass
class World:
    """Rows as dicts; a column that is not given is empty."""

    orgs: tuple[str, ...] = ("S1", "S2", "S3")
    deeds: list[dict[str, Any]] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    staff: list[dict[str, Any]] = field(default_factory=list)
    waivers: list[dict[str, Any]] = field(default_factory=list)


def connection() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.execute("SET threads = 1")
    for name, columns in _TABLES.items():
        typed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        found.execute(f"CREATE TABLE {name} ({typed})")
    return found


def occurrences(asked: Duty | Milestone, on: date) -> tuple[Occurrence, ...]:
    return windows(asked, CALENDAR, PLAN, on)


def run(
    db: duckdb.DuckDBPyConnection, world: World, asked: Duty | Milestone, on: date, tree: exp.Select
) -> list[Row]:
    fill(db, world, (asked,), on)
    return db.execute(_text(tree)).fetchall()


def fill(
    db: duckdb.DuckDBPyConnection, world: World, asked: Sequence[Duty | Milestone], on: date
) -> None:
    """The tables that the trees of these duties read."""
    laid = [(one, occurrences(one, on)) for one in asked]
    days = {pair for one, found in laid for pair in group_days(one, found)}
    _fill(db, "windows", [row for _, found in laid for row in window_rows(found, on)])
    _fill(db, "group_days", [(grp, day, org) for grp, day in days for org in world.orgs])
    for name in ("deeds", "posts", "staff", "waivers"):
        rows = getattr(world, name)
        _fill(db, name, [[row.get(column) for column in _TABLES[name]] for row in rows])


def signed(
    db: duckdb.DuckDBPyConnection, world: World, asked: Duty | Milestone, on: date
) -> list[Signature]:
    rows = run(db, world, asked, on, _signatures(asked))
    return [
        Signature(org, key, due_on, waived, Fulfilment(told), *numbers)
        for org, key, due_on, waived, told, *numbers in rows
    ]


def tallied(
    db: duckdb.DuckDBPyConnection, world: World, asked: Duty | Milestone, on: date
) -> tuple[Tally, ...]:
    return tallies(asked, occurrences(asked, on), signed(db, world, asked, on), on)


@cache
def _signatures(asked: Duty | Milestone) -> exp.Select:
    return signatures(asked)


def _fill(db: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Sequence[Any]]) -> None:
    """One statement for all rows: DuckDB takes a millisecond for each."""
    db.execute(f"DELETE FROM {name}")  # noqa: S608
    given = [f"({', '.join(map(_literal, row))})" for row in rows]
    if given:
        db.execute(f"INSERT INTO {name} VALUES {', '.join(given)}")  # noqa: S608


def _literal(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case bool() | int() | Decimal():
            return str(value)
        case _:
            return f"'{value}'"


@cache
def _text(tree: exp.Select) -> str:
    return tree.sql(dialect="duckdb")
