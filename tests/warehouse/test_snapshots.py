"""A snapshot holds what the database held, is found again, and is never changed."""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.conftest import DAWN, KEY, MARKS, PUPILS, County, pupil, school
from zhuji import __version__
from zhuji.kernel.errors import BadInput, NotFound, Refused
from zhuji.warehouse import objects, pseudonyms, snapshots
from zhuji.warehouse.manifest import FILE_NAME
from zhuji.warehouse.tables import ColumnType, TableColumn


def test_every_row_arrives_with_its_exact_types(county: County) -> None:
    manifest = county.snapshot()
    rows = county.rows(manifest, "marks")
    alias = pseudonyms.pseudonym(KEY, pupil(3))
    score, paid = Decimal("80.3"), Decimal("3.07")
    assert len(rows) == manifest.tables["marks"].rows == 120
    assert rows[3] == (school(3), alias, score, paid, date(2021, 11, 5), True, None, 3)
    assert manifest.version == __version__


def test_a_column_that_is_empty_for_thousands_of_rows_keeps_its_type(county: County) -> None:
    empty = [(1_000 + n, school(1), pupil(1), None, None, None, None, None) for n in range(20_000)]
    county.write("INSERT INTO facts_marks VALUES (?,?,?,?,?,?,?,?)", empty)
    county.write(
        "INSERT INTO facts_marks VALUES (99999,?,?,99.5,1,'2022-01-01',1,'末行')",
        [(school(1), pupil(1))],
    )
    last = county.rows(county.snapshot(), "marks")[-1]
    assert last[2:] == (Decimal("99.5"), Decimal("1.00"), date(2022, 1, 1), True, "末行", 99999)


def test_the_same_facts_give_the_same_objects(county: County) -> None:
    first, second = county.snapshot(), county.snapshot()
    assert first.id != second.id
    assert first.objects.keys() == second.objects.keys()
    assert len(list((county.store / objects.FOLDER).iterdir())) == 2


def test_a_snapshot_is_found_again_as_it_was(county: County) -> None:
    taken = county.snapshot()
    later = county.snapshot({"marks": [school(1)]})
    assert snapshots.load(county.store, taken.id) == taken
    assert snapshots.list_(county.store) == (taken, later)
    assert later.parent == taken.id
    with pytest.raises(NotFound, match="没有编号为"):
        snapshots.load(county.store, "20220101-0123456789abcdef")


def test_a_change_of_one_school_rewrites_only_its_part(county: County) -> None:
    before = county.snapshot()
    county.write("UPDATE facts_marks SET score = 12.5 WHERE org = ?", [(school(2),)])
    after = county.snapshot({"marks": [school(2)]})
    kept, fresh = after.tables["marks"].parts
    assert after.tables["pupils"] == before.tables["pupils"]
    assert kept.sha256 == before.tables["marks"].parts[0].sha256
    assert kept.excepting == fresh.only == (school(2),)
    assert (fresh.rows, after.tables["marks"].rows) == (30, 120)
    assert {row[2] for row in county.rows(after, "marks") if row[0] == school(2)} == {
        Decimal("12.5")
    }
    assert county.rows(before, "marks")[2][2] == Decimal("80.2")


def test_a_school_that_loses_all_its_rows_is_gone(county: County) -> None:
    county.snapshot()
    county.write("DELETE FROM facts_marks WHERE org = ?", [(school(2),)])
    after = county.snapshot({"marks": [school(2)]})
    assert len(after.tables["marks"].parts) == 1
    assert {row[0] for row in county.rows(after, "marks")} == {school(0), school(1), school(3)}


def test_too_many_parts_are_written_again_as_one(county: County) -> None:
    county.snapshot()
    for number in range(snapshots.MOST_PARTS):
        org = school(100 + number)
        county.write("INSERT INTO facts_marks (org, pupil_no) VALUES (?, ?)", [(org, pupil(1))])
        manifest = county.snapshot({"marks": [org]})
        counted = len(manifest.tables["marks"].parts)
        assert counted == (number + 2 if number + 2 <= snapshots.MOST_PARTS else 1)
    assert manifest.tables["marks"].rows == 120 + snapshots.MOST_PARTS


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 119), st.integers(0, 5), st.booleans()), min_size=1, max_size=4
        ),
        min_size=1,
        max_size=6,
    )
)
def test_an_incremental_snapshot_equals_a_whole_one(
    county: County, rounds: list[list[tuple[int, int, bool]]]
) -> None:
    """Rows move between schools, vanish and appear; both schools of a move are named."""
    shutil.rmtree(county.store, ignore_errors=True)
    county.taken.clear()
    county.snapshot()
    for edits in rounds:
        changed: set[str] = set()
        for row, number, stays in edits:
            changed |= _edit(county, row, school(number), stays)
        part = county.snapshot({"marks": sorted(changed)})
    whole = county.snapshot()
    assert county.rows(part, "marks") == county.rows(whole, "marks")
    assert part.tables["marks"].rows == whole.tables["marks"].rows


def _edit(county: County, row: int, org: str, stays: bool) -> set[str]:
    with sqlite3.connect(county.database) as connection:
        found = connection.execute("SELECT org FROM facts_marks WHERE id = ?", (row,)).fetchall()
        if stays:
            insert = "INSERT OR REPLACE INTO facts_marks (id, org, pupil_no) VALUES (?, ?, ?)"
            connection.execute(insert, (row, org, pupil(row)))
        else:
            connection.execute("DELETE FROM facts_marks WHERE id = ?", (row,))
    connection.close()
    return {org, *(old for (old,) in found)}


def test_a_changed_column_or_key_writes_the_table_whole(county: County) -> None:
    before = county.snapshot()
    when = snapshots.When(date(2022, 1, 2), DAWN)
    since = snapshots.Since(before, {})
    wider = replace(
        MARKS, columns=(*MARKS.columns, TableColumn("row2", ColumnType.INTEGER, reads="id"))
    )
    fresh = snapshots.create(
        county.store, replace(county.source, tables=(PUPILS, wider)), when, since=since
    )
    assert fresh.tables["pupils"] == before.tables["pupils"]
    assert fresh.tables["marks"].parts[0].sha256 != before.tables["marks"].parts[0].sha256
    other = snapshots.create(county.store, replace(county.source, key=b"x" * 32), when, since=since)
    assert not other.objects.keys() & before.objects.keys()


def test_a_crash_leaves_no_half_snapshot(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = county.snapshot()
    county.write("UPDATE facts_marks SET score = 1")

    def torn(path: Path, target: Path) -> Path:
        if path.suffix == "":
            raise OSError("power failed")
        os.rename(path, target)  # noqa: PTH104 - Path.rename is what is replaced
        return target

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", torn)
        with pytest.raises(OSError, match="power"):
            county.snapshot()
    assert snapshots.list_(county.store) == (whole,)
    assert not list(county.store.glob(".staging-*"))
    assert len(county.rows(whole, "marks")) == 120


def test_a_missing_table_or_database_is_told_in_a_sentence(county: County) -> None:
    county.write("DROP TABLE facts_marks")
    with pytest.raises(Refused, match="读取数据表 facts_marks 失败"):
        county.snapshot()
    elsewhere = replace(county.source, uri=str(county.database) + "-not-there")
    with pytest.raises(Refused, match="业务数据库"):
        snapshots.create(county.store, elsewhere, snapshots.When(date(2022, 1, 1), DAWN))


def test_a_manifest_with_an_unknown_field_is_refused_with_its_name(county: County) -> None:
    taken = county.snapshot()
    path = county.store / taken.id / FILE_NAME
    path.chmod(0o644)
    path.write_text(path.read_text(encoding="utf-8").replace('"key_id"', '"color": 1, "key_id"'))
    with pytest.raises(BadInput, match="color"):
        snapshots.load(county.store, taken.id)
    path.write_text("{")
    with pytest.raises(BadInput, match="JSON"):
        snapshots.load(county.store, taken.id)
    assert snapshots.list_(county.store) == ()
    assert snapshots.ids(county.store) == (taken.id,)
