"""The chooser: only where the county is invented, and only people who came with it."""

import json
from pathlib import Path

import pytest
from django.test import Client

from tests.orgs import cast
from tests.orgs.cast import COUNTY, SCHOOL
from tests.web.sign_in import people
from zhuji.kernel.errors import NotAllowed, Refused
from zhuji.orgs import accounts, actions, county, sign_in
from zhuji.orgs.accounts import Newcomer
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Person

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def invented(zhuji_home: Path) -> Path:
    told = {"county": COUNTY, "plan": "anqiu-2021", "until": cast.TODAY.isoformat()}
    path = zhuji_home / county.FILE
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


@pytest.fixture
def made_up(invented: Path) -> Person:
    newcomer = Newcomer("made_up", "王小二", invented=True)
    made = accounts.add_person(newcomer, "", actor=cast.chief(), now=cast.NOW)
    actions.appoint(
        "made_up", cast.seat("clerk", SCHOOL), actor=cast.chief(), now=cast.NOW, why="虚构县"
    )
    return made


def choose(browser: Client, username: str) -> int:
    return browser.post("/choose/", {"username": username}).status_code


def test_choosing_somebody_opens_what_they_see_without_a_second_factor(
    browser: Client, made_up: Person
) -> None:
    page = browser.get("/choose/").content.decode()
    assert "王小二" in page
    assert "填报员" in page
    assert "替学校录入台账" in page
    assert choose(browser, "made_up") == 302
    assert browser.get("/account/").status_code == 200


def test_in_a_real_county_the_page_does_not_exist(
    browser: Client, made_up: Person, invented: Path
) -> None:
    invented.unlink()
    assert browser.get("/choose/").status_code == 404
    assert choose(browser, "made_up") == 404
    assert "/choose/" not in browser.get("/sign-in/").content.decode()


def test_a_real_person_cannot_be_chosen_even_there(browser: Client, made_up: Person) -> None:
    people.clerk()
    assert "clerk某" not in browser.get("/choose/").content.decode()
    assert choose(browser, "clerk") == choose(browser, "nobody") == 404


def test_who_was_chosen_is_out_once_the_county_is_real(
    browser: Client, made_up: Person, invented: Path
) -> None:
    choose(browser, "made_up")
    invented.unlink()
    assert browser.get("/account/").status_code == 302


def test_an_invented_person_has_no_password_and_gets_none(made_up: Person) -> None:
    with pytest.raises(NotAllowed):
        sign_in.sign_in("made_up", "", now=database_now())
    with pytest.raises(Refused, match="没有口令"):
        accounts.set_password(
            "made_up", cast.PASSWORD, actor=cast.chief(), now=cast.NOW, why="忘了"
        )


def test_a_suspended_one_cannot_be_chosen(browser: Client, made_up: Person) -> None:
    accounts.suspend("made_up", actor=cast.chief(), now=cast.NOW, why="试试")
    assert choose(browser, "made_up") == 404
