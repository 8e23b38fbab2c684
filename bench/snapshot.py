"""Figures of the warehouse: a whole snapshot, one school's change, verification, the relations."""
# ruff: noqa: S608 - names come from the declarations

from __future__ import annotations

import os
import random
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlglot import exp

from zhuji.kernel.calendar import Calendar, PeriodKind, Span
from zhuji.ledgers.declare import Column, Ledger, Type
from zhuji.ledgers.registry import LEDGERS
from zhuji.ledgers.relations import RELATIONS, prepare, table_of
from zhuji.warehouse import hierarchy, periods, snapshots
from zhuji.warehouse.engine import Engine, open_engine
from zhuji.warehouse.manifest import Manifest
from zhuji.warehouse.verification import verify

SCHOOLS, TOWNS, STAFF, PUPILS = 300, 12, 8_000, 100_000
COUNTY = "370784"
START = date(2021, 9, 1)
DAYS = 1_095
ROWS = {
    "orgs": SCHOOLS + TOWNS + 1,
    "org_edges": SCHOOLS + TOWNS,
    "staff": STAFF,
    "posts": STAFF,
    "titles": STAFF,
    "qualifications": 2 * STAFF,
    "honours": STAFF // 4,
    "training_records": 15 * STAFF,
    "teacher_care": 18 * STAFF,
    "pupils": PUPILS,
    "enrolments": 3 * PUPILS,
    "special_pupils": 15_000,
    "aid": PUPILS,
    "absences": 2 * PUPILS,
    "fitness": 3 * PUPILS,
    "home_visits": 6 * PUPILS,
    "marks": 9 * PUPILS,
    "skills": 240_000,
    "classes": 7_500,
    "timetable": 50_000,
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        database = home / "county.db"
        total = timed("SQLite 造数", lambda: fill(database))
        print(f"{'':24}{total:>12,} 行,{len(LEDGERS)} 本台账")
        measure(home / "snapshots", database)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{'最高内存':20}{peak:>12,} MB(含造数)")


def measure(store: Path, database: Path) -> None:
    tables = tuple(table_of(ledger, f"ledgers_{ledger.key}") for ledger in LEDGERS)
    source = snapshots.Source(str(database), tables, os.urandom(32))
    when = snapshots.When(date(2024, 6, 1), datetime(2024, 6, 1, tzinfo=UTC))
    whole = timed("全量快照", lambda: snapshots.create(store, source, when))
    size = sum(part.bytes for part in whole.objects.values())
    print(f"{'':24}{whole.rows:>12,} 行,{size / 1e6:.1f} MB")
    for name, changed in (
        ("增量:一校一本", {"marks": [school(7)]}),
        ("增量:一校全部台账", {table.name: [school(7)] for table in tables}),
    ):
        since = snapshots.Since(whole, changed)
        fresh = timed(name, partial(snapshots.create, store, source, when, since=since))
    timed("核验", lambda: verify(store, whole.id))
    ask(store, fresh)


def ask(store: Path, manifest: Manifest) -> None:
    started = time.perf_counter()
    with open_engine(store, manifest) as engine:
        print(f"{'打开引擎':20}{time.perf_counter() - started:>12.3f} s")
        timed("层级闭包", lambda: register(engine))
        for relation in RELATIONS:
            timed(relation.key, partial(prepare, engine, [relation.key]))
            count = exp.select(exp.Count(this=exp.Star())).from_(relation.key)
            print(f"{'':24}{engine.run(count)[0][0]:>12,} 行")


def register(engine: Engine) -> None:
    plan = Span(START, date(2024, 9, 1))
    kinds = [PeriodKind.SCHOOL_YEAR]
    rows = periods.period_rows(Calendar(plan=plan), date(2024, 6, 1), plan, kinds)
    engine.table(periods.TABLE, periods.TYPES, rows)
    orgs = engine.run(exp.select("org", "kind", "valid_from", "valid_to").from_("orgs"))
    edges = engine.run(exp.select("org", "parent", "valid_from", "valid_to").from_("org_edges"))
    made = hierarchy.closure(
        [hierarchy.OrgRow(*row) for row in orgs], [hierarchy.EdgeRow(*row) for row in edges], rows
    )
    engine.table(hierarchy.MEMBERSHIP, hierarchy.MEMBERSHIP_TYPES, made.membership)
    engine.table(hierarchy.PLACES, hierarchy.PLACES_TYPES, made.places)


def fill(path: Path) -> int:
    total = 0
    with sqlite3.connect(path) as database:
        database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF")
        for ledger in LEDGERS:
            rows = ROWS.get(ledger.key, 2 * SCHOOLS)
            table = f"ledgers_{ledger.key}"
            columns = ", ".join(f'"{c.key}" {_sqlite(c)}' for c in ledger.columns)
            database.execute(
                f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, {columns}, import_id integer,"
                " sheet_row integer, changed_at datetime)"
            )
            marks = ", ".join("?" * (len(ledger.columns) + 4))
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", made(ledger, rows))
            database.execute(f"CREATE INDEX {table}_org ON {table} (org)")
            total += rows
    return total


def made(ledger: Ledger, rows: int) -> Iterator[list[object]]:
    luck = random.Random(ledger.key)  # noqa: S311 - invented rows, nothing secret
    for number in range(rows):
        values = [value(ledger, column, number, luck) for column in ledger.columns]
        yield [None, *values, 1 + number // 500, number % 500, "2024-05-31 08:00:00"]


def value(ledger: Ledger, column: Column, number: int, luck: random.Random) -> object:
    special = SPECIAL.get((ledger.key, column.key)) or SPECIAL.get(("", column.key))
    if special:
        return special(number)
    if column.type is Type.CHOICE:
        return luck.choice(column.options).value
    drawn = DRAWN.get(column.type)
    return drawn(luck) if drawn else f"{column.key}-{number}"


def school(number: int) -> str:
    return f"21370{number % SCHOOLS:05}"


def town(number: int) -> str:
    return f"370784{101 + number % TOWNS}"


def pupil(number: int) -> str:
    return f"G9901012013{number % PUPILS:08}"


def unit(number: int) -> str:
    if number < SCHOOLS:
        return school(number)
    return town(number) if number < SCHOOLS + TOWNS else COUNTY


def year(number: int) -> int:
    return START.year + number // PUPILS % 3


DRAWN: dict[Type, Callable[[random.Random], object]] = {
    Type.BOOLEAN: lambda luck: luck.randrange(2),
    Type.INTEGER: lambda luck: luck.randrange(1, 60),
    Type.DECIMAL: lambda luck: luck.randrange(1_000) / 10,
    Type.MONEY: lambda luck: luck.randrange(1_000_000) / 100,
    Type.DATE: lambda luck: str(START + timedelta(days=luck.randrange(DAYS))),
}
SQLITE = {
    Type.INTEGER: "integer",
    Type.DECIMAL: "decimal",
    Type.MONEY: "decimal",
    Type.BOOLEAN: "bool",
    Type.DATE: "date",
}
SPECIAL: dict[tuple[str, str], Callable[[int], object]] = {
    ("", "org"): lambda n: school(n % PUPILS),
    ("", "pupil_no"): pupil,
    ("", "staff_no"): lambda n: f"S{n % STAFF:06}",
    ("", "valid_from"): lambda n: "2015-09-01",
    ("", "valid_to"): lambda n: None,
    ("", "hukou_town"): town,
    ("orgs", "org"): unit,
    ("orgs", "kind"): lambda n: (
        "school" if n < SCHOOLS else "town" if n < SCHOOLS + TOWNS else "county"
    ),
    ("org_edges", "org"): unit,
    ("org_edges", "hierarchy"): lambda n: "administration",
    ("org_edges", "parent"): lambda n: town(n) if n < SCHOOLS else COUNTY,
    ("enrolments", "valid_from"): lambda n: f"{year(n)}-09-01",
    ("enrolments", "valid_to"): lambda n: f"{year(n) + 1}-09-01",
}


def _sqlite(column: Column) -> str:
    """The types that Django declares, which decide how SQLite keeps a value."""
    return SQLITE.get(column.type, "varchar(64)")


def timed(name: str, work: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    result = work()
    print(f"{name:20}{time.perf_counter() - started:>12.3f} s")
    return result


if __name__ == "__main__":
    main()
