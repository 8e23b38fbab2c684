"""Spelling of query trees in the dialect of an engine; no decision is made here."""

from dataclasses import dataclass
from typing import Literal

from sqlglot import ErrorLevel, exp

Dialect = Literal["duckdb", "spark"]
CANONICAL: Dialect = "duckdb"


@dataclass(frozen=True, slots=True)
class Statement:
    """A query spelt out ahead, to be run many times; made by `statement` and nowhere else."""

    text: str
    reads: tuple[str, ...]  # names of tables, its own steps among them


def statement(tree: exp.Query) -> Statement:
    if not isinstance(tree, exp.Query):
        raise TypeError(f"a query tree is needed, not {type(tree).__name__}")
    names = sorted({table.name for table in tree.find_all(exp.Table)})
    return Statement(render(tree), tuple(names))


def render(tree: exp.Expr, dialect: Dialect = CANONICAL) -> str:
    """Text of a tree; what the dialect cannot say is an error, never a silent change."""
    return tree.sql(dialect=dialect, unsupported_level=ErrorLevel.RAISE)
