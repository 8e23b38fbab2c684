"""What the cockpit counts and links: lights that are met, cells of the grid of towns."""

from collections.abc import Mapping

from django import template

from zhuji.cockpit.faces import Exact, Face, Link
from zhuji.cockpit.tiles import TownRow
from zhuji.kernel.lights import Light
from zhuji.web.links import href
from zhuji.web.templatetags.figures import unit as named
from zhuji.web.templatetags.plan import written

register = template.Library()


@register.filter
def met(counts: Mapping[Light, int]) -> int:
    return counts.get(Light.MET, 0)


@register.filter
def sum_of(counts: Mapping[Light, int]) -> int:
    """All that are judged: what does not apply is not among them."""
    return sum(count for light, count in counts.items() if light is not Light.NOT_APPLICABLE)


@register.filter
def town_cells(row: TownRow, targets: tuple[Face, ...]) -> list[tuple[Light, str]]:
    """Each light with the page of that target in that town."""
    return [
        (light, href(Link("node", target.id, row.org.code)))
        for light, target in zip(row.lights, targets, strict=True)
    ]


@register.simple_tag
def big(given: Exact | None, unit: str = "", decimals: int = 2) -> tuple[str, str]:
    """The number in large letters, and its unit in small ones; money and shares keep theirs."""
    if given is None or unit in ("yuan", "percent"):
        return written(given, unit, decimals), ""
    return written(given, "", decimals), named(unit)
