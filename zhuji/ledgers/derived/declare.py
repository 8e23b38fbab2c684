"""What a derived relation is, and the pieces of SQL that all of them share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlglot import exp, parse_one

from zhuji.ledgers.declare import Column, Event, Label, text
from zhuji.ledgers.registry import BY_KEY


@dataclass(frozen=True)
class AtPoint:
    """Rows already stand at the point of a period, named by `period_kind` and `period`."""


@dataclass(frozen=True)
class Relation:
    """`sql` is in DuckDB's dialect and keeps to what Spark says too."""

    key: str
    label: Label
    columns: tuple[Column, ...]
    sql: str
    needs: tuple[str, ...]  # ledgers, other relations, the tables of the warehouse's own
    row_unit: str
    dated: AtPoint | Event = AtPoint()

    @property
    def tree(self) -> exp.Query:
        return _parsed(self.sql)


def of(ledger: str, names: str) -> tuple[Column, ...]:
    """Columns as their ledger declares them."""
    return tuple(BY_KEY[ledger].by_key[name] for name in names.split())


PERIOD = (
    text("period_kind", "时期类别", "kind of period"),
    text("period", "时期", "period"),
)
# {day} is the column of `periods` at which a post or place must be held: point_on or census_on.
# A number stands for the period while joining; one integer compares faster than two texts.
MOMENTS = """
WITH moments AS (
  SELECT kind AS period_kind, key AS period, {day} AS day, start_on, point_on,
    ROW_NUMBER() OVER (ORDER BY kind, key) AS moment
  FROM periods)"""
HOLDS = "{0}.valid_from <= w.day AND ({0}.valid_to IS NULL OR w.day < {0}.valid_to)"


@cache
def _parsed(sql: str) -> exp.Query:
    tree = parse_one(sql, dialect="duckdb")
    assert isinstance(tree, exp.Query)
    return tree
