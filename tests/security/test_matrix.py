"""Every route, every method, every role, every relation, against the one reviewed file.

`ZHUJI_MATRIX=whole` renders every page, makes every reader anew and knocks in every relation even
where the door alone decides; the ordinary run leaves these three out.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.security import expected, knocking, playing, routes
from tests.security.knocking import Knock
from tests.security.routes import METHODS, Route
from tests.security.world import NOWHERE, RELATIONS, World

pytestmark = pytest.mark.django_db
# Tried before each commit: nobody, and one who may do much, at their own and elsewhere.
FEW = playing.Cast(("anonymous", "clerk"), ("own", "other_town"))
WHOLE = os.environ.get("ZHUJI_MATRIX") == "whole"
# What differs from one answer to the next without telling anything.
FRESH = re.compile(
    r'csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|"X-CSRFToken": *"[^"]*"'
    r'| aria-current="page"'  # in which part of the site the address lies
)


@pytest.fixture
def clients(world: World) -> dict[str, Client]:
    return knocking.clients(world)


@pytest.mark.parametrize("find", [routes.pages, routes.operations], ids=["pages", "api"])
def test_a_stranger_and_a_clerk_are_answered_as_reviewed(
    world: World, clients: dict[str, Client], find: Callable[[], Sequence[Route]]
) -> None:
    made = [playing.play(world, clients, route, cast=FEW) for route in find()]
    assert all(one.knocks > 0 for one in made)
    assert [wrong for one in made for wrong in one.wrong] == []


@pytest.mark.proof
@pytest.mark.parametrize("route", routes.every(), ids=lambda route: route.name)
def test_everybody_is_answered_as_reviewed(
    world: World, clients: dict[str, Client], route: Route
) -> None:
    made = playing.play(world, clients, route, whole=WHOLE)
    assert made.knocks > 0
    assert made.wrong == []


def beyond(route: Route) -> Iterator[Knock]:
    """For each method and ledger one knock at something that is there, and out of scope."""
    for method in METHODS:
        for ledger in knocking.ledgers_of(route):
            every = (
                Knock(route, method, actor, relation, ledger)
                for actor in ("clerk", "teacher", "town_officer", "principal", "director")
                for relation in reversed(RELATIONS)
            )
            rules = expected.entry(route.name)
            asked = (one for one in every if method in rules and expected.of(one) == "404")
            found = next(asked, None)
            if found is not None:
                yield found


@pytest.mark.proof
@pytest.mark.parametrize(
    "route", [one for one in routes.pages() if one.params], ids=lambda route: route.name
)
def test_what_is_out_of_scope_looks_like_an_address_that_is_not_there(
    world: World, clients: dict[str, Client], route: Route
) -> None:
    for knock in beyond(route):
        what, client = knocking.sent(world, knock), clients[knock.actor]
        found = knocking.answer(client, what, knock.method)
        nowhere = knocking.answer(client, knocking.Sent("/no/such/address/"), "GET")
        assert (found.status_code, nowhere.status_code) == (404, 404)
        assert told(found, what.path) == told(nowhere, "/no/such/address/"), str(knock)


@pytest.mark.parametrize(
    "route", [one for one in routes.operations() if one.params], ids=lambda route: route.name
)
def test_the_api_says_the_same_of_what_is_out_of_scope_and_of_what_never_was(
    world: World, clients: dict[str, Client], route: Route
) -> None:
    for knock in beyond(route):
        what, client = knocking.sent(world, knock), clients[knock.actor]
        [*numbers] = re.findall(r"(?<=/)[0-9]+", what.path)
        if not numbers:  # which ledgers there are is no secret
            continue
        number, none = numbers[-1], str(NOWHERE)
        path = what.path.replace(f"/{number}", f"/{none}")
        never = knocking.Sent(path, what.body, what.headers)
        found = knocking.answer(client, what, knock.method)
        nowhere = knocking.answer(client, never, knock.method)
        assert (found.status_code, nowhere.status_code) == (404, 404), str(knock)
        said = [json.loads(one.content)["message"] for one in (found, nowhere)]
        assert said[0].replace(number, "#") == said[1].replace(none, "#"), str(knock)


def told(found: Any, path: str) -> tuple[str, dict[str, str]]:
    """The body and the headers without what is of this answer only."""
    body = FRESH.sub("", found.content.decode())
    for own in (escape(path), path.partition("?")[0], quote(path.partition("?")[0], safe="")):
        body = body.replace(own, "")
    heads = {name: FRESH.sub("", value) for name, value in found.headers.items()}
    heads.pop("Content-Security-Policy", None)
    heads.pop("Content-Length", None)
    return body, heads


def test_a_route_nobody_thought_of_fails_by_its_name() -> None:
    with pytest.raises(knocking.Unreviewed, match="no entry for the route brand-new"):
        expected.entry("brand-new")


def test_the_file_names_no_route_that_is_gone() -> None:
    assert set(expected.reviewed().routes) == {route.name for route in routes.every()}


def test_every_page_stands_behind_a_door() -> None:
    assert [route.name for route in routes.pages() if route.door is None] == []
