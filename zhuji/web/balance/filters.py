"""The filter bar of the matrix: of which town, in which state, on which day, by which name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from zhuji.cockpit.balance import BalancePage, BalanceSchool, BalanceStage
from zhuji.kernel.messages import Label, say
from zhuji.web.lists import changed
from zhuji.web.templatetags.figures import day

_ALL = Label("全部", "All")


@dataclass(frozen=True)
class State:
    label: Label
    holds: Callable[[BalanceSchool], bool]


STATES: Mapping[str, State] = {
    "passes": State(Label("过线", "Over the line"), lambda one: one.passes is True),
    "excused": State(Label("豁免后过线", "Over with relief"), lambda one: one.excused),
    "short": State(
        Label("未过线", "Short of it"), lambda one: one.passes is False and not one.excused
    ),
    "unknown": State(
        Label("缺数据", "Data missing"), lambda one: one.passes is None and not one.excused
    ),
    "below": State(
        Label("有指标不足 85%", "Something below 85 %"),
        lambda one: any(cell.state == "below" for cell in one.cells),
    ),
}


@dataclass(frozen=True)
class Narrowed:
    """What is asked for; what nobody knows is as if it had not been asked for."""

    town: str = ""
    state: str = ""
    name: str = ""
    whole: bool = False


def narrowed(query: QueryDict) -> Narrowed:
    state = query.get("state", "")
    return Narrowed(
        query.get("town", ""),
        state if state in STATES else "",
        query.get("q", "").strip(),
        "all" in query,
    )


def kept(found: BalancePage, stage: BalanceStage, asked: Narrowed) -> tuple[BalanceSchool, ...]:
    """In the order of the directory, whatever is asked for: no ranking."""
    return tuple(one for one in stage.schools if _asked_for(one, asked))


def _asked_for(one: BalanceSchool, asked: Narrowed) -> bool:
    town = not asked.town or (one.town is not None and one.town.code == asked.town)
    state = not asked.state or STATES[asked.state].holds(one)
    name = asked.name.casefold()
    return town and state and (name in one.org.name.casefold() or name in one.org.code)


def towns(stage: BalanceStage) -> dict[str, str]:
    return {one.town.code: one.town.name for one in stage.schools if one.town is not None}


def counted(stage: BalanceStage) -> list[dict[str, Any]]:
    """How many of the schools shown stand in each state."""
    return [
        {"state": key, "label": one.label, "count": count}
        for key, one in STATES.items()
        if (count := sum(one.holds(school) for school in stage.schools)) or key == "passes"
    ]


def fields(
    found: BalancePage, stage: BalanceStage, asked: Narrowed, typed_day: str
) -> list[dict[str, Any]]:
    states = tuple((key, one.label) for key, one in STATES.items())
    where = tuple(towns(stage).items())
    day_shown = typed_day or found.standing.on.isoformat()
    bar: list[dict[str, Any]] = [
        {"id": "q", "label": say("学校"), "kind": "search", "value": asked.name},
        {"id": "state", "label": say("状态"), "kind": "select", "value": asked.state,
         "choices": states, "blank": _ALL},
        {"id": "on", "label": say("哪一天"), "kind": "date", "value": day_shown},
    ]  # fmt: skip
    if len(where) > 1:
        bar.insert(
            1,
            {"id": "town", "label": say("镇街"), "kind": "select", "value": asked.town,
             "choices": where, "blank": _ALL},
        )  # fmt: skip
    return bar


def chips(found: BalancePage, query: QueryDict, asked: Narrowed) -> list[dict[str, Any]]:
    """What is in force, each with the address without it."""
    names = {code: name for stage in found.stages for code, name in towns(stage).items()}
    told: dict[str, Any] = {}
    if asked.name:
        told["q"] = asked.name
    if asked.town:
        told["town"] = names.get(asked.town, asked.town)
    if asked.state:
        told["state"] = STATES[asked.state].label
    if not found.standing.newest:
        told["on"] = day(found.standing.on)
    return [
        {"label": one, "href": changed(query, page=None, **{name: None})}
        for name, one in told.items()
    ]
