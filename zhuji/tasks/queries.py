"""What a person has to do and to know, and who has read what they sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import Label, Message, say
from zhuji.orgs.models import Person
from zhuji.orgs.scope import Reader
from zhuji.tasks.models import Notice, Reading
from zhuji.tasks.sentences import BY_KEY

Said = Message | Label | str
_FAR = date.max
MOST = 200


class State(StrEnum):
    NOT_BEGUN = "not_begun"
    IN_WORK = "in_work"
    DONE = "done"
    FAULTY = "faulty"


STATES: Mapping[State, Label] = {
    State.NOT_BEGUN: Label("未开始", "Not begun"),
    State.IN_WORK: Label("进行中", "In work"),
    State.DONE: Label("已完成", "Done"),
    State.FAULTY: Label("有问题", "Has problems"),
}
KINDS: Mapping[str, Label] = {
    "instruction": Label("批示", "Instruction"),
    "reminder": Label("催办", "Reminder"),
    "told": Label("告知", "Notice"),
}


@dataclass(frozen=True)
class Todo:
    """One thing to do: its title begins with a verb; `kind` and `key` say where it opens."""

    kind: str
    key: str
    title: Said
    due: date | None = None
    state: State = State.NOT_BEGUN
    org: str = ""

    def is_late(self, today: date) -> bool:
        return self.due is not None and self.due < today and self.state is not State.DONE


@dataclass(frozen=True)
class Received:
    number: int
    kind: str
    about_kind: str
    about_key: str
    sentence: Said
    due: date | None
    org: str
    sender: str
    sender_org: str
    at: datetime
    read_at: datetime | None

    @property
    def label(self) -> Label:
        return KINDS[self.kind]


@dataclass(frozen=True)
class Target:
    """One org that a notice went to, and when somebody there first opened it."""

    org: str
    read_at: datetime | None


@dataclass(frozen=True)
class Dispatch:
    """Everything that one act of the sender sent."""

    once: str
    kind: str
    about_kind: str
    about_key: str
    sentence: Said
    due: date | None
    at: datetime
    shown_from: datetime
    targets: tuple[Target, ...] = field(default=())

    @property
    def label(self) -> Label:
        return KINDS[self.kind]

    @property
    def read(self) -> int:
        return sum(1 for target in self.targets if target.read_at)

    @property
    def unread(self) -> tuple[Target, ...]:
        return tuple(target for target in self.targets if target.read_at is None)


def mine(reader: Reader, *, now: datetime) -> tuple[Received, ...]:
    """Unread first, then by due date, the newest first among equals."""
    found = [_received(one, read) for one, read in _with_readings(reader, _to(reader, now))]
    return tuple(
        sorted(found, key=lambda one: (one.read_at is not None, one.due or _FAR, -one.number))
    )


def unread(reader: Reader, *, now: datetime) -> int:
    """How many notices wait: for the head of every page, so in one statement."""
    read = Reading.objects.filter(notice=OuterRef("pk"), person__username=reader.username)
    return _to(reader, now).filter(~Exists(read)).order_by().count()


def received(reader: Reader, number: int, *, now: datetime) -> Received:
    found = _with_readings(reader, _to(reader, now).filter(pk=number))
    if not found:
        raise NotFound(say("没有这条通知，或者它不是发给您的。"))
    return _received(*found[0])


def sent(reader: Reader) -> tuple[Dispatch, ...]:
    """What the reader sent, the newest first, with who has read it."""
    newest = Notice.objects.filter(sender=reader.username).order_by("-sent_at", "org")
    rows = list(newest.annotate(first_read=Min("readings__read_at"))[: 50 * MOST])
    by_once: dict[str, list[Notice]] = {}
    for row in rows:
        by_once.setdefault(row.once, []).append(row)
    return tuple(_dispatch(found) for found in list(by_once.values())[:MOST])


def sent_with(username: str, once: str) -> list[Notice]:
    return list(Notice.objects.filter(sender=username, once=once).order_by("org"))


def reminded(about_kind: str, about_key: str, day: date) -> frozenset[str]:
    """Orgs that were reminded of a matter on a day, by whomever."""
    found = Notice.objects.filter(
        kind=Notice.Kind.REMINDER, about_kind=about_kind, about_key=about_key, day=day
    )
    return frozenset(found.values_list("org", flat=True))


def about(reader: Reader, about_kind: str, about_key: str) -> tuple[Dispatch, ...]:
    """What the reader has sent in one matter."""
    return tuple(
        one for one in sent(reader) if (one.about_kind, one.about_key) == (about_kind, about_key)
    )


def todo(reader: Reader, *, today: date, now: datetime, also: Iterable[Todo] = ()) -> list[Todo]:
    """Everything to do in the order of due dates; `also`: what the layers above know of.

    A notice stays until it is read, and an instruction with a date until its day is over.
    """
    notices = [
        Todo("notice", str(one.number), one.sentence, one.due, _state(one), one.org)
        for one in mine(reader, now=now)
        if one.read_at is None or (one.kind == "instruction" and one.due and one.due >= today)
    ]
    every = [*notices, *also]
    return sorted(every, key=lambda one: (one.state is State.DONE, one.due or _FAR, one.kind))


def person(reader: Reader) -> Person:
    return Person.objects.get(username=reader.username)


def names(usernames: Iterable[str]) -> dict[str, str]:
    """What senders are called; they are staff who act in office."""
    found = Person.objects.filter(username__in=set(usernames))
    return dict(found.values_list("username", "name"))


def _to(reader: Reader, now: datetime) -> QuerySet[Notice]:
    """What has arrived for one of the reader's posts, or for themselves."""
    anyone = Q(person=reader.username) & ~Q(person="")
    for grant in reader.grants:
        anyone |= Q(org=grant.at, person="", roles__contains=f" {grant.role.key} ")
    return Notice.objects.filter(anyone, shown_from__lte=now).order_by("-pk")


def _with_readings(
    reader: Reader, notices: QuerySet[Notice]
) -> list[tuple[Notice, datetime | None]]:
    rows = list(notices[:MOST])
    read = dict(
        Reading.objects.filter(
            notice__in=[row.pk for row in rows], person__username=reader.username
        ).values_list("notice_id", "read_at")
    )
    return [(row, read.get(row.pk)) for row in rows]


def _received(row: Notice, read_at: datetime | None) -> Received:
    return Received(
        row.pk,
        row.kind,
        row.about_kind,
        row.about_key,
        _sentence(row),
        row.due,
        row.org,
        row.sender,
        row.sender_org,
        row.shown_from,
        read_at,
    )


def _dispatch(rows: list[Notice]) -> Dispatch:
    one = rows[0]
    targets = tuple(Target(row.org, getattr(row, "first_read", None)) for row in rows)
    return Dispatch(
        one.once,
        one.kind,
        one.about_kind,
        one.about_key,
        _sentence(one),
        one.due,
        one.sent_at,
        one.shown_from,
        targets,
    )


def _sentence(row: Notice) -> Said:
    if row.ready in BY_KEY:
        return BY_KEY[row.ready].label
    return row.text if row.params is None else Message(row.text, row.params)


def _state(one: Received) -> State:
    return State.NOT_BEGUN if one.read_at is None else State.IN_WORK
