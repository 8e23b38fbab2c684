"""A relation is what its declaration says, in DuckDB and in Spark."""

from __future__ import annotations

import pytest
from sqlglot import exp, parse_one

from tests.warehouse.facts import opened
from zhuji.kernel.errors import NotFound
from zhuji.ledgers.declare import Event, Valid
from zhuji.ledgers.derived.declare import AtPoint, Relation
from zhuji.ledgers.relations import RELATIONS, dating, prepare, relation, schema
from zhuji.warehouse.render import render
from zhuji.warehouse.tables import ColumnType

DUCKDB = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.DECIMAL: "DECIMAL",
    ColumnType.MONEY: "DECIMAL(18,2)",
    ColumnType.DATE: "DATE",
    ColumnType.BOOLEAN: "BOOLEAN",
}
EACH = pytest.mark.parametrize("made", RELATIONS, ids=[made.key for made in RELATIONS])


@EACH
def test_a_relation_has_the_columns_it_declares(made: Relation) -> None:
    with opened({}) as engine:
        prepare(engine, [made.key])
        engine.run(exp.select(exp.Star()).from_(made.key))  # a relation is made when it is asked
        columns = engine.run(
            exp.select("column_name", "data_type")
            .from_(exp.func("duckdb_columns"))
            .where(exp.column("table_name").eq(made.key))
            .order_by("column_index")
        )
    declared = schema()[made.key]
    assert [name for name, _ in columns] == list(declared)
    wrong = [
        (name, kind)
        for name, kind in columns
        if not kind.startswith(DUCKDB[ColumnType(declared[name][0])])
    ]
    assert wrong == []


@EACH
def test_a_relation_names_all_it_reads(made: Relation) -> None:
    own = {cte.alias for cte in made.tree.find_all(exp.CTE)}
    read = {table.name for table in made.tree.find_all(exp.Table)} - own
    assert read == set(made.needs)


@EACH
def test_a_relation_reads_back_the_same_in_spark(made: Relation) -> None:
    text = render(made.tree, "spark")
    again = parse_one(text, dialect="spark")
    assert again.sql(dialect="spark") == text
    assert "QUALIFY" not in text
    assert "FILTER" not in text


def test_only_what_is_asked_for_is_made() -> None:
    with opened({}) as engine:
        prepare(engine, ["class_rolls", "pupils_at", "orgs"])
        engine.run(exp.select(exp.Star()).from_("class_rolls"))
        tree = parse_one("SELECT table_name FROM duckdb_tables()", dialect="duckdb")
        assert isinstance(tree, exp.Query)
        made = {name for (name,) in engine.run(tree)}
    assert made & {relation.key for relation in RELATIONS} == {"class_rolls"}


def test_the_schema_knows_ledgers_and_relations() -> None:
    known = schema()
    assert known["pupils"]["pupil_no"] == ("text", "")
    assert "name" not in known["pupils"]
    assert known["premises"]["teaching_area"] == ("decimal", "m2")
    assert known["staff"]["row_id"] == ("integer", "")
    assert known["fund_lines"]["misused"] == ("money", "yuan")


def test_everything_tells_how_it_stands_in_time() -> None:
    assert dating("posts") == Valid()
    assert dating("trainings") == Event("finished_on")
    assert dating("pupils_at") == AtPoint()
    with pytest.raises(NotFound, match="没有名为“nothing”"):
        dating("nothing")
    with pytest.raises(NotFound, match="没有名为“nothing”的派生关系"):
        relation("nothing")
