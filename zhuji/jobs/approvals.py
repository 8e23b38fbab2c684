"""Two pairs of eyes: what lets many children's rows out of the house waits until another agrees."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from zhuji.jobs import kinds, places, running, said
from zhuji.jobs.models import Approval, Job, State
from zhuji.kernel.codes import names_person
from zhuji.kernel.errors import BadInput, NotFound, Refused
from zhuji.kernel.messages import Message, say
from zhuji.ledgers import visibility
from zhuji.orgs import audit, queries, rules
from zhuji.orgs.audit import About, Change
from zhuji.orgs.models import Person
from zhuji.orgs.roles import ROLES_BY_KEY, Role, Verb
from zhuji.orgs.scope import Reader

DECIDES = frozenset({Verb.EXPORT, Verb.PUBLISH})
WAITS, KEPT = timedelta(days=7), timedelta(hours=24)
_LONGEST = 255
_SYSTEM = "system:approvals"


@dataclass(frozen=True)
class Request:
    """What somebody wants to take out, as the one who decides sees it."""

    number: int
    title: Message
    asked_by: str
    asked_at: datetime
    why: str
    rows: int
    until: datetime

    @property
    def key(self) -> str:
        return str(self.number)


def rows_to_agree(
    reader: Reader, kind: str, org: str, arguments: Mapping[str, Any], now: datetime
) -> int:
    """How many rows would leave that nobody lets out alone; 0 where nobody else need agree."""
    wanted = kinds.kind(kind)
    return wanted.guarded(reader.through(*wanted.verbs), org, arguments, now)


def reason(why: str) -> str:
    found = " ".join(why.split())
    if not found:
        raise BadInput(say("这次导出涉及未成年人，请写明用途，交另一位同事批准。"))
    if len(found) > _LONGEST:
        raise BadInput(say("用途最多 {most} 个字。", most=_LONGEST))
    if names_person(found):
        raise BadInput(say("用途会留存，里面不能有身份证号、学籍号或手机号。"))
    return found


def granted(number: int) -> Approval | None:
    return Approval.objects.filter(job=number, granted=True).first()


# --- looking ---------------------------------------------------------------------------------


def waiting(reader: Reader) -> tuple[Request, ...]:
    """What this reader may decide, the oldest first."""
    if not reader.through(*DECIDES).grants:
        return ()
    held = Job.objects.filter(state=State.HELD).select_related("approval").order_by("pk")
    return tuple(map(_request, _open_to(reader, list(held))))


def approvers(reader: Reader, kind: str) -> tuple[Person, ...]:
    """Who else may decide on what this reader asks for, the nearest first."""
    reach = reader.through(*kinds.kind(kind).verbs).orgs
    tree = visibility.tree(reader.today)
    keys = [key for key, role in ROLES_BY_KEY.items() if role.verbs & DECIDES]
    posts = [
        (len(tree.reach(post.org)), post.pk, post.person)
        for post in queries.in_roles(keys, reader.today)
        if post.person.username != reader.username and reach <= tree.reach(post.org)
    ]
    return tuple(dict.fromkeys(person for _, _, person in sorted(posts, key=lambda one: one[:2])))


def _open_to(reader: Reader, jobs: Sequence[Job]) -> Iterator[Job]:
    """Another person decides, whose own posts reach all that the asker's posts would let out."""
    mine, posts = reader.through(*DECIDES).orgs, _posts(jobs, reader.today)
    for job in jobs:
        verbs = kinds.kind(job.kind).verbs
        reaches = (orgs for role, orgs in posts.get(job.asked_by, ()) if role.verbs & verbs)
        reach = frozenset[str]().union(*reaches)
        reach = reach & {job.org} if job.org else reach
        if job.asked_by != reader.username and reach and reach <= mine:
            yield job


def _posts(jobs: Sequence[Job], today: date) -> dict[str, list[tuple[Role, frozenset[str]]]]:
    """What those who asked hold today, with what each post reaches; however many they are."""
    people = list(Person.objects.filter(username__in={job.asked_by for job in jobs}))
    if not people:
        return {}
    tree = visibility.tree(today)
    found: dict[str, list[tuple[Role, frozenset[str]]]] = {}
    for post in queries.in_force_of(people, today).select_related("person"):
        held = ROLES_BY_KEY[post.role], tree.reach(post.org)
        found.setdefault(post.person.username, []).append(held)
    return found


def _request(job: Job) -> Request:
    asked = job.approval
    return Request(
        job.pk, said.sentence(job.title), job.asked_by, job.asked_at, asked.why, asked.rows,
        job.asked_at + WAITS,
    )  # fmt: skip


# --- deciding --------------------------------------------------------------------------------


@transaction.atomic
def grant(reader: Reader, number: int, *, now: datetime) -> None:
    """From now on it waits its turn like any other work."""
    job = _decided(reader, number, now, granted=True)
    Job.objects.filter(pk=job.pk).update(state=State.WAITING)
    job.state = State.WAITING
    running.queue(job)
    _record("job.grant", job, reader.username, now)


@transaction.atomic
def refuse(reader: Reader, number: int, why: str, *, now: datetime) -> None:
    note = " ".join(why.split())
    if not note:
        raise BadInput(say("请写明不同意的原因，提交人会看到。"))
    if len(note) > _LONGEST:
        raise BadInput(say("原因最多 {most} 个字。", most=_LONGEST))
    job = _decided(reader, number, now, granted=False, note=note)
    name = rules.person_named(reader.username).name
    _end(job, say("{name}没有同意：{why}", name=name, why=note), now)
    _record("job.refuse", job, reader.username, now, note)


def _decided(reader: Reader, number: int, now: datetime, **decision: Any) -> Job:
    job = Job.objects.select_for_update().filter(pk=number).first()
    asked = Approval.objects.filter(job=number).first()
    if job is None or asked is None or not [*_open_to(reader, [job])]:
        raise NotFound(say("没有等您批准的编号为 {number} 的导出。", number=number))
    if job.state != State.HELD:
        raise Refused(say("这件导出已经有人处理或已取消。"))
    asked.decided_by, asked.decided_at = reader.username, now
    for name, value in decision.items():
        setattr(asked, name, value)
    asked.save()
    return job


# --- time passes -----------------------------------------------------------------------------


def expire(now: datetime) -> int:
    """Nobody decided in time: it will not be done. What was let out is gone after a day."""
    late = Job.objects.filter(state=State.HELD, asked_at__lte=now - WAITS)
    for job in late:
        with transaction.atomic():
            if _end(job, say("{days} 天内没有人批准，请重新提交。", days=WAITS.days), now):
                _record("job.refuse", job, _SYSTEM, now)
    old = Job.objects.filter(approval__granted=True, finished_at__lte=now - KEPT)
    gone = list(old.exclude(result_file=""))
    for job in gone:
        places.drop(job.pk)
        Job.objects.filter(pk=job.pk).update(result_file="")
    return len(late) + len(gone)


def _end(job: Job, why: Message, now: datetime) -> bool:
    held = Job.objects.filter(pk=job.pk, state=State.HELD)
    return bool(held.update(state=State.FAILED, finished_at=now, failure=said.packed(why)))


def _record(verb: str, job: Job, actor: str, now: datetime, why: str = "") -> None:
    change = Change(new={"asked_by": job.asked_by, "rows": job.approval.rows})
    about = About("job", str(job.pk), job.org)
    audit.record(verb, about, actor=actor, now=now, why=why, change=change)
