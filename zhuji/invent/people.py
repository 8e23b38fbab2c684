"""Staff: who came when with what degree, what they became, and who followed them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from zhuji.invent.chance import about, below, day_in, fixed, weighted, yes
from zhuji.invent.clock import opening
from zhuji.invent.names import person as named
from zhuji.invent.numbers import identity
from zhuji.invent.posts import THIN, quota, teachers_needed

if TYPE_CHECKING:
    from zhuji.invent.layout import Place
    from zhuji.invent.world import World

RANK = {"below": 1, "secondary": 2, "college": 3, "bachelor": 4, "master": 5, "doctor": 6}
_CERTIFICATES = {"kindergarten": "kindergarten", "primary": "primary", "junior": "junior"}


class Post(NamedTuple):
    org: str
    stage: str
    role: str
    teaches: bool
    subject: str | None
    start: date
    end: date | None
    by_contest: bool = False


@dataclass(slots=True)
class Person:
    no: str
    home: Place
    name: str
    sex: str
    born: date
    id_number: str
    hired: date
    employment: str
    politics: str
    stage: str
    subject: str | None
    luck: float  # the rest of what becomes of them
    left: date | None = None
    degrees: list[tuple[str, date]] = field(default_factory=list)
    certified: date | None = None
    posts: list[Post] = field(default_factory=list)

    def works_on(self, day: date) -> bool:
        return self.hired <= day and (self.left is None or day < self.left)

    def teaches_on(self, day: date, stage: str | None = None) -> bool:
        return any(
            post.teaches
            and stage in (None, post.stage)
            and post.start <= day
            and (post.end is None or day < post.end)
            for post in self.posts
        )

    def holds(self, role: str, day: date) -> bool:
        return any(
            post.role == role and post.start <= day and (post.end is None or day < post.end)
            for post in self.posts
        )

    def degree_on(self, day: date) -> str:
        gained = [degree for degree, on in self.degrees if on <= day]
        return max(gained, key=RANK.__getitem__, default="below")


@dataclass
class _Office:
    """The people of one school while they are being made up."""

    world: World
    place: Place
    rng: Random
    people: list[Person] = field(default_factory=list)

    def hire(self, stage: str, subject: str | None, hired: date, born: date) -> Person:
        rng, place = self.rng, self.place
        serial = len(self.people)
        female = 0.97 if stage == "kindergarten" else 0.68 if stage == "primary" else 0.58
        sex = "female" if yes(rng, female) else "male"
        region = f"{self.world.county_no % 100:02d}{place.index % 100:02d}"
        person = Person(
            no=f"S{self.world.county_no or ''}{place.index:03d}{serial:03d}",
            home=place,
            name=named(rng, sex),
            sex=sex,
            born=born,
            id_number=identity(region, born, (serial * 2 + (sex == "male")) % 1000),
            hired=hired,
            employment=_employment(rng, place, stage, hired),
            politics=_politics(rng, place, born),
            stage=stage,
            subject=subject,
            luck=rng.random(),
        )
        person.degrees.extend(_degrees(rng, place, person))
        person.certified = _certificate(rng, place, person)
        self.people.append(person)
        return person


def staff_of(world: World, place: Place) -> tuple[Person, ...]:
    """Everybody who has worked at a place since the baseline, in the order they were taken on."""
    office = _Office(world, place, world.stream("staff", place.code))
    if place.kind == "office":
        _bureau(office)
    elif place.kind == "town":
        _town_office(office)
    elif place.teaches:
        for stage in place.stages:
            _teachers(office, stage)
        _leaders(office)
        _support(office)
    return tuple(office.people)


def quotas_of(world: World, place: Place) -> dict[tuple[str, str], int]:
    """(stage, subject) -> teachers required, from the enrolment of the first plan year."""
    year = world.clock.first_year + 1
    found = {}
    for stage in place.stages:
        pupils = world.pupils(place, year, stage)
        classes = sum(
            number
            for (each, _), number in world.classes.get((place.code, year), {}).items()
            if each == stage
        )
        for subject, number in quota(stage, teachers_needed(stage, pupils, classes)).items():
            found[stage, subject] = number
    return found


def _teachers(office: _Office, stage: str) -> None:
    for (of, subject), number in quotas_of(office.world, office.place).items():
        if of == stage:
            for slot in range(number):
                _fill(office, stage, subject, slot)


def _fill(office: _Office, stage: str, subject: str, slot: int) -> None:
    """One post through the years: empty or held, left, and held by the next."""
    rng, clock = office.rng, office.world.clock
    first = date(2016, 9, 1)  # before the oldest training that still counts
    until: date | None = None
    held = not (slot == 0 and subject in THIN and yes(rng, _empty(office.place)))
    if held:
        until = _serve(office, stage, subject, _veteran(rng, office.place, first), first)
        if until is None:
            return
    start = opening(clock.first_year + 1) if until is None else opening(until.year)
    never = not held and fixed(clock.until.year, office.place.code, subject) < 0.25
    if never and not (office.place.pilot and subject != "it"):
        return
    while start <= clock.until:
        late = 1 if yes(rng, 0.05 if office.place.pilot else 0.25) else 0
        start = opening(start.year + late)
        if start > clock.until:
            return
        born = day_in(rng, date(start.year - 26, 1, 1), date(start.year - 22, 6, 1))
        until = _serve(office, stage, subject, (start, born), start)
        if until is None:
            return
        start = opening(until.year)


def _empty(place: Place) -> float:
    return 0.05 if place.urban else 0.2 if place.seat else 0.3


def _veteran(rng: Random, place: Place, first: date) -> tuple[date, date]:
    age = round(about(rng, 38 if place.urban else 42, 8.5, 23, 57))
    born = day_in(rng, date(first.year - age, 1, 1), date(first.year - age, 12, 31))
    return opening(min(first.year, born.year + 22 + below(rng, 3))), born


def _serve(
    office: _Office, stage: str, subject: str, came: tuple[date, date], start: date
) -> date | None:
    """Take somebody on for a post; the day they left it, when they have."""
    rng, clock = office.rng, office.world.clock
    hired, born = came
    person = office.hire(stage, subject, hired, born)
    leaves: date | None = None
    quits = 0.012 if office.place.urban else 0.02 if office.place.pilot else 0.035
    for year in range(max(start.year + 1, clock.first_year), clock.until.year + 1):
        retires = year - born.year >= (55 if person.sex == "female" else 60)
        if retires or yes(rng, quits):
            leaves = date(year, 8, 20)
            break
    if leaves is not None and leaves > clock.until:
        leaves = None
    person.left = leaves
    person.posts.append(
        Post(office.place.code, stage, "teacher", True, subject, max(start, hired), leaves)
    )
    return leaves


def _employment(rng: Random, place: Place, stage: str, hired: date) -> str:
    if place.ownership in ("private", "inclusive"):
        return "contract"
    if stage == "kindergarten":
        return weighted(rng, {"established": 0.35, "filed": 0.35, "contract": 0.3})
    return "filed" if hired.year >= 2017 and yes(rng, 0.15) else "established"


def _politics(rng: Random, place: Place, born: date) -> str:
    if born.year > 1995 and yes(rng, 0.5):
        return "league"
    party = 0.34 if place.urban else 0.26
    return weighted(rng, {"party_member": party, "probationary": 0.01, "other": 1 - party})


def _degrees(rng: Random, place: Place, person: Person) -> Iterator[tuple[str, date]]:
    """What one was hired with, and for some the degree gained in service."""
    first = weighted(rng, _at_hiring(person.hired.year, person.stage, place))
    graduated = date(person.hired.year, 6, 30)
    yield first, graduated
    aims = {"secondary": "college", "college": "bachelor"}
    level, year = first, person.hired.year
    eager = 0.8 if place.urban else 0.72
    while level in aims and yes(rng, eager):
        level, year = aims[level], year + 3 + below(rng, 9)
        if place.pilot and year > 2021:
            year = 2022  # the plan pays for it
        yield level, date(year, 6, 30)
        eager -= 0.2


def _at_hiring(year: int, stage: str, place: Place) -> dict[str, float]:
    if stage == "kindergarten":
        early = {"secondary": 0.5, "college": 0.47, "bachelor": 0.03}
        return early if year < 2012 else {"secondary": 0.08, "college": 0.7, "bachelor": 0.22}
    if year < 1998:
        return {"secondary": 0.6, "college": 0.37, "bachelor": 0.03}
    if year < 2008:
        return {"secondary": 0.06, "college": 0.54, "bachelor": 0.4}
    master = 0.08 if place.urban else 0.02
    return {"college": 0.07 if year < 2019 else 0.02, "bachelor": 0.9, "master": master}


def _certificate(rng: Random, place: Place, person: Person) -> date | None:
    lacks = 0.12 if place.ownership in ("private", "inclusive") else 0.004
    if not place.pilot and yes(rng, lacks):
        return None
    return date(person.hired.year, 7, 1 + below(rng, 20))


def _leaders(office: _Office) -> None:
    """A head, and in larger schools a secretary and deputies; pilots got a strong head in 2021."""
    place, rng = office.place, office.rng
    stage = place.stages[-1]
    if place.kind == "teaching_point":
        return
    born = day_in(rng, date(1965, 1, 1), date(1980, 1, 1))
    head = office.hire(stage, None, date(born.year + 23, 9, 1), born)
    came = date(2012 + below(rng, 8), 8, 20)
    changed = date(2021, 8, 20) if place.pilot and place.seat else None
    head.posts.append(Post(place.code, stage, "head", False, None, came, changed))
    if changed is not None:
        head.posts.append(Post(place.code, stage, "secretary", False, None, changed, None))
        _strong_head(office, stage, changed)
    elif stage != "kindergarten":
        head.posts.append(Post(place.code, stage, "secretary", False, None, came, None))
    pupils = office.world.pupils(place, office.world.clock.first_year + 1)
    for number in range(min(3, pupils // 500)):
        born = day_in(rng, date(1970, 1, 1), date(1986, 1, 1))
        deputy = office.hire(stage, None, date(born.year + 23, 9, 1), born)
        start = date(2014 + below(rng, 6) + number % 2, 8, 20)
        deputy.posts.append(Post(place.code, stage, "deputy", False, None, start, None))
    _duties_besides(office)


def _strong_head(office: _Office, stage: str, since: date) -> None:
    """Somebody who led in the city before."""
    rng = office.rng
    born = day_in(rng, date(1972, 1, 1), date(1982, 1, 1))
    person = office.hire(stage, None, date(born.year + 23, 9, 1), born)
    before = office.world.good[0]
    person.posts.append(
        Post(before.code, before.stages[-1], "deputy", False, None, date(2016, 8, 20), since)
    )
    person.posts.append(Post(office.place.code, stage, "head", False, None, since, None, True))


def _duties_besides(office: _Office) -> None:
    """Middle leaders, CIO, counsellor and resource teacher are teachers with one more post."""
    place, clock = office.place, office.world.clock
    lasting = [
        person
        for person in office.people
        if person.left is None and person.posts and person.posts[0].teaches
    ]
    lasting.sort(key=lambda person: person.luck)
    roles = ["middle"] * max(1, len(lasting) // 9)
    if place.kind == "school":
        roles += ["cio", "counsellor"] if len(lasting) > 12 else ["counsellor"]
        if office.world.size.key != "tiny" and _takes_disabled(office):
            roles.append("resource_teacher")
    for person, role in zip(lasting, roles, strict=False):
        since = max(
            person.posts[0].start, date(2021, 9, 1) if role != "middle" else date(2019, 9, 1)
        )
        if since <= clock.until:
            contest = role == "middle" and place.pilot
            person.posts.append(
                Post(place.code, person.stage, role, False, None, since, None, contest)
            )


def _takes_disabled(office: _Office) -> bool:
    roll = office.world.roll(office.place, office.world.clock.first_year + 1)
    disabled = sum("disabled" in spell.life.categories for spell in roll)
    return disabled >= 5 and fixed(office.place.code, "resource teacher") < 0.85


def _support(office: _Office) -> None:
    place, rng = office.place, office.rng
    year = office.world.clock.first_year + 1
    nurses = office.world.classes_of(place, year) if place.kind == "kindergarten" else 0
    workers = office.world.pupils(place, year) // 220
    for role, number in (("nurse", nurses), ("worker", workers)):
        for _ in range(number):
            hired, born = _veteran(rng, place, date(2019, 9, 1))
            person = office.hire(place.stages[0], None, hired, born)
            person.certified = None
            person.posts.append(Post(place.code, place.stages[0], role, False, None, hired, None))


def _bureau(office: _Office) -> None:
    """Researchers by subject and stage, and the officers."""
    subjects = ("chinese", "maths", "english", "pe", "morality", "science", "music", "art", "it")
    pairs = [("primary", subject) for subject in subjects]
    pairs += [("junior", subject) for subject in (*subjects[:5], "physics", "chemistry", "history")]
    pairs += [("kindergarten", "preschool")] * 2
    first = office.world.bureau is office.place
    for stage, subject in pairs if first else ():
        hired, born = _veteran(office.rng, office.place, date(2015, 9, 1))
        person = office.hire(stage, subject, hired, born)
        start = max(hired, date(2016, 9, 1))
        person.posts.append(
            Post(office.place.code, stage, "researcher", False, subject, start, None)
        )
    _officers(office, 12 if first else 4)
    for _ in range(4 if first else 0):  # of the city's institute: they hold no post here
        hired, born = _veteran(office.rng, office.place, date(2014, 9, 1))
        office.hire("primary", None, hired, born).employment = "contract"


def _town_office(office: _Office) -> None:
    _officers(office, 3)


def _officers(office: _Office, number: int) -> None:
    for _ in range(number):
        hired, born = _veteran(office.rng, office.place, date(2016, 9, 1))
        person = office.hire("primary", None, hired, born)
        person.employment = "established"
        person.posts.append(Post(office.place.code, "primary", "middle", False, None, hired, None))
