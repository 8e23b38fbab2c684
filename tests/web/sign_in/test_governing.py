"""The security administrator's pages: posts, locks, and what looks unusual."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.orgs import cast
from tests.orgs.cast import SCHOOL
from tests.web.sign_in import people
from zhuji.orgs import alerts, audit
from zhuji.orgs.audit import About
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Appointment, Entry, Person, SignInRecord

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def chief(browser: Client) -> Client:
    browser.force_login(cast.chief())
    return browser


def do(chief: Client, username: str, doing: str, **more: object) -> int:
    given = {"do": doing, "why": "任免文件〔2022〕1号", **more}
    return chief.post(f"/account/people/{username}/", given).status_code


def test_only_the_security_administrator_knows_these_pages(chief: Client) -> None:
    people.researcher()
    assert chief.get("/account/people/").status_code == 200
    assert chief.get("/account/people/researcher/").status_code == 200
    other = Client()
    other.force_login(Person.objects.get(username="researcher"))
    for page in ("/account/people/", "/account/people/new/", "/account/people/researcher/"):
        assert other.get(page).status_code == 404


def test_a_person_is_added_appointed_and_relieved(chief: Client) -> None:
    form = {"username": "wang", "name": "王老师", "password": cast.PASSWORD}
    assert chief.post("/account/people/new/", {**form, "password": "short"}).status_code == 422
    assert chief.post("/account/people/new/", form)["Location"] == "/account/people/wang/"
    seat = {"role": "clerk", "org": SCHOOL, "valid_from": "2022-01-01", "valid_to": ""}
    assert do(chief, "wang", "appoint", **{**seat, "org": "nowhere"}) == 422
    assert do(chief, "wang", "appoint", **{**seat, "valid_from": "soon"}) == 422
    assert do(chief, "wang", "appoint", **{**seat, "why": " "}) == 422
    assert do(chief, "wang", "appoint", **seat) == 302
    made = Appointment.objects.get(person__username="wang")
    browser = Client()
    browser.force_login(made.person)
    own = {"old": cast.PASSWORD, "new": "自己想出来的新口令二", "again": "自己想出来的新口令二"}
    assert browser.post("/account/password/", own).status_code == 302
    assert browser.get("/account/links/").status_code == 200
    assert do(chief, "wang", "end", appointment=made.pk, on="2022-02-01") == 302
    assert browser.get("/account/links/").status_code == 404


def test_suspending_and_restoring_is_felt_at_the_next_request(chief: Client) -> None:
    browser = Client()
    browser.force_login(people.researcher())
    assert do(chief, "researcher", "suspend") == 302
    assert browser.get("/account/").status_code == 302
    assert do(chief, "researcher", "suspend") == 422
    assert do(chief, "researcher", "restore") == 302
    assert Person.objects.get(username="researcher").is_active


def test_a_locked_name_is_shown_and_unlocked(chief: Client) -> None:
    person = people.researcher()
    for _ in range(5):
        people.enter(Client(), person, "wrong")
    SignInRecord.objects.update(failures=10)
    assert "因连续输错" in chief.get("/account/people/researcher/").content.decode()
    assert do(chief, "researcher", "unlock") == 302
    assert people.enter(Client(), person).status_code == 302
    assert Entry.objects.filter(verb="sign_in.unlock").count() == 1


def test_a_deed_nobody_knows_does_nothing(chief: Client) -> None:
    people.researcher()
    assert do(chief, "researcher", "promote") == 422
    assert (
        do(chief, "security", "appoint", role="officer", org="990101", valid_from="2022-01-01")
        == 422
    )


def reveals(actor: str, count: int, every: timedelta) -> None:
    end = database_now()
    for number in range(count):
        at = end - every * number
        audit.record("row.reveal", About("reveal"), actor=actor, now=at, why="核对")


@pytest.mark.parametrize(
    ("count", "every", "told"),
    [
        (31, timedelta(seconds=60), True),
        (30, timedelta(seconds=60), False),
        (31, timedelta(minutes=2), False),
        (61, timedelta(minutes=2), False),
    ],
)
def test_more_than_thirty_reveals_within_an_hour_are_told(
    chief: Client, count: int, every: timedelta, told: bool
) -> None:
    people.researcher()
    reveals("researcher", count, every)
    page = chief.get("/account/people/").content.decode()
    assert ("需要核实" in page) is told
    if told:
        assert "researcher 一小时内揭示了 31 次被遮蔽的信息" in page


def test_the_alert_names_the_busiest_hour(chief: Client) -> None:
    reveals("clerk", 40, timedelta(seconds=30))
    [alert] = alerts.frequent_reveals(since=database_now() - timedelta(days=1))
    assert (alert.actor, alert.count) == ("clerk", 40)
    assert alert.last_at - alert.first_at < timedelta(hours=1)


def test_leave_is_covered_by_a_deputy_from_ones_own_account() -> None:
    principal = cast.person("head")
    post = cast.hold(principal, cast.seat("principal", SCHOOL))
    people.researcher()
    browser = Client()
    browser.force_login(principal)
    until = (database_now() + timedelta(days=7)).date().isoformat()
    given = {"appointment": post.pk, "username": "researcher", "until": until, "why": "病假"}
    assert browser.post("/account/deputy/", {**given, "until": "2022-01-01"}).status_code == 422
    assert browser.post("/account/deputy/", {**given, "username": "nobody"}).status_code == 422
    assert browser.post("/account/deputy/", given).status_code == 302
    assert "researcher某" in browser.get("/account/").content.decode()
    deputy = Client()
    deputy.force_login(Person.objects.get(username="researcher"))
    page = deputy.get("/account/").content.decode()
    assert "代理 head某" in page
