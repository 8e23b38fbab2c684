"""Lights, and how the lights of parts make the light of the whole."""

from collections.abc import Iterable
from enum import StrEnum

from zhuji.kernel.messages import Label


class Light(StrEnum):
    MET = "met"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    NOT_MET = "not_met"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"


# The whole shows the first of these that any part shows. What is unknown hides no failure
# and lets nothing pass for met.
PRECEDENCE = (
    Light.NOT_MET,
    Light.BEHIND,
    Light.NO_DATA,
    Light.ON_TRACK,
    Light.MET,
)


def whole(parts: Iterable[Light]) -> Light:
    """The light of what consists of `parts`; parts that do not apply do not count."""
    shown = set(parts)
    return next((light for light in PRECEDENCE if light in shown), Light.NOT_APPLICABLE)


LABELS = {
    Light.MET: Label("已达到", "Met"),
    Light.ON_TRACK: Label("推进正常", "On track"),
    Light.BEHIND: Label("进度滞后", "Behind"),
    Light.NOT_MET: Label("未达到", "Not met"),
    Light.NO_DATA: Label("缺少数据", "No data"),
    Light.NOT_APPLICABLE: Label("不适用", "Not applicable"),
}

# Colour is never the only sign: each light has a mark that survives black-and-white print.
MARKS = {
    Light.MET: "✓",
    Light.ON_TRACK: "▸",
    Light.BEHIND: "!",
    Light.NOT_MET: "✗",
    Light.NO_DATA: "?",
    Light.NOT_APPLICABLE: "–",
}
