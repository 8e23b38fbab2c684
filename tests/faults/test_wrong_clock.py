"""A web process whose clock is an hour wrong: every deadline is kept by the database's clock."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.orgs import cast
from tests.web.sign_in import people
from zhuji.kernel.errors import NotAllowed, NotFound
from zhuji.orgs import attempts, links, second_factor, sessions
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import ChildLink, SignedIn

pytestmark = pytest.mark.django_db
HOURS = (-1, 1)
_true = time.time


@pytest.fixture(autouse=True)
def _county(db: None) -> None:
    cast.build_county()


@pytest.fixture(params=HOURS, ids=["an hour slow", "an hour fast"])
def wrong(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    """What Python asks the machine for; SQLite and PostgreSQL ask for themselves."""
    away: float = 3600.0 * request.param

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(_true() + away, tz or UTC)  # type: ignore[arg-type]

    monkeypatch.setattr(time, "time", lambda: _true() + away)
    monkeypatch.setattr("django.utils.timezone.datetime", Wrong)
    return away


def test_the_databases_moment_is_the_true_one(wrong: float) -> None:
    from django.utils import timezone

    truth = datetime.fromtimestamp(_true(), UTC)
    assert abs((database_now() - truth).total_seconds()) < 5
    assert abs((timezone.now() - truth).total_seconds()) > 3_000  # noqa: TID251


def test_a_sign_in_lasts_as_long_as_it_should(wrong: float) -> None:
    clerk = people.researcher()
    now = database_now()
    key = sessions.begin(clerk, sessions.How.PASSWORD, now=now)
    assert sessions.current(key, clerk, now=database_now()) is not None
    SignedIn.objects.update(seen_at=now - sessions.IDLE)
    assert sessions.current(key, clerk, now=database_now()) is None


def test_a_page_opens_for_whoever_is_signed_in(wrong: float) -> None:
    who = people.researcher()
    browser = Client()
    assert people.enter(browser, who).status_code == 302
    assert browser.get("/account/").status_code == 200
    SignedIn.objects.update(seen_at=database_now() - sessions.IDLE)
    assert browser.get("/account/").status_code == 302


def test_a_code_of_the_app_is_judged_by_the_databases_clock(wrong: float) -> None:
    clerk = people.enrolled(people.clerk())
    second_factor.show_code(clerk, people.code(), now=database_now())


def test_a_name_waits_as_long_as_it_should(wrong: float) -> None:
    for _ in range(4):
        attempts.count("sign_in", "clerk", now=database_now() - timedelta(hours=2))
    for _ in range(30):
        try:
            attempts.count("sign_in", "clerk", now=database_now())
        except NotAllowed:
            break
    else:
        pytest.fail("the name never had to wait")
    assert 0 < attempts.waits("sign_in", "clerk", database_now()) <= 3_600


def test_a_link_ends_on_its_day(wrong: float) -> None:
    clerk = people.clerk()
    token = links.issue(cast.SCHOOL, 1, actor=clerk, now=database_now(), why="申请")
    almost = database_now() - links.LASTS + timedelta(minutes=30)
    ChildLink.objects.update(expires_at=almost + links.LASTS)
    assert links.redeem(token, now=database_now(), source="t")
    other = links.issue(cast.SCHOOL, 1, actor=clerk, now=database_now(), why="申请")
    ChildLink.objects.filter(used_at=None).update(expires_at=database_now() - timedelta(minutes=1))
    with pytest.raises(NotFound):
        links.redeem(other, now=database_now(), source="t")
