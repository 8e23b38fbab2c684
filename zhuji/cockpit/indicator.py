"""One indicator: value, goal, trend, how schools and towns stand, how the number comes about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from zhuji.cockpit import nodes
from zhuji.cockpit.day import LEAST, Board, opened
from zhuji.cockpit.faces import Exact, Face, Figure, Point, Standing
from zhuji.cockpit.spread import Distribution, PlaceFigure, distribution
from zhuji.indicators.noise import Floor
from zhuji.kernel.comparators import Comparator
from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import Label, say
from zhuji.orgs.scope import Reader
from zhuji.programme import kept, wording
from zhuji.programme.detail import (
    PRESENT,
    Declared,
    KeptCell,
    KeptIndicator,
    KeptVerdict,
    Threshold,
)

_ALL = Label("全部", "all")


@dataclass(frozen=True, slots=True)
class Switch:
    """The same figure of another stage, of a group, or a figure this one is made of."""

    id: str
    label: Label
    chosen: bool = False
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Noise:
    """What chance alone would make of a difference coefficient: see indicators/noise.py."""

    expected: float
    upper: float
    pieces: int
    schools: int
    beyond: bool  # the value is more than chance explains


@dataclass(frozen=True, slots=True)
class GoalNote:
    label: Label
    comparator: str
    target: Exact | None
    pace: Exact | None  # where it should stand by now
    by: date | None
    each: str


@dataclass(frozen=True, slots=True)
class ClauseNote:
    id: str
    clause: str
    label: Label
    says: Label


@dataclass(frozen=True)
class Explain:
    """How the number comes about, down to where its threshold comes from."""

    words: Label
    sql: str
    version: str
    source: str
    source_label: Label
    period_kind: str
    among: Label
    reference: Label | None
    reference_figure: Figure | None
    numerator: Exact | None
    denominator: Exact | None
    note: Label | None
    clauses: tuple[ClauseNote, ...]  # from the root down
    cites: tuple[str, ...]
    thresholds: tuple[Threshold, ...]
    parts: tuple[Switch, ...]
    verified: bool
    snapshot: str


@dataclass(frozen=True)
class IndicatorPage:
    standing: Standing
    id: str
    label: Label
    face: Face | None  # none for a building block: it is explained, but not judged
    unit: str
    decimals: int
    better: str
    period: Label
    as_of: date | None
    figure: Figure
    goal: GoalNote | None
    trend: tuple[Point, ...]
    distribution: Distribution | None
    towns: tuple[PlaceFigure, ...]
    stages: tuple[Switch, ...]
    groups: tuple[Switch, ...]
    noise: Noise | None
    explain: Explain


def indicator(
    reader: Reader,
    key: str,
    *,
    on: date | None = None,
    org: str | None = None,
    group: str = "",
) -> IndicatorPage:
    """`group` narrows the distribution down to the schools of one named group."""
    seen = opened(reader, on, org)
    found = kept.item(seen.judging, key)
    if not isinstance(found, KeptIndicator):
        raise NotFound(say("“{id}”不是指标。", id=key))
    told, period = found.head.declared, found.head.speaks
    cells = found.cells.get(seen.org, ())
    verdict = found.verdicts.get(seen.org)
    item = next((one for one in kept.items(seen.judging, seen.org) if one.id == key), None)
    now = figure(seen, told, cells[-1] if cells else None, verdict)
    schools = _schools(seen, found, group)
    return IndicatorPage(
        standing=seen.standing(),
        id=key,
        label=told.label,
        face=nodes.face(seen, item) if item else None,
        unit=told.unit,
        decimals=told.decimals,
        better=told.better,
        period=wording.period(period.key) if period else Label("", ""),
        as_of=period.point_on if period else None,
        figure=now,
        goal=_goal(told, item.goal if item else None, verdict),
        trend=tuple(_trend(seen, found, cells)),
        distribution=distribution(seen, found, schools, lambda *of: figure(seen, told, *of)),
        towns=tuple(_towns(seen, found)),
        stages=tuple(_stages(seen, told)),
        groups=tuple(_groups(seen, found, group)),
        noise=_noise(found.head.noise, now) if seen.org == seen.outline.county else None,
        explain=_explain(seen, found, now),
    )


def figure(
    seen: Board, told: Declared, cell: KeptCell | None, verdict: KeptVerdict | None = None
) -> Figure:
    """What of a cell the reader may be shown: nothing of fewer than ten persons from outside."""
    light = verdict.light if verdict else None
    if cell is None:
        return Figure("not_applicable", reason=say("本指标不涉及这个机构。"), light=light)
    whole = (cell.reported, cell.expected, cell.reason, light)
    if not seen.is_open and told.id in seen.outline.persons and _few(cell):
        return Figure("hidden", reason=say("不足 {least} 人，不显示。", least=LEAST), light=light)
    if cell.kind != PRESENT:
        return Figure(
            "missing" if cell.kind == "missing" else "not_applicable", None, None, None, cell.n,
            *whole,
        )  # fmt: skip
    return Figure(
        "present", _exact(cell.value), _exact(cell.numerator), _exact(cell.denominator), cell.n,
        *whole,
    )  # fmt: skip


def _few(cell: KeptCell) -> bool:
    """Few persons, or few among them."""
    return any(0 < count < LEAST for count in (cell.n, cell.numerator or 0))


def _exact(value: object) -> Exact | None:
    if value is None or isinstance(value, int | float | Fraction):
        return value
    return Fraction(str(value))


def _trend(seen: Board, found: KeptIndicator, cells: Iterable[KeptCell]) -> Iterator[Point]:
    periods = found.head.periods
    for row, cell in zip(periods, cells, strict=False):
        speaks = row == periods[-1]
        yield Point(
            row.key,
            wording.period(row.key),
            row.point_on,
            figure(seen, found.head.declared, cell),
            speaks,
        )


def _schools(seen: Board, found: KeptIndicator, group: str) -> tuple[str, ...]:
    """Schools under this organisation whose values count, of one group when it is asked for."""
    under = frozenset(seen.outline.under.get(seen.org, ()))
    if group:
        members = next((one.orgs for one in seen.outline.groups if one.id == group), None)
        if members is None:
            raise NotFound(say("方案里没有名为“{group}”的学校范围。", group=group))
        under &= members
    return tuple(org for org in found.schools if org in under)


def _towns(seen: Board, found: KeptIndicator) -> Iterator[PlaceFigure]:
    """In the order of the directory: no ranking."""
    for org in seen.outline.under.get(seen.org, ()):
        if seen.outline.orgs[org].kind == "town" and org in seen.readable and org != seen.org:
            yield PlaceFigure(
                seen.place(org),
                figure(seen, found.head.declared, found.now(org), found.verdicts.get(org)),
            )


def _stages(seen: Board, told: Declared) -> Iterator[Switch]:
    if len(told.siblings) > 1:
        for key, label in told.siblings:
            yield Switch(key, label, key == told.id)


def _groups(seen: Board, found: KeptIndicator, chosen: str) -> Iterator[Switch]:
    """Groups that hold any of the schools counted, with the county's value where it is known."""
    counted = frozenset(found.schools) & frozenset(seen.outline.under.get(seen.org, ()))
    if not counted:
        return
    yield Switch("", _ALL, not chosen)
    for group in seen.outline.groups:
        members = group.orgs & counted
        if members and members != counted:
            cell = found.head.groups.get(group.id)
            of_group = figure(seen, found.head.declared, cell) if cell else None
            yield Switch(group.id, group.label, group.id == chosen, of_group)


def _noise(floor: Floor | None, now: Figure) -> Noise | None:
    if floor is None:
        return None
    beyond = now.value is not None and float(now.value) > floor.upper
    return Noise(floor.expected, floor.upper, floor.pieces, floor.schools, beyond)


def _goal(told: Declared, label: Label | None, verdict: KeptVerdict | None) -> GoalNote | None:
    if not told.form or label is None:
        return None
    comparator = Comparator(told.comparator).symbol if told.comparator else ""
    target = _exact(verdict.target) if verdict else None
    pace = _exact(verdict.pace) if verdict else None
    return GoalNote(label, comparator, target, pace, told.by, told.each)


def _explain(seen: Board, found: KeptIndicator, now: Figure) -> Explain:
    told = found.head.declared
    named: Mapping[str, Label] = {one.id: one.label for one in seen.outline.groups}
    reference = found.head.groups.get(told.reference)
    return Explain(
        words=told.words,
        sql=told.sql,
        version=told.version,
        source=told.source,
        source_label=told.source_label,
        period_kind=told.period,
        among=named.get(told.among, _ALL),
        reference=named.get(told.reference) if told.reference else None,
        reference_figure=figure(seen, told, reference) if reference else None,
        numerator=now.numerator,
        denominator=now.denominator,
        note=told.note,
        clauses=tuple(_clauses(seen, told.id)),
        cites=told.clauses,
        thresholds=told.thresholds,
        parts=tuple(_parts(seen, told)),
        verified=told.verified and all(one.verified for one in told.thresholds),
        snapshot=seen.judging.snapshot,
    )


def _clauses(seen: Board, key: str) -> list[ClauseNote]:
    entry = seen.outline.by_id.get(key)
    found: list[ClauseNote] = []
    above = entry.parent if entry else None
    while above is not None and above in seen.outline.by_id:
        node = seen.outline.by_id[above]
        says = seen.outline.says.get(above, node.label)
        found.append(ClauseNote(above, node.clause, node.label, says))
        above = node.parent
    return found[::-1]


def _parts(seen: Board, told: Declared) -> Iterator[Switch]:
    """The figures that this one is made of, each with its value in the county."""
    heads = kept.heads(seen.judging, told.parts)
    for key in told.parts:
        if key in heads:
            head = heads[key]
            cell = head.county[-1] if head.county and seen.org == seen.outline.county else None
            yield Switch(
                key, head.declared.label, False,
                figure(seen, head.declared, cell, head.verdict) if cell else None,
            )  # fmt: skip
