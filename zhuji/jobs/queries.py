"""One's own jobs as a page shows them; those of others do not exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from zhuji.jobs import kinds, places, said
from zhuji.jobs.approvals import KEPT
from zhuji.jobs.locked import password_of
from zhuji.jobs.models import QUEUED, UNFINISHED, Approval, Job, State
from zhuji.jobs.recovery import KEPT_DAYS
from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import Label, Message, say
from zhuji.orgs.scope import Reader

LABELS = {
    State.HELD: Label("待批准", "To be approved"),
    State.WAITING: Label("等待", "Waiting"),
    State.RUNNING: Label("进行中", "Running"),
    State.DONE: Label("完成", "Done"),
    State.FAILED: Label("没有做成", "Failed"),
    State.CANCELLED: Label("已取消", "Cancelled"),
}


@dataclass(frozen=True)
class Result:
    """A file to take away, until it is dropped."""

    path: Path
    name: str
    type: str
    bytes: int


@dataclass(frozen=True)
class Standing:
    """How a job stands at this moment; what is running is read from its own file."""

    number: int
    kind: str
    title: Message
    state: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    done: int
    total: int
    ahead: int
    seconds_left: float | None
    is_stopping: bool
    is_seen: bool
    lines: tuple[Message, ...]
    findings: tuple[Message, ...]
    facts: Mapping[str, Any]
    failure: Message | None
    result: Result | None
    kept_until: datetime | None
    approval: Approval | None
    password: str  # of the result, when it is locked

    @property
    def label(self) -> Label:
        return LABELS[State(self.state)]

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def is_held(self) -> bool:
        return self.state == State.HELD

    @property
    def per_cent(self) -> int | None:
        return min(100, 100 * self.done // self.total) if self.total else None

    @property
    def minutes_left(self) -> int | None:
        """Rounded up: better too long than too short."""
        return None if self.seconds_left is None else int(-(-self.seconds_left // 60))


def of(username: str, *, limit: int = 100) -> tuple[Standing, ...]:
    """The newest first."""
    return tuple(map(_standing, _jobs(username).order_by("-pk")[:limit]))


def one(username: str, number: int) -> Standing:
    job = _jobs(username).filter(pk=number).first() if username else None
    if job is None:
        raise NotFound(say("没有编号为 {number} 的后台工作。", number=number))
    return _standing(job)


def unseen(username: str) -> tuple[Standing, ...]:
    """What ended while its owner was elsewhere: to be told on any page."""
    ended = _jobs(username).filter(seen_at=None).exclude(state__in=UNFINISHED)
    return tuple(map(_standing, ended.order_by("pk")[:20]))


def unfinished_count(username: str) -> int:
    return Job.objects.filter(asked_by=username, state__in=UNFINISHED).count()


def result(reader: Reader, number: int, now: datetime) -> Result:
    """The file, for its owner only, and only while a post still allows such work."""
    job = _jobs(reader.username).filter(pk=number).first()
    if job is None or not kinds.kind(job.kind).is_open_to(reader, job.org):
        raise NotFound(say("没有编号为 {number} 的后台工作。", number=number))
    found, until = _result(job), _kept_until(job)
    if found is None or until is None or until <= now:
        raise NotFound(say("结果过了保留的期限，已经删除；请重新提交。"))
    return found


def _jobs(username: str) -> "QuerySet[Job]":
    return Job.objects.filter(asked_by=username).select_related("approval")


def _standing(job: Job) -> Standing:
    told = places.told(job.pk) if job.state == State.RUNNING else None
    found, approval = _result(job), _approval(job)
    if told is not None and told.attempt != job.attempts:
        told = None
    return Standing(
        number=job.pk,
        kind=job.kind,
        title=said.sentence(job.title),
        state=job.state,
        asked_at=job.asked_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        done=told.done if told else job.done,
        total=told.total if told else job.total,
        ahead=_ahead(job),
        seconds_left=told.seconds_left if told else None,
        is_stopping=job.state == State.RUNNING and places.is_asked_to_stop(job.pk),
        is_seen=job.seen_at is not None,
        lines=tuple(map(said.sentence, job.summary.get("lines", ()))),
        findings=tuple(map(said.sentence, job.summary.get("findings", ()))),
        facts=job.summary.get("facts", {}),
        failure=said.sentence(job.failure) if job.failure else None,
        result=found,
        kept_until=_kept_until(job),
        approval=approval,
        password=password_of(job.pk) if approval and found else "",
    )


def _approval(job: Job) -> Approval | None:
    """None where nobody else had to agree."""
    return getattr(job, "approval", None)


def _kept_until(job: Job) -> datetime | None:
    if job.finished_at is None:
        return None
    return job.finished_at + (KEPT if _approval(job) else timedelta(days=KEPT_DAYS))


def _ahead(job: Job) -> int:
    if job.state != State.WAITING:
        return 0
    return Job.objects.filter(state__in=QUEUED, pk__lt=job.pk).count()


def _result(job: Job) -> Result | None:
    if not job.result_file:
        return None
    path = places.folder(job.pk) / job.result_file
    try:
        return Result(path, path.name, job.result_type, path.stat().st_size)
    except FileNotFoundError:
        return None
