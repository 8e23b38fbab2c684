"""A small invented county in SQLite, snapshots of it, and how they are asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlglot import exp

from zhuji.warehouse import snapshots
from zhuji.warehouse.engine import Row, open_engine
from zhuji.warehouse.manifest import Manifest
from zhuji.warehouse.tables import ColumnType, Table, TableColumn

KEY = b"k" * 32
NUMBER = TableColumn("pupil_no", pseudonym=True)
ROW = TableColumn("row_id", ColumnType.INTEGER, reads="id")
PUPILS = Table("pupils", "facts_pupils", (TableColumn("org"), NUMBER, TableColumn("sex"), ROW))
MARKS = Table(
    "marks",
    "facts_marks",
    (
        TableColumn("org"),
        NUMBER,
        TableColumn("score", ColumnType.DECIMAL, scale=1),
        TableColumn("paid", ColumnType.MONEY),
        TableColumn("held_on", ColumnType.DATE),
        TableColumn("passed", ColumnType.BOOLEAN),
        TableColumn("note"),
        ROW,
    ),
)
TABLES = (PUPILS, MARKS)
DDL = """
CREATE TABLE facts_pupils (id INTEGER PRIMARY KEY, org varchar(10), pupil_no varchar(19),
  name varchar(20), sex varchar(8), id_number varchar(18), guardian_phone varchar(20));
CREATE TABLE facts_marks (id INTEGER PRIMARY KEY, org varchar(10), pupil_no varchar(19),
  score decimal, paid decimal, held_on date, passed bool, note text);
"""
DAWN = datetime(2022, 1, 1, tzinfo=UTC)


@dataclass
class County:
    """The database and its store; each snapshot is known one minute after the one before."""

    database: Path
    store: Path
    taken: list[Manifest] = field(default_factory=list)

    @property
    def source(self) -> snapshots.Source:
        return snapshots.Source(str(self.database), TABLES, KEY)

    def write(self, sql: str, rows: Sequence[Sequence[object]] = ((),)) -> None:
        with sqlite3.connect(self.database) as connection:
            connection.executemany(sql, rows)
        connection.close()

    def snapshot(self, changed: Mapping[str, Sequence[str]] | None = None) -> Manifest:
        since = None if changed is None else snapshots.Since(self.taken[-1], changed)
        known_at = DAWN + timedelta(minutes=len(self.taken))
        when = snapshots.When(date(2022, 1, 1), known_at)
        self.taken.append(snapshots.create(self.store, self.source, when, since=since))
        return self.taken[-1]

    def rows(self, manifest: Manifest, table: str) -> list[Row]:
        with open_engine(self.store, manifest) as engine:
            return sorted(engine.run(exp.select("*").from_(table)), key=lambda row: row[-1])


def school(number: int) -> str:
    return f"213700{number:04}"


def pupil(number: int) -> str:
    return f"G9901012013010{number:05}"


@pytest.fixture
def county(tmp_path: Path) -> County:
    made = County(tmp_path / "county.db", tmp_path / "snapshots")
    with sqlite3.connect(made.database) as connection:
        connection.executescript(DDL)
    connection.close()
    pupils = [
        (n, school(n % 4), pupil(n), f"张{n}", "male", f"99010120130101{n:04}", f"1380000{n:04}")
        for n in range(40)
    ]
    marks = [
        (n, school(n % 4), pupil(n % 40), 80 + n / 10, n + 0.07, "2021-11-05", n % 2, None)
        for n in range(120)
    ]
    made.write("INSERT INTO facts_pupils VALUES (?,?,?,?,?,?,?)", pupils)
    made.write("INSERT INTO facts_marks VALUES (?,?,?,?,?,?,?,?)", marks)
    return made
