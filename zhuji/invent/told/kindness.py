"""Ledgers of how teachers are treated: the six yearly kindnesses, housing, pay and assessment."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random

from zhuji.invent.chance import below, day_in, weighted, workday, yes, yuan
from zhuji.invent.clock import DAY
from zhuji.invent.layout import Place
from zhuji.invent.people import Person
from zhuji.invent.told.kinds import SCHOOLS, Row, Teller
from zhuji.invent.world import World

# Month and day of each kindness in the school year, and how surely it reaches everybody.
_SIX = {
    "health_check": (10, 15, 1.0),
    "home_visit": (1, 5, 0.955),
    "training": (11, 12, 1.0),
    "festival": (9, 10, 1.0),
    "fitness": (4, 18, 1.0),
}


def teacher_care(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for year in world.clock.plan_years:
        for person in world.employed(place, date(year, 9, 10)):
            yield from _cared_for(world, place, person, year, rng)


def _cared_for(world: World, place: Place, person: Person, year: int, rng: Random) -> Iterator[Row]:
    row: Row = {"org": place.code, "staff_no": person.no, "evidence": None}
    for kind, (month, day, sure) in _SIX.items():
        on = date(year + (month < 9), month, day)
        likely = sure if place.pilot else sure * place.diligence
        if likely >= 1 or yes(rng, likely):
            yield {
                **row,
                "kind": kind,
                "given_on": on + DAY * below(rng, 6 if kind != "festival" else 1),
            }
    birthday = _birthday(person.born, year)
    if yes(rng, 1 if place.pilot else place.diligence) and birthday <= world.clock.until:
        yield {**row, "kind": "birthday", "given_on": birthday}


def _birthday(born: date, year: int) -> date:
    """The one that falls in the school year."""
    day = 28 if (born.month, born.day) == (2, 29) else born.day
    return date(year + (born.month < 9), born.month, day)


def _wanting(world: World, place: Place) -> list[Person]:
    day = date(2021, 9, 1)
    return [
        person
        for person in world.employed(place, day)
        if person.born.year > 1985 and person.luck < 0.5 and person.left is None
    ]


def _housed(world: World, place: Place, wanting: int) -> int:
    if place.pilot:
        return wanting - world.slips(place, "housing")
    return round(wanting * 0.75)


def housing(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """A unit for four in five who asked; the older ones were renovated under the plan."""
    if place.kind != "school" or place.urban:
        return
    wanting = _wanting(world, place)
    units = _housed(world, place, len(wanting))
    for number in range(units + 1):
        occupant = wanting[number].no if number < units else None
        since = date(2022 if place.pilot else 2018, 9, 1) if yes(rng, 0.4) else date(2014, 9, 1)
        yield {
            "org": place.code,
            "unit_no": f"{1 + number // 12}-{101 + number % 12}",
            "staff_no": occupant,
            "to_standard": place.pilot or yes(rng, 0.8),
            "valid_from": since,
            "valid_to": None,
        }


def housing_needs(world: World, place: Place, rng: Random) -> Iterator[Row]:
    if place.kind != "school" or place.urban:
        return
    wanting = _wanting(world, place)
    units = _housed(world, place, len(wanting))
    for number, person in enumerate(wanting):
        yield {
            "org": place.code,
            "staff_no": person.no,
            "reason": weighted(rng, {"rural": 0.6, "single": 0.3, "rotating": 0.1}),
            "housed": number < units,
            "valid_from": max(date(2021, 9, 1), person.hired),
            "valid_to": None,
        }


_RESULTS = {"excellent": 0.25, "good": 0.5, "pass": 0.25}


def assessments(world: World, place: Place, rng: Random) -> Iterator[Row]:
    kinds = (
        ("secretary", "secretary_report", 12, 20, "书记评议"),
        ("cio", "cio", 6, 8, "信息化考核"),
        ("head", "head_rank", 7, 1, "校长职级"),
    )
    for year in world.clock.plan_years:
        for role, kind, month, day, use in kinds:
            on = date(year + (month < 9), month, day)
            for person in world.staff(place):
                if person.holds(role, on) and yes(rng, 1.0 if kind == "head_rank" else 0.97):
                    yield {
                        "org": place.code,
                        "staff_no": person.no,
                        "kind": kind,
                        "held_on": workday(rng, on, on + DAY * 9),
                        "result": weighted(rng, _RESULTS),
                        "used_for": use,
                    }


def entitlements(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Average pay is the average of one person and one year; allowances are the school's sums."""
    if place is world.bureau:
        yield from _averages(world)
        return
    if place.ownership != "public":
        return
    for year in range(2020, world.clock.until.year):
        day = date(year, 12, 31)
        teachers = len(world.teachers(place, day))
        classes = world.classes_of(place, year)
        rural = [("rural_allowance", teachers * 300 * 12, teachers)] if not place.urban else []
        for kind, due, persons in (*rural, ("class_teacher", classes * 400 * 10, classes)):
            short = not place.pilot and yes(rng, 0.06)
            yield _due(place.code, kind, day, due, due * 0.93 if short else due, persons)


def _averages(world: World) -> Iterator[Row]:
    for year in range(2019, world.clock.until.year):
        day = date(year, 12, 31)
        passed = year - 2019
        civil = 84_000 + 3_100 * passed
        for kind, due in (
            ("civil_pay", civil),
            ("average_pay", civil + (-900 + 700 * passed)),
            ("contract_pay", 0.72 * civil + 900 * passed),
        ):
            yield _due(world.county.code, kind, day, due, due, 1)


def _due(org: str, kind: str, day: date, due: float, paid: float, persons: int) -> Row:
    return {
        "org": org,
        "kind": kind,
        "counted_on": day,
        "due": yuan(due),
        "paid": yuan(paid),
        "persons": persons,
    }


def pay_pools(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Four parts and their sum; at one school, in one year, the sum does not come out."""
    if place.ownership != "public" or place.kind == "teaching_point":
        return
    for year in range(2021, world.clock.until.year + 1):
        staff = len(world.employed(place, date(year - 1, 12, 1)))
        classes = world.classes_of(place, year - 1)
        parts = {
            "december": yuan(staff * (5_200 + 300 * rng.random()), 100),
            "class_management": yuan(classes * 4_800, 100),
            "after_school": yuan(classes * 3_600 * (0.8 + 0.4 * rng.random()), 100),
            "increment": yuan(staff * 1_900, 100),
        }
        total = sum(parts.values(), Decimal(0))
        wrong = place.pilot and place.code.endswith("103") and year == 2022
        yield {
            "org": place.code,
            "valid_from": date(year, 1, 1),
            "valid_to": date(year + 1, 1, 1),
            **parts,
            "total": total - 3_600 if wrong else total,
            "split_by_school": place.pilot or yes(rng, 0.7),
        }


def votes(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """The pay scheme: most pass clearly, one at the line, one at the second try."""
    if place.ownership != "public" or place.kind == "teaching_point":
        return
    eligible = len(world.employed(place, date(2021, 12, 1)))
    if eligible < 5:
        return
    first = workday(rng, date(2021, 12, 6), date(2022, 1, 10))
    share = 0.88 + 0.1 * rng.random()
    least = -(-eligible * 85 // 100)
    yes_votes = max(least, round(eligible * share))
    if place.pilot and place.code.endswith("102"):
        yes_votes = least  # exactly enough
    if place.pilot and place.code.endswith("103"):
        yield _vote(place, 1, first, eligible, least - 1, in_force=None)
        first = first + DAY * 21
    elif not place.pilot and yes(rng, 0.08):
        yield _vote(place, 1, first, eligible, round(eligible * 0.81), in_force=None)
        return
    yield _vote(place, 2, first, eligible, min(eligible, yes_votes), in_force=first + DAY * 10)
    if yes(rng, 0.6):
        charter = day_in(rng, date(2021, 10, 10), date(2021, 11, 30))
        votes = round(eligible * (0.9 + 0.09 * rng.random()))
        row = _vote(place, 3, charter, eligible, votes, in_force=charter + DAY * 15)
        yield {**row, "subject": "charter"}


def _vote(
    place: Place, number: int, day: date, eligible: int, agreed: int, *, in_force: date | None
) -> Row:
    against = min(eligible - agreed, 1 + (eligible - agreed) // 2)
    return {
        "org": place.code,
        "vote_no": f"BJ{day.year}{place.index:03d}{number}",
        "subject": "pay_scheme",
        "held_on": day,
        "eligible": eligible,
        "yes": agreed,
        "no": against,
        "abstain": eligible - agreed - against,
        "in_force_on": in_force,
    }


TELLERS = {
    "teacher_care": Teller(teacher_care, SCHOOLS),
    "housing": Teller(housing, SCHOOLS),
    "housing_needs": Teller(housing_needs, SCHOOLS),
    "assessments": Teller(assessments, SCHOOLS),
    "entitlements": Teller(entitlements, ("bureau", *SCHOOLS)),
    "pay_pools": Teller(pay_pools, SCHOOLS),
    "votes": Teller(votes, SCHOOLS),
}
