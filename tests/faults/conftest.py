"""A county at its posts, made once as files, copied for each test that spoils it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests import databases
from tests.faults import posts

DATABASE = "zhuji.db"


@dataclass(frozen=True)
class Standing:
    """A data directory and its database, open in this process as well."""

    home: Path

    @property
    def database_url(self) -> str:
        return databases.url(self.home / DATABASE)


@pytest.fixture(scope="session")
def template(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Path]:
    """Not to be changed."""
    home = tmp_path_factory.mktemp("faults")
    with (
        override_settings(ZHUJI_HOME=home),
        databases.opened(home / DATABASE, django_db_blocker, new=True),
    ):
        call_command("migrate", verbosity=0)
        posts.build()
    yield home
    databases.drop(home / DATABASE)


@pytest.fixture
def standing(
    template: Path, zhuji_home: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Standing]:
    shutil.copytree(template, zhuji_home, dirs_exist_ok=True)
    databases.copy(template / DATABASE, zhuji_home / DATABASE)
    with databases.opened(zhuji_home / DATABASE, django_db_blocker):
        yield Standing(zhuji_home)
    databases.drop(zhuji_home / DATABASE)
