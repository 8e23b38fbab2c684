"""What stages share, divided by equivalent pupils in exact integers; the parts make the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlglot import exp

from zhuji.indicators.atoms import Atom

Table = tuple[str, exp.Select]
_UNIT = ("period", "org")


def tables(
    atoms: Sequence[Atom], weights: Mapping[str, Decimal], scale: int, period_kind: str
) -> list[Table]:
    """`fixed`: the rows of `base` with divisible atoms counted in units of 10^-scale.
    `shares`: what falls to each stage of the rows of stage `shared`.

    Each part is rounded down and the largest part takes the remainder. Atoms that only count
    rows are not divided: a shared row is a report of every stage that shares it.
    """
    return [
        ("fixed", _fixed(atoms, scale)),
        ("weighed", _weighed(atoms, weights, period_kind)),
        ("cut", _cut(atoms)),
        ("shares", _shares(atoms)),
    ]


def _fixed(atoms: Sequence[Atom], scale: int) -> exp.Select:
    columns = [_in_units(atom, scale) if atom.split else exp.column(atom.name) for atom in atoms]
    return exp.select("period", "org", "stage", "row_count", *columns).from_("base")


def _in_units(atom: Atom, scale: int) -> exp.Expr:
    fine = exp.Mul(this=exp.column(atom.name), expression=exp.Literal.number(10**scale))
    return exp.alias_(exp.cast(fine, "int128"), atom.name)


def _weighed(atoms: Sequence[Atom], weights: Mapping[str, Decimal], period_kind: str) -> exp.Select:
    same = "w.period_kind = '{}' AND w.period = f.period AND w.org = f.org"
    weight = _weight(weights)
    unit = [exp.column(name, table="f") for name in _UNIT]
    names = [exp.column(name, table="f") for name in ("row_count", *(a.name for a in atoms))]
    largest_first = exp.Order(
        expressions=[
            exp.Ordered(this=weight.copy(), desc=True, nulls_first=False),
            exp.Ordered(this=exp.column("stage", table="w"), nulls_first=False),
        ]
    )
    place = exp.Window(this=exp.RowNumber(), partition_by=unit, order=largest_first)
    return (
        exp.select(*unit, exp.column("stage", table="w"), *names)
        .select(
            exp.alias_(weight, "weight"),
            exp.alias_(_over_unit(weight.copy(), "f"), "whole"),
            exp.alias_(place, "place"),
        )
        .from_("fixed AS f")
        .join("stage_pupils AS w", on=same.format(period_kind))
        .where("f.stage = 'shared'", "w.pupils > 0", exp.GT(this=weight.copy(), expression=_zero()))
    )


def _weight(weights: Mapping[str, Decimal]) -> exp.Expr:
    """Whole numbers in the same proportion, so that nothing is lost: 1 : 1.1 is 10 : 11."""
    decimals = max((_decimals(weight) for weight in weights.values()), default=0)
    case = exp.Case(this=exp.column("stage", table="w"))
    for stage, weight in sorted(weights.items()):
        whole = exp.Literal.number(int(weight * 10**decimals))
        case = case.when(exp.Literal.string(stage), whole)
    pupils = exp.column("pupils", table="w")
    return exp.Mul(this=pupils, expression=exp.paren(case.else_(_zero())))


def _decimals(weight: Decimal) -> int:
    return max(0, -int(weight.normalize().as_tuple().exponent))


def _cut(atoms: Sequence[Atom]) -> exp.Select:
    columns: list[exp.Expr] = []
    for atom in atoms:
        columns.append(exp.column(atom.name))
        if atom.split:
            product = exp.paren(
                exp.Mul(this=exp.column(atom.name), expression=exp.column("weight"))
            )
            part = exp.IntDiv(this=product, expression=exp.column("whole"))
            columns.append(exp.alias_(part, f"{atom.name}_part"))
    return exp.select(*_UNIT, "stage", "row_count", "place", *columns).from_("weighed")


def _shares(atoms: Sequence[Atom]) -> exp.Select:
    columns = [_share(atom) if atom.split else exp.column(atom.name) for atom in atoms]
    return exp.select(*_UNIT, "stage", "row_count", *columns).from_("cut")


def _share(atom: Atom) -> exp.Expr:
    own, total = exp.column(f"{atom.name}_part"), exp.column(atom.name)
    others = exp.Sub(this=_over_unit(own), expression=own.copy())
    largest = exp.Sub(this=total, expression=exp.paren(others))
    first = exp.column("place").eq(exp.Literal.number(1))
    return exp.alias_(exp.case().when(first, largest).else_(own.copy()), atom.name)


def _over_unit(inner: exp.Expr, table: str | None = None) -> exp.Window:
    unit: list[exp.Expr] = [exp.column(name, table=table) for name in _UNIT]
    return exp.Window(this=exp.Sum(this=inner.copy()), partition_by=unit)


def _zero() -> exp.Expr:
    return exp.Literal.number(0)
