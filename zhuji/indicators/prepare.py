"""Indicators made ready: checked, put in order, their formulas taken apart, their scans shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sqlglot import exp

from zhuji.indicators.atoms import Atoms, Parts, Reading, count_of, ratio_parts, take_apart
from zhuji.indicators.check import check, operands, order
from zhuji.indicators.compile import (
    ALL,
    Asked,
    Scan,
    SplitRule,
    expectations,
    schools_under,
    statement,
)
from zhuji.indicators.dispersion import Dispersion, lift
from zhuji.indicators.expand import as_column, expand, stage_of
from zhuji.indicators.formula import Allow, parse_formula
from zhuji.indicators.groups import groups_asked
from zhuji.indicators.sources import AtPeriod, Event, Source, Sources
from zhuji.indicators.version import formula_version
from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import say
from zhuji.plan.model import CoverageGoal, Indicator


@dataclass(frozen=True)
class Prepared:
    """One indicator ready to be finished from the rows of its scan, or from other cells."""

    indicator: Indicator
    version: str
    parts: Parts
    stage: str
    scan: str | None = None
    level: str | None = "school"
    dispersions: tuple[Dispersion, ...] = ()


@dataclass(frozen=True)
class Suite:
    """All of them: `statements` to run, `prepared` to finish what comes back."""

    prepared: Mapping[str, Prepared]  # in an order in which each can be computed
    scans: tuple[Scan, ...]
    asked: Asked  # what membership must hold

    @cached_property
    def statements(self) -> Mapping[str, exp.Select]:
        return {scan.key: statement(scan) for scan in self.scans}

    @cached_property
    def expectations(self) -> exp.Query:
        return expectations(self.asked)

    @cached_property
    def schools(self) -> exp.Select:
        return schools_under(self.asked)

    @cached_property
    def operands(self) -> Mapping[str, tuple[str, ...]]:
        """For each indicator the others that its formula reads."""
        return {key: operands(each.indicator) for key, each in self.prepared.items()}

    @cached_property
    def by_column(self) -> Mapping[str, str]:
        """How ids are written in formulas."""
        return {as_column(identifier): identifier for identifier in self.prepared}


def prepare(
    indicators: Sequence[Indicator], sources: Sources, split: SplitRule | None = None
) -> Suite:
    """Expand, check, share scans. What does not check is refused with every issue found."""
    expanded = expand(indicators)
    issues = check(expanded, sources)
    if issues:
        raise BadInput(
            say(
                "{count} 处指标写得不对，首先是：{first}",
                count=len(issues),
                first=issues[0].message,
            ),
            issues,
        )
    by_id = {indicator.id: indicator for indicator in expanded}
    drafts: dict[str, _Draft] = {}
    ready = {
        identifier: _prepared(by_id[identifier], sources, split, drafts)
        for identifier in order(expanded)
    }
    asked = groups_asked(expanded)
    groups = _by(ready, asked, lambda each: each.scan)
    scans = tuple(draft.scan(groups[draft.key]) for draft in drafts.values())
    return Suite(ready, scans, _by(ready, asked, lambda each: each.indicator.period))


class _Draft:
    """A scan while indicators are still adding to it."""

    def __init__(self, key: str, source: Source, indicator: Indicator, split: SplitRule | None):
        self.key, self.source, self.split = key, source, split
        self.period_kind, self.at = indicator.period, _at(indicator, source)
        self.atoms = Atoms()
        self.reports: dict[tuple[str, ...], None] = {(): None}
        self.stages: dict[str, None] = {}

    def scan(self, groups: tuple[str, ...]) -> Scan:
        return Scan(
            self.key,
            self.source,
            self.period_kind,
            self.at,
            self.split,
            self.atoms.all,
            tuple(self.reports),
            tuple(self.stages),
            groups,
        )


def _prepared(
    indicator: Indicator,
    sources: Sources,
    split: SplitRule | None,
    drafts: dict[str, _Draft],
) -> Prepared:
    version = formula_version(indicator)
    if indicator.source is None:
        tree = parse_formula(str(indicator.value), allow=Allow.INDICATORS)
        tree, dispersions = lift(tree)
        scale, numerator, denominator = ratio_parts(tree)
        parts = Parts(numerator, denominator, scale, "")
        stage = stage_of(indicator)
        return Prepared(indicator, version, parts, stage, dispersions=dispersions)
    source = sources[indicator.source]
    draft = _draft(indicator, source, split, drafts)
    parts = _parts(indicator, source, draft)
    draft.reports[parts.blanks] = None
    stage = stage_of(indicator) if source.has_stage else ALL
    draft.stages[stage] = None
    return Prepared(indicator, version, parts, stage, draft.key, source.level)


def _draft(
    indicator: Indicator, source: Source, split: SplitRule | None, drafts: dict[str, _Draft]
) -> _Draft:
    if indicator.split and split is None:
        raise BadInput(say("指标 {id} 要拆分共用资产，但没有给出折算系数。", id=indicator.id))
    names = [source.key, indicator.period, _at(indicator, source)]
    key = ".".join([*names, "split"] if indicator.split else names)
    if key not in drafts:
        drafts[key] = _Draft(key, source, indicator, split if indicator.split else None)
    return drafts[key]


def _at(indicator: Indicator, source: Source) -> Literal["point", "census"]:
    """Events lie in a period and relations are already at a point: neither has a choice."""
    return "point" if isinstance(source.dated, AtPeriod | Event) else indicator.at


def _parts(indicator: Indicator, source: Source, draft: _Draft) -> Parts:
    where = None
    if indicator.where is not None:
        where = parse_formula(str(indicator.where), allow=Allow.ROWS)
    optional = {name for name, field in source.fields.items() if not field.required}
    reading = Reading(where, optional, indicator.split)
    value = parse_formula(str(indicator.value), allow=Allow.AGGREGATE)
    parts = take_apart(value, reading, draft.atoms)
    if not isinstance(indicator.goal, CoverageGoal):
        return parts
    lacking = parse_formula(indicator.goal.lacking, allow=Allow.ROWS)
    counted = count_of(lacking, reading, draft.atoms)
    return Parts(
        parts.numerator, parts.denominator, parts.scale, parts.counted, parts.blanks, counted
    )


def _by(
    ready: Mapping[str, Prepared],
    asked: Mapping[str, frozenset[str]],
    key_of: Callable[[Prepared], str | None],
) -> dict[str, tuple[str, ...]]:
    """The groups asked for by whatever the indicators have in common."""
    found: dict[str, set[str]] = {}
    for identifier, each in ready.items():
        key = key_of(each)
        if key is not None:
            found.setdefault(key, {ALL}).update(asked[identifier])
    return {key: tuple(sorted(groups)) for key, groups in found.items()}
