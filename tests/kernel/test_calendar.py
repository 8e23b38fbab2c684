"""Periods tile time, keys read back, months are calendar months."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuji.kernel.calendar import (
    Calendar,
    Period,
    PeriodKind,
    Span,
    TermDates,
    add_months,
    months_between,
)
from zhuji.kernel.errors import BadInput, NotFound

DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))
SPANS = st.tuples(DAYS, st.integers(1, 900)).map(lambda p: Span(p[0], p[0] + timedelta(p[1])))
YEAR_2021 = TermDates(
    2021,
    date(2022, 2, 14),
    first_teaching=Span(date(2021, 9, 1), date(2022, 1, 16)),
    second_teaching=Span(date(2022, 2, 14), date(2022, 7, 2)),
)
CALENDAR = Calendar(plan=Span(date(2021, 8, 16), date(2024, 1, 1)), terms=(YEAR_2021,))
TOTAL = [
    kind
    for kind in PeriodKind
    if kind not in (PeriodKind.WEEK, PeriodKind.PLAN, PeriodKind.PLAN_YEAR)
]


def keys(periods: tuple[Period, ...]) -> list[str]:
    return [period.key for period in periods]


@given(st.sampled_from(TOTAL), DAYS)
def test_every_day_lies_in_exactly_one_period_and_its_neighbours_touch(
    kind: PeriodKind, day: date
) -> None:
    period = CALENDAR.period_of(kind, day)
    assert period.span.contains(day)
    assert CALENDAR.period_of(kind, period.span.start) == period
    assert CALENDAR.period_of(kind, period.span.last) == period
    assert CALENDAR.period_of(kind, period.span.end).span.start == period.span.end


@given(st.sampled_from(TOTAL), DAYS)
def test_keys_read_back(kind: PeriodKind, day: date) -> None:
    period = CALENDAR.period_of(kind, day)
    assert CALENDAR.parse(kind, period.key) == period


@given(st.sampled_from([k for k in TOTAL if k is not PeriodKind.DAY]), SPANS)
def test_periods_of_a_span_cover_it_without_gap_or_overlap(kind: PeriodKind, span: Span) -> None:
    periods = CALENDAR.periods(kind, span)
    for before, after in pairwise(periods):
        assert before.span.end == after.span.start
    assert periods[0].span.contains(span.start)
    assert periods[-1].span.contains(span.last)


@given(st.integers(1990, 2060), st.integers(1, 363))
def test_two_terms_make_the_school_year_wherever_the_second_begins(year: int, offset: int) -> None:
    cut = date(year, 9, 1) + timedelta(days=offset)
    calendar = Calendar(terms=(TermDates(year, cut),))
    whole = calendar.parse(PeriodKind.SCHOOL_YEAR, f"{year}-{year + 1}").span
    first, second = calendar.periods(PeriodKind.TERM, whole)
    assert (first.span, second.span) == (Span(whole.start, cut), Span(cut, whole.end))


@pytest.mark.parametrize(
    ("kind", "day", "key", "start", "end"),
    [
        (PeriodKind.SCHOOL_YEAR, "2022-08-31", "2021-2022", "2021-09-01", "2022-09-01"),
        (PeriodKind.SCHOOL_YEAR, "2022-09-01", "2022-2023", "2022-09-01", "2023-09-01"),
        (PeriodKind.TERM, "2022-02-13", "2021-2022-1", "2021-09-01", "2022-02-14"),
        (PeriodKind.TERM, "2022-02-14", "2021-2022-2", "2022-02-14", "2022-09-01"),
        (PeriodKind.TERM, "2023-01-31", "2022-2023-1", "2022-09-01", "2023-02-01"),
        (PeriodKind.TERM, "2023-02-01", "2022-2023-2", "2023-02-01", "2023-09-01"),
        (PeriodKind.QUARTER, "2021-09-30", "2021Q3", "2021-07-01", "2021-10-01"),
        (PeriodKind.MONTH, "2021-12-31", "2021-12", "2021-12-01", "2022-01-01"),
        (PeriodKind.CALENDAR_YEAR, "2021-12-31", "2021", "2021-01-01", "2022-01-01"),
        (PeriodKind.PLAN, "2021-08-16", "plan", "2021-08-16", "2024-01-01"),
        (PeriodKind.PLAN_YEAR, "2022-08-15", "p1", "2021-08-16", "2022-08-16"),
        (PeriodKind.PLAN_YEAR, "2023-12-31", "p3", "2023-08-16", "2024-01-01"),
        (PeriodKind.DAY, "2021-09-01", "2021-09-01", "2021-09-01", "2021-09-02"),
        (PeriodKind.WEEK, "2021-09-05", "2021-2022-1-w01", "2021-09-01", "2021-09-06"),
        (PeriodKind.WEEK, "2021-09-19", "2021-2022-1-w03", "2021-09-13", "2021-09-20"),
        (PeriodKind.WEEK, "2022-01-15", "2021-2022-1-w20", "2022-01-10", "2022-01-16"),
        (PeriodKind.WEEK, "2022-02-14", "2021-2022-2-w01", "2022-02-14", "2022-02-21"),
    ],
)
def test_periods_by_example(kind: PeriodKind, day: str, key: str, start: str, end: str) -> None:
    period = CALENDAR.period_of(kind, date.fromisoformat(day))
    assert period == Period(kind, key, Span(date.fromisoformat(start), date.fromisoformat(end)))
    assert CALENDAR.parse(kind, key) == period


@given(st.integers(0, 150), st.integers(1, 160))
def test_teaching_weeks_tile_the_teaching_time_and_begin_on_mondays(start: int, days: int) -> None:
    first_day = date(2021, 9, 1) + timedelta(days=start)
    teaching = Span(first_day, min(first_day + timedelta(days=days), date(2022, 2, 1)))
    calendar = Calendar(terms=(TermDates(2021, date(2022, 2, 1), first_teaching=teaching),))
    weeks = calendar.periods(PeriodKind.WEEK, teaching)
    assert (weeks[0].span.start, weeks[-1].span.end) == (teaching.start, teaching.end)
    for number, (before, after) in enumerate(pairwise(weeks), start=1):
        assert before.span.end == after.span.start
        assert after.span.start.weekday() == 0
        assert before.key == f"2021-2022-1-w{number:02}"
    assert all(calendar.parse(PeriodKind.WEEK, week.key) == week for week in weeks)
    assert max(week.span.days for week in weeks) <= 7


def test_the_weeks_of_a_year_leave_the_holiday_out() -> None:
    weeks = CALENDAR.periods(PeriodKind.WEEK, Span(date(2022, 1, 9), date(2022, 2, 22)))
    assert keys(weeks) == [
        "2021-2022-1-w19",
        "2021-2022-1-w20",
        "2021-2022-2-w01",
        "2021-2022-2-w02",
    ]
    assert CALENDAR.find(PeriodKind.WEEK, date(2022, 1, 16)) is None
    with pytest.raises(NotFound, match="不在教学周内"):
        CALENDAR.period_of(PeriodKind.WEEK, date(2022, 1, 16))


def test_weeks_without_a_school_calendar_are_refused_not_guessed() -> None:
    with pytest.raises(NotFound, match="2022-2023-1 学期没有校历"):
        CALENDAR.find(PeriodKind.WEEK, date(2022, 10, 1))


def test_plan_years_tile_the_plan() -> None:
    everything = Span(date(2020, 1, 1), date(2030, 1, 1))
    years = CALENDAR.periods(PeriodKind.PLAN_YEAR, everything)
    assert keys(years) == ["p1", "p2", "p3"]
    assert [years[0].span.start, years[0].span.end] == [date(2021, 8, 16), years[1].span.start]
    assert [years[1].span.end, years[2].span.end] == [years[2].span.start, date(2024, 1, 1)]
    assert all(CALENDAR.parse(PeriodKind.PLAN_YEAR, year.key) == year for year in years)


def test_a_plan_that_begins_on_a_leap_day_loses_no_day() -> None:
    calendar = Calendar(plan=Span(date(2020, 2, 29), date(2024, 2, 29)))
    assert calendar.plan is not None
    years = calendar.periods(PeriodKind.PLAN_YEAR, calendar.plan)
    assert keys(years) == ["p1", "p2", "p3", "p4"]
    assert sum(year.span.days for year in years) == calendar.plan.days


def test_outside_the_plan_there_is_no_plan_year_and_without_a_plan_no_plan() -> None:
    assert CALENDAR.find(PeriodKind.PLAN, date(2024, 1, 1)) is None
    with pytest.raises(NotFound, match="起止时间内"):
        CALENDAR.period_of(PeriodKind.PLAN_YEAR, date(2021, 8, 15))
    with pytest.raises(NotFound, match="没有设定计划"):
        Calendar().period_of(PeriodKind.PLAN, date(2021, 8, 16))


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (PeriodKind.SCHOOL_YEAR, "2021-2023"),
        (PeriodKind.SCHOOL_YEAR, "2021"),
        (PeriodKind.SCHOOL_YEAR, "0000-0001"),
        (PeriodKind.SCHOOL_YEAR, "9999-10000"),
        (PeriodKind.TERM, "2021-2022-3"),
        (PeriodKind.TERM, "2021-2023-1"),
        (PeriodKind.WEEK, "2021-2022-1-w00"),
        (PeriodKind.WEEK, "2021-2022-1-w21"),
        (PeriodKind.WEEK, "2021-2022-1-w3"),
        (PeriodKind.QUARTER, "2021Q5"),
        (PeriodKind.QUARTER, "2021q3"),
        (PeriodKind.MONTH, "2021-13"),
        (PeriodKind.MONTH, "2021-9"),
        (PeriodKind.MONTH, "２０２１-09"),
        (PeriodKind.CALENDAR_YEAR, "21"),
        (PeriodKind.CALENDAR_YEAR, "9999"),
        (PeriodKind.PLAN_YEAR, "p0"),
        (PeriodKind.PLAN_YEAR, "p4"),
        (PeriodKind.PLAN_YEAR, "p01"),
        (PeriodKind.PLAN, "Plan"),
        (PeriodKind.DAY, "2021-02-29"),
        (PeriodKind.DAY, "2021-09-01 "),
    ],
)
def test_a_key_that_is_not_spelt_exactly_is_refused(kind: PeriodKind, key: str) -> None:
    with pytest.raises(BadInput, match="不是有效的时期"):
        CALENDAR.parse(kind, key)


def test_a_school_calendar_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(BadInput, match="第二学期开始日不在本学年内"):
        TermDates(2021, date(2021, 9, 1))
    with pytest.raises(BadInput, match="第 1 学期的教学时间超出"):
        TermDates(2021, date(2022, 2, 1), Span(date(2021, 8, 30), date(2022, 1, 16)))
    with pytest.raises(BadInput, match="出现了两次"):
        Calendar(terms=(YEAR_2021, YEAR_2021))
    with pytest.raises(BadInput, match="既是放假日又是补班日"):
        Calendar(
            holidays=frozenset([date(2021, 10, 1)]), make_up_days=frozenset([date(2021, 10, 1)])
        )


def test_a_span_is_never_empty() -> None:
    with pytest.raises(BadInput, match="应早于"):
        Span(date(2021, 9, 1), date(2021, 9, 1))


def test_spans_that_only_touch_share_no_day() -> None:
    first, second = (
        Span(date(2021, 9, 1), date(2021, 9, 8)),
        Span(date(2021, 9, 8), date(2021, 9, 9)),
    )
    assert not first.overlaps(second)
    assert not second.overlaps(first)
    assert first.intersect(second) is None
    assert not first.contains(first.end)


@given(SPANS, SPANS)
def test_overlap_and_intersection_agree_with_sets_of_days(left: Span, right: Span) -> None:
    common = _days(left) & _days(right)
    assert left.overlaps(right) is bool(common)
    shared = left.intersect(right)
    assert (_days(shared) if shared else set()) == common
    assert left.covers(right) is (_days(right) <= _days(left))
    assert left.days == len(_days(left))


def _days(span: Span) -> set[date]:
    return {span.start + timedelta(days=offset) for offset in range(span.days)}


@pytest.mark.parametrize(
    ("start", "end", "lasts"),
    [
        ("2021-02-01", "2021-03-01", True),
        ("2021-02-01", "2021-02-28", False),
        ("2021-03-01", "2021-03-31", False),
        ("2021-03-15", "2021-04-15", True),
        ("2021-01-31", "2021-02-28", True),
    ],
)
def test_a_month_at_least_is_a_calendar_month(start: str, end: str, lasts: bool) -> None:
    span = Span(date.fromisoformat(start), date.fromisoformat(end))
    assert span.lasts(1) is lasts
    assert (span.whole_months >= 1) is lasts


@given(SPANS, st.integers(0, 40))
def test_whole_months_are_those_that_fit(span: Span, months: int) -> None:
    assert span.lasts(months) is (months <= span.whole_months)


@given(DAYS, st.integers(-400, 400))
def test_adding_months_lands_in_the_right_month_and_undoes_itself_before_the_29th(
    day: date, months: int
) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
    early = day.replace(day=min(day.day, 28))
    assert add_months(add_months(early, months), -months) == early
    assert months_between(early, add_months(early, months)) == months
