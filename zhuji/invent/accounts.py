"""The invented people who can be chosen: one for each role, in believable places of the county."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhuji.invent.clock import opening
from zhuji.invent.layout import Place
from zhuji.invent.people import Person as Employee
from zhuji.invent.rows import rows
from zhuji.invent.world import World
from zhuji.orgs import accounts, actions, people
from zhuji.orgs.accounts import Newcomer
from zhuji.orgs.models import Person
from zhuji.orgs.rules import Seat

WHY = "虚构县"
LEAVE = timedelta(days=30)
SECURITY, DEPUTY = "security_administrator", "deputy"


@dataclass(frozen=True)
class Figure:
    """One to be: under this user name, in this role, at this place."""

    username: str
    role: str
    place: Place
    employee: Employee


def settle(world: World, *, now: datetime) -> int:
    """Make those who are not there yet, with their posts; how many that were."""
    figures = list(_figures(world))
    governor, made = _governor(world, next(f for f in figures if f.role == SECURITY), now)
    for figure in figures:
        if people.invented_named(figure.username) is None:
            accounts.add_person(_newcomer(figure), "", actor=governor, now=now)
            made += 1
    for figure in figures:
        _appointed(world, figure, governor, now)
    _on_leave(world, governor, now)
    return made


def _figures(world: World) -> Iterator[Figure]:
    """Nobody is named twice: whoever is taken for one role is not taken for another."""
    bureau, county = world.bureau, world.county
    office = iter(_working(world, bureau))
    for role in ("director", "auditor", "care_officer"):
        yield Figure(role, role, county, next(office))
    for role in ("officer", "researcher", "system_administrator", SECURITY, "audit_administrator"):
        yield Figure(role, role, bureau, next(office))
    pilot, other = _towns(world)
    yield Figure("town_officer", "town_officer", pilot, _working(world, pilot)[0])
    yield Figure("town_officer_2", "town_officer", other, _working(world, other)[0])
    for number, school in enumerate(_schools(world, pilot), 1):
        mark = "" if number == 1 else f"_{number}"
        staff = _working(world, school)
        head = next((one for one in staff if one.holds("head", world.clock.until)), staff[-1])
        yield Figure(f"principal{mark}", "principal", school, head)
        teacher = _head_teacher(world, school, head)
        if number == 1 and teacher is not None:
            yield Figure("teacher", "teacher", school, teacher)
        rest = [one for one in staff if one not in (head, teacher)]
        yield Figure(f"clerk{mark}", "clerk", school, rest[0])
        if number == 2:
            yield Figure(DEPUTY, "teacher", school, rest[1])


def _working(world: World, place: Place) -> list[Employee]:
    return [one for one in world.staff(place) if one.works_on(world.clock.until)]


def _towns(world: World) -> tuple[Place, Place]:
    """A town of the plan's pilot schools, and one that is not."""
    piloting = {place.town for place in world.pilots}
    pilot = next((town for town in world.towns if town.code in piloting), world.towns[0])
    rest = [town for town in world.towns if town.code not in piloting and not town.urban]
    return pilot, next(iter(rest or [town for town in world.towns if town is not pilot]), pilot)


def _schools(world: World, town: Place) -> list[Place]:
    """A primary school of the pilot town, and a good one in the city to compare with."""
    staffed = [place for place in world.schools if len(_working(world, place)) > 3]
    here = [place for place in staffed if place.town == town.code and "primary" in place.stages]
    first = (here or staffed)[0]
    others = [place for place in world.good if place in staffed and place is not first]
    return [first, *(others or [place for place in staffed if place is not first])[:1]]


def _head_teacher(world: World, school: Place, head: Employee) -> Employee | None:
    """Somebody who heads a class today, so that a teacher has pupils to see."""
    until = world.clock.until
    numbers = {
        str(row["head_teacher"])
        for row in rows(world, "classes")
        if row["org"] == school.code and row.get("head_teacher") and _holds(row, until)
    }
    staff = _working(world, school)
    return next((one for one in staff if one.no in numbers and one is not head), None)


def _holds(row: Mapping[str, object], day: date) -> bool:
    start, end = row.get("valid_from"), row.get("valid_to")
    return (not isinstance(start, date) or start <= day) and (
        not isinstance(end, date) or day < end
    )


def _governor(world: World, figure: Figure, now: datetime) -> tuple[Person, int]:
    """Whoever decides on people; in a new county the invented security administrator."""
    known = people.governor(world.clock.until)
    if known is not None:
        return known, 0
    return accounts.found(_newcomer(figure), "", _seat(world, figure), now=now), 1


def _appointed(world: World, figure: Figure, governor: Person, now: datetime) -> None:
    person = people.invented_named(figure.username)
    if person is None or person == governor or person.appointments.exists():
        return
    actions.appoint(figure.username, _seat(world, figure), actor=governor, now=now, why=WHY)


def _on_leave(world: World, governor: Person, now: datetime) -> None:
    """The head of the second school is away; a teacher of it stands in."""
    absent, deputy = people.invented_named("principal_2"), people.invented_named(DEPUTY)
    if absent is None or deputy is None or people.deputies(absent, world.clock.until):
        return
    post = people.held_by([absent], world.clock.until)[absent.pk][0].appointment
    until = world.clock.until + LEAVE
    actions.deputise(post.pk, DEPUTY, until, actor=governor, now=now, why="虚构的病假")


def _newcomer(figure: Figure) -> Newcomer:
    return Newcomer(figure.username, figure.employee.name, figure.employee.no, invented=True)


def _seat(world: World, figure: Figure) -> Seat:
    place = figure.place
    return Seat(figure.role, place.code, place.kind, opening(world.clock.first_year + 1))
