"""怎样过线: the least that would bring a school over the line of a balance rule, in exact numbers.

"Least" compares what differs in kind by its share of what the standard asks for in that school.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from zhuji.cockpit.balance import BalanceCell, BalanceSchool, Resource
from zhuji.kernel.messages import Label

Aim = Literal["standard", "floor", "report"]


@dataclass(frozen=True, slots=True)
class Step:
    """So much more of one resource, to the standard or to its floor; nothing is known of what
    was not reported. `share`: how much of what the standard asks for is missing."""

    id: str
    label: Label
    unit: str
    aim: Aim
    short: Fraction | None
    share: Fraction | None
    other: Fraction | None = None  # what the full standard would take, where the floor is enough


def way(school: BalanceSchool, resources: Iterable[Resource]) -> tuple[Step, ...]:
    """Empty for a school that passes; what is missing has to be reported first.

    Of the unmet as many as need be reach the standard, the rest leave the floor behind. Those
    left at the floor are the ones that save most.
    """
    if school.passes:
        return ()
    told = {one.id: one for one in resources}
    unmet = [cell for cell in school.cells if cell.state in ("floor", "below")]
    spared = _spared(unmet, told, len(unmet) - school.to_bring)
    steps: list[Step] = []
    for cell in school.cells:
        one = told[cell.id]
        if cell.state == "missing":
            steps.append(Step(cell.id, one.amount_label, one.amount_unit, "report", None, None))
        elif cell.state != "met" and cell.id not in spared:
            steps.append(_step(cell, one, "standard"))
        elif cell.state == "below":
            steps.append(_step(cell, one, "floor"))
    return tuple(steps)


def _spared(unmet: list[BalanceCell], told: dict[str, Resource], most: int) -> set[str]:
    """Which may stay below the standard: those whose last stretch is the longest."""

    def saved(cell: BalanceCell) -> Fraction:
        stretch = (cell.to_standard or Fraction(0)) - (cell.to_floor or Fraction(0))
        return stretch / asked(cell, told[cell.id])

    return {cell.id for cell in sorted(unmet, key=saved, reverse=True)[: max(most, 0)]}


def asked(cell: BalanceCell, resource: Resource) -> Fraction:
    """How much of the resource the standard asks of this school."""
    if not cell.value:
        return cell.to_standard or Fraction(1)
    return (cell.amount or Fraction(0)) * resource.standard / cell.value


def _step(cell: BalanceCell, one: Resource, aim: Aim) -> Step:
    full = cell.to_standard or Fraction(0)
    short = full if aim == "standard" else cell.to_floor or Fraction(0)
    return Step(
        id=cell.id,
        label=one.amount_label,
        unit=one.amount_unit,
        aim=aim,
        short=short,
        share=short / asked(cell, one),
        other=full if aim == "floor" else None,
    )
