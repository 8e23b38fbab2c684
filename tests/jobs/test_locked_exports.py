"""What another has agreed to leaves locked, marked and for a day; what nobody agreed to stays."""

from datetime import timedelta
from io import BytesIO

import pytest
from msoffcrypto.exceptions import InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import load_workbook

from tests.jobs.conftest import CLERK
from tests.jobs.test_approvals import HEAD, WHY, ask, colleagues, fill, grant, held, name_of, reader
from tests.orgs import cast
from zhuji.jobs import actions, approvals, places, queries, recovery, worker
from zhuji.jobs.exporting import ALONE
from zhuji.jobs.queries import Standing
from zhuji.kernel.errors import BadInput, NotFound
from zhuji.ledgers import reading, safety
from zhuji.ledgers.registry import BY_KEY
from zhuji.orgs.clock import database_now
from zhuji.orgs.idempotency import Act

# Committed, as the worker has it: it drops any connection that it finds in a transaction.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("county")]
__all__ = ["colleagues"]


def done(number: int) -> Standing:
    worker.serve(until_empty=True)
    return queries.one(CLERK, number)


def opened(found: Standing, password: str) -> BytesIO:
    assert found.result is not None
    plain = BytesIO()
    with found.result.path.open("rb") as file:
        book = OOXMLFile(file)
        book.load_key(password=password, verify_password=True)
        book.decrypt(plain)
    return plain


def test_fifty_rows_are_let_out_alone_and_fifty_one_are_not() -> None:
    fill(ALONE)
    alone = done(ask(why=""))
    assert (alone.state, alone.password, alone.approval) == ("done", "", None)
    cast.put("pupils", cast.pupil(cast.pupil_no(500), cast.SCHOOL))
    waits = done(ask())
    assert (waits.state, waits.is_held, waits.result) == ("held", True, None)


def test_many_small_lists_within_a_day_are_one() -> None:
    fill(30)
    assert done(ask(why="")).state == "done"
    number = actions.ask("export", {"ledger": "pupils"}, Act(CLERK, database_now(), why=WHY)).pk
    assert done(number).is_held
    later = database_now() + timedelta(hours=24, seconds=1)
    alone = actions.ask("export", {"ledger": "pupils"}, Act(CLERK, later)).pk
    assert not queries.one(CLERK, alone).is_held


def test_a_single_row_about_hardship_is_not_let_out_alone() -> None:
    assert done(ask("special_pupils")).is_held
    assert done(ask("classes", why="")).state == "done"


def test_no_worker_takes_up_what_is_held() -> None:
    number = held()
    assert recovery.take_up(database_now()) == 0
    assert done(number).is_held


def test_a_refusal_ends_it_with_its_reason() -> None:
    number = held()
    with pytest.raises(BadInput, match="原因"):
        approvals.refuse(reader(HEAD), number, " ", now=cast.NOW)
    approvals.refuse(reader(HEAD), number, "范围太大", now=cast.NOW)
    ended = done(number)
    assert (ended.state, str(ended.failure)) == ("failed", f"{name_of(HEAD)}没有同意：范围太大")
    assert [one.number for one in queries.unseen(CLERK)] == [number]


def test_the_file_opens_with_its_password_only_and_says_whose_it_is() -> None:
    number = held()
    grant(number)
    found = done(number)
    assert found.result is not None
    assert found.password.count("-") == 3
    with pytest.raises(InvalidKeyError):
        opened(found, found.password[:-1] + "?")
    sheet = load_workbook(opened(found, found.password)).active
    assert sheet is not None
    said = str(sheet.cell(1, 1).value)
    for part in (name_of(CLERK), name_of(HEAD), WHY, f"编号 {number}", "不得转发"):
        assert part in said
    assert sheet.oddFooter is not None
    assert said[:60] in str(sheet.oddFooter.left.text)
    assert [path.name for path in found.result.path.parent.iterdir()] == [found.result.name]


def test_what_was_opened_reads_like_any_export() -> None:
    """The line above the headings is a note to whoever imports the file again."""
    number = held()
    grant(number)
    found = done(number)
    assert found.result is not None
    plain = places.folder(number) / "plain.xlsx"
    plain.write_bytes(opened(found, found.password).getvalue())
    [grid] = reading.read(plain, BY_KEY["pupils"], safety.LIMITS).grids
    assert len(grid.records) == ALONE + 1
    assert grid.headings[0] == BY_KEY["pupils"].columns[0].label.zh


def test_rows_that_came_after_the_consent_were_not_agreed_to() -> None:
    number = held()
    grant(number)
    cast.put("pupils", cast.pupil(cast.pupil_no(500), cast.SCHOOL))
    failed = done(number)
    assert (failed.state, failed.result) == ("failed", None)
    assert "52 行" in str(failed.failure)


def test_rows_that_came_after_the_asking_do_not_slip_out() -> None:
    fill(ALONE)
    number = ask(why="")
    cast.put("pupils", cast.pupil(cast.pupil_no(500), cast.SCHOOL))
    assert "变多了" in str(done(number).failure)


def test_the_file_is_gone_after_a_day() -> None:
    number = held()
    grant(number)
    found = done(number)
    assert found.finished_at is not None
    assert found.kept_until == found.finished_at + timedelta(hours=24)
    late = found.finished_at + timedelta(hours=24)
    clerk = reader(CLERK)
    assert actions.hand_out(clerk, number, now=late - timedelta(seconds=1)).bytes
    with pytest.raises(NotFound, match="期限"):
        actions.hand_out(clerk, number, now=late)
    assert approvals.expire(late - timedelta(seconds=1)) == 0
    assert approvals.expire(late) == 1
    gone = queries.one(CLERK, number)
    assert (gone.result, gone.password) == (None, "")
    assert not places.folder(number).exists()
