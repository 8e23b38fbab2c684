"""Shared by all tests: reproducible properties, and a data directory of each test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.signals import user_logged_in
from django.db import connection
from django.http import HttpRequest
from django.utils import translation
from hypothesis import settings as hypothesis
from pytest_django import DjangoDbBlocker, Settings

from tests import once, ran
from zhuji.orgs import append_only, clock, sessions
from zhuji.orgs.models import Person

# The default deadline fails on DuckDB's first connection.
hypothesis.register_profile("zhuji", deadline=None, derandomize=True)
hypothesis.load_profile("zhuji")


@pytest.fixture(autouse=True)
def zhuji_home(settings: Settings, tmp_path: Path) -> Path:
    """Nothing a test writes lands in the data of the person who runs it."""
    home = tmp_path / "home"
    home.mkdir()
    settings.ZHUJI_HOME = home
    return home


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """A test that read English leaves no English to the next one."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """A test that commits is cleaned up by emptying every table, the append-only ones as well.

    Lifting fails when the migration has not protected them; tests of the trail protect anew.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for statement in append_only.lifting(connection.vendor):
            cursor.execute(statement)


@pytest.fixture(scope="session", autouse=True)
def static_files() -> Iterator[None]:
    with once.static_files():
        yield


@pytest.fixture(scope="session", autouse=True)
def forced_in() -> Iterator[None]:
    """`client.force_login` stands for somebody who has signed in and shown the second factor."""

    def enter(sender: object, request: HttpRequest, user: Person, **_more: object) -> None:
        if request.method is None:  # it came from no browser: the test client's own
            now = clock.database_now()
            key = sessions.begin(user, sessions.How.PASSWORD, now=now)
            request.session["signed_in"] = sessions.pass_second(key, user, now=now)

    user_logged_in.connect(enter)
    yield
    user_logged_in.disconnect(enter)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    ran.noted(report)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    ran.judge(session, exitstatus)
