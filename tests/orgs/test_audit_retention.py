"""Old records may go, said in the chain by whom and why; anything else that is gone is found."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.orgs import cast
from tests.orgs.cast import NOW
from zhuji.kernel.errors import BadInput, Refused
from zhuji.orgs import append_only, audit, retiring, sealing, verify_audit
from zhuji.orgs.audit import About, Seen
from zhuji.orgs.models import Entry, View

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("protected")]
LONG_AGO = NOW - timedelta(days=1200)
TERM = NOW - timedelta(days=1096)


@pytest.fixture(autouse=True)
def trail(protected: None) -> None:
    for moment in (LONG_AGO, NOW):
        for number in (cast.IN_ONE, cast.IN_TWO):
            seen = [Seen(number, "pupils", cast.SCHOOL, "teacher@1")]
            audit.record_views(seen, viewer="t", now=moment, route="/a")
            audit.record("v", About("x", number[-3:]), actor="a", now=moment)
        sealing.seal_all(now=moment)


def findings(*, heads: dict[int, str] | None = None) -> list[tuple[str, str]]:
    return verify_audit.verify(sealing.lines(), heads or {}).findings


def retire(kind: str = "view", before: object = TERM, why: str = "到期清理") -> retiring.Retired:
    return retiring.retire(kind, before, actor="owner", now=NOW, why=why)  # type: ignore[arg-type]


def test_what_is_past_its_term_goes_and_the_chain_stays_whole() -> None:
    last = sealing.head()
    assert last is not None
    kept = {last.number: last.head}
    done = retire()
    assert (done.kind, done.count) == ("view", 2)
    assert View.objects.count() == 2
    assert findings(heads=kept) == []
    entry = Entry.objects.get(verb="audit.retire")
    assert (entry.actor, entry.why) == ("owner", "到期清理")


def test_what_goes_beside_it_is_still_found() -> None:
    done = retire()
    newer = View.objects.order_by("sequence").last()
    assert newer is not None
    removed_by_force("audit_view", newer.sequence)
    assert findings() == [("deleted", f"view {newer.sequence}")]
    assert newer.sequence > done.last


def test_a_removal_that_nobody_recorded_is_found_however_old() -> None:
    oldest = Entry.objects.order_by("sequence").first()
    assert oldest is not None
    removed_by_force("audit_entry", oldest.sequence)
    assert findings() == [("deleted", f"entry {oldest.sequence}")]


def test_a_forged_term_excuses_nothing() -> None:
    """An entry in the chain that lets go what is younger than half a year is no excuse."""
    young = View.objects.order_by("sequence").last()
    assert young is not None
    told = {"kind": "view", "before": verify_audit.instant(NOW + timedelta(days=1)), "count": 1}
    change = audit.Change(new={**told, "first": young.sequence, "last": young.sequence})
    audit.record("audit.retire", About("audit", "view"), actor="evil", now=NOW, change=change)
    sealing.seal_all(now=NOW)
    removed_by_force("audit_view", young.sequence)
    assert findings() == [("deleted", f"view {young.sequence}")]


def test_a_moment_forged_into_the_future_excuses_nothing() -> None:
    """How old a record was when it went, the seal of the telling entry says, not the entry."""
    young = View.objects.order_by("sequence").last()
    assert young is not None
    later = NOW + timedelta(days=400)
    told = {"kind": "view", "before": verify_audit.instant(NOW + timedelta(days=1)), "count": 1}
    change = audit.Change(new={**told, "first": young.sequence, "last": young.sequence})
    audit.record("audit.retire", About("audit", "view"), actor="evil", now=later, change=change)
    sealing.seal_all(now=NOW)
    removed_by_force("audit_view", young.sequence)
    assert findings() == [("deleted", f"view {young.sequence}")]


@pytest.mark.parametrize("new", ["", "[]", "{}", '{"kind": "view", "before": 3}'])
def test_an_excuse_that_says_nothing_neither_excuses_nor_stops_the_verifier(new: str) -> None:
    oldest = View.objects.order_by("sequence").first()
    assert oldest is not None
    Entry.objects.create(at=NOW, actor="evil", verb="audit.retire", kind="audit", key="x", new=new)
    sealing.seal_all(now=NOW)
    removed_by_force("audit_view", oldest.sequence)
    assert findings() == [("deleted", f"view {oldest.sequence}")]


def test_only_whole_months_go_of_which_every_record_was_sealed_in_time() -> None:
    """The month of the term's end stays whole; so does one with a record that was sealed late."""
    month = TERM.replace(day=1, hour=0)
    for moment in (month - timedelta(hours=1), month + timedelta(hours=1)):
        audit.record("v", About("x", f"{moment:%m-%d}"), actor="a", now=moment)
    sealing.seal_all(now=NOW)
    assert retire("entry").count == 2
    assert Entry.objects.filter(verb="v", at__lte=TERM).count() == 2


def test_entries_that_tell_of_removals_are_never_removed() -> None:
    retire()
    done = retire("entry")
    assert done.count == 2
    assert Entry.objects.filter(verb="audit.retire").count() == 2
    assert findings() == []


def test_nothing_goes_before_its_term_or_without_a_reason() -> None:
    with pytest.raises(Refused, match="至少保存 1096 天"):
        retire(before=TERM + timedelta(days=1))
    with pytest.raises(Refused, match="至少保存 1096 天"):
        retire("entry", NOW - timedelta(days=181))
    with pytest.raises(BadInput, match="事由"):
        retire(why=" ")
    with pytest.raises(BadInput, match="没有“vote”"):
        retire("vote")
    assert View.objects.count() == 4


def test_the_protection_stands_again_afterwards() -> None:
    from django.db import Error, transaction

    retire()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_view")


def removed_by_force(table: str, number: int) -> None:
    mine = {table: append_only.TRAIL[table]}
    with connection.cursor() as cursor:
        for statement in append_only.lifting(connection.vendor, mine):
            cursor.execute(statement)
        cursor.execute(f"DELETE FROM {table} WHERE sequence = {number}")  # noqa: S608
