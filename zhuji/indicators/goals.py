"""A goal judged: a light that is a pure function of facts, dates and the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from zhuji.indicators.readings import (
    DOWNWARDS,
    UPWARDS,
    Place,
    Read,
    Reading,
    State,
    in_force,
    read_goal,
)
from zhuji.kernel.comparators import Comparator
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label, Message, say
from zhuji.kernel.money import format_money
from zhuji.kernel.spans import Span
from zhuji.kernel.values import NotApplicable, Present, Value
from zhuji.plan.model import (
    AnyGoal,
    ConditionalGoal,
    EstimateGoal,
    Indicator,
    ReferenceGoal,
    RisingGoal,
    ThresholdGoal,
)

__all__ = ["Case", "Light", "Place", "Verdict", "goal_label", "judge"]


@dataclass(frozen=True, slots=True)
class Case:
    """One goal of one organisation. `units` are compared where the goal says `each`."""

    place: Place
    plan: Span
    units: Sequence[str] = ()
    group_label: Label | None = None  # the name of the reference group
    goal_label: Label | None = None  # where it is known already


@dataclass(frozen=True, slots=True)
class Verdict:
    light: Light
    value: Value
    goal: Label
    target: Fraction | None = None
    pace: Fraction | None = None  # where the value should stand today
    shortfall: Fraction | int | None = None  # of the value, or of units that must still reach it
    units_short: tuple[str, ...] = ()
    units_missing: tuple[str, ...] = ()
    units: int = 0  # to which the goal applies
    reason: Message | None = None
    interval: tuple[float, float] | None = None


def judge(goal: AnyGoal, case: Case, read: Read) -> Verdict:
    """Reached: met. Past its day, or owed from the first: not met. Else by pace."""
    text = case.goal_label or goal_label(goal, case)
    if goal.each == "self":
        return _own(goal, case, read, text)
    return _each(goal, case, read, text)


def _own(goal: AnyGoal, case: Case, read: Read, text: Label) -> Verdict:
    reading = read_goal(goal, case.place, read)
    pace = None
    if reading.state is State.SHORT and not isinstance(goal, RisingGoal):
        pace = _pace_of_value(goal, case, reading, read)
    light = _light(goal, case, reading.state, _keeps(reading, pace), reading.final)
    missing = (case.place.org,) if light is Light.NO_DATA else ()
    return Verdict(
        light,
        reading.value,
        text,
        reading.target,
        pace,
        _shortfall(reading),
        units_missing=missing,
        reason=reading.reason,
        interval=reading.interval,
    )


def _each(goal: AnyGoal, case: Case, read: Read, text: Label) -> Verdict:
    """Enough units of those concerned; what is missing counts for neither side."""
    states = _states(goal, case, case.place, read)
    holding = [unit for unit, state in states.items() if state is State.HOLDS]
    short = tuple(unit for unit, state in states.items() if state is State.SHORT)
    missing = tuple(unit for unit, state in states.items() if state is State.MISSING)
    wanted = Fraction(goal.share)
    everyone = len(holding) + len(short) + len(missing)
    state = _state(len(holding), len(missing), everyone, wanted)
    pace = None
    if state is State.SHORT:
        pace = _between(_base_share(goal, case, read), wanted, _elapsed(goal, case))
    keeps = pace is not None and Fraction(len(holding), everyone) >= pace
    return Verdict(
        _light(goal, case, state, keeps, False),
        _share_value(len(holding), everyone - len(missing)),
        text,
        wanted,
        pace,
        max(0, ceil(wanted * everyone) - len(holding)),
        short,
        missing,
        everyone,
    )


def _states(goal: AnyGoal, case: Case, place: Place, read: Read) -> dict[str, State]:
    return {unit: read_goal(goal, place.of(unit), read).state for unit in case.units}


def _state(holding: int, missing: int, everyone: int, wanted: Fraction) -> State:
    if everyone == 0:
        return State.OUTSIDE
    if holding >= wanted * everyone:
        return State.HOLDS
    return State.MISSING if holding + missing >= wanted * everyone else State.SHORT


def _share_value(holding: int, known: int) -> Value:
    if known == 0:
        return NotApplicable(say("没有可比较的单位。"))
    return Present(Fraction(holding, known), holding, known, known)


def _light(goal: AnyGoal, case: Case, state: State, keeps: bool, final: bool) -> Light:
    match state:
        case State.HOLDS:
            return Light.MET
        case State.MISSING:
            return Light.NO_DATA
        case State.OUTSIDE:
            return Light.NOT_APPLICABLE
    if final or goal.standing or case.place.on >= _due(goal, case):
        return Light.NOT_MET
    return Light.ON_TRACK if keeps else Light.BEHIND


def _due(goal: AnyGoal, case: Case) -> date:
    return goal.by or case.plan.end


def _elapsed(goal: AnyGoal, case: Case) -> Fraction:
    """The part of the way from the plan's first day to the goal's day that is behind us."""
    whole = (_due(goal, case) - case.plan.start).days
    if whole <= 0:
        return Fraction(1)
    passed = (case.place.on - case.plan.start).days
    return min(Fraction(1), max(Fraction(0), Fraction(passed, whole)))


def _baseline(case: Case) -> Place | None:
    """The plan's first period, once it is behind us."""
    if len(case.place.history) < 2:
        return None
    return replace(case.place, history=case.place.history[:1])


def _pace_of_value(goal: AnyGoal, case: Case, reading: Reading, read: Read) -> Fraction | None:
    first = _baseline(case)
    if first is None or reading.target is None:
        return None
    base = read(first.indicator.id, first.org, first.period, "*").value
    if not isinstance(base, Present):
        return None
    return _between(Fraction(base.value), reading.target, _elapsed(goal, case))


def _base_share(goal: AnyGoal, case: Case, read: Read) -> Fraction | None:
    first = _baseline(case)
    if first is None:
        return None
    states = [
        state for state in _states(goal, case, first, read).values() if state is not State.OUTSIDE
    ]
    if not states or State.MISSING in states:
        return None
    return Fraction(states.count(State.HOLDS), len(states))


def _between(base: Fraction | None, target: Fraction, elapsed: Fraction) -> Fraction | None:
    return None if base is None else base + (target - base) * elapsed


def _keeps(reading: Reading, pace: Fraction | None) -> bool:
    if pace is None or not isinstance(reading.value, Present):
        return False
    value = Fraction(reading.value.value)
    if reading.comparator in UPWARDS:
        return value >= pace
    if reading.comparator in DOWNWARDS:
        return value <= pace
    target = reading.target or Fraction(0)
    return abs(value - target) <= abs(pace - target)


def _shortfall(reading: Reading) -> Fraction | None:
    if reading.state is not State.SHORT or reading.target is None:
        return None
    if not isinstance(reading.value, Present):
        return None
    return abs(reading.target - Fraction(reading.value.value))


def goal_label(goal: AnyGoal, case: Case) -> Label:
    indicator = case.place.indicator
    match goal:
        case ThresholdGoal() | EstimateGoal() | ConditionalGoal():
            found = in_force(goal.values, case.place.day)
            wanted = found.value if found else None
            text = _compared(goal.comparator, wanted, indicator)
        case ReferenceGoal():
            text = _referred(goal, case.group_label or Label(goal.group, goal.group))
        case RisingGoal():
            text = _rises(goal, indicator)
        case _:
            text = Label("全覆盖", "everyone covered")
    return _for_each(goal, text)


def _compared(comparator: Comparator, wanted: Decimal | None, indicator: Indicator) -> Label:
    if wanted is None:
        return Label("本期没有标准", "no standard in this period")
    if indicator.unit == "yuan":
        zh, en = (format_money(wanted, language) for language in ("zh", "en"))
        return Label(f"{comparator.label.zh} {zh}", f"{comparator.label.en} {en}")
    number = f"{wanted.normalize():f}"
    unit = "%" if indicator.unit == "percent" else ""
    return Label(f"{comparator.label.zh} {number}{unit}", f"{comparator.label.en} {number}{unit}")


def _referred(goal: ReferenceGoal, group: Label) -> Label:
    if goal.test == "not_below" or goal.limit is None:
        return Label(f"不差于{group.zh}", f"not worse than {group.en}")
    limit = f"{goal.limit.normalize():f}"
    return Label(f"与{group.zh}的差异率低于 {limit}", f"gap to {group.en} below {limit}")


def _rises(goal: RisingGoal, indicator: Indicator) -> Label:
    if indicator.better == "lower":
        return Label("逐期下降", "falls every period")
    if goal.strictly:
        return Label("逐期上升", "rises every period")
    return Label("逐期不降", "never falls")


def _for_each(goal: AnyGoal, text: Label) -> Label:
    if goal.each == "self":
        return text
    zh, en = {"school": ("学校", "schools"), "town": ("镇街", "towns")}[goal.each]
    percent = f"{(goal.share * 100).normalize():f}%"
    return Label(f"{percent} 的{zh}{text.zh}", f"{percent} of {en}: {text.en}")
