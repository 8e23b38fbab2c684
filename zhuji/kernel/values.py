"""Present, missing, not applicable: three values, none of which turns into another in silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isfinite

from zhuji.kernel.digits import narrow
from zhuji.kernel.errors import BadInput, bad_value
from zhuji.kernel.messages import Message, say

Exact = int | Decimal | Fraction
Number = int | Decimal | Fraction | float
_WITHOUT_NUMBER = (float, Decimal)  # what may hold infinity, or no number at all

_NUMERAL = re.compile(r"(?P<top>[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?)(?:/(?P<bottom>[0-9]{1,40}))?")


@dataclass(frozen=True, slots=True)
class Present:
    """A value that is known; zero is one. The parts let it merge with others exactly."""

    value: Number
    numerator: Exact | None = None
    denominator: Exact | None = None
    n: int | None = None

    def __post_init__(self) -> None:
        # Not-a-number and infinity are missing values in disguise.
        if isinstance(self.value, _WITHOUT_NUMBER) and not isfinite(self.value):
            raise ValueError(f"not a finite number: {self.value}")


@dataclass(frozen=True, slots=True)
class Missing:
    """There should be a value, and we do not have it."""

    reason: Message


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """There cannot be a value here."""

    reason: Message


Value = Present | Missing | NotApplicable


def combine(function: Callable[..., Value | Number], *values: Value | Number) -> Value:
    """Apply a function to values that must all be there.

    One missing makes the result missing; else one not applicable makes it not applicable.
    """
    operands: list[Present] = []
    absent: list[Missing | NotApplicable] = []
    for value in values:
        operand = _as_value(value)
        if isinstance(operand, Present):
            operands.append(operand)
        else:
            absent.append(operand)
    if absent:
        return next((value for value in absent if isinstance(value, Missing)), absent[0])
    return _as_value(function(*operands))


def ratio(
    numerator: Value | Exact,
    denominator: Value | Exact,
    *,
    empty: Missing | NotApplicable | None = None,
) -> Value:
    """Divide exactly; over zero the answer is `empty`, by default: nobody to count.

    Only the caller knows whether an empty denominator is a gap or an answer.
    """

    def divide(top: Present, bottom: Present) -> Value:
        above, below = as_fraction(top), as_fraction(bottom)
        if below == 0:
            return empty or NotApplicable(say("分母为 0，没有可计算的对象。"))
        return Present(above / below, above, below, bottom.n)

    return combine(divide, numerator, denominator)


def add(values: Iterable[Value]) -> Value:
    """Sum over subjects: those not concerned stay outside, one gap makes the sum a gap."""
    return _over_those_concerned(values, _sum)


def pool(values: Iterable[Value]) -> Value:
    """Merge ratios by their parts: total over total, never a mean of ratios."""
    return _over_those_concerned(values, _pooled)


def as_fraction(value: Exact | str | Present) -> Fraction:
    """Exact number from exact input (also "85%", "0.85", "17/20"); floats are refused."""
    match value:
        case Present():
            return _fraction_of(value)
        case str():
            return _fraction_of_text(value)
        case bool():
            raise _inexact(value)
        case int() | Fraction():
            return Fraction(value)
        case Decimal() if value.is_finite():
            return Fraction(value)
        case _:
            raise _inexact(value)


def _as_value(value: Value | Number) -> Value:
    return value if isinstance(value, Present | Missing | NotApplicable) else Present(value)


def _over_those_concerned(
    values: Iterable[Value], merge: Callable[[list[Present]], Value]
) -> Value:
    everything = list(values)
    gaps = [value for value in everything if isinstance(value, Missing)]
    if gaps:
        return Missing(
            say("{count} 项缺数据，首先是：{reason}", count=len(gaps), reason=gaps[0].reason)
        )
    present = [value for value in everything if isinstance(value, Present)]
    if present:
        return merge(present)
    outside = [value for value in everything if isinstance(value, NotApplicable)]
    return outside[0] if outside else NotApplicable(say("没有可汇总的对象。"))


def _sum(present: list[Present]) -> Value:
    total = sum((as_fraction(value) for value in present), Fraction(0))
    return Present(_plain(total), n=_total_n(present))


def _pooled(present: list[Present]) -> Value:
    top, bottom = Fraction(0), Fraction(0)
    for value in present:
        if value.numerator is None or value.denominator is None:
            raise BadInput(say("比率缺少分子或分母，不能合并。"))
        top += as_fraction(value.numerator)
        bottom += as_fraction(value.denominator)
    merged = ratio(top, bottom)
    if isinstance(merged, Present):
        return Present(merged.value, top, bottom, _total_n(present))
    return merged


def _total_n(present: list[Present]) -> int | None:
    """None as soon as one is unknown: a partial count would pass for the whole."""
    counts = [value.n for value in present if value.n is not None]
    return sum(counts) if len(counts) == len(present) else None


def _plain(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value


def _fraction_of(value: Present) -> Fraction:
    """A float with exact parts is only their shadow; the parts speak."""
    if not isinstance(value.value, float):
        return as_fraction(value.value)
    if value.numerator is None or value.denominator is None or value.denominator == 0:
        raise _inexact(value.value)
    return as_fraction(value.numerator) / as_fraction(value.denominator)


def _fraction_of_text(value: str) -> Fraction:
    text = narrow(value)
    percent = text.endswith("%")
    found = _NUMERAL.fullmatch(text.removesuffix("%"))
    bottom = int(found["bottom"] or 1) if found else 0
    if found is None or bottom == 0:
        raise _inexact(value)
    return Fraction(found["top"]) / bottom / (100 if percent else 1)


def _inexact(value: object) -> BadInput:
    return bad_value(
        say("“{value}”不是精确的数，不能用来比较。", value=value),
        value=value,
        code="number.inexact",
        proposal=say("请写成整数、两位小数、百分数或分数，如 34、0.85、85%、17/20。"),
    )
