"""A formula taken apart: what merges over rows and schools, and what is left to do at the end."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from fractions import Fraction

from sqlglot import exp

from zhuji.indicators.formula import AGGREGATES, CANONICAL


@dataclass(frozen=True, slots=True)
class Atom:
    """One mergeable partial: how parts join, what is taken over the rows, and whether a row
    shared by stages is divided between them (`copied` atoms count for each of them instead)."""

    name: str
    merge: type[exp.AggFunc]  # Sum, Min or Max
    tree: exp.Expr
    split: bool = False


@dataclass
class Atoms:
    """The atoms of one scan; the same aggregate asked for twice is computed once."""

    found: dict[tuple[str, bool], Atom] = field(default_factory=dict)

    def add(self, tree: exp.Expr, *, split: bool = False) -> str:
        known = self.found.get((tree.sql(dialect=CANONICAL), split))
        if known is None:
            merge = type(tree) if isinstance(tree, exp.Min | exp.Max) else exp.Sum
            known = Atom(f"a{len(self.found)}", merge, tree, split)
            self.found[tree.sql(dialect=CANONICAL), split] = known
        return known.name

    @property
    def all(self) -> tuple[Atom, ...]:
        return tuple(self.found.values())


@dataclass(frozen=True, slots=True)
class Parts:
    """value = scale * numerator / denominator, over atoms; what must be 0 for it to be whole."""

    numerator: exp.Expr
    denominator: exp.Expr | None
    scale: Fraction
    counted: str
    blanks: tuple[str, ...] = ()
    lacking: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How one indicator reads its rows."""

    where: exp.Expr | None
    optional: Collection[str]  # columns that may be left blank
    split: bool


def take_apart(value: exp.Expr, reading: Reading, atoms: Atoms) -> Parts:
    outer = exp.Paren(this=value.copy())  # a root of its own, so that any node can be replaced
    blanks: dict[str, None] = {}
    for aggregate in list(outer.find_all(*AGGREGATES)):
        if isinstance(aggregate, exp.Sum):
            empty = blank(aggregate.this, reading.optional)
            if empty is not None:
                blanks[atoms.add(_counted(empty, reading.where))] = None
        aggregate.replace(_replacement(aggregate, reading, atoms))
    scale, numerator, denominator = ratio_parts(outer.this)
    return Parts(
        numerator, denominator, scale, atoms.add(_counted(None, reading.where)), tuple(blanks)
    )


def count_of(condition: exp.Expr, reading: Reading, atoms: Atoms) -> str:
    """The number of rows that satisfy the condition besides `where`."""
    return atoms.add(_counted(condition, reading.where))


def blank(tree: exp.Expr, optional: Collection[str]) -> exp.Expr | None:
    """The condition under which a summand is unknown because somebody left a cell empty.

    SUM alone would pass over it, and a gap would read as zero. None: it cannot happen.
    """
    match tree:
        case exp.Column():
            return (
                exp.Is(this=tree.copy(), expression=exp.Null()) if tree.name in optional else None
            )
        case exp.Case():
            return _blank_case(tree, optional)
        case exp.Nullif():
            return blank(tree.this, optional)
        case exp.Paren() | exp.Neg() | exp.Abs() | exp.Round():
            return blank(tree.this, optional)
        case exp.Add() | exp.Sub() | exp.Mul():
            either = [blank(tree.this, optional), blank(tree.expression, optional)]
            known = [condition for condition in either if condition is not None]
            return exp.or_(*known) if known else None
        case _:
            return None  # COALESCE, LEAST and GREATEST say themselves what an empty cell means


def ratio_parts(
    tree: exp.Expr,
) -> tuple[Fraction, exp.Expr, exp.Expr | None]:
    """Take constants and one division out: 100 * a / NULLIF(b, 0) is (100, a, b)."""
    tree = tree.unnest()
    match tree:
        case exp.Mul():
            return _product(tree)
        case exp.Div():
            return _quotient(tree)
        case _:
            return Fraction(1), tree, None


def number(tree: exp.Expr) -> Fraction | None:
    """The value of a literal, if it is one."""
    tree = tree.unnest()
    if isinstance(tree, exp.Literal) and not tree.is_string:
        return Fraction(tree.name)
    return None


def _product(tree: exp.Mul) -> tuple[Fraction, exp.Expr, exp.Expr | None]:
    for constant, other in ((tree.this, tree.expression), (tree.expression, tree.this)):
        factor = number(constant)
        if factor is not None:
            scale, numerator, denominator = ratio_parts(other)
            return scale * factor, numerator, denominator
    return Fraction(1), tree, None


def _quotient(tree: exp.Div) -> tuple[Fraction, exp.Expr, exp.Expr | None]:
    bottom = tree.expression.unnest()
    if isinstance(bottom, exp.Nullif) and number(bottom.expression) == 0:
        bottom = bottom.this
    scale, numerator, denominator = ratio_parts(tree.this)
    below, divisor, further = ratio_parts(bottom)
    if below == 0 or further is not None:
        return Fraction(1), tree, None
    constant = number(divisor)
    if constant is not None and constant != 0:
        return scale / (below * constant), numerator, denominator
    if denominator is not None:
        return Fraction(1), tree, None
    return scale / below, numerator, divisor


def _replacement(aggregate: exp.Expr, reading: Reading, atoms: Atoms) -> exp.Expr:
    def atom(tree: exp.Expr) -> exp.Column:
        return exp.column(atoms.add(tree, split=reading.split))

    inner = aggregate.this
    match aggregate:
        case exp.CountIf():
            return atom(_counted(inner, reading.where))
        case exp.Count() if isinstance(inner, exp.Star):
            return atom(_counted(None, reading.where))
        case exp.Avg():
            total = atom(exp.Sum(this=_only(inner, reading.where)))
            below = atom(exp.Count(this=_only(inner, reading.where)))
            return exp.Paren(this=exp.Div(this=total, expression=below))
        case _:
            make: Callable[..., exp.Expr] = type(aggregate)
            return atom(make(this=_only(inner, reading.where)))


def _counted(condition: exp.Expr | None, where: exp.Expr | None) -> exp.Expr:
    both = [_bracketed(part) for part in (condition, where) if part is not None]
    return exp.CountIf(this=exp.and_(*both)) if both else exp.Count(this=exp.Star(), big_int=True)


def _only(inner: exp.Expr, where: exp.Expr | None) -> exp.Expr:
    if where is None:
        return inner.copy()
    return exp.case().when(where.copy(), inner.copy())


def _bracketed(tree: exp.Expr) -> exp.Expr:
    return exp.paren(tree) if isinstance(tree, exp.Or) else tree.copy()


def _blank_case(tree: exp.Case, optional: Collection[str]) -> exp.Expr | None:
    default = tree.args.get("default")
    branches = [(each.this, blank(each.args["true"], optional)) for each in tree.args["ifs"]]
    other = blank(default, optional) if default is not None else None
    if other is None and all(empty is None for _, empty in branches):
        return None
    whole = exp.Case(this=tree.this.copy()) if tree.this is not None else exp.Case()
    for condition, empty in branches:
        whole = whole.when(condition.copy(), empty or exp.false())
    return whole.else_(other or exp.false())
