"""Two at the same moment, on connections of their own: nothing lost, nothing twice."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import call_command
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests import databases
from tests.ledgers.people import act, reader
from tests.orgs import cast
from zhuji.kernel.errors import DomainError
from zhuji.ledgers import actions
from zhuji.ledgers.entering import Edit
from zhuji.ledgers.merging import Conflict
from zhuji.ledgers.models import Change, rows_of
from zhuji.orgs.scope import Reader

CLASSES = "classes"
DATABASE = "at-once.db"
Work = Callable[[], object]


@pytest.fixture(scope="module")
def template(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Path]:
    """A database in a file: what lies in memory is seen by one connection alone."""
    home = tmp_path_factory.mktemp("at-once")
    path = home / DATABASE
    with (
        override_settings(ZHUJI_HOME=home),
        databases.opened(path, django_db_blocker, new=True),
    ):
        call_command("migrate", verbosity=0)
        cast.build_county()
    yield home
    databases.drop(path)


@pytest.fixture
def county(template: Path, zhuji_home: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    shutil.copytree(template, zhuji_home, dirs_exist_ok=True)
    path = zhuji_home / DATABASE
    databases.copy(template / DATABASE, path)
    with databases.opened(path, django_db_blocker):
        yield path
    databases.drop(path)


@pytest.fixture
def clerk(county: Path) -> Reader:
    return reader("clerk", "clerk")


def at_once(county: Path, *works: Work) -> list[object]:
    """What each came to: its answer or its refusal."""
    gate = Barrier(len(works))

    def run(work: Work) -> object:
        with databases.connected(county):
            gate.wait(10)
            try:
                return work()
            except DomainError as refusal:
                return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def the_class() -> dict[str, object]:
    [row] = rows_of(CLASSES).filter(class_no=1, org=cast.SCHOOL).values()
    return dict(row)


def saving(who: Reader, row_id: int, once: str = "", **values: str) -> Work:
    edit = Edit(values, 1)
    return lambda: actions.save(who, CLASSES, row_id, edit, act(once=once))


def test_different_fields_are_both_kept(county: Path, clerk: Reader) -> None:
    number = int(str(the_class()["id"]))
    at_once(
        county,
        saving(clerk, number, head_teacher="S000002"),
        saving(clerk, number, interactive="否"),
    )
    row = the_class()
    assert (row["head_teacher"], row["interactive"], row["version"]) == ("S000002", False, 3)


def test_of_the_same_field_one_is_shown_the_other(county: Path, clerk: Reader) -> None:
    number = int(str(the_class()["id"]))
    found = at_once(
        county, *(saving(clerk, number, head_teacher=f"S00000{n}") for n in (2, 3, 4, 5))
    )
    assert sum(isinstance(one, Conflict) for one in found) == 3
    assert the_class()["version"] == 2


def test_one_key_at_the_same_moment_writes_once(county: Path, clerk: Reader) -> None:
    number = int(str(the_class()["id"]))
    before = Change.objects.count()
    found = at_once(county, *(saving(clerk, number, "k", head_teacher="S000002") for _ in range(6)))
    assert sorted(bool(getattr(one, "replayed", None)) for one in found) == [False, *[True] * 5]
    assert Change.objects.count() == before + 1


def test_the_same_new_row_at_the_same_moment_is_there_once(county: Path, clerk: Reader) -> None:
    edit = Edit({**cast.headed(9, ""), "valid_to": ""})
    works = [lambda: actions.save(clerk, CLASSES, None, edit, act()) for _ in range(4)]
    found = at_once(county, *works)
    assert sum(isinstance(one, DomainError) for one in found) == 3
    assert rows_of(CLASSES).filter(class_no=9).count() == 1
