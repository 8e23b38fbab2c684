"""Duties and milestones of a plan, run over a scene: who owed what, and what was done."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sqlglot import exp

from zhuji.duties.evidence import Signature
from zhuji.duties.occurrences import (
    WINDOW_COLUMNS,
    WINDOWS,
    Occurrence,
    group_days,
    window_rows,
    windows,
)
from zhuji.duties.states import Fulfilment
from zhuji.duties.tally import Tally, tallies
from zhuji.duties.verdicts import DutyVerdict, verdicts
from zhuji.kernel.spans import Span
from zhuji.programme.packages import Asked, Definition
from zhuji.programme.ready import Last
from zhuji.programme.scene import Scene, register_group_days
from zhuji.warehouse.keeping import Kept
from zhuji.warehouse.render import Statement


class Needs(Protocol):
    """The statements that tell what was done, and where their answers are kept."""

    @property
    def duties(self) -> tuple[Statement, ...]: ...
    @property
    def kept(self) -> Kept: ...
    @property
    def last(self) -> Last: ...


@dataclass(frozen=True)
class Owed:
    """One duty or milestone with its occurrences and its verdict for every organisation."""

    asked: Asked
    occurrences: tuple[Occurrence, ...]
    verdicts: Mapping[str, DutyVerdict]
    tallies: tuple[Tally, ...] = ()  # of those who owe, not rolled up

    def occurrence(self, key: str) -> Occurrence | None:
        return next((one for one in self.occurrences if one.key == key), None)


def run(scene: Scene, definitions: Sequence[Definition], needs: Needs) -> dict[str, Owed]:
    """Every duty and milestone; what several versions ask of one node is counted together."""
    laid = _laid(scene, definitions, needs.last)
    _register(scene, definitions, laid)
    kept = _kept(scene, {one.asked.evidence.ledger for one in definitions})
    found = _signatures(scene, needs)
    counted: dict[str, list[Tally]] = {}
    for one in definitions:
        told = tallies(one.asked, laid[one.asked.id], found[one.asked.id], scene.on)
        counted.setdefault(one.id, []).extend(told)
    newest = {one.id: one for one in sorted(definitions, key=lambda one: one.since)}
    return {
        key: Owed(
            one.asked,
            tuple(
                each for other in definitions if other.id == key for each in laid[other.asked.id]
            ),
            verdicts(counted[key], scene.parents, known=kept[one.asked.evidence.ledger]),
            tuple(counted[key]),
        )
        for key, one in newest.items()
    }


def _laid(
    scene: Scene, definitions: Sequence[Definition], last: Last
) -> Mapping[str, tuple[Occurrence, ...]]:
    """By the id of what is asked; no fact moves them, so every run on one day has the same."""
    if last.on != scene.on:
        last.occurrences = {one.asked.id: _bound(scene, one) for one in definitions}
        last.on = scene.on
    return last.occurrences


def _bound(scene: Scene, definition: Definition) -> tuple[Occurrence, ...]:
    """The occurrences whose last good day this version judges."""
    span = Span(scene.plan.starts, scene.plan.ends)
    found = windows(definition.asked, scene.calendar, span, scene.on)
    return tuple(one for one in found if definition.binds(one.due - timedelta(days=1)))


def _register(
    scene: Scene, definitions: Sequence[Definition], laid: Mapping[str, tuple[Occurrence, ...]]
) -> None:
    """The two tables that the trees of duties read beside the ledgers."""
    every = [one.asked for one in definitions]
    rows = [row for asked in every for row in window_rows(laid[asked.id], scene.on)]
    days = {pair for asked in every for pair in group_days(asked, laid[asked.id])}
    scene.engine.table(WINDOWS, WINDOW_COLUMNS, rows)
    register_group_days(scene, days)


def _signatures(scene: Scene, needs: Needs) -> Mapping[str, list[Signature]]:
    """By duty; those that are alike are asked together, in one query over the snapshot."""
    found: dict[str, list[Signature]] = defaultdict(list)
    for rows in scene.engine.run_all(needs.duties, needs.kept):
        for duty, org, key, due, waived, done, *rest in rows:
            found[duty].append(Signature(org, key, due, waived, Fulfilment(done), *rest))
    return found


def _kept(scene: Scene, ledgers: set[str]) -> dict[str, bool]:
    """Whether the county has any row at all in each ledger."""
    one = exp.Literal.number(1)
    found = scene.engine.run_all(exp.select(one).from_(each).limit(1) for each in ledgers)
    return {ledger: bool(rows) for ledger, rows in zip(ledgers, found, strict=True)}
