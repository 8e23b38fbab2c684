"""From signatures to counts by state per organisation and window, and up by plain addition."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from zhuji.duties.demand import Demand, demand_of
from zhuji.duties.evidence import Signature
from zhuji.duties.occurrences import Occurrence
from zhuji.duties.states import State, settled
from zhuji.plan.model import Duty, Milestone

_DONE = (State.DONE, State.DONE_LATE)
_UNDONE = (State.OPEN, State.DUE_SOON, State.MISSED)
OWED = (*_DONE, *_UNDONE)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many subjects of one organisation stand where in one window."""

    duty: str
    org: str
    key: str
    opens: date  # puts windows in order
    counts: Mapping[State, int]
    # What they have above what a steady pace asks by now, while the window is open.
    lead: Fraction = Fraction(0)

    def count(self, *states: State) -> int:
        return sum(n for state, n in self.counts.items() if state in states)

    @property
    def behind(self) -> bool:
        return self.lead < 0 and self.count(State.OPEN, State.DUE_SOON) > 0


def tallies(
    asked: Duty | Milestone,
    occurrences: Iterable[Occurrence],
    signatures: Iterable[Signature],
    on: date,
) -> tuple[Tally, ...]:
    """One per organisation and window that is open or over, in that order."""
    demand = demand_of(asked)
    by_key = {one.key: one for one in occurrences}
    return summed(_tallies(demand, by_key, signatures, on))


def roll(tallies: Iterable[Tally], parents: Mapping[str, str | None]) -> tuple[Tally, ...]:
    """The tallies of every organisation and of all above it; `parents` names the next above."""
    return summed(
        replace(tally, org=org) for tally in tallies for org in lineage(tally.org, parents)
    )


def summed(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    """One for each organisation, duty and window, by plain addition."""
    like: dict[tuple[str, date, str, str], list[Tally]] = defaultdict(list)
    for tally in tallies:
        like[tally.org, tally.opens, tally.duty, tally.key].append(tally)
    return tuple(_sum(like[place]) for place in sorted(like))


def lineage(org: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    """The organisation and those above it; a circle in the hierarchy ends where it closes."""
    seen: set[str] = set()
    above: str | None = org
    while above is not None and above not in seen:
        seen.add(above)
        yield above
        above = parents.get(above)


def _sum(like: list[Tally]) -> Tally:
    if len(like) == 1:
        return like[0]
    counts: Counter[State] = Counter()
    for tally in like:
        counts.update(tally.counts)
    lead = sum((tally.lead for tally in like if tally.lead), Fraction(0))
    return replace(like[0], counts=dict(counts), lead=lead)


def _tallies(
    demand: Demand, by_key: Mapping[str, Occurrence], signatures: Iterable[Signature], on: date
) -> Iterator[Tally]:
    for found in signatures:
        one = _occurrence(demand, by_key, found)
        state = settled(one, found.fulfilment, on, due=found.due_on, waived=found.waived)
        lead = _lead(one, found, state, on) if demand.paced and on < found.due_on else Fraction(0)
        yield Tally(one.duty, found.org, found.key, one.opens, {state: found.n}, lead)


def _lead(one: Occurrence, found: Signature, state: State, on: date) -> Fraction:
    if state not in OWED:
        return Fraction(0)
    whole = found.n * Fraction(one.needed)
    got = whole if state in _DONE else Fraction(found.amount)
    return got - whole * one.expected(on, found.due_on)


def _occurrence(
    demand: Demand, by_key: Mapping[str, Occurrence], signature: Signature
) -> Occurrence:
    """A row that must be answered has its due day from the tree and no window of its own."""
    if demand.paced:
        return by_key[signature.key]
    due = signature.due_on
    return Occurrence(
        duty=demand.id,
        number=1,
        part=1,
        key=signature.key,
        opens=date.min,
        due=due,
        soon_from=due - timedelta(days=demand.soon_days),
        late_until=date.max,
        counts_from=date.min,
        reference=None,
        needed=Decimal(1),
    )
