"""Cadences on the calendar: which windows there are, when they close, what pace they ask."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.duties.world import CALENDAR, PLAN
from zhuji.duties.occurrences import Occurrence, group_days, window_rows, windows
from zhuji.kernel.calendar import Calendar, PeriodKind, Span
from zhuji.kernel.messages import Label
from zhuji.plan.model import AnyCadence, Batches, Duty, Evidence, FollowUp, Milestone, Quota, Window

ON = date(2022, 10, 1)
NAME = Label("责任", "Duty")
EVIDENCE = Evidence(ledger="deeds", on="on_day")


def laid(
    cadence: AnyCadence,
    *,
    starts: date | None = None,
    ends: date | None = None,
    calendar: Calendar = CALENDAR,
    on: date = ON,
) -> tuple[Occurrence, ...]:
    duty = Duty(
        id="d",
        label=NAME,
        clauses=("M1",),
        owner="school",
        among="g",
        cadence=cadence,
        evidence=EVIDENCE,
        starts=starts,
        ends=ends,
    )
    return windows(duty, calendar, PLAN, on)


def every(kind: PeriodKind, times: int = 1) -> Window:
    return Window(form="window", every=kind, times=times)


def test_a_window_mostly_outside_the_plan_owes_nothing() -> None:
    found = laid(every(PeriodKind.SCHOOL_YEAR))
    assert [(one.key, one.owed) for one in found] == [
        ("2020-2021", False),
        ("2021-2022", True),
        ("2022-2023", True),
        ("2023-2024", True),
    ]
    assert (found[0].opens, found[0].due) == (date(2021, 6, 1), date(2021, 9, 1))
    assert (found[3].opens, found[3].due) == (date(2023, 9, 1), date(2024, 6, 1))


def test_a_duty_runs_within_its_own_dates() -> None:
    found = laid(every(PeriodKind.QUARTER), starts=date(2022, 1, 1), ends=date(2022, 8, 16))
    assert [(one.key, one.due, one.owed) for one in found] == [
        ("2022Q1", date(2022, 4, 1), True),
        ("2022Q2", date(2022, 7, 1), True),
        ("2022Q3", date(2022, 8, 16), True),  # 46 of 92 days: half is not less than half
    ]


def test_one_day_less_than_half_owes_nothing() -> None:
    found = laid(every(PeriodKind.QUARTER), starts=date(2022, 1, 1), ends=date(2022, 8, 15))
    assert [one.owed for one in found] == [True, True, False]
    assert found[1].late_until == date.max


def test_a_window_can_be_made_good_until_the_next_one_closes() -> None:
    found = [one for one in laid(every(PeriodKind.SCHOOL_YEAR)) if one.owed]
    assert [one.late_until for one in found] == [date(2023, 9, 1), date(2024, 6, 1), date.max]


def test_who_owes_is_settled_on_the_last_day_or_today() -> None:
    found = laid(every(PeriodKind.SCHOOL_YEAR))
    assert [one.reference for one in found] == [
        date(2021, 8, 31),
        date(2022, 8, 31),
        ON,
        None,
    ]


def test_only_what_is_owed_and_open_is_asked_of_the_warehouse() -> None:
    duty = Duty(
        id="d",
        label=NAME,
        clauses=("M1",),
        owner="school",
        among="g",
        cadence=every(PeriodKind.SCHOOL_YEAR),
        evidence=EVIDENCE,
    )
    found = windows(duty, CALENDAR, PLAN, ON)
    rows = window_rows(found, ON)
    assert [row[3] for row in rows] == ["2021-2022", "2022-2023"]
    assert group_days(duty, found) == {("g", date(2022, 8, 31)), ("g", ON)}


def test_batches_share_the_plan_and_each_has_its_pace() -> None:
    found = laid(Batches(form="batches", batches=3, batch="batch_no"))
    assert [(one.key, one.needed, one.part) for one in found] == [
        ("1", Decimal(1), 1),
        ("2", Decimal(2), 1),
        ("3", Decimal(3), 1),
    ]
    assert {(one.opens, one.due) for one in found} == {(PLAN.start, PLAN.end)}
    assert [one.paces[0][0] for one in found] == [
        date(2022, 6, 1),
        date(2023, 6, 1),
        date(2024, 6, 1),
    ]
    assert [one.expected(ON) for one in found] == [1, 0, 0]


def test_a_sum_over_the_plan_is_expected_year_by_year() -> None:
    [one] = laid(Quota(form="quota", measure="hours", total=Decimal(90)))
    assert (one.key, one.needed) == ("plan", Decimal(90))
    expected = {
        date(2022, 5, 31): Fraction(0),
        date(2022, 6, 1): Fraction(1, 3),
        date(2023, 6, 1): Fraction(2, 3),
        date(2024, 5, 19): Fraction(1083, 1096),
        date(2024, 6, 1): Fraction(1),
    }
    assert {day: one.expected(day) for day in expected} == expected


def test_weeks_are_teaching_weeks() -> None:
    from zhuji.kernel.calendar import TermDates

    terms = TermDates(
        2021,
        date(2022, 2, 1),
        first_teaching=Span(date(2021, 9, 1), date(2021, 9, 18)),
        second_teaching=Span(date(2022, 2, 14), date(2022, 2, 21)),
    )
    found = laid(
        every(PeriodKind.WEEK),
        starts=date(2021, 9, 1),
        ends=date(2022, 3, 1),
        calendar=Calendar(plan=PLAN, terms=(terms,)),
    )
    assert [(one.opens, one.due) for one in found] == [
        (date(2021, 9, 1), date(2021, 9, 6)),
        (date(2021, 9, 6), date(2021, 9, 13)),
        (date(2021, 9, 13), date(2021, 9, 18)),
        (date(2022, 2, 14), date(2022, 2, 21)),
    ]


def test_an_answer_is_due_after_so_many_working_days() -> None:
    calendar = Calendar(plan=PLAN, holidays=frozenset({date(2021, 6, 14)}))
    follow = FollowUp(form="follow_up", within_days=1, working_days=True, answered="to_day")
    found = laid(follow, calendar=calendar, on=date(2021, 6, 11))
    assert found[-1].opens == date(2021, 6, 11)  # a Friday before a long weekend
    assert found[-1].due == date(2021, 6, 16)
    assert len(found) == 11


def test_an_answer_within_three_days_may_come_on_the_third() -> None:
    follow = FollowUp(form="follow_up", within_days=3, answered="to_day")
    [one] = laid(follow, on=PLAN.start)
    assert one.due == date(2021, 6, 5)


def test_a_milestone_may_be_done_on_its_day_and_long_before_the_plan() -> None:
    milestone = Milestone(
        id="m",
        label=NAME,
        clauses=("M18",),
        owner="school",
        among="g",
        by=date(2022, 12, 31),
        evidence=EVIDENCE,
        least=2,
    )
    [one] = windows(milestone, CALENDAR, PLAN, ON)
    assert (one.opens, one.due, one.counts_from) == (PLAN.start, date(2023, 1, 1), date.min)
    assert (one.needed, one.soon_from) == (Decimal(2), date(2022, 12, 18))
