"""Asking for long work, and not wanting it any more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from zhuji.jobs import approvals, kinds, places, queries, running, said
from zhuji.jobs.models import UNFINISHED, Approval, Job, State
from zhuji.jobs.places import Given
from zhuji.jobs.queries import Result
from zhuji.kernel.codes import names_person
from zhuji.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from zhuji.kernel.messages import say
from zhuji.ledgers import visibility
from zhuji.orgs import audit, county, idempotency, rules
from zhuji.orgs.audit import About, Change
from zhuji.orgs.idempotency import Act
from zhuji.orgs.scope import Reader

MOST_UNFINISHED = 20


@transaction.atomic
def ask(
    kind: str,
    arguments: Mapping[str, Any],
    act: Act,
    *,
    org: str = "",
    given: Given | None = None,
) -> Job:
    """Queue it for whoever is signed in; it runs with what they may do when it runs.

    `org` is whose work it is; empty when it is about everything that the person reaches. What lets
    many children's rows out is held until another person agrees, and the act must say what for.
    """
    wanted, actor, now = kinds.kind(kind), act.actor, act.now
    person = rules.person_named(actor)
    reader = visibility.reader_of(person, now=now, today=county.today(now))
    if not wanted.is_open_to(reader, org):
        raise NotAllowed(say("您的岗位不能“{what}”。", what=wanted.label))
    if any(names_person(str(part)) for part in arguments.get("query", ())):
        raise BadInput(say("筛选条件会留存，里面不能有身份证号、学籍号或手机号；请用搜索框查找。"))
    if Job.objects.filter(asked_by=actor, state__in=UNFINISHED).count() >= MOST_UNFINISHED:
        raise Refused(
            say("您已有 {most} 件工作没有做完，请等其中一些做完再提交。", most=MOST_UNFINISHED)
        )
    rows = approvals.rows_to_agree(reader, kind, org, arguments, now)
    if not rows:
        return _queued(_made(kind, arguments, actor, org, now, given), given)
    return _held(_made(kind, arguments, actor, org, now, given), rows, approvals.reason(act.why))


def ask_once(
    kind: str,
    arguments: Mapping[str, Any],
    act: Act,
    given: Given | None = None,
) -> int:
    """The same from a form or a program: sent twice with one key, it is one job; its number."""

    def do() -> dict[str, Any]:
        return {"number": ask(kind, arguments, act, given=given).pk}

    answer, _ = idempotency.once(act, f"job.{kind}", [arguments, given and given.digest], do)
    return int(answer["number"])


@transaction.atomic
def ask_unattended(kind: str, arguments: Mapping[str, Any], *, org: str, now: datetime) -> Job:
    """Queue what follows from the rules and not from anybody's wish; what waits is not repeated."""
    waiting = Job.objects.filter(kind=kind, state=State.WAITING, asked_by="", org=org)
    same = next((one for one in waiting if one.arguments == dict(arguments)), None)
    return same or _queued(_made(kind, arguments, "", org, now, None), None)


def _made(
    kind: str,
    arguments: Mapping[str, Any],
    actor: str,
    org: str,
    now: datetime,
    given: Given | None,
) -> Job:
    known = {**arguments, "file": places.name_of(given)} if given else dict(arguments)
    return Job(
        kind=kind,
        title=said.packed(kinds.kind(kind).title(known)),
        asked_by=actor,
        org=org,
        arguments=known,
        asked_at=now,
    )


def _held(job: Job, rows: int, why: str) -> Job:
    job.state = State.HELD
    job.save()
    places.drop(job.pk)
    Approval.objects.create(job=job, asked_by=job.asked_by, why=why, rows=rows)
    _record_asked(job, {"rows": rows}, why)
    return job


def _queued(job: Job, given: Given | None) -> Job:
    job.save()
    places.drop(job.pk)  # of a job that was rolled back and bore the same number
    try:
        if given is not None:
            places.keep_given(job.pk, given)
        running.queue(job)
        _record_asked(job, {})
    except Exception:
        places.drop(job.pk)
        raise
    return job


def _record_asked(job: Job, more: Mapping[str, Any], why: str = "") -> None:
    change = Change(new={"kind": job.kind, "arguments": job.arguments, **more})
    about = About("job", str(job.pk), job.org)
    audit.record("job.ask", about, actor=job.asked_by, now=job.asked_at, why=why, change=change)


def cancel(number: int, *, actor: str, now: datetime) -> None:
    """What has not begun at once; a running one as soon as it looks, and all it wrote is undone."""
    job = Job.objects.filter(pk=number, asked_by=actor).first()
    if job is None:
        raise NotFound(say("没有编号为 {number} 的后台工作。", number=number))
    if job.state not in UNFINISHED:
        raise Refused(say("这件工作已经结束，不能取消。"))
    # Before the database is asked: the job itself may hold it until it stops.
    places.ask_to_stop(number)
    with transaction.atomic():
        waiting = Job.objects.filter(pk=number, state__in=(State.HELD, State.WAITING))
        if waiting.update(state=State.CANCELLED, finished_at=now):
            places.drop_given(number)
        audit.record("job.cancel", About("job", str(number), job.org), actor=actor, now=now)


@transaction.atomic
def see(number: int, *, actor: str, now: datetime) -> None:
    """Its end has been seen; it is not told again."""
    ended = Job.objects.filter(pk=number, asked_by=actor, seen_at=None).exclude(
        state__in=UNFINISHED
    )
    ended.update(seen_at=now)


@transaction.atomic
def hand_out(reader: Reader, number: int, *, now: datetime) -> Result:
    """The result's file; that it was taken away is kept."""
    found = queries.result(reader, number, now)
    change = Change(new={"file": found.name, "bytes": found.bytes})
    about = About("job", str(number))
    audit.record("job.hand_out", about, actor=reader.username, now=now, change=change)
    return found
