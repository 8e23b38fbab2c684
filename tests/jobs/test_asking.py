"""Asking, owning, failing, cancelling, sweeping: what becomes of a job without any accident."""

import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from tests.jobs import trials
from tests.jobs.conftest import CLERK, OFFICER, OTHER_CLERK
from tests.ledgers.workbooks import book
from tests.orgs import cast
from zhuji.jobs import actions, places, queries, recovery, running, said, worker
from zhuji.jobs.models import Job, State
from zhuji.jobs.places import Given, Progress
from zhuji.jobs.queries import Standing
from zhuji.kernel.errors import NotAllowed, NotFound, Refused
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import reading, safety
from zhuji.ledgers.models import rows_of
from zhuji.ledgers.registry import BY_KEY
from zhuji.orgs.idempotency import Act
from zhuji.orgs.models import Appointment, Entry, Person, View

# Committed, as the worker has it: it drops any connection that it finds in a transaction.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("county")]
STAFF = ["org", "staff_no", "name", "employment", "hired_on"]


def ask(
    kind: str = "walk", *, actor: str = CLERK, org: str = cast.SCHOOL, **arguments: object
) -> int:
    return actions.ask(kind, {"count": 3, **arguments}, Act(actor, cast.NOW), org=org).pk


def done(number: int, actor: str = CLERK) -> Standing:
    worker.serve(until_empty=True)
    return queries.one(actor, number)


def workbook(tmp_path: Path, *rows: list[object]) -> Given:
    staff = BY_KEY["staff"]
    heads = [staff.by_key[key].label.zh for key in STAFF]
    path = book(tmp_path / "教师.xlsx", {staff.label.zh: [heads, *rows]})
    return Given("C:\\桌面\\教师.xlsx", [path.read_bytes()])


def bring(given: Given, actor: str = CLERK, org: str = cast.SCHOOL, **more: object) -> Standing:
    asked = {"ledger": "staff", **more}
    number = actions.ask("import", asked, Act(actor, cast.NOW), org=org, given=given).pk
    return done(number, actor)


def cells(found: Standing) -> list[tuple[object, ...]]:
    assert found.result is not None
    [sheet] = reading.sheets(reading._parsed(found.result.path, "workbook", safety.LIMITS))
    return [tuple(cells) for _, cells in sheet.rows]


def test_a_refusal_is_told_in_its_own_words() -> None:
    failed = done(ask("refuse"))
    assert (failed.state, str(failed.failure)) == ("failed", "第 3 行不对。")


def test_a_fault_of_ours_reveals_nothing_and_names_the_job() -> None:
    number = ask("break", count=0)
    failed = done(number)
    assert failed.state == "failed"
    assert str(failed.failure) == (
        f"程序内部出错，这件工作没有做完。请把编号 {number} 告诉维护人员，详情在日志里。"
    )


def test_nobody_sees_the_job_of_another() -> None:
    number = ask()
    done(number)
    for call in (
        lambda: queries.one(OTHER_CLERK, number),
        lambda: queries.one("", number),
        lambda: actions.cancel(number, actor=OTHER_CLERK, now=cast.NOW),
    ):
        with pytest.raises(NotFound):
            call()
    assert queries.of(OTHER_CLERK) == ()
    assert [one.number for one in queries.of(CLERK)] == [number]


def test_work_outside_one_s_post_is_refused_and_leaves_nothing() -> None:
    with pytest.raises(NotAllowed):
        ask(org=cast.OTHER_SCHOOL)
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_what_is_rolled_back_was_never_asked() -> None:
    with transaction.atomic():
        ask()
        transaction.set_rollback(True)  # as whatever comes after the asking may do
    worker.serve(until_empty=True)
    assert trials.steps() == []


def test_a_waiting_job_is_cancelled_at_once_and_never_runs() -> None:
    number = ask()
    actions.cancel(number, actor=CLERK, now=cast.NOW)
    assert done(number).state == "cancelled"
    assert trials.steps() == []
    with pytest.raises(Refused, match="已经结束"):
        actions.cancel(number, actor=CLERK, now=cast.NOW)


def test_one_person_cannot_fill_the_queue() -> None:
    for _ in range(actions.MOST_UNFINISHED):
        ask()
    with pytest.raises(Refused, match="20 件"):
        ask()
    ask(actor=OTHER_CLERK, org=cast.OTHER_SCHOOL)


def test_work_that_nobody_asked_for_is_queued_once() -> None:
    asked = {"count": 1}
    first = actions.ask_unattended("walk", asked, org="", now=cast.NOW)
    assert actions.ask_unattended("walk", asked, org="", now=cast.NOW) == first
    worker.serve(until_empty=True)
    assert actions.ask_unattended("walk", asked, org="", now=cast.NOW) != first


def test_an_attempt_that_was_overtaken_changes_nothing() -> None:
    number = ask()
    stale = Job.objects.get(pk=number)
    stale.attempts = 7
    done(number)
    assert running.finish(stale, State.FAILED, refusal=Refused(say("迟到"))) is False
    assert queries.one(CLERK, number).state == "done"


def test_results_are_kept_a_week_and_the_row_longer() -> None:
    number = ask()
    finished = done(number).finished_at
    assert finished is not None
    recovery.sweep(finished + timedelta(days=7))
    assert queries.one(CLERK, number).result is not None
    recovery.sweep(finished + timedelta(days=7, seconds=1))
    swept = queries.one(CLERK, number)
    assert (swept.state, swept.result) == ("done", None)
    assert not places.folder(number).exists()
    reader = cast.reader(Person.objects.get(username=CLERK))
    with pytest.raises(NotFound, match="保留的期限"):
        queries.result(reader, number, finished)


def test_who_left_the_post_cannot_take_the_result_away() -> None:
    number = ask()
    done(number)
    person = Person.objects.get(username=CLERK)
    assert actions.hand_out(cast.reader(person), number, now=cast.NOW).name == "结果.txt"
    assert Entry.objects.get(verb="job.hand_out").key == str(number)
    Appointment.objects.filter(person=person).update(valid_to=cast.TODAY)
    with pytest.raises(NotFound):
        actions.hand_out(cast.reader(person), number, now=cast.NOW)


def test_what_ended_is_told_until_it_was_seen() -> None:
    number = ask()
    assert queries.unseen(CLERK) == ()
    done(number)
    assert [one.number for one in queries.unseen(CLERK)] == [number]
    actions.see(number, actor=CLERK, now=cast.NOW)
    assert queries.unseen(CLERK) == ()


def test_the_time_left_follows_the_pace_so_far() -> None:
    assert Progress(1, began=100, at=110, done=25, total=100).seconds_left == 30
    assert Progress(1, began=100, at=110, done=0, total=100).seconds_left is None
    assert Progress(1, began=100, at=110, done=100, total=100).seconds_left == 0


def test_a_sentence_survives_being_kept_as_json() -> None:
    inner = say("{n} 行", n=3)
    whole = say("{ledger}：{what}，{on}，{names}", ledger=Label("教师", "Teachers"), what=inner,
                on=date(2023, 6, 30), names=["a", "b"])  # fmt: skip
    back = said.sentence(said.packed(whole))
    assert isinstance(back, Message)
    assert str(back) == str(whole) == "教师：3 行，2023-06-30，a、b"


# --- exports ---------------------------------------------------------------------------------


def export(ledger: str, actor: str, org: str) -> Standing:
    number = actions.ask("export", {"ledger": ledger}, Act(actor, cast.NOW), org=org).pk
    found = done(number, actor)
    assert found.state == "done", found.failure
    return found


def test_an_export_holds_the_rows_and_columns_that_its_reader_sees() -> None:
    heads, *rows = cells(export("pupils", CLERK, cast.SCHOOL))
    names = heads.index("姓名")
    assert len(rows) == 3
    assert {row[names] for row in rows} == {"李小明"}
    heads, *rows = cells(export("pupils", OFFICER, cast.COUNTY))
    assert len(rows) == 5
    assert {row[heads.index("姓名")] for row in rows} == {"***"}
    assert "学籍号" not in heads


def test_an_export_records_the_view_of_each_child_and_who_took_it() -> None:
    export("pupils", CLERK, cast.SCHOOL)
    assert View.objects.filter(viewer=CLERK, route="job:export").count() == 3
    assert Entry.objects.get(verb="ledger.export").actor == CLERK


def test_a_post_that_ended_meanwhile_exports_nothing() -> None:
    asked = {"ledger": "pupils"}
    number = actions.ask("export", asked, Act(CLERK, cast.NOW), org=cast.SCHOOL).pk
    Appointment.objects.filter(person__username=CLERK).update(valid_to=cast.TODAY)
    failed = done(number)
    assert (failed.state, failed.result) == ("failed", None)
    assert not View.objects.exists()


# --- imports ---------------------------------------------------------------------------------


def test_a_workbook_is_taken_in_under_its_own_name(tmp_path: Path) -> None:
    found = bring(workbook(tmp_path, [cast.SCHOOL, "T1", "王五", "established", cast.SINCE]))
    assert found.state == "done", found.failure
    assert str(found.title) == "导入“教师.xlsx”到“教职工台账”"
    assert found.facts["created"] == 1
    assert rows_of("staff").filter(staff_no="T1").exists()


def test_a_trial_writes_nothing(tmp_path: Path) -> None:
    row = [cast.SCHOOL, "T1", "王五", "established", cast.SINCE]
    found = bring(workbook(tmp_path, row), dry_run=True)
    assert str(found.lines[-1]) == "只做了检查，没有写入；共 0 处错误"
    assert not rows_of("staff").filter(staff_no="T1").exists()


@pytest.mark.parametrize(
    ("org", "number", "said"),
    [
        pytest.param(
            cast.OTHER_SCHOOL, "T1", f"您不能填报机构 {cast.OTHER_SCHOOL} 的数据。", id="new row"
        ),
        # Whose the row is now is told to nobody.
        pytest.param(cast.SCHOOL, "S000003", "这条记录不在您能填写的范围内。", id="taken over"),
    ],
)
def test_rows_of_another_school_keep_the_whole_file_out(
    tmp_path: Path, org: str, number: str, said: str
) -> None:
    row = [org, number, "王五", "established", cast.SINCE]
    own = [cast.SCHOOL, "T2", "赵六", "established", cast.SINCE]
    failed = bring(workbook(tmp_path, own, row))
    assert failed.state == "failed"
    assert str(failed.failure) == "文件里有 1 行不属于您可以填报的机构，一行也没有写入。"
    assert said in str(failed.findings[0])
    assert org == cast.OTHER_SCHOOL or cast.OTHER_SCHOOL not in str(failed.findings[0])
    assert not rows_of("staff").filter(staff_no__startswith="T").exists()


def test_refused_rows_come_back_in_a_workbook(tmp_path: Path) -> None:
    good = [cast.SCHOOL, "T2", "赵六", "established", cast.SINCE]
    bad = [cast.SCHOOL, "T3", "赵六", "nonsense", cast.SINCE]
    found = bring(workbook(tmp_path, good, bad), good_rows=True)
    assert (found.facts["created"], found.facts["refused"]) == (1, 1)
    assert found.result is not None
    assert found.result.name == "教师-退回.xlsx"
    assert len(cells(found)) == 2


def test_ten_thousand_rows_leave_within_fifteen_seconds() -> None:
    rows = [{**cast.staff(f"Q{n:06}", cast.SCHOOL)} for n in range(10_000)]
    cast.put("staff", *rows)
    number = actions.ask("export", {"ledger": "staff"}, Act(CLERK, cast.NOW), org=cast.SCHOOL).pk
    started = time.process_time()  # the machine may have other things to do
    found = done(number)
    assert found.facts["rows"] == 10_002
    assert time.process_time() - started < 15
