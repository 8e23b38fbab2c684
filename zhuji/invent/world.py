"""One invented county with all that its ledgers are told from; built once."""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil
from random import Random

from zhuji.invent.chance import fixed, stream
from zhuji.invent.clock import Clock
from zhuji.invent.layout import Place, places_of
from zhuji.invent.lives import Ground, Life, Spell, births_factor, born_in, cohorts, stage_of
from zhuji.invent.people import Person, staff_of
from zhuji.invent.sizes import Size, size_of
from zhuji.invent.story import Story, story_of
from zhuji.plan.model import Plan

FIRST_YEAR = 2020
UNTIL = date(2023, 6, 30)
# What a class is planned for; a crowded city school goes over the limit.
CLASS_OF = {"kindergarten": 29, "primary": 41, "junior": 46}
_CROWDED = {"kindergarten": 34, "primary": 47, "junior": 52}

# The share of matters in which some pilot school lags.
_WRONG = 0.25

_COLUMNS = (
    *("org", "kind", "school_type", "ownership", "residence", "boarding", "establishment"),
    *("built_year", "town", "county", "named", "town_seat", "pilot_city", "pilot_county", "pilot"),
    *("good_urban", "reference", "smart_model", "excluded"),
)


@dataclass(frozen=True)
class World:
    """`county_no` 0 is the county of the plan; others are its made-up neighbours."""

    seed: str
    size: Size
    county_no: int
    story: Story
    clock: Clock

    def stream(self, *path: object) -> Random:
        return stream(self.seed, self.county_no, *path)

    # --- the map -----------------------------------------------------------------------------

    @cached_property
    def places(self) -> tuple[Place, ...]:
        return places_of(self.story, self.size, seed=self.seed, county_no=self.county_no)

    @cached_property
    def by_code(self) -> dict[str, Place]:
        return {place.code: place for place in self.places}

    @cached_property
    def county(self) -> Place:
        return self.places[0]

    @cached_property
    def bureau(self) -> Place:
        return next(place for place in self.places if place.kind == "office")

    @cached_property
    def towns(self) -> tuple[Place, ...]:
        return tuple(place for place in self.places if place.kind == "town")

    @cached_property
    def schools(self) -> tuple[Place, ...]:
        """Schools, kindergartens and teaching points."""
        return tuple(place for place in self.places if place.teaches)

    @cached_property
    def good(self) -> tuple[Place, ...]:
        """The good urban schools; any urban school where the plan names none."""
        named = tuple(place for place in self.schools if "good_urban" in place.marks)
        return named or tuple(place for place in self.schools if place.urban)[:2]

    def quality(self, place: Place, day: date) -> float:
        return place.quality + place.gain * self.clock.years_in(day)

    @cached_property
    def pilots(self) -> tuple[Place, ...]:
        return tuple(place for place in self.schools if place.pilot)

    def slips(self, place: Place, matter: str) -> bool:
        """Where a matter goes wrong: at one pilot school in some, elsewhere now and then."""
        if not place.pilot:
            return fixed("slip", place.code, matter) > place.diligence
        if fixed("matter", matter) > _WRONG:
            return False
        return place is self.pilots[int(fixed("who", matter) * len(self.pilots))]

    def sure(self, place: Place, matter: str) -> float:
        """How likely one person or case is reached in a matter."""
        if place.pilot:
            return 0.92 if self.slips(place, matter) else 1.0
        return 0.9 if self.slips(place, matter) else 0.985

    # --- groups of the plan ------------------------------------------------------------------

    def group(self, key: str | None) -> tuple[Place, ...]:
        """The members of a group of the plan, by its own condition; all schools when unknown."""
        where = self.story.groups.get(key or "")
        if where is None:
            return self.schools
        found = self._members.get(where)
        if found is None:
            found = self._members[where] = self._select(where)
        return found

    @cached_property
    def _members(self) -> dict[str, tuple[Place, ...]]:
        return {}

    @cached_property
    def _atlas(self) -> sqlite3.Connection:
        atlas = sqlite3.connect(":memory:")
        atlas.execute(f"CREATE TABLE orgs_at ({', '.join(_COLUMNS)})")
        marks = ", ".join("?" for _ in _COLUMNS)
        rows = (self._facts(place) for place in self.places)
        atlas.executemany(f"INSERT INTO orgs_at VALUES ({marks})", rows)  # noqa: S608  # own columns
        return atlas

    def _facts(self, place: Place) -> tuple[object, ...]:
        city, county = ("pilot_city" in place.marks), ("pilot_county" in place.marks)
        return (
            *(place.code, place.kind, place.school_type, place.ownership, place.residence),
            *(
                place.boarding,
                place.ownership == "public",
                place.built,
                place.town if place.teaches else None,
            ),
            *(self.county.code, "named" in place.marks, place.seat, city, county, place.pilot),
            "good_urban" in place.marks,
            "reference" in place.marks or "good_urban" in place.marks,
            place.pilot and "named" in place.marks,
            "excluded" in place.marks,
        )

    def _select(self, where: str) -> tuple[Place, ...]:
        try:
            found = self._atlas.execute(f"SELECT org FROM orgs_at WHERE {where}").fetchall()  # noqa: S608
        except sqlite3.Error:  # a condition that only the warehouse understands
            return self.schools
        return tuple(self.by_code[code] for (code,) in found)

    # --- children ----------------------------------------------------------------------------

    @cached_property
    def ground(self) -> Ground:
        schools: dict[tuple[str, str], dict[Place, float]] = defaultdict(dict)
        urban: dict[str, dict[Place, float]] = defaultdict(dict)
        for place in self.schools:
            for stage in place.stages:
                if place.room:
                    schools[place.town or "", stage][place] = place.room
                    if place.urban:
                        urban[stage][place] = place.room
        special = next((place for place in self.schools if place.school_type == "special"), None)
        towns = {place.code: place for place in self.towns}
        births = self._births(sum(place.room for place in self.towns))
        return Ground(
            self.seed,
            self.county_no,
            self.clock,
            tuple(towns.values()),
            schools,
            urban,
            special,
            births,
        )

    def _births(self, rooms: float) -> float:
        year = self.clock.first_year + 1
        shares = sum(
            births_factor(entry) * (0.93 if now[0] == "kindergarten" else 1)
            for entry in cohorts(self.clock)
            if (now := stage_of(year - entry)) is not None
        )
        return self.size.pupils / shares / rooms

    @cached_property
    def lives(self) -> dict[str, list[Life]]:
        """Children by the town of their registration, classes assigned."""
        lives = {
            town.code: [
                life for entry in cohorts(self.clock) for life in born_in(self.ground, town, entry)
            ]
            for town in self.towns
        }
        _seat(lives)
        return lives

    @cached_property
    def rolls(self) -> dict[tuple[str, int], list[Spell]]:
        """Who was at a school in a school year, for however long, by grade, class and number."""
        rolls: dict[tuple[str, int], list[Spell]] = defaultdict(list)
        for lives in self.lives.values():
            for life in lives:
                for spell in life.spells:
                    rolls[spell.school.code, spell.year].append(spell)
        for roll in rolls.values():
            roll.sort(key=lambda spell: (spell.grade, spell.class_no, spell.life.no, spell.start))
        return rolls

    def roll(self, place: Place, year: int) -> list[Spell]:
        return self.rolls.get((place.code, year), [])

    def present(self, place: Place, day: date, stage: str | None = None) -> list[Spell]:
        year = day.year if day.month >= 9 else day.year - 1
        return [
            spell
            for spell in self.roll(place, year)
            if spell.start <= day
            and (spell.end is None or day < spell.end)
            and stage in (None, spell.stage)
        ]

    @cached_property
    def heads(self) -> dict[tuple[str, str, int], int]:
        """Pupils per school, stage and school year, for those who plan rooms and posts."""
        heads: dict[tuple[str, str, int], int] = defaultdict(int)
        for (code, year), roll in self.rolls.items():
            for spell in roll:
                heads[code, spell.stage, year] += spell.entered not in ("transfer", "return")
        return heads

    def pupils(self, place: Place, year: int, stage: str | None = None) -> int:
        known = min(max(year, self.clock.first_year), self.clock.years[-1])
        stages = place.stages if stage is None else (stage,)
        return sum(self.heads.get((place.code, each, known), 0) for each in stages)

    @cached_property
    def classes(self) -> dict[tuple[str, int], dict[tuple[str, int], int]]:
        """(school, year) -> (stage, grade) -> how many classes."""
        found: dict[tuple[str, int], dict[tuple[str, int], int]] = defaultdict(dict)
        for key, roll in self.rolls.items():
            for spell in roll:
                grade = (spell.stage, spell.grade)
                found[key][grade] = max(found[key].get(grade, 0), spell.class_no)
        return found

    def classes_of(self, place: Place, year: int) -> int:
        known = min(max(year, self.clock.first_year), self.clock.years[-1])
        return sum(self.classes.get((place.code, known), {}).values())

    # --- staff -------------------------------------------------------------------------------

    @cached_property
    def _staff(self) -> dict[str, tuple[Person, ...]]:
        return {}

    def staff(self, place: Place) -> tuple[Person, ...]:
        found = self._staff.get(place.code)
        if found is None:
            found = self._staff[place.code] = staff_of(self, place)
        return found

    def teachers(self, place: Place, day: date, stage: str | None = None) -> list[Person]:
        return [person for person in self.staff(place) if person.teaches_on(day, stage)]

    def employed(self, place: Place, day: date) -> list[Person]:
        return [person for person in self.staff(place) if person.works_on(day)]


def build(
    plan: Plan,
    size: str = "demo",
    *,
    seed: str = "anqiu",
    until: date = UNTIL,
    county_no: int = 0,
) -> World:
    story = story_of(plan)
    clock = Clock(FIRST_YEAR, story.starts, story.ends, until)
    return World(seed, size_of(size), county_no, story, clock)


def _seat(lives: dict[str, list[Life]]) -> None:
    """Give each child a class; it keeps it as long as it stays at the school."""
    entrants: dict[tuple[str, str, int], dict[str, list[Spell]]] = defaultdict(dict)
    for town in lives.values():
        for life in town:
            for spell in life.spells:
                key = (spell.school.code, spell.stage, spell.year - spell.grade)
                entrants[key].setdefault(life.no, []).append(spell)
    for group in entrants.values():
        _seat_group(group)


def _seat_group(group: dict[str, list[Spell]]) -> None:
    first = next(iter(group.values()))[0]
    years: dict[int, int] = defaultdict(int)
    for spells in group.values():
        for year in {spell.year for spell in spells}:
            years[year] += 1
    crowded = first.school.urban and "good_urban" in first.school.marks
    limit = (_CROWDED if crowded else CLASS_OF)[first.stage]
    classes = max(1, ceil(max(years.values()) / limit))
    for place, (_, spells) in enumerate(sorted(group.items(), key=_arrival)):
        for spell in spells:
            spell.class_no = place % classes + 1


def _arrival(entry: tuple[str, list[Spell]]) -> tuple[date, str]:
    return entry[1][0].start, entry[0]
