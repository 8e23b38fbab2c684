"""A small place for faults, and the tiny invented county, made once for all tests here."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.keeping import small
from zhuji.programme.keeping.backup import Wanted, make
from zhuji.programme.keeping.place import Place

ROOT = Path(__file__).resolve().parents[2]
# The tests' own database lives in memory; a backup is of a file.
MAKING = """
import django; django.setup()
from datetime import UTC, date, datetime
from pathlib import Path
from django.conf import settings
from django.core.management import call_command
from zhuji.invent import rows, workbooks
from zhuji.invent.world import build
from zhuji.ledgers import actions
from zhuji.plan.load import load
from zhuji.programme import snapshots
call_command("migrate", verbosity=0, interactive=False)
plan = load(settings.ZHUJI_PLANS / "anqiu-2021", settings.ZHUJI_PLANS / "standards").plan
world = build(plan, "tiny", seed="test")
now = datetime(2024, 8, 31, 9, tzinfo=UTC)
for ledger in workbooks.in_order():
    actions.put(ledger.key, rows.rows(world, ledger.key), actor="测试", now=now, cause="示例县")
snapshots.take(as_of=date(2024, 8, 31), known_at=now)
"""


def environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "ZHUJI_HOME": str(home),
        "ZHUJI_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "zhuji.project.settings",
    }


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Not to be changed: make a `copy` of it."""
    home = tmp_path_factory.mktemp("county") / "home"
    subprocess.run(  # noqa: S603
        [sys.executable, "-c", MAKING], cwd=ROOT, env=environment(home), check=True
    )
    return small.place(home)


@pytest.fixture
def county(tiny: Place, tmp_path: Path) -> Place:
    shutil.copytree(tiny.home, tmp_path / "county")
    return small.place(tmp_path / "county")


@pytest.fixture
def source(tmp_path: Path) -> Place:
    return small.built(tmp_path / "source")


@pytest.fixture
def kept(source: Place) -> Path:
    """A backup of the small place."""
    return make(source, Wanted(small.KEY, small.NOW, with_keys=True)).path


@pytest.fixture
def target(tmp_path: Path) -> Place:
    """An empty data directory, as the first command leaves it."""
    home = tmp_path / "target"
    home.mkdir()
    (home / "secret-key").write_text("fresh" * 8)
    return small.place(home)
