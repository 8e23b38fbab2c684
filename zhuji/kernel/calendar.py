"""Periods of a county's work: each kind cuts time one way, and every key reads back exactly."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from zhuji.kernel.errors import BadInput, NotFound, bad_value
from zhuji.kernel.messages import say
from zhuji.kernel.spans import Span, add_months, months_between
from zhuji.kernel.terms import (
    TermDates,
    first_year_of,
    school_year_key,
    school_year_span,
    teaching_weeks,
    usual_term_dates,
    week_start,
)

__all__ = [
    "Calendar",
    "Period",
    "PeriodKind",
    "Span",
    "TermDates",
    "add_months",
    "months_between",
    "school_year_key",
]

_DAY = timedelta(days=1)


class PeriodKind(StrEnum):
    SCHOOL_YEAR = "school_year"
    TERM = "term"
    WEEK = "week"
    QUARTER = "quarter"
    MONTH = "month"
    CALENDAR_YEAR = "calendar_year"
    PLAN_YEAR = "plan_year"
    PLAN = "plan"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Period:
    kind: PeriodKind
    key: str
    span: Span


@dataclass(frozen=True, slots=True)
class Calendar:
    """What time means in one county: the plan's span, the school calendar, the days off."""

    plan: Span | None = None
    terms: tuple[TermDates, ...] = ()
    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        years = [dates.first_year for dates in self.terms]
        if len(years) != len(set(years)):
            raise BadInput(say("同一学年的校历出现了两次。"))
        both = self.holidays & self.make_up_days
        if both:
            raise BadInput(say("{day} 既是放假日又是补班日。", day=min(both)))

    def term_dates(self, first_year: int) -> TermDates:
        for dates in self.terms:
            if dates.first_year == first_year:
                return dates
        return usual_term_dates(first_year)

    def find(self, kind: PeriodKind, day: date) -> Period | None:
        """The period this day lies in; None between teaching weeks and outside the plan."""
        return _FINDERS[kind](self, day)

    def period_of(self, kind: PeriodKind, day: date) -> Period:
        period = self.find(kind, day)
        if period is None:
            raise NotFound(
                say("{day} 不在教学周内。", day=day)
                if kind is PeriodKind.WEEK
                else say("{day} 不在计划的起止时间内。", day=day)
            )
        return period

    def periods(self, kind: PeriodKind, span: Span) -> tuple[Period, ...]:
        """All periods that share a day with the span, in order, uncut."""
        found: list[Period] = []
        day = span.start
        while day < span.end:
            period = self.find(kind, day)
            if period is None:
                day += _DAY
                continue
            found.append(period)
            day = period.span.end
        return tuple(found)

    def parse(self, kind: PeriodKind, key: str) -> Period:
        """Read a key back; only the exact spelling that `period_of` gives is a key."""
        pattern, example = _KEYS[kind]
        match = pattern.fullmatch(key)
        if match:
            period = _from_parts(self, kind, [int(part) for part in match.groups()])
            if period is not None and period.key == key:
                return period
        raise bad_value(
            say("“{key}”不是有效的时期。", key=key),
            value=key,
            code="period.key",
            proposal=say("请写成 {example} 这样的形式。", example=example),
        )


def _school_year(calendar: Calendar, day: date) -> Period:
    year = first_year_of(day)
    return Period(PeriodKind.SCHOOL_YEAR, school_year_key(year), school_year_span(year))


def _term(calendar: Calendar, day: date) -> Period:
    dates = calendar.term_dates(first_year_of(day))
    number = dates.number_of(day)
    key = f"{school_year_key(dates.first_year)}-{number}"
    return Period(PeriodKind.TERM, key, dates.term(number))


def _week(calendar: Calendar, day: date) -> Period | None:
    term = _term(calendar, day)
    for number, week in enumerate(teaching_weeks(_teaching(calendar, day)), start=1):
        if week.contains(day):
            return Period(PeriodKind.WEEK, f"{term.key}-w{number:02}", week)
    return None


def _teaching(calendar: Calendar, day: date) -> Span:
    dates = calendar.term_dates(first_year_of(day))
    teaching = dates.teaching(dates.number_of(day))
    if teaching is None:
        term = _term(calendar, day).key
        raise NotFound(say("{term} 学期没有校历，请先填写该学期的教学起止日。", term=term))
    return teaching


def _quarter(calendar: Calendar, day: date) -> Period:
    number = (day.month + 2) // 3
    start = date(day.year, number * 3 - 2, 1)
    span = Span(start, add_months(start, 3))
    return Period(PeriodKind.QUARTER, f"{day.year:04}Q{number}", span)


def _month(calendar: Calendar, day: date) -> Period:
    start = day.replace(day=1)
    return Period(PeriodKind.MONTH, f"{start:%Y-%m}", Span(start, add_months(start, 1)))


def _calendar_year(calendar: Calendar, day: date) -> Period:
    span = Span(date(day.year, 1, 1), date(day.year + 1, 1, 1))
    return Period(PeriodKind.CALENDAR_YEAR, f"{day.year:04}", span)


def _plan_year(calendar: Calendar, day: date) -> Period | None:
    """Years counted from the plan's first day; the last one may be shorter."""
    plan = _plan_span(calendar)
    if not plan.contains(day):
        return None
    passed = months_between(plan.start, day) // 12
    start, end = add_months(plan.start, passed * 12), add_months(plan.start, passed * 12 + 12)
    return Period(PeriodKind.PLAN_YEAR, f"p{passed + 1}", Span(start, min(end, plan.end)))


def _plan(calendar: Calendar, day: date) -> Period | None:
    plan = _plan_span(calendar)
    return Period(PeriodKind.PLAN, "plan", plan) if plan.contains(day) else None


def _plan_span(calendar: Calendar) -> Span:
    if calendar.plan is None:
        raise NotFound(say("没有设定计划的起止时间。"))
    return calendar.plan


def _day(calendar: Calendar, day: date) -> Period:
    return Period(PeriodKind.DAY, day.isoformat(), Span(day, day + _DAY))


_FINDERS: dict[PeriodKind, Callable[[Calendar, date], Period | None]] = {
    PeriodKind.SCHOOL_YEAR: _school_year,
    PeriodKind.TERM: _term,
    PeriodKind.WEEK: _week,
    PeriodKind.QUARTER: _quarter,
    PeriodKind.MONTH: _month,
    PeriodKind.CALENDAR_YEAR: _calendar_year,
    PeriodKind.PLAN_YEAR: _plan_year,
    PeriodKind.PLAN: _plan,
    PeriodKind.DAY: _day,
}
# How a key is spelt, and one that shows it.
_KEYS = {
    PeriodKind.SCHOOL_YEAR: (re.compile(r"([0-9]{4})-[0-9]{4}"), "2021-2022"),
    PeriodKind.TERM: (re.compile(r"([0-9]{4})-[0-9]{4}-([12])"), "2021-2022-1"),
    PeriodKind.WEEK: (re.compile(r"([0-9]{4})-[0-9]{4}-([12])-w([0-9]{2})"), "2021-2022-1-w03"),
    PeriodKind.QUARTER: (re.compile(r"([0-9]{4})Q([1-4])"), "2021Q3"),
    PeriodKind.MONTH: (re.compile(r"([0-9]{4})-([0-9]{2})"), "2021-09"),
    PeriodKind.CALENDAR_YEAR: (re.compile(r"([0-9]{4})"), "2021"),
    PeriodKind.PLAN_YEAR: (re.compile(r"p([0-9]{1,3})"), "p1"),
    PeriodKind.PLAN: (re.compile(r"plan"), "plan"),
    PeriodKind.DAY: (re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"), "2021-09-01"),
}


def _from_parts(calendar: Calendar, kind: PeriodKind, parts: list[int]) -> Period | None:
    """Find the period by a day inside it; the caller compares the keys."""
    try:
        return calendar.find(kind, _day_within(calendar, kind, parts))
    except (ValueError, OverflowError):  # no such month, or a year that no date can hold
        return None


def _day_within(calendar: Calendar, kind: PeriodKind, parts: list[int]) -> date:
    match kind, parts:
        case (PeriodKind.SCHOOL_YEAR, [year]):
            return school_year_span(year).start
        case (PeriodKind.TERM, [year, number]):
            return calendar.term_dates(year).term(number).start
        case (PeriodKind.WEEK, [year, number, week]):
            term = calendar.term_dates(year).term(number)
            return week_start(_teaching(calendar, term.start), week)
        case (PeriodKind.QUARTER, [year, number]):
            return date(year, number * 3, 1)
        case (PeriodKind.PLAN_YEAR | PeriodKind.PLAN, _):
            number = parts[0] if parts else 1
            return add_months(_plan_span(calendar).start, number * 12 - 12)
        case _:
            year, month, day = [*parts, 1, 1][:3]
            return date(year, month, day)
