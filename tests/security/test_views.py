"""Nothing shows a child without a record of who saw whom, by what duty, at which address."""

from collections.abc import Iterator
from importlib import import_module
from urllib.parse import unquote

import pytest
from django.test import Client

from tests.answers import whole
from tests.security import knocking, routes, tripwire
from tests.security.expected import entry, reviewed
from tests.security.knocking import Knock, Sent
from tests.security.routes import Route
from tests.security.rows import pupil_no
from tests.security.world import SEATS, World
from zhuji.ledgers.models import rows_of
from zhuji.orgs.models import Entry, View
from zhuji.orgs.scope import veil
from zhuji.warehouse import pseudonyms

pytestmark = pytest.mark.django_db
READERS = ("clerk", "principal", "teacher", "care_officer", "director", "auditor")
ABOUT = ("pupils", "special_pupils")


@pytest.fixture
def clients(world: World) -> dict[str, Client]:
    return knocking.clients(world)


def children() -> dict[str, str]:
    """What tells of a child on a page -> the child's number."""
    found: dict[str, str] = {}
    for number, name in rows_of("pupils").values_list("pupil_no", "name"):
        found |= {name: number, number: number, str(veil(number)): number}
    return found


def asked(route: Route) -> Iterator[Knock]:
    for method in entry(route.name):
        if method in ("GET", "POST", "PATCH", "DELETE"):
            for ledger in knocking.ledgers_of(route):
                for actor in READERS:
                    if ledger in ("", *ABOUT):
                        yield Knock(route, method, actor, "own", ledger)


def told(client: Client, what: Sent, method: str) -> tuple[str, set[tuple[str, str, str]]]:
    """The body, and who was recorded as seen: subject, duty, address."""
    before = View.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    seen: set[tuple[str, str, str]] = set()

    def look() -> None:
        made = View.objects.filter(sequence__gt=before)
        seen.update(made.values_list("subject", "duty", "route"))

    found = knocking.answer(client, what, method, before_rollback=look)
    return _text(found), seen


def _text(found: object) -> str:
    if getattr(found, "streaming", False):
        return ""  # a file: what is in it is looked at by the test of files
    return bytes(getattr(found, "content", b"")).decode(errors="replace")


@pytest.mark.proof
@pytest.mark.parametrize("route", routes.every(), ids=lambda route: route.name)
def test_whoever_is_shown_a_child_is_recorded(
    world: World, clients: dict[str, Client], route: Route, zhuji_home: object
) -> None:
    key = pseudonyms.key_of(world.home)
    marks = children()
    showed, faults = False, []
    with tripwire.stretched() as caught:
        for knock in asked(route):
            what = knocking.sent(world, knock)
            body, seen = told(clients[knock.actor], what, knock.method)
            own = unquote(what.path) + repr(what.body)  # one's own words come back on the page
            shown = {n for mark, n in marks.items() if mark in body and mark not in own}
            showed = showed or bool(shown)
            for number in shown:
                role = f"{knock.actor}@{SEATS[knock.actor]}"
                subject = pseudonyms.pseudonym(key, number)
                if not any(
                    who == subject and duty == role and where == what.path.partition("?")[0]
                    for who, duty, where in seen
                ):
                    faults.append(f"{knock} shows {number} and recorded {seen}")
    assert faults == []
    assert caught == []
    assert showed == (route.name in reviewed().shows_minors)


NEEDING = (
    "ledger-row", "ledger-removed", "ledger-restore", "ledger-remove", "ledger-new", "upload",
    "import-undo", "child-links",
)  # fmt: skip


@pytest.mark.proof
def test_every_read_that_was_let_pass_is_needed_and_made_where_the_file_says(
    world: World, clients: dict[str, Client]
) -> None:
    used = set[str]()
    with tripwire.stretched(used) as caught:
        for route in routes.every():
            for knock in asked(route) if route.name in NEEDING else ():
                knocking.answer(clients[knock.actor], knocking.sent(world, knock), knock.method)
    for name in reviewed().unscoped:
        module, _, function = name.rpartition(".")
        assert callable(getattr(import_module(module), function))
    assert caught == []
    assert used == set(reviewed().unscoped)


def test_the_children_of_the_world_are_known_by_their_marks(world: World) -> None:
    assert children()[str(veil(pupil_no(1)))] == pupil_no(1)


def seen_by(actor: str) -> list[tuple[str, str]]:
    made = View.objects.filter(viewer=actor).order_by("sequence")
    return list(made.values_list("kind", "route"))


def test_what_happened_to_a_child_is_a_view_of_the_child(
    world: World, clients: dict[str, Client]
) -> None:
    address = f"/api/ledgers/pupils/rows/{world.rows['pupils']['own']}/history"
    assert clients["clerk"].get(address).status_code == 200
    assert seen_by("clerk") == [("pupils", address)]


def test_what_was_removed_is_a_view_of_each_child_on_the_page(
    world: World, clients: dict[str, Client]
) -> None:
    assert clients["clerk"].get("/ledgers/special_pupils/removed/").status_code == 200
    assert seen_by("clerk") == [("special_pupils", "/ledgers/special_pupils/removed/")] * 2


def test_a_conflict_tells_what_stands_there_and_so_is_a_view(
    world: World, clients: dict[str, Client]
) -> None:
    address = f"/api/ledgers/pupils/rows/{world.rows['pupils']['own']}"
    for number, name in enumerate(("甲改名", "乙改名")):
        found = clients["clerk"].patch(
            address, {"values": {"name": name}}, content_type="application/json",
            headers={"If-Match": '"1"', "Idempotency-Key": f"conflict-{number}"},
        )  # fmt: skip
    assert found.status_code == 412
    assert seen_by("clerk") == [("pupils", address)]


def test_a_file_that_was_taken_away_leaves_an_entry_by_page_and_by_api(
    world: World, clients: dict[str, Client]
) -> None:
    number = world.number("job", "clerk", "own")
    for address in (f"/jobs/{number}/result/", f"/api/jobs/{number}/result"):
        found = clients["clerk"].get(address)
        assert found.status_code == 200
        assert whole(found) == b"PK"
    assert Entry.objects.filter(verb="job.hand_out", actor="clerk").count() == 2
