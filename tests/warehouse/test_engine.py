"""The engine runs trees over one snapshot and reaches nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from sqlglot import exp, parse_one

from tests.warehouse.conftest import MARKS, PUPILS, TABLES, County, school
from zhuji.kernel.errors import Refused
from zhuji.warehouse.engine import Engine, engine_from_rows, open_engine
from zhuji.warehouse.render import render
from zhuji.warehouse.tables import ColumnType, Table, TableColumn


def query(sql: str) -> exp.Query:
    tree = parse_one(sql, dialect="duckdb")
    assert isinstance(tree, exp.Query)
    return tree


@pytest.fixture
def engine(county: County) -> Iterator[Engine]:
    with open_engine(county.store, county.snapshot()) as opened:
        yield opened


FORBIDDEN = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_parquet('https://example.org/x.parquet')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_a_tree_that_reads_other_files_is_refused(engine: Engine, sql: str) -> None:
    with pytest.raises(duckdb.Error, match=r"(?i)permission|disabled|not allowed|does not exist"):
        engine.run(query(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH '{folder}/other.db' AS other",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET memory_limit = '100GB'",
        "INSTALL httpfs",
        "LOAD httpfs",
    ],
)
def test_even_text_could_not_open_the_fence(engine: Engine, sql: str, tmp_path: Path) -> None:
    with pytest.raises(duckdb.Error):
        engine.connection.execute(sql.format(folder=tmp_path))


@pytest.mark.parametrize("sql", ["DROP VIEW marks", "CREATE TABLE x (y INT)", "DELETE FROM marks"])
def test_only_queries_are_run(engine: Engine, sql: str) -> None:
    with pytest.raises(TypeError, match="query tree"):
        engine.run(parse_one(sql, dialect="duckdb"))  # type: ignore[arg-type]  # what is refused


def test_the_snapshot_stays_readable_behind_the_fence(engine: Engine) -> None:
    rows = engine.run(query("SELECT org, COUNT(*) FROM marks GROUP BY org ORDER BY org"))
    assert rows == [(school(n), 30) for n in range(4)]


def test_an_own_table_holds_its_types_and_its_gaps(engine: Engine) -> None:
    types = {"org": "VARCHAR", "day": "DATE", "amount": "DECIMAL(18,2)", "yes": "BOOLEAN"}
    rows = [("a'b", date(2021, 9, 1), Decimal("1.50"), True), ("c", None, "", None)]
    engine.table("own", types, rows)
    assert engine.run(query("SELECT * FROM own")) == [rows[0], ("c", None, None, None)]
    engine.table("own", types, [])
    assert engine.run(query("SELECT * FROM own")) == []


def test_a_kept_result_and_a_view_can_be_asked_by_name(engine: Engine) -> None:
    engine.materialise("best", query("SELECT org, MAX(score) AS score FROM marks GROUP BY org"))
    engine.view("top", query("SELECT MAX(score) AS score FROM best"))
    assert engine.run(query("SELECT score FROM top")) == [(Decimal("91.9"),)]


def test_a_name_that_is_not_one_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="not a name"):
        engine.view('x" AS SELECT 1; --', query("SELECT 1"))


def test_a_table_or_column_newer_than_the_snapshot_is_there_and_empty(county: County) -> None:
    taken = county.snapshot()
    wider = Table("marks", "facts_marks", (*MARKS.columns, TableColumn("rank", ColumnType.INTEGER)))
    newer = Table(
        "visits", "facts_visits", (TableColumn("org"), TableColumn("on_day", ColumnType.DATE))
    )
    with open_engine(county.store, taken, (PUPILS, wider, newer)) as engine:
        assert engine.run(query("SELECT COUNT(*), COUNT(rank) FROM marks")) == [(120, 0)]
        assert engine.run(query("SELECT * FROM visits")) == []
        (kinds,) = engine.run(query("SELECT MAX(on_day) + INTERVAL 1 DAY, MAX(org) FROM visits"))
        assert kinds == (None, None)


def test_a_worked_example_gives_the_rows_it_needs_and_no_more() -> None:
    given = {"marks": (("org", "score", "held_on"), [("s1", "80", "2021-09-01"), ("s2", "", "")])}
    with engine_from_rows(given, TABLES) as engine:
        rows = engine.run(query("SELECT org, score, held_on, passed FROM marks ORDER BY org"))
        assert rows == [("s1", Decimal("80.0"), date(2021, 9, 1), None), ("s2", None, None, None)]
        assert engine.run(query("SELECT * FROM pupils")) == []
        with pytest.raises(duckdb.Error):
            engine.run(query("SELECT * FROM read_text('/etc/passwd')"))


def test_a_worked_example_with_a_strange_name_is_told_so() -> None:
    with (
        pytest.raises(Refused, match="没有“colour”列"),
        engine_from_rows({"marks": (("colour",), [("red",)])}, TABLES),
    ):
        pass
    with (
        pytest.raises(Refused, match="没有名为“grades”的表"),
        engine_from_rows({"grades": ((), ())}, TABLES),
    ):
        pass


def test_a_tree_is_spelt_for_spark_too() -> None:
    tree = query(
        "SELECT org, COUNT_IF(passed) AS n FROM marks WHERE held_on < DATE '2022-01-01' "
        "GROUP BY org"
    )
    assert render(tree, "duckdb").startswith("SELECT org, COUNT_IF(passed) AS n")
    assert "CAST('2022-01-01' AS DATE)" in render(tree, "spark")
