"""The rows behind a number: through the reader's posts, and each minor shown leaves a record."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from tests.cockpit.readers import HEAD, OFFICER, TOWN_OFFICER, reader
from tests.programme.yunxi import COUNTY, FIRST, JUNE, NINE, VILLAGE, Rows, county, given, package
from zhuji.cockpit.day import opened
from zhuji.cockpit.rows import Ask, RowsPage, rows, through
from zhuji.kernel.errors import NotFound, Refused
from zhuji.ledgers import queries
from zhuji.orgs import roles
from zhuji.orgs.models import View
from zhuji.orgs.scope import Grant, Reader
from zhuji.programme import judge, kept
from zhuji.programme.judge import Run
from zhuji.programme.models import Judging
from zhuji.warehouse import pseudonyms
from zhuji.warehouse.engine import engine_from_rows

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 6, 30, 1, tzinfo=UTC)
PUPILS, BOOKS, READING = "y_pupils.primary", "y_book_stock.primary", "y_reading_day"
OWN = "G990103201301010010"


@contextmanager
def running(found: Rows) -> Iterator[Run]:
    with engine_from_rows(given(found), queries.warehouse_tables()) as engine:
        run = judge.run(package(), engine, on=JUNE, snapshot="one")
        kept.keep(run, package(), facts_until=JUNE)
        yield run


@pytest.fixture
def june() -> Iterator[Run]:
    with running(county()) as run:
        yield run


def asked(run: Run, who: Reader, key: str, org: str | None = None, most: int = 50) -> RowsPage:
    return through(opened(who, org=org), run, Ask(key, most=most), now=NOW, route="/explain/")


def test_rows_of_schools_are_shown_to_those_who_govern_them(june: Run) -> None:
    [table] = asked(june, OFFICER, BOOKS).tables
    place = table.columns.index("org")
    assert {row[place] for row in table.rows} == {FIRST, VILLAGE, NINE}
    assert (table.total, table.ledger) == (3, "premises")
    assert table.heads[table.columns.index("books")].zh == "图书册数"


def test_a_head_sees_the_rows_of_the_own_school_even_on_the_countys_board(june: Run) -> None:
    page = asked(june, HEAD, BOOKS, COUNTY)
    assert page.org == VILLAGE
    assert [row[0] for table in page.tables for row in table.rows] == [VILLAGE]


def test_rows_of_pupils_are_withheld_from_those_who_may_not_tell_pupils_apart(june: Run) -> None:
    page = asked(june, OFFICER, PUPILS)
    assert page.tables == ()
    assert str(page.withheld[0]) == ("来源：时点学生：25 行，您的岗位看不到逐行内容。")
    few = asked(june, TOWN_OFFICER, PUPILS, VILLAGE)
    assert str(few.withheld[0]) == "来源：时点学生：不足 10 行，您的岗位看不到。"
    assert View.objects.count() == 0


def test_each_minor_that_is_shown_leaves_a_record_and_no_pseudonym_is_shown(june: Run) -> None:
    page = asked(june, HEAD, PUPILS, most=3)
    table = page.tables[0]
    assert (len(table.rows), table.total) == (3, 5)
    assert "pupil_no" not in table.columns
    found = View.objects.filter(kind="pupils_at")
    assert {(one.viewer, one.org, one.route) for one in found} == {
        (HEAD.username, VILLAGE, "/explain/")
    }
    # The record names the pseudonym that the snapshot holds, not a pseudonym of that.
    assert {one.subject for one in found} <= {f"{VILLAGE}primary{no}" for no in range(5)}
    assert len(found) == 3


def test_a_teacher_sees_the_pupils_of_the_own_classes_only() -> None:
    own = pseudonyms.pseudonym(pseudonyms.key_of(Path(settings.ZHUJI_HOME)), OWN)
    found = county()
    found["enrolments"] = [
        {**row, "pupil_no": own} if row["pupil_no"] == f"{VILLAGE}primary0" else row
        for row in found["enrolments"]
    ]
    grant = Grant(roles.TEACHER, VILLAGE, frozenset({VILLAGE}), frozenset({OWN}))
    with running(found) as run:
        page = asked(run, Reader("teacher", JUNE, (grant,)), PUPILS)
        assert [table.total for table in page.tables] == [1, 1]
        assert set(View.objects.values_list("subject", flat=True)) == {own}


def test_evidence_of_a_duty_is_shown_with_who_is_short(june: Run) -> None:
    short, proof = asked(june, OFFICER, READING).tables
    assert [row[1] for row in short.rows] == [VILLAGE]
    assert {row[0] for row in proof.rows} == {FIRST, VILLAGE, NINE}
    assert proof.total == 5
    own = asked(june, HEAD, READING, COUNTY).tables
    assert {row[table.columns.index("org")] for table in own for row in table.rows} == {VILLAGE}


def test_who_has_no_window_on_staff_is_told_so(june: Run) -> None:
    care = reader(roles.CARE_OFFICER, VILLAGE)
    page = asked(june, care, PUPILS)
    assert page.tables[0].total == 5  # pupils are their duty
    with pytest.raises(NotFound, match="没有编号为“nothing”"):
        asked(june, care, "nothing")


def test_rows_by_another_formula_than_the_one_judged_by_are_refused(june: Run) -> None:
    Judging.objects.update(plan="anqiu-2021", digest="0" * 64)
    with pytest.raises(Refused, match="方案包在判定之后改过"):
        rows(OFFICER, Ask(BOOKS), now=NOW, route="/explain/")
