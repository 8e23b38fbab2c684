"""Which groups of organisations each indicator may be asked for, so that no others are computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhuji.indicators.check import operands, order
from zhuji.indicators.compile import ALL
from zhuji.plan.model import Indicator, ReferenceGoal


def groups_asked(indicators: Sequence[Indicator]) -> Mapping[str, frozenset[str]]:
    """By indicator: its own group, the one it is compared with, and those of what is made of it."""
    by_id = {indicator.id: indicator for indicator in indicators}
    asked: dict[str, set[str]] = {indicator.id: {ALL} for indicator in indicators}
    for identifier in reversed(order(indicators)):  # what is made of others comes first
        indicator = by_id[identifier]
        if isinstance(indicator.goal, ReferenceGoal):
            asked[identifier].add(indicator.goal.group)
        if indicator.source is None:
            for operand in operands(indicator):
                asked[operand] |= _meant(indicator, asked[identifier])
    return {key: _meant(by_id[key], groups) for key, groups in asked.items()}


def _meant(indicator: Indicator, asked: set[str]) -> frozenset[str]:
    """Who asks for everybody is given the indicator's own group."""
    own = indicator.among or ALL
    return frozenset({own if group == ALL else group for group in asked})
