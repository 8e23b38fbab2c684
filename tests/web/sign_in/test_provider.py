"""Signing in through a provider: a real one, started here, which vouches for whom it likes."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from django.test import Client
from oidc_provider_mock import User, run_server_in_thread  # type: ignore[import-untyped]
from pytest_django import Settings

from tests.orgs import cast
from tests.web.sign_in import people
from zhuji.orgs import accounts
from zhuji.orgs.models import Entry, Person
from zhuji.project.environment import Oidc

# The provider warns of its own dependencies.
pytestmark = [pytest.mark.usefixtures("county"), pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def provider(settings: Settings) -> Iterator[Oidc]:
    vouched = [
        User(sub="s1", claims={"preferred_username": "researcher", "employee": "S000009"}),
        User(sub="s2", claims={"preferred_username": "stranger"}),
        User(sub="s3", claims={}),
    ]
    with run_server_in_thread(user_claims=vouched) as server:
        issuer = f"http://localhost:{server.server_port}"
        made = Oidc(issuer, "zhuji", "secret", "县统一认证", "preferred_username", "username")
        settings.ZHUJI_OIDC = made
        yield made


def go(browser: Client, sub: str, **more: Any) -> Any:
    """To the provider, sign in there, and back with what it gives."""
    there = browser.get("/sign-in/provider/", more)["Location"]
    back = requests.post(there, data={"sub": sub}, allow_redirects=False, timeout=10)
    return browser.get(_path(back.headers["Location"]))


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


@pytest.mark.usefixtures("provider")
def test_a_person_who_is_known_comes_in_where_they_wanted(browser: Client) -> None:
    people.researcher()
    assert "县统一认证" in browser.get("/sign-in/").content.decode()
    assert go(browser, "s1", next="/account/")["Location"] == "/account/"
    assert browser.get("/account/").status_code == 200
    assert Entry.objects.latest("sequence").source == "provider"


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("sub", ["s1", "s2", "s3", "unheard-of"])
def test_who_is_not_known_here_or_is_suspended_is_not_let_in_nor_added(
    browser: Client, sub: str
) -> None:
    people.researcher()
    accounts.suspend("researcher", actor=cast.chief(), now=cast.NOW, why="离职")
    before = Person.objects.count()
    answer = go(browser, sub)
    assert answer.status_code == 422
    assert "没有通过，或者这里没有对应的在用人员" in answer.content.decode()
    assert Person.objects.count() == before
    assert browser.get("/account/")["Location"].startswith("/sign-in/")


def test_people_can_be_matched_by_their_staff_number(
    browser: Client, provider: Oidc, settings: Settings
) -> None:
    settings.ZHUJI_OIDC = Oidc(
        provider.issuer, "zhuji", "secret", "县统一认证", "employee", "staff_no"
    )
    cast.person("somebody", "S000009")
    assert go(browser, "s1")["Location"] == "/"
    assert browser.session["_auth_user_id"] == str(Person.objects.get(username="somebody").pk)


@pytest.mark.usefixtures("provider")
def test_the_provider_does_not_replace_the_second_factor(browser: Client) -> None:
    clerk = people.enrolled(people.clerk())
    Person.objects.filter(pk=clerk.pk).update(username="researcher")
    go(browser, "s1")
    assert browser.get("/account/")["Location"].startswith("/sign-in/second/")


@pytest.mark.usefixtures("provider")
def test_an_answer_is_good_once_and_only_for_who_asked(browser: Client) -> None:
    people.researcher()
    there = browser.get("/sign-in/provider/")["Location"]
    back = requests.post(there, data={"sub": "s1"}, allow_redirects=False, timeout=10)
    path = _path(back.headers["Location"])
    thief = Client()
    assert thief.get(path).status_code == 422
    assert browser.get(path).status_code == 302
    assert browser.get(path).status_code == 422


@pytest.mark.usefixtures("provider")
def test_state_nonce_and_the_proof_of_the_code_are_fresh_and_checked(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.researcher()
    asked = parse_qs(urlsplit(browser.get("/sign-in/provider/")["Location"]).query)
    again = parse_qs(urlsplit(browser.get("/sign-in/provider/")["Location"]).query)
    for name in ("state", "nonce", "code_challenge"):
        assert asked[name] != again[name]
    assert asked["code_challenge_method"] == ["S256"]
    sent: list[dict[str, str]] = []
    real = requests.post

    def post(address: str, data: Any = None, **more: Any) -> Any:
        sent.append(dict(data))
        return real(address, data=data, **more)

    monkeypatch.setattr("zhuji.orgs.oidc.requests.post", post)
    there = browser.get("/sign-in/provider/")["Location"]
    kept = dict(browser.session["provider"])
    back = real(there, data={"sub": "s1"}, allow_redirects=False, timeout=10)
    assert browser.get(_path(back.headers["Location"])).status_code == 302
    assert [form["code_verifier"] for form in sent] == [kept["verifier"]]


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("kept", ["state", "nonce"])
def test_a_wrong_state_or_nonce_is_refused(browser: Client, kept: str) -> None:
    people.researcher()
    there = browser.get("/sign-in/provider/")["Location"]
    session = browser.session
    session["provider"] = {**session["provider"], kept: "another"}
    session.save()
    back = requests.post(there, data={"sub": "s1"}, allow_redirects=False, timeout=10)
    assert browser.get(_path(back.headers["Location"])).status_code == 422
    assert Entry.objects.latest("sequence").why == kept


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_a_token_that_the_provider_did_not_sign_is_refused(
    browser: Client, algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.researcher()
    from zhuji.orgs import oidc

    real = oidc._post

    def forged(address: str, form: Any) -> Any:
        tokens = dict(real(address, form))
        claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
        key = "secret-that-is-long-enough-for-hs256" if algorithm == "HS256" else ""
        return {**tokens, "id_token": jwt.encode(claims, key, algorithm=algorithm)}

    monkeypatch.setattr(oidc, "_post", forged)
    assert go(browser, "s1").status_code == 422


def test_a_provider_that_is_away_is_told_in_words(browser: Client, settings: Settings) -> None:
    settings.ZHUJI_OIDC = Oidc(
        "http://localhost:9", "zhuji", "secret", "县统一认证", "preferred_username", "username"
    )
    answer = browser.get("/sign-in/provider/")
    assert answer.status_code == 403
    assert "县统一认证现在不能用，请用口令登录。" in answer.content.decode()


def test_without_the_settings_nothing_of_it_exists(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_given: object, **_more: object) -> None:
        raise AssertionError("a request left the machine")

    monkeypatch.setattr("requests.sessions.Session.request", never)
    assert "provider" not in browser.get("/sign-in/").content.decode()
    assert browser.get("/sign-in/provider/").status_code == 404
    assert browser.get("/sign-in/provider/back/?code=1&state=1").status_code == 404
