"""The last step of a formula, in exact arithmetic: a tree over merged parts to a function."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from math import floor
from typing import Any

from sqlglot import exp

from zhuji.kernel.messages import say
from zhuji.kernel.values import Missing, NotApplicable

# Numbers are int or Fraction; float only from coefficients with a root or a logarithm.
Scalar = Any
Read = Callable[[Any], Scalar]
Resolve = Callable[[str], Read]


class Absent(Exception):  # not an error: an answer that has no number
    """Something read is not there; carries the value that says why."""

    def __init__(self, value: Missing | NotApplicable) -> None:
        super().__init__(value)
        self.value = value


ZERO_BELOW = NotApplicable(say("分母为 0，没有可计算的对象。"))
NOTHING = NotApplicable(say("没有可取值的数据行。"))


def function_of(tree: exp.Expr, resolve: Resolve) -> Read:
    """Nulls follow SQL; an absent operand ends the whole, unless COALESCE or IS NULL asks."""
    return _BUILDERS[type(tree)](tree, resolve)


def exact(value: Scalar) -> Scalar:
    """Decimals do not mix with fractions: they become one, or whole numbers; all else stays."""
    if not isinstance(value, Decimal):
        return value
    above, below = value.as_integer_ratio()
    return above if below == 1 else Fraction(above, below)


def divide(above: Scalar, below: Scalar) -> Scalar:
    if below == 0:
        raise Absent(ZERO_BELOW)
    if isinstance(above, float) or isinstance(below, float):
        return above / below
    return Fraction(above, below)


def rounded(value: Scalar, digits: int) -> Fraction:
    """Half away from zero, as SQL rounds."""
    shift = 10**digits
    whole = floor(abs(Fraction(value)) * shift + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, shift)


def _constant(tree: exp.Expr, resolve: Resolve) -> Read:
    value: Scalar
    match tree:
        case exp.Null():
            value = None
        case exp.Boolean():
            value = bool(tree.this)
        case exp.Cast():
            value = tree.this.name
        case exp.Literal() if tree.is_string:
            value = tree.name
        case _:
            fraction = Fraction(tree.name)
            value = fraction.numerator if fraction.denominator == 1 else fraction
    return lambda row: value


def _column(tree: exp.Expr, resolve: Resolve) -> Read:
    return resolve(tree.name)


def _inside(tree: exp.Expr, resolve: Resolve) -> Read:
    return function_of(tree.this, resolve)


def _strict(function: Callable[..., Scalar]) -> Callable[[exp.Expr, Resolve], Read]:
    """Null in, null out, as for SQL's operators."""

    def build(tree: exp.Expr, resolve: Resolve) -> Read:
        reads = [function_of(part, resolve) for part in _operands(tree)]

        def of_two(row: Any) -> Scalar:
            a, b = left(row), right(row)
            return None if a is None or b is None else function(a, b)

        def of_any(row: Any) -> Scalar:
            values = [each(row) for each in reads]
            return None if any(value is None for value in values) else function(*values)

        if len(reads) == 2:  # by far the most, and read for every cell
            left, right = reads
            return of_two
        return of_any

    return build


def _operands(tree: exp.Expr) -> list[exp.Expr]:
    named = (tree.args.get(key) for key in ("this", "expression", "low", "high", "decimals"))
    return [part for part in named if part is not None] + tree.expressions


def _known(tree: exp.Expr, resolve: Resolve) -> Callable[[Any], Scalar]:
    """Read, and take an absence for a null: the two places where a formula may ask."""
    inner = function_of(tree, resolve)

    def read(row: Any) -> Scalar:
        try:
            return inner(row)
        except Absent:
            return None

    return read


def _coalesce(tree: exp.Expr, resolve: Resolve) -> Read:
    *early, last = _operands(tree)
    tries, fallback = [_known(part, resolve) for part in early], function_of(last, resolve)

    def read(row: Any) -> Scalar:
        for each in tries:
            value = each(row)
            if value is not None:
                return value
        return fallback(row)

    return read


def _is(tree: exp.Expr, resolve: Resolve) -> Read:
    inner, wanted = _known(tree.this, resolve), function_of(tree.expression, resolve)
    return lambda row: inner(row) is wanted(row)


def _case(tree: exp.Expr, resolve: Resolve) -> Read:
    subject = tree.this
    branches = [
        (
            function_of(
                exp.EQ(this=subject, expression=each.this) if subject else each.this, resolve
            ),
            function_of(each.args["true"], resolve),
        )
        for each in tree.args["ifs"]
    ]
    default = tree.args.get("default")
    otherwise = function_of(default, resolve) if default is not None else lambda row: None

    def read(row: Any) -> Scalar:
        for condition, result in branches:
            if condition(row):
                return result(row)
        return otherwise(row)

    return read


def _logic(decisive: bool) -> Callable[[exp.Expr, Resolve], Read]:
    """AND and OR with SQL's third value: one decisive side settles it."""

    def build(tree: exp.Expr, resolve: Resolve) -> Read:
        reads = [function_of(part, resolve) for part in (tree.this, tree.expression)]

        def read(row: Any) -> Scalar:
            values = [each(row) for each in reads]
            if decisive in values:
                return decisive
            return None if None in values else not decisive

        return read

    return build


def _in(tree: exp.Expr, resolve: Resolve) -> Read:
    subject = function_of(tree.this, resolve)
    choices = [function_of(part, resolve) for part in tree.expressions]

    def read(row: Any) -> Scalar:
        value = subject(row)
        return None if value is None else value in [each(row) for each in choices]

    return read


def _chosen(best: Callable[..., Scalar]) -> Callable[[exp.Expr, Resolve], Read]:
    def build(tree: exp.Expr, resolve: Resolve) -> Read:
        reads = [function_of(part, resolve) for part in _operands(tree)]

        def read(row: Any) -> Scalar:
            values = [value for each in reads if (value := each(row)) is not None]
            return reduce(best, values) if values else None

        return read

    return build


_BUILDERS: dict[type[exp.Expr], Callable[[exp.Expr, Resolve], Read]] = {
    exp.Column: _column,
    exp.Literal: _constant,
    exp.Boolean: _constant,
    exp.Null: _constant,
    exp.Cast: _constant,
    exp.Paren: _inside,
    exp.Neg: _strict(lambda a: -a),
    exp.Add: _strict(lambda a, b: a + b),
    exp.Sub: _strict(lambda a, b: a - b),
    exp.Mul: _strict(lambda a, b: a * b),
    exp.Div: _strict(divide),
    exp.Abs: _strict(abs),
    exp.Round: _strict(lambda a, digits=0: rounded(a, digits)),
    exp.EQ: _strict(lambda a, b: a == b),
    exp.NEQ: _strict(lambda a, b: a != b),
    exp.LT: _strict(lambda a, b: a < b),
    exp.LTE: _strict(lambda a, b: a <= b),
    exp.GT: _strict(lambda a, b: a > b),
    exp.GTE: _strict(lambda a, b: a >= b),
    exp.Between: _strict(lambda a, low, high: low <= a <= high),
    exp.Not: _strict(lambda a: not a),
    exp.And: _logic(False),
    exp.Or: _logic(True),
    exp.In: _in,
    exp.Is: _is,
    exp.Case: _case,
    exp.Nullif: _strict(lambda a, b: None if a == b else a),
    exp.Coalesce: _coalesce,
    exp.Least: _chosen(min),
    exp.Greatest: _chosen(max),
}
