"""A formula read for its rule: so many of several standards met, and a floor under the rest.

The rule stands in the package as one expression, SHARE_OF_ORGS(CASE WHEN a >= s * w ... >= 6 AND
a >= f * w ...); what is to be said of one school is read off that expression, so that no number
is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from sqlglot import exp

from zhuji.indicators.expand import as_id
from zhuji.indicators.formula import Allow, parse_formula
from zhuji.plan.model import Indicator


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` must reach `standard` for each of `weight`, and must not stay below `floor`."""

    amount: str
    weight: str
    standard: Fraction
    floor: Fraction | None = None


@dataclass(frozen=True, slots=True)
class SeveralOf:
    least: int
    lines: tuple[Line, ...]


def several_of(indicator: Indicator) -> SeveralOf | None:
    """None for every formula that is not such a rule."""
    if indicator.source is not None:
        return None
    tree = parse_formula(str(indicator.value), allow=Allow.INDICATORS)
    shares = [one for one in tree.find_all(exp.Anonymous) if str(one.this) == "SHARE_OF_ORGS"]
    if len(shares) != 1:
        return None
    lines: list[Line] = []
    floors: dict[tuple[str, str], Fraction] = {}
    least = 0
    for part in _parts(shares[0].expressions[0], exp.And):
        if not isinstance(part, exp.GTE):
            return None
        cases = [one.unnest() for one in _parts(part.this, exp.Add)]
        if all(isinstance(one, exp.Case) for one in cases) and part.expression.is_int:
            found = [_line(_condition(one)) for one in cases]
            lines += [one for one in found if one is not None]
            least = int(part.expression.name)
        elif (bound := _line(part)) is not None:
            floors[bound.amount, bound.weight] = bound.standard
    if len(lines) < least or not least:
        return None
    return SeveralOf(
        least, tuple(replace(one, floor=floors.get((one.amount, one.weight))) for one in lines)
    )


def _parts(tree: exp.Expr, kind: type[exp.Expr]) -> list[exp.Expr]:
    tree = tree.unnest()
    if isinstance(tree, kind):
        return [*_parts(tree.this, kind), *_parts(tree.expression, kind)]
    return [tree]


def _condition(case: exp.Expr) -> exp.Expr | None:
    ifs = case.args.get("ifs") or []
    return ifs[0].this if len(ifs) == 1 else None


def _line(condition: exp.Expr | None) -> Line | None:
    """k * amount >= c * weight."""
    if not isinstance(condition, exp.GTE):
        return None
    left, right = _multiple(condition.this), _multiple(condition.expression)
    if left is None or right is None or left[0] <= 0:
        return None
    return Line(left[1], right[1], right[0] / left[0])


def _multiple(tree: exp.Expr) -> tuple[Fraction, str] | None:
    tree = tree.unnest()
    if isinstance(tree, exp.Column):
        return Fraction(1), as_id(tree.name)
    if isinstance(tree, exp.Mul) and isinstance(tree.expression, exp.Column):
        number = tree.this.unnest()
        if isinstance(number, exp.Literal) and number.is_number:
            return Fraction(number.name), as_id(tree.expression.name)
    return None
