"""To ask for work, to send for others, to fill what is asked."""

from datetime import date
from typing import Any

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.faults.acts.form import LATER, Act
from tests.faults.acts.ledgers import staff_file
from tests.faults.posts import People
from tests.orgs.cast import NOW, OTHER_SCHOOL, SCHOOL, TOWN
from tests.returns import conftest as returns_county
from zhuji.jobs import actions as jobs
from zhuji.jobs import approvals, recovery, running
from zhuji.jobs.models import Job
from zhuji.jobs.places import Given
from zhuji.kernel.messages import say
from zhuji.ledgers.models import Change, Import, rows_of
from zhuji.orgs.idempotency import Act as By
from zhuji.returns import actions as returns
from zhuji.returns import filling, queries
from zhuji.returns.filling import Answers
from zhuji.tasks import actions as tasks
from zhuji.tasks.actions import Debtors, Matter, Words


def ask_job(people: People, _: Any) -> object:
    given = Given("教师.xlsx", [b"PK"])
    asked = {"ledger": "staff"}
    return jobs.ask("import", asked, By("clerk", LATER), org=SCHOOL, given=given)


def _asked(people: People) -> int:
    given = Given("教师.xlsx", [staff_file(people).read_bytes()])
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


ACTS = (
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
)
