"""One world for all of these tests: built once, and left as it was found by each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django
from django.db import transaction
from pytest_django import DjangoDbBlocker, Settings

from tests.programme.yunxi import PLANS
from tests.security import world as worlds
from tests.security.world import World


@pytest.fixture(scope="module")
def world_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("security")


@pytest.fixture(autouse=True)
def zhuji_home(
    settings: Settings, world_home: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Path:
    """Where a test has the world, the keys of the world stand here; else a place of its own."""
    home = world_home if "world" in request.fixturenames else tmp_path / "home"
    home.mkdir(exist_ok=True)
    settings.ZHUJI_HOME = home
    if home == world_home:
        settings.ZHUJI_PLANS = PLANS  # the plan by which the world was judged
    return home


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, world_home: Path
) -> Iterator[World]:
    """In a transaction that is taken back when the module's tests are through."""
    before, django.ZHUJI_HOME = django.ZHUJI_HOME, world_home
    with django_db_blocker.unblock(), transaction.atomic():
        yield worlds.build()
        transaction.set_rollback(True)
    django.ZHUJI_HOME = before
