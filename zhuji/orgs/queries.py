"""Which posts are in force, and what a reader made of them can see."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Protocol

from django.db.models import Q, QuerySet

from zhuji.orgs.models import Appointment, Charge, MaintenanceSession, Person
from zhuji.orgs.roles import MAINTENANCE, MINORS, Reach, Role, Verb, role
from zhuji.orgs.scope import ClassKey, Grant, Reader, Tree


class PupilsOf(Protocol):
    """Pupils of the classes that a member of staff heads at an org, and of these classes."""

    def __call__(
        self, staff_no: str, org: str, classes: Iterable[ClassKey], today: date
    ) -> frozenset[str]: ...


def in_force(person: Person, today: date) -> QuerySet[Appointment]:
    """Posts held today. A deputy's ends with the post it stands in for, whatever is written."""
    return in_force_of([person], today)


def in_force_of(persons: Iterable[Person], today: date) -> QuerySet[Appointment]:
    """The same for several people; whoever is suspended holds nothing."""
    active = [person for person in persons if person.is_active]
    if not active:
        return Appointment.objects.none()
    return _all_in_force(today).filter(person__in=active).order_by("pk")


def in_roles(keys: Iterable[str], today: date) -> QuerySet[Appointment]:
    """Everybody's posts of these roles in force, each with its person."""
    held = _all_in_force(today).filter(role__in=list(keys), person__is_active=True)
    return held.select_related("person").order_by("pk")


def _all_in_force(today: date) -> QuerySet[Appointment]:
    return Appointment.objects.filter(
        _holds(today) & (Q(deputy_for=None) | _holds(today, "deputy_for__"))
    )


def _holds(today: date, prefix: str = "") -> Q:
    still = Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": today})
    return Q(**{f"{prefix}valid_from__lte": today}) & still


def open_session(person: Person, now: datetime) -> MaintenanceSession | None:
    return (
        MaintenanceSession.objects.filter(
            appointment__person=person, started_at__lte=now, ends_at__gt=now
        )
        .select_related("appointment")
        .first()
    )


def reader(
    person: Person, tree: Tree, pupils_of: PupilsOf, *, now: datetime, today: date
) -> Reader:
    """What the person can see at this moment. Cheap enough to be made for every request."""
    posts = list(in_force(person, today).select_related("person", "deputy_for__person"))
    grants = [_grant(post, tree, pupils_of, today) for post in posts]
    return Reader(person.username, today, (*grants, *_maintained(person, posts, tree, now)))


def _grant(post: Appointment, tree: Tree, pupils_of: PupilsOf, today: date) -> Grant:
    held = role(post.role)
    original = post.deputy_for or post
    pupils = frozenset[str]()
    if _teaches(held):
        classes = _classes(original, today)
        pupils = pupils_of(original.person.staff_no, post.org, classes, today)
    return Grant(
        held,
        post.org,
        tree.reach(post.org),
        pupils,
        post.person.staff_no,
        original.person.username if post.deputy_for else "",
    )


def _teaches(held: Role) -> bool:
    windows = held.windows.items()
    return any(subject in MINORS and window.reach is Reach.OWN for subject, window in windows)


def _classes(post: Appointment, today: date) -> list[ClassKey]:
    charges = Charge.objects.filter(_holds(today), appointment=post)
    return [ClassKey(post.org, one.stage, one.grade, one.class_no) for one in charges]


def _maintained(
    person: Person, posts: Iterable[Appointment], tree: Tree, now: datetime
) -> Iterator[Grant]:
    posts = [post for post in posts if Verb.MAINTAIN in role(post.role).verbs]
    session = open_session(person, now) if posts else None
    if session is not None and session.appointment in posts:
        at = session.appointment.org
        yield Grant(MAINTENANCE, f"{at}#{session.pk}", tree.reach(at))
