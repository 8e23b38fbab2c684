"""Figures judged: which period speaks, whose values count, and what the goal makes of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from zhuji.indicators.cells import Cell, Cells, PeriodRow
from zhuji.indicators.check import operands
from zhuji.indicators.goals import Case, Verdict, goal_label, judge
from zhuji.indicators.prepare import Suite
from zhuji.indicators.readings import Place
from zhuji.indicators.sources import Event
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label, say
from zhuji.kernel.spans import Span
from zhuji.kernel.values import Missing, NotApplicable, Present
from zhuji.plan.model import (
    ConditionalGoal,
    CoverageGoal,
    EstimateGoal,
    Indicator,
    ReferenceGoal,
)
from zhuji.programme.scene import OrgFacts, Scene
from zhuji.programme.sources import sources

_NO_GOAL = Label("仅供了解", "for information")
_ELSEWHERE = NotApplicable(say("本指标不涉及这个机构。"))
# A period that has just begun may not have reported yet: the one before still speaks.
_PATIENCE = 2


@dataclass(frozen=True)
class Figure:
    """An indicator of one organisation: its cell, the period it is of, and its verdict."""

    indicator: Indicator
    cell: Cell | None
    period: PeriodRow | None
    verdict: Verdict


@dataclass(frozen=True)
class Figures:
    suite: Suite
    scene: Scene
    cells: Cells
    exempted: frozenset[tuple[str, str]] = frozenset()
    _history: dict[str, tuple[PeriodRow, ...]] = field(default_factory=dict)
    _cases: dict[str, Case] = field(default_factory=dict)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator that has values, after expansion by stage."""
        return {key: each.indicator for key, each in self.suite.prepared.items()}

    @cached_property
    def building_blocks(self) -> frozenset[str]:
        """Indicators without a goal that others are made of: explained, but not judged."""
        used: set[str] = set()
        for indicator in self.indicators.values():
            if indicator.source is None:
                used.update(operands(indicator))
            if isinstance(indicator.goal, ConditionalGoal):
                used.add(indicator.goal.when)
            if isinstance(indicator.goal, EstimateGoal) and indicator.goal.invited:
                used.add(indicator.goal.invited)
        return frozenset(key for key in used if self.indicators[key].goal is None)

    def figure(self, key: str, org: str) -> Figure:
        indicator = self.indicators[key]
        history = self.history(key)
        if not history:
            missing = Missing(say("还没有开始的时期。"))
            return Figure(indicator, None, None, Verdict(Light.NO_DATA, missing, _NO_GOAL))
        period = history[-1]
        if not self.is_about(key, org):
            return Figure(
                indicator, None, period, Verdict(Light.NOT_APPLICABLE, _ELSEWHERE, _NO_GOAL)
            )
        cell = self.cells.cell(key, org, period.key)
        if indicator.goal is None:
            return Figure(indicator, cell, period, _unjudged(cell))
        if (org, key) in self.exempted:
            return Figure(indicator, cell, period, _relieved(cell))
        case = self._case(indicator, org, history)
        return Figure(indicator, cell, period, judge(indicator.goal, case, self.cells.cell))

    def is_about(self, key: str, org: str) -> bool:
        """Whether the indicator has a value of this organisation in the period that speaks."""
        indicator, history = self.indicators[key], self.history(key)
        counts = bool(history) and _counts(indicator, self.scene.orgs[org])
        return counts and self._within(indicator, org, history[-1])

    def history(self, key: str) -> tuple[PeriodRow, ...]:
        """The periods up to the one that speaks: the newest with data anywhere in the county."""
        if key not in self._history:
            self._history[key] = self._known_periods(key)
        return self._history[key]

    def _known_periods(self, key: str) -> tuple[PeriodRow, ...]:
        indicator, root = self.indicators[key], self.scene.county
        every = self.scene.periods_of(indicator.period)
        silent = _gains_by_silence(indicator)
        speaks = self.cells.has_rows if silent else self._reported
        for newest in range(len(every), 0 if silent else max(0, len(every) - _PATIENCE), -1):
            if root and speaks(key, root, every[newest - 1].key):
                return every[:newest]
        return every

    def _reported(self, key: str, org: str, period: str) -> bool:
        return self.cells.cell(key, org, period).reported > 0

    def _case(self, indicator: Indicator, org: str, history: Sequence[PeriodRow]) -> Case:
        like = self._cases.get(indicator.id)
        if like is None:
            like = self._cases[indicator.id] = self._like_case(indicator, history)
        units = self._units(indicator, org, history[-1])
        return Case(
            like.place.of(org),
            like.plan,
            units,
            like.group_label,
            like.goal_label,
        )

    def _like_case(self, indicator: Indicator, history: Sequence[PeriodRow]) -> Case:
        """What is the same for every organisation, with the goal in words."""
        plan, goal = self.scene.plan, indicator.goal
        assert goal is not None
        place = Place(
            indicator=indicator,
            org="",
            root=self.scene.county or "",  # there is one wherever there is an organisation
            on=self.scene.on,
            history=tuple((row.key, Span(row.start_on, row.end_on)) for row in history),
        )
        label = None
        if isinstance(goal, ReferenceGoal):
            label = next((one.label for one in plan.groups if one.id == goal.group), None)
        case = Case(place, Span(plan.starts, plan.ends), (), label)
        return replace(case, goal_label=goal_label(goal, case))

    def _units(self, indicator: Indicator, org: str, period: PeriodRow) -> tuple[str, ...]:
        """Whose values count where the goal says `each`; those with a relief are left out."""
        assert indicator.goal is not None
        grp = indicator.among or "*"
        below = self.cells.schools(period.kind, period.key, org, grp)
        if indicator.goal.each == "school":
            units: Iterable[str] = below or [org]
        elif indicator.goal.each == "town":
            towns = [one for one in self.scene.below.get(org, ()) if self._is_town(one)]
            counted = (period.kind, period.key)
            units = [one for one in towns if self.cells.has_members(*counted, one, grp)]
        else:
            return ()
        return tuple(one for one in units if (one, indicator.id) not in self.exempted)

    def _within(self, indicator: Indicator, org: str, period: PeriodRow) -> bool:
        """Whether the indicator is about this organisation, or about anything under it."""
        if indicator.among is None:
            return True
        return self.cells.has_members(period.kind, period.key, org, indicator.among)

    def _is_town(self, org: str) -> bool:
        return self.scene.orgs[org].kind == "town"


def _gains_by_silence(indicator: Indicator) -> bool:
    """Fewer is better and no rows count as none: a new, empty period would improve the light.

    Only events fall silent; what lasts until it is closed is there to be seen in every period.
    """
    if indicator.absent != "zero" or indicator.source is None:
        return False
    if not isinstance(sources()[indicator.source].dated, Event):
        return False
    return indicator.better == "lower" or isinstance(indicator.goal, CoverageGoal)


def _counts(indicator: Indicator, org: OrgFacts) -> bool:
    level = "school" if org.is_school else org.kind
    return level in indicator.levels


def _unjudged(cell: Cell) -> Verdict:
    """What nobody asks for turns no light, not even that of missing data."""
    return Verdict(Light.NOT_APPLICABLE, cell.value, _NO_GOAL)


def _relieved(cell: Cell) -> Verdict:
    reason = say("有生效的豁免，不作要求。")
    value = cell.value if isinstance(cell.value, Present) else NotApplicable(reason)
    return Verdict(Light.NOT_APPLICABLE, value, _NO_GOAL, reason=reason)
