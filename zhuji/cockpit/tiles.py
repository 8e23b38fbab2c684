"""驾驶舱: a few tiles from one judgement, each with owner, day, light, trend and a way down.

Nothing here names a person or puts places in an order of merit; figures of fewer than ten are out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from zhuji.cockpit import nodes
from zhuji.cockpit.board import totals
from zhuji.cockpit.day import LEAST, Board, opened
from zhuji.cockpit.faces import Exact, Face, Link, Place, Point, Standing
from zhuji.cockpit.indicator import figure
from zhuji.kernel.lights import Light, whole
from zhuji.kernel.messages import Label
from zhuji.orgs.scope import Reader
from zhuji.programme import kept, wording
from zhuji.programme.detail import KeptCell, KeptIndicator
from zhuji.programme.judgement import Item

TileKind = Literal["target", "nodes", "duties", "balance", "money", "size"]


@dataclass(frozen=True)
class Tile:
    id: str
    kind: TileKind
    title: Label
    owner: Label
    as_of: date | None
    light: Light | None
    link: Link  # further down
    action: Link | None = None  # where who owes what stands
    what: Label | None = None  # what `value` is, where the title does not say
    value: Exact | None = None
    unit: str = ""
    decimals: int = 0
    goal: Label | None = None
    whole: Decimal | None = None  # of which `value` is a part
    counts: Mapping[Light, int] = field(default_factory=dict)
    trend: tuple[Point, ...] = ()
    hidden: bool = False


@dataclass(frozen=True)
class TownRow:
    org: Place
    lights: tuple[Light, ...]  # one for each target


@dataclass(frozen=True)
class TownGrid:
    """Towns in the order of the directory beside the targets."""

    targets: tuple[Face, ...]
    rows: tuple[TownRow, ...]


@dataclass(frozen=True)
class Cockpit:
    standing: Standing
    tiles: tuple[Tile, ...]
    towns: TownGrid


def tiles(reader: Reader, *, on: date | None = None, org: str | None = None) -> Cockpit:
    seen = opened(reader, on, org)
    items = kept.items(seen.judging, seen.org)
    faces = nodes.faces(seen, items, lambda item: item.kind == "target")
    targets = tuple(faces.values())
    return Cockpit(
        standing=seen.standing(),
        tiles=(
            *_targets(seen, targets, items),
            *_counts(seen, items),
            *_balance(seen, items),
            *_money(seen),
            *_size(seen),
        ),
        towns=_towns(seen, targets),
    )


# --- targets ---------------------------------------------------------------------------------


def _targets(seen: Board, targets: Iterable[Face], items: Iterable[Item]) -> Iterator[Tile]:
    heads = {one.id: _headline(seen, one.id, items) for one in targets}
    trends = _trends(seen, [item.id for item in heads.values() if item])
    for one in targets:
        item = heads[one.id]
        yield Tile(
            id=one.id,
            kind="target",
            title=one.label,
            owner=one.owner,
            as_of=item.as_of if item else seen.judging.on,
            light=one.light,
            link=Link("node", one.id, seen.org),
            action=Link("indicator", item.id, seen.org) if item else None,
            what=item.label if item else None,
            value=item.value if item else None,
            unit=item.unit if item else "",
            decimals=item.decimals if item else 0,
            goal=item.goal if item else None,
            counts=one.counts,
            trend=trends.get(item.id, ()) if item else (),
        )


def _headline(seen: Board, target: str, items: Iterable[Item]) -> Item | None:
    """The first indicator of the target that is judged, has a value and speaks of enough."""
    for item in items:
        judged = item.parent == target and item.kind == "indicator"
        known = item.value is not None and item.light is not Light.NOT_APPLICABLE
        if judged and known and not nodes.is_few(seen, item):
            return item
    return None


def _trends(seen: Board, keys: Iterable[str]) -> dict[str, tuple[Point, ...]]:
    if seen.org == seen.outline.county:
        return {
            key: _points(seen, KeptIndicator(head, {seen.org: head.county}, {}))
            for key, head in kept.heads(seen.judging, keys).items()
        }
    found = kept.indicators(seen.judging, keys, [seen.org])
    return {key: _points(seen, one) for key, one in found.items()}


def _points(seen: Board, found: KeptIndicator) -> tuple[Point, ...]:
    cells: tuple[KeptCell, ...] = found.cells.get(seen.org, ())
    periods = found.head.periods
    return tuple(
        Point(
            row.key,
            wording.period(row.key),
            row.point_on,
            figure(seen, found.head.declared, cell),
            row == periods[-1],
        )
        for row, cell in zip(periods, cells, strict=False)
    )


# --- counts, balance, money, size ------------------------------------------------------------


def _counts(seen: Board, items: Iterable[Item]) -> Iterator[Tile]:
    found = totals(items)
    shown: tuple[tuple[TileKind, str, Label], ...] = (
        ("nodes", "measure", Label("措施", "Measures")),
        ("nodes", "safeguard", Label("保障措施", "Safeguards")),
        ("duties", "duty", Label("应办事项", "Duties")),
        ("duties", "milestone", Label("时间节点", "Milestones")),
    )
    for kind, of, title in shown:
        counts = {light: count for light, count in found[of].items() if count}
        if counts:
            link = Link("plan", of, seen.org)
            light = whole(counts)
            yield Tile(
                of,
                kind,
                title,
                seen.outline.issuer,
                seen.judging.on,
                light,
                link,
                link,
                counts=counts,
            )


def _balance(seen: Board, items: Iterable[Item]) -> Iterator[Tile]:
    """How many of the coefficients keep their limits, over all stages."""
    by_id = {item.id: item for item in items}
    keys = [
        line.coefficient for rule in kept.balances(seen.judging) for line in rule.lines
        if line.coefficient in by_id
    ]  # fmt: skip
    found = [by_id[key] for key in keys if by_id[key].light is not Light.NOT_APPLICABLE]
    if not found:
        return
    counts = {light: count for light in Light if (count := _lit(found, light))}
    yield Tile(
        id="balance",
        kind="balance",
        title=Label("校际差异系数达标项数", "Difference coefficients within their limits"),
        owner=found[0].owner,
        as_of=found[0].as_of,
        light=whole(counts),
        link=Link("balance"),
        value=counts.get(Light.MET, 0),
        unit="item",
        goal=Label(f"共 {len(found)} 项", f"of {len(found)}"),
        counts=counts,
    )


def _lit(items: Iterable[Item], light: Light) -> int:
    return sum(item.light is light for item in items)


def _money(seen: Board) -> Iterator[Tile]:
    lines = [one for one in seen.outline.money if one.org in seen.within]
    budget = sum((one.budget or Decimal(0) for one in lines), Decimal(0))
    if budget:
        spent = sum((one.spent or Decimal(0) for one in lines), Decimal(0))
        yield Tile(
            id="money",
            kind="money",
            title=Label("各项资金已支出", "Spent of all money"),
            owner=seen.outline.issuer,
            as_of=seen.judging.on,
            light=None,
            link=Link("ledger", "funds", seen.org),
            value=Fraction(spent),
            unit="yuan",
            whole=budget,
        )


def _size(seen: Board) -> Iterator[Tile]:
    note = seen.outline.orgs[seen.org]
    pupils = sum(count for _, count in note.pupils)
    shown = (
        ("pupils", Label("在校生", "Pupils"), pupils),
        ("teachers", Label("教师", "Teachers"), note.teachers),
    )
    for key, title, count in shown:
        if count:
            few = count < LEAST
            yield Tile(
                key, "size", title, seen.outline.issuer, seen.judging.on, None,
                Link("org", seen.org, seen.org), value=None if few else count, unit="person",
                hidden=few,
            )  # fmt: skip


def _towns(seen: Board, targets: tuple[Face, ...]) -> TownGrid:
    towns = [
        code for code in seen.outline.under.get(seen.org, ())
        if seen.outline.orgs[code].kind == "town" and code in seen.readable
    ]  # fmt: skip
    lights = kept.lights(seen.judging, towns)
    return TownGrid(
        targets,
        tuple(
            TownRow(seen.place(code), tuple(lights[code][target.id] for target in targets))
            for code in towns
        ),
    )
