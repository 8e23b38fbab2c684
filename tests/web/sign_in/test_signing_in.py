"""Signing in and out as a browser does it: the same answer for all who are refused, and no way
to a page that was not asked for here."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.orgs import cast
from tests.orgs.cast import NOW, PASSWORD
from tests.web.sign_in import people
from zhuji.orgs import accounts, sessions
from zhuji.orgs.clock import database_now
from zhuji.orgs.hashers import Argon2
from zhuji.orgs.models import Entry, Person, SignedIn, SignInRecord

pytestmark = pytest.mark.usefixtures("county")


def test_the_right_password_leads_to_where_one_wanted_to_go(browser: Client) -> None:
    answer = people.enter(browser, people.researcher(), next="/account/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, "/account/?a=1")
    assert browser.get("/account/").status_code == 200


@pytest.mark.parametrize(
    "target", ["https://example.org/", "//example.org/x", "javascript:alert(1)", "/\\example.org"]
)
def test_nobody_is_sent_to_another_site(browser: Client, target: str) -> None:
    assert people.enter(browser, people.researcher(), next=target)["Location"] == "/"


@pytest.mark.parametrize("name", ["researcher", "nobody", "gone", "made_up"])
def test_all_refusals_look_alike_and_cost_one_hash(
    browser: Client, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the number of hashes, not by a clock: the hash is all that takes time."""
    people.researcher()
    cast.person("gone")
    accounts.suspend("gone", actor=cast.chief(), now=NOW, why="离职")
    made_up = cast.person("made_up")
    made_up.set_unusable_password()
    made_up.save()
    hashes: list[str] = []
    for method in ("encode", "verify"):
        _counting(monkeypatch, method, hashes)
    password = PASSWORD if name == "gone" else "wrong"
    answer = browser.post("/sign-in/", {"username": name, "password": password})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "用户名或口令不对。" in text
    assert len(hashes) == 1
    assert text.count(name) == 1  # as it was typed, and nothing more is known of it


def _counting(monkeypatch: pytest.MonkeyPatch, method: str, hashes: list[str]) -> None:
    real = getattr(Argon2, method)
    inside: list[bool] = []

    def counted(self: Argon2, *given: object) -> object:
        if not inside:
            hashes.append(method)
        inside.append(True)
        try:
            return real(self, *given)
        finally:
            inside.pop()

    monkeypatch.setattr(Argon2, method, counted)


def test_known_and_unknown_names_ask_the_database_the_same(browser: Client) -> None:
    people.researcher()
    counts = []
    for name in ("warm-up", "researcher", "nobody"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.post("/sign-in/", {"username": name, "password": "wrong"})
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_ten_failures_lock_even_the_right_password_out(browser: Client) -> None:
    person = people.researcher()

    for _ in range(5):
        people.enter(browser, person, "wrong")
    assert "秒后再试" in people.enter(browser, person).content.decode()
    SignInRecord.objects.update(failures=10, failed_at=database_now())
    assert "900 秒后再试" in people.enter(browser, person).content.decode()
    SignInRecord.objects.update(failed_at=database_now() - timedelta(minutes=15))
    assert people.enter(browser, person).status_code == 302


def test_the_session_number_changes_when_somebody_signs_in(browser: Client) -> None:
    browser.get("/sign-in/")
    session = browser.session
    session["planted"] = True
    session.save()
    before = session.session_key
    browser.cookies["sessionid"] = before or ""
    people.enter(browser, people.researcher())
    assert browser.cookies["sessionid"].value != before
    thief = Client()
    thief.cookies["sessionid"] = before or ""
    assert thief.get("/account/").status_code == 302


def test_a_form_without_its_token_signs_nobody_in() -> None:
    browser = Client(enforce_csrf_checks=True)
    assert people.enter(browser, people.researcher()).status_code == 403


def test_signing_out_ends_the_sign_in_in_the_database_too(browser: Client) -> None:
    people.enter(browser, people.researcher())
    stolen = browser.cookies["sessionid"].value
    assert browser.get("/sign-out/").status_code == 405
    left = browser.post("/sign-out/")
    assert (left["Location"], left["Clear-Site-Data"]) == ("/sign-in/", '"cache"')
    assert SignedIn.objects.get().ended_at is not None
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert thief.get("/account/").status_code == 302
    assert Entry.objects.latest("sequence").verb == "sign_out"


def test_a_quarter_of_an_hour_of_silence_leads_to_sign_in_and_back(browser: Client) -> None:
    people.enter(browser, people.researcher())
    SignedIn.objects.update(seen_at=database_now() - sessions.IDLE)
    answer = browser.get("/account/?x=1")
    assert answer["Location"] == "/sign-in/?next=%2Faccount%2F%3Fx%3D1"
    assert "一段时间没有操作" in browser.get(answer["Location"]).content.decode()
    again = people.enter(browser, Person.objects.get(username="researcher"), next="/account/")
    assert again["Location"] == "/account/"


def test_a_minute_short_of_it_goes_on_and_counts_anew(browser: Client) -> None:
    people.enter(browser, people.researcher())
    SignedIn.objects.update(seen_at=database_now() - sessions.IDLE + timedelta(minutes=1))
    assert browser.get("/account/").status_code == 200
    assert database_now() - SignedIn.objects.get().seen_at < timedelta(minutes=1)


def test_after_half_a_day_even_the_busy_sign_in_again(browser: Client) -> None:
    people.enter(browser, people.researcher())
    SignedIn.objects.update(started_at=database_now() - sessions.LONGEST + timedelta(minutes=1))
    assert browser.get("/account/").status_code == 200
    SignedIn.objects.update(started_at=database_now() - sessions.LONGEST)
    assert browser.get("/account/").status_code == 302


def test_a_form_sent_too_late_leads_back_to_the_page_it_was_on(browser: Client) -> None:
    people.enter(browser, people.researcher())
    SignedIn.objects.update(seen_at=database_now() - sessions.IDLE)
    sent = browser.post(
        "/account/password/", {"old": "x"}, headers={"Referer": "http://testserver/account/?x=1"}
    )
    assert sent["Location"] == "/sign-in/?next=%2Faccount%2F%3Fx%3D1"
    foreign = browser.post("/account/password/", headers={"Referer": "http://example.org/x"})
    assert foreign["Location"] == "/sign-in/?next=%2F"


def test_htmx_is_told_to_take_the_whole_page_to_sign_in(browser: Client) -> None:
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/account/people/?q=a"}
    answer = browser.get("/account/people/?q=b", headers=here)
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Faccount%2Fpeople%2F%3Fq%3Da"


def test_a_suspension_is_felt_at_the_next_request(browser: Client) -> None:
    person = people.researcher()
    people.enter(browser, person)
    accounts.suspend(person.username, actor=cast.chief(), now=database_now(), why="离职")
    assert browser.get("/account/").status_code == 302


def test_everywhere_means_everywhere(browser: Client) -> None:
    person, other = people.researcher(), Client()
    people.enter(browser, person)
    people.enter(other, person)
    browser.post("/account/sign-ins/end-all/")
    assert browser.get("/account/").status_code == other.get("/account/").status_code == 302


def test_one_device_can_be_signed_out_from_another_but_not_a_strangers(browser: Client) -> None:
    person, stranger = people.researcher(), Client()
    people.enter(browser, person)
    another = cast.person("another")
    people.enter(stranger, another)
    theirs = SignedIn.objects.get(person=another).pk
    assert browser.post("/account/sign-ins/end/", {"number": theirs}).status_code == 404
    assert stranger.get("/account/").status_code == 200


def test_a_new_password_ends_the_other_sign_ins_and_keeps_this_one(browser: Client) -> None:
    person, other = people.researcher(), Client()
    people.enter(browser, person)
    people.enter(other, person)
    new = {"old": PASSWORD, "new": "安丘的秋天也来了2022", "again": "安丘的秋天也来了2022"}
    assert browser.post("/account/password/", {**new, "old": "wrong"}).status_code == 422
    assert browser.post("/account/password/", {**new, "again": "别的"}).status_code == 422
    assert other.get("/account/").status_code == 200
    assert browser.post("/account/password/", new).status_code == 302
    assert browser.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert people.enter(Client(), person, new["new"]).status_code == 302
