"""The light of a duty or milestone, and who is short; time alone never improves it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from zhuji.duties.states import State
from zhuji.duties.tally import OWED, Tally, lineage
from zhuji.kernel.lights import Light

# The worst first: what is missed cannot wait behind what is merely open.
_SHORT = (State.MISSED, State.DUE_SOON, State.OPEN)


@dataclass(frozen=True, slots=True)
class Lack:
    """So many subjects of one organisation are short in one window."""

    org: str
    key: str
    n: int
    state: State


@dataclass(frozen=True, slots=True)
class DutyVerdict:
    light: Light
    done: int
    owed: int  # in all windows that have opened, without the waived
    value: Fraction | None  # the share done; none where nothing is owed
    missing: tuple[Lack, ...] = ()


def verdicts(
    tallies: Iterable[Tally], parents: Mapping[str, str | None], *, known: bool = True
) -> dict[str, DutyVerdict]:
    """By organisation, those above included; the tallies are of one duty and not rolled up."""
    within: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        for org in lineage(tally.org, parents):
            within[org].append(tally)
    return {org: verdict(found, known=known) for org, found in within.items()}


def verdict(tallies: Iterable[Tally], *, known: bool = True) -> DutyVerdict:
    """`known` is false where the county has no row at all in the ledger that proves the duty."""
    found = tuple(tallies)
    counts: Counter[State] = Counter()
    for tally in found:
        for state, n in tally.counts.items():
            counts[state] += n
    done = counts[State.DONE] + counts[State.DONE_LATE]
    owed = sum(counts[state] for state in OWED)
    return DutyVerdict(
        light=_light(found, owed, known=known),
        done=done,
        owed=owed,
        value=Fraction(done, owed) if owed else None,
        missing=tuple(_missing(found)),
    )


def _light(tallies: tuple[Tally, ...], owed: int, *, known: bool) -> Light:
    if not owed:
        return Light.NOT_APPLICABLE
    if not known:
        return Light.NO_DATA
    if any(tally.count(State.MISSED) for tally in tallies):
        return Light.NOT_MET
    open_now = [tally for tally in tallies if tally.count(State.OPEN, State.DUE_SOON)]
    if not open_now:
        return Light.MET
    return Light.BEHIND if _behind(tallies, open_now) else Light.ON_TRACK


def _behind(tallies: tuple[Tally, ...], open_now: list[Tally]) -> bool:
    """The pace of the whole is what counts: one school ahead makes up for one behind."""
    keys = {tally.key for tally in open_now}
    leads: dict[str, Fraction] = defaultdict(Fraction)
    for tally in tallies:
        if tally.key in keys:
            leads[tally.key] += tally.lead
    return any(lead < 0 for lead in leads.values())


def _missing(tallies: tuple[Tally, ...]) -> Iterable[Lack]:
    for state in _SHORT:
        for tally in tallies:
            n = tally.counts.get(state)
            if n:
                yield Lack(tally.org, tally.key, n, state)
