"""Ledgers of who looked and what was found: visits, inspections, surveys, cases, waivers."""

from collections.abc import Iterator
from datetime import date
from random import Random

from zhuji.invent.chance import (
    about,
    at_random,
    below,
    count_near,
    fixed,
    one_of,
    tenths,
    workday,
    yes,
)
from zhuji.invent.clock import DAY, opening, term_end, term_start
from zhuji.invent.layout import Place
from zhuji.invent.people import Person
from zhuji.invent.told.kinds import BUREAU, SCHOOLS, Row, Teller
from zhuji.invent.world import World
from zhuji.kernel.calendar import PeriodKind


def _researchers(world: World) -> list[Person]:
    return [p for p in world.staff(world.bureau) if p.holds("researcher", date(2021, 9, 1))]


def _from_the_city(world: World) -> list[Person]:
    return [person for person in world.staff(world.bureau) if not person.posts]


def assignments(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Every pilot school has a county researcher, every researcher a rural school."""
    pilots = [each for each in world.pilots if each.kind == "school"]
    rural = pilots + [each for each in world.schools if not each.urban and not each.pilot]
    researchers = _researchers(world)
    for number in range(max(len(researchers), len(pilots))):
        person = researchers[number % len(researchers)]
        fit = [each for each in rural if person.stage in each.stages] or rural
        home = rural[number] if number < len(pilots) else fit[number % len(fit)]
        day = date(2021, 9, 10) + DAY * (number * 3)
        yield _assigned(home, person, "county_researcher", day)
    for number, home in enumerate(each for each in world.pilots if each.seat):
        visitors = _from_the_city(world)
        day = date(2022 if world.slips(home, "city researcher") else 2021, 10, 11)
        yield _assigned(home, visitors[number % len(visitors)], "city_researcher", day)


def _assigned(home: Place, person: Person, visitor: str, day: date) -> Row:
    row: Row = {"org": home.code, "staff_no": person.no, "visitor": visitor}
    return {**row, "valid_from": day, "valid_to": None}


def visits(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Researchers each quarter, the city and a key teacher each year, inspectors each term."""
    seen: set[tuple[str, date]] = set()
    for who, visitor, day, subject in _visitors(world, place, rng):
        if (who, day) in seen:
            continue
        seen.add((who, day))
        findings = below(rng, 5) if visitor != "inspector" else below(rng, 3)
        recent = (world.clock.until - day).days < 40
        open_one = findings > 0 and (
            (recent and not place.pilot) or world.slips(place, "visit follow-up")
        )
        yield {
            "org": place.code,
            "staff_no": who,
            "visitor": visitor,
            "visited_on": day,
            "subject": subject,
            "lessons": 1 + below(rng, 4),
            "findings": findings,
            "followed_up": findings - open_one,
            "evidence": f"E{day.year}V{place.index:03d}{len(seen):03d}",
        }


_Visitor = tuple[str, str, date, str | None]


def _visitors(world: World, place: Place, rng: Random) -> Iterator[_Visitor]:
    yield from _from_the_county(world, place, rng)
    for year in world.clock.plan_years:
        yield from _of_the_year(world, place, year, rng)


def _from_the_county(world: World, place: Place, rng: Random) -> Iterator[_Visitor]:
    researchers = [each for each in _researchers(world) if each.stage in place.stages]
    for number, (start, end) in enumerate(world.clock.windows(PeriodKind.QUARTER)):
        if start < world.story.starts:
            continue
        missed = world.slips(place, "county visit") and number == 6
        if researchers and place.kind == "school" and (place.pilot or yes(rng, 0.3)) and not missed:
            for _ in range(2 if place.pilot and place.seat else 1):
                person = one_of(rng, researchers)
                day = workday(rng, start + DAY * 8, end - DAY * 6)
                yield person.no, "county_researcher", day, person.subject


def _of_the_year(world: World, place: Place, year: int, rng: Random) -> Iterator[_Visitor]:
    day = workday(rng, date(year, 10, 8), date(year + 1, 6, 10))
    if place.pilot and place.seat:
        yield one_of(rng, _from_the_city(world)).no, "city_researcher", day, "chinese"
    if place.pilot and place.kind == "school":
        yield _key_visitor(world, rng), "key_teacher", day - DAY * 20, "maths"
    for term in (1, 2):
        for _ in range(2):
            day = workday(rng, term_start(year, term), term_end(year, term))
            yield f"D{1 + place.index % 12:04d}", "inspector", day, None


def _key_visitor(world: World, rng: Random) -> str:
    teachers = world.teachers(one_of(rng, world.good), date(2021, 10, 1))
    return one_of(rng, teachers).no if teachers else "W0001"


def inspections(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for serial, (kind, day) in enumerate(_inspected(world, place, rng), start=1):
        quality = world.quality(place, day)
        scored = kind in ("quality", "kindergarten", "curriculum")
        level = 85.5 if kind == "kindergarten" else 84
        gain = 2.6 if place.pilot else 0.2
        yield {
            "org": place.code,
            "inspection_no": f"DD{day.year}{place.index:03d}{serial:02d}",
            "kind": kind,
            "stage": place.stages[0] if len(place.stages) == 1 else None,
            "held_on": day,
            "score": tenths(about(rng, level + 5 * quality, 1.8, 55, 99)) if scored else None,
            "value_added": tenths(about(rng, gain, 1.1, -5, 8)) if kind == "quality" else None,
            "used_for": _used(world, place, kind, rng),
            "evidence": f"E{day.year}S{place.index:03d}{serial:02d}",
        }


def _used(world: World, place: Place, kind: str, rng: Random) -> str | None:
    if kind != "quality" or world.slips(place, "result used"):
        return None
    return one_of(rng, ("校长职级", "办学水平评价", "绩效工资", "职称指标"))


def _inspected(world: World, place: Place, rng: Random) -> Iterator[tuple[str, date]]:
    kindergarten = place.kind == "kindergarten"
    for year in world.clock.plan_years:
        end = date(year + 1, 6, 18)
        evaluated = not (world.slips(place, "evaluation") and year == 2022)
        if evaluated and (place.pilot or yes(rng, 0.8)):
            yield (
                "kindergarten" if kindergarten else "quality",
                workday(rng, date(year + 1, 4, 10), end),
            )
        if not kindergarten and (place.pilot or yes(rng, 0.5)):
            yield "curriculum", workday(rng, date(year, 10, 10), date(year, 12, 20))
        for term in (1, 2):
            first, last = term_start(year, term) + DAY * 10, term_end(year, term) - DAY * 12
            yield "safety", workday(rng, first, last)
            if place.pilot or yes(rng, 0.15):
                yield "diagnosis", workday(rng, first, last)


# What each kind of inspection tends to turn up, and how often.
_FOUND = {
    "safety": ("safety", 0.45),
    "diagnosis": ("teaching", 0.8),
    "quality": ("management", 0.5),
    "kindergarten": ("primary_like", 0.05),
    "curriculum": ("hours", 0.05),
}


def findings(world: World, place: Place, rng: Random) -> Iterator[Row]:
    serial = 0
    for row in inspections(world, place, world.stream("inspections", place.code)):
        day, kind = row["held_on"], row["kind"]
        assert isinstance(day, date)
        found, often = _FOUND[str(kind)]
        grave = found in ("hours", "primary_like")
        if grave and place.pilot and day.year > 2021:
            continue
        if day > world.clock.until:
            continue
        for _ in range(min(2, at_random(rng, often * (0.3 if grave and place.quality > 0 else 1)))):
            serial += 1
            yield _finding(world, place, (serial, found, day), row["inspection_no"], rng)
    if (
        fixed(world.seed, "tutoring", place.code) < 0.03
        and not place.pilot
        and place.stages[-1] == "junior"
    ):
        yield _finding(world, place, (serial + 1, "tutoring", date(2021, 11, 16)), None, rng)


def _finding(
    world: World, place: Place, what: tuple[int, str, date], source: object, rng: Random
) -> Row:
    serial, kind, day = what
    took = 4 + below(rng, 26)
    waits = world.slips(place, f"{kind} mended") and (world.clock.until - day).days < 200
    return {
        "org": place.code,
        "finding_no": f"WT{day.year}{place.index:03d}{serial:02d}",
        "inspection_no": source if isinstance(source, str) else None,
        "kind": kind,
        "violation": kind in ("hours", "tutoring", "enrolment", "fees"),
        "found_on": day,
        "due_on": day + DAY * 30,
        "mended_on": None if waits else day + DAY * took,
    }


_QUESTIONS = {
    "parents": ("satisfaction",),
    "pupils": ("satisfaction", "identity", "belonging", "honour", "health"),
    "staff": ("satisfaction", "identity", "belonging", "honour"),
}
_SHIFT = {
    "satisfaction": 0.0,
    "identity": -0.012,
    "belonging": -0.02,
    "honour": -0.03,
    "health": -0.01,
}


def survey_results(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for year in world.clock.years:
        day = date(year + 1, 5, 23)
        if day > world.clock.until:
            return
        for respondents, questions in _QUESTIONS.items():
            asked = _asked(world, place, respondents, day)
            if asked < 3:
                continue
            answered = count_near(rng, asked, about(rng, 0.87, 0.05, 0.5, 0.98))
            for question in questions:
                share = _content(world, place, respondents, question, day)
                yield {
                    "org": place.code,
                    "survey_no": f"DC{year + 1}001",
                    "held_on": day,
                    "respondents": respondents,
                    "question": question,
                    "invited": asked,
                    "answered": answered,
                    "positive": count_near(rng, answered, share),
                }


def _asked(world: World, place: Place, respondents: str, day: date) -> int:
    present = world.present(place, day)
    if respondents == "parents":
        return len(present)
    if respondents == "staff":
        return len(world.employed(place, day))
    return sum(spell.grade >= 4 for spell in present)


def _content(world: World, place: Place, respondents: str, question: str, day: date) -> float:
    base = {"parents": 0.945, "pupils": 0.955, "staff": 0.94}[respondents]
    luck = 0.02 * (fixed(world.seed, place.code, respondents) - 0.5)
    return min(0.992, base + 0.018 * world.quality(place, day) + _SHIFT[question] + luck)


_CASES = (
    *(("five_managements", "分层作业设计"), ("five_managements", "手机不进校的约定")),
    *(
        ("teaching", "小组互助课堂"),
        ("care", "教师妈妈的一天"),
        ("culture", "一校一品"),
        ("party", "党员先锋岗"),
    ),
)


def good_practice(world: World, place: Place, rng: Random) -> Iterator[Row]:
    sure = place.pilot and place.seat and place.stages == ("primary",)
    for number in range(at_random(rng, 1.6 if place.pilot else 0.4) + sure):
        theme, title = _CASES[0] if sure and number == 0 else one_of(rng, _CASES)
        day = workday(rng, date(2021, 10, 8), world.clock.until - DAY * 10)
        shown = day + DAY * (30 + below(rng, 90)) if sure or yes(rng, 0.55) else None
        yield {
            "org": place.code,
            "case_no": f"AL{day.year}{place.index:03d}{number}",
            "title": f"{place.name}：{title}",
            "theme": theme,
            "collected_on": day,
            "shown_on": shown,
            "reach": one_of(rng, ("county", "county", "city", "town")) if shown else None,
        }


def waivers(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """A few teachers on leave, each from one yearly duty and for one year."""
    duties = [habit.key for habit in world.story.habits if habit.ledger == "teacher_care"]
    years = world.clock.plan_years
    if not (duties and years and place.pilot and fixed("waiver", place.code) < 0.4):
        return
    year = years[-1]
    person = one_of(rng, world.teachers(place, opening(year)))
    yield {
        "org": place.code,
        "duty": one_of(rng, duties),
        "subject": person.no,
        "kind": one_of(rng, ("waiver", "suspension")),
        "reason": one_of(rng, ("产假", "长期病假", "援派在外")),
        "approver": "基教科",
        "valid_from": opening(year),
        "valid_to": opening(year + 1),
    }


TELLERS = {
    "assignments": Teller(assignments, BUREAU),
    "visits": Teller(visits, SCHOOLS),
    "inspections": Teller(inspections, SCHOOLS),
    "findings": Teller(findings, SCHOOLS),
    "survey_results": Teller(survey_results, SCHOOLS),
    "good_practice": Teller(good_practice, SCHOOLS),
    "waivers": Teller(waivers, SCHOOLS),
}
