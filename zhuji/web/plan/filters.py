"""The filter bar of the board: of which town, of which owner, of which light, on which day."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from zhuji.cockpit.board import Asked as Narrowed
from zhuji.cockpit.board import Board
from zhuji.kernel.lights import LABELS, PRECEDENCE, Light
from zhuji.kernel.messages import Label, say
from zhuji.web.lists import changed
from zhuji.web.templatetags.figures import day


@dataclass(frozen=True)
class Field:
    """One control of the bar."""

    id: str
    label: Any
    kind: str
    value: str
    choices: tuple[tuple[str, Any], ...] = ()
    blank: Label | None = None
    error: Any = None


_ALL = Label("全部", "All")


def asked_for(query: QueryDict) -> Narrowed:
    """A light that does not exist is as if none had been asked for."""
    light = query.get("light", "")
    known = light if light in {one.value for one in Light} else ""
    return Narrowed(query.get("town", ""), query.get("owner", ""), known)


def fields(found: Board, typed_day: str, fault: Any) -> tuple[Field, ...]:
    asked = found.asked
    towns = tuple((one.code, one.name) for one in found.towns)
    owners = tuple((one.id, one.label) for one in found.owners)
    lights = tuple((one.value, LABELS[one]) for one in (*PRECEDENCE, Light.NOT_APPLICABLE))
    day_shown = typed_day or found.standing.on.isoformat()
    bar = [
        Field("owner", say("负责单位"), "select", asked.owner, owners, _ALL),
        Field("light", say("灯"), "select", asked.light, lights, _ALL),
        Field("on", say("哪一天的看板"), "date", day_shown, error=fault),
    ]
    if len(towns) > 1:
        whole = Label("全县", "Whole county")
        bar.insert(0, Field("town", say("镇街"), "select", asked.town, towns, whole))
    return tuple(bar)


def chips(found: Board, query: QueryDict) -> list[dict[str, Any]]:
    """What is in force, each with the address without it."""
    asked, standing = found.asked, found.standing
    names = {one.code: one.name for one in found.towns}
    owners = {one.id: one.label for one in found.owners}
    told: dict[str, Any] = {}
    if asked.town:
        told["town"] = names.get(asked.town, standing.org.name)
    if asked.owner:
        told["owner"] = owners.get(asked.owner, asked.owner)
    if asked.light:
        told["light"] = LABELS[Light(asked.light)]
    if not standing.newest:
        told["on"] = day(standing.on)
    return [{"label": one, "href": changed(query, **{name: None})} for name, one in told.items()]
