"""Everything that changes posts. Each function is one sentence an officer would say."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from zhuji.kernel.errors import NotAllowed, NotFound, Refused
from zhuji.kernel.messages import say
from zhuji.orgs import audit, county, queries, rules
from zhuji.orgs.audit import About, Change
from zhuji.orgs.models import Appointment, Charge, Person
from zhuji.orgs.rules import ADMINISTRATORS, Seat


@dataclass(frozen=True)
class Class:
    stage: str
    grade: int
    class_no: int


@transaction.atomic
def appoint(username: str, seat: Seat, *, actor: Person, now: datetime, why: str) -> Appointment:
    """Give a person a role at an org. Nobody appoints themselves."""
    rules.must_govern(actor, now)
    if actor.username == username:
        raise NotAllowed(say("不能给自己任命。"))
    person = rules.person_named(username)
    rules.must_fit(seat)
    rules.must_stay_apart(person, seat.role, seat.valid_from, seat.valid_to)
    same = person.appointments.filter(role=seat.role, org=seat.org, deputy_for=None)
    if rules.overlapping(same, seat.valid_from, seat.valid_to).exists():
        raise Refused(say("{name} 在这段日子里已有这项任命。", name=person.username))
    made = new_appointment(person, seat, reason=why)
    about = About("appointment", str(made.pk), seat.org)
    change = appointed(made)
    audit.record("person.appoint", about, actor=actor.username, now=now, change=change, why=why)
    return made


@transaction.atomic
def end(appointment_id: int, on: date, *, actor: Person, now: datetime, why: str) -> None:
    """Nothing is seen through the post from that day on; deputies and classes end with it."""
    rules.must_govern(actor, now)
    kept = rules.appointment_numbered(appointment_id)
    if on < kept.valid_from or (kept.valid_to is not None and kept.valid_to <= on):
        raise Refused(say("终止日期 {on} 不在任期之内。", on=on))
    change = Change({"valid_to": kept.valid_to}, {"valid_to": on})
    kept.valid_to = on
    kept.save(update_fields=["valid_to"])
    about = About("appointment", str(kept.pk), kept.org)
    audit.record("person.end", about, actor=actor.username, now=now, change=change, why=why)


@transaction.atomic
def deputise(
    appointment_id: int, username: str, until: date, *, actor: Person, now: datetime, why: str
) -> Appointment:
    """From today until a day not included, somebody stands in; the holder or security decides."""
    kept, deputy = rules.appointment_numbered(appointment_id), rules.person_named(username)
    today = county.today(now)
    if kept.person_id != actor.pk or kept.role in ADMINISTRATORS:
        rules.must_govern(actor, now)
    if deputy.pk == kept.person_id or kept.deputy_for_id is not None:
        raise Refused(say("代理人不能是本人，代理的任命也不能再请人代理。"))
    if not queries.in_force(kept.person, today).filter(pk=kept.pk).exists():
        raise Refused(say("这项任命今天不在任期之内，不能请人代理。"))
    if until <= today or (kept.valid_to is not None and until > kept.valid_to):
        raise Refused(say("代理应止于今天之后、任期之内；给出的是 {until}。", until=until))
    rules.must_stay_apart(deputy, kept.role, today, until)
    if rules.overlapping(deputy.appointments.filter(deputy_for=kept), today, until).exists():
        raise Refused(say("{name} 在这段日子里已有这项任命。", name=deputy.username))
    made = Appointment.objects.create(
        person=deputy,
        role=kept.role,
        org=kept.org,
        valid_from=today,
        valid_to=until,
        deputy_for=kept,
        reason=why,
    )
    about = About("appointment", str(made.pk), kept.org)
    change = appointed(made)
    audit.record("person.deputise", about, actor=actor.username, now=now, change=change, why=why)
    return made


@transaction.atomic
def charge(
    appointment_id: int, taught: Class, until: date | None, *, actor: Person, now: datetime
) -> Charge:
    """Put a class in a teacher's charge from today on; the principal or security decides."""
    kept = rules.appointment_numbered(appointment_id)
    today = county.today(now)
    posts = queries.in_force(actor, today)
    heads = posts.filter(role="principal", org=kept.org)
    if kept.person_id == actor.pk or not heads.exists():
        rules.must_govern(actor, now)
    if kept.role != "teacher" or kept.deputy_for_id is not None:
        raise Refused(say("只有教师本人的任命可以带班。"))
    same = Q(stage=taught.stage, grade=taught.grade, class_no=taught.class_no)
    if rules.overlapping(kept.charges.filter(same), today, until).exists():
        raise Refused(say("这个班已由这位教师任教。"))
    made = Charge.objects.create(
        appointment=kept,
        stage=taught.stage,
        grade=taught.grade,
        class_no=taught.class_no,
        valid_from=today,
        valid_to=until,
    )
    about = About("charge", str(made.pk), kept.org)
    new = {"appointment": kept.pk, "class": str(made), "valid_to": until}
    audit.record("person.charge", about, actor=actor.username, now=now, change=Change(new=new))
    return made


@transaction.atomic
def end_charge(charge_id: int, *, actor: Person, now: datetime, why: str) -> None:
    """The teacher does not see the pupils of this class from today on."""
    kept = Charge.objects.select_for_update().filter(pk=charge_id).first()
    if kept is None:
        raise NotFound(say("没有这条任教记录。"))
    today = county.today(now)
    if not queries.in_force(actor, today).filter(role="principal", org=kept.appointment.org):
        rules.must_govern(actor, now)
    if kept.valid_to is not None and kept.valid_to <= today:
        raise Refused(say("这条任教记录已经终止。"))
    change = Change({"valid_to": kept.valid_to}, {"valid_to": today})
    kept.valid_to = max(today, kept.valid_from)
    kept.save(update_fields=["valid_to"])
    about = About("charge", str(kept.pk), kept.appointment.org)
    audit.record("person.end_charge", about, actor=actor.username, now=now, change=change, why=why)


def new_appointment(person: Person, seat: Seat, *, reason: str) -> Appointment:
    return Appointment.objects.create(
        person=person,
        role=seat.role,
        org=seat.org,
        valid_from=seat.valid_from,
        valid_to=seat.valid_to,
        reason=reason,
    )


def appointed(made: Appointment) -> Change:
    return Change(
        new={
            "person": made.person.username,
            "role": made.role,
            "org": made.org,
            "valid_from": made.valid_from,
            "valid_to": made.valid_to,
            "deputy_for": made.deputy_for_id,
        }
    )
