"""One school's or town's whole promise on one page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from zhuji.cockpit import nodes
from zhuji.cockpit.board import totals
from zhuji.cockpit.day import Board, opened
from zhuji.cockpit.faces import Change, Face, Owing, Place, Standing
from zhuji.indicators.expand import STAGES
from zhuji.kernel.errors import NotFound
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label, say
from zhuji.orgs.scope import Reader
from zhuji.programme import kept
from zhuji.programme.judgement import Item
from zhuji.programme.scene import SCHOOLS

_SENIOR = Label("高中", "upper secondary")
_TARGETS = ("target", "measure", "safeguard")


@dataclass(frozen=True, slots=True)
class Fact:
    label: Label
    value: int
    unit: str


@dataclass(frozen=True)
class Block:
    """A target, measure or safeguard with what of it concerns this organisation."""

    face: Face
    items: tuple[Face, ...]


@dataclass(frozen=True)
class BelowOrg:
    """An organisation directly below, with how many of its leaves show each light."""

    org: Place
    lights: Mapping[Light, int]


@dataclass(frozen=True)
class SchoolPage:
    standing: Standing
    org: Place
    line: tuple[Place, ...]  # from the county down to the organisation
    facts: tuple[Fact, ...]
    totals: Mapping[str, Mapping[Light, int]]
    lights: Mapping[Light, int]  # of indicators, duties and milestones together
    blocks: tuple[Block, ...]
    overdue: tuple[Owing, ...]
    next: tuple[Owing, ...]  # not due yet, the nearest first; without a day last
    below: tuple[BelowOrg, ...]
    changes: tuple[Change, ...]
    not_concerned: int  # items of the plan that ask nothing of this organisation


def school(reader: Reader, org: str, *, on: date | None = None) -> SchoolPage:
    """Only for those who govern the organisation: it is more than a total."""
    seen = opened(reader, on, org)
    if not seen.is_open:
        raise NotFound(say("没有代码为“{org}”的机构，或者它不在您的可见范围内。", org=org))
    items, lacks = kept.items(seen.judging, org), kept.lacks(seen.judging, org)
    owing = nodes.owing(seen, lacks)
    made = nodes.faces(seen, items, lambda item: item.light is not Light.NOT_APPLICABLE)
    late = tuple(one for one in owing if one.days_left is not None and one.days_left < 0)
    leaves = [item for item in items if item.kind in nodes.LEAVES]
    return SchoolPage(
        standing=seen.standing(),
        org=seen.place(org),
        line=tuple(seen.place(code) for code in seen.outline.line(org)[::-1]),
        facts=tuple(_facts(seen)),
        totals=totals(items),
        lights=_counts(leaves),
        blocks=tuple(_blocks(made, {key: sum(one.count for one in found)
                                    for key, found in lacks.items()})),
        overdue=late,
        next=tuple(one for one in owing if one not in frozenset(late)),
        below=tuple(_below(seen)),
        changes=nodes.changes(seen, kept.before(seen.judging), [org]),
        not_concerned=sum(item.light is Light.NOT_APPLICABLE for item in leaves),
    )  # fmt: skip


def _facts(seen: Board) -> Iterator[Fact]:
    note = seen.outline.orgs[seen.org]
    pupils = sum(count for _, count in note.pupils)
    if note.pupils:
        yield Fact(Label("在校生", "Pupils"), pupils, "person")
    if len(note.pupils) > 1:
        for stage, count in note.pupils:
            label = STAGES.get(stage, _SENIOR)
            yield Fact(Label(f"其中{label.zh}", f"of them {label.en}"), count, "person")
    if note.classes:
        yield Fact(Label("班级", "Classes"), note.classes, "class")
    if note.teachers:
        yield Fact(Label("教师", "Teachers"), note.teachers, "person")
    kinds = seen.outline.orgs
    schools = [one for one in seen.outline.under[seen.org] if kinds[one].kind in SCHOOLS]
    if schools != [seen.org]:
        yield Fact(Label("学校和幼儿园", "Schools and kindergartens"), len(schools), "school")


def _blocks(made: Mapping[str, Face], lacking: Mapping[str, int]) -> Iterator[Block]:
    """In the order of the plan; within a block the worst first, what does not apply left out."""
    leaves: dict[str | None, list[Face]] = {}
    for one in made.values():
        if one.kind in nodes.LEAVES:
            face = replace(one, lacking=lacking.get(one.id, 0))
            leaves.setdefault(one.parent, []).append(face)
    for key, items in leaves.items():
        if key is not None and key in made and made[key].kind in _TARGETS:
            items.sort(key=lambda one: nodes.WORST_FIRST[one.light])
            yield Block(made[key], tuple(items))


def _below(seen: Board) -> Iterator[BelowOrg]:
    direct = [
        code for code in seen.outline.under[seen.org]
        if seen.outline.orgs[code].parent == seen.org and code in seen.readable
    ]  # fmt: skip
    lights = kept.tallies(seen.judging, nodes.LEAVES)
    for code in direct:
        yield BelowOrg(seen.place(code), lights.get(code, {}))


def _counts(items: list[Item]) -> dict[Light, int]:
    counts = dict.fromkeys(Light, 0)
    for item in items:
        counts[item.light] += 1
    return counts
