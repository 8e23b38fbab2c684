"""Shared by all tests: reproducible properties, and a data directory of each test's own."""

from pathlib import Path

import pytest
from django.db import connection
from hypothesis import settings as hypothesis
from pytest_django import DjangoDbBlocker, Settings

from zhuji.orgs import append_only

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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """A test that commits is cleaned up by emptying every table, the append-only ones as well.

    Lifting fails when the migration has not protected them; tests of the trail protect anew.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for statement in append_only.lifting(connection.vendor):
            cursor.execute(statement)
