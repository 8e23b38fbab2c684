"""What the reviewed file says of a knock; a route, method or circle it does not name is a fault."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.security.knocking import Knock, Unreviewed
from tests.security.world import RELATIONS

FILE = Path(__file__).parents[2] / "docs" / "security" / "matrix.yaml"
STRANGERS = ("anonymous", "suspended", "guardian")
ALL, SOME = "all", "some "


@dataclass(frozen=True)
class Reviewed:
    """`reaches`: reach -> relations; `doors`: door -> roles; `circles`: name -> reach -> roles."""

    reaches: Mapping[str, tuple[str, ...]]
    doors: Mapping[str, Any]
    circles: Mapping[str, Mapping[str, list[str]]]
    routes: Mapping[str, Mapping[str, Any]]
    shows_minors: Mapping[str, str]
    unscoped: Mapping[str, str]


@cache
def reviewed() -> Reviewed:
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    reaches = {name: tuple(found) for name, found in read["reaches"].items()}
    return Reviewed(
        reaches,
        read["doors"],
        read["circles"],
        read["routes"],
        read["shows_minors"],
        read["unscoped"],
    )


def entry(name: str) -> Mapping[str, Any]:
    found = reviewed().routes.get(name)
    if found is None:
        raise Unreviewed(f"docs/security/matrix.yaml has no entry for the route {name}")
    return found


def of(knock: Knock) -> str:
    """The class of answer that the file asks for."""
    rules = entry(knock.route.name)
    stopped = at_door(knock, rules)
    if stopped:
        return stopped
    asked = rules.get(knock.method)
    if asked is None:
        return "405"
    for outcome, circles in asked.items():
        if any(_inside(knock, circle) for circle in _listed(circles)):
            return str(outcome)
    return "404"


def at_door(knock: Knock, rules: Mapping[str, Any]) -> str:
    """Answered before the view is reached, or the empty text."""
    door, actor = str(rules["door"]), knock.actor
    if knock.route.is_api and door != "public" and knock.method not in rules:
        return "405"  # before anybody is asked who they are
    if door == "public" or (door == "link" and actor == "guardian"):
        return ""
    if door == "link":
        return "over"
    if actor in STRANGERS:
        return "401" if knock.route.is_api else "sign_in"
    if actor == "no_second" and not rules.get("before_second"):
        return "403" if knock.route.is_api else "second"
    if door not in reviewed().doors:
        raise Unreviewed(f"no door {door}")
    roles = reviewed().doors[door]
    return "" if roles == ALL or actor in roles else "404"


def _listed(circles: Any) -> list[str]:
    return circles if isinstance(circles, list) else [circles]


def _inside(knock: Knock, circle: str) -> bool:
    """`some x`: in the circle by any relation; `x at own`: only in these relations."""
    if circle == ALL:
        return True
    name, _, only = circle.removeprefix(SOME).partition(" at ")
    if only and knock.relation not in only.split(", "):
        return False
    relations = set[str]() if name == ALL else set(_relations(knock, name))
    if name == ALL:
        return True
    return bool(relations) if circle.startswith(SOME) else knock.relation in relations


def _relations(knock: Knock, name: str) -> list[str]:
    """Where the actor stands in the circle; one of a ledger is named `circle.ledger`."""
    circles = reviewed().circles
    found = circles.get(f"{name}.{knock.ledger}", circles.get(name))
    if found is None:
        raise Unreviewed(f"no circle {name} for {knock}")
    reached = (reach for reach, actors in found.items() if knock.actor in actors)
    relations = {one for reach in reached for one in reviewed().reaches[reach]}
    return [one for one in RELATIONS if one in relations]
