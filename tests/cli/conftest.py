"""The command line over a database file of its own: an invented county, made once, copied."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import override_settings
from django.utils import translation
from pytest_django import DjangoDbBlocker

from tests import databases
from tests.programme.yunxi import PLANS
from zhuji.cli import show
from zhuji.cli.commands import dispatch

DATABASE = "zhuji.db"
ON = "2023-06-30"


@dataclass
class Terminal:
    """Where commands are typed: a data directory, and what they printed last."""

    home: Path
    read: Callable[[], tuple[str, str]]
    out: str = ""
    err: str = ""

    def run(self, *words: str | Path) -> int:
        with translation.override(None):  # `--lang` is of one command, not of the next
            status = dispatch([str(word) for word in words])
        self.out, self.err = self.read()
        return status

    def plan(self) -> Path:
        """The small plan of another county, moved to the years in which the invented one lives."""
        folder = self.home.parent / "plans" / "yunxi-2022"
        if not folder.exists():
            shutil.copytree(PLANS / "yunxi-2025", folder)
            for path in folder.rglob("*.yaml"):
                text = path.read_text(encoding="utf-8")
                for before, after in (("2025", "2022"), ("2026", "2023"), ("2027", "2024")):
                    text = text.replace(before, after)
                path.write_text(text.replace("2023-09-01", "2021-09-01"), encoding="utf-8")
        return folder


@pytest.fixture(scope="session")
def county(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Path]:
    """A data directory with the tiny invented county and one snapshot of it."""
    home = tmp_path_factory.mktemp("county")
    with (
        override_settings(ZHUJI_HOME=home),
        translation.override(None),
        databases.opened(home / DATABASE, django_db_blocker, new=True),
    ):
        assert dispatch(["invent", "--size", "tiny", "--load"]) == 0
        assert dispatch(["snapshot", "create", "--as-of", ON]) == 0
    yield home
    databases.drop(home / DATABASE)


@pytest.fixture
def cli(
    county: Path,
    zhuji_home: Path,
    django_db_blocker: DjangoDbBlocker,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Terminal]:
    shutil.copytree(county, zhuji_home, dirs_exist_ok=True)
    databases.copy(county / DATABASE, zhuji_home / DATABASE)
    monkeypatch.chdir(zhuji_home.parent)
    for console in (show.out, show.err):
        monkeypatch.setattr(console, "width", 400)  # a table is not folded
    assert Path(configured.ZHUJI_HOME) == zhuji_home

    def read() -> tuple[str, str]:
        printed = capsys.readouterr()
        return printed.out, printed.err

    with databases.opened(zhuji_home / DATABASE, django_db_blocker):
        yield Terminal(zhuji_home, read)
    databases.drop(zhuji_home / DATABASE)
