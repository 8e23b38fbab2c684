"""Ledgers of who works where: staff, posts, titles, degrees, honours, posts there should be."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random

from zhuji.invent.chance import below, fixed, tenths, yes
from zhuji.invent.clock import opening
from zhuji.invent.layout import Place
from zhuji.invent.numbers import phone, stirred
from zhuji.invent.people import Person, quotas_of
from zhuji.invent.posts import teachers_needed
from zhuji.invent.told.kinds import EVERYONE, SCHOOLS, Row, Teller
from zhuji.invent.world import World


def staff(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for person in world.staff(place):
        away = person.born.year > 1990 and not place.urban and yes(rng, 0.45)
        yield {
            "org": place.code,
            "staff_no": person.no,
            "name": person.name,
            "sex": person.sex,
            "born_on": person.born,
            "id_number": person.id_number,
            "phone": phone(stirred(world.seed, "staff", person.no)),
            "employment": person.employment,
            "politics": person.politics,
            "hired_on": person.hired,
            "hired_degree": person.degrees[0][0],
            "hired_qualified": person.certified is not None and person.certified <= person.hired,
            "left_on": person.left,
            "single_or_away": away,
        }


def posts(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for person in world.staff(place):
        for post in person.posts:
            paper = f"安教备〔{post.start.year}〕{1 + below(rng, 90)}号"
            yield {
                "org": post.org,
                "staff_no": person.no,
                "stage": post.stage,
                "role": post.role,
                "full_time_teacher": post.teaches,
                "subject": post.subject,
                "open_hiring": post.by_contest,
                "filing_no": paper if post.by_contest else None,
                "valid_from": post.start,
                "valid_to": post.end,
            }


def titles(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for person in world.staff(place):
        if person.certified is None or (person.employment == "contract" and yes(rng, 0.6)):
            continue
        yield from _ladder(world, place, person, rng)


def _ladder(world: World, place: Place, person: Person, rng: Random) -> Iterator[Row]:
    """Up the three grades; a rural post ratio two points higher opens the way a little sooner."""
    rural = not place.urban
    grassroots = rural and person.luck > 0.7
    ready = (1, 8 + below(rng, 7), 19 + below(rng, 9), 30)
    chances = (1.0, 0.92, 0.55 if place.urban else 0.5, 0.01)
    earned: list[tuple[str, date]] = []
    for grade, years, chance in zip(
        ("junior", "middle", "vice_senior", "senior"), ready, chances, strict=True
    ):
        day = date(person.hired.year + years, 12, 20)
        if place.pilot and day.year == 2024:
            day = date(2022, 12, 20)  # the plan's extra posts
        if day > (person.left or world.clock.until) or not yes(rng, chance):
            break
        earned.append((grade, day))
    for number, (grade, day) in enumerate(earned):
        following = earned[number + 1][1] if number + 1 < len(earned) else None
        yield {
            "org": place.code,
            "staff_no": person.no,
            "grade": grade,
            "track": "grassroots" if grassroots and day.year >= 2018 else "province",
            "valid_from": day,
            "valid_to": following,
        }


def qualifications(world: World, place: Place, rng: Random) -> Iterator[Row]:
    del rng
    for person in world.staff(place):
        row = {"org": place.code, "staff_no": person.no}
        for level, day in person.degrees:
            yield {**row, "kind": "degree", "level": level, "subject": None, "gained_on": day}
        if person.certified is not None:
            yield {
                **row,
                "kind": "certificate",
                "level": f"certificate_{person.stage}",
                "subject": person.subject,
                "gained_on": person.certified,
            }


# How many in a hundred carry a county title or higher; pilots gain through the plan.
_KEY = {"urban": 0.2, "town": 0.13, "village": 0.08}


def honours(world: World, place: Place, rng: Random) -> Iterator[Row]:
    special = _special_grade(world, place)
    for person in world.staff(place):
        if not any(post.teaches for post in person.posts):
            yield from _leading(world, place, person, rng)
            continue
        if person is special:
            yield _honour(place, person, "special_grade", "province", date(2021, 11, 8), rng)
        seniority = world.clock.until.year - person.hired.year
        likely = _KEY[place.residence or "village"] * (1.4 if seniority > 9 else 0.5)
        if "good_urban" in place.marks:
            likely *= 1.5
        if yes(rng, likely):
            title = ("key_teacher", "teaching_expert", "subject_leader")[min(2, below(rng, 5) // 2)]
            since = date(2015 + below(rng, 6), 9, 10)
            level = "county" if yes(rng, 0.75) else "city"
            yield _honour(place, person, title, level, max(since, person.hired), rng)
        elif place.pilot and seniority > 4 and yes(rng, 0.16):
            since = date(2021 + below(rng, 2), 11, 20)
            yield _honour(place, person, "key_teacher", "county", since, rng)
        if person.politics == "party_member" and yes(rng, 0.07):
            yield _honour(place, person, "party_model", "county", date(2022, 6, 28), rng)


_KEY_TITLES = ("key_teacher", "subject_leader", "teaching_expert", "special_grade")


def key_teachers(world: World, place: Place) -> set[object]:
    """The staff numbers that the honours ledger of the place will show."""
    rows = honours(world, place, world.stream("honours", place.code))
    return {row["staff_no"] for row in rows if row["title"] in _KEY_TITLES}


def _special_grade(world: World, place: Place) -> Person | None:
    """One in the first pilot town; the second has not got its own yet."""
    first = next((each for each in world.schools if each.pilot and each.kind == "school"), None)
    if place is not first and not ("good_urban" in place.marks and place.kind == "school"):
        return None
    fit = [
        person for person in world.teachers(place, world.clock.until) if person.hired.year < 2010
    ]
    return fit[0] if fit else None


def _leading(world: World, place: Place, person: Person, rng: Random) -> Iterator[Row]:
    roles = {post.role for post in person.posts}
    if "head" in roles and any(post.org != place.code for post in person.posts):
        yield _honour(place, person, "ranked_head", "city", date(2019, 12, 1), rng)
    elif "head" in roles and (place.urban or yes(rng, 0.1)):
        yield _honour(place, person, "ranked_head", "county", date(2018, 12, 1), rng)
    elif "deputy" in roles and (place.seat or yes(rng, 0.4)):
        yield _honour(place, person, "reserve_head", "county", date(2021, 10, 15), rng)


def _honour(place: Place, person: Person, title: str, level: str, since: date, rng: Random) -> Row:
    return {
        "org": place.code,
        "staff_no": person.no,
        "title": title,
        "level": level,
        "document_no": f"安教人〔{since.year}〕{1 + below(rng, 60)}号",
        "valid_from": since,
        "valid_to": date(since.year + 4, since.month, since.day) if yes(rng, 0.1) else None,
    }


def post_quotas(world: World, place: Place, rng: Random) -> Iterator[Row]:
    del rng
    for (stage, subject), needed in quotas_of(world, place).items():
        yield {
            "org": place.code,
            "stage": stage,
            "subject": subject,
            "needed": needed,
            "valid_from": date(2020, 9, 1),
            "valid_to": None,
        }


def post_structures(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """The set ratio is the county's; rural schools stand two points above it, most of them."""
    if place.ownership != "public":
        return
    share = 0.45 + 0.1 * rng.random()
    for year in range(2020, world.clock.years[-1] + 1):
        need = sum(
            teachers_needed(
                stage,
                world.pupils(place, year, stage),
                max(1, world.classes_of(place, year) // len(place.stages)),
            )
            for stage in place.stages
        )
        number = max(3, round(need * 0.95))
        ratio = Decimal(55 if "junior" in place.stages else 50)
        margin = 0.0 if place.urban else 2.4 if place.pilot and year > 2020 else 1.0 + 2 * share
        yield {
            "org": place.code,
            "counted_on": opening(year),
            "establishment": number + 2,
            "posts": number,
            "middle_senior_posts": -(-number * round(float(ratio) * 10 + margin * 10) // 1000),
            "set_ratio": tenths(float(ratio)),
            "filed_headcount": round(number * 0.06) if fixed(place.code, "filed") < 0.5 else 0,
        }


TELLERS = {
    "staff": Teller(staff, EVERYONE),
    "posts": Teller(posts, EVERYONE),
    "titles": Teller(titles, SCHOOLS),
    "qualifications": Teller(qualifications, EVERYONE),
    "honours": Teller(honours, SCHOOLS),
    "post_quotas": Teller(post_quotas, SCHOOLS),
    "post_structures": Teller(post_structures, SCHOOLS),
}
