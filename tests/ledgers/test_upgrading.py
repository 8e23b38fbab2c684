"""An installation of an earlier release keeps everything on its way to this one."""

import json
import shutil
import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests import databases
from tests.orgs import cast
from zhuji.ledgers import actions, queries, tracing, vault
from zhuji.ledgers.models import Change, rows_of
from zhuji.ledgers.registry import ledger

FIRST = Path(__file__).with_name("release-0001.sql")
ID_NUMBER, PHONE = "990101199001010019", "13900000001"
CLEAR = (ID_NUMBER, PHONE, "13900000002", "G990101201301010")

PUPIL = """
    INSERT INTO ledger_pupils
        (id, org, pupil_no, name, sex, born_on, hukou_town, guardian_phone, changed_at, version)
    VALUES (%s, '2199000101', %s, '李小明', 'male', '2013-01-01', '990101101', %s, %s, 1)
"""
CHANGE = """
    INSERT INTO ledgers_change
        (id, ledger, row_key, org, former_org, kind, before, actor, cause, at, version, batch)
    VALUES (%s, 'pupils', %s, '2199000101', '', 'updated', %s, '测试', '', %s, 0, 0)
"""


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """The dump of an invented county as the first release left it, migrated to now."""
    if databases.on_server():
        pytest.skip("旧版的样本是 SQLite 的，这次在 PostgreSQL 上，没有试升级")
    path = tmp_path_factory.mktemp("old") / "old.db"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(FIRST.read_text(encoding="utf-8"))
    with (
        override_settings(ZHUJI_HOME=path.parent),
        databases.opened(path, django_db_blocker),
    ):
        call_command("migrate", verbosity=0)
    return path


@pytest.fixture
def upgraded(migrated: Path, zhuji_home: Path) -> Path:
    """A copy that may be changed, with the keys that opened it."""
    shutil.copytree(migrated.parent, zhuji_home, dirs_exist_ok=True)
    return zhuji_home / migrated.name


def test_every_row_of_the_earlier_release_reads_as_it_was(
    upgraded: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with databases.opened(upgraded, django_db_blocker):
        staff = {row["staff_no"]: row for row in queries.rows("staff")}
        assert {no: row["name"] for no, row in staff.items()} == {
            "S000001": "李四", "S000002": "张三", "S000003": "张三",
        }  # fmt: skip
        assert staff["S000001"]["phone"] == "13900000002"
        assert staff["S000001"]["id_number"] == ID_NUMBER
        pupils = {row["pupil_no"] for row in queries.rows("pupils")}
        assert pupils == {cast.IN_ONE, cast.IN_TWO}
        assert {row["version"] for row in rows_of("staff").values("version")} == {1}


def test_nothing_sensitive_is_left_in_the_clear_in_any_table(upgraded: Path) -> None:
    with closing(sqlite3.connect(upgraded)) as kept:
        tables = [n for (n,) in kept.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in kept.execute(f"SELECT * FROM {table}"):  # noqa: S608
                assert not [mark for mark in CLEAR if mark in repr(row)], table


def test_an_import_of_the_earlier_release_can_still_be_undone(
    upgraded: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with databases.opened(upgraded, django_db_blocker):
        [number] = {one.import_id for one in Change.objects.exclude(import_id=None)}
        assert number is not None
        counts = actions.undo(number, actor="测试", now=cast.NOW)
        assert (counts.created, counts.updated) == (1, 1)
        staff = {row["staff_no"]: row for row in queries.rows("staff")}
        assert set(staff) == {"S000001", "S000003"}
        assert staff["S000001"]["phone"] == PHONE


def test_new_rows_go_in_beside_the_old_ones(
    upgraded: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with databases.opened(upgraded, django_db_blocker):
        cast.put("staff", {**cast.staff("S000009", cast.SCHOOL), "phone": PHONE})
        same = vault.index_of(ledger("staff"), ledger("staff").by_key["phone"], PHONE)
        found = rows_of("staff").filter(phone_index=same).values_list("staff_no", flat=True)
        assert set(found) == {"S000002", "S000009"}
        executor = MigrationExecutor(connection)
        assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_values_in_the_clear_are_sealed_range_by_range_on_either_database(
    zhuji_home: Path, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealing = import_module("zhuji.ledgers.migrations.0003_seal_what_is_stored")
    monkeypatch.setattr(sealing, "AT_ONCE", 2)
    numbers = {serial: f"G9901012013010100{serial:02}" for serial in (3, 4, 5, 9, 14)}
    with databases.opened(zhuji_home / "ranges.db", django_db_blocker, new=True):
        call_command("migrate", "ledgers", "0002", verbosity=0)
        with connection.cursor() as cursor:
            for serial, number in numbers.items():
                cursor.execute(PUPIL, [serial, number, PHONE, cast.NOW])
                before = json.dumps({"guardian_phone": ID_NUMBER}) if serial == 9 else None
                cursor.execute(CHANGE, [serial, json.dumps([number]), before, cast.NOW])
        call_command("migrate", verbosity=0)

        pupils = {row["pupil_no"]: row["guardian_phone"] for row in queries.rows("pupils")}
        assert pupils == dict.fromkeys(numbers.values(), PHONE)
        changes = Change.objects.order_by("pk")
        keys = [tracing.key_of(ledger("pupils"), one.row_key) for one in changes]
        assert keys == [(number,) for number in numbers.values()]
        images = [tracing.image_of(ledger("pupils"), one.before) for one in changes]
        assert images == [{}, {}, {}, {"guardian_phone": ID_NUMBER}, {}]
        with connection.cursor() as cursor:
            for table in ("ledger_pupils", "ledgers_change", "ledgers_former"):
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
                kept = repr(cursor.fetchall())
                assert not [mark for mark in (*numbers.values(), *CLEAR) if mark in kept], table
