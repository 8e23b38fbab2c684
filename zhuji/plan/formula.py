"""Names and words inside the SQL of a package, read off its tree; meaning is proved elsewhere."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from zhuji.plan.model import CoverageGoal, Duty, Indicator, Plan, Quota
from zhuji.plan.strict import Path


def names(expression: str) -> frozenset[str]:
    """Columns an expression asks for, as written; nothing when it cannot be read."""
    tree = _tree(expression)
    if tree is None:
        return frozenset()
    return frozenset(
        ".".join(part.name for part in column.parts) for column in tree.find_all(exp.Column)
    )


def words(expression: str) -> frozenset[str]:
    """The quoted texts of a condition."""
    tree = _tree(expression)
    if tree is None:
        return frozenset()
    return frozenset(text.name for text in tree.find_all(exp.Literal) if text.is_string)


def words_for(column: str, expression: str) -> frozenset[str]:
    """The quoted texts with which one column is compared."""
    tree = _tree(expression)
    if tree is None:
        return frozenset()
    found: set[str] = set()
    for test in tree.find_all(exp.EQ, exp.NEQ, exp.In):
        sides = [test.this, *test.expressions, test.args.get("expression")]
        if any(isinstance(side, exp.Column) and side.name == column for side in sides):
            found |= {
                side.name for side in sides if isinstance(side, exp.Literal) and side.is_string
            }
    return frozenset(found)


def by_stage(value: str | Mapping[Any, str] | None) -> dict[str | None, str]:
    """An expression per stage; under None when one serves all."""
    match value:
        case None:
            return {}
        case str():
            return {None: value}
        case _:
            return dict(value.items())


def indicator_sql(indicator: Indicator) -> Iterator[tuple[Path, str]]:
    """Every expression of an indicator with its path."""
    root: Path = ("indicators", indicator.id)
    for field, value in (("value", indicator.value), ("where", indicator.where)):
        for stage, text in by_stage(value).items():
            yield (*root, field, *((stage,) if stage else ())), text
    if isinstance(indicator.goal, CoverageGoal):
        yield (*root, "goal", "lacking"), indicator.goal.lacking


def duty_sql(duty: Duty) -> Iterator[tuple[Path, str]]:
    """Every condition of a duty on its evidence, with its path."""
    root: Path = ("duties", duty.id)
    if duty.evidence.where:
        yield (*root, "evidence", "where"), duty.evidence.where
    if isinstance(duty.cadence, Quota):
        for number, floor in enumerate(duty.cadence.floors):
            yield (*root, "cadence", "floors", number, "where"), floor.where


def evidence_sql(plan: Plan) -> Iterator[tuple[str, Path, str]]:
    """Every condition on the rows of a ledger: the ledger, the path, the text."""
    for indicator in plan.indicators:
        for path, text in indicator_sql(indicator):
            yield indicator.source or "", path, text
    for duty in plan.duties:
        for path, text in duty_sql(duty):
            yield duty.evidence.ledger, path, text
    for stone in plan.milestones:
        if stone.evidence.where:
            path = ("milestones", stone.id, "evidence", "where")
            yield stone.evidence.ledger, path, stone.evidence.where


@lru_cache(maxsize=4096)
def _tree(expression: str) -> exp.Expr | None:
    try:
        return sqlglot.parse_one(expression, dialect="duckdb")
    except (SqlglotError, RecursionError):
        return None  # the compiler of formulas says what is wrong with it
