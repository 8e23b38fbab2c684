"""What the charts of the cockpit are told; the tables beside them say the same."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from zhuji.cockpit.faces import Exact, Standing
from zhuji.cockpit.screen import Progress, Purse, Trend
from zhuji.kernel.lights import LABELS, PRECEDENCE, Light
from zhuji.kernel.messages import Label, is_english
from zhuji.web.links import href
from zhuji.web.pages import language

_LIGHTS = (*PRECEDENCE, Light.NOT_APPLICABLE)


def progress(found: Iterable[Progress], standing: Standing) -> dict[str, Any]:
    """One lying bar for each action: how many of its measures show which light."""
    shown = [one for one in found if one.measures][::-1]  # the first on top
    lights = [
        light for light in _LIGHTS if any(each.light is light for one in shown
                                          for each in one.measures)
    ]  # fmt: skip
    return {
        "kind": "stacked",
        "flat": True,
        "patterns": True,
        "decimals": 0,
        "x": [one.face.label for one in shown],
        "hrefs": [href(one.face.link, standing) for one in shown],
        "series": [
            {
                "name": LABELS[light],
                "light": light.value,
                "values": [sum(each.light is light for each in one.measures) for one in shown],
            }
            for light in lights
        ],
    }


def money(found: Iterable[Purse]) -> dict[str, Any]:
    """All lines together, from plan to spending, as offices write it."""
    shown = list(found)
    by = 1000 if is_english(language()) else 10000
    steps = (
        (Label("计划", "Planned"), [one.planned for one in shown]),
        (Label("预算", "Budget"), [one.budget for one in shown]),
        (Label("下达", "Allotted"), [one.allotted for one in shown]),
        (Label("拨付", "Paid"), [one.paid for one in shown]),
        (Label("支出", "Spent"), [one.spent for one in shown]),
    )[::-1]
    return {
        "kind": "bar",
        "flat": True,
        "labels": True,
        "unit": Label("万元", "k yuan"),
        "decimals": 0,
        "x": [label for label, _ in steps],
        "series": [{"name": "", "values": [sum(each, Decimal(0)) / by for _, each in steps]}],
    }


def trends(found: Iterable[Trend], standing: Standing) -> dict[str, Any]:
    shown = list(found)
    labels = {key: label for one in shown for key, label in _points(one)}
    order = sorted(labels)
    return {
        "kind": "line",
        "unit": "%",
        "decimals": 1,
        "x": [labels[key] for key in order],
        "series": [
            {"name": one.label, "values": [_at(one, key) for key in order]} for one in shown
        ],
    }


def periods(found: Iterable[Trend]) -> list[Label]:
    labels = {key: label for one in found for key, label in _points(one)}
    return [labels[key] for key in sorted(labels)]


def _points(one: Trend) -> list[tuple[str, Label]]:
    return [(point.period, point.label) for point in one.points]


def _at(one: Trend, period: str) -> float | None:
    """Missing, hidden and not reported are gaps; nought is a value."""
    value: Exact | None = next(
        (point.figure.value for point in one.points if point.period == period), None
    )
    return None if value is None else round(float(value), 4)
