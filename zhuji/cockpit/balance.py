"""优质均衡: resources per school and stage against standard and floor, and what is still needed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Literal

from zhuji.cockpit import nodes
from zhuji.cockpit.day import Board, opened
from zhuji.cockpit.faces import Exact, Face, Place, Standing
from zhuji.indicators.expand import STAGES
from zhuji.indicators.noise import Floor, in_pieces
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label
from zhuji.orgs.scope import Reader
from zhuji.programme import kept
from zhuji.programme.balance import KeptBalance, KeptLine
from zhuji.programme.detail import PRESENT, IndicatorHead
from zhuji.programme.judgement import Item
from zhuji.programme.models import Judging
from zhuji.programme.outline import Exemption
from zhuji.programme.remembering import remembered

State = Literal["met", "floor", "below", "missing"]
_ALL_STAGES = Label("全部", "all")
Heads = Mapping[str, IndicatorHead]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """The difference between schools, its limit, and what chance alone would make of it."""

    id: str
    label: Label
    value: Exact | None
    limit: str
    light: Light
    verified: bool
    noise: Floor | None


@dataclass(frozen=True, slots=True)
class Resource:
    """`standard` and `floor` are of the indicator, in its unit."""

    id: str
    label: Label
    unit: str
    decimals: int
    amount_label: Label
    amount_unit: str
    standard: Fraction
    floor: Fraction | None
    verified: bool  # of the standard; the floor stands with the rule
    coefficient: Coefficient | None


@dataclass(frozen=True, slots=True)
class BalanceCell:
    """`to_standard` and `to_floor`: what is missing in the unit of the amount, exact; of what
    comes in pieces, whole ones. Zero where it is reached."""

    id: str
    state: State
    value: Fraction | None
    amount: Fraction | None
    to_standard: Fraction | None
    to_floor: Fraction | None
    exemption: Exemption | None = None


@dataclass(frozen=True)
class BalanceSchool:
    """Passes when so many reach the standard and none of the rest is below its floor. `to_bring`
    more must reach the standard, whichever; those below the floor must leave it in any case."""

    org: Place
    pupils: Fraction | None
    cells: tuple[BalanceCell, ...]
    met: int
    passes: bool | None  # None: not known, because something is missing
    excused: bool  # passes when what a relief excuses counts as met
    to_bring: int
    town: Place | None = None  # what stands above it


@dataclass(frozen=True)
class BalanceStage:
    stage: str
    label: Label
    least: int
    resources: tuple[Resource, ...]
    verdict: Face | None
    passing: int | None  # of the county, whatever the reader may see
    counted: int
    schools: tuple[BalanceSchool, ...]  # in the order of the directory
    beyond: int


@dataclass(frozen=True)
class BalancePage:
    standing: Standing
    stages: tuple[BalanceStage, ...]
    exemptions: tuple[Exemption, ...]


def balance(reader: Reader, *, on: date | None = None) -> BalancePage:
    seen = opened(reader, on)
    worked = _worked(seen.judging)
    county = {one.id: one for one in kept.items(seen.judging, seen.outline.county)}
    named = {line.resource for one in worked for line in one.rule.lines}
    return BalancePage(
        standing=seen.standing(),
        stages=tuple(_stage(seen, one, county.get(one.rule.verdict)) for one in worked),
        exemptions=tuple(
            one for one in seen.outline.exemptions
            if one.org in seen.readable and one.item in named
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class _Worked:
    """What a rule says of every school, whoever asks."""

    rule: KeptBalance
    resources: tuple[Resource, ...]
    schools: tuple[BalanceSchool, ...]


@remembered(2)
def _worked(judging: Judging) -> tuple[_Worked, ...]:
    """Exact fractions of all schools take a while, and are the same at every look."""
    rules, outline = kept.balances(judging), kept.outline(judging)
    county = {one.id: one for one in kept.items(judging, outline.county)}
    heads = kept.heads(judging, _read(rules))
    reliefs = {(one.org, one.item): one for one in outline.exemptions}
    found = []
    for rule in rules:
        resources = tuple(_resource(line, heads, county) for line in rule.lines)
        schools = (
            _school(Place(org, outline.name(org)), rule, resources, weight, amounts, reliefs)
            for org, (weight, amounts) in rule.schools.items()
        )
        found.append(_Worked(rule, resources, tuple(schools)))
    return tuple(found)


def _read(rules: Iterable[KeptBalance]) -> set[str]:
    return {
        key
        for rule in rules
        for line in rule.lines
        for key in (line.resource, line.coefficient, line.amount)
        if key
    }


def _stage(seen: Board, worked: _Worked, verdict: Item | None) -> BalanceStage:
    rule, schools = worked.rule, worked.schools
    known = [one for one in schools if one.passes is not None]
    shown = [
        replace(one, org=seen.place(one.org.code), town=_town(seen, one.org.code))
        for one in schools if one.org.code in seen.readable
    ]  # fmt: skip
    return BalanceStage(
        stage=rule.stage,
        label=STAGES.get(rule.stage, _ALL_STAGES),
        least=rule.least,
        resources=worked.resources,
        verdict=nodes.face(seen, verdict) if verdict else None,
        passing=sum(bool(one.passes) for one in known) if known else None,
        counted=len(schools),
        schools=tuple(shown),
        beyond=len(schools) - len(shown),
    )


def _resource(line: KeptLine, heads: Heads, county: Mapping[str, Item]) -> Resource:
    amount, judged = heads[line.amount].declared, heads.get(line.resource)
    told = judged.declared if judged else amount
    scale = _scale(judged)
    return Resource(
        id=line.resource or line.amount,
        label=told.label,
        unit=told.unit,
        decimals=told.decimals,
        amount_label=amount.label,
        amount_unit=amount.unit,
        standard=line.standard * scale,
        floor=None if line.floor is None else line.floor * scale,
        verified=all(one.verified for one in told.thresholds),
        coefficient=_coefficient(line.coefficient, heads, county),
    )


def _scale(judged: IndicatorHead | None) -> Fraction:
    """By what the indicator multiplies amount over weight: 100 where it is of a hundred pupils."""
    for cell in judged.county[::-1] if judged else ():
        if cell.kind == PRESENT and cell.numerator and cell.denominator:
            return Fraction(cell.value or 0) / (
                Fraction(cell.numerator) / Fraction(cell.denominator)
            )
    return Fraction(1)


def _coefficient(key: str, heads: Heads, county: Mapping[str, Item]) -> Coefficient | None:
    head = heads.get(key)
    if head is None:
        return None
    cell = head.county[-1] if head.county else None
    light = county[key].light if key in county else Light.NOT_APPLICABLE
    told = head.declared
    return Coefficient(
        id=key,
        label=told.label,
        value=cell.value if cell else None,  # type: ignore[arg-type]  # never a Decimal when kept
        limit=told.thresholds[-1].value if told.thresholds else "",
        light=light,
        verified=all(one.verified for one in told.thresholds),
        noise=head.noise,
    )


def _town(seen: Board, org: str) -> Place | None:
    note = seen.outline.orgs.get(org)
    parent = note.parent if note else None
    return seen.place(parent) if parent and parent in seen.outline.orgs else None


# --- one school ------------------------------------------------------------------------------


def _school(
    org: Place,
    rule: KeptBalance,
    resources: tuple[Resource, ...],
    weight: Fraction | None,
    amounts: tuple[Fraction | None, ...],
    reliefs: Mapping[tuple[str, str], Exemption],
) -> BalanceSchool:
    cells = tuple(
        _cell(line, resource, weight, amount, reliefs.get((org.code, resource.id)))
        for line, resource, amount in zip(rule.lines, resources, amounts, strict=True)
    )
    met = sum(cell.state == "met" for cell in cells)
    passes = _passes([cell.state for cell in cells], rule.least)
    excused = _passes(["met" if cell.exemption else cell.state for cell in cells], rule.least)
    return BalanceSchool(
        org, weight, cells, met, passes, bool(excused) and not passes, max(0, rule.least - met)
    )


def _passes(states: list[State], least: int) -> bool | None:
    """What is missing leaves it open, unless it fails or passes whatever that may be."""
    met, missing = states.count("met"), states.count("missing")
    if "below" in states or met + missing < least:
        return False
    return None if missing else True


def _cell(
    line: KeptLine,
    resource: Resource,
    weight: Fraction | None,
    amount: Fraction | None,
    exemption: Exemption | None,
) -> BalanceCell:
    if weight is None or amount is None:
        return BalanceCell(resource.id, "missing", None, amount, None, None, exemption)
    whole = in_pieces(resource.amount_unit)
    floor = line.floor if line.floor is not None else line.standard
    to_standard = _short(line.standard * weight - amount, whole)
    to_floor = _short(floor * weight - amount, whole)
    state: State = "met" if not to_standard else "below" if to_floor else "floor"
    value = amount / weight * (resource.standard / line.standard) if weight else None
    return BalanceCell(resource.id, state, value, amount, to_standard, to_floor, exemption)


def _short(missing: Fraction, whole: bool) -> Fraction:
    short = max(Fraction(0), missing)
    return Fraction(ceil(short)) if whole else short
