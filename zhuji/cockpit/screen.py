"""驾驶舱, what stands beside the tiles: progress by clause, warnings, money, two kinds of trends.

From one kept judgement; no persons, no school by name, nothing of fewer than ten.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, zip_longest

from zhuji.cockpit import nodes
from zhuji.cockpit.day import Board, opened
from zhuji.cockpit.faces import Face, Place, Point, Standing
from zhuji.cockpit.indicator import figure
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label
from zhuji.ledgers.relations import RELATIONS_BY_KEY
from zhuji.orgs.scope import Reader
from zhuji.programme import kept, wording
from zhuji.programme.detail import IndicatorHead, KeptCell
from zhuji.programme.judgement import Item, Lack
from zhuji.programme.outline import Money, Planned

_STAFF = frozenset({"staff", "posts"})
_SURVEY = "estimate"
_MOST_LINES = 4
_BAD = (Light.NOT_MET, Light.BEHIND)


@dataclass(frozen=True)
class Progress:
    """A target, an action or the safeguards with the lights of what stands below."""

    face: Face
    measures: tuple[Face, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """A clause that is behind: how many organisations owe something, how many are overdue."""

    face: Face
    orgs: int
    overdue: int
    due: date | None  # the next day on which something falls due, or the oldest one missed


@dataclass(frozen=True, slots=True)
class Purse:
    """A line of the plan's money, as it has moved."""

    id: str
    label: Label
    clause: str
    org: Place
    planned: Decimal
    budget: Decimal
    allotted: Decimal
    paid: Decimal
    spent: Decimal


@dataclass(frozen=True, slots=True)
class Trend:
    id: str
    label: Label
    owner: Label
    light: Light
    unit: str
    decimals: int
    points: tuple[Point, ...]
    parent: str


@dataclass(frozen=True)
class Screen:
    standing: Standing
    issuer: Label
    progress: tuple[Progress, ...]
    warnings: tuple[Behind, ...]
    money: tuple[Purse, ...]
    satisfaction: tuple[Trend, ...]
    staffing: tuple[Trend, ...]
    owing: Mapping[str, int]  # by item: organisations that owe something there or below


def screen(reader: Reader, *, on: date | None = None, org: str | None = None) -> Screen:
    seen = opened(reader, on, org)
    items = kept.items(seen.judging, seen.org)
    faces = nodes.faces(seen, items, nodes.is_branch)
    lacks = _by_branch(seen, kept.lacks(seen.judging, seen.org))
    satisfaction, staffing = _trends(seen, items)
    return Screen(
        standing=seen.standing(),
        issuer=seen.outline.issuer,
        progress=tuple(_progress(faces)),
        warnings=tuple(_warnings(seen, faces, lacks)),
        money=tuple(_money(seen)),
        satisfaction=satisfaction,
        staffing=staffing,
        owing={key: len({lack.org for lack in found}) for key, found in lacks.items()},
    )


# --- progress and warnings -------------------------------------------------------------------


def _progress(faces: Mapping[str, Face]) -> Iterator[Progress]:
    """Measures under their action; a safeguard stands for itself."""
    for one in faces.values():
        if one.kind in ("action", "safeguard"):
            below = (part for part in faces.values() if part.parent == one.id)
            yield Progress(one, tuple(below))


def _by_branch(seen: Board, lacks: Mapping[str, Iterable[Lack]]) -> dict[str, list[Lack]]:
    """What is owed, at the node itself and at everything above it."""
    found: dict[str, list[Lack]] = {}
    for key, of_item in lacks.items():
        mine = [lack for lack in of_item if lack.org in seen.within]
        above: str | None = key
        while mine and above is not None and above in seen.outline.by_id:
            found.setdefault(above, []).extend(mine)
            above = seen.outline.by_id[above].parent
    return found


def _warnings(
    seen: Board, faces: Mapping[str, Face], lacks: Mapping[str, list[Lack]]
) -> Iterator[Behind]:
    """What is not met before what is behind, each in the order of the plan."""
    for light in _BAD:
        for one in faces.values():
            if one.light is light and one.kind in ("measure", "safeguard"):
                owed = lacks.get(one.id, [])
                late = {
                    lack.org for lack in owed if lack.due is not None and lack.due < seen.judging.on
                }
                due = min((lack.due for lack in owed if lack.due is not None), default=None)
                yield Behind(one, len({lack.org for lack in owed}), len(late), due)


# --- money -----------------------------------------------------------------------------------


def _money(seen: Board) -> Iterator[Purse]:
    """The plan's own lines that are no part of another; of what one may see."""
    parts: dict[str, list[str]] = {}
    for line in seen.outline.planned:
        parts.setdefault(line.part_of or "", []).append(line.id)
    moved: dict[str, list[Money]] = {}
    for one in seen.outline.money:
        moved.setdefault(one.plan_line, []).append(one)
    for line in seen.outline.planned:
        if line.part_of is None and line.org in seen.within:
            ids = (line.id, *parts.get(line.id, ()))
            yield _purse(seen, line, [row for key in ids for row in moved.get(key, ())])


def _purse(seen: Board, line: Planned, rows: list[Money]) -> Purse:
    def total(name: str) -> Decimal:
        return sum((getattr(row, name) or Decimal(0) for row in rows), Decimal(0))

    return Purse(
        line.id, line.label, line.clause, seen.place(line.org), Decimal(line.amount),
        total("budget"), total("allotted"), total("paid"), total("spent"),
    )  # fmt: skip


# --- trends ----------------------------------------------------------------------------------


def _trends(seen: Board, items: tuple[Item, ...]) -> tuple[tuple[Trend, ...], tuple[Trend, ...]]:
    """Of the targets of which at least half of the judged figures are surveys, or of staff."""
    targets = {one.id for one in items if one.kind == "target"}
    judged = [
        one for one in items
        if one.kind == "indicator" and one.parent in targets and one.goal is not None
        and one.light is not Light.NOT_APPLICABLE
    ]  # fmt: skip
    heads = kept.heads(seen.judging, (one.id for one in judged))
    parts = kept.heads(
        seen.judging, {key for head in heads.values() for key in head.declared.parts}
    )

    def is_survey(one: Item) -> bool:
        return heads[one.id].declared.form == _SURVEY

    def is_staff(one: Item) -> bool:
        return _of_staff(heads[one.id], parts)

    known = [one for one in judged if one.id in heads]
    return (
        _chosen(seen, known, heads, is_survey),
        _chosen(seen, known, heads, is_staff),
    )


def _of_staff(head: IndicatorHead, parts: Mapping[str, IndicatorHead]) -> bool:
    told = head.declared
    sources = [told.source] if told.source else [
        parts[key].declared.source for key in told.parts if key in parts
    ]  # fmt: skip
    return any(
        key in _STAFF or (key in RELATIONS_BY_KEY and set(RELATIONS_BY_KEY[key].needs) >= _STAFF)
        for key in sources
    )


def _chosen(
    seen: Board,
    judged: Iterable[Item],
    heads: Mapping[str, IndicatorHead],
    speaks: Callable[[Item], bool],
) -> tuple[Trend, ...]:
    """Shares only, so that they stand on one axis; in turn from each target that speaks of it."""
    by_target: dict[str, list[Item]] = {}
    for one in judged:
        by_target.setdefault(one.parent or "", []).append(one)
    lists = [
        [one for one in found if speaks(one) and one.unit == "percent"]
        for found in by_target.values()
        if 2 * sum(map(speaks, found)) >= len(found)
    ]
    in_turn = [one for one in chain.from_iterable(zip_longest(*lists)) if one is not None]
    chosen = [one for one in in_turn if not nodes.is_few(seen, one)][:_MOST_LINES]
    cells = _cells(seen, chosen, heads)
    return tuple(_trend(seen, one, heads[one.id], cells.get(one.id, ())) for one in chosen)


def _cells(
    seen: Board, chosen: Iterable[Item], heads: Mapping[str, IndicatorHead]
) -> dict[str, tuple[KeptCell, ...]]:
    keys = [one.id for one in chosen]
    if seen.org == seen.outline.county:
        return {key: heads[key].county for key in keys}
    found = kept.indicators(seen.judging, keys, [seen.org])
    return {key: one.cells.get(seen.org, ()) for key, one in found.items()}


def _trend(seen: Board, one: Item, head: IndicatorHead, cells: tuple[KeptCell, ...]) -> Trend:
    points = tuple(
        Point(row.key, wording.period(row.key), row.point_on, figure(seen, head.declared, cell),
              row == head.periods[-1])
        for row, cell in zip(head.periods, cells, strict=False)
    )  # fmt: skip
    return Trend(
        one.id, one.label, one.owner, one.light, one.unit, one.decimals, points, one.parent or ""
    )
