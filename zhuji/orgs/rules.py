"""What holds for people and posts, whoever asks: who may appoint, where, and what stays apart."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet

from zhuji.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from zhuji.kernel.messages import say
from zhuji.orgs import county, queries
from zhuji.orgs.models import Appointment, Charge, Person
from zhuji.orgs.roles import ROLES, ROLES_BY_KEY, Verb, role

SHORTEST_PASSWORD = 10
ADMINISTRATORS = frozenset(each.key for each in ROLES if each.administers)


@dataclass(frozen=True)
class Seat:
    """A role at an org for some days; `kind` is the kind of org, as its ledger says."""

    role: str
    org: str
    kind: str
    valid_from: date
    valid_to: date | None = None


def governs(actor: Person, now: datetime) -> bool:
    """A security administrator in force."""
    posts = queries.in_force(actor, county.today(now))
    return any(Verb.APPOINT in ROLES_BY_KEY[post.role].verbs for post in posts)


def must_govern(actor: Person, now: datetime) -> None:
    """Only a security administrator in force decides on people and posts."""
    if not governs(actor, now):
        raise NotAllowed(say("只有安全管理员可以办理人员和任命。"))


def must_fit(seat: Seat) -> None:
    wanted = role(seat.role)
    if seat.kind not in wanted.held_at:
        raise Refused(say("“{role}”不能设在这类机构。", role=wanted.label))
    if seat.valid_to is not None and seat.valid_to <= seat.valid_from:
        raise BadInput(
            say("任期的起 {start} 应早于止 {end}。", start=seat.valid_from, end=seat.valid_to)
        )


def must_stay_apart(person: Person, key: str, start: date, end: date | None) -> None:
    """System, security and audit administrators are three people at any time. Locks the person."""
    Person.objects.select_for_update().get(pk=person.pk)
    if key not in ADMINISTRATORS:
        return
    others = person.appointments.filter(role__in=ADMINISTRATORS - {key})
    held = overlapping(others, start, end).first()
    if held is not None:
        raise Refused(
            say(
                "{name} 在这段日子里是{held}，不能同时是{wanted}。",
                name=person.username,
                held=role(held.role).label,
                wanted=role(key).label,
            )
        )


AnyPost = TypeVar("AnyPost", Appointment, Charge)


def overlapping(posts: QuerySet[AnyPost], start: date, end: date | None) -> QuerySet[AnyPost]:
    """Those that share a day with start <= day < end; one that ended as it began shares none."""
    found = posts.filter(Q(valid_to=None) | Q(valid_to__gt=start) & Q(valid_to__gt=F("valid_from")))
    return found if end is None else found.filter(valid_from__lt=end)


def must_be_strong(password: str, username: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(say("口令至少 {least} 个字符。", least=SHORTEST_PASSWORD))
    if username.casefold() in password.casefold():
        raise BadInput(say("口令里不要包含用户名。"))
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        raise BadInput(say("这个口令太常见，请换一个。")) from None


def person_named(username: str) -> Person:
    found = Person.objects.filter(username=username).first()
    if found is None:
        raise NotFound(say("没有用户名为“{name}”的人员。", name=username))
    return found


def appointment_numbered(appointment_id: int) -> Appointment:
    """Locked, since whoever asks is about to change it or to build on it."""
    rows = Appointment.objects.select_for_update(of=("self",))
    found = rows.filter(pk=appointment_id).first()
    if found is None:
        raise NotFound(say("没有编号为 {number} 的任命。", number=appointment_id))
    return found
