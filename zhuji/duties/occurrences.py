"""Cadences laid on the calendar: each occurrence says from when, until when and how much."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from zhuji.duties.demand import Demand, demand_of
from zhuji.kernel.calendar import Calendar, Period, PeriodKind, Span
from zhuji.kernel.workdays import add_working_days
from zhuji.plan.model import Batches, Duty, FollowUp, Milestone, Quota, Window

_DAY = timedelta(days=1)
# The table that the trees of `evidence` and `lacking` read; `window_rows` fills it.
WINDOWS = "windows"
WINDOW_COLUMNS = {
    "duty": "VARCHAR",
    "number": "BIGINT",
    "part": "BIGINT",
    "key": "VARCHAR",
    "counts_from": "DATE",
    "opens_on": "DATE",
    "due_on": "DATE",
    "late_on": "DATE",
    "reference_on": "DATE",
    "judged_on": "DATE",
    "needed": "DECIMAL(18,2)",
}


WindowRow = tuple[str, int, int, str, date, date, date, date, date, date, Decimal]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing owed: by each subject, on the days opens <= day < due, so many times.

    Occurrences that share a `part` count the same evidence: batch 2 of 6 needs two of it.
    """

    duty: str
    number: int
    part: int
    key: str
    opens: date
    due: date  # the day after the last good one
    soon_from: date
    late_until: date  # what is dated from here on cannot make it good any more
    counts_from: date  # evidence dated before this is not looked at
    reference: date | None  # who owes is settled by where they are on this day; none before it
    needed: Decimal
    paces: tuple[tuple[date, Fraction], ...] = ()
    owed: bool = True  # False for a window of which less than half lies in the plan

    def expected(self, on: date, due: date | None = None) -> Fraction:
        """The share that should be done by now: by the paces, and by time once it is due soon."""
        due = due or self.due
        if on >= due:
            return Fraction(1)
        shares = [share for day, share in self.paces if day <= on]
        if on >= max(self.opens, due - (self.due - self.soon_from)):
            shares.append(Fraction((on - self.opens).days, (due - self.opens).days))
        return max(shares, default=Fraction(0))


def windows(
    asked: Duty | Milestone, calendar: Calendar, plan_span: Span, on: date
) -> tuple[Occurrence, ...]:
    """All occurrences within the plan and the duty's own dates, also those not yet open.

    A follow-up has one for each day up to `on` on which an event may have happened.
    """
    demand = demand_of(asked)
    span = _lifetime(demand, plan_span)
    if span is None:
        return ()
    if isinstance(demand.cadence, FollowUp):
        return tuple(_follow_ups(demand, demand.cadence, calendar, span, on))
    found = _in_parts(demand, replace(calendar, plan=plan_span), span)
    return tuple(
        replace(one, reference=min(on, one.due - _DAY) if one.opens <= on else None)
        for one in _with_late_spans(found)
    )


def window_rows(occurrences: Iterable[Occurrence], on: date) -> list[WindowRow]:
    """Rows of the table `windows`, in the order of WINDOW_COLUMNS: what is owed and open."""
    return [
        (
            one.duty,
            one.number,
            one.part,
            one.key,
            one.counts_from,
            one.opens,
            one.due,
            one.late_until,
            one.reference,
            on,
            one.needed,
        )
        for one in occurrences
        if one.owed and one.reference is not None
    ]


def group_days(asked: Duty | Milestone, occurrences: Iterable[Occurrence]) -> set[tuple[str, date]]:
    """The (group, day) pairs that the table `group_days(grp, day, org)` must hold."""
    if asked.among is None:
        return set()
    days = {one.reference for one in occurrences if one.owed}
    return {(asked.among, day) for day in days if day is not None}


def _lifetime(demand: Demand, plan_span: Span) -> Span | None:
    start = max(plan_span.start, demand.starts or plan_span.start)
    if demand.once:  # a milestone may fall due after the plan's last day, or before its first
        end = demand.ends or plan_span.end
        return Span(min(start, end - _DAY), end)
    end = min(plan_span.end, demand.ends or plan_span.end)
    return Span(start, end) if start < end else None


def _in_parts(demand: Demand, calendar: Calendar, span: Span) -> list[Occurrence]:
    cadence = demand.cadence
    if isinstance(cadence, Batches):
        return [_batch(demand, span, step) for step in range(1, cadence.batches + 1)]
    assert isinstance(cadence, Window | Quota)
    if cadence.every is PeriodKind.PLAN:
        period = Period(cadence.every, cadence.every.value, span)
        return [_window(demand, period, span, 1)]
    periods = calendar.periods(cadence.every, span)
    return [_window(demand, period, span, number) for number, period in enumerate(periods, 1)]


def _window(demand: Demand, period: Period, span: Span, number: int) -> Occurrence:
    part = period.span.intersect(span)
    assert part is not None
    whole = _occurrence(demand, number, period.key, part)
    paces = _paces(part, _steps(demand, part)) if period.kind is PeriodKind.PLAN else ()
    return replace(whole, part=number, paces=paces, owed=2 * part.days >= period.span.days)


def _batch(demand: Demand, span: Span, step: int) -> Occurrence:
    """All batches share the whole span; each has a day by which a steady pace would have it."""
    [pace] = _paces(span, int(demand.needed))[step - 1 : step]
    return replace(
        _occurrence(demand, step, str(step), span),
        needed=Decimal(step),
        paces=((pace[0], Fraction(1)),),
    )


def _occurrence(demand: Demand, number: int, key: str, span: Span) -> Occurrence:
    return Occurrence(
        duty=demand.id,
        number=number,
        part=1,
        key=key,
        opens=span.start,
        due=span.end,
        soon_from=max(span.start, span.end - timedelta(days=demand.soon_days)),
        late_until=date.max,
        counts_from=date.min if demand.once else span.start,
        reference=None,
        needed=demand.needed,
    )


def _steps(demand: Demand, span: Span) -> int:
    """A count over the plan is expected one by one, a sum year by year."""
    if isinstance(demand.cadence, Quota):
        return max(1, span.whole_months // 12)
    return 1 if demand.once else int(demand.needed)


def _paces(span: Span, steps: int) -> tuple[tuple[date, Fraction], ...]:
    return tuple(
        (span.start + timedelta(days=span.days * step // steps), Fraction(step, steps))
        for step in range(1, steps + 1)
    )


def _with_late_spans(found: list[Occurrence]) -> list[Occurrence]:
    """A window can be made good until the next one closes; the last one at any time."""
    following = {one.part: one.due for one in found if one.owed}
    parts = sorted(following)
    after = {part: following[late] for part, late in pairwise(parts)}
    return [replace(one, late_until=after.get(one.part, date.max)) for one in found]


def _follow_ups(
    demand: Demand, cadence: FollowUp, calendar: Calendar, span: Span, on: date
) -> Iterator[Occurrence]:
    days = (span.start + timedelta(days=step) for step in range(span.days))
    reference = min(on, span.last)
    for number, day in enumerate((day for day in days if day <= on), start=1):
        last = (
            add_working_days(day, cadence.within_days, calendar)
            if cadence.working_days
            else day + timedelta(days=cadence.within_days)
        )
        due = max(last, day) + _DAY
        whole = _occurrence(demand, number, day.isoformat(), Span(day, due))
        yield replace(whole, part=number, reference=reference)
