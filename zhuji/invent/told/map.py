"""Ledgers of the map: organisations, their marks and relations, and what standards find in them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random

from zhuji.invent.chance import fixed, one_of, yes
from zhuji.invent.layout import Place
from zhuji.invent.told.kinds import BUREAU, EVERYONE, Row, Teller
from zhuji.invent.world import World

_BASIS = "安教体字〔2021〕13号"


def orgs(world: World, place: Place, rng: Random) -> Iterator[Row]:
    public = place.ownership in (None, "public")
    centre = place.kind == "kindergarten" and place.seat
    yield {
        "org": place.code,
        "name": place.name,
        "kind": place.kind,
        "school_type": place.school_type,
        "ownership": place.ownership,
        "residence": place.residence if place.teaches else None,
        "boarding": place.boarding if place.teaches else None,
        "establishment": _established(world, place, rng, centre=centre) if place.teaches else None,
        "built_year": place.built if place.teaches else None,
        "valid_from": date(place.built, 9, 1) if public else date(max(place.built, 2003), 9, 1),
        "valid_to": None,
    }


def _established(world: World, place: Place, rng: Random, *, centre: bool) -> bool:
    """One of the two central kindergartens of the pilots is still waiting for it."""
    del world
    if place.kind != "kindergarten":
        return place.ownership == "public"
    return centre and (place.code[-1] == "1" or yes(rng, 0.4))


def org_edges(world: World, place: Place, rng: Random) -> Iterator[Row]:
    if place.town:
        yield _edge(place.code, "administration", place.town, date(2016, 1, 1))
    if place.teaches and not place.urban and not place.seat:
        yield from _helped(world, place, rng)
    if place is world.bureau:
        yield from _paired(world, rng)


def _helped(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """The school at the seat leads its district; in the pilots it helps by agreement."""
    lead = next(
        (
            other
            for other in world.schools
            if other.town == place.town and other.seat and set(other.stages) & set(place.stages)
        ),
        None,
    )
    if lead is None:
        return
    start = date(2021, 9, 1) if place.pilot else date(2022, 9, 1)
    if place.pilot or yes(rng, 0.5):
        yield _edge(place.code, "school_district", lead.code, start)
    if (place.pilot and place.code[-1] != "3") or yes(rng, 0.2):
        yield {
            **_edge(place.code, "town_help", lead.code, start),
            "agreement": f"镇内帮扶〔{start.year}〕{place.index}号",
            "agreed_deeds": 3,
        }


def _paired(world: World, rng: Random) -> Iterator[Row]:
    """What the plan binds, and a trusteeship and pairings that followed from it."""
    number = 0
    own = world.story.pairings if world.county_no == 0 else ()
    for pairing in own:
        number += 1
        yield _agreed(pairing.partner, pairing.hierarchy, pairing.lead, date(2021, 7, 1), number)
    planned = {pairing.partner for pairing in own}
    for place in world.pilots:
        if place.code not in planned and place.kind == "school" and not world.slips(place, "party"):
            number += 1
            yield _agreed(place.code, "party", world.good[0].code, date(2022, 3, 1), number)
        if not place.seat:
            continue
        leads = [good for good in world.good if set(good.stages) & set(place.stages)]
        if not leads:
            continue
        number += 1
        yield _agreed(place.code, "urban_rural", one_of(rng, leads).code, date(2021, 9, 1), number)
        if place.kind == "school" and yes(rng, 0.5):
            number += 1
            yield _agreed(place.code, "trusteeship", leads[0].code, date(2022, 9, 1), number)


def _edge(org: str, hierarchy: str, parent: str, start: date) -> Row:
    return {
        "org": org,
        "hierarchy": hierarchy,
        "parent": parent,
        "agreement": None,
        "agreed_deeds": None,
        "valid_from": start,
        "valid_to": None,
    }


def _agreed(org: str, hierarchy: str, parent: str, start: date, number: int) -> Row:
    paper = f"安教结〔{start.year}〕{number}号"
    edge = _edge(org, hierarchy, parent, start)
    return {**edge, "agreement": paper, "agreed_deeds": 4, "valid_to": date(2024, 9, 1)}


def org_marks(world: World, place: Place, rng: Random) -> Iterator[Row]:
    del rng
    planned = ("pilot_city", "pilot_county", "named")
    for mark in place.marks:
        start = world.story.starts if mark in planned else date(2018, 9, 1)
        basis = _BASIS if mark in planned else "县教体局认定"
        yield {
            "org": place.code,
            "mark": mark,
            "basis": basis,
            "valid_from": start,
            "valid_to": None,
        }
    smart = [each for each in world.schools if each.pilot and each.kind == "school"][:5:2]
    if place in smart:
        day = date(2022, 6, 1) if place is smart[0] else date(2023, 4, 10)
        basis = "智慧教育示范校认定"
        yield {
            "org": place.code,
            "mark": "smart_model",
            "basis": basis,
            "valid_from": day,
            "valid_to": None,
        }


# Items found by value: the numerator per hundred, or per head, in the first plan year and its rise.
_AMOUNTS = {
    "G7": (7600, 260),
    "G13P": (100, 0),
    "G13J": (94.4, 0.6),
    "G14": (62, 2),
    "G15B": (91, 1),
    "Q1": (97.6, 0.5),
}
# Items that the inspection office has not yet been able to confirm, and since when it could.
_WANTING = {"G2": 2023, "Q8": 2023, "G10": 2022}


def assurances(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Found each December; an item without any finding stays without data."""
    for item in world.story.assured:
        if item == "Q6":
            continue
        for year in range(2020, world.clock.until.year + 1):
            yield _finding(world, place, item, year, rng)


def _finding(world: World, place: Place, item: str, year: int, rng: Random) -> Row:
    amount = base = None
    met = year >= _WANTING.get(item, 0)
    if item in _AMOUNTS:
        start, rise = _AMOUNTS[item]
        base = Decimal(round(world.size.pupils * 0.03 * (1 + 0.1 * rng.random())) + 40)
        share = start + rise * (year - 2021)
        per = 1 if item == "G7" else 100
        amount = Decimal(round(float(base) * min(share, 100 if per > 1 else share) / per))
        met = item != "G13J" or year > 2021
    return {
        "org": world.county.code,
        "item": item,
        "found_on": date(year, 6 if year == 2023 else 12, 12),
        "met": met,
        "amount": amount,
        "base": base,
        "evidence": f"E{year}D{world.story.assured.index(item):02d}",
        "approver": "督导室",
    }


def exemptions(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """A crowded city school counts its roof; a small village school its small music room."""
    if place.kind != "school" or fixed(world.seed, "relief", place.code) > 0.08:
        return
    city = place.urban
    yield {
        "org": place.code,
        "item": f"l5.{place.stages[0]}" if city else "g3_music",
        "kind": "dense_city_sports" if city else "small_rural_room",
        "basis": f"教督豁〔2021〕{1 + int(rng.random() * 20)}号",
        "evidence": f"E2021H{place.index:03d}",
        "approver": "督导室",
        "valid_from": date(2021, 12, 1),
        "valid_to": date(2024, 9, 1),
    }


TELLERS = {
    "orgs": Teller(orgs, EVERYONE),
    "org_edges": Teller(org_edges, EVERYONE),
    "org_marks": Teller(org_marks, EVERYONE),
    "assurances": Teller(assurances, BUREAU),
    "exemptions": Teller(exemptions, ("school",)),
}
