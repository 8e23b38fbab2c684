"""The map of the county: towns, and their schools with what makes each one its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from zhuji.invent import names
from zhuji.invent.chance import about, stream, weighted, yes
from zhuji.invent.sizes import Mix, Size
from zhuji.invent.story import Story
from zhuji.plan.model import NamedOrg

TEACHING = ("school", "kindergarten", "teaching_point")

_PREFIX = {
    "kindergarten": "11",
    "primary": "21",
    "junior": "31",
    "nine_year": "31",
    "special": "51",
}
_STAGES = {
    "kindergarten": ("kindergarten",),
    "primary": ("primary",),
    "junior": ("junior",),
    "nine_year": ("primary", "junior"),
    "special": ("primary",),
}
# Where a school starts and how fast it gains, in standard deviations and per year.
_START = {"urban": (0.8, 0.25), "town": (-0.1, 0.3), "village": (-0.6, 0.35)}
_GOOD_START, _PILOT_START = (1.45, 0.08), (-0.5, 0.12)
_GAIN = {"urban": 0.05, "town": 0.08, "village": 0.06}
_PILOT_GAIN = 0.45


@dataclass(frozen=True)
class Place:
    """An organisation; the last three are what nobody can see and everything shows."""

    code: str
    name: str
    kind: str
    index: int
    town: str | None = None
    school_type: str | None = None
    ownership: str | None = None
    residence: str | None = None
    built: int = 1990
    marks: tuple[str, ...] = ()
    pilot: bool = False
    room: float = 1.0  # how large it is beside the others of its town
    quality: float = 0.0
    gain: float = 0.0
    diligence: float = 0.95

    @property
    def stages(self) -> tuple[str, ...]:
        return _STAGES.get(self.school_type or "", ())

    @property
    def teaches(self) -> bool:
        return self.kind in TEACHING

    @property
    def urban(self) -> bool:
        return self.residence == "urban"

    @property
    def seat(self) -> bool:
        return "town_seat" in self.marks

    @property
    def boarding(self) -> bool:
        return "junior" in self.stages and not self.urban


@dataclass
class _Draft:
    """The places so far; a place's index is its number in the order of the map."""

    seed: str
    county_no: int
    story: Story
    places: list[Place] = field(default_factory=list)

    def add(self, place: Place) -> None:
        self.places.append(place)

    def taken(self, name: str) -> bool:
        return any(place.name == name for place in self.places)

    def code(self, school_type: str) -> str:
        return f"{_PREFIX[school_type]}99{self.county_no % 1000:03d}{len(self.places):03d}"


def places_of(story: Story, size: Size, *, seed: str, county_no: int) -> tuple[Place, ...]:
    """County, offices and towns first, then the schools, town by town."""
    draft = _Draft(seed, county_no, story)
    _administration(draft, size)
    towns = [place for place in draft.places if place.kind == "town"]
    for town in towns:
        for named in _named_in(draft, town):
            draft.add(_school_named(draft, named, town))
        _fill(draft, town, size.urban if town.urban else size.rural)
    if size.pupils >= 5_000:
        draft.add(_school(draft, towns[0], "special", f"{_urban_prefix(towns[0])}特殊教育学校"))
    return tuple(draft.places)


def _administration(draft: _Draft, size: Size) -> None:
    named = draft.story.named if draft.county_no == 0 else ()
    county = next((each for each in named if each.kind == "county"), None)
    code = county.org if county else f"99{draft.county_no:04d}"
    name = county.label.zh if county else f"第{draft.county_no}县"
    draft.add(Place(code, f"{name}（虚构）", "county", 0))
    for each in named:
        if each.kind == "office":
            draft.add(_office(draft, each.org, each.label.zh))
    if not any(place.kind == "office" for place in draft.places):
        draft.add(_office(draft, f"9199{draft.county_no % 1000:03d}001", "教育和体育局"))
    known = [each for each in named if each.kind == "town"]
    for number in range(size.streets):
        # The city holds a third of the county's families.
        share = size.towns / (2 * size.streets)
        _town(draft, code, names.STREETS[number] + "街道", urban=True, room=share)
    for each in known:
        draft.add(_named_town(draft, each))
    for number in range(size.towns - len(known)):
        _town(draft, code, names.TOWNS[number] + "镇", urban=False, room=1)


def _office(draft: _Draft, code: str, name: str) -> Place:
    return Place(code, name, "office", len(draft.places), town=draft.places[0].code)


def _town(draft: _Draft, county: str, name: str, *, urban: bool, room: float) -> None:
    index = len(draft.places)
    place = Place(
        code=f"{county}{500 + index}",
        name=name,
        kind="town",
        index=index,
        town=county,
        residence="urban" if urban else "town",
        room=room * about(stream(draft.seed, "town", draft.county_no, index), 1, 0.15, 0.7, 1.3),
    )
    draft.add(place)


def _named_town(draft: _Draft, named: NamedOrg) -> Place:
    pilot = any(mark.startswith("pilot") for mark in named.marks)
    return Place(
        code=named.org,
        name=named.label.zh,
        kind="town",
        index=len(draft.places),
        town=draft.places[0].code,
        residence="town",
        marks=named.marks,
        pilot=pilot,
        diligence=0.985 if pilot else 0.94,
    )


def _named_in(draft: _Draft, town: Place) -> Iterator[NamedOrg]:
    """Schools that the plan names without a town stand in the first urban one."""
    if draft.county_no:
        return
    first = next(place for place in draft.places if place.kind == "town")
    for named in draft.story.named:
        home = named.town or first.code
        if named.kind in TEACHING and home == town.code:
            yield named


def _type_of(named: NamedOrg) -> str:
    if named.kind == "kindergarten":
        return "kindergarten"
    for ending, school_type in (("小学", "primary"), ("中学", "junior")):
        if named.label.zh.endswith(ending):
            return school_type
    return "nine_year"


def _school_named(draft: _Draft, named: NamedOrg, town: Place) -> Place:
    school_type, name = _type_of(named), named.label.zh
    private = "private" if "双语" in name else "public"
    marks = tuple(mark for mark in named.marks if not mark.startswith("pilot"))
    school = _school(draft, town, school_type, name, code=named.org, marks=marks, owner=private)
    return replace(school, room=max(school.room, 0.6))


def _fill(draft: _Draft, town: Place, mix: Mix) -> None:
    """Add invented schools until the town has what its kind of town has."""
    wishes = (
        ("junior", mix.junior),
        ("primary", mix.primary),
        ("nine_year", mix.nine_year),
        ("point", 0 if town.pilot else mix.points),
        ("kindergarten", mix.kindergartens),
    )
    for kind, wanted in wishes:
        school_type = "primary" if kind == "point" else kind
        there = sum(
            place.town == town.code and place.school_type == school_type for place in draft.places
        )
        missing = wanted if kind == "point" else wanted - (0 if town.urban else there)
        for number in range(max(0, missing)):
            first = kind != "point" and there + number == 0
            name = _urban_name(draft, town, kind) if town.urban else _rural_name(draft, town, kind)
            marks = _invented_marks(draft, town, kind) if first else ()
            draft.add(_school(draft, town, school_type, name, marks=marks, point=kind == "point"))


def _invented_marks(draft: _Draft, town: Place, kind: str) -> tuple[str, ...]:
    """The first of its type: at the seat of a rural town, a yardstick in the city."""
    if not town.urban:
        return ("town_seat",) if kind != "nine_year" else ()
    centre = ("town_seat",) if kind == "kindergarten" else ()
    good = any("good_urban" in place.marks and place.kind == kind for place in draft.places)
    wanting = kind == "kindergarten" or draft.county_no > 0
    return (*centre, "good_urban", "reference") if wanting and not good else centre


def _urban_prefix(town: Place) -> str:
    return "市" if town.urban else town.name.rstrip("镇")


_ENDING = {
    "junior": "中学",
    "primary": "小学",
    "nine_year": "学校",
    "point": "教学点",
    "kindergarten": "幼儿园",
}


def _urban_name(draft: _Draft, town: Place, kind: str) -> str:
    del town
    stems = [f"市{stem}{_ENDING[kind]}" for stem in names.URBAN]
    more = [f"市第{number}{_ENDING[kind]}" for number in range(2, 90)]
    return next(name for name in (*stems, *more) if not draft.taken(name))


def _rural_name(draft: _Draft, town: Place, kind: str) -> str:
    stem = town.name.rstrip("镇")
    first = {
        "junior": f"{stem}中学",
        "primary": f"{stem}小学",
        "kindergarten": f"{town.name}中心幼儿园",
    }.get(kind)
    if first and not draft.taken(first):
        return first
    start = town.index * 7
    turned = names.VILLAGES[start % 24 :] + names.VILLAGES[: start % 24]
    choices = (f"{town.name}{village}{_ENDING[kind]}" for village in turned)
    return next(name for name in choices if not draft.taken(name))


def _school(  # noqa: PLR0913  # one place, all its marks
    draft: _Draft,
    town: Place,
    school_type: str,
    name: str,
    *,
    code: str = "",
    marks: tuple[str, ...] = (),
    owner: str = "",
    point: bool = False,
) -> Place:
    rng = stream(draft.seed, "place", draft.county_no, len(draft.places))
    seat = "town_seat" in marks
    residence = "urban" if town.urban else "town" if seat else "village"
    kindergarten = school_type == "kindergarten"
    start, spread = _START[residence]
    if "good_urban" in marks:
        start, spread = _GOOD_START
    elif town.pilot:
        start, spread = _PILOT_START
    diligence = about(rng, 0.985, 0.01, 0.96, 1) if town.pilot else about(rng, 0.93, 0.05, 0.7, 1)
    return Place(
        code=code or draft.code(school_type),
        name=name,
        kind="teaching_point" if point else "kindergarten" if kindergarten else "school",
        index=len(draft.places),
        town=town.code,
        school_type=school_type,
        ownership=owner or _ownership(rng, kindergarten, seat or town.pilot),
        residence=residence,
        built=round(about(rng, 2004 if town.urban else 1996, 8, 1975, 2019)),
        marks=("excluded", *marks) if point else marks,
        pilot=town.pilot,
        room=_room(rng, school_type, seat=seat, urban=town.urban, point=point),
        quality=about(rng, start, spread, -1.6, 1.7),
        gain=_PILOT_GAIN if town.pilot else _GAIN[residence],
        diligence=diligence,
    )


def _ownership(rng: Random, kindergarten: bool, seat: bool) -> str:
    if not kindergarten or seat:
        return "public"
    return weighted(rng, {"public": 0.62, "inclusive": 0.33, "private": 0.05})


def _room(rng: Random, school_type: str, *, seat: bool, urban: bool, point: bool) -> float:
    if point:
        return 0.06
    base = 1.0 if urban or seat else 0.3
    if school_type == "special":
        return 0.0
    big = yes(rng, 0.2) and urban
    return base * about(rng, 1.3 if big else 1, 0.2, 0.55, 1.7)
