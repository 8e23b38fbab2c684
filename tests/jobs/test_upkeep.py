"""Every night what is past its term goes, once, and the trail is sealed; the worker sees to it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.jobs.conftest import CLERK
from tests.orgs import cast
from zhuji.jobs import upkeep, worker
from zhuji.jobs.models import Job
from zhuji.ledgers import desk, uploads
from zhuji.ledgers.desk import Draft, Upload
from zhuji.orgs import append_only, audit, idempotency, sealing, sessions
from zhuji.orgs.audit import About
from zhuji.orgs.clock import database_now
from zhuji.orgs.idempotency import Act
from zhuji.orgs.models import Done, Entry, Person, Seal, SignedIn
from zhuji.project import kinds

NOW = cast.NOW
YEAR = timedelta(days=365)


def execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def protected(db: None) -> None:
    """The trail as it is in production, until the rollback."""
    execute(append_only.protecting(connection.vendor))


@pytest.fixture
def lasting(protected: None, county: None, zhuji_home: Path) -> None:
    """Of everything that has a term one that is past it and one that is not."""
    clerk = Person.objects.get(username=CLERK)
    reader = cast.reader(clerk)
    for number, moment in enumerate((NOW, NOW + YEAR)):
        idempotency.once(Act(CLERK, moment, f"key-{number}"), "x", "y", dict)
        desk.save_draft(CLERK, f"form-{number}", {"a": "b"}, now=moment)
        uploads.paste(reader, "staff", "机构代码\t工号\n1\t2", now=moment)
        sessions.begin(clerk, sessions.How.PASSWORD, now=moment)
        audit.record("v", About("x", str(number)), actor="a", now=moment)


@pytest.mark.usefixtures("lasting")
def test_what_is_past_its_term_goes_and_the_rest_stays() -> None:
    said = [str(line) for line in upkeep.everything(NOW + YEAR)]
    assert said[0] == "过期的幂等键：删去 1 个"
    assert said[1] == "过期的草稿：删去 1 份"
    assert said[2] == "过期的上传：删去 1 份"
    assert said[4] == "旧的登录记录：删去 1 条"
    for model in (Done, Draft, Upload, SignedIn):
        assert model.objects.count() == 1, model
    assert [one.key for one in Entry.objects.filter(verb="v")] == ["0", "1"]  # sealed only now
    assert Seal.objects.count() >= 1


@pytest.mark.usefixtures("lasting")
def test_what_is_sealed_and_past_its_term_goes_the_next_time() -> None:
    sealing.seal_all(now=NOW)
    audit.record("v", About("x", "late"), actor="a", now=NOW + 5 * YEAR)
    upkeep.everything(NOW + 5 * YEAR)
    assert [one.key for one in Entry.objects.filter(verb="v")] == ["late"]
    assert Entry.objects.filter(verb="audit.retire", actor=upkeep.ACTOR).count() == 1
    assert sealing.verify(None).findings == []


@pytest.mark.usefixtures("lasting")
def test_repeating_it_finds_nothing_more() -> None:
    upkeep.everything(NOW + YEAR)
    again = [str(line) for line in upkeep.everything(NOW + YEAR)]
    assert all(" 0 " in line for line in again[:-1]), again


@pytest.mark.usefixtures("county")
def test_it_is_asked_for_once_a_night() -> None:
    first = upkeep.ask_daily(NOW)  # nine in the morning
    assert first is not None
    assert (first.kind, first.asked_by) == (upkeep.KEY, "")
    assert upkeep.ask_daily(NOW + timedelta(hours=16)) is None  # one at night
    assert upkeep.ask_daily(NOW + timedelta(hours=18)) is not None  # three at night
    assert kinds.KINDS[upkeep.KEY] is upkeep.UPKEEP


@pytest.fixture
def guarded(transactional_db: None) -> Iterator[None]:
    """The same for a test that commits: what it leaves is emptied only when it is lifted again."""
    execute(append_only.protecting(connection.vendor))
    yield
    execute(append_only.lifting(connection.vendor))


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_it_without_being_told(
    guarded: None, county: None, settings: object
) -> None:
    settings.ZHUJI_JOB_KINDS = "zhuji.project.kinds"  # type: ignore[attr-defined]
    worker.serve(until_empty=True)
    [job] = Job.objects.filter(kind=upkeep.KEY)
    assert job.state == "done", job.failure
    assert len(job.summary["lines"]) == len(upkeep.everything(database_now()))
