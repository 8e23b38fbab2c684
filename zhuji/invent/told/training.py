"""Ledgers of learning and moving: training sessions, who took part, rotations and secondments."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from zhuji.invent.chance import below, count_near, fixed, one_of, some_of, stream, yes, yuan
from zhuji.invent.clock import opening
from zhuji.invent.layout import Place
from zhuji.invent.people import Person
from zhuji.invent.told.kinds import EVERYONE, SCHOOLS, Row, Teller
from zhuji.invent.told.staffing import key_teachers
from zhuji.invent.world import World


class Session(NamedTuple):
    no: str
    organiser: str
    title: str
    kind: str
    level: str
    form: str | None
    batch: int | None
    start: date
    end: date
    hours: int
    audience: str  # teachers, leaders, heads, researchers, secretaries, carers
    town: str | None  # whose; everybody's when empty


def sessions(world: World) -> Iterator[Session]:
    """Every session that the county, its towns and the city have held or fixed."""
    held = (*_yearly(world), *_batches(world), *_special(world))
    for number, plan in enumerate(held, start=1):
        yield plan._replace(no=f"PX{plan.start.year}{number:03d}")


def _session(  # noqa: PLR0913, PLR0917  # the columns of the ledger
    organiser: Place,
    title: str,
    kind: str,
    level: str,
    start: date,
    days: int,
    hours: int,
    audience: str,
    *,
    form: str | None = None,
    batch: int | None = None,
    town: str | None = None,
) -> Session:
    end = start + timedelta(days=days)
    return Session(
        "", organiser.code, title, kind, level, form, batch, start, end, hours, audience, town
    )


def _yearly(world: World) -> Iterator[Session]:
    bureau = world.bureau
    for year in range(2018, world.clock.until.year + 1):
        name = f"{year}年全员继续教育"
        yield _session(
            bureau,
            name,
            "general",
            "province",
            date(year, 3, 1),
            270,
            72,
            "teachers",
            form="online",
        )
    for year in world.clock.plan_years:
        title = f"{year}—{year + 1}学年"
        for kind, name, audience, month in (
            ("it_head", "校长信息化履职培训", "heads", 10),
            ("party", "党组织书记培训", "secretaries", 11),
            ("care", "关爱与心理健康培训", "carers", 12),
        ):
            yield _session(
                bureau,
                title + name,
                kind,
                "county",
                date(year, month, 18),
                3,
                16,
                audience,
                form="other",
            )
        for start in (date(year, 11, 9), date(year + 1, 4, 12)):
            name = f"{title}教研骨干信息化培训"
            yield _session(bureau, name, "it_researcher", "city", start, 3, 16, "researchers")
        for town in world.towns:
            name = f"{title}{town.name}全员信息化培训"
            start = date(year, 12, 4 + town.index % 20)
            yield _session(
                town,
                name,
                "it_all",
                "town",
                start,
                2,
                12,
                "teachers",
                form="town_session",
                town=town.code,
            )


_SHADOW = (
    *((2021, 10, 11, "county"), (2022, 3, 14, "city"), (2022, 10, 17, "province")),
    *((2023, 4, 10, "city"), (2023, 10, 16, "county"), (2024, 3, 18, "province")),
)
_ADVANCED = ((2021, 11, 15, "city"), (2022, 11, 21, "province"), (2023, 11, 20, "province"))


def _batches(world: World) -> Iterator[Session]:
    words = "一二三四五六"
    for number, (year, month, day, level) in enumerate(_SHADOW, start=1):
        title = f"强镇筑基影子培训第{words[number - 1]}批"
        start = date(year, month, day)
        yield _session(world.bureau, title, "shadow", level, start, 12, 60, "leaders", batch=number)
    for number, (year, month, day, level) in enumerate(_ADVANCED, start=1):
        title = f"强镇筑基高端研修第{words[number - 1]}批"
        start = date(year, month, day)
        yield _session(
            world.bureau, title, "advanced", level, start, 7, 40, "leaders", batch=number
        )


def _special(world: World) -> Iterator[Session]:
    """The thirty and thirty and thirty hours of the pilots, a part each year."""
    forms = (
        ("city_school", "市直学校跟岗", "county", 15, 10, 8),
        ("sent_down", "送教下乡", "town", 11, 11, 6),
        ("town_session", "镇域集中研训", "town", 11, 3, 22),
    )
    for year in world.clock.plan_years:
        for town in world.towns:
            if not town.pilot:
                continue
            for form, name, level, hours, month, day in forms:
                held = year + (month < 9)
                # The second town spoke to the trainers late and lost a term.
                if form == "sent_down" and "pilot_county" in town.marks and year == 2021:
                    hours = 6
                title = f"{town.name}{name}（{held}年）"
                start = date(held, month, day)
                yield _session(
                    town,
                    title,
                    "special",
                    level,
                    start,
                    3,
                    hours,
                    "teachers",
                    form=form,
                    town=town.code,
                )


def training_sessions(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for each in sessions(world):
        if each.organiser == place.code:
            yield {
                "org": place.code,
                "session_no": each.no,
                "title": each.title,
                "kind": each.kind,
                "place_level": each.level,
                "form": each.form,
                "batch_no": each.batch,
                "starts_on": each.start,
                "ends_on": each.end,
                "hours": Decimal(each.hours),
                "cost": yuan(each.hours * (180 + 120 * rng.random()), 100),
                "evidence": f"E{each.no[2:]}",
            }


def training_records(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for each in sessions(world):
        last = each.end - timedelta(days=1)
        if last > world.clock.until or (each.town is not None and each.town != place.town):
            continue
        shown = _attendance(world, place, each)
        for person in _audience(world, place, each):
            if yes(rng, shown) and person.hired <= each.start:
                yield {
                    "org": place.code,
                    "staff_no": person.no,
                    "session_no": each.no,
                    "hours": Decimal(each.hours),
                    "finished_on": last - timedelta(days=below(rng, 20) if each.hours == 72 else 0),
                    "passed": yes(rng, 0.985),
                }


def _attendance(world: World, place: Place, session: Session) -> float:
    if session.kind == "general":
        return 0.99
    return world.sure(place, f"{session.kind} training") if place.pilot else 0.96


def _audience(world: World, place: Place, session: Session) -> list[Person]:
    day = session.start
    match session.audience:
        case "teachers":
            return world.teachers(place, day) if place.teaches else []
        case "researchers":
            return [each for each in world.staff(place) if each.holds("researcher", day)]
        case "heads":
            return [each for each in world.staff(place) if each.holds("head", day)]
        case "secretaries":
            return [each for each in world.staff(place) if each.holds("secretary", day)]
        case "carers":
            return [each for each in world.staff(place) if each.holds("counsellor", day)]
        case _:
            return _leaders(world, place, session)


def _leaders(world: World, place: Place, session: Session) -> list[Person]:
    """Each batch takes one or two of each pilot school: head, deputies, middle leaders by turns."""
    if not place.pilot or not place.teaches:
        return []
    if session.kind == "advanced":
        keys = key_teachers(world, place)
        known = [person for person in world.teachers(place, session.start) if person.no in keys]
        return known[(session.batch or 1) - 1 :: 3] if len(known) > 3 else known
    pool = [
        person
        for person in world.staff(place)
        if any(person.holds(role, session.start) for role in ("head", "deputy", "middle"))
    ]
    turn = session.batch or 1
    return [pool[(turn * 2 + step) % len(pool)] for step in range(min(2, len(pool)))]


def rotations(world: World, place: Place, rng: Random) -> Iterator[Row]:
    if place.ownership != "public":
        return
    for year in world.clock.years:
        yield from _rotated(world, place, year, rng)
        if place.seat and year > world.clock.first_year:
            yield from _shared(world, place, year, rng)
    if place.pilot:
        yield from _seconded(world, place, rng)
    yield from _exchanged(world, place)


def eligible(world: World, place: Place, year: int) -> int:
    """Three in seven have served their six years."""
    return round(len(world.teachers(place, opening(year))) * 0.42)


def _rotated(world: World, place: Place, year: int, rng: Random) -> Iterator[Row]:
    pool = [each for each in world.teachers(place, opening(year)) if each.hired.year <= year - 6]
    share = 0.085 + 0.01 * (year - world.clock.first_year)
    others = [
        each
        for each in world.schools
        if each.kind == place.kind
        and each is not place
        and each.urban != place.urban
        and set(each.stages) & set(place.stages)
    ]
    if not others:
        return
    seats = [each for each in others if each.pilot and each.seat] or others
    for person in some_of(rng, pool, count_near(rng, eligible(world, place, year), share)):
        stays = 1 if yes(rng, 0.7) else 2
        yield {
            **_move(world, place, person, "rotation", opening(year)),
            "to_org": one_of(rng, seats if yes(rng, 0.4) else others).code,
            "place_level": "county",
            "key_teacher": yes(rng, 0.24 if place.urban else 0.18),
            "valid_to": opening(year + stays),
        }


def _shared(world: World, place: Place, year: int, rng: Random) -> Iterator[Row]:
    """Music, PE and art teachers of the seat who also teach in the villages."""
    villages = [
        each
        for each in world.schools
        if each.town == place.town and not each.seat and set(each.stages) & set(place.stages)
    ]
    thin = [
        each
        for each in world.teachers(place, opening(year))
        if each.subject in ("music", "art", "pe", "it")
    ]
    for person in some_of(rng, thin, min(len(thin), len(villages), 3 if place.pilot else 1)):
        yield {
            **_move(world, place, person, "shared", opening(year)),
            "to_org": one_of(rng, villages).code,
            "place_level": "town",
            "valid_to": opening(year + 1),
        }


_SECONDMENTS = ((date(2021, 11, 1), 65, "city"), (date(2022, 10, 10), 45, "province"))


def _seconded(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for number, (start, days, level) in enumerate(_SECONDMENTS, start=1):
        pool = [each for each in world.staff(place) if each.holds("middle", start)]
        if pool:
            person = pool[number % len(pool)]
            # One came home early: a month is a month.
            short = number == 2 and place.code[-1] == "3"
            yield {
                **_move(world, place, person, "secondment", start),
                "to_place": one_of(rng, ("潍坊市", "济南市", "青岛市")),
                "place_level": level,
                "batch_no": number,
                "valid_to": start + timedelta(days=22 if short else days),
            }


def _exchanged(world: World, place: Place) -> Iterator[Row]:
    """A deputy of a good city school and a village head change places for a year."""
    if "good_urban" not in place.marks and fixed(place.code, "exchange") > 0.08:
        return
    rng = stream(world.seed, "exchange", place.code)
    for year in world.clock.plan_years:
        pool = [each for each in world.staff(place) if each.holds("deputy", opening(year))]
        seats = [each for each in world.schools if each.pilot and each.seat and each is not place]
        if pool and seats:
            yield {
                **_move(world, place, one_of(rng, pool), "head_exchange", opening(year)),
                "to_org": one_of(rng, seats).code,
                "place_level": "county",
                "valid_to": opening(year + 1),
            }


def _move(world: World, place: Place, person: Person, kind: str, start: date) -> Row:
    return {
        "org": place.code,
        "staff_no": person.no,
        "kind": kind,
        "organiser": world.bureau.code if kind != "shared" else place.town,
        "to_org": None,
        "to_place": None,
        "batch_no": None,
        "key_teacher": False,
        "valid_from": start,
    }


def rotation_pools(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """A private school has nobody to send: zero, not silence."""
    del rng
    for year in world.clock.years:
        number = eligible(world, place, year) if place.ownership == "public" else 0
        yield {"org": place.code, "counted_on": opening(year), "eligible": number}


TELLERS = {
    "rotations": Teller(rotations, ("school", "kindergarten")),
    "rotation_pools": Teller(rotation_pools, SCHOOLS),
    "training_sessions": Teller(training_sessions, EVERYONE),
    "training_records": Teller(training_records, ("office", *SCHOOLS)),
}
