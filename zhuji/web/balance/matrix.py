"""The matrix as it is written: a row for each school, a cell for each resource, and the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from zhuji.cockpit.balance import BalanceCell, BalancePage, BalanceSchool, BalanceStage, Resource
from zhuji.cockpit.faces import Link, Standing
from zhuji.cockpit.ways import Step, way
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers.registry import ledger
from zhuji.programme.outline import Exemption
from zhuji.web.links import href
from zhuji.web.pages import language, words
from zhuji.web.templatetags.figures import unit

_PLACES = 6  # digits after the point that an exact amount is worked out to before it is rounded up


@dataclass(frozen=True)
class Look:
    """How a state is told: the class for the colour, a sign and a word that survive a print."""

    style: str
    mark: str
    word: Label


LOOKS = {
    "met": Look(Light.MET.value, "✓", Label("达标", "met")),
    "floor": Look(Light.BEHIND.value, "◐", Label("过 85%", "over 85 %")),
    "below": Look(Light.NOT_MET.value, "✗", Label("不足 85%", "below 85 %")),
    "missing": Look(Light.NO_DATA.value, "?", Label("缺数据", "no data")),
}
_PASSES = Look(Light.MET.value, "✓", Label("过线", "over the line"))
_EXCUSED = Look(Light.ON_TRACK.value, "免", Label("豁免后过线", "over with relief"))
_SHORT = Look(Light.NOT_MET.value, "✗", Label("未过线", "short of it"))
_UNKNOWN = Look(Light.NO_DATA.value, "?", Label("缺数据", "no data"))


@dataclass(frozen=True)
class Cell:
    look: Look
    value: str
    exempt: bool
    title: str


@dataclass(frozen=True)
class Row:
    code: str
    name: str
    href: str
    town: str
    pupils: str
    verdict: Look
    met: str
    cells: tuple[Cell, ...]
    steps: tuple[Message, ...]


@dataclass(frozen=True)
class Column:
    id: str
    label: str
    href: str
    standard: str
    floor: str
    verified: bool


@dataclass(frozen=True)
class Matrix:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    least: int

    @property
    def ways(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.steps)


def matrix(found: BalancePage, stage: BalanceStage, schools: Iterable[BalanceSchool]) -> Matrix:
    return Matrix(
        columns=tuple(_column(one, stage, found.standing) for one in stage.resources),
        rows=tuple(_row(one, stage, found.standing) for one in schools),
        least=stage.least,
    )


def _column(one: Resource, stage: BalanceStage, standing: Standing) -> Column:
    label = words(one.label).removesuffix(f"（{words(stage.label)}）")
    written = unit(one.unit)
    return Column(
        id=one.id,
        label=label,
        href=href(Link("indicator", one.id), standing),
        standard=f"≥ {exact(one.standard)} {written}",
        floor="" if one.floor is None else f"≥ {exact(one.floor)}",
        verified=one.verified,
    )


def _row(one: BalanceSchool, stage: BalanceStage, standing: Standing) -> Row:
    told = {resource.id: resource for resource in stage.resources}
    return Row(
        code=one.org.code,
        name=one.org.name,
        href=href(Link("org", one.org.code, one.org.code), standing),
        town=one.town.name if one.town else "",
        pupils="" if one.pupils is None else exact(one.pupils),
        verdict=verdict(one),
        met=f"{one.met}/{len(one.cells)}",
        cells=tuple(_cell(cell, told[cell.id]) for cell in one.cells),
        steps=steps(one, stage),
    )


def verdict(one: BalanceSchool) -> Look:
    if one.passes:
        return _PASSES
    if one.excused:
        return _EXCUSED
    return _UNKNOWN if one.passes is None else _SHORT


def _cell(cell: BalanceCell, resource: Resource) -> Cell:
    look, exempt = LOOKS[cell.state], cell.exemption is not None
    value = "—" if cell.value is None else rounded(cell.value, resource.decimals)
    return Cell(look, value, exempt and cell.state != "met", words(resource.label))


# --- what is still needed --------------------------------------------------------------------


def steps(one: BalanceSchool, stage: BalanceStage) -> tuple[Message, ...]:
    return tuple(_said(step) for step in way(one, stage.resources))


def _said(step: Step) -> Message:
    if step.aim == "report":
        return say("{what}：先补报数据，才知道差多少", what=step.label)
    short = amount(step.short or Fraction(0), step.unit)
    share = rounded((step.share or Fraction(0)) * 100, 1)
    if step.aim == "standard":
        return say("{what}：再有 {short}，达到标准（差 {share}%）", what=step.label, short=short,
                   share=share)  # fmt: skip
    full = amount(step.other or Fraction(0), step.unit)
    return say("{what}：再有 {short}，到 85% 就够（全达标要 {full}）", what=step.label, short=short,
               full=full)  # fmt: skip


def amount(short: Fraction, name: str) -> str:
    """Never less than what is needed: what two digits cannot hold is rounded up."""
    text = plain(enough(short))
    written = unit(name)
    gap = " " if language().startswith("en") or not written.isascii() else ""
    return f"{text}{gap}{written}"


def enough(short: Fraction, decimals: int = 2) -> Decimal:
    step = Decimal(1).scaleb(-decimals)
    scaled = short * 10**decimals
    return Decimal(-(-scaled.numerator // scaled.denominator)) * step


def exact(value: Fraction) -> str:
    """A standard or a head count, as it is written; what does not end is cut off."""
    whole = Decimal(value.numerator) / Decimal(value.denominator)
    return plain(whole.quantize(Decimal(1).scaleb(-_PLACES), ROUND_CEILING))


def rounded(value: Fraction, decimals: int) -> str:
    whole = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{whole.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"


def plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def told(one: Resource, standing: Standing) -> dict[str, Any]:
    """A coefficient beside its limit, and what chance alone would make of it."""
    coefficient = one.coefficient
    assert coefficient is not None
    noise = coefficient.noise
    value = coefficient.value
    beyond = noise is not None and value is not None and float(value) > noise.upper
    return {
        "href": href(Link("indicator", coefficient.id), standing),
        "label": coefficient.label,
        "value": None if value is None else f"{float(value):.3f}",
        "limit": coefficient.limit,
        "light": coefficient.light,
        "verified": coefficient.verified,
        "noise": noise,
        "expected": f"{noise.expected:.2f}" if noise else "",
        "upper": f"{noise.upper:.2f}" if noise else "",
        "beyond": beyond,
    }


def relief(one: Exemption) -> Label | str:
    """The kind of an exemption, in words."""
    kinds = {option.value: option.label for option in ledger("exemptions").by_key["kind"].options}
    return kinds.get(one.kind, one.kind)
