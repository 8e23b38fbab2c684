"""Working days with holidays and make-up days; the day itself is not counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuji.kernel.calendar import Calendar
from zhuji.kernel.workdays import add_working_days, is_working_day, working_days_between

# National Day 2021 as announced: 1 to 7 October off, 26 September and 9 October at work.
NATIONAL_DAY = Calendar(
    holidays=frozenset(date(2021, 10, day) for day in range(1, 8)),
    make_up_days=frozenset([date(2021, 9, 26), date(2021, 10, 9)]),
)
NEAR = st.dates(date(2021, 8, 1), date(2021, 12, 1))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2021, 9, 25), False),
        (date(2021, 9, 26), True),
        (date(2021, 9, 30), True),
        (date(2021, 10, 1), False),
        (date(2021, 10, 8), True),
        (date(2021, 10, 9), True),
        (date(2021, 10, 10), False),
    ],
)
def test_holidays_and_make_up_days(day: date, works: bool) -> None:
    assert is_working_day(day, NATIONAL_DAY) is works


def test_ten_working_days_across_the_holiday() -> None:
    assert add_working_days(date(2021, 9, 28), 10, NATIONAL_DAY) == date(2021, 10, 18)
    assert add_working_days(date(2021, 9, 28), 10, Calendar()) == date(2021, 10, 12)


def test_no_working_days_is_the_day_itself() -> None:
    assert add_working_days(date(2021, 10, 1), 0, NATIONAL_DAY) == date(2021, 10, 1)


@given(NEAR, st.integers(-60, 60))
def test_counting_undoes_adding(day: date, count: int) -> None:
    reached = add_working_days(day, count, NATIONAL_DAY)
    assert working_days_between(day, reached, NATIONAL_DAY) == count
    assert count == 0 or is_working_day(reached, NATIONAL_DAY)


@given(NEAR, NEAR)
def test_counting_agrees_with_a_list_of_days(start: date, end: date) -> None:
    first, last = min(start, end), max(start, end)
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    counted = days[1:] if start <= end else days[:-1]
    expected = sum(is_working_day(day, NATIONAL_DAY) for day in counted)
    assert working_days_between(start, end, NATIONAL_DAY) == (
        expected if start <= end else -expected
    )
