"""What a killed worker left is taken up again or given up in a sentence; what is old is dropped."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from zhuji.jobs import kinds, places, pulse, running
from zhuji.jobs.models import QUEUED, Job, State
from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import say

KEPT_DAYS = 7
_UPLOAD_DAYS = 1  # a folder whose job was never recorded: the asking was rolled back


def take_up(now: datetime, *, idle: str = "") -> int:
    """Every unfinished job that no living worker has, nor the queue; says how many there were.

    `idle`: the worker that asks. It lives, but what still bears its name it has lost hold of: the
    database or the disk failed when it wanted to say how the work ended.
    """
    found = 0
    for job in _abandoned(idle):
        with transaction.atomic():
            DBTaskResult.objects.filter(pk=job.queued_as).delete()
            _decide(job, now)
        found += 1
    return found


def _abandoned(idle: str) -> Iterator[Job]:
    jobs = list(Job.objects.filter(state__in=QUEUED))
    entries = DBTaskResult.objects.in_bulk([job.queued_as for job in jobs])
    for job in jobs:
        if not _is_held(entries.get(job.queued_as), idle):
            yield job


def _is_held(kept: "DBTaskResult[Any, Any] | None", idle: str) -> bool:
    if kept is None:
        return False
    if kept.status == TaskResultStatus.READY:
        return True
    if kept.status != TaskResultStatus.RUNNING or kept.worker_ids[-1] == idle:
        return False
    return pulse.is_alive(kept.worker_ids[-1])


def _decide(job: Job, now: datetime) -> None:
    if places.is_asked_to_stop(job.pk):
        own = Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts)
        own.update(state=State.CANCELLED, finished_at=now)
        return
    begun = job.state == State.RUNNING
    if begun and not _is_repeatable(job):
        running.give_up(
            job,
            say(
                "后台进程在执行中途停止了，这件工作可能只做了一部分，不会自动重做。"
                "请核对结果，需要时重新提交。"
            ),
            now,
        )
    elif begun and job.attempts >= running.MOST_ATTEMPTS:
        running.give_up(
            job,
            say("做了 {count} 次都中途停止，不再重试。请告诉维护人员。", count=job.attempts),
            now,
        )
    else:
        running.wait_again(job)


def _is_repeatable(job: Job) -> bool:
    try:
        return kinds.kind(job.kind).repeatable
    except NotFound:  # a newer version knew it
        return True


def sweep(now: datetime) -> int:
    """Results are kept a week; the row stays and says that there was one."""
    old = now - timedelta(days=KEPT_DAYS)
    kept = dict(Job.objects.values_list("pk", "finished_at"))
    dropped = 0
    for number in places.numbers():
        finished = kept.get(number)
        is_old = finished is not None and finished < old
        if is_old or (number not in kept and _is_left(number, now)):
            places.drop(number)
            dropped += 1
    DBTaskResult.objects.filter(finished_at__lt=old).delete()
    pulse.sweep()
    return dropped


def _is_left(number: int, now: datetime) -> bool:
    try:
        made = places.folder(number).stat().st_mtime
    except FileNotFoundError:
        return False
    return made < (now - timedelta(days=_UPLOAD_DAYS)).timestamp()
