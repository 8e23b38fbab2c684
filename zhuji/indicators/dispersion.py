"""Aggregates over schools inside a formula: taken out, computed from the schools' own cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from zhuji.indicators import statistics
from zhuji.indicators.finish import Absent, Read
from zhuji.kernel.messages import say
from zhuji.kernel.values import Missing, NotApplicable

_NO_SCHOOLS = NotApplicable(say("下面没有可比较的学校。"))
_NO_AMOUNT = NotApplicable(say("各校总量为 0，差异无从比较。"))


@dataclass(frozen=True, slots=True)
class Dispersion:
    """One aggregate; the formula reads its result, or its two counts, under these names."""

    name: str
    function: str
    arguments: tuple[exp.Expr, ...]

    @property
    def results(self) -> tuple[str, ...]:
        if self.function == "SHARE_OF_ORGS":
            return (f"{self.name}.true", f"{self.name}.all")
        return (self.name,)


@dataclass(frozen=True, slots=True)
class Spread:
    """What came of the schools: results in the order of names, and how many gave theirs."""

    results: tuple[Any, ...]
    counted: int
    lacking: int


def lift(tree: exp.Expr) -> tuple[exp.Expr, tuple[Dispersion, ...]]:
    """Put names in the place of the aggregates; a share of schools becomes count over count."""
    outer = exp.Paren(this=tree.copy())
    found: list[Dispersion] = []
    for node in list(outer.find_all(exp.Anonymous)):
        each = Dispersion(f"@{len(found)}", str(node.this), tuple(node.expressions))
        found.append(each)
        columns = [exp.column(exp.to_identifier(name, quoted=True)) for name in each.results]
        if len(columns) == 1:
            node.replace(columns[0])
        else:
            node.replace(exp.paren(exp.Div(this=columns[0], expression=columns[1])))
    return outer.this, tuple(found)


def spread(dispersion: Dispersion, reads: Sequence[Read], schools: Iterable[Any]) -> Spread:
    """Schools not concerned stay outside; schools without data are counted as lacking."""
    rows: list[tuple[Any, ...]] = []
    lacking = 0
    for school in schools:
        try:
            values = tuple(read(school) for read in reads)
        except Absent as absent:
            lacking += isinstance(absent.value, Missing)
            continue
        if None not in values:
            rows.append(values)
    if not rows:
        raise Absent(_missing(lacking) if lacking else _NO_SCHOOLS)
    results = _FUNCTIONS[dispersion.function](rows)
    if None in results:
        raise Absent(_NO_AMOUNT)
    return Spread(results, len(rows), lacking)


def _missing(lacking: int) -> Missing:
    return Missing(say("{count} 所学校都没有数据。", count=lacking))


def _share(rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    return sum(bool(condition) for (condition,) in rows), len(rows)


_FUNCTIONS: dict[str, Callable[[Sequence[Any]], tuple[Any, ...]]] = {
    "DIFFERENCE_COEFFICIENT": lambda rows: (statistics.difference_coefficient(rows),),
    "GINI": lambda rows: (statistics.gini(rows),),
    "THEIL": lambda rows: (statistics.theil(rows),),
    "BETWEEN_SHARE": lambda rows: (statistics.between_share(rows),),
    "SHARE_OF_ORGS": _share,
}
