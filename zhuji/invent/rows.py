"""The rows of any ledger of a world, in the columns and the order of its declaration."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from zhuji.invent.told import (
    care,
    checks,
    deeds,
    kindness,
    learning,
    premises,
    pupils,
    staffing,
    training,
    works,
)
from zhuji.invent.told import map as mapped
from zhuji.invent.told.kinds import Row, Teller, asks
from zhuji.invent.world import World
from zhuji.ledgers.declare import Counted, Event, Ledger, Type, Valid
from zhuji.ledgers.registry import LEDGERS, ledger

TELLERS: Mapping[str, Teller] = {
    **mapped.TELLERS,
    **premises.TELLERS,
    **staffing.TELLERS,
    **training.TELLERS,
    **kindness.TELLERS,
    **pupils.TELLERS,
    **care.TELLERS,
    **learning.TELLERS,
    **deeds.TELLERS,
    **checks.TELLERS,
    **works.TELLERS,
}

# Days that may be known before they come: plans and terms, not facts.
_FORESEEN = frozenset({"planned_on", "planned_end", "due_on", "ends_on"})
# Where an end in the future was fixed at the start; elsewhere it is not known yet.
_TERMED = frozenset(
    {"org_edges", "rotations", "classes", "exemptions", "waivers", "pay_pools", "honours", "bodies"}
)


def rows(world: World, ledger_key: str) -> Iterator[Row]:
    """All rows of one ledger; nothing in them was known only after the last day."""
    declared = ledger(ledger_key)
    teller = TELLERS[declared.key]
    shape = dict.fromkeys(column.key for column in declared.columns)
    clip = _clipper(declared, world.clock.until)
    for place in asks(teller, world):
        stream = world.stream(declared.key, place.code)
        for told in teller.tell(world, place, stream):
            row = {**shape, **told}
            if clip(row):
                yield row


class _clipper:  # noqa: N801  # a function with its two lists worked out once
    """Keep a row that was known by the last day, emptying what was not."""

    def __init__(self, declared: Ledger, until: date) -> None:
        self.until = until
        self.on = _main_day(declared)
        kept = _FORESEEN | ({"valid_to"} if declared.key in _TERMED else set())
        days = [column for column in declared.columns if column.type is Type.DATE]
        self.cleared = [c.key for c in days if c.key not in kept and c.key != self.on]
        self.must = frozenset(column.key for column in days if column.required)

    def __call__(self, row: Row) -> bool:
        if self._later(row, self.on):
            return False
        for key in self.cleared:
            if self._later(row, key):
                if key in self.must:
                    return False
                row[key] = None
        return True

    def _later(self, row: Row, key: str) -> bool:
        day = row.get(key)
        return isinstance(day, date) and day > self.until


def _main_day(declared: Ledger) -> str:
    match declared.dated:
        case Valid(start, _):
            return start
        case Event(on) if on not in _FORESEEN:
            return on
        case Counted(on):
            return on
    return ""


def tally(world: World) -> Counter[str]:
    """How many rows each ledger has."""
    return Counter({each.key: sum(1 for _ in rows(world, each.key)) for each in LEDGERS})
