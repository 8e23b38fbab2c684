"""Spelling of query trees in the dialect of an engine; no decision is made here."""

from typing import Literal

from sqlglot import ErrorLevel, exp

Dialect = Literal["duckdb", "spark"]
CANONICAL: Dialect = "duckdb"


def render(tree: exp.Expr, dialect: Dialect = CANONICAL) -> str:
    """Text of a tree; what the dialect cannot say is an error, never a silent change."""
    return tree.sql(dialect=dialect, unsupported_level=ErrorLevel.RAISE)
