"""One node of the plan: its duties as dots, indicators, milestones, money, and who owes what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from zhuji.cockpit import nodes
from zhuji.cockpit.day import Board, opened
from zhuji.cockpit.faces import Change, Face, Owing, Place, Standing
from zhuji.duties.states import LABELS, State
from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import Label, Message, say
from zhuji.orgs.scope import Reader
from zhuji.programme import detail, kept
from zhuji.programme.detail import KeptDuty
from zhuji.programme.judgement import Lack
from zhuji.programme.outline import Money
from zhuji.programme.wording import period

# Of several states in one window the first of these that any subject is in speaks for the dot.
_WORST = (
    State.MISSED,
    State.DUE_SOON,
    State.OPEN,
    State.DONE_LATE,
    State.DONE,
    State.WAIVED,
    State.NOT_YET_OPEN,
    State.NOT_APPLICABLE,
)
_DONE = (State.DONE, State.DONE_LATE)
_OWED = (*_DONE, State.OPEN, State.DUE_SOON, State.MISSED)
_NOBODY = Label("这里没有人承担", "nobody here owes it")


@dataclass(frozen=True, slots=True)
class Column:
    """One window of a duty; `due` is its last good day."""

    key: str
    label: Label
    opens: date
    due: date
    open: bool  # it has begun


@dataclass(frozen=True, slots=True)
class Dot:
    """Where one organisation stands in one window; no state where it owes nothing."""

    key: str
    state: State | None
    label: Label
    done: int = 0
    owed: int = 0
    evidence: int = 0  # rows that speak of it
    due: date | None = None


@dataclass(frozen=True)
class DotRow:
    org: Place
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    ledger: str
    label: Label
    where: str


@dataclass(frozen=True)
class DutyBoard:
    """A duty or milestone as a calendar of dots, in the order of the directory."""

    face: Face
    cadence: Message
    subject: str
    evidence: Evidence
    source: str
    note: Label | None
    columns: tuple[Column, ...]
    rows: tuple[DotRow, ...]
    beyond: int  # organisations that owe it too, but not for this reader to see


@dataclass(frozen=True)
class MoneyRow:
    """A line of the plan's money, with what the ledger says has become of it."""

    line: str
    label: Label
    org: Place
    part_of: str | None
    planned: Decimal
    budget: Decimal | None = None  # None: no line of the budget names it
    allotted: Decimal | None = None
    paid: Decimal | None = None
    spent: Decimal | None = None
    misused: Decimal | None = None
    late_days: int | None = None


@dataclass(frozen=True)
class NodePage:
    standing: Standing
    face: Face
    says: Label | None
    joint: tuple[Label, ...]
    above: tuple[Face, ...]  # from the root down
    children: tuple[Face, ...]  # nodes of the plan below
    indicators: tuple[Face, ...]
    milestones: tuple[DutyBoard, ...]
    duties: tuple[DutyBoard, ...]
    money: tuple[MoneyRow, ...]
    owing: tuple[Owing, ...]
    changes: tuple[Change, ...]


def node(reader: Reader, key: str, *, on: date | None = None, org: str | None = None) -> NodePage:
    seen = opened(reader, on, org)
    if key not in seen.outline.by_id:
        raise NotFound(say("方案里没有编号为“{id}”的条款。", id=key))
    items = kept.items(seen.judging, seen.org)
    lacks = kept.lacks(seen.judging, seen.org)
    shown = {key, *_line(seen, key), *(one.id for one in seen.outline.below.get(key, ()))}
    made = nodes.faces(seen, items, lambda item: item.id in shown)
    made = {one: _lacking(seen, face, lacks.get(one, ())) for one, face in made.items()}
    own = [one for one in made.values() if one.parent == key]
    leaves = [made[key]] if made[key].kind in nodes.LEAVES else own
    wanted = _below(seen, key)
    return NodePage(
        standing=seen.standing(),
        face=made[key],
        says=seen.outline.says.get(key),
        joint=seen.outline.joint.get(key, ()),
        above=tuple(made[one] for one in _line(seen, key)),
        children=tuple(one for one in own if one.kind not in nodes.LEAVES),
        indicators=tuple(one for one in leaves if one.kind == "indicator"),
        milestones=tuple(_boards(seen, leaves, "milestone")),
        duties=tuple(_boards(seen, leaves, "duty")),
        money=tuple(_money(seen, key)),
        owing=nodes.owing(seen, {one: found for one, found in lacks.items() if one in wanted}),
        changes=tuple(
            one
            for one in nodes.changes(seen, kept.before(seen.judging), [seen.org])
            if one.id in wanted
        ),
    )


def _lacking(seen: Board, face: Face, lacks: Iterable[Lack]) -> Face:
    count = sum(lack.count for lack in lacks if lack.org in seen.within)
    return replace(face, lacking=count) if count else face


def _below(seen: Board, key: str) -> frozenset[str]:
    """The node and everything under it."""
    found, waiting = {key}, [key]
    while waiting:
        for entry in seen.outline.below.get(waiting.pop(), ()):
            if entry.id not in found:
                found.add(entry.id)
                waiting.append(entry.id)
    return frozenset(found)


def _line(seen: Board, key: str) -> list[str]:
    """What stands above a node, from the root down."""
    found: list[str] = []
    above = seen.outline.by_id[key].parent
    while above is not None and above in seen.outline.by_id and above not in found:
        found.append(above)
        above = seen.outline.by_id[above].parent
    return found[::-1]


# --- dots ------------------------------------------------------------------------------------


def _boards(seen: Board, leaves: Iterable[Face], kind: str) -> Iterator[DutyBoard]:
    wanted = {one.id: one for one in leaves if one.kind == kind}
    for key, found in kept.duties(seen.judging, wanted).items():
        yield _board(seen, wanted[key], found)


def _board(seen: Board, face: Face, found: KeptDuty) -> DutyBoard:
    head = found.head
    columns = tuple(
        Column(one.key, period(one.key), one.opens, one.due, one.opens <= seen.judging.on)
        for one in head.windows if one.owed
    )  # fmt: skip
    under = seen.outline.under.get(seen.org, ())
    concerned = [org for org in under if org in found.dots]
    return DutyBoard(
        face=face,
        cadence=head.cadence,
        subject=head.subject,
        evidence=Evidence(head.ledger, head.proof, head.where),
        source=head.source,
        note=head.note,
        columns=columns,
        rows=tuple(
            DotRow(seen.place(org), tuple(_dot(found.dots[org], column) for column in columns))
            for org in concerned if org in seen.readable
        ),
        beyond=sum(org not in seen.readable for org in concerned),
    )  # fmt: skip


def _dot(windows: Mapping[str, detail.Dot], column: Column) -> Dot:
    found = windows.get(column.key)
    if found is None:
        state = None if column.open else State.NOT_YET_OPEN
        return Dot(column.key, state, LABELS[state] if state else _NOBODY, due=column.due)
    counts = dict(found.counts)
    state = next(one for one in _WORST if one in counts)
    return Dot(
        key=column.key,
        state=state,
        label=LABELS[state],
        done=sum(counts.get(one, 0) for one in _DONE),
        owed=sum(counts.get(one, 0) for one in _OWED),
        evidence=found.evidence,
        due=column.due,
    )


# --- money -----------------------------------------------------------------------------------


def _money(seen: Board, key: str) -> Iterator[MoneyRow]:
    """Lines of the plan under this clause: the bureau and the towns concerned may see them."""
    under = frozenset(seen.outline.under.get(seen.org, ()))
    moved: dict[str, list[Money]] = {}
    for one in seen.outline.money:
        moved.setdefault(one.plan_line, []).append(one)
    for line in seen.outline.planned:
        if line.clause != key or line.org not in seen.readable or line.org not in under:
            continue
        rows = moved.get(line.id, [])
        row = MoneyRow(line.id, line.label, seen.place(line.org), line.part_of, line.amount)
        yield _moved(row, rows) if rows else row


def _moved(row: MoneyRow, lines: list[Money]) -> MoneyRow:
    late = [one.late_days for one in lines if one.late_days is not None]
    return replace(
        row,
        budget=_sum(one.budget for one in lines),
        allotted=_sum(one.allotted for one in lines),
        paid=_sum(one.paid for one in lines),
        spent=_sum(one.spent for one in lines),
        misused=_sum(one.misused for one in lines),
        late_days=max(late, default=None),
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((one for one in amounts if one is not None), Decimal(0))
