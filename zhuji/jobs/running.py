"""One attempt at a job, from the queue to its end; whatever happens, the row says what became."""

import logging
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django_tasks import task

from zhuji.jobs import kinds, places, said
from zhuji.jobs.kinds import Done
from zhuji.jobs.models import Job, State
from zhuji.jobs.work import Cancelled, SteppedAside, Work
from zhuji.kernel.errors import DomainError, Refused
from zhuji.kernel.messages import Message, say
from zhuji.orgs import trouble
from zhuji.orgs.clock import database_now

log = logging.getLogger("zhuji.jobs")
MOST_ATTEMPTS = 3


@task()
def run(number: int, attempt: int) -> None:
    """What the queue calls. An entry that another has overtaken does nothing."""
    job = _begun(number, attempt)
    if job is not None:
        _attempt(job)


def queue(job: Job) -> None:
    """Inside the caller's transaction: no entry without its job, no job without its entry."""
    entry = run.enqueue(job.pk, job.attempts)
    Job.objects.filter(pk=job.pk).update(queued_as=entry.id)


def _begun(number: int, attempt: int) -> Job | None:
    fresh = Job.objects.filter(pk=number, state=State.WAITING, attempts=attempt)
    now = database_now()
    if not fresh.update(state=State.RUNNING, attempts=attempt + 1, started_at=now):
        return None
    return Job.objects.get(pk=number)


def _attempt(job: Job) -> None:
    try:
        done = _work(job)
    except Cancelled:
        finish(job, State.CANCELLED)
    except SteppedAside:
        wait_again(job)
    except DomainError as refusal:
        finish(job, State.FAILED, refusal=refusal)
    except Exception as error:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        finish(job, State.FAILED, refusal=trouble.told(error) or Refused(_fault(job.pk)))
    else:
        _keep(job, done)


def _work(job: Job) -> Done:
    kind = kinds.kind(job.kind)
    work = Work(
        number=job.pk,
        attempt=job.attempts,
        actor=job.asked_by,
        org=job.org,
        arguments=job.arguments,
        now=job.started_at or database_now(),
        folder=places.cleared(job.pk, job.attempts),
        may_step_aside=kind.repeatable,
    )
    work.check()
    done = kind.run(work)
    places.tell(job.pk, work.told)
    return done


def _keep(job: Job, done: Done) -> None:
    """The file first, the row last: what the row promises is there."""
    told = places.told(job.pk)
    name = done.file.name if done.file else ""
    finish(
        job,
        State.DONE,
        result_file=f"{job.attempts}/{name}" if name else "",
        result_type=done.type if name else "",
        summary={
            "lines": said.packed(done.lines),
            "facts": dict(done.facts),
            "findings": list(done.findings),
        },
        done=told.done if told else 0,
        total=told.total if told else 0,
    )


def finish(job: Job, state: State, *, refusal: DomainError | None = None, **fields: Any) -> bool:
    """Only while this attempt is the last; one that was overtaken leaves no trace."""
    connection.close_if_unusable_or_obsolete()
    if refusal is not None:
        fields["failure"] = said.packed(refusal.message)
        fields["summary"] = {"findings": said.findings(refusal.issues)}
    own = Job.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)
    is_ended = bool(own.update(state=state, finished_at=database_now(), **fields))
    if is_ended:
        places.drop_given(job.pk)
    return is_ended


@transaction.atomic
def wait_again(job: Job) -> bool:
    """Back into the queue, for this worker or another."""
    own = Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts)
    if not own.update(state=State.WAITING, started_at=None):
        return False
    queue(job)
    return True


def give_up(job: Job, why: Message, now: datetime) -> None:
    own = Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts)
    if own.update(state=State.FAILED, finished_at=now, failure=said.packed(why)):
        places.drop_given(job.pk)


def _fault(number: int) -> Message:
    return say(
        "程序内部出错，这件工作没有做完。请把编号 {number} 告诉维护人员，详情在日志里。",
        number=number,
    )
