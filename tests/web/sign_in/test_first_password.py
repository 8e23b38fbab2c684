"""A password that somebody else has set: it opens nothing but its own change, and not for long."""

from datetime import date, timedelta

import pytest
from django.test import Client

from tests.orgs import cast
from zhuji.orgs import accounts, actions, sign_in
from zhuji.orgs.accounts import Newcomer
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Person
from zhuji.orgs.rules import Seat
from zhuji.orgs.sessions import How

pytestmark = pytest.mark.usefixtures("county")
GIVEN, OWN = "当面交给本人的口令一", "自己想出来的新口令二"


@pytest.fixture
def newcomer(county: None) -> Person:
    now = database_now()
    made = accounts.add_person(Newcomer("wang", "王老师"), GIVEN, actor=cast.chief(), now=now)
    seat = Seat("researcher", cast.OFFICE, "office", date(2022, 1, 1))
    actions.appoint("wang", seat, actor=cast.chief(), now=now, why="任免文件")
    return made


def enter(browser: Client, password: str) -> int:
    given = {"username": "wang", "password": password}
    return browser.post("/sign-in/", given).status_code


def change(browser: Client, old: str, new: str) -> int:
    given = {"old": old, "new": new, "again": new}
    return browser.post("/account/password/", given).status_code


def test_nothing_is_done_with_it_but_changing_it(browser: Client, newcomer: Person) -> None:
    assert enter(browser, GIVEN) == 302
    for page in ("/", "/orgs/", "/notices/"):
        assert browser.get(page)["Location"].startswith("/account/?")
    assert browser.get("/api/ledgers").status_code == 403
    shown = browser.get("/account/?next=/orgs/").content.decode()
    assert "首次口令" in shown
    assert "我的岗位" not in shown
    assert change(browser, GIVEN, GIVEN) == 422
    assert change(browser, GIVEN, OWN) == 302
    assert browser.get("/").status_code == 200
    assert browser.get("/api/ledgers").status_code == 200
    shown = browser.get("/account/").content.decode()
    assert "首次口令" not in shown
    assert "我的岗位" in shown


def test_then_one_goes_on_to_where_one_was_going(browser: Client, newcomer: Person) -> None:
    enter(browser, GIVEN)
    form = {"old": GIVEN, "new": OWN, "again": OWN, "next": "/orgs/"}
    assert browser.post("/account/password/", form)["Location"] == "/orgs/"
    form = {"old": OWN, "new": GIVEN, "again": GIVEN, "next": "/orgs/"}
    assert browser.post("/account/password/", form)["Location"] == "/account/?said=password"


def test_one_set_anew_is_changed_again(browser: Client, newcomer: Person) -> None:
    enter(browser, GIVEN)
    change(browser, GIVEN, OWN)
    accounts.set_password("wang", GIVEN, actor=cast.chief(), now=database_now(), why="忘了")
    assert enter(browser, GIVEN) == 302
    assert browser.get("/")["Location"].startswith("/account/?")


@pytest.mark.parametrize(("days", "status"), [(6, 302), (7, 422)])
def test_it_is_good_for_a_week(browser: Client, newcomer: Person, days: int, status: int) -> None:
    newcomer.password_given_at = database_now() - timedelta(days=days)
    newcomer.save()
    answer = browser.post("/sign-in/", {"username": "wang", "password": GIVEN})
    assert answer.status_code == status
    assert ("首次口令已经过期" in answer.content.decode()) is (status == 422)


def test_who_comes_by_another_way_uses_no_password(newcomer: Person) -> None:
    assert sign_in.has_given_password(newcomer, How.PASSWORD)
    assert not sign_in.has_given_password(newcomer, How.PROVIDER)


def test_the_first_administrator_has_chosen_their_own(county: None) -> None:
    assert not sign_in.has_given_password(cast.chief(), How.PASSWORD)
