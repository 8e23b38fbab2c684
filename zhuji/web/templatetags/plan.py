"""What the pages of the plan say: addresses of links, figures as they are written, kinds."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template

from zhuji.bulletins import words
from zhuji.cockpit.faces import Exact, Face, Figure, Link, Part, Standing
from zhuji.kernel.lights import LABELS, PRECEDENCE, Light
from zhuji.kernel.messages import Label, Message, say
from zhuji.web import links, pages
from zhuji.web.templatetags import figures

register = template.Library()
_YES, _NO = Label("是", "yes"), Label("否", "no")
_PLAIN_UNITS = ("", "%")
_WORST_FIRST = (*PRECEDENCE, Light.NOT_APPLICABLE)


@register.simple_tag
def to(link: Link, standing: Standing | None = None, item: str = "") -> str:
    return links.href(link, standing, item=item)


@register.simple_tag
def to_org(org: str, standing: Standing | None = None, item: str = "") -> str:
    return links.href(Link("org", org, org), standing, item=item)


def written(value: Exact | None, unit: str, decimals: int) -> str:
    """The number with its unit, the zeros at the end left out; a dash where there is none."""
    if value is None:
        return figures.NOTHING
    exact = _decimal(value)
    if unit == "yuan":
        return figures.money(exact)
    text = figures.number(exact, decimals)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    name = words.unit(unit, pages.language())
    return f"{text}{'' if name in _PLAIN_UNITS else ' '}{name}"


def _decimal(value: Exact) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(str(value))


@register.filter
def value(face: Face) -> str:
    return written(face.value, face.unit, face.decimals)


@register.simple_tag
def figure(given: Figure | None, unit: str, decimals: int) -> str:
    """Of a figure; why there is none is said beside it."""
    return written(given.value if given else None, unit, decimals)


@register.simple_tag
def amount(given: Exact | None, unit: str = "", decimals: int = 2) -> str:
    return written(given, unit, decimals)


@register.filter
def kind(name: str) -> Label:
    return words.KINDS.get(name, Label(name, name))


@register.filter
def lit(counts: Mapping[Light, int]) -> list[tuple[Light, Label, int]]:
    """Lights that are shown at all with how many show them, the worst first."""
    return [(one, LABELS[one], counts[one]) for one in _WORST_FIRST if counts.get(one)]


@register.filter
def deciding(face: Face, most: int) -> Sequence[Part]:
    """What a light is made of, first what makes it that light; all of it where `most` is 0."""
    if not most:
        return face.parts
    return sorted(face.parts, key=lambda one: one.light is not face.light)[:most]


@register.filter
def left(days: int | None) -> Message | str:
    """How long until the last good day, or how long ago it was."""
    if days is None:
        return ""
    if days < 0:
        return say("已过期 {days} 天", days=-days)
    return say("还有 {days} 天", days=days) if days else say("今天到期")


@register.filter
def at(found: Mapping[Any, Any], key: Any) -> Any:
    return found.get(key)


@register.filter
def cell_words(given: object) -> str:
    """A value of a ledger row as it is read."""
    match given:
        case None | "":
            return figures.NOTHING
        case Message() | Label():
            return pages.words(given)
        case bool():
            return pages.words(_YES if given else _NO)
        case Decimal():
            return figures.number(given)
        case _:
            return str(given)
