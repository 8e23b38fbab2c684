"""Saving one row: scope, conversion, merging, conflicts, removal; nothing lost, nothing twice."""

from datetime import date, timedelta

import pytest
from django.db import connection

from tests.ledgers.people import NOW, act, reader
from tests.orgs import cast
from zhuji.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from zhuji.ledgers import actions, records
from zhuji.ledgers.editing import Saved
from zhuji.ledgers.entering import Edit
from zhuji.ledgers.merging import Conflict, NoVersion
from zhuji.ledgers.models import Change, rows_of
from zhuji.orgs.models import Entry
from zhuji.orgs.scope import Reader

pytestmark = pytest.mark.django_db
CLASSES, STAFF, PUPILS = "classes", "staff", "pupils"


@pytest.fixture(autouse=True)
def county(db: None) -> None:
    cast.build_county()


@pytest.fixture
def clerk() -> Reader:
    return reader("clerk", "clerk")


def the(key: str, **where: object) -> dict[str, object]:
    [row] = rows_of(key).filter(**where).values()
    return dict(row)


def a_class(number: int = 1) -> dict[str, object]:
    return the(CLASSES, org=cast.SCHOOL, class_no=number)


def save(who: Reader, row: dict[str, object], base: int | None = None, **values: object) -> Saved:
    edit = Edit(values, int(str(row["version"])) if base is None else base)
    return actions.save(who, CLASSES, int(str(row["id"])), edit, act(who.username))


def test_what_is_typed_is_read_as_an_import_reads_it(clerk: Reader) -> None:
    row = a_class()
    done = save(clerk, row, valid_to="二〇二二年七月一日", interactive="否", grade="３")
    assert (done.version, done.created, done.unchanged) == (2, False, False)
    now = a_class()
    assert (now["valid_to"], now["interactive"], now["grade"]) == (date(2022, 7, 1), False, 3)
    assert now["import_id"] is None


def test_all_faults_are_told_at_once_by_column(clerk: Reader) -> None:
    with pytest.raises(BadInput) as refusal:
        save(clerk, a_class(), valid_to="昨天", stage="高中", colour="红")
    found = {issue.column: issue.code for issue in refusal.value.issues}
    assert found == {
        "valid_to": "date",
        "stage": "choice",
        "colour": "column",
    }
    assert a_class()["version"] == 1


def test_a_required_value_cannot_be_emptied_and_an_end_follows_its_beginning(clerk: Reader) -> None:
    with pytest.raises(BadInput) as refusal:
        save(clerk, a_class(), grade="", valid_to="2021-09-01")
    found = {issue.column: issue.code for issue in refusal.value.issues}
    assert found == {"grade": "required", "valid_to": "span"}


def test_what_a_row_refers_to_must_be_there(clerk: Reader) -> None:
    values = {**cast.enrolment(cast.pupil_no(99), cast.SCHOOL, 1), "valid_to": ""}
    with pytest.raises(BadInput) as refusal:
        actions.save(clerk, "enrolments", None, Edit(values), act())
    assert [(one.column, one.code) for one in refusal.value.issues] == [
        ("pupil_no", "reference.unknown")
    ]


def test_out_of_scope_a_row_does_not_exist_and_without_the_verb_it_stays(clerk: Reader) -> None:
    row = a_class()
    other = reader("other", "clerk", cast.OTHER_SCHOOL)
    with pytest.raises(NotFound):
        save(other, row, grade="4")
    head = reader("head", "principal")
    with pytest.raises(NotAllowed):
        save(head, row, grade="4")
    assert a_class() == row


def test_a_row_cannot_be_moved_out_of_what_one_may_enter(clerk: Reader) -> None:
    with pytest.raises(BadInput) as refusal:
        save(clerk, a_class(), org=cast.OTHER_SCHOOL)
    assert [issue.code for issue in refusal.value.issues] == ["scope"]


def test_different_fields_of_two_editors_merge(clerk: Reader) -> None:
    seen = a_class()
    save(clerk, seen, head_teacher="S000002")
    done = save(clerk, seen, interactive="否")
    assert (done.merged, done.version) == (("head_teacher",), 3)
    now = a_class()
    assert (now["head_teacher"], now["interactive"]) == ("S000002", False)


def test_a_whole_form_sent_back_changes_only_what_was_touched(clerk: Reader) -> None:
    seen = a_class()
    save(clerk, seen, head_teacher="S000002")
    done = save(clerk, seen, head_teacher="S000001", interactive="否", grade="3")
    assert done.merged == ("head_teacher",)
    assert a_class()["head_teacher"] == "S000002"


def test_the_same_field_of_two_editors_shows_both(clerk: Reader) -> None:
    seen = a_class()
    save(clerk, seen, head_teacher="S000002", interactive="否")
    with pytest.raises(Conflict) as found:
        save(clerk, seen, head_teacher="")
    [clash] = found.value.clashes
    assert (clash.column, clash.base, clash.theirs, clash.yours) == (
        "head_teacher",
        "S000001",
        "S000002",
        None,
    )
    assert (clash.by, clash.at) == ("clerk", NOW)
    assert (found.value.version, found.value.merged) == (2, ("interactive",))
    assert a_class()["head_teacher"] == "S000002"
    save(clerk, seen, found.value.version, head_teacher="")
    assert a_class()["head_teacher"] is None


def test_both_changing_to_the_same_is_no_conflict(clerk: Reader) -> None:
    seen = a_class()
    save(clerk, seen, head_teacher="S000002")
    assert save(clerk, seen, head_teacher="S000002").unchanged


def test_nobody_changes_a_row_without_saying_which_version_they_saw(clerk: Reader) -> None:
    row = a_class()
    with pytest.raises(NoVersion):
        actions.save(clerk, CLASSES, int(str(row["id"])), Edit({"grade": "4"}), act())


def test_a_version_from_the_future_shows_every_difference(clerk: Reader) -> None:
    with pytest.raises(Conflict):
        save(clerk, a_class(), 9, grade="4")


def test_an_import_in_between_counts_as_another_editor(clerk: Reader) -> None:
    seen = a_class()
    cast.put(CLASSES, {**cast.headed(1, "S000002")})
    with pytest.raises(Conflict):
        save(clerk, seen, head_teacher="")


def test_a_new_row_is_entered_once_for_one_key(clerk: Reader) -> None:
    values = {**cast.headed(7, "S000001"), "valid_to": ""}
    first = actions.save(clerk, CLASSES, None, Edit(values), act(once="k1"))
    again = actions.save(clerk, CLASSES, None, Edit(values), act(once="k1"))
    assert (first.created, first.replayed) == (True, False)
    assert (again.row_id, again.replayed) == (first.row_id, True)
    assert rows_of(CLASSES).filter(class_no=7).count() == 1
    with pytest.raises(Refused, match="幂等键已经用于另一次写入"):
        actions.save(clerk, CLASSES, None, Edit({**values, "class_no": 8}), act(once="k1"))


def test_a_key_that_is_taken_is_named(clerk: Reader) -> None:
    with pytest.raises(BadInput) as refusal:
        actions.save(clerk, CLASSES, None, Edit(cast.headed(1, "")), act())
    assert [(one.column, one.code) for one in refusal.value.issues] == [("valid_from", "taken")]


def test_a_corrected_key_keeps_the_row_and_its_history(clerk: Reader) -> None:
    seen = a_class()
    save(clerk, seen, head_teacher="S000002")
    done = save(clerk, a_class(), class_no="11")
    assert done.row_id == seen["id"]
    assert [
        step.kind for step in records.history(clerk, CLASSES, done.row_id, now=NOW, route="/")
    ] == [
        "renamed",
        "updated",
        "created",
    ]
    renamed = records.history(clerk, CLASSES, done.row_id, now=NOW, route="/")[0]
    assert [(f.column.key, f.old, f.new) for f in renamed.fields] == [("class_no", 1, 11)]
    with pytest.raises(Conflict) as found:  # the base is found through the former name
        save(clerk, seen, head_teacher="", grade="3")
    assert [(c.column, c.base, c.theirs) for c in found.value.clashes] == [
        ("head_teacher", "S000001", "S000002")
    ]


def test_a_code_that_others_name_keeps_its_name(clerk: Reader) -> None:
    row = the(PUPILS, pupil_no=cast.IN_ONE)
    edit = Edit({"pupil_no": cast.pupil_no(88)}, 1, frozenset({"pupil_no"}))
    with pytest.raises(Refused, match="别的台账已经用到了"):
        actions.save(clerk, PUPILS, int(str(row["id"])), edit, act())


def test_what_is_masked_is_not_overwritten_in_silence(clerk: Reader) -> None:
    row = the(PUPILS, pupil_no=cast.IN_ONE)
    number = int(str(row["id"]))
    masked = records.record(clerk, PUPILS, number, now=NOW, route="/t").row["guardian_phone"]
    assert masked == "139****0000"
    kept = actions.save(clerk, PUPILS, number, Edit({"guardian_phone": masked}, 1), act())
    assert kept.unchanged
    for typed in ("13911112222", "13900000000", ""):
        with pytest.raises(BadInput) as refusal:
            actions.save(clerk, PUPILS, number, Edit({"guardian_phone": typed}, 1), act())
        assert [issue.code for issue in refusal.value.issues] == ["masked"]
    knowing = Edit({"guardian_phone": "139-1111-2222"}, 1, frozenset({"guardian_phone"}))
    assert actions.save(clerk, PUPILS, number, knowing, act()).version == 2
    shown = records.record(clerk, PUPILS, number, now=NOW, route="/t").row["guardian_phone"]
    assert shown == "139****2222"


def test_what_is_absent_for_the_reader_cannot_be_filled_in() -> None:
    teacher = reader("t", "clerk", cast.SCHOOL)
    officer = reader("o", "officer", cast.COUNTY)
    row = the(STAFF, staff_no="S000001")
    edit = Edit({"phone": "13911112222"}, 1)
    with pytest.raises(BadInput) as refusal:
        actions.save(officer, STAFF, int(str(row["id"])), edit, act("o"))
    assert [issue.code for issue in refusal.value.issues] == ["absent"]
    assert actions.save(teacher, STAFF, int(str(row["id"])), edit, act("t")).version == 2


def test_a_county_ledger_is_not_entered_by_a_school(clerk: Reader) -> None:
    values = {
        "org": cast.SCHOOL,
        "stage": "primary",
        "subject": "chinese",
        "needed": "3",
        "valid_from": "2021-09-01",
    }
    with pytest.raises(BadInput) as refusal:
        actions.save(clerk, "post_quotas", None, Edit(values), act())
    assert "scope" in {issue.code for issue in refusal.value.issues}
    officer = reader("o", "officer", cast.COUNTY)
    assert actions.save(officer, "post_quotas", None, Edit(values), act("o")).created


def test_every_save_leaves_a_change_and_an_entry_without_sensitive_values(clerk: Reader) -> None:
    row = the(STAFF, staff_no="S000001")
    for version, phone in enumerate(("13911112222", "13933334444"), start=1):
        edit = Edit({"phone": phone}, version, frozenset({"phone"}))
        actions.save(clerk, STAFF, int(str(row["id"])), edit, act(why="本人申请"))
    entry = Entry.objects.filter(verb="row.change").last()
    assert entry is not None
    assert (entry.actor, entry.why, entry.org, entry.key) == (
        "clerk",
        "本人申请",
        cast.SCHOOL,
        f"staff {row['id']}",
    )
    change = Change.objects.filter(ledger=STAFF).last()
    assert change is not None
    kept = f"{entry.old} {entry.new} {change.before} {change.after}"
    assert "1391111" not in kept
    assert "1393333" not in kept
    assert change.before is not None
    assert str(change.before["phone"]).startswith("hmac:")


def test_a_removed_row_comes_back_whole_within_a_month(clerk: Reader) -> None:
    row = the(PUPILS, pupil_no=cast.IN_ONE)
    number = int(str(row["id"]))
    with pytest.raises(Refused, match="别的台账已经用到了"):
        actions.remove_row(clerk, PUPILS, number, 1, act())
    seen = a_class()
    actions.remove_row(clerk, CLASSES, int(str(seen["id"])), 1, act())
    assert not rows_of(CLASSES).filter(class_no=1, org=cast.SCHOOL).exists()
    [gone] = records.removed(clerk, CLASSES, now=NOW, route="/")
    assert (gone.by, gone.until) == ("clerk", NOW + timedelta(days=30))
    late = act(now=NOW + timedelta(days=30))
    with pytest.raises(NotFound):
        actions.restore_row(clerk, CLASSES, gone.change_id, late)
    other = reader("other", "clerk", cast.OTHER_SCHOOL)
    with pytest.raises(NotFound):
        actions.restore_row(other, CLASSES, gone.change_id, act("other"))
    actions.restore_row(clerk, CLASSES, gone.change_id, act())
    back = a_class()
    ours = {"id", "changed_at", "version"}
    assert {k: v for k, v in back.items() if k not in ours} == {
        k: v for k, v in seen.items() if k not in ours
    }
    assert records.removed(clerk, CLASSES, now=NOW, route="/") == ()


def test_sensitive_values_come_back_with_their_row(clerk: Reader) -> None:
    values = {**cast.pupil(cast.pupil_no(77), cast.SCHOOL), "address": "和平路 1 号"}
    made = actions.save(clerk, PUPILS, None, Edit(values), act())
    actions.remove_row(clerk, PUPILS, made.row_id, 1, act())
    [gone] = records.removed(clerk, PUPILS, now=NOW, route="/")
    back = actions.restore_row(clerk, PUPILS, gone.change_id, act())
    shown = records.record(clerk, PUPILS, back.row_id, now=NOW, route="/t").row
    assert (shown["guardian_phone"], shown["address"]) == ("139****0000", "*" * 7)


def test_removing_what_somebody_changed_meanwhile_shows_what(clerk: Reader) -> None:
    seen = a_class()
    save(clerk, seen, head_teacher="S000002")
    with pytest.raises(Conflict) as found:
        actions.remove_row(clerk, CLASSES, int(str(seen["id"])), 1, act())
    assert [(c.column, c.base, c.theirs) for c in found.value.clashes] == [
        ("head_teacher", "S000001", "S000002")
    ]
    with pytest.raises(NoVersion):
        actions.remove_row(clerk, CLASSES, int(str(seen["id"])), None, act())


def test_checking_tells_the_same_faults_and_writes_nothing(clerk: Reader) -> None:
    row = a_class()
    edit = Edit({"valid_to": "昨天"}, 1)
    found = actions.check_row(clerk, CLASSES, int(str(row["id"])), edit, act())
    assert [(issue.column, issue.code) for issue in found] == [("valid_to", "date")]
    good = Edit({"head_teacher": "S000002"}, 1)
    assert actions.check_row(clerk, CLASSES, int(str(row["id"])), good, act()) == ()
    assert a_class() == row


def test_a_form_is_not_there_for_who_may_not_fill_it_in(clerk: Reader) -> None:
    assert "org" in {one.column.key for one in records.blank(clerk, CLASSES)}
    with pytest.raises(NotFound):
        records.blank(reader("head", "principal"), CLASSES)


def test_a_foreign_keyring_writes_nothing(clerk: Reader, zhuji_home: object) -> None:
    """As after a restore without the keys: what it wrote nobody would find again."""
    from pathlib import Path

    from zhuji.orgs import keyring

    home = Path(str(zhuji_home))
    row = a_class()
    keyring.path_of(home).unlink()
    keyring.make(home)
    with pytest.raises(Refused, match="密钥串不是这个数据库的"):
        save(clerk, row, head_teacher="S000002")
    assert connection.vendor in ("sqlite", "postgresql")
