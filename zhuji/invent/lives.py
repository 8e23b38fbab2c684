"""Children: each town's births, grown up year by year through its schools and out of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from zhuji.invent.chance import day_in, fixed, stream, weighted, yes
from zhuji.invent.clock import Clock, opening, term_end, term_start
from zhuji.invent.layout import Place
from zhuji.invent.numbers import pupil_number

# Births rose until 2017 and fell after; the key is the year in which they begin school.
_BIRTHS = {2021: 1.04, 2022: 1.07, 2023: 1.05, 2024: 0.96, 2025: 0.86, 2026: 0.8}
_STAYS = {"kindergarten": 0.9, "primary": 0.86, "junior": 0.84}
_AT_KINDERGARTEN = 0.93
POINT_GRADES = 3
# Likelihoods in a year; the categories lean on the family's means (in standard deviations).
_CATEGORIES = {
    "disabled": 0.007,
    "poor": 0.003,
    "orphan": 0.0012,
    "unsupported": 0.002,
    "single_parent": 0.035,
    "low_income": 0.018,
    "monitored": 0.006,
}


@dataclass(slots=True)
class Spell:
    """One school year, or a part of it, in one class."""

    life: "Life"
    school: Place
    stage: str
    year: int
    grade: int
    start: date
    end: date | None
    entered: str
    left: str | None = None
    class_no: int = 0

    @property
    def boarder(self) -> bool:
        return self.school.boarding and self.grade >= 7 and self.life.roam < 0.55


@dataclass(slots=True)
class Life:
    no: str
    male: bool
    born: date
    town: Place  # of household registration
    ability: float
    means: float
    vigour: float
    roam: float
    categories: tuple[str, ...]
    spells: list[Spell] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Digits of the pupil number, for choices that need no stream of their own."""
        return int(self.no[7:18])

    @property
    def rural(self) -> bool:
        return not self.town.urban


@dataclass(frozen=True)
class Ground:
    """Where a child can go: the schools of each town and stage with how many they hold."""

    seed: str
    county_no: int
    clock: Clock
    towns: tuple[Place, ...]
    schools: dict[tuple[str, str], dict[Place, float]]
    urban: dict[str, dict[Place, float]]
    special: Place | None
    births: float  # children of one year in a town of room 1


def births_factor(entry: int) -> float:
    return _BIRTHS.get(entry, 1.0 if entry < 2021 else 0.78)


def stage_of(age: int) -> tuple[str, int] | None:
    """Years since the September of first grade, to stage and grade."""
    if -3 <= age <= -1:
        return "kindergarten", age + 4
    if 0 <= age <= 8:
        return ("primary" if age < 6 else "junior"), age + 1
    return None


def cohorts(clock: Clock) -> range:
    return range(clock.years[0] - 8, clock.years[-1] + 4)


def born_in(ground: Ground, town: Place, entry: int) -> Iterator[Life]:
    """All children of one town who begin school in one year, with their lives until now."""
    rng = stream(ground.seed, "lives", ground.county_no, town.code, entry)
    number = round(ground.births * town.room * births_factor(entry) * rng.gauss(1, 0.03))
    region = f"{ground.county_no % 100:02d}{town.index % 100:02d}"
    # Counted per birthday and sex, so that no two children share a number.
    born_that_day: Counter[tuple[date, bool]] = Counter()
    for _ in range(number):
        male = yes(rng, 0.525)
        born = day_in(rng, date(entry - 7, 9, 1), opening(entry - 6))
        born_that_day[born, male] += 1
        no = pupil_number(region, born, born_that_day[born, male] * 2 + male)
        life = _child(rng, town, no, born, male)
        _live(rng, ground, life, entry)
        if life.spells:
            yield life


def _child(rng: Random, town: Place, no: str, born: date, male: bool) -> Life:
    means = rng.gauss(0.45 if town.urban else -0.15, 1)
    ability = 0.35 * means + 0.93 * rng.gauss(0, 1)
    kinds = tuple(_categories(rng, means, ability))
    return Life(no, male, born, town, ability, means, rng.gauss(0, 1), rng.random(), kinds)


def _categories(rng: Random, means: float, ability: float) -> Iterator[str]:
    lean = 2.4 if means < -1 else 0.45 if means > 0.5 else 1.0
    for category, likelihood in _CATEGORIES.items():
        if rng.random() < likelihood * lean:
            yield category
    if ability < -1.3 and rng.random() < 0.3:
        yield "learning_difficulty"


def _live(rng: Random, ground: Ground, life: Life, entry: int) -> None:
    school: Place | None = None
    before = ""
    goes_early = yes(rng, _AT_KINDERGARTEN)
    for year in ground.clock.years:
        now = stage_of(year - entry)
        if now is None or (now[0] == "kindergarten" and not goes_early):
            continue
        stage, grade = now
        entered = "promotion"
        if school is None or stage != before:
            entered = "promotion" if school is None and grade not in (1, 7) else "admission"
            # A nine-year school keeps its own.
            if school is None or stage not in school.stages or yes(rng, 0.05):
                school = _choose(rng, ground, life, now, year)
        elif (moved := _moves(rng, ground, life, school, now, year)) is not school:
            school, entered = moved, "transfer"
            if life.spells:
                life.spells[-1].left = "transfer"
        before = stage
        school = _year(
            rng, ground, Spell(life, school, stage, year, grade, opening(year), None, entered)
        )
        if school is None:
            return


def _choose(rng: Random, ground: Ground, life: Life, now: tuple[str, int], year: int) -> Place:
    """Where a stage begins: in the own town, or in the city when the family can and will."""
    stage, grade = now
    if "disabled" in life.categories and stage == "primary" and ground.special and life.roam < 0.2:
        return ground.special
    stays = (
        0.99 if life.town.urban else local_share(ground, life.town, stage, year) - 0.05 * life.means
    )
    own = _holding(ground, life, stage, grade)
    if own and (rng.random() < stays or not ground.urban.get(stage)):
        return weighted(rng, own)
    return weighted(rng, ground.urban[stage])


def _holding(ground: Ground, life: Life, stage: str, grade: int) -> dict[Place, float]:
    """The schools of the own town; a teaching point holds the lowest grades only."""
    own = ground.schools.get((life.town.code, stage), {})
    if stage != "primary" or grade <= POINT_GRADES:
        return own
    return {place: room for place, room in own.items() if place.kind == "school"}


def local_share(ground: Ground, town: Place, stage: str, year: int) -> float:
    """Families leave a little more each year; in a pilot town they come back."""
    passed = year - ground.clock.years[0]
    base = _STAYS[stage] + 0.04 * (fixed(ground.seed, town.code, stage) - 0.5)
    return base + (0.035 * passed - 0.02 if town.pilot else -0.006 * passed)


def _moves(
    rng: Random, ground: Ground, life: Life, school: Place, now: tuple[str, int], year: int
) -> Place:
    """The school of the next year: the same for almost all."""
    stage, grade = now
    own = _holding(ground, life, stage, grade)
    if school.kind == "teaching_point" and grade > POINT_GRADES:
        return weighted(rng, own) if own else school
    luck = rng.random()
    drift = 0.006 if life.town.pilot and year > ground.clock.years[0] else 0.016
    if not school.urban and luck < drift and ground.urban.get(stage):
        return weighted(rng, ground.urban[stage])
    back = 0.03 if life.town.pilot else 0.004
    if school.urban and life.rural and luck < back and own:
        return weighted(rng, own)
    return school


def _year(rng: Random, ground: Ground, spell: Spell) -> Place | None:
    """Put the year on record, whole or broken by an event; None when the child leaves for good."""
    clock, life, luck = ground.clock, spell.life, rng.random()
    life.spells.append(spell)
    following = opening(spell.year + 1)
    weary = spell.stage == "junior" and life.rural and life.ability < -0.6 and life.means < 0.4
    if luck < 0.004:
        _transfer(rng, ground, spell)
    elif luck < 0.0055 and spell.stage != "kindergarten":
        _suspend(rng, spell)
    elif luck < 0.0060:
        _end(spell, day_in(rng, spell.start, following), "abroad" if luck < 0.0058 else "death")
    elif weary and luck < 0.0150:
        _drop(rng, spell)
    last = life.spells[-1]
    if last.end is None:
        graduates = spell.grade in (6, 9) or (spell.stage == "kindergarten" and spell.grade == 3)
        _end(last, following, "graduation" if graduates else "promotion")
    left = last.left
    for each in life.spells[-2:]:
        _forget_future(each, clock.until)
    life.spells[:] = [each for each in life.spells if each.start <= clock.until]
    return None if left in ("abroad", "death", "dropout") else last.school


def _end(spell: Spell, on: date, how: str) -> None:
    spell.end, spell.left = on, how


def _transfer(rng: Random, ground: Ground, spell: Spell) -> None:
    life, stage = spell.life, spell.stage
    choices = ground.schools.get((life.town.code, stage), {})
    if not spell.school.urban and ground.urban.get(stage):
        choices = ground.urban[stage]
    others = {place: room for place, room in choices.items() if place is not spell.school}
    if not others:
        return
    on = day_in(rng, term_start(spell.year, 1), term_end(spell.year, 2))
    if on == spell.start:
        return
    _end(spell, on, "transfer")
    new = weighted(rng, others)
    life.spells.append(Spell(life, new, stage, spell.year, spell.grade, on, None, "transfer"))


def _suspend(rng: Random, spell: Spell) -> None:
    """A term at home, ill; then back to the same class."""
    on = day_in(rng, date(spell.year, 9, 20), date(spell.year, 12, 20))
    _end(spell, on, "suspension")
    back = term_start(spell.year, 2)
    spell.life.spells.append(
        Spell(spell.life, spell.school, spell.stage, spell.year, spell.grade, back, None, "return")
    )


def _drop(rng: Random, spell: Spell) -> None:
    """Most are talked back within weeks."""
    on = day_in(rng, date(spell.year, 9, 20), date(spell.year + 1, 5, 20))
    _end(spell, on, "dropout")
    if yes(rng, 0.93):
        back = day_in(
            rng, date.fromordinal(on.toordinal() + 8), date.fromordinal(on.toordinal() + 40)
        )
        spell.life.spells.append(
            Spell(
                spell.life, spell.school, spell.stage, spell.year, spell.grade, back, None, "return"
            )
        )


def _forget_future(spell: Spell, until: date) -> None:
    if spell.end is not None and spell.end > until:
        spell.end = spell.left = None
