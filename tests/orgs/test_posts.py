"""People and posts: who decides, what is refused, and the entry that each action leaves."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.orgs import cast
from tests.orgs.cast import COUNTY, NOW, PASSWORD, SCHOOL, TODAY
from zhuji.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from zhuji.orgs import accounts, actions, maintenance
from zhuji.orgs.accounts import Newcomer
from zhuji.orgs.actions import Class
from zhuji.orgs.models import Appointment, Entry, MaintenanceSession, Person

pytestmark = pytest.mark.django_db
UNTIL = date(2022, 6, 1)


def last_verb() -> str:
    return Entry.objects.latest("sequence").verb


def test_the_first_administrator_is_made_once() -> None:
    cast.chief()
    assert last_verb() == "person.found"
    again = Newcomer("second", "又一人")
    with pytest.raises(NotAllowed, match="已经有安全管理员"):
        accounts.found(again, PASSWORD, cast.seat("security_administrator", COUNTY), now=NOW)
    assert Person.objects.count() == 1


def test_the_first_post_is_nothing_but_a_security_administrator() -> None:
    with pytest.raises(Refused, match="只能是安全管理员"):
        accounts.found(Newcomer("boss", "局长"), PASSWORD, cast.seat("director", COUNTY), now=NOW)
    assert not Person.objects.exists()


def test_an_appointment_leaves_one_entry() -> None:
    who = cast.person("clerk")
    before = Entry.objects.count()
    made = cast.hold(who, cast.seat("clerk", SCHOOL))
    entry = Entry.objects.latest("sequence")
    assert Entry.objects.count() == before + 1
    assert (entry.verb, entry.actor, entry.org) == ("person.appoint", "security", SCHOOL)
    assert entry.key == str(made.pk)
    assert '"role": "clerk"' in entry.new


@pytest.mark.parametrize("role", ["director", "principal", "audit_administrator"])
def test_only_a_security_administrator_appoints(role: str) -> None:
    boss, clerk = cast.person("boss"), cast.person("clerk")
    org = SCHOOL if role == "principal" else COUNTY
    cast.hold(boss, cast.seat(role, org))
    with pytest.raises(NotAllowed, match="安全管理员"):
        actions.appoint("clerk", cast.seat("clerk", SCHOOL), actor=boss, now=NOW, why="我说了算")
    assert not clerk.appointments.exists()


def test_nobody_appoints_themselves() -> None:
    with pytest.raises(NotAllowed, match="自己"):
        cast.hold(cast.chief(), cast.seat("director", COUNTY))


def test_a_role_is_held_where_it_belongs() -> None:
    with pytest.raises(Refused, match="局长"):
        cast.hold(cast.person("someone"), cast.seat("director", SCHOOL))


def test_a_person_holds_the_same_post_once_at_a_time() -> None:
    who = cast.person("clerk")
    cast.hold(who, cast.seat("clerk", SCHOOL, end=TODAY))
    with pytest.raises(Refused, match="已有这项任命"):
        cast.hold(who, cast.seat("clerk", SCHOOL, start=date(2022, 2, 28)))
    cast.hold(who, cast.seat("clerk", SCHOOL, start=TODAY))
    assert who.appointments.count() == 2


ADMINISTRATORS = ("system_administrator", "security_administrator", "audit_administrator")


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", ADMINISTRATORS)
@pytest.mark.parametrize(
    ("start", "end", "apart"),
    [
        (date(2022, 1, 1), date(2022, 2, 1), True),
        (date(2022, 1, 1), date(2022, 2, 2), False),
        (date(2022, 2, 15), date(2022, 2, 16), False),
        (date(2022, 2, 28), None, False),
        (date(2022, 3, 1), None, True),
        (date(2022, 1, 1), None, False),
    ],
)
def test_the_three_administrators_are_three_people(
    first: str, second: str, start: date, end: date | None, apart: bool
) -> None:
    who = cast.person("someone")
    cast.hold(who, cast.seat(first, COUNTY, date(2022, 2, 1), date(2022, 3, 1)))
    if apart:
        cast.hold(who, cast.seat(second, COUNTY, start, end))
    else:
        with pytest.raises(Refused):
            cast.hold(who, cast.seat(second, COUNTY, start, end))
    assert who.appointments.count() == 1 + apart


def test_a_deputy_does_not_become_a_second_administrator_either() -> None:
    system, auditor = cast.person("system"), cast.person("auditor")
    post = cast.hold(system, cast.seat("system_administrator", COUNTY))
    cast.hold(auditor, cast.seat("audit_administrator", COUNTY))
    with pytest.raises(Refused, match="不能同时是"):
        actions.deputise(post.pk, "auditor", UNTIL, actor=cast.chief(), now=NOW, why="休假")
    with pytest.raises(NotAllowed):
        actions.deputise(post.pk, "security", UNTIL, actor=system, now=NOW, why="休假")


def test_a_post_that_was_cancelled_before_it_began_keeps_nobody_apart() -> None:
    who = cast.person("someone")
    post = cast.hold(who, cast.seat("system_administrator", COUNTY, TODAY))
    actions.end(post.pk, TODAY, actor=cast.chief(), now=NOW, why="文件有误")
    cast.hold(who, cast.seat("audit_administrator", COUNTY, TODAY))
    assert who.appointments.count() == 2


def test_ending_a_post_twice_or_later_is_refused() -> None:
    post = cast.hold(cast.person("clerk"), cast.seat("clerk", SCHOOL))
    actions.end(post.pk, TODAY, actor=cast.chief(), now=NOW, why="调离")
    assert last_verb() == "person.end"
    with pytest.raises(Refused, match="不在任期之内"):
        actions.end(post.pk, date(2023, 1, 1), actor=cast.chief(), now=NOW, why="延长")
    assert Appointment.objects.get(pk=post.pk).valid_to == TODAY


def test_a_deputy_of_a_deputy_and_of_oneself_is_refused() -> None:
    principal, deputy = cast.person("principal"), cast.person("deputy")
    post = cast.hold(principal, cast.seat("principal", SCHOOL, end=UNTIL))
    with pytest.raises(Refused, match="本人"):
        actions.deputise(post.pk, "principal", UNTIL, actor=principal, now=NOW, why="")
    later = UNTIL + timedelta(days=1)
    with pytest.raises(Refused, match="任期之内"):
        actions.deputise(post.pk, "deputy", later, actor=principal, now=NOW, why="进修")
    made = actions.deputise(post.pk, "deputy", UNTIL, actor=principal, now=NOW, why="进修")
    assert last_verb() == "person.deputise"
    with pytest.raises(Refused, match="已有这项任命"):
        actions.deputise(post.pk, "deputy", UNTIL, actor=principal, now=NOW, why="再按一次")
    with pytest.raises(Refused):
        actions.deputise(made.pk, "security", UNTIL, actor=deputy, now=NOW, why="转交")


def test_a_stranger_names_no_deputy() -> None:
    post = cast.hold(cast.person("principal"), cast.seat("principal", SCHOOL))
    stranger = cast.person("stranger")
    with pytest.raises(NotAllowed):
        actions.deputise(post.pk, "stranger", UNTIL, actor=stranger, now=NOW, why="想看")
    assert not stranger.appointments.exists()


def test_a_principal_gives_classes_in_the_own_school_only() -> None:
    principal, teacher = cast.person("principal"), cast.person("teacher")
    cast.hold(principal, cast.seat("principal", SCHOOL))
    own = cast.hold(teacher, cast.seat("teacher", SCHOOL))
    foreign = cast.hold(teacher, cast.seat("teacher", cast.OTHER_SCHOOL))
    taught = Class("primary", 3, 1)
    made = actions.charge(own.pk, taught, UNTIL, actor=principal, now=NOW)
    with pytest.raises(Refused, match="已由"):
        actions.charge(own.pk, taught, None, actor=principal, now=NOW)
    with pytest.raises(NotAllowed):
        actions.charge(foreign.pk, taught, None, actor=principal, now=NOW)
    with pytest.raises(NotAllowed):
        actions.charge(own.pk, Class("primary", 3, 2), None, actor=teacher, now=NOW)
    stranger = cast.person("stranger")
    cast.hold(stranger, cast.seat("principal", cast.OTHER_SCHOOL))
    with pytest.raises(NotAllowed):
        actions.end_charge(made.pk, actor=stranger, now=NOW, why="抢人")
    actions.end_charge(made.pk, actor=principal, now=NOW, why="换班")
    assert last_verb() == "person.end_charge"


def test_a_principal_who_teaches_is_not_the_one_to_give_themselves_a_class() -> None:
    principal = cast.person("principal")
    cast.hold(principal, cast.seat("principal", SCHOOL))
    own = cast.hold(principal, cast.seat("teacher", SCHOOL))
    with pytest.raises(NotAllowed):
        actions.charge(own.pk, Class("primary", 3, 1), None, actor=principal, now=NOW)
    assert not own.charges.exists()


def test_only_a_security_administrator_decides_who_can_sign_in() -> None:
    clerk = cast.person("clerk")
    cast.hold(clerk, cast.seat("clerk", SCHOOL))
    cast.person("other")
    with pytest.raises(NotAllowed):
        accounts.add_person(Newcomer("friend", "某"), PASSWORD, actor=clerk, now=NOW)
    with pytest.raises(NotAllowed):
        accounts.suspend("other", actor=clerk, now=NOW, why="私怨")
    assert Person.objects.get(username="other").is_active
    assert not Person.objects.filter(username="friend").exists()


@pytest.mark.parametrize(
    ("minutes", "why", "refusal"),
    [(31, "排查", BadInput), (0, "排查", BadInput), (30, " ", BadInput)],
)
def test_maintenance_needs_a_reason_and_a_short_end(
    minutes: int, why: str, refusal: type[Exception]
) -> None:
    system = cast.person("system")
    cast.hold(system, cast.seat("system_administrator", COUNTY))
    with pytest.raises(refusal):
        maintenance.open_session(actor=system, now=NOW, minutes=minutes, why=why)
    assert not MaintenanceSession.objects.exists()


def test_maintenance_is_for_system_administrators_one_at_a_time() -> None:
    system = cast.person("system")
    with pytest.raises(NotAllowed):
        maintenance.open_session(actor=cast.chief(), now=NOW, minutes=5, why="看看")
    cast.hold(system, cast.seat("system_administrator", COUNTY))
    maintenance.open_session(actor=system, now=NOW, minutes=30, why="排查")
    assert last_verb() == "maintenance.open"
    with pytest.raises(Refused, match="已有"):
        maintenance.open_session(actor=system, now=NOW, minutes=30, why="再看")
    maintenance.close_session(actor=system, now=NOW + timedelta(minutes=1))
    with pytest.raises(NotFound):
        maintenance.close_session(actor=system, now=NOW + timedelta(minutes=2))


def test_the_database_refuses_a_long_session_too() -> None:
    system = cast.person("system")
    post = cast.hold(system, cast.seat("system_administrator", COUNTY))
    with pytest.raises(IntegrityError), transaction.atomic():
        MaintenanceSession.objects.create(
            appointment=post, reason="x", started_at=NOW, ends_at=NOW, minutes=31
        )


@pytest.mark.parametrize("password", ["short", "clerk2022春天来了", "password123"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(BadInput):
        accounts.add_person(Newcomer("clerk", "某"), password, actor=cast.chief(), now=NOW)
    assert not Person.objects.filter(username="clerk").exists()


def test_two_people_do_not_share_a_name_or_a_staff_number() -> None:
    cast.person("clerk", "S000001")
    for other in (Newcomer("clerk", "某"), Newcomer("other", "某", "S000001")):
        with pytest.raises(Refused, match="已有人用"):
            accounts.add_person(other, PASSWORD, actor=cast.chief(), now=NOW)


def test_a_password_is_changed_by_its_owner_or_by_security() -> None:
    clerk = cast.person("clerk")
    accounts.set_password("clerk", "另一个够长的口令二二", actor=clerk, now=NOW, why="")
    with pytest.raises(NotAllowed):
        accounts.set_password("security", "夺取系统的口令二二", actor=clerk, now=NOW, why="")
    clerk.refresh_from_db()
    assert clerk.check_password("另一个够长的口令二二")
    assert clerk.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_there_is_no_superuser() -> None:
    fields = {field.name for field in Person._meta.get_fields()}
    assert fields.isdisjoint({"is_superuser", "is_staff", "user_permissions", "groups"})
    assert not hasattr(Person.objects, "create_superuser")
