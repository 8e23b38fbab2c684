"""A formula of the plan over data frames: one column at a time, as one writes it with numpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from sqlglot import exp

Frame = Any
Series = Any


def value(tree: exp.Expr, rows: Frame) -> Series:
    """The value for every row; what is not known is NaN, and compares as false."""
    return _FORMS[type(tree)](tree, rows)


def _column(tree: exp.Expr, rows: Frame) -> Series:
    return rows[tree.name]


def _literal(tree: exp.Expr, rows: Frame) -> Any:
    return tree.name if tree.is_string else float(tree.name)


def _cast(tree: exp.Expr, rows: Frame) -> Any:
    return pd.Timestamp(tree.this.name)


def _two(function: Callable[[Any, Any], Any]) -> Callable[[exp.Expr, Frame], Series]:
    return lambda tree, rows: function(value(tree.this, rows), value(tree.expression, rows))


def _is(tree: exp.Expr, rows: Frame) -> Series:
    return value(tree.this, rows).isna()


def _in(tree: exp.Expr, rows: Frame) -> Series:
    return value(tree.this, rows).isin([value(each, rows) for each in tree.expressions])


def _between(tree: exp.Expr, rows: Frame) -> Series:
    low, high = value(tree.args["low"], rows), value(tree.args["high"], rows)
    return value(tree.this, rows).between(low, high)


def _case(tree: exp.Expr, rows: Frame) -> Series:
    subject = tree.this
    ifs = tree.args["ifs"]
    conditions = [
        truth(exp.EQ(this=subject, expression=each.this) if subject else each.this, rows)
        for each in ifs
    ]
    default = tree.args.get("default")
    otherwise = value(default, rows) if default is not None else np.nan
    return pd.Series(
        np.select(conditions, [value(each.args["true"], rows) for each in ifs], otherwise),
        index=rows.index,
    )


def _coalesce(tree: exp.Expr, rows: Frame) -> Series:
    return value(tree.this, rows).fillna(value(tree.expressions[0], rows))


def _nullif(tree: exp.Expr, rows: Frame) -> Series:
    found = value(tree.this, rows)
    return found.where(found != value(tree.expression, rows))


def truth(tree: exp.Expr, rows: Frame) -> Series:
    found = value(tree, rows)
    return found if found.dtype == bool else found.fillna(False).astype(bool)


def _least(tree: exp.Expr, rows: Frame) -> Series:
    return np.minimum(value(tree.this, rows), value(tree.expressions[0], rows))


_FORMS: Mapping[type[exp.Expr], Callable[[exp.Expr, Frame], Any]] = {
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Boolean: lambda tree, rows: bool(tree.this),
    exp.Cast: _cast,
    exp.Paren: lambda tree, rows: value(tree.this, rows),
    exp.Neg: lambda tree, rows: -value(tree.this, rows),
    exp.Not: lambda tree, rows: ~truth(tree.this, rows),
    exp.And: lambda tree, rows: truth(tree.this, rows) & truth(tree.expression, rows),
    exp.Or: lambda tree, rows: truth(tree.this, rows) | truth(tree.expression, rows),
    exp.Add: _two(lambda a, b: a + b),
    exp.Sub: _two(lambda a, b: a - b),
    exp.Mul: _two(lambda a, b: a * b),
    exp.Div: _two(lambda a, b: a / b),
    exp.EQ: _two(lambda a, b: a == b),
    exp.NEQ: _two(lambda a, b: (a != b) & a.notna()),
    exp.LT: _two(lambda a, b: a < b),
    exp.LTE: _two(lambda a, b: a <= b),
    exp.GT: _two(lambda a, b: a > b),
    exp.GTE: _two(lambda a, b: a >= b),
    exp.Is: _is,
    exp.In: _in,
    exp.Between: _between,
    exp.Case: _case,
    exp.Coalesce: _coalesce,
    exp.Nullif: _nullif,
    exp.Least: _least,
    exp.Abs: lambda tree, rows: value(tree.this, rows).abs(),
}
