"""Working days: weekdays without holidays, plus the make-up days the State Council names."""

from __future__ import annotations

from datetime import date, timedelta

from zhuji.kernel.calendar import Calendar

_SATURDAY = 5


def is_working_day(day: date, calendar: Calendar) -> bool:
    if day in calendar.make_up_days:
        return True
    return day.weekday() < _SATURDAY and day not in calendar.holidays


def add_working_days(day: date, count: int, calendar: Calendar) -> date:
    """The count-th working day after `day` (before it, when negative); `day` is not counted.

    民法典第二百零一条：按照日计算期间的，开始的当日不计入，自下一日开始计算。
    """
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, calendar)
    return day


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Undo `add_working_days`: `start` is not counted, `end` is; negative when `end` is earlier."""
    step = timedelta(days=1 if end >= start else -1)
    count = 0
    day = start
    while day != end:
        day += step
        count += is_working_day(day, calendar)
    return count * step.days
