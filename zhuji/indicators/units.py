"""A small check of dimensions: yuan over persons is yuan/person, 100 times a share is percent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from zhuji.indicators.atoms import number
from zhuji.indicators.formula import CANONICAL
from zhuji.kernel.errors import bad_value
from zhuji.kernel.messages import Message, say

UnitOf = Callable[[str], str]
_PLAIN = frozenset(("ratio", "share", "index", "coefficient"))
# Said of anything that is counted: it fits whatever the rows are.
_ANY = frozenset(("count", "times", "item", "number"))
# Factors that only move the decimal point; any other is a conversion, which we cannot follow.
_FACTORS = frozenset(Fraction(10) ** power for power in range(-4, 5))
# What leaves the unit of its argument as it is.
_THROUGH = (
    *(exp.Paren, exp.Neg, exp.Abs, exp.Round, exp.Nullif),
    *(exp.Sum, exp.Avg, exp.Min, exp.Max),
)


@dataclass(frozen=True, slots=True)
class Dimension:
    """Powers of base units and a factor: person/100 person is dimensionless, factor 100."""

    powers: tuple[tuple[str, int], ...] = ()
    factor: Fraction = Fraction(1)

    def times(self, other: Dimension, sign: int = 1) -> Dimension:
        powers = Counter(dict(self.powers))
        for unit, power in other.powers:
            powers[unit] += sign * power
        kept = tuple(sorted((unit, power) for unit, power in powers.items() if power))
        return Dimension(kept, self.factor * other.factor**sign)


ONE = Dimension()
# What is left when every unit is cancelled has a name of its own.
_WRITTEN = {"1": "ratio"}


def check_unit(value: exp.Expr, declared: str, unit_of: UnitOf, row_unit: str) -> None:
    """Refuse a declared unit that the formula cannot have; what is unknown passes."""
    found, wanted = infer(value, unit_of, row_unit), read_unit(declared)
    if found is None or wanted is None or found == wanted:
        return
    raise bad_value(
        say(
            "单位写的是“{declared}”，按算式“{value}”应是“{found}”。",
            declared=declared,
            value=value.sql(dialect=CANONICAL)[:80],
            found=_spell(found),
        ),
        value=declared,
        code="formula.unit",
        proposal=_remedy(found, wanted),
    )


def _remedy(found: Dimension, wanted: Dimension) -> Message:
    """The unit to write where it can be written; a factor is mended in the formula."""
    if found.powers != wanted.powers:
        unit = _spell(Dimension(found.powers))
        return say("请把 unit 改为 {unit}，或改算式，让两者相符。", unit=_WRITTEN.get(unit, unit))
    ratio = wanted.factor / found.factor
    if ratio >= 1:
        return say("请在算式里乘以 {factor}，或改 unit。", factor=ratio)
    return say("请在算式里除以 {factor}，或改 unit。", factor=1 / ratio)


def read_unit(text: str) -> Dimension | None:
    """percent, ratio, yuan, m2/person, room/100 person; None when it says nothing."""
    text = text.strip()
    if text in _ANY:
        return None
    if text in _PLAIN or text == "percent":
        return Dimension((), Fraction(100 if text == "percent" else 1))
    above, _, below = text.partition("/")
    top, bottom = _one_unit(above), _one_unit(below) if below else ONE
    return top.times(bottom, -1) if top and bottom else None


def infer(tree: exp.Expr, unit_of: UnitOf, row_unit: str) -> Dimension | None:
    """None: unknown, and so is everything made of it, except by comparison."""

    def of(part: exp.Expr) -> Dimension | None:
        return infer(part, unit_of, row_unit)

    if isinstance(tree, _THROUGH):
        return of(tree.this)
    match tree:
        case exp.Column():
            return read_unit(unit_of(tree.name))
        case exp.Count() | exp.CountIf():
            return read_unit(row_unit)
        case exp.Mul() | exp.Div():
            return _combined(tree, of)
        case exp.Add() | exp.Sub() | exp.Coalesce() | exp.Least() | exp.Greatest():
            return _same(tree, of)
        case _:
            return ONE if isinstance(tree, exp.Anonymous) else None


def _combined(tree: exp.Binary, of: Callable[[exp.Expr], Dimension | None]) -> Dimension | None:
    sign = -1 if isinstance(tree, exp.Div) else 1
    sides = [_factor(part) or of(part) for part in (tree.this, tree.expression)]
    left, right = sides
    return left.times(right, sign) if left and right else None


def _factor(part: exp.Expr) -> Dimension | None:
    """A literal scales; the unknown factor of a conversion is left to the author."""
    constant = number(part)
    return Dimension((), constant) if constant in _FACTORS and constant is not None else None


def _same(tree: exp.Expr, of: Callable[[exp.Expr], Dimension | None]) -> Dimension | None:
    parts = [tree.this, *([tree.expression] if tree.args.get("expression") else tree.expressions)]
    known = {of(part) for part in parts if number(part) is None}
    if len(known - {None}) > 1:
        text = tree.sql(dialect=CANONICAL)[:80]
        raise bad_value(
            say("“{part}”把不同单位的量加在一起。", part=text),
            value=text,
            code="formula.unit",
            proposal=say("请先各自除以人数之类化成同一单位，或分成两个指标。"),
        )
    return known.pop() if len(known) == 1 else None


def _one_unit(text: str) -> Dimension | None:
    """ "100 person" is a hundredth part of the count below the line."""
    words = text.split()
    if len(words) == 2 and words[0].isdigit():
        return Dimension(((words[1], 1),), Fraction(1, int(words[0])))
    return Dimension(((words[0], 1),)) if len(words) == 1 else None


def _spell(dimension: Dimension) -> str:
    top = [unit for unit, power in dimension.powers if power > 0]
    bottom = [unit for unit, power in dimension.powers if power < 0]
    text = "·".join(top) or "1"
    if dimension.factor != 1:
        text = f"{dimension.factor} × {text}"
    return f"{text}/{'·'.join(bottom)}" if bottom else text
