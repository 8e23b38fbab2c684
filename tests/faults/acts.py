"""The actions that must be whole or not at all, each over the same county, ready to be done."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.faults.posts import People
from tests.ledgers.workbooks import book
from tests.orgs import cast
from tests.orgs.cast import NOW, OTHER_SCHOOL, PASSWORD, SCHOOL, SINCE, TOWN
from tests.programme import yunxi
from tests.returns import conftest as returns_county
from zhuji.jobs import actions as jobs
from zhuji.jobs import approvals, recovery, running
from zhuji.jobs.models import Job
from zhuji.jobs.places import Given
from zhuji.kernel.messages import say
from zhuji.ledgers import actions as ledgers
from zhuji.ledgers import queries as ledger_queries
from zhuji.ledgers import rotating, uploads, visibility
from zhuji.ledgers.entering import Edit
from zhuji.ledgers.models import Change, Import, rows_of
from zhuji.ledgers.registry import BY_KEY
from zhuji.orgs import (
    accounts,
    actions,
    attempts,
    audit,
    keyring,
    links,
    sealing,
    sessions,
    sign_in,
)
from zhuji.orgs.accounts import Newcomer
from zhuji.orgs.idempotency import Act as By
from zhuji.orgs.models import Appointment, ChildLink, Person
from zhuji.programme import judge, kept
from zhuji.programme.judge import Run
from zhuji.returns import actions as returns
from zhuji.returns import filling, queries
from zhuji.returns.filling import Answers
from zhuji.tasks import actions as tasks
from zhuji.tasks.actions import Debtors, Matter, Words
from zhuji.warehouse.engine import engine_from_rows

LATER = NOW + timedelta(hours=1)
COLUMNS = ("org", "staff_no", "name", "employment", "hired_on")


@dataclass(frozen=True)
class Act:
    """`prepare` makes ready and gives what `do` needs. `told`: of an action of several steps, each
    whole, what must be true in the end, after it was done again."""

    name: str
    do: Callable[[People, Any], object]
    prepare: Callable[[People], Any] = lambda people: None
    told: Callable[[People, Any], object] | None = None


def by(name: str, once: str = "") -> By:
    return By(name, LATER, once, "更正", "/test")


def row(number: str = "S000001") -> Any:
    return rows_of("staff").get(staff_no=number)


# --- ledgers ---------------------------------------------------------------------------------


def _typed(number: str) -> dict[str, object]:
    return {
        "org": SCHOOL, "staff_no": number, "name": "李四", "employment": "在编",
        "hired_on": "2020-09-01", "id_number": "", "phone": "13900000001",
    }  # fmt: skip


def add_row(people: People, _: Any) -> object:
    return ledgers.save(people["clerk"], "staff", None, Edit(_typed("S900001")), by("clerk", "a1"))


def change_row(people: People, _: Any) -> object:
    edit = Edit({"phone": "13900000002", "name": "王五"}, row().version)
    return ledgers.save(people["clerk"], "staff", row().pk, edit, by("clerk", "a2"))


def rename_row(people: People, number: int) -> object:
    edit = Edit({"staff_no": "S900009"}, 1)
    return ledgers.save(people["clerk"], "staff", number, edit, by("clerk", "a3"))


def _new_row(people: People) -> int:
    return ledgers.save(people["clerk"], "staff", None, Edit(_typed("S900002")), by("clerk")).row_id


def remove_row(people: People, number: int) -> object:
    return ledgers.remove_row(people["clerk"], "staff", number, 1, by("clerk", "a4"))


def _removed(people: People) -> int:
    ledgers.remove_row(people["clerk"], "staff", _new_row(people), 1, by("clerk"))
    return Change.objects.filter(kind=Change.Kind.DELETED).latest("pk").pk


def restore_row(people: People, change: int) -> object:
    return ledgers.restore_row(people["clerk"], "staff", change, by("clerk", "a5"))


def workbook(path: Path, count: int = 60) -> Path:
    rows = [[SCHOOL, f"T{n:06}", f"张{n}", "established", SINCE] for n in range(count)]
    rows.append([SCHOOL, "S000001", "改名", "established", SINCE])
    heads = [BY_KEY["staff"].by_key[key].label.zh for key in COLUMNS]
    return book(path, {BY_KEY["staff"].label.zh: [heads, *rows]})


def _file(people: People) -> Path:
    return workbook(Path(settings.ZHUJI_HOME).parent / "staff.xlsx")


def import_file(people: People, path: Path) -> object:
    return ledgers.import_file(path, ledger="staff", actor="clerk", now=LATER)


def _imported(people: People) -> int:
    receipt = ledgers.import_file(_file(people), ledger="staff", actor="clerk", now=NOW)
    assert receipt.import_id is not None
    return receipt.import_id


def undo_import(people: People, number: int) -> object:
    return ledgers.undo_import(people["clerk"], number, by("clerk", "a6"))


def put(people: People, _: Any) -> object:
    rows = [cast.staff(f"P{n:06}", SCHOOL) for n in range(30)]
    return ledgers.put("staff", [*rows, cast.staff("S000003")], actor="x", now=LATER, cause="y")


def _pasted(people: People) -> int:
    text = "\n".join(
        "\t".join([SCHOOL, f"U{n:06}", "张三", "在编", "2015-09-01"]) for n in range(9)
    )
    heads = "\t".join(BY_KEY["staff"].by_key[key].label.zh for key in COLUMNS)
    return uploads.paste(people["clerk"], "staff", f"{heads}\n{text}", now=NOW)


def commit_upload(people: People, number: int) -> object:
    return uploads.commit(people["clerk"], number, now=LATER)


def reveal(people: People, number: int) -> object:
    where = ("staff", number, "phone")
    return visibility.reveal(people["head"], where, now=LATER, route="/t", reason="核对")


# --- people ----------------------------------------------------------------------------------


def enter(people: People, _: Any) -> object:
    who = sign_in.sign_in("clerk", PASSWORD, now=LATER)
    return sessions.begin(who, sessions.How.PASSWORD, now=LATER)


def signed_in(people: People, _: Any) -> object:
    """One sign-in that lasts, and nothing that keeps the name from coming again."""
    who = Person.objects.get(username="clerk")
    return len(sessions.lasting(who, LATER)) >= 1, attempts.waits("sign_in", "clerk", LATER)


def _chief() -> Person:
    return Person.objects.get(username=cast.CHIEF)


def add_person(people: People, _: Any) -> object:
    return accounts.add_person(Newcomer("new", "新某"), PASSWORD, actor=_chief(), now=LATER)


def appoint(people: People, _: Any) -> object:
    seat = cast.seat("teacher", OTHER_SCHOOL)
    return actions.appoint("clerk", seat, actor=_chief(), now=LATER, why="任免文件")


def end_post(people: People, _: Any) -> object:
    post = Appointment.objects.get(person__username="clerk")
    return actions.end(post.pk, date(2022, 3, 2), actor=_chief(), now=LATER, why="任免文件")


def deputise(people: People, _: Any) -> object:
    post = Appointment.objects.get(person__username="head")
    until = date(2022, 4, 1)
    return actions.deputise(post.pk, "teacher", until, actor=_chief(), now=LATER, why="出差")


def issue_link(people: People, _: Any) -> object:
    who = Person.objects.get(username="clerk")
    return links.issue(SCHOOL, 1, actor=who, now=LATER, why="家长申请")


def _link(people: People) -> ChildLink:
    issue_link(people, None)
    return ChildLink.objects.get()


def ask_correction(people: People, link: ChildLink) -> object:
    return links.ask_correction(link, "姓名有误", now=LATER)


# --- work, tasks, returns --------------------------------------------------------------------


def ask_job(people: People, _: Any) -> object:
    given = Given("教师.xlsx", [b"PK"])
    asked = {"ledger": "staff"}
    return jobs.ask("import", asked, By("clerk", LATER), org=SCHOOL, given=given)


def _asked(people: People) -> int:
    given = Given("教师.xlsx", [_file(people).read_bytes()])
    asked = {"ledger": "staff"}
    return jobs.ask("import", asked, By("clerk", NOW), org=SCHOOL, given=given).pk


def ask_to_agree(people: People, _: Any) -> object:
    """For rows about hardship, which nobody lets out alone."""
    act = By("clerk", NOW, why="核对名册")
    return jobs.ask("export", {"ledger": "special_pupils"}, act, org=SCHOOL)


def _held(people: People) -> int:
    ask_to_agree(people, None)
    return Job.objects.get().pk


def agree(people: People, number: int) -> object:
    return approvals.grant(people["head"], number, now=LATER)


def finish_job(people: People, number: int) -> object:
    """As a worker does that dies of the fault: what was left is taken up, then claimed and run."""
    recovery.take_up(LATER, idle="")
    job = Job.objects.get(pk=number)
    entry = DBTaskResult.objects.filter(pk=job.queued_as)
    entry.update(status=TaskResultStatus.RUNNING, worker_ids=["dead by now"])
    running.run.func(number, job.attempts)
    return Job.objects.get(pk=number).state


def finished(people: People, number: int) -> object:
    """All rows, each once, by one import; or none, and a sentence that says why."""
    job = Job.objects.get(pk=number)
    rows = rows_of("staff").filter(staff_no__startswith="T").count()
    created = Change.objects.filter(ledger="staff", row_key__contains="T0").count()
    found = (job.state, bool(job.failure), rows, created, Import.objects.count())
    return found in (("done", False, 60, 60, 1), ("failed", True, 0, 0, 0)) or found


def instruct(people: People, _: Any) -> object:
    words = Words(text="请按期完成", due=date(2022, 3, 20))
    matter = Matter("item", "M9")
    return tasks.instruct(people["director"], matter, [TOWN, SCHOOL], words, now=LATER, once="n1")


def remind(people: People, _: Any) -> object:
    those = Debtors([SCHOOL, OTHER_SCHOOL], [SCHOOL, OTHER_SCHOOL])
    words = Words(text="请按期完成")
    matter = Matter("item", "M9")
    return tasks.remind(people["officer"], matter, those, words, now=LATER, once="n2")


def tell(people: People, _: Any) -> object:
    return tasks.tell("clerk", Matter("job", "1"), say("做完了"), now=LATER, once="n3")


def _draft(people: People) -> int:
    wish = returns_county.wish()
    return returns.draft(people["officer"], wish, now=NOW, once="form").pk


def open_round(people: People, number: int) -> object:
    return returns.open_round(people["officer"], number, now=LATER)


def _open(people: People) -> int:
    return returns.open_round(people["officer"], _draft(people), now=NOW).pk


def _gaps(people: People, number: int) -> list[str]:
    paper = queries.paper(people["clerk"], number, SCHOOL)
    return [f"{row['id']}.passed" for row in paper.lacking]


def _fillable(people: People) -> tuple[int, list[str]]:
    number = _open(people)
    return number, _gaps(people, number)


def fill(people: People, given: tuple[int, list[str]]) -> object:
    number, names = given
    answers = Answers(dict.fromkeys(names, "是"))
    return filling.fill(people["clerk"], number, SCHOOL, answers, now=LATER)


def _prepared(people: People) -> tuple[int, str]:
    number, names = _fillable(people)
    fill(people, (number, names))
    seen = queries.paper(people["clerk"], number, SCHOOL).digest
    filling.prepare(people["clerk"], number, SCHOOL, seen=seen, now=LATER)
    return number, seen


def submit(people: People, given: tuple[int, str]) -> object:
    number, seen = given
    return filling.submit(people["head"], number, SCHOOL, seen=seen, now=LATER)


# --- the trail, keys, judgements -------------------------------------------------------------


def _trail(people: People) -> None:
    for number in range(5):
        audit.record("x", audit.About("y", str(number)), actor="a", now=NOW)


def seal_audit(people: People, _: Any) -> object:
    return sealing.seal(now=LATER)


def _second_key(people: People) -> None:
    _new_row(people)
    keyring.add_key(settings.ZHUJI_HOME)


def rotate_keys(people: People, _: Any) -> object:
    return rotating.rotate_all(batch=2)


def opened(people: People, _: Any) -> object:
    """Every value opens, and all of them with the new key."""
    phones = {row["staff_no"]: row["phone"] for row in ledger_queries.rows("staff")}
    return phones["S900002"], sorted(rotating.left_under())


_runs: list[Run] = []
_engines = ExitStack()


def _judged(people: People) -> Run:
    if not _runs:
        given = yunxi.given(yunxi.county())
        made = engine_from_rows(given, ledger_queries.warehouse_tables())
        engine = _engines.enter_context(made)  # what is kept is computed as it is asked for
        run = judge.run(yunxi.package(), engine, on=yunxi.JUNE, snapshot="one", invented=True)
        _runs.append(run)
    return _runs[0]


def keep_judgement(people: People, run: Run) -> object:
    return kept.keep(run, yunxi.package(), facts_until=yunxi.JUNE)


ACTS = (
    Act("add a row", add_row),
    Act("change a row", change_row),
    Act("give a row another key", rename_row, _new_row),
    Act("remove a row", remove_row, _new_row),
    Act("restore a row", restore_row, _removed),
    Act("take in a file", import_file, _file),
    Act("undo an import", undo_import, _imported),
    Act("put rows", put),
    Act("commit an upload", commit_upload, _pasted),
    Act("reveal a value", reveal, _new_row),
    Act("sign in", enter, told=signed_in),
    Act("add a person", add_person),
    Act("appoint", appoint),
    Act("end a post", end_post),
    Act("deputise", deputise),
    Act("issue a link", issue_link),
    Act("ask for a correction", ask_correction, _link),
    Act("ask for a job", ask_job),
    Act("ask for what another must agree to", ask_to_agree),
    Act("agree to an export", agree, _held),
    Act("finish a job", finish_job, _asked, told=finished),
    Act("send an instruction", instruct),
    Act("remind", remind),
    Act("tell one person", tell),
    Act("open a round", open_round, _draft),
    Act("fill a return", fill, _fillable),
    Act("submit a return", submit, _prepared),
    Act("seal the trail", seal_audit, _trail),
    Act("rotate keys", rotate_keys, _second_key, told=opened),
    Act("keep a judgement", keep_judgement, _judged),
)
