"""Who there is, for the security administrator and for oneself: accounts, posts, locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from zhuji.orgs import attempts, queries, rules
from zhuji.orgs.attempts import SECOND_FACTOR, SIGN_IN
from zhuji.orgs.models import Appointment, Person
from zhuji.orgs.roles import ROLES_BY_KEY, SECURITY_ADMINISTRATOR, Role


@dataclass(frozen=True)
class Post:
    """An appointment with its role; `is_held` today."""

    appointment: Appointment
    role: Role
    is_held: bool


def found(said: str, *, actor: Person, now: datetime) -> QuerySet[Person]:
    """By user name, name or staff number; only who governs accounts may look."""
    rules.must_govern(actor, now)
    people = Person.objects.order_by("username")
    if not said:
        return people
    return people.filter(
        Q(username__icontains=said) | Q(name__contains=said) | Q(staff_no=said.upper())
    )


def one(username: str, *, actor: Person, now: datetime) -> Person:
    rules.must_govern(actor, now)
    return rules.person_named(username)


def posts(person: Person, today: date) -> list[Post]:
    """All that were ever held, those of today first."""
    held = set(queries.in_force(person, today).values_list("pk", flat=True))
    rows = person.appointments.select_related("deputy_for__person").order_by("-valid_from", "-pk")
    made = [Post(row, ROLES_BY_KEY[row.role], row.pk in held) for row in rows]
    return sorted(made, key=lambda post: not post.is_held)


def held_by(persons: Sequence[Person], today: date) -> dict[int, list[Post]]:
    """Those in force today, by the number of their person; one query for a page of people."""
    found: dict[int, list[Post]] = {person.pk: [] for person in persons}
    for row in queries.in_force_of(persons, today).select_related("deputy_for__person"):
        found[row.person_id].append(Post(row, ROLES_BY_KEY[row.role], True))
    return found


def deputies(person: Person, today: date) -> Sequence[Appointment]:
    """Who stands in for this person now or later."""
    rows = Appointment.objects.filter(deputy_for__person=person, valid_to__gt=today)
    return list(rows.select_related("person", "deputy_for").order_by("valid_from"))


def locked_for(person: Person, now: datetime) -> int:
    """Seconds until another attempt is looked at."""
    kinds = (SIGN_IN, SECOND_FACTOR)
    return max(attempts.waits(kind, person.username, now) for kind in kinds)


def governor(today: date) -> Person | None:
    """The first security administrator in force, if there is one."""
    rows = Appointment.objects.filter(role=SECURITY_ADMINISTRATOR.key).select_related("person")
    people = (row.person for row in rows.order_by("pk"))
    return next((one for one in people if queries.in_force(one, today).exists()), None)


def invented() -> Sequence[Person]:
    """Those who came with an invented county, in the order they were made."""
    return list(Person.objects.filter(invented=True, is_active=True).order_by("pk"))


def invented_named(username: str) -> Person | None:
    return Person.objects.filter(invented=True, is_active=True, username=username).first()
