"""Signing in: delays, lock-out, and the same answer whether or not a name exists."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from tests.orgs import cast
from tests.orgs.cast import NOW, PASSWORD
from zhuji.kernel.errors import NotAllowed
from zhuji.orgs import accounts, clock, throttle
from zhuji.orgs.hashers import Argon2
from zhuji.orgs.models import Entry, Person, SignInRecord
from zhuji.orgs.sign_in import sign_in, unlock
from zhuji.orgs.throttle import Failures

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 16), (10, 900), (11, 900)],
)
def test_how_long_a_name_waits(failures: int, seconds: int) -> None:
    assert throttle.wait(Failures(failures, NOW), NOW) == seconds * SECOND


def test_the_wait_ends_on_the_second() -> None:
    locked = Failures(10, NOW)
    assert throttle.wait(locked, NOW + timedelta(minutes=15) - SECOND) == SECOND
    assert not throttle.wait(locked, NOW + timedelta(minutes=15))


def test_after_a_lock_the_next_failure_waits_and_five_more_lock_again() -> None:
    now, failures = NOW + timedelta(minutes=15), Failures(10, NOW)
    failures = throttle.after_failure(failures, now)
    assert (failures.count, throttle.wait(failures, now)) == (6, 2 * SECOND)
    for _ in range(4):
        now += timedelta(minutes=1)
        failures = throttle.after_failure(failures, now)
    assert throttle.wait(failures, now) == timedelta(minutes=15)


def test_a_slip_a_day_never_adds_up() -> None:
    failures, now = throttle.NONE, NOW
    for _ in range(30):
        now += timedelta(days=1)
        failures = throttle.after_failure(failures, now)
    assert failures.count == 1


@given(st.lists(st.integers(0, 2_000), max_size=60))
def test_nobody_guesses_faster_than_five_at_once_and_then_slowly(pauses: list[int]) -> None:
    """However the guesses are spread, a quarter of an hour never sees more than ten."""
    failures, now, guesses = throttle.NONE, NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if not throttle.wait(failures, now):
            failures = throttle.after_failure(failures, now)
            guesses.append(now)
    for at in guesses:
        soon = [g for g in guesses if at <= g < at + timedelta(minutes=15)]
        assert len(soon) <= 10


def test_the_hash_has_the_cost_that_was_decided() -> None:
    hasher = get_hasher()
    assert isinstance(hasher, Argon2)
    assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (19456, 2, 1)


def refusal(username: str, password: str, **more: Any) -> str:
    with pytest.raises(NotAllowed) as refused:
        sign_in(username, password, now=more.get("now", NOW), source="web")
    return str(refused.value)


@pytest.mark.django_db
class TestSigningIn:
    def test_the_right_password_opens_and_forgets_the_failures(self) -> None:
        cast.person("clerk")
        for _ in range(4):
            refusal("clerk", "wrong")
        assert sign_in("clerk", PASSWORD, now=NOW, source="web").username == "clerk"
        assert not SignInRecord.objects.exists()
        entry = Entry.objects.latest("sequence")
        assert (entry.verb, entry.actor, entry.source) == ("sign_in", "clerk", "web")
        assert Person.objects.get(username="clerk").last_login == NOW

    @pytest.mark.parametrize("name", ["clerk", "nobody", "gone"])
    def test_nobody_learns_whether_a_name_exists(self, name: str) -> None:
        cast.person("clerk")
        cast.person("gone")
        accounts.suspend("gone", actor=cast.chief(), now=NOW, why="离职")
        said = [refusal(name, "wrong") for _ in range(5)]
        assert said == ["用户名或口令不对。"] * 5
        assert refusal(name, PASSWORD) == "尝试次数过多，请 1 秒后再试。"

    def test_a_suspended_person_with_the_right_password_is_a_stranger(self) -> None:
        cast.person("gone")
        accounts.suspend("gone", actor=cast.chief(), now=NOW, why="离职")
        assert refusal("gone", PASSWORD) == "用户名或口令不对。"

    def test_an_unknown_name_costs_one_hash_as_well(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cast.person("clerk")
        counted: list[str] = []
        real = Argon2.encode, Argon2.verify

        def encode(self: Argon2, password: str, salt: str) -> str:
            counted.append("hash")
            return str(real[0](self, password, salt))

        def verify(self: Argon2, password: str, encoded: str) -> bool:
            counted.append("hash")
            return bool(real[1](self, password, encoded))

        monkeypatch.setattr(Argon2, "encode", encode)
        monkeypatch.setattr(Argon2, "verify", verify)
        refusal("nobody", "wrong")
        unknown = len(counted)
        refusal("clerk", "wrong")
        assert (unknown, len(counted) - unknown) == (1, 1)

    def test_ten_failures_lock_for_a_quarter_of_an_hour(self) -> None:
        cast.person("clerk")
        now = NOW
        for _ in range(10):
            now += timedelta(minutes=1)
            refusal("clerk", "wrong", now=now)
        assert refusal("clerk", PASSWORD, now=now) == "尝试次数过多，请 900 秒后再试。"
        later = now + timedelta(minutes=15)
        assert sign_in("clerk", PASSWORD, now=later).username == "clerk"

    def test_a_lock_can_be_lifted_and_that_leaves_an_entry(self) -> None:
        cast.person("clerk")
        for _ in range(5):
            refusal("clerk", "wrong")
        with pytest.raises(NotAllowed, match="安全管理员"):
            unlock("clerk", actor=cast.person("friend"), now=NOW, why="帮个忙")
        unlock("clerk", actor=cast.chief(), now=NOW, why="本人到场")
        assert Entry.objects.latest("sequence").verb == "sign_in.unlock"
        sign_in("clerk", PASSWORD, now=NOW)

    def test_what_was_typed_as_a_name_is_not_kept(self) -> None:
        refusal("my-secret-password", "wrong")
        texts = str(list(Entry.objects.values())) + str(list(SignInRecord.objects.values()))
        assert "my-secret-password" not in texts

    def test_the_database_has_a_clock(self) -> None:
        first = clock.database_now()
        assert first.tzinfo is not None
        assert clock.database_now() >= first
