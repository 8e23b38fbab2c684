"""The second factor: nothing else can be done before it, and each proof opens once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from tests.orgs import cast
from tests.web.sign_in import people
from tests.web.sign_in.people import SECRET
from tests.web.sign_in.software_key import SoftwareKey
from zhuji.kernel.errors import DomainError, Refused
from zhuji.orgs import second_factor
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Entry, Person, SignedIn, SignInRecord

pytestmark = pytest.mark.usefixtures("county")
ORIGIN: Any = {"headers": {"host": "localhost"}}


def test_until_enrolled_one_may_only_enrol(browser: Client) -> None:
    people.enter(browser, people.clerk())
    for page in ("/account/", "/account/links/", "/account/corrections/"):
        answer = browser.get(page)
        assert answer["Location"].startswith("/account/factors/?next=")
    assert browser.post("/account/factors/codes/")["Location"].startswith("/account/factors/")
    assert browser.get("/account/factors/").status_code == 200


def test_who_needs_none_is_not_asked(browser: Client) -> None:
    people.enter(browser, people.researcher())
    assert browser.get("/account/").status_code == 200


def test_enrolling_an_app_opens_the_way_and_gives_recovery_codes(browser: Client) -> None:
    clerk = people.clerk()
    people.enter(browser, clerk)
    shown = browser.get("/account/factors/?next=/account/").content.decode()
    secret = second_factor.unwrapped(clerk, browser.session["totp_secret"])
    assert " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)) in shown
    wrong = browser.post("/account/factors/app/", {"code": "000000"})
    assert wrong.status_code == 422
    before = browser.session.session_key
    done = browser.post("/account/factors/app/", {"code": _code(secret), "next": "/account/"})
    assert done.content.decode().count("<li><code>") == 10
    assert browser.session.session_key != before
    assert "totp_secret" not in browser.session
    assert browser.get("/account/").status_code == 200


def _code(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import hotp_value

    return f"{hotp_value(secret, int(database_now().timestamp()) // 30):06}"


def test_a_stolen_password_cannot_enrol_another_factor(browser: Client) -> None:
    people.enter(browser, people.enrolled(people.clerk()))
    assert browser.get("/account/factors/")["Location"].startswith("/sign-in/second/")
    key = browser.post("/account/factors/key/options/")
    assert key["Location"].startswith("/sign-in/second/")


def test_even_who_needs_none_shows_the_factor_they_enrolled(browser: Client) -> None:
    people.enter(browser, people.enrolled(people.researcher()))
    assert browser.get("/account/")["Location"] == "/sign-in/second/?next=%2Faccount%2F"


def test_the_right_code_opens_under_a_new_session_and_only_once(browser: Client) -> None:
    clerk = people.enrolled(people.clerk())
    people.enter(browser, clerk)
    before, code = browser.session.session_key, people.code()
    answer = browser.post("/sign-in/second/", {"code": code, "next": "/account/"})
    assert answer["Location"] == "/account/"
    assert browser.session.session_key != before
    assert browser.get("/account/").status_code == 200
    other = Client()
    people.enter(other, clerk)
    assert other.post("/sign-in/second/", {"code": code}).status_code == 422


def test_the_code_used_to_enrol_opens_nothing_afterwards(browser: Client) -> None:
    people.enter(browser, people.enrolled(people.clerk()))
    assert browser.post("/sign-in/second/", {"code": people.code(-1)}).status_code == 422


def test_a_recovery_code_opens_once(browser: Client) -> None:
    clerk = people.enrolled(people.clerk())
    first, *_ = second_factor.recovery_codes(clerk, now=database_now())
    for status in (302, 422):
        other = Client()
        people.enter(other, clerk)
        assert other.post("/sign-in/second/", {"code": first}).status_code == status
    assert second_factor.codes_left(clerk) == 9


def test_guessing_codes_is_slowed_down_like_guessing_passwords(browser: Client) -> None:
    people.enter(browser, people.enrolled(people.clerk()))
    for _ in range(5):
        assert "验证码不对" in browser.post("/sign-in/second/", {"code": "1"}).content.decode()
    held = browser.post("/sign-in/second/", {"code": people.code()})
    assert "秒后再试" in held.content.decode()
    SignInRecord.objects.update(failed_at=database_now() - timedelta(seconds=1))
    assert browser.post("/sign-in/second/", {"code": people.code()}).status_code == 302


def test_secrets_are_not_in_the_database_in_clear(browser: Client) -> None:
    clerk = people.enrolled(people.clerk())
    codes = second_factor.recovery_codes(clerk, now=database_now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(data AS TEXT) FROM mfa_authenticator")
        kept = str(cursor.fetchall())
    assert SECRET not in kept
    assert not any(code in kept for code in codes)


def test_a_secret_copied_to_another_person_does_not_open() -> None:
    clerk, thief = people.enrolled(people.clerk()), cast.person("thief")
    kept = Authenticator.objects.get(user=clerk)
    Authenticator.objects.create(user=thief, type=kept.type, data={**kept.data, "counter": 0})
    with pytest.raises(Refused, match="改动"):
        second_factor.show_code(thief, people.code(), now=database_now())


def test_the_last_factor_of_who_needs_one_stays(browser: Client) -> None:
    clerk = people.enrolled(people.clerk())
    browser.force_login(clerk)
    kept = Authenticator.objects.get(user=clerk).pk
    assert browser.post("/account/factors/remove/", {"number": kept}).status_code == 409
    assert second_factor.enrolled(clerk)


def test_nobody_removes_anothers_factor(browser: Client) -> None:
    clerk = people.enrolled(people.clerk())
    browser.force_login(people.researcher())
    kept = Authenticator.objects.get(user=clerk).pk
    assert browser.post("/account/factors/remove/", {"number": kept}).status_code == 404
    assert second_factor.enrolled(clerk)


def test_a_reset_by_the_security_administrator_ends_sign_ins(browser: Client) -> None:
    clerk = people.enrolled(people.clerk())
    people.enter(browser, clerk)
    with pytest.raises(DomainError, match="自己"):
        second_factor.reset("security", actor=cast.chief(), now=cast.NOW, why="丢了")
    second_factor.reset("clerk", actor=cast.chief(), now=database_now(), why="手机丢失，已核实")
    assert not second_factor.enrolled(clerk)
    assert browser.get("/account/")["Location"].startswith("/sign-in/?")


def test_every_step_leaves_an_entry(browser: Client) -> None:
    clerk = people.enrolled(people.clerk())
    people.enter(browser, clerk)
    browser.post("/sign-in/second/", {"code": "1"})
    browser.post("/sign-in/second/", {"code": people.code()})
    verbs = list(Entry.objects.filter(actor="clerk").values_list("verb", flat=True))
    assert verbs == [
        "second_factor.add",
        "sign_in",
        "second_factor.refuse",
        "second_factor.pass",
    ]


def _ask(browser: Client, where: str) -> dict[str, Any]:
    answer = browser.post(where, **ORIGIN)
    assert answer.status_code == 200
    return dict(json.loads(answer.content))


def _with_key(browser: Client, person: Person) -> SoftwareKey:
    key = SoftwareKey("http://localhost")
    people.enter(browser, person, **ORIGIN)
    made = key.create(_ask(browser, "/account/factors/key/options/"))
    answer = browser.post("/account/factors/key/", {"answer": made, "name": "钥匙"}, **ORIGIN)
    assert answer.status_code == 200, answer.content.decode()
    return key


def test_a_security_key_enrols_and_opens(browser: Client) -> None:
    clerk = people.clerk()
    key = _with_key(browser, clerk)
    assert browser.get("/account/", **ORIGIN).status_code == 200
    other = Client()
    people.enter(other, clerk)
    assert other.get("/account/")["Location"].startswith("/sign-in/second/")
    shown = key.get(_ask(other, "/sign-in/second/key/options/"))
    answer = other.post("/sign-in/second/key/", {"answer": shown, "next": "/account/"}, **ORIGIN)
    assert answer["Location"] == "/account/"
    assert other.get("/account/").status_code == 200
    assert SignedIn.objects.filter(person=clerk, second_at=None).count() == 0


def test_an_answer_of_a_security_key_cannot_be_sent_twice(browser: Client) -> None:
    clerk = people.clerk()
    key = _with_key(browser, clerk)
    other = Client()
    people.enter(other, clerk)
    shown = key.get(_ask(other, "/sign-in/second/key/options/"))
    assert other.post("/sign-in/second/key/", {"answer": shown}, **ORIGIN).status_code == 302
    third = Client()
    people.enter(third, clerk)
    _ask(third, "/sign-in/second/key/options/")
    assert third.post("/sign-in/second/key/", {"answer": shown}, **ORIGIN).status_code == 422


def test_a_copied_security_key_is_noticed_by_its_counter(browser: Client) -> None:
    clerk = people.clerk()
    key = _with_key(browser, clerk)
    for counter, status in ((5, 302), (5, 422), (6, 302)):
        key.counter = counter - 1
        other = Client()
        people.enter(other, clerk)
        shown = key.get(_ask(other, "/sign-in/second/key/options/"))
        answer = other.post("/sign-in/second/key/", {"answer": shown}, **ORIGIN)
        assert answer.status_code == status


@pytest.mark.parametrize("origin", ["https://example.org", "http://localhost.example.org"])
def test_a_key_that_answered_another_site_does_not_open(browser: Client, origin: str) -> None:
    clerk = people.clerk()
    key = _with_key(browser, clerk)
    key.origin = origin
    other = Client()
    people.enter(other, clerk)
    shown = key.get(_ask(other, "/sign-in/second/key/options/"))
    assert other.post("/sign-in/second/key/", {"answer": shown}, **ORIGIN).status_code == 422
    assert other.get("/account/")["Location"].startswith("/sign-in/second/")


@pytest.mark.parametrize("answer", ["", "[]", "{}", "null", '{"id":"x","rawId":"x"}', "{"])
def test_nonsense_from_a_key_is_refused_in_words(browser: Client, answer: str) -> None:
    clerk = people.clerk()
    _with_key(browser, clerk)
    other = Client()
    people.enter(other, clerk)
    _ask(other, "/sign-in/second/key/options/")
    refused = other.post("/sign-in/second/key/", {"answer": answer}, **ORIGIN)
    assert refused.status_code == 422
    assert "安全密钥没有通过" in refused.content.decode()
