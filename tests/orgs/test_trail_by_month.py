"""On a PostgreSQL server of the test's own: what lies in which month, and that nothing is lost."""

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests import databases
from tests.keeping.test_postgres import server  # noqa: F401  # the server that it starts
from zhuji.programme.keeping.postgres import Postgres

pytestmark = pytest.mark.proof  # a server is made for it

Said = Callable[[str], list[str]]
READY = """
import django
django.setup()
from datetime import UTC, datetime, timedelta
from django.core.management import call_command
from django.db import connection
from tests.orgs import cast
from zhuji.orgs import append_only, audit, months, retiring, sealing, verify_audit
from zhuji.orgs.audit import About, Seen
from zhuji.orgs.models import Entry, Seal, View
def migrate(*to):
    call_command("migrate", *to, verbosity=0, interactive=False)
def rows(table):
    with connection.cursor() as cursor:
        told = "SELECT md5(string_agg(t::text, '|' ORDER BY sequence)), count(*) FROM"
        cursor.execute(f"{told} {table} t")
        return cursor.fetchall()
def happened(*moments):
    for moment in moments:
        seen = [Seen(cast.IN_ONE, "pupils", cast.SCHOOL, "teacher@1")]
        audit.record_views(seen, viewer="t", now=moment, route="/a")
        audit.record("v", About("x", f"{moment:%Y-%m}"), actor="a", now=moment)
        sealing.seal_all(now=moment)
def held():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text, count(*) FROM audit_view GROUP BY 1")
        return dict(sorted(cursor.fetchall()))
def findings():
    return verify_audit.verify(sealing.lines(), {}).findings
NOW = cast.NOW
MONTH = timedelta(days=31)
"""


@pytest.fixture
def empty(server: Postgres) -> Iterator[str]:  # noqa: F811
    with server.temporary() as made:
        yield f"postgres://zhuji@{server.host.replace('/', '%2F')}/{made.name}"


@pytest.fixture
def said(empty: str, tmp_path: Path) -> Said:
    """What a program says that runs on the empty database, line by line."""

    return lambda program: databases.said_on(empty, tmp_path / "pg", READY + dedent(program))


def test_the_migration_loses_nothing_and_goes_back(said: Said) -> None:
    found = said("""
        migrate("orgs", "0004")
        happened(NOW - 3 * MONTH, NOW - MONTH, NOW)
        before = rows("audit_view"), rows("audit_entry")
        migrate("orgs")
        print(before == (rows("audit_view"), rows("audit_entry")), findings())
        print(held())
        happened(NOW + MONTH)
        print(View.objects.latest("sequence").sequence, Entry.objects.latest("sequence").sequence)
        after = rows("audit_view"), rows("audit_entry")
        migrate("orgs", "0004")
        print(after == (rows("audit_view"), rows("audit_entry")), held())
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'audit_view'")
            print(sorted(name for (name,) in cursor.fetchall()))
        migrate("orgs")
        print(after == (rows("audit_view"), rows("audit_entry")), findings())
    """)
    assert found == [
        "True []",
        "{'audit_view_2021_11': 1, 'audit_view_2022_01': 1, 'audit_view_2022_03': 1}",
        "4 4",
        "True {'audit_view': 4}",
        "['audit_view_at_e7b329d1', 'audit_view_pkey', 'views_of_subject', 'views_of_viewer']",
        "True []",
    ]


def test_a_write_never_fails_for_want_of_a_month_and_upkeep_puts_it_right(said: Said) -> None:
    found = said("""
        migrate("orgs")
        happened(NOW, NOW + 2 * MONTH)
        print(held())
        print(months.make_ahead(NOW), findings())
        with connection.cursor() as cursor:  # what no clock says
            cursor.execute("INSERT INTO audit_view (at, viewer, subject, kind, org, duty, reason,"
                           " route) SELECT at::timestamptz, 'x', 'x', 'x', '', '', '', ''"
                           " FROM unnest(ARRAY['infinity', '0044-03-15 BC', '9999-12-31']) at")
        print(months.make_ahead(NOW), held())
        print(sorted(f"{one:%Y-%m}" for one in months.parts("audit_view") if one.year == 2022))
        for table in ("audit_view", "audit_view_2022_03", "audit_view_2022_06", "audit_view_rest"):
            for attack in ("UPDATE {} SET at = at", "DELETE FROM {}", "TRUNCATE {}"):
                try:
                    with connection.cursor() as cursor:
                        cursor.execute(f"GRANT ALL ON {table} TO CURRENT_USER")
                        cursor.execute(attack.format(table))
                    print("done", table, attack)
                except Exception as refusal:
                    assert append_only.REFUSAL in str(refusal), refusal
        print(held())
    """)
    placed = "{'audit_view_2022_03': 1, 'audit_view_2022_05': 1, 'audit_view_rest': 3}"
    assert found == [
        "{'audit_view_rest': 2}",
        "8 []",
        f"0 {placed}",
        "['2022-03', '2022-04', '2022-05', '2022-06']",
        placed,
    ]


def test_what_is_past_its_term_goes_by_whole_parts(said: Said) -> None:
    """A part of entries stays as long as the chain needs one of them; after the cut it goes too."""
    found = said("""
        migrate("orgs")
        happened(*(NOW + number * MONTH for number in range(3)))
        months.make_ahead(NOW)
        def named(table):
            return sorted(f"{one:%Y-%m}" for one in months.parts(table) if one.year in (2022, 2025))
        def retire(now):
            happened(now)
            for kind in retiring.KINDS:
                before = retiring.due(kind, now)
                print(kind, retiring.retire(kind, before, actor="owner", now=now, why="x").count)
            months.make_ahead(now)
            print(named("audit_view"), named("audit_entry"))
            print(findings(), Seal.objects.earliest("number").number)
        for years in (3, 7, 11, 15):
            retire(NOW + timedelta(days=366 * years + 70))
    """)
    ahead = "'2025-05', '2025-06', '2025-07', '2025-08'"
    kept = f"['2022-05', '2022-06', {ahead}]"
    assert found == [
        *("entry 2", "view 2", "seal 1", f"{kept} {kept}", "[] 2"),
        *("entry 2", "view 2", "seal 5", "[] ['2025-05']", "[] 7"),
        *("entry 1", "view 1", "seal 4", "[] ['2025-05']", "[] 11"),
        *("entry 1", "view 1", "seal 4", "[] []", "[] 15"),
    ]


def test_who_saw_a_child_is_answered_from_the_months_that_matter_by_an_index(said: Said) -> None:
    found = said("""
        migrate("orgs")
        happened(*(NOW + number * MONTH for number in range(4)))
        months.make_ahead(NOW)
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        plan = audit.views_of(cast.IN_ONE, since=NOW + 2 * MONTH).explain()
        import re
        print(sorted(set(re.findall(r"audit_view_20(?:22|27)_[a-z0-9_]+", plan))))
        print("Seq Scan" in plan)
    """)
    assert "audit_view_2022_05_subject_at_idx" in found[0]
    assert "2022_03" not in found[0]
    assert "2022_04" not in found[0]
    assert found[1] == "False"
