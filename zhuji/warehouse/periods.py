"""Rows of the table `periods`: each period that has begun, with the days that stand for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from zhuji.kernel.calendar import Calendar, Period, PeriodKind, Span

TABLE = "periods"
DAY = "day"
TYPES = {
    "kind": "VARCHAR",
    "key": "VARCHAR",
    "start_on": "DATE",
    "end_on": "DATE",
    "census_on": "DATE",
    "point_on": "DATE",
}
KINDS = (
    PeriodKind.SCHOOL_YEAR,
    PeriodKind.TERM,
    PeriodKind.QUARTER,
    PeriodKind.MONTH,
    PeriodKind.CALENDAR_YEAR,
    PeriodKind.PLAN,
)

PeriodRow = tuple[str, str, date, date, date, date]


def period_rows(
    calendar: Calendar, day: date, span: Span, kinds: Collection[PeriodKind] = KINDS
) -> list[PeriodRow]:
    """Periods of these kinds that share a day with the span and have begun by the judgement day."""
    return [
        _row(period, day)
        for kind in kinds
        if kind is not PeriodKind.PLAN or calendar.plan is not None
        for period in calendar.periods(kind, span)
        if period.span.start <= day
    ]


def day_row(day: date) -> PeriodRow:
    """A period of one day: where something is asked for on a day of its own."""
    return (DAY, day.isoformat(), day, day + timedelta(days=1), day, day)


def _row(period: Period, day: date) -> PeriodRow:
    span = period.span
    return (period.kind.value, period.key, span.start, span.end, span.start, min(day, span.last))
