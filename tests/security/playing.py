"""Knocking at every door of a route, and what was seen, recorded and read behind it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.test import Client

from tests.security import expected, knocking
from tests.security.knocking import Knock, Sent
from tests.security.routes import METHODS, Route
from tests.security.world import ACTORS, RELATIONS, World
from zhuji.ledgers import visibility


@dataclass(frozen=True)
class Cast:
    """Who knocks, and at whose; the first relation is one's own."""

    actors: Sequence[str] = ACTORS
    relations: Sequence[str] = RELATIONS


ALL = Cast()


@dataclass
class Played:
    """`wrong`: what the reviewed file does not ask for, each as one sentence."""

    knocks: int = 0
    wrong: list[str] = field(default_factory=list)


@contextmanager
def remembered() -> Iterator[None]:
    """Readers are made once for each actor: nothing that makes them changes between knocks."""
    known: dict[str, Any] = {}
    make = visibility.reader_of

    def reader_of(person: Any, **moment: Any) -> Any:
        if person.username not in known:
            known[person.username] = make(person, **moment)
        return known[person.username]

    with patch.object(visibility, "reader_of", reader_of):
        yield


@contextmanager
def quickly(*, rendered: bool) -> Iterator[None]:
    with ExitStack() as stack:
        if not rendered:
            stack.enter_context(knocking.bodiless())
            stack.enter_context(remembered())
        yield


def knocks(route: Route, cast: Cast, *, whole: bool) -> Iterator[Knock]:
    """Who is stopped at the door is stopped before anything of the address is looked at, so that
    is tried at one address only, unless the whole is wanted."""
    asked = expected.entry(route.name)
    for ledger in knocking.ledgers_of(route):
        for method in METHODS:
            for actor in cast.actors:
                first = Knock(route, method, actor, cast.relations[0], ledger)
                inside = method in asked and not expected.at_door(first, asked)
                if whole or inside or ledger in ("", "pupils"):
                    yield first
                if whole or inside:
                    for relation in cast.relations[1:]:
                        yield Knock(route, method, actor, relation, ledger)


def play(
    world: World,
    clients: dict[str, Client],
    route: Route,
    *,
    cast: Cast = ALL,
    whole: bool = False,
) -> Played:
    made = Played()
    with quickly(rendered=whole):
        last: tuple[Any, str] = ((), "")
        for knock in knocks(route, cast, whole=whole):
            what = knocking.sent(world, knock)
            wanted = expected.of(knock)
            same = (knock.actor, knock.method, what.path, repr(what.body))
            found = last[1] if last[0] == same else _knocked(made, clients, knock, what)
            last = (same, found)
            if found != wanted:
                made.wrong.append(f"{knock}: {found} where {wanted} was expected")
    return made


def _knocked(made: Played, clients: dict[str, Client], knock: Knock, what: Sent) -> str:
    made.knocks += 1
    try:
        return knocking.outcome(knocking.answer(clients[knock.actor], what, knock.method))
    except Exception as fault:  # what is not answered at all is told by its name
        return f"{type(fault).__name__} {fault}"[:160]
