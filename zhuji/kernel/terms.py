"""School years and their two terms: 1 September to 31 August, cut where the second term begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import Message, say
from zhuji.kernel.spans import Span

# The school year of the national statistics.
_FIRST_MONTH = 9
# Where no school calendar is on file, the second term is taken to begin on 1 February.
_SECOND_TERM_MONTH = 2


def first_year_of(day: date) -> int:
    """The year in which the school year of this day began."""
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def school_year_key(first_year: int) -> str:
    return f"{first_year}-{first_year + 1}"


def school_year_span(first_year: int) -> Span:
    return Span(date(first_year, _FIRST_MONTH, 1), date(first_year + 1, _FIRST_MONTH, 1))


@dataclass(frozen=True, slots=True)
class TermDates:
    """One school year's own dates: when the second term begins and when lessons are held."""

    first_year: int
    second_term_on: date
    first_teaching: Span | None = None
    second_teaching: Span | None = None

    def __post_init__(self) -> None:
        whole = school_year_span(self.first_year)
        if not whole.start < self.second_term_on < whole.end:
            raise self._misplaced(say("第二学期开始日不在本学年内"))
        for number, teaching in ((1, self.first_teaching), (2, self.second_teaching)):
            if teaching is not None and not self.term(number).covers(teaching):
                raise self._misplaced(say("第 {number} 学期的教学时间超出了该学期", number=number))

    def term(self, number: int) -> Span:
        whole = school_year_span(self.first_year)
        if number == 1:
            return Span(whole.start, self.second_term_on)
        return Span(self.second_term_on, whole.end)

    def number_of(self, day: date) -> int:
        return 1 if day < self.second_term_on else 2

    def teaching(self, number: int) -> Span | None:
        return self.first_teaching if number == 1 else self.second_teaching

    def _misplaced(self, problem: Message) -> BadInput:
        year = school_year_key(self.first_year)
        return BadInput(say("{year} 学年校历：{problem}。", year=year, problem=problem))


def usual_term_dates(first_year: int) -> TermDates:
    """What holds until the county enters its school calendar; it says nothing of lessons."""
    return TermDates(first_year, date(first_year + 1, _SECOND_TERM_MONTH, 1))


def teaching_weeks(teaching: Span) -> tuple[Span, ...]:
    """Monday to Sunday, the first and the last cut at the edges of the teaching time."""
    weeks: list[Span] = []
    start = teaching.start
    while start < teaching.end:
        next_monday = start + timedelta(days=7 - start.weekday())
        weeks.append(Span(start, min(next_monday, teaching.end)))
        start = next_monday
    return tuple(weeks)


def week_start(teaching: Span, number: int) -> date:
    """First day of the numbered week; also past the end, where no week is."""
    monday = teaching.start - timedelta(days=teaching.start.weekday())
    return max(teaching.start, monday + timedelta(days=7 * (number - 1)))
