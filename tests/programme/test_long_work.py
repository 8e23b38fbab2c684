"""Lights follow the ledgers: what was judged is judged anew when rows were written since."""

import os
from datetime import UTC, date, datetime, timedelta

import pytest

from zhuji.jobs.models import Job, State
from zhuji.ledgers import actions
from zhuji.programme import kept
from zhuji.programme.long_work import BUSY_SHARE, PAUSE, SHARE, ask_fresh
from zhuji.programme.models import SHAPE, Judging

pytestmark = pytest.mark.django_db
JUDGED = datetime(2023, 6, 30, 8, tzinfo=UTC)
LATER = JUDGED + PAUSE


def judged() -> None:
    Judging.objects.create(
        plan="anqiu-2021",
        version="1",
        digest="d",
        snapshot="s",
        on=date(2023, 6, 30),
        made_at=JUDGED,
        facts_until=date(2023, 6, 30),
        county="370784",
        outline=b"",
        lights=b"",
    )


def write(at: datetime) -> None:
    row = {"org": "370784", "name": "测试县", "kind": "county", "valid_from": date(2020, 1, 1)}
    actions.put("orgs", [row], actor="test", now=at, cause="test")


def test_rows_written_since_are_judged_once_however_often_it_is_asked() -> None:
    judged()
    write(JUDGED + timedelta(seconds=1))
    asked = ask_fresh(LATER)
    assert asked is not None
    assert (asked.kind, asked.org) == ("judge", "370784")
    ask_fresh(LATER)
    assert Job.objects.count() == 1


def test_nothing_new_is_not_judged_again() -> None:
    judged()
    write(JUDGED - timedelta(seconds=1))
    assert ask_fresh(LATER) is None


def test_a_county_that_writes_all_day_is_judged_with_pauses() -> None:
    judged()
    write(JUDGED + timedelta(seconds=1))
    assert ask_fresh(LATER - timedelta(seconds=1)) is None


@pytest.mark.parametrize(("waiting", "share"), [(0.0, SHARE), (1_000.0, BUSY_SHARE)])
def test_what_took_long_is_asked_for_less_often_and_on_a_busy_machine_still_less(
    monkeypatch: pytest.MonkeyPatch, waiting: float, share: int
) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (waiting, 0.0, 0.0))
    judged()
    write(JUDGED + timedelta(seconds=1))
    took = timedelta(seconds=30)
    Job.objects.create(
        kind="judge", title=[], arguments={}, state=State.DONE, asked_at=JUDGED - took,
        started_at=JUDGED - took, finished_at=JUDGED,
    )  # fmt: skip
    assert ask_fresh(JUDGED + took * share - timedelta(seconds=1)) is None
    assert ask_fresh(JUDGED + took * share) is not None


def test_a_county_that_was_never_judged_is_left_alone() -> None:
    write(JUDGED)
    assert ask_fresh(LATER) is None


def test_what_an_older_release_packed_otherwise_is_as_if_never_judged() -> None:
    judged()
    Judging.objects.update(shape=SHAPE - 1)
    assert kept.latest() is None
