"""Whether one value of one organisation in one period reaches its goal, form by form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from zhuji.indicators.cells import Cell
from zhuji.indicators.statistics import gap, wilson
from zhuji.kernel.comparators import Comparator, holds
from zhuji.kernel.messages import Message, say
from zhuji.kernel.spans import Span
from zhuji.kernel.values import Missing, NotApplicable, Number, Present, Value
from zhuji.plan.model import (
    ConditionalGoal,
    CoverageGoal,
    EstimateGoal,
    Goal,
    Indicator,
    ReferenceGoal,
    RisingGoal,
    Threshold,
)

Read = Callable[[str, str, str, str], Cell]  # indicator, org, period, group
Period = tuple[str, Span]
UPWARDS = (Comparator.AT_LEAST, Comparator.ABOVE)
DOWNWARDS = (Comparator.AT_MOST, Comparator.BELOW)


class State(StrEnum):
    HOLDS = "holds"
    SHORT = "short"
    MISSING = "missing"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Place:
    """What is judged, and until which day the facts and the rules are known."""

    indicator: Indicator
    org: str
    root: str  # under which reference groups are taken
    on: date
    history: tuple[Period, ...]  # periods of the plan in order, the judged one last
    complete: Fraction = Fraction(1)  # the part of the units that must have reported

    def of(self, org: str) -> Place:
        """The same of another organisation."""
        return Place(self.indicator, org, self.root, self.on, self.history, self.complete)

    @property
    def period(self) -> str:
        return self.history[-1][0]

    @property
    def day(self) -> date:
        """The day whose rules count: a past period is judged by the rule then in force."""
        return min(self.on, self.history[-1][1].last)


@dataclass(frozen=True, slots=True)
class Reading:
    state: State
    value: Value
    comparator: Comparator | None = None
    target: Fraction | None = None
    reason: Message | None = None
    final: bool = False  # what is lost cannot be made good by its day
    interval: tuple[float, float] | None = None


def read_goal(goal: Goal, place: Place, read: Read) -> Reading:
    return _FORMS[type(goal).__name__](goal, place, read)


def in_force(values: tuple[Threshold, ...], day: date) -> Threshold | None:
    """The newest threshold that holds on the day."""
    known = [
        each
        for each in values
        if (each.since is None or each.since <= day) and (each.until is None or day < each.until)
    ]
    return max(known, key=lambda each: each.since or date.min, default=None)


def compare(comparator: Comparator, value: Number, target: Fraction) -> bool:
    """Exact; only coefficients with a root or a logarithm come as floats."""
    return holds(comparator, value, target, irrational=isinstance(value, float))


def _threshold(goal: Any, place: Place, read: Read) -> Reading:
    cell = _cell(place, read)
    found = in_force(goal.values, place.day)
    if found is None:
        return Reading(State.OUTSIDE, cell.value, reason=say("这一时期没有生效的标准。"))
    return _against(cell, place, goal.comparator, Fraction(found.value))


def _estimate(goal: EstimateGoal, place: Place, read: Read) -> Reading:
    cell = _cell(place, read)
    if not isinstance(cell.value, Present) or not cell.denominator:
        return _threshold(goal, place, read)
    answers, invited = Fraction(cell.denominator), None
    if answers < goal.least_n:
        reason = say("有效答卷 {n} 份，少于 {least} 份。", n=answers, least=goal.least_n)
        return Reading(State.MISSING, cell.value, reason=reason)
    if goal.least_response is not None and goal.invited:
        invited = read(goal.invited, place.org, place.period, "*").value
        if not isinstance(invited, Present) or not invited.value:
            return Reading(State.MISSING, cell.value, reason=say("不知道应答人数，算不出应答率。"))
        if answers < Fraction(goal.least_response) * Fraction(invited.value):
            return Reading(State.MISSING, cell.value, reason=say("应答率太低，不足以说明问题。"))
    reading = _threshold(goal, place, read)
    interval = _interval(cell, answers, goal.confidence)
    return Reading(
        reading.state, reading.value, reading.comparator, reading.target, reading.reason,
        interval=interval,
    )  # fmt: skip


def _interval(cell: Cell, answers: Fraction, confidence: Decimal) -> tuple[float, float] | None:
    """In the unit of the value; only a share has one."""
    share = Fraction(cell.numerator or 0) / answers
    if not 0 <= share <= 1 or not isinstance(cell.value, Present):
        return None
    low, high = wilson(Fraction(cell.numerator or 0), answers, confidence)
    scale = float(Fraction(cell.value.value) / share) if share else 1.0
    return low * scale, high * scale


def _reference(goal: ReferenceGoal, place: Place, read: Read) -> Reading:
    cell = _cell(place, read)
    other = read(place.indicator.id, place.root, place.period, goal.group)
    if not isinstance(other.value, Present) or not _complete(other, place):
        reason = say("参照组没有可比的数据。")
        state = State.OUTSIDE if isinstance(other.value, NotApplicable) else State.MISSING
        return Reading(state, cell.value, reason=reason)
    reference = Fraction(other.value.value)
    if goal.test == "not_below":
        lower = place.indicator.better == "lower"
        comparator = Comparator.AT_MOST if lower else Comparator.AT_LEAST
        return _against(cell, place, comparator, reference)
    if goal.limit is None or reference == 0:
        return Reading(State.OUTSIDE, cell.value, reason=say("参照组的值为 0，差距无从计算。"))
    return _within(cell, place, reference, Fraction(goal.limit))


def _within(cell: Cell, place: Place, reference: Fraction, limit: Fraction) -> Reading:
    absent = _absent(cell, place)
    if absent is not None:
        return absent
    assert isinstance(cell.value, Present)
    near = gap(reference, cell.value.value) < limit
    # The nearer edge of the band is what the value has to reach.
    below = Fraction(cell.value.value) < reference
    edge = reference - limit * abs(reference) if below else reference + limit * abs(reference)
    comparator = Comparator.ABOVE if below else Comparator.BELOW
    return Reading(State.HOLDS if near else State.SHORT, cell.value, comparator, edge)


def _rising(goal: RisingGoal, place: Place, read: Read) -> Reading:
    """Each pair of periods in turn; a finished pair that fell cannot be made good."""
    cells = [read(place.indicator.id, place.org, key, "*") for key, _ in place.history]
    last = cells[-1]
    for cell in cells:
        absent = _absent(cell, place)
        if absent is not None:
            return Reading(absent.state, last.value, reason=absent.reason)
    if len(cells) < 2:
        return Reading(State.MISSING, last.value, reason=say("还没有上一期可比。"))
    comparator = _direction(goal, place.indicator)
    values = [cell.value.value for cell in cells if isinstance(cell.value, Present)]
    for number, (before, after) in enumerate(pairwise(values), start=1):
        if not compare(comparator, after, Fraction(before)):
            key, span = place.history[number]
            reason = say("{period} 没有比上一期好。", period=key)
            target = Fraction(before)
            return Reading(
                State.SHORT, last.value, comparator, target, reason, place.on >= span.end
            )
    return Reading(State.HOLDS, last.value, comparator, Fraction(values[-2]))


def _direction(goal: RisingGoal, indicator: Indicator) -> Comparator:
    if indicator.better == "lower":
        return Comparator.BELOW if goal.strictly else Comparator.AT_MOST
    return Comparator.ABOVE if goal.strictly else Comparator.AT_LEAST


def _coverage(goal: CoverageGoal, place: Place, read: Read) -> Reading:
    """One known gap is enough; that there is none is known only from everybody."""
    cell = _cell(place, read)
    if cell.lacking:
        reason = say("还有 {count} 项没有覆盖。", count=cell.lacking)
        return Reading(State.SHORT, cell.value, reason=reason)
    absent = _absent(cell, place)
    if absent is not None:
        return absent
    return Reading(State.HOLDS, cell.value)


def _conditional(goal: ConditionalGoal, place: Place, read: Read) -> Reading:
    condition = read(goal.when, place.org, place.period, "*").value
    if isinstance(condition, Missing):
        return Reading(State.MISSING, condition, reason=condition.reason)
    if isinstance(condition, NotApplicable):
        return Reading(State.OUTSIDE, condition, reason=condition.reason)
    if not compare(goal.when_comparator, condition.value, Fraction(goal.when_value)):
        reason = say("前提不成立，不作要求。")
        return Reading(State.OUTSIDE, _cell(place, read).value, reason=reason)
    return _threshold(goal, place, read)


def _against(cell: Cell, place: Place, comparator: Comparator, target: Fraction) -> Reading:
    absent = _absent(cell, place)
    if absent is not None:
        return Reading(absent.state, absent.value, comparator, target, absent.reason)
    assert isinstance(cell.value, Present)
    reached = compare(comparator, cell.value.value, target)
    return Reading(State.HOLDS if reached else State.SHORT, cell.value, comparator, target)


def _absent(cell: Cell, place: Place) -> Reading | None:
    if isinstance(cell.value, Missing):
        return Reading(State.MISSING, cell.value, reason=cell.value.reason)
    if isinstance(cell.value, NotApplicable):
        return Reading(State.OUTSIDE, cell.value, reason=cell.value.reason)
    if _complete(cell, place):
        return None
    reason = say(
        "{expected} 个单位中只有 {reported} 个数据齐全。",
        expected=cell.expected,
        reported=cell.reported,
    )
    return Reading(State.MISSING, cell.value, reason=reason)


def _complete(cell: Cell, place: Place) -> bool:
    return cell.reported >= place.complete * cell.expected


def _cell(place: Place, read: Read) -> Cell:
    return read(place.indicator.id, place.org, place.period, "*")


_FORMS: dict[str, Callable[[Any, Place, Read], Reading]] = {
    "ThresholdGoal": _threshold,
    "EstimateGoal": _estimate,
    "ReferenceGoal": _reference,
    "RisingGoal": _rising,
    "CoverageGoal": _coverage,
    "ConditionalGoal": _conditional,
}
