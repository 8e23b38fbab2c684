"""The cast of the county with work to do, and workers that are processes of their own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings
from pytest_django import DjangoDbBlocker, Settings

from tests import databases, once
from tests.orgs import cast
from zhuji.jobs import actions, queries
from zhuji.jobs.queries import Standing
from zhuji.orgs.clock import database_now
from zhuji.orgs.idempotency import Act

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "zhuji.db"
OFFICER, CLERK, OTHER_CLERK = "officer", "clerk", "other"


@once.built
def build() -> None:
    cast.build_county()
    for name, role, org in (
        (OFFICER, "officer", cast.OFFICE),
        (CLERK, "clerk", cast.SCHOOL),
        (OTHER_CLERK, "clerk", cast.OTHER_SCHOOL),
    ):
        cast.hold(cast.person(name), cast.seat(role, org))


@pytest.fixture(autouse=True)
def trials(settings: Settings) -> None:
    settings.ZHUJI_JOB_KINDS = "tests.jobs.trials"


@pytest.fixture
def county(db: None) -> None:
    build()


@dataclass
class Service:
    """A data directory and the workers over it; killed ones and living ones."""

    home: Path
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(self) -> "subprocess.Popen[bytes]":
        env = {
            **os.environ,
            "ZHUJI_HOME": str(self.home),
            "ZHUJI_DATABASE_URL": databases.url(self.home / DATABASE),
            "DJANGO_SETTINGS_MODULE": "tests.jobs.settings",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "zhuji.cli.main", "worker"]
        made = subprocess.Popen(command, env=env, cwd=ROOT)  # noqa: S603
        self.workers.append(made)
        return made

    def kill(self) -> None:
        """As a power cut does."""
        self.workers[-1].send_signal(signal.SIGKILL)
        self.workers[-1].wait(10)

    def ask(self, kind: str, count: int = 200, pause: float = 0.05, actor: str = CLERK) -> int:
        arguments = {"count": count, "pause": pause}
        return actions.ask(kind, arguments, Act(actor, cast.NOW), org=cast.SCHOOL).pk

    def until(
        self, number: int, wanted: Callable[[Standing], bool], seconds: float = 60
    ) -> Standing:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = queries.one(CLERK, number)
            if wanted(found):
                return found
            time.sleep(0.05)
        pytest.fail(f"waited {seconds} s in vain: {queries.one(CLERK, number)}")

    def ended(self, number: int) -> Standing:
        return self.until(number, lambda found: not found.is_unfinished)

    def half_way(self, number: int) -> Standing:
        return self.until(number, lambda found: found.done > 3)

    @property
    def now(self) -> datetime:
        return database_now()


@pytest.fixture(scope="session")
def template(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Path]:
    """A county's data directory, made once and copied."""
    home = tmp_path_factory.mktemp("jobs")
    with (
        override_settings(ZHUJI_HOME=home),
        databases.opened(home / DATABASE, django_db_blocker, new=True),
    ):
        call_command("migrate", verbosity=0)
        build()
    yield home
    databases.drop(home / DATABASE)


@pytest.fixture
def service(
    template: Path, zhuji_home: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Service]:
    shutil.copytree(template, zhuji_home, dirs_exist_ok=True)
    databases.copy(template / DATABASE, zhuji_home / DATABASE)
    made = Service(zhuji_home)
    try:
        with databases.opened(zhuji_home / DATABASE, django_db_blocker):
            yield made
    finally:
        for worker in made.workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait(10)
        databases.drop(zhuji_home / DATABASE)
