"""Ledgers of attendance and care: absences, dropout prevention, after-school, screening, visits."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from zhuji.invent.chance import (
    at_random,
    below,
    count_near,
    day_in,
    fixed,
    one_of,
    weighted,
    workday,
    yes,
)
from zhuji.invent.clock import DAY, term_end, term_start
from zhuji.invent.layout import Place
from zhuji.invent.lives import Spell
from zhuji.invent.told.kinds import COMPULSORY, SCHOOLS, Row, Teller
from zhuji.invent.world import World

# Winter coughs and the last hot weeks: how often a child is away in each month, per hundred.
_SEASON = {9: 1.3, 10: 1.6, 11: 2.8, 12: 3.9, 1: 2.2, 2: 0.8, 3: 2.6, 4: 1.9, 5: 1.7, 6: 2.0}
_REASONS = {
    "ill": 80.0,
    "family": 11,
    "weary": 3,
    "unknown": 2,
    "work": 0.4,
    "poverty": 0.3,
    "other": 3,
}


def absences(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for year in world.clock.plan_years:
        roll = [s for s in world.roll(place, year) if s.stage != "kindergarten"]
        seen: set[tuple[str, date]] = set()
        for month, likely in _SEASON.items():
            mean = len(roll) * likely / 100 * 1.1 * (1.15 if not place.urban else 1)
            first = date(year + (month < 9), month, 1 if month != 2 else 21)
            for _ in range(at_random(rng, min(mean, 600))):
                spell, day = one_of(rng, roll), workday(rng, first, first + DAY * 26)
                if _at_school(spell, day) and (spell.life.no, day) not in seen:
                    seen.add((spell.life.no, day))
                    yield _absence(world, place, spell, day, rng)


def _at_school(spell: Spell, day: date) -> bool:
    return spell.start <= day and (spell.end is None or day < spell.end)


def _absence(world: World, place: Place, spell: Spell, day: date, rng: Random) -> Row:
    reason = weighted(rng, _REASONS)
    days = 1 + min(24, int(rng.expovariate(0.62 if reason == "ill" else 0.8)))
    back = day + timedelta(days=days + 2 * (days // 5))
    sure = world.sure(place, "contact") if place.pilot else 0.97
    slow = 1 if yes(rng, 0.04) else 0
    return {
        "org": place.code,
        "pupil_no": spell.life.no,
        "stage": spell.stage,
        "absent_from": day,
        "days": days,
        "reason": reason,
        "contacted_on": day + DAY * slow if yes(rng, sure) else None,
        "returned_on": back if back <= world.clock.until else None,
    }


def dropout_cases(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """A case for each who left, and for some who only stayed away long."""
    serial = 0
    for year in world.clock.years:
        for spell in world.roll(place, year):
            suspected = spell.stage == "junior" and fixed("suspected", spell.life.no, year) < 0.0012
            if spell.left != "dropout" and not suspected:
                continue
            serial += 1
            yield _case(world, place, spell, f"KC{year}{place.index:03d}{serial:02d}", rng)


def _case(world: World, place: Place, spell: Spell, case_no: str, rng: Random) -> Row:
    opened = spell.end if spell.left == "dropout" else None
    opened = opened or day_in(rng, term_start(spell.year, 1), term_end(spell.year, 2))
    spells = spell.life.spells
    back = next((s.start for s in spells if s.entered == "return" and s.start > opened), None)
    if spell.left != "dropout":
        back = opened + DAY * (4 + below(rng, 20))
    returned = back if back is not None and back <= world.clock.until else None
    closed = returned + DAY * (30 + below(rng, 60)) if returned else None
    ended = closed is not None and closed <= world.clock.until
    open_status = "returned" if returned else "dropped" if spell.left == "dropout" else "suspected"
    officers = [each for each in world.staff(place) if each.holds("middle", opened)]
    return {
        "org": place.code,
        "pupil_no": spell.life.no,
        "case_no": case_no,
        "stage": spell.stage,
        "status": "closed" if ended else open_status,
        "reason": weighted(
            rng, {"weary": 6, "health": 2, "work": 1.5, "other": 0.8, "poverty": 0.2}
        ),
        "opened_on": opened,
        "persuaded_on": opened + DAY * below(rng, 3 if place.pilot else 7),
        "persuasions": 1 + below(rng, 4),
        "reported_on": opened + DAY * (2 + below(rng, 4)),
        "returned_on": returned,
        "closed_on": closed if ended else None,
        "officer": one_of(rng, officers).no if officers else None,
    }


def dropout_reports(world: World, place: Place, rng: Random) -> Iterator[Row]:
    if place is world.bureau:
        yield from _rechecks(world, rng)
        return
    cases = [
        (spell.end, spell)
        for year in world.clock.plan_years
        for spell in world.roll(place, year)
        if spell.left == "dropout" and spell.end is not None
    ]
    for year in world.clock.plan_years:
        for month in (9, 10, 11, 12, *range(1, 9)):
            day = workday(
                rng, date(year + (month < 9), month, 24), date(year + (month < 9), month, 28)
            )
            slow = 0.03 if world.slips(place, "monthly report") else 0.0
            if yes(rng, slow if place.pilot else slow * 3):
                continue
            now = sum(end <= day < end + DAY * 30 for end, _ in cases)
            yield _report(place.code, "school_month", day, now + int(yes(rng, 0.02)), now)


def _rechecks(world: World, rng: Random) -> Iterator[Row]:
    for year in range(2021, world.clock.until.year + 1):
        for month in (3, 6, 9, 12):
            day = workday(rng, date(year, month, 20), date(year, month, 28))
            yield _report(world.county.code, "county_recheck", day, below(rng, 4), below(rng, 2))
        for month in (3, 9):
            yield _report(
                world.county.code, "opening_visit", date(year, month, 6), below(rng, 3), 0
            )


def _report(org: str, kind: str, day: date, suspected: int, dropped: int) -> Row:
    return {
        "org": org,
        "kind": kind,
        "reported_on": day,
        "suspected": suspected,
        "dropped": dropped,
    }


def after_school(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for year in world.clock.plan_years:
        for term in (1, 2):
            day = term_start(year, term) + DAY * 14
            for stage in place.stages:
                present = len(world.present(place, day, stage))
                wanting = count_near(rng, present, 0.9 if place.urban else 0.82)
                missed = (
                    0 if world.sure(place, "after school") >= 1 else count_near(rng, wanting, 0.02)
                )
                yield {
                    "org": place.code,
                    "stage": stage,
                    "counted_on": day,
                    "wanting": wanting,
                    "served": wanting - missed,
                }


def screenings(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Numbers only; fewer are troubled each year where somebody looks after them."""
    for year in world.clock.years:
        day = workday(rng, date(year, 11, 3), date(year, 11, 20))
        for stage in place.stages:
            due = sum(spell.grade >= 4 for spell in world.present(place, day, stage))
            if not due:
                continue
            seen = count_near(rng, due, 0.985 if not world.slips(place, "screening") else 0.93)
            gain = (0.012 if place.pilot else 0.002) * (year - world.clock.first_year)
            flagged = count_near(rng, seen, 0.062 - 0.008 * place.quality - gain)
            helped = flagged - (flagged > 4 and world.slips(place, "intervention"))
            healthy = count_near(rng, seen - flagged, 0.975 + gain / 2)
            yield {
                "org": place.code,
                "stage": stage,
                "screened_on": day,
                "due": due,
                "screened": seen,
                "flagged": flagged,
                "helped": helped,
                "healthy": healthy,
            }


def home_visits(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Two rounds a school year; the class teacher sees most families, some by screen."""
    for year in world.clock.plan_years:
        mentors = world.teachers(place, date(year, 10, 8))
        if not mentors:
            continue
        for month, span in ((10, 45), (4, 45)):
            first = date(year + (month < 9), month, 8)
            missed = 1 - world.sure(place, "home visits") if place.pilot else 0.05
            for spell in world.roll(place, year):
                day = first + DAY * below(rng, span)
                if yes(rng, missed) or not _at_school(spell, day):
                    continue
                yield {
                    "org": place.code,
                    "pupil_no": spell.life.no,
                    "staff_no": mentors[(spell.grade * 7 + spell.class_no) % len(mentors)].no,
                    "visited_on": day,
                    "way": "screen" if yes(rng, 0.3 if place.urban else 0.2) else "in_person",
                    "whole_area": True,
                    "needs_help": bool(spell.life.categories) and yes(rng, 0.5),
                }


TELLERS = {
    "absences": Teller(absences, COMPULSORY),
    "dropout_cases": Teller(dropout_cases, COMPULSORY),
    "dropout_reports": Teller(dropout_reports, ("bureau", *COMPULSORY)),
    "after_school": Teller(after_school, COMPULSORY),
    "screenings": Teller(screenings, COMPULSORY),
    "home_visits": Teller(home_visits, SCHOOLS),
}
