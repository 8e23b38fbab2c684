"""What an entry holds and hides, and that the database lets nobody change it."""

from datetime import timedelta

import pytest
from django.db import Error, IntegrityError, connection, transaction

from tests.orgs import cast
from tests.orgs.cast import NOW
from zhuji.ledgers import actions
from zhuji.orgs import audit, sealing
from zhuji.orgs.append_only import REFUSAL, TABLES
from zhuji.orgs.audit import About, Change, Seen
from zhuji.orgs.models import Entry, Seal, View

pytestmark = pytest.mark.django_db
PHONE = "13900001234"


def an_entry(number: int = 1) -> Entry:
    about = About("staff", f"S{number:06}", cast.SCHOOL, "cli")
    change = Change({"phone": PHONE, "sex": "male"}, {"phone": None, "sex": "female"}, ("phone",))
    return audit.record("row.change", about, actor="clerk", now=NOW, change=change, why="更正")


def a_view() -> None:
    seen = Seen(cast.IN_ONE, "pupils", cast.SCHOOL, "teacher@1")
    audit.record_views([seen, seen], viewer="teacher", now=NOW, route="/pupils")


def test_an_entry_tells_who_did_what_to_what_and_why() -> None:
    entry = an_entry()
    assert (entry.actor, entry.verb, entry.why, entry.source) == (
        "clerk",
        "row.change",
        "更正",
        "cli",
    )
    assert (entry.kind, entry.key, entry.org) == ("staff", "S000001", cast.SCHOOL)
    assert entry.new == '{"phone": null, "sex": "female"}'


def test_a_sensitive_value_is_kept_as_a_keyed_digest() -> None:
    entry = an_entry()
    assert PHONE not in entry.old
    assert audit.digest_of("phone", PHONE) in entry.old
    assert audit.digest_of("phone", PHONE) != audit.digest_of("guardian_phone", PHONE)


def test_the_same_child_twice_on_a_page_is_one_view() -> None:
    a_view()
    assert View.objects.count() == 1


def test_a_line_break_forges_no_second_line() -> None:
    about = About("x", "1\n2 head 2022", source="a\nb")
    audit.record("v", about, actor="a", now=NOW, why='"}\n{"record": "seal"}')
    sealing.seal_all(now=NOW)
    [seal] = Seal.objects.all()
    assert len(seal.leaves.splitlines()) == 1
    assert sealing.verify(None).findings == []


def refused(attack: str, by: str) -> None:
    with (
        pytest.raises(Error, match=by),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack)


@pytest.mark.usefixtures("protected")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("attack", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_recorded(table: str, attack: str) -> None:
    """PostgreSQL: by missing rights at first, and by the trigger when they are granted again."""
    an_entry()
    a_view()
    cast.put("orgs", {"org": cast.SCHOOL, "name": "x", "kind": "school", "valid_from": cast.SINCE})
    sealing.seal_all(now=NOW)
    if connection.vendor == "postgresql":
        refused(attack.format(table), "permission denied")
        refused(f"TRUNCATE {table}", "permission denied")
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT ALL ON {table} TO CURRENT_USER")
        refused(f"TRUNCATE {table}", REFUSAL)
    refused(attack.format(table), REFUSAL)
    assert (Entry.objects.count(), View.objects.count(), Seal.objects.count()) == (2, 1, 1)


@pytest.mark.usefixtures("protected")
def test_replacing_a_row_by_its_number_is_refused() -> None:
    """SQLite's REPLACE deletes without telling the delete trigger."""
    kept = an_entry()
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.bulk_create([Entry(sequence=kept.sequence, at=NOW, actor="evil", verb="v")])
    if connection.vendor == "sqlite":
        refused("REPLACE INTO audit_entry SELECT * FROM audit_entry", REFUSAL)
    assert Entry.objects.get().actor == "clerk"


def test_a_ledger_action_leaves_one_entry_with_counts_and_digest() -> None:
    row = {"org": "990101", "name": "测试县", "kind": "county", "valid_from": cast.SINCE}
    cast.put("orgs", row)
    entry = Entry.objects.get()
    assert (entry.verb, entry.kind, entry.key, entry.why) == (
        "ledger.put",
        "ledger",
        "orgs",
        "示例县",
    )
    assert '"created": 1' in entry.new
    assert '"sha256": "' in entry.new
    actions.remove("orgs", [("990101",)], actor="测试", now=NOW, cause="登记有误")
    assert [e.verb for e in Entry.objects.order_by("sequence")] == ["ledger.put", "ledger.remove"]


def test_a_record_that_commits_late_is_sealed_by_the_next_batch() -> None:
    """Another transaction took number 5 and committed after number 6 was sealed."""
    an_entry()
    first = Entry.objects.get().sequence
    row = {"at": NOW, "actor": "a", "verb": "v", "kind": "k", "key": "k"}
    Entry.objects.create(sequence=first + 2, **row)
    assert sealing.seal_all(now=NOW) == 2
    Entry.objects.create(sequence=first + 1, **row)
    assert sealing.verify(None).findings == []
    assert sealing.seal_all(now=NOW + timedelta(seconds=5)) == 1
    assert sealing.seal_all(now=NOW) == 0
    report = sealing.verify(None)
    assert (report.findings, report.records, report.seals) == ([], 3, 2)


def test_a_forged_early_record_is_found() -> None:
    for number in range(3):
        an_entry(number)
    sealing.seal_all(now=NOW)
    Entry.objects.create(sequence=-1, at=NOW, actor="evil", verb="v", kind="k", key="k")
    assert sealing.verify(None).findings == [("inserted", "entry -1")]
