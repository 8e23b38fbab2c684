"""Ledgers of pupils: who they are, where they are enrolled, which care they need and get."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from zhuji.invent import names
from zhuji.invent.chance import below, fixed, one_of, yes
from zhuji.invent.clock import opening
from zhuji.invent.layout import Place
from zhuji.invent.lives import Life, Spell, stage_of
from zhuji.invent.numbers import phone, stirred
from zhuji.invent.people import Person
from zhuji.invent.told.kinds import SCHOOLS, TOWNS, Row, Teller
from zhuji.invent.world import World


def record_holder(life: Life) -> Place:
    return life.spells[-1].school


def name_of(world: World, life: Life) -> str:
    return names.turned(stirred(world.seed, "name", life.no), "male" if life.male else "female")


def pupils(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Under the school that holds the record now; the town of registration is asked."""
    for life in world.lives[place.code]:
        number = stirred(world.seed, "guardian", life.no)
        name = name_of(world, life)
        home = "小区" if place.urban else "村"
        village = names.VILLAGES[number % len(names.VILLAGES)]
        yield {
            "org": record_holder(life).code,
            "pupil_no": life.no,
            "name": name,
            "sex": "male" if life.male else "female",
            "born_on": life.born,
            "id_number": life.no[1:],
            "hukou_town": place.code,
            "hukou_rural": life.rural,
            "guardian": names.guardian(number, name),
            "guardian_phone": phone(number),
            "address": f"{place.name}{village}{home}{number % 190 + 1}号",
        }


def enrolments(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for year in world.clock.years:
        for spell in world.roll(place, year):
            yield {
                "org": place.code,
                "pupil_no": spell.life.no,
                "stage": spell.stage,
                "grade": spell.grade,
                "class_no": spell.class_no,
                "boarder": spell.boarder,
                "valid_from": spell.start,
                "valid_to": spell.end,
                "entered_by": spell.entered,
                "left_by": spell.left,
            }


_BASIS = {
    "disabled": "残联认定",
    "poor": "民政认定",
    "low_income": "民政认定",
    "orphan": "民政认定",
    "unsupported": "民政认定",
    "monitored": "乡村振兴部门认定",
}


def _helped(place: Place, category: str) -> float:
    return 1.0 if place.pilot else 0.92 if category == "learning_difficulty" else 0.97


def categories_of(spell: Spell) -> Iterator[str]:
    """The family's own, and what moving between town and village brings."""
    life = spell.life
    yield from life.categories
    if life.rural and spell.school.urban and fixed("migrant", life.no) < 0.6:
        yield "migrant"
    if life.rural and not spell.school.urban and life.means < 0.2 and fixed("left", life.no) < 0.13:
        yield "left_behind"


def special_pupils(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Recognised anew each school year, looked into before December."""
    for year in world.clock.years:
        mentors = world.teachers(place, opening(year))
        for spell in world.roll(place, year):
            for category in categories_of(spell):
                yield _special(world, place, spell, category, mentors, rng)


_ONE_TO_ONE = ("orphan", "unsupported", "learning_difficulty", "left_behind")


def _special(  # one row and all it depends on
    world: World, place: Place, spell: Spell, category: str, mentors: list[Person], rng: Random
) -> Row:
    checked = spell.start + timedelta(days=12 + below(rng, 60))
    helped = yes(rng, min(world.sure(place, category), _helped(place, category)))
    alone = category in _ONE_TO_ONE and yes(rng, world.sure(place, f"{category} carer"))
    return {
        "org": place.code,
        "pupil_no": spell.life.no,
        "category": category,
        "basis": _BASIS.get(category, "学校摸排"),
        "carer": one_of(rng, mentors).no if mentors and (alone or yes(rng, 0.2)) else None,
        "placement": _placement(place, spell.life) if category == "disabled" else None,
        "state_checked_on": checked if yes(rng, world.sure(place, "state check")) else None,
        "helped": helped,
        "valid_from": spell.start,
        "valid_to": spell.end,
    }


def _placement(place: Place, life: Life) -> str:
    if place.school_type == "special":
        return "special_school"
    return "home" if life.roam > 0.93 else "class"


def child_census(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Counted each September from the lives themselves; the year before the story is inferred."""
    for year in world.clock.years:
        day = opening(year)
        counts = _counts(world, place, day)
        for stage, (children, local, enrolled, disabled, taught) in counts.items():
            row: Row = {
                "org": place.code,
                "stage": stage,
                "counted_on": day,
                "children": children,
                "local": local,
                "enrolled": enrolled,
                "disabled": disabled,
                "disabled_enrolled": taught,
            }
            if year == world.clock.first_year:
                earlier = {**row, "counted_on": opening(year - 1)}
                fewer = round(children * (0.012 if place.pilot else -0.004))
                yield {**earlier, "local": max(0, min(children, local - fewer))}
            yield row


def _counts(world: World, place: Place, day: date) -> dict[str, list[int]]:
    counts = {stage: [0, 0, 0, 0, 0] for stage in ("kindergarten", "primary", "junior")}
    for life in world.lives[place.code]:
        entry = life.born.year + (6 if life.born.month < 9 else 7)
        now = stage_of(day.year - entry)
        if now is None:
            continue
        cell = counts[now[0]]
        at = next(
            (s for s in life.spells if s.start <= day and (s.end is None or day < s.end)), None
        )
        disabled = "disabled" in life.categories
        cell[0] += 1
        cell[1] += at is not None and at.school.town == place.code
        cell[2] += at is not None
        cell[3] += disabled
        cell[4] += disabled and at is not None
    # Kindergarten is not compulsory: those at home were never enrolled, so never lived here.
    cell = counts["kindergarten"]
    cell[0] = round(cell[0] / 0.94)
    return counts


_RATES = {"primary": (500, 312), "junior": (625, 375)}
_POOR = ("poor", "low_income", "monitored", "orphan", "unsupported", "disabled")


def aid(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Twice a year to each child in hardship; outside the pilots a few are missed."""
    for year in world.clock.years:
        for day in (date(year, 11, 25), date(year + 1, 5, 25)):
            for spell in world.present(place, day):
                if any(kind in _POOR for kind in spell.life.categories):
                    if yes(rng, world.sure(place, "aid")):
                        yield _paid(place, spell, day + timedelta(days=below(rng, 4)))
                elif spell.life.means < -2.1 and yes(rng, 0.3):
                    yield {**_paid(place, spell, day), "item": "other", "amount": Decimal(200)}


def _paid(place: Place, spell: Spell, day: date) -> Row:
    boarder, day_pupil = _RATES.get(spell.stage, (600, 600))
    item = "boarder" if spell.boarder else "day_pupil"
    if spell.stage == "kindergarten":
        item = "preschool"
    return {
        "org": place.code,
        "pupil_no": spell.life.no,
        "item": item,
        "paid_on": day,
        "amount": Decimal(boarder if spell.boarder else day_pupil),
    }


TELLERS = {
    "pupils": Teller(pupils, TOWNS),
    "enrolments": Teller(enrolments, SCHOOLS),
    "special_pupils": Teller(special_pupils, SCHOOLS),
    "child_census": Teller(child_census, TOWNS),
    "aid": Teller(aid, SCHOOLS),
}
