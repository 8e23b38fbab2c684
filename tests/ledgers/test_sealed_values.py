"""What is sensitive stands nowhere in the clear, and all that must work with it still works."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.conf import settings
from django.db import connection

from tests.ledgers.people import NOW, act, reader
from tests.ledgers.workbooks import book
from tests.orgs import cast
from zhuji.kernel.errors import NotFound, Refused
from zhuji.ledgers import actions, listing, queries, rotating, tracing, vault, visibility
from zhuji.ledgers.declare import Level
from zhuji.ledgers.models import Change, Former, rows_of
from zhuji.ledgers.registry import LEDGERS, ledger
from zhuji.orgs import keyring
from zhuji.orgs.ciphers import Algorithm, is_available
from zhuji.orgs.models import Entry
from zhuji.orgs.scope import Reader

pytestmark = pytest.mark.django_db
IDENTITY = cast.IN_ONE[1:]
PHONE, ADDRESS, BASIS = "13900000000", "和平路 1 号", "民政认定"
ACTOR: dict[str, Any] = {"actor": "测试", "now": NOW}


@pytest.fixture(autouse=True)
def county(db: None) -> None:
    cast.build_county()
    cast.put("pupils", {**cast.pupil(cast.IN_ONE, cast.SCHOOL), "id_number": IDENTITY})
    cast.put("pupils", {**cast.pupil(cast.IN_ONE, cast.SCHOOL), "address": ADDRESS})
    cast.put("waivers", waiver(cast.IN_ONE), waiver("S000001"))


def waiver(subject: str) -> dict[str, object]:
    return {
        "org": cast.SCHOOL,
        "duty": "m10_health_check",
        "subject": subject,
        "kind": "waiver",
        "reason": "休学",
        "approver": "基教科",
        "valid_from": cast.SINCE,
        "valid_to": cast.TODAY,
    }


def everything_stored() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            yield table, repr(cursor.fetchall())


@pytest.mark.parametrize("secret", [IDENTITY, PHONE, ADDRESS, BASIS])
def test_the_database_holds_nothing_sensitive_in_the_clear(secret: str) -> None:
    actions.remove("special_pupils", [(cast.IN_ONE, "poor", cast.SINCE)], **ACTOR, cause="x")
    assert [table for table, text in everything_stored() if secret in text] == []


def test_sensitive_columns_are_those_of_the_level_and_never_leave() -> None:
    sealed = {f"{one.key}.{c.key}" for one in LEDGERS for c in vault.sealed_columns(one.key)}
    assert sealed == {
        "pupils.address",
        "pupils.guardian_phone",
        "pupils.id_number",
        "special_pupils.basis",
        "staff.id_number",
        "staff.phone",
    }
    for one in LEDGERS:
        for column in one.columns:
            assert (column.level is Level.SENSITIVE) == (column in vault.sealed_columns(one.key))


def test_a_number_is_found_joined_and_unique_though_sealed() -> None:
    found = rows_of("enrolments").filter(pupil_no=cast.IN_ONE)
    assert [row.pupil_no for row in found] == [cast.IN_ONE]
    many = rows_of("pupils").filter(pupil_no__in=[cast.IN_ONE, cast.MOVER])
    assert many.count() == 2
    again = actions.put("pupils", [cast.pupil(cast.IN_ONE, cast.SCHOOL)], **ACTOR, cause="x")
    assert (again.created, again.unchanged) == (0, 1)


def test_a_mixed_column_seals_only_what_names_a_pupil() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject FROM ledger_waivers ORDER BY id")
        [(pupil,), (staff,)] = cursor.fetchall()
    assert pupil.startswith("~")
    assert staff == "S000001"
    subjects = [row["subject"] for row in queries.rows("waivers")]
    assert sorted(map(str, subjects)) == [cast.IN_ONE, "S000001"]


def test_rows_taken_out_for_a_file_are_in_the_clear_again() -> None:
    row = next(r for r in queries.rows("pupils") if r["pupil_no"] == cast.IN_ONE)
    assert (row["id_number"], row["guardian_phone"], row["address"]) == (IDENTITY, PHONE, ADDRESS)


def test_the_same_file_again_changes_nothing_and_a_changed_phone_is_one_update(
    tmp_path: Path,
) -> None:
    head = ("学籍所在学校标识码", "学籍号", "姓名", "性别", "出生日期", "户籍所在镇街代码",
            "监护人手机号")  # fmt: skip
    row = (cast.SCHOOL, cast.IN_ONE, "李小明", "男", "2013-01-01", cast.TOWN)
    path = book(tmp_path / "a.xlsx", {"学生台账": [head, (*row, PHONE)]})
    assert actions.import_file(path, **ACTOR).counts.unchanged == 1
    path = book(tmp_path / "b.xlsx", {"学生台账": [head, (*row, "13912345678")]})
    receipt = actions.import_file(path, **ACTOR)
    assert receipt.counts.updated == 1
    assert receipt.import_id is not None
    actions.undo(receipt.import_id, **ACTOR)
    row_now = next(r for r in queries.rows("pupils") if r["pupil_no"] == cast.IN_ONE)
    assert row_now["guardian_phone"] == PHONE


def test_a_value_moved_to_another_row_does_not_open() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT guardian_phone FROM ledger_pupils ORDER BY id DESC LIMIT 1")
        [(other,)] = cursor.fetchall()
        cursor.execute("UPDATE ledger_pupils SET guardian_phone = %s", [other])
    with pytest.raises(Refused, match="被改动过"):
        list(queries.rows("pupils"))


def test_an_identity_number_finds_its_row_only_for_who_may_reveal_and_that_is_recorded() -> None:
    clerk = reader("clerk", "clerk")
    assert [row["id"] for row in found(clerk, IDENTITY)] == [the_child()]
    assert [row["id"] for row in found(clerk, cast.IN_ONE.lower())] == [the_child()]
    assert Entry.objects.filter(verb="row.find", actor="clerk").count() == 2
    assert found(reader("officer", "officer", cast.COUNTY), IDENTITY) == ()
    assert found(reader("other", "clerk", cast.OTHER_SCHOOL), IDENTITY) == ()
    assert found(clerk, IDENTITY[:10]) == ()
    assert Entry.objects.filter(verb="row.find").count() == 2


def found(who: Reader, text: str) -> tuple[dict[str, object], ...]:
    return listing.search(who, "pupils", text, now=NOW, route="/search").rows


def the_child() -> int:
    return int(rows_of("pupils").values_list("id", flat=True).get(pupil_no=cast.IN_ONE))


def test_revealing_opens_one_value() -> None:
    clerk = reader("clerk", "clerk")
    where = ("pupils", the_child(), "guardian_phone")
    told = visibility.reveal(clerk, where, now=NOW, route="/t", reason="联系家长")
    assert told == PHONE


@pytest.mark.parametrize("algorithm", Algorithm)
def test_rotation_renews_everything_and_the_old_key_may_go(algorithm: Algorithm) -> None:
    if not is_available(algorithm):
        pytest.skip("SM4 is not in this build of the library")
    home = Path(settings.ZHUJI_HOME)
    actions.remove("special_pupils", [(cast.IN_ONE, "poor", cast.SINCE)], **ACTOR, cause="x")
    keyring.add_key(home, algorithm)
    done = rotating.rotate_all(batch=2)
    assert done["ledger_pupils.guardian_phone"].renewed == 5
    assert done["ledger_special_pupils.basis"].renewed == 4
    assert done["ledgers_former.stored"].renewed >= 1
    again = rotating.rotate_all(batch=2)
    assert {one.renewed + one.passed_over for one in again.values()} == {0}
    keyring.drop_key(home, 1)
    clear = {row["guardian_phone"] for row in queries.rows("pupils")}
    assert clear == {PHONE}
    assert len([r for r in queries.rows("pupils") if r["pupil_no"] == cast.IN_ONE]) == 1


def test_replaced_sensitive_values_are_forgotten_after_a_month() -> None:
    actions.remove("special_pupils", [(cast.IN_ONE, "poor", cast.SINCE)], **ACTOR, cause="x")
    [change] = Change.objects.filter(kind="deleted")
    assert tracing.forget_former(now=NOW + timedelta(days=29)) == 0
    assert tracing.forget_former(now=NOW + timedelta(days=30)) > 0
    assert not Former.objects.exists()
    clerk = reader("clerk", "clerk")
    with pytest.raises((Refused, NotFound)):
        actions.restore_row(clerk, "special_pupils", change.pk, act())


def test_a_change_that_was_tampered_with_does_not_fit_its_entry() -> None:
    batches = tracing.told_batches(Entry.objects.all())
    assert len(batches) > 5
    assert list(tracing.tampered(batches)) == []
    victim = Change.objects.filter(kind="created", ledger="staff").first()
    assert victim is not None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledgers_change SET actor = 'x' WHERE id = %s", [victim.pk])
    assert list(tracing.tampered(batches)) == [victim.batch]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledgers_change WHERE id = %s", [victim.pk])
    assert list(tracing.tampered(batches)) == [victim.batch]


@pytest.mark.django_db(transaction=True)
def test_pupils_leave_as_pseudonyms_of_what_is_sealed(tmp_path: Path) -> None:
    from zhuji.programme import snapshots

    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("the warehouse reads a file, and this database is in memory")
    made = snapshots.take(as_of=cast.TODAY, known_at=NOW)
    with snapshots.opened(made) as engine:
        query = (
            "SELECT count(DISTINCT p.pupil_no), count(*)"
            " FROM pupils AS p JOIN enrolments USING (pupil_no)"
        )
        assert engine.connection.execute(query).fetchall() == [(5, 5)]
        named = "SELECT subject FROM waivers ORDER BY length(subject)"
        subjects = [one for (one,) in engine.connection.execute(named).fetchall()]
    assert subjects[0] == "S000001"
    assert len(subjects[1]) == 32
    for part in (Path(settings.ZHUJI_HOME) / "snapshots" / "objects").glob("*.parquet"):
        text = repr(duckdb.execute("SELECT * FROM read_parquet(?)", [str(part)]).fetchall())
        assert IDENTITY not in text
        assert "~" not in text


def test_every_natural_key_is_readable_without_opening_anything() -> None:
    """A sealed column in a key could not be compared; only numbers may stand there."""
    for one in LEDGERS:
        sealed = {column.key for column in vault.sealed_columns(one.key)}
        assert sealed.isdisjoint(one.natural_key)
    assert ledger("pupils").natural_key == ("pupil_no",)
