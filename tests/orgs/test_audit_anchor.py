"""Seals whose records are all gone may go too: the chain then starts at an anchor that is told."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.orgs import cast
from tests.orgs.cast import NOW
from zhuji.cli.commands import dispatch
from zhuji.orgs import append_only, audit, retiring, sealing, verify_audit
from zhuji.orgs.audit import About, Seen
from zhuji.orgs.models import Entry, Seal, View
from zhuji.orgs.verify_audit import Report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trail")]
TERM = NOW - timedelta(days=1096)
LONG_AGO = tuple(NOW - timedelta(days=days) for days in (1300, 1250, 1200))
ANCHOR = len(LONG_AGO)


@pytest.fixture
def trail(protected: None) -> dict[int, str]:
    """Three seals over what is past its term and one over what is not; their heads."""
    for moment in (*LONG_AGO, NOW):
        seen = [Seen(cast.IN_ONE, "pupils", cast.SCHOOL, "teacher@1")]
        audit.record_views(seen, viewer="t", now=moment, route="/a")
        audit.record("v", About("x", f"{moment:%Y-%m}"), actor="a", now=moment)
        sealing.seal_all(now=moment)
    return dict(Seal.objects.values_list("number", "head"))


def retire(*kinds: str) -> list[int]:
    done = [retiring.retire(kind, TERM, actor="owner", now=NOW, why="到期") for kind in kinds]
    return [one.count for one in done]


def verify(heads: dict[int, str] | None = None) -> Report:
    return verify_audit.verify(sealing.lines(), heads or {})


def by_force(table: str, condition: str) -> None:
    with connection.cursor() as cursor:
        for statement in append_only.lifting(connection.vendor, {table: append_only.TRAIL[table]}):
            cursor.execute(statement)
        cursor.execute(f"DELETE FROM {table} WHERE {condition}")  # noqa: S608


def test_seals_stay_as_long_as_one_of_their_records_does() -> None:
    assert retire("seal") == [0]
    assert retire("view", "seal") == [3, 0]
    assert verify().anchor == 0


def test_the_chain_starts_at_the_last_seal_of_which_all_is_gone(trail: dict[int, str]) -> None:
    assert retire("view", "entry", "seal") == [3, 3, 2]
    assert Seal.objects.earliest("number").number == ANCHOR
    told = Entry.objects.get(verb="audit.retire", key="seal")
    assert (told.actor, told.why) == ("owner", "到期")
    report = verify(trail)
    assert (report.findings, report.anchor) == ([], ANCHOR)
    assert verify({**trail, ANCHOR - 1: "0" * 64}).findings == [("rewritten", f"seal {ANCHOR - 1}")]
    assert verify({**trail, ANCHOR: "0" * 64}).findings == [("rewritten", f"seal {ANCHOR}")]


def test_the_next_cut_takes_the_entries_that_told_of_the_first() -> None:
    retire("view", "entry", "seal")
    later = NOW + timedelta(days=1200)
    audit.record("v", About("x", "new"), actor="a", now=later)
    sealing.seal_all(now=later)
    for kind in ("view", "entry", "seal"):
        before = later - timedelta(days=1096)
        retiring.retire(kind, before, actor="owner", now=later, why="到期")
    report = verify()
    assert report.findings == []
    assert report.anchor > ANCHOR
    assert not View.objects.exists()
    telling = Entry.objects.filter(verb="audit.retire")
    assert telling.filter(at__lt=later).count() < telling.count()


def test_a_cut_that_nobody_told_is_found() -> None:
    retire("view", "entry")
    by_force("audit_seal", f"number < {ANCHOR}")
    assert verify().findings == [("deleted", f"seal {ANCHOR - 1}")]


def test_a_cut_that_goes_on_where_the_told_one_ended_is_found() -> None:
    retire("view", "entry", "seal")
    by_force("audit_seal", f"number = {ANCHOR}")
    assert ("deleted", f"seal {ANCHOR}") in verify().findings


def test_a_told_cut_of_what_is_young_is_no_excuse() -> None:
    """All before the newest seal, said to be old: the anchor's own moment says that it is not."""
    retire("view", "entry")
    last = Seal.objects.latest("number")
    told = {"kind": "seal", "first": 1, "last": last.number - 1, "head": last.previous}
    change = audit.Change(new={**told, "before": verify_audit.instant(TERM)})
    audit.record("audit.retire", About("audit", "seal"), actor="evil", now=NOW, change=change)
    sealing.seal_all(now=NOW)
    by_force("audit_seal", f"number < {last.number}")
    assert ("deleted", f"seal {last.number - 1}") in verify().findings


def test_who_verifies_is_told_where_the_chain_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    retire("view", "entry", "seal")
    exported, heads = tmp_path / "audit.jsonl", tmp_path / "heads.txt"
    sealing.export(exported)
    sealing.publish(heads)
    assert dispatch(["audit", "verify", "--heads", str(heads)]) == 0
    assert f"链从第 {ANCHOR} 次封存起" in capsys.readouterr().out
    command = [sys.executable, "-I", "-S", verify_audit.__file__, str(exported), str(heads)]
    alone = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert alone.returncode == 0
    assert f"链从第 {ANCHOR} 次封存起" in alone.stdout
