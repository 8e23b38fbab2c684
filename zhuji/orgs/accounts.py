"""Everything that changes who can sign in. The first person comes from the machine's operator."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from zhuji.kernel.errors import BadInput, NotAllowed, Refused
from zhuji.kernel.messages import say
from zhuji.orgs import actions, attempts, audit, county, rules, sessions
from zhuji.orgs.attempts import SIGN_IN
from zhuji.orgs.audit import About, Change
from zhuji.orgs.models import Appointment, Person
from zhuji.orgs.roles import SECURITY_ADMINISTRATOR
from zhuji.orgs.rules import Seat


@dataclass(frozen=True)
class Newcomer:
    """`invented`: made up with the county; comes in by choosing and has no password."""

    username: str
    name: str
    staff_no: str = ""
    invented: bool = False


@transaction.atomic
def found(newcomer: Newcomer, password: str, seat: Seat, *, now: datetime) -> Person:
    """Make the first security administrator; once there has been one, nobody can."""
    if Appointment.objects.filter(role=SECURITY_ADMINISTRATOR.key).exists():
        raise NotAllowed(say("已经有安全管理员，新的任命由安全管理员作出。"))
    if seat.role != SECURITY_ADMINISTRATOR.key:
        raise Refused(say("第一个任命只能是安全管理员。"))
    rules.must_fit(seat)
    person = _new_person(newcomer, password)
    made = actions.new_appointment(person, seat, reason="found")
    about = About("appointment", str(made.pk), seat.org)
    audit.record(
        "person.found", about, actor=person.username, now=now, change=actions.appointed(made)
    )
    return person


@transaction.atomic
def add_person(newcomer: Newcomer, password: str, *, actor: Person, now: datetime) -> Person:
    """A person without a post: can sign in and sees nothing."""
    rules.must_govern(actor, now)
    person = _new_person(newcomer, password, given_at=now)
    new = {"name": person.name, "staff_no": person.staff_no}
    change = Change(new=new, sensitive=("name",))
    about = About("person", person.username)
    audit.record("person.add", about, actor=actor.username, now=now, change=change)
    return person


@transaction.atomic
def set_password(username: str, password: str, *, actor: Person, now: datetime, why: str) -> Person:
    """One's own, or anybody's by the security administrator: then it is changed at first use."""
    is_own = actor.username == username
    if not is_own:
        rules.must_govern(actor, now)
    person = rules.person_named(username)
    if person.invented:
        raise Refused(say("虚构的人员没有口令，只能在选人页进入。"))
    rules.must_be_strong(password, person.username)
    person.set_password(password)
    person.password_given_at = None if is_own else now
    person.save(update_fields=["password", "password_given_at"])
    sessions.end_all(person, now=now)
    about = About("person", username)
    audit.record("person.set_password", about, actor=actor.username, now=now, why=why)
    return person


def change_password(old: str, new: str, *, actor: Person, now: datetime) -> Person:
    """One's own, by who knows the old one; guesses at it count as failed sign-ins."""
    attempts.count(SIGN_IN, actor.username, now=now, source="change_password")
    if not actor.check_password(old):
        raise BadInput(say("现在的口令不对。"))
    if old == new:
        raise BadInput(say("新口令和现在的一样，请换一个。"))
    attempts.forgive(SIGN_IN, actor.username)
    return set_password(actor.username, new, actor=actor, now=now, why="本人更改")


@transaction.atomic
def suspend(username: str, *, actor: Person, now: datetime, why: str) -> None:
    """Nothing can be seen or done from the next request on; posts stay as they are."""
    _set_active(username, False, actor=actor, now=now)
    audit.record(
        "person.suspend", About("person", username), actor=actor.username, now=now, why=why
    )


@transaction.atomic
def restore(username: str, *, actor: Person, now: datetime, why: str) -> None:
    """Take a suspension back."""
    _set_active(username, True, actor=actor, now=now)
    audit.record(
        "person.restore", About("person", username), actor=actor.username, now=now, why=why
    )


def _set_active(username: str, active: bool, *, actor: Person, now: datetime) -> None:
    rules.must_govern(actor, now)
    person = rules.person_named(username)
    if person.is_active == active:
        raise Refused(say("{name} 已经是这个状态。", name=username))
    person.is_active = active
    person.save(update_fields=["is_active"])
    if not active:
        sessions.end_all(person, now=now)


def _new_person(newcomer: Newcomer, password: str, given_at: datetime | None = None) -> Person:
    person = Person(username=newcomer.username, name=newcomer.name, staff_no=newcomer.staff_no)
    if newcomer.invented:
        _must_be_invented_county()
        person.invented = True
        person.set_unusable_password()
    else:
        rules.must_be_strong(password, newcomer.username)
        person.set_password(password)
        person.password_given_at = given_at
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        raise Refused(say("用户名“{name}”或工号已有人用。", name=newcomer.username)) from None
    return person


def _must_be_invented_county() -> None:
    if county.invented() is None:
        raise Refused(say("这里不是虚构县，不能有虚构的人员。"))
