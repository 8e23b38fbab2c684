"""What changes who may see: a post that ends, a child who moves, maintenance, three offices."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.test import Client

from tests.programme.yunxi import FIRST, VILLAGE
from tests.security import knocking, rows
from tests.security import world as worlds
from tests.security.world import CHIEF, SEATS, World
from zhuji.kernel.errors import DomainError, NotFound
from zhuji.ledgers import actions as ledgers
from zhuji.ledgers import uploads, visibility
from zhuji.ledgers.entering import Edit
from zhuji.ledgers.models import rows_of
from zhuji.orgs import accounts, actions, county, maintenance
from zhuji.orgs.clock import database_now
from zhuji.orgs.idempotency import Act
from zhuji.orgs.models import Appointment, MaintenanceSession, Person, View
from zhuji.orgs.scope import Reader
from zhuji.returns import actions as rounds

pytestmark = pytest.mark.django_db
OFFICES = ("system_administrator", "security_administrator", "audit_administrator")


@pytest.fixture
def clients(world: World) -> dict[str, Client]:
    return knocking.clients(world)


def named(username: str) -> Person:
    return Person.objects.get(username=username)


def reader(username: str) -> Reader:
    now = database_now()
    return visibility.reader_of(named(username), now=now, today=county.today(now))


def child(world: World, relation: str = "own") -> str:
    return f"/ledgers/pupils/{world.rows['pupils'][relation]}/"


def ended(username: str) -> None:
    post = Appointment.objects.get(person__username=username)
    now = database_now()
    actions.end(post.pk, county.today(now), actor=named(CHIEF), now=now, why="调离")


# --- a change of role ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["principal", "clerk", "teacher", "care_officer", "director"])
def test_a_post_that_ends_opens_nothing_at_the_next_request(
    world: World, clients: dict[str, Client], role: str
) -> None:
    api = f"/api/ledgers/pupils/rows/{world.rows['pupils']['own']}"
    assert [clients[role].get(one).status_code for one in (child(world), api)] == [200, 200]
    ended(role)
    assert [clients[role].get(one).status_code for one in (child(world), api)] == [404, 404]
    assert clients[role].get("/api/ledgers/pupils/rows").status_code == 404


def test_a_new_post_opens_what_it_sees_at_the_next_request(
    world: World, clients: dict[str, Client]
) -> None:
    assert clients["principal"].get(child(world, "same_town")).status_code == 404
    ended("principal")
    seat, now = worlds.seat("principal", VILLAGE), database_now()
    actions.appoint("principal", seat, actor=named(CHIEF), now=now, why="交流轮岗")
    assert clients["principal"].get(child(world, "same_town")).status_code == 200
    assert clients["principal"].get(child(world)).status_code == 404


def test_a_suspension_ends_what_is_open_and_what_comes(
    world: World, clients: dict[str, Client]
) -> None:
    accounts.suspend("clerk", actor=named(CHIEF), now=database_now(), why="离岗")
    found = clients["clerk"].get(child(world))
    assert knocking.outcome(found) == "sign_in"


def test_a_draft_of_a_former_post_asks_nobody(world: World) -> None:
    """Drawn up as an officer, and opened as the head of one school."""
    number = world.mine["draft_round"]["officer"]
    now = database_now()
    ended("officer")
    actions.appoint(
        "officer", worlds.seat("principal", FIRST), actor=named(CHIEF), now=now, why="调任"
    )
    with pytest.raises(DomainError):
        rounds.open_round(reader("officer"), number, now=now)


# --- a child who moves --------------------------------------------------------------------------


def moved(world: World) -> None:
    """The child of one's own class goes to the other school of the town today."""
    today = county.today(database_now())
    rows_of("enrolments").filter(pupil_no=rows.pupil_no(1)).update(valid_to=today)
    worlds.put("pupils", rows.pupil(VILLAGE, 1))
    worlds.put("enrolments", {**rows.enrolment(VILLAGE, 1, 1), "valid_from": today})


@pytest.mark.parametrize("role", ["principal", "clerk", "teacher", "care_officer"])
def test_the_old_school_sees_a_child_who_left_no_more(
    world: World, clients: dict[str, Client], role: str
) -> None:
    assert clients[role].get(child(world)).status_code == 200
    moved(world)
    assert clients[role].get(child(world)).status_code == 404
    listed = clients[role].get("/api/ledgers/pupils/rows?size=200").json()["rows"]
    assert world.rows["pupils"]["own"] not in [row["id"] for row in listed]


def test_the_new_school_sees_the_child_at_once(world: World) -> None:
    moved(world)
    new = Client()
    new.force_login(named("clerk_same_town"))
    assert new.get(child(world)).status_code == 200


def test_a_colleague_of_the_class_loses_the_child_with_the_class(
    world: World, clients: dict[str, Client]
) -> None:
    rows_of("classes").filter(head_teacher=rows.staff_no(1)).update(head_teacher="S999999")
    assert clients["teacher"].get(child(world)).status_code == 404


# --- nobody lets themselves in ------------------------------------------------------------------


def test_a_teacher_does_not_make_themselves_head_of_another_class(
    world: World, clients: dict[str, Client]
) -> None:
    """Whoever heads a class sees its pupils: by form, by file and by return."""
    row = world.rows["classes"]["same_school"]
    now = database_now()
    act = Act("teacher", now, "head-of-another", "", "test")
    with pytest.raises(DomainError):
        ledgers.save(reader("teacher"), "classes", row, Edit({"head_teacher": "S000001"}, 1), act)
    assert clients["teacher"].get("/ledgers/classes/new/").status_code == 404
    assert clients["teacher"].get("/ledgers/classes/import/").status_code == 404
    assert clients["teacher"].get(child(world, "same_school")).status_code == 404


@pytest.mark.parametrize(
    ("role", "relation", "goes_in"),
    [("teacher", "own", True), ("teacher", "same_school", False), ("clerk", "same_school", True),
     ("clerk", "same_town", False), ("town_officer", "same_town", True),
     ("town_officer", "other_town", False), ("officer", "other_county", False)],
)  # fmt: skip
def test_a_file_writes_only_rows_that_its_sender_could_write_one_by_one(
    world: World, role: str, relation: str, goes_in: bool
) -> None:
    number = worlds.RELATIONS.index(relation) + 1
    org, _class = worlds.PLACES[relation]
    text = rows.pasted(org, number).replace(f"学生{number}号", "改名")
    by, now = reader(role), database_now()
    upload = uploads.paste(by, "pupils", text, now=now)
    counts = uploads.look(by, upload, now=now).receipt.counts
    assert (counts.updated, counts.created, counts.unchanged) == (int(goes_in), 0, 0)
    if goes_in:
        uploads.commit(by, upload, now=now)
    else:
        with pytest.raises(DomainError):
            uploads.commit(by, upload, now=now)
    name = rows_of("pupils").get(pupil_no=rows.pupil_no(number)).name
    assert name == ("改名" if goes_in else f"学生{number}号")


def test_an_import_about_hardship_is_not_undone_by_who_sees_no_hardship(world: World) -> None:
    by, now = worlds.clerk(world, "own"), database_now()
    cells = [
        FIRST,
        rows.pupil_no(1),
        "孤儿",
        "民政认定",
        "",
        "",
        "",
        "是",
        "2024-09-01",
        "",
    ]
    upload = uploads.paste(by, "special_pupils", "\t".join(cells), now=now)
    done = uploads.commit(by, upload, now=now)
    assert done is not None
    with pytest.raises(NotFound):
        ledgers.undo_import(reader("town_officer"), done, Act("town_officer", now, "undo-it"))
    assert ledgers.undo_import(reader("principal"), done, Act("principal", now, "undo-1")).created


# --- maintenance --------------------------------------------------------------------------------


def test_maintenance_opens_masked_rows_for_half_an_hour_and_every_view_is_kept(
    world: World, clients: dict[str, Client]
) -> None:
    client = clients["system_administrator"]
    assert client.get(child(world)).status_code == 404
    worlds.open_maintenance()
    found = client.get(child(world))
    assert found.status_code == 200
    assert "学生1号" not in found.content.decode()
    [view] = View.objects.filter(viewer="system_administrator", route=child(world))
    assert view.duty.startswith(f"maintenance@{SEATS['system_administrator']}#")
    hardship = f"/ledgers/special_pupils/{world.rows['special_pupils']['own']}/"
    assert client.get(hardship).status_code == 404
    edit = client.get(f"{child(world)}edit/")
    assert edit.status_code == 404
    before = database_now() - timedelta(minutes=31)
    MaintenanceSession.objects.update(started_at=before, ends_at=before + timedelta(minutes=30))
    assert client.get(child(world)).status_code == 404


@pytest.mark.parametrize("role", [one for one in SEATS if one != "system_administrator"])
def test_nobody_else_opens_maintenance(world: World, role: str) -> None:
    with pytest.raises(DomainError):
        maintenance.open_session(actor=named(role), now=database_now(), minutes=5, why="看看")


# --- three offices ------------------------------------------------------------------------------


@pytest.mark.parametrize(("held", "wanted"), list(permutations(OFFICES, 2)))
def test_no_two_of_the_three_offices_fall_to_one_person(
    world: World, held: str, wanted: str
) -> None:
    now = database_now()
    with pytest.raises(DomainError):
        actions.appoint(
            held, worlds.seat(wanted, SEATS[wanted]), actor=named("security_administrator"),
            now=now, why="兼任",
        )  # fmt: skip
    assert not Appointment.objects.filter(person__username=held, role=wanted).exists()
