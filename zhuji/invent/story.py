"""What the county's people know of the plan: who is named, what is to be done and paid."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zhuji.kernel.calendar import PeriodKind
from zhuji.plan.model import (
    Batches,
    Body,
    Evidence,
    Kind,
    MoneyLine,
    NamedOrg,
    Pairing,
    Plan,
    Quota,
    Window,
)

_EQUALS = re.compile(r"(\w+)\s*=\s*'([^']*)'")
_AMONG = re.compile(r"(\w+)\s+IN\s*\(([^)]*)\)", re.IGNORECASE)


@dataclass(frozen=True)
class Habit:
    """Something done again and again, and the rows that show it."""

    key: str  # the duty
    ledger: str
    on: str
    subject: str  # the column that names whose doing it is
    wanted: dict[str, tuple[str, ...]]  # column -> values that its rows must have
    group: str
    every: PeriodKind
    times: int
    of: str  # org, staff, pupil
    starts: date
    ends: date

    def first(self, column: str, otherwise: str = "") -> str:
        return self.wanted.get(column, (otherwise,))[0]


@dataclass(frozen=True)
class Once:
    """Something that must stand by a day, at one organisation or at each of a group."""

    key: str
    name: str
    ledger: str
    on: str
    wanted: dict[str, tuple[str, ...]]
    org: str | None
    group: str | None
    by: date
    least: int

    def first(self, column: str, otherwise: str = "") -> str:
        return self.wanted.get(column, (otherwise,))[0]


@dataclass(frozen=True)
class Story:
    plan: str
    starts: date
    ends: date
    number: str
    named: tuple[NamedOrg, ...]
    pairings: tuple[Pairing, ...]
    bodies: tuple[Body, ...]
    money: tuple[MoneyLine, ...]
    kinds: tuple[Kind, ...]
    habits: tuple[Habit, ...]
    milestones: tuple[Once, ...]
    groups: dict[str, str]
    assured: tuple[str, ...]  # items that only a finding can show

    def kinds_of(self, ledger: str) -> dict[str, str]:
        return {kind.id: kind.label.zh for kind in self.kinds if kind.ledger == ledger}

    def habits_in(self, ledger: str) -> Iterator[Habit]:
        return (habit for habit in self.habits if habit.ledger == ledger)

    def milestones_in(self, ledger: str) -> Iterator[Once]:
        return (once for once in self.milestones if once.ledger == ledger)


def story_of(plan: Plan) -> Story:
    return Story(
        plan=plan.id,
        starts=plan.starts,
        ends=plan.ends,
        number=plan.number,
        named=plan.orgs,
        pairings=plan.pairings,
        bodies=plan.bodies,
        money=plan.money,
        kinds=plan.kinds,
        habits=tuple(_habits(plan)),
        milestones=tuple(_milestones(plan)),
        groups={group.id: group.where for group in plan.groups},
        assured=tuple(sorted(_assured(plan))),
    )


def wanted(where: str | None) -> dict[str, tuple[str, ...]]:
    """The columns that a condition pins to words: kind = 'open_day', kind IN ('a', 'b')."""
    found: dict[str, tuple[str, ...]] = {}
    for column, value in _EQUALS.findall(where or ""):
        found[column] = (*found.get(column, ()), value)
    for column, values in _AMONG.findall(where or ""):
        found[column] = tuple(re.findall(r"'([^']*)'", values))
    return found


def _habits(plan: Plan) -> Iterator[Habit]:
    for duty in plan.duties:
        every, times = PeriodKind.SCHOOL_YEAR, 1
        match duty.cadence:
            case Window(every=every, times=times):
                pass
            case Quota(every=every):
                pass
            case Batches(batches=times):
                every = PeriodKind.PLAN
        evidence: Evidence = duty.evidence
        yield Habit(
            key=duty.id,
            ledger=evidence.ledger,
            on=evidence.on,
            subject=evidence.subject,
            wanted=wanted(evidence.where),
            group=duty.among,
            every=every,
            times=times,
            of=duty.subject,
            starts=duty.starts or plan.starts,
            ends=duty.ends or plan.ends,
        )


def _milestones(plan: Plan) -> Iterator[Once]:
    for stone in plan.milestones:
        yield Once(
            key=stone.id,
            name=stone.label.zh,
            ledger=stone.evidence.ledger,
            on=stone.evidence.on,
            wanted=wanted(stone.evidence.where),
            org=stone.org,
            group=stone.among,
            by=stone.by,
            least=stone.least,
        )


def _assured(plan: Plan) -> set[str]:
    items: set[str] = set()
    for indicator in plan.indicators:
        if indicator.source == "assurances":
            values = indicator.where if isinstance(indicator.where, dict) else {"": indicator.where}
            for where in values.values():
                items.update(wanted(where).get("item", ()))
    return items
