"""What the charts of an indicator are told; each stands beside a table of the same figures."""

from typing import Any

from zhuji.bulletins import words
from zhuji.cockpit.faces import Exact, Link
from zhuji.cockpit.indicator import IndicatorPage
from zhuji.cockpit.spread import Distribution, PlaceFigure
from zhuji.kernel.messages import Label
from zhuji.web.links import href
from zhuji.web.pages import language
from zhuji.web.templatetags.plan import written

FEW = 30  # schools that can be told apart as bars
_FINER = 3
_GOAL = Label("要求", "Goal")
_PACE = Label("现在应到", "Should be by now")
_SCHOOLS = Label("所", "schools")


def trend(found: IndicatorPage) -> dict[str, Any] | None:
    """Over its periods; a period without a figure is a gap."""
    if sum(point.figure.value is not None for point in found.trend) < 2:
        return None
    values = [_number(point.figure.value) for point in found.trend]
    return {
        "kind": "line",
        "x": [point.label for point in found.trend],
        "series": [{"name": "", "values": values}],
        "lines": _lines(found),
        **_scale(found),
    }


def spread(found: IndicatorPage) -> dict[str, Any] | None:
    """A box from the quartiles; single schools only where the reader may see each."""
    known = found.distribution
    if known is None or known.q1 is None or known.least == known.most:
        return None
    box = [_number(one) for one in (known.least, known.q1, known.median, known.q3, known.most)]
    return {
        "kind": "box",
        "x": [found.label],
        "series": [{"name": "", "values": [box]}],
        "lines": _lines(found),
        **_scale(found),
    }


def bins(found: IndicatorPage) -> dict[str, Any] | None:
    """How many schools stand between which values."""
    known = found.distribution
    if known is None or len(known.bins) < 2:
        return None
    return {
        "kind": "bar",
        "x": between(found),
        "series": [{"name": "", "values": [one.schools for one in known.bins]}],
        "unit": _SCHOOLS.get(language()),
        "decimals": 0,
        "labels": True,
    }


def schools(found: IndicatorPage) -> dict[str, Any] | None:
    """A bar for each school within reach, in the order of the directory."""
    known = found.distribution
    if known is None or not 2 <= len(known.schools) <= FEW or not _any(known):
        return None
    return {
        "kind": "bar",
        "flat": True,
        "labels": True,
        "x": [one.org.name for one in known.schools],
        "series": [{"name": "", "values": [_bar(one) for one in known.schools]}],
        "hrefs": [href(Link("org", one.org.code), found.standing) for one in known.schools],
        "lines": _lines(found),
        **_scale(found),
    }


def between(found: IndicatorPage) -> list[str]:
    """The bounds of each bin, with as many decimals as tell them apart."""
    known = found.distribution
    bins = known.bins if known else ()
    for decimals in range(found.decimals, found.decimals + _FINER):
        told = [
            f"{written(one.low, '', decimals)}–{written(one.high, '', decimals)}" for one in bins
        ]
        edges = {written(one.low, "", decimals) for one in bins}
        if len(edges) == len(bins):
            break
    return told


def _any(known: Distribution) -> bool:
    return any(one.figure.value is not None for one in known.schools)


def _bar(one: PlaceFigure) -> dict[str, Any] | None:
    value = _number(one.figure.value)
    if value is None:
        return None
    return {"value": value, "light": one.figure.light.value} if one.figure.light else {
        "value": value
    }  # fmt: skip


def _lines(found: IndicatorPage) -> list[dict[str, Any]]:
    """Only of goals that are set for the value itself."""
    if found.goal is None or found.goal.each:
        return []
    marks = ((_GOAL, found.goal.target), (_PACE, found.goal.pace))
    lines = [(label, value) for label, value in marks if value is not None]
    if len(lines) == 2 and lines[0][1] == lines[1][1]:
        lines.pop()
    return [
        {"value": _number(value),
         "label": f"{label.get(language())} {written(value, '', found.decimals)}"}
        for label, value in lines
    ]  # fmt: skip


def _scale(found: IndicatorPage) -> dict[str, Any]:
    return {"unit": words.unit(found.unit, language()), "decimals": found.decimals}


def _number(value: Exact | None) -> float | None:
    return None if value is None else float(value)
