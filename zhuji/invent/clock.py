"""The school calendar as people live it: years, terms and the days on which things are counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from zhuji.invent.chance import workday
from zhuji.kernel.calendar import PeriodKind
from zhuji.kernel.spans import add_months, months_between
from zhuji.kernel.terms import first_year_of

DAY = timedelta(days=1)

_MONTHS = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.TERM: 6,
    PeriodKind.SCHOOL_YEAR: 12,
    PeriodKind.CALENDAR_YEAR: 12,
    PeriodKind.PLAN_YEAR: 12,
}


def opening(year: int) -> date:
    return date(year, 9, 1)


def term_start(year: int, term: int) -> date:
    return opening(year) if term == 1 else date(year + 1, 2, 20)


def term_end(year: int, term: int) -> date:
    """The day after the last day of lessons."""
    return date(year + 1, 1, 15) if term == 1 else date(year + 1, 7, 5)


def school_day(rng: Random, year: int, term: int) -> date:
    return workday(rng, term_start(year, term), term_end(year, term))


@dataclass(frozen=True)
class Clock:
    """What the story spans: the baseline year, the plan, and the day on which it stops."""

    first_year: int
    starts: date
    ends: date
    until: date

    @property
    def years(self) -> range:
        """School years that have begun by the last day, the baseline first."""
        return range(self.first_year, first_year_of(self.until) + 1)

    @property
    def plan_years(self) -> range:
        """School years that are the plan's: those that open after it began."""
        first = first_year_of(self.starts)
        return range(first + (self.starts > opening(first)), self.years.stop)

    def windows(self, every: PeriodKind) -> Iterator[tuple[date, date]]:
        """The parts of the plan, from its start to the last day; the last is not cut."""
        if every in (PeriodKind.SCHOOL_YEAR, PeriodKind.TERM):
            yield from self._terms(whole=every is PeriodKind.SCHOOL_YEAR)
            return
        if every is PeriodKind.WEEK or every is PeriodKind.DAY:
            every = PeriodKind.MONTH
        if every is PeriodKind.PLAN:
            yield self.starts, self.ends
            return
        months = _MONTHS[every]
        month = 1 if every is not PeriodKind.PLAN_YEAR else self.starts.month
        start = date(self.starts.year, month, self.starts.day if month > 1 else 1)
        while start <= self.until and start < self.ends:
            yield start, add_months(start, months)
            start = add_months(start, months)

    def _terms(self, *, whole: bool) -> Iterator[tuple[date, date]]:
        for year in self.plan_years:
            if whole:
                yield term_start(year, 1), term_end(year, 2)
            else:
                yield term_start(year, 1), term_end(year, 1)
                yield term_start(year, 2), term_end(year, 2)

    def years_in(self, day: date) -> float:
        """How long the plan has run, in years; never negative."""
        return max(0, months_between(self.starts, day)) / 12
