"""Ledgers of what schools are built and fitted with, counted each September."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from math import ceil
from random import Random

from zhuji.invent.chance import about, fixed, tenths, yes, yuan
from zhuji.invent.clock import opening
from zhuji.invent.layout import Place
from zhuji.invent.told.kinds import SCHOOLS, Row, Teller
from zhuji.invent.world import World

_BEFORE = 2019
# Per pupil in a school of middling means: teaching area, sports ground, instruments, books,
# and per hundred: computers, multimedia rooms. Land is short in the city, equipment elsewhere.
_PER_PUPIL = {
    ("primary", True): (4.9, 7.3, 2350.0, 31.0, 13.5, 2.5),
    ("primary", False): (6.6, 12.5, 1950.0, 27.0, 12.5, 2.75),
    ("junior", True): (6.4, 10.4, 2950.0, 42.0, 15.0, 2.6),
    ("junior", False): (8.3, 15.5, 2450.0, 37.0, 14.0, 2.75),
    ("kindergarten", True): (0.0, 0.0, 700.0, 11.0, 1.0, 2.6),
    ("kindergarten", False): (0.0, 0.0, 520.0, 9.0, 0.8, 2.4),
}
_LEAST = {"kindergarten": 30, "primary": 60, "junior": 150}


def silent(world: World, place: Place) -> bool:
    """The one village kindergarten of a pilot that has never counted what it owns."""
    small = [each for each in world.schools if each.pilot and each.kind == "kindergarten"]
    return len(small) > 4 and place is small[-1]


def _count_days(world: World) -> Iterator[tuple[int, date]]:
    for year in range(_BEFORE, world.clock.years[-1] + 1):
        yield year, opening(year)


def premises(world: World, place: Place, rng: Random) -> Iterator[Row]:
    if silent(world, place):
        return
    made = _Made(world, place, rng)
    for year, day in _count_days(world):
        yield made.row(year, day)


class _Made:
    """One school's property: the ground stays as it was laid out, the fittings grow."""

    def __init__(self, world: World, place: Place, rng: Random) -> None:
        self.world, self.place = world, place
        self.stage = "shared" if len(place.stages) > 1 else place.stages[0]
        pupils = {
            stage: max(world.pupils(place, world.clock.first_year, stage), _LEAST[stage])
            for stage in place.stages
        }
        self.pupils = sum(pupils.values())
        luck = [about(rng, 1, 0.13, 0.8, 1.4) for _ in range(6)]
        sums = [0.0] * 6
        for stage, number in pupils.items():
            for place_in, each in enumerate(_PER_PUPIL[stage, place.urban]):
                share = each / 100 if place_in > 3 else each
                sums[place_in] += share * number * luck[place_in]
        means = 1 + 0.08 * place.quality
        self.area, self.ground = sums[0] * means, sums[1]
        self.value, self.books, self.computers, self.rooms = (each * means for each in sums[2:])
        self.gym = 620.0 if place.quality > 0.5 and place.kind == "school" else 0.0
        self.surfaced_from = 2016 if place.urban else 2022 if place.pilot and place.seat else 2025
        self.dangerous_until = 2021 if fixed("danger", place.code) < 0.05 else 0

    def row(self, year: int, day: date) -> Row:
        place, passed = self.place, max(0, year - 2020)
        gain = (0.16 if place.pilot else 0.035) * passed
        new_books = round(self.books * (0.09 if place.pilot and passed else 0.025))
        kindergarten = place.kind == "kindergarten"
        surfaced = self.ground if year >= self.surfaced_from and place.kind == "school" else 0
        area = self.area + self.gym
        return {
            "org": place.code,
            "stage": self.stage,
            "counted_on": day,
            "teaching_area": tenths(area),
            "indoor_sport_area": tenths(self.gym),
            "outdoor_sport_area": tenths(self.ground),
            "surfaced_area": tenths(surfaced),
            "dormitory_area": tenths(self.pupils * 1.8 if place.boarding else 0),
            "dining_area": tenths(self.pupils * 0.7 if place.boarding else 60),
            "play_area": tenths(self.pupils * (4.6 + place.quality) if kindergarten else 0),
            "activity_area": tenths(self.pupils * (8.6 + place.quality) if kindergarten else 0),
            "building_area": tenths(self.pupils * 11.2 if kindergarten else area * 1.7),
            "instrument_value": yuan(self.value * (1 + gain), 100),
            "books": round(self.books * (1 + gain * 0.6)),
            "new_books": new_books,
            "computers": ceil(self.computers * (1 + gain * 0.7)),
            "multimedia_rooms": self._multimedia(year),
            "dangerous": year < self.dangerous_until,
        }

    def _multimedia(self, year: int) -> int:
        """One in each class and a few more; a few classes short before the plan."""
        classes = self.world.classes_of(self.place, year)
        more = 1.22 if year >= 2021 and self.place.pilot else 1.12 if self.place.urban else 1.0
        return (
            max(ceil(self.rooms), ceil(classes * more)) if year > 2020 else ceil(self.rooms * 0.95)
        )


def rooms(world: World, place: Place, rng: Random) -> Iterator[Row]:
    classes = max(1, world.classes_of(place, world.clock.first_year + 1))
    stage = "shared" if len(place.stages) > 1 else place.stages[0]
    for kind, name, size, number in _rooms_wanted(world, place, classes):
        for serial in range(1, number + 1):
            since = _since(rng, place, kind)
            large = about(rng, 1.06 if place.urban or place.pilot else 0.98, 0.08, 0.75, 1.3)
            if since > world.clock.until:
                continue
            yield {
                "org": place.code,
                "kind": kind,
                "room_no": f"{name}{serial}",
                "area": tenths(max(size, size * large) if place.pilot else size * large),
                "stage": stage,
                "equipped": yes(rng, 1.0 if place.pilot else 0.9),
                "keeper": None,
                "valid_from": since,
                "valid_to": None,
            }


def _rooms_wanted(
    world: World, place: Place, classes: int
) -> Iterator[tuple[str, str, float, int]]:
    """Kind, name, area and number; only schools have more than two."""
    rural = not place.urban
    if rural and (place.pilot or fixed("care room", place.code) < 0.85):
        yield "care", "关爱室", 40, 1
    if place.kind != "school":
        yield "library", "图书室", 40, 1
        return
    per_twelve = ceil(classes / 12)
    yield from _laboratories(place, classes)
    yield "music", "音乐", 98, per_twelve
    yield "art", "美术", 92, per_twelve
    yield "computer", "微机", 96, ceil(classes / 18)
    yield "library", "图书室", 120, 1
    yield "counselling", "心理辅导", 24, 1
    yield "party", "党员活动", 45, 1
    if place.quality > 0.5 or (place.pilot and place.seat):
        yield "maker", "创客空间", 90, 1
    if place.quality > 0.5:
        yield "gym", "体育馆", 620, 1
    disabled = sum(
        "disabled" in spell.life.categories
        for spell in world.roll(place, world.clock.first_year + 1)
    )
    if disabled >= 5 and not world.slips(place, "resource room"):
        yield "resource", "资源教室", 64, 1


def _laboratories(place: Place, classes: int) -> Iterator[tuple[str, str, float, int]]:
    if "primary" in place.stages:
        yield "science_lab", "科学实验", 92, ceil(classes / 18)
    if "junior" in place.stages:
        for kind, name in (("physics", "物理"), ("chemistry", "化学"), ("biology", "生物")):
            yield f"{kind}_lab", f"{name}实验", 96, 1


def _since(rng: Random, place: Place, kind: str) -> date:
    if kind in ("maker", "resource", "care") and not place.urban:
        return date(2021 + (kind == "maker"), 3 + int(rng.random() * 8), 15)
    return date(max(place.built, 2012), 9, 1)


def it_conditions(world: World, place: Place, rng: Random) -> Iterator[Row]:
    classes = world.classes_of(place, world.clock.first_year)
    spots = classes * 2 + 8
    short = world.slips(place, "wireless")
    for year, day in _count_days(world):
        passed = year - _BEFORE
        reach = (
            0.8 + 0.11 * passed if place.pilot else 0.72 + 0.07 * passed
        ) + 0.06 * place.quality
        covered = spots if reach >= 1 and not short else min(spots - 1, round(spots * reach))
        devices = world.classes_of(place, year)
        used = about(rng, 0.9 + 0.02 * passed + 0.03 * place.quality, 0.03, 0.6, 1)
        fast = 1000 if place.urban or (place.pilot and year > 2020) else 200 + 100 * passed
        yield {
            "org": place.code,
            "counted_on": day,
            "bandwidth": Decimal(fast),
            "places": spots,
            "wireless_places": max(covered, 0),
            "online_minutes": 43_200,
            "down_minutes": round(about(rng, 90 if place.urban else 160, 70, 0, 900)),
            "security_incidents": int(yes(rng, 0.006)),
            "inner_network": place.urban or place.pilot or year > 2020,
            "security_filed": year > 2020 and not world.slips(place, "security filing"),
            "digital_management": year > 2019 or place.urban,
            "devices": devices,
            "devices_used": round(devices * used),
        }


_SCHOOL_KIT = ("music", "pe", "art", "laboratory", "computer", "security", "living")
_KINDERGARTEN_KIT = ("indoor_set", "outdoor_set", "toy_set", "security", "living")


def equipment(world: World, place: Place, rng: Random) -> Iterator[Row]:
    if place.kind == "teaching_point" or silent(world, place):
        return
    classes = max(1, world.classes_of(place, world.clock.first_year))
    kit = _KINDERGARTEN_KIT if place.kind == "kindergarten" else _SCHOOL_KIT
    for kind in kit:
        needed = classes * (4 + 3 * len(kind) % 7) + 20
        price = about(rng, 420, 150, 60, 1200)
        early = about(rng, 0.86 + 0.07 * place.quality, 0.05, 0.5, 1.05)
        for year, day in _count_days(world):
            share = early + (0.13 if place.pilot else 0.025) * max(0, year - 2020)
            present = min(needed + 4, round(needed * share))
            if place.pilot and year >= 2022 and not world.slips(place, kind):
                present = max(present, needed)
            yield {
                "org": place.code,
                "kind": kind,
                "counted_on": day,
                "needed": needed,
                "present": present,
                "value": yuan(present * price, 10),
            }


def classes(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for year in world.clock.years:
        start = opening(year)
        heads = world.teachers(place, start)
        serial = 0
        for (stage, grade), number in sorted(world.classes.get((place.code, year), {}).items()):
            for class_no in range(1, number + 1):
                serial += 1
                yield {
                    "org": place.code,
                    "stage": stage,
                    "grade": grade,
                    "class_no": class_no,
                    "head_teacher": heads[serial % len(heads)].no if heads else None,
                    "interactive": yes(rng, _interactive(place, year)),
                    "mixed_age": place.kind == "teaching_point" and number == 1 and year < 2022,
                    "valid_from": start,
                    "valid_to": opening(year + 1),
                }


def _interactive(place: Place, year: int) -> float:
    if place.urban:
        return 1.0
    if place.pilot:
        return min(1.0, (0.8, 0.93, 0.995, 1.0)[min(year - 2020, 3)])
    return min(0.99, 0.78 + 0.06 * (year - 2020))


TELLERS = {
    "premises": Teller(premises, SCHOOLS),
    "rooms": Teller(rooms, SCHOOLS),
    "it_conditions": Teller(it_conditions, SCHOOLS),
    "equipment": Teller(equipment, SCHOOLS),
    "classes": Teller(classes, SCHOOLS),
}
