"""The table of states, line by line, and that it leaves no gap."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuji.duties.occurrences import Occurrence
from zhuji.duties.states import LABELS, State, state

QUARTER = Occurrence(
    duty="d",
    number=1,
    part=1,
    key="2022Q1",
    opens=date(2022, 1, 1),
    due=date(2022, 4, 1),
    soon_from=date(2022, 3, 18),
    late_until=date(2022, 7, 1),
    counts_from=date(2022, 1, 1),
    reference=date(2022, 3, 31),
    needed=Decimal(1),
)
DAYS = st.dates(date(2021, 1, 1), date(2023, 12, 31))


@pytest.mark.parametrize(
    ("on", "done_on", "expected"),
    [
        (date(2021, 12, 31), None, State.NOT_YET_OPEN),
        (date(2022, 1, 1), None, State.OPEN),
        (date(2022, 3, 17), None, State.OPEN),
        (date(2022, 3, 18), None, State.DUE_SOON),
        (date(2022, 3, 31), None, State.DUE_SOON),
        (date(2022, 4, 1), None, State.MISSED),
        (date(2022, 3, 1), date(2022, 3, 1), State.DONE),
        (date(2022, 3, 1), date(2022, 3, 2), State.OPEN),
        (date(2023, 3, 1), date(2022, 3, 31), State.DONE),
        (date(2022, 4, 1), date(2022, 4, 1), State.DONE_LATE),
        (date(2023, 3, 1), date(2022, 6, 30), State.DONE_LATE),
        (date(2023, 3, 1), date(2022, 7, 1), State.MISSED),
    ],
)
def test_evidence_and_day_decide(on: date, done_on: date | None, expected: State) -> None:
    assert state(QUARTER, done_on, on) is expected


@pytest.mark.parametrize(
    ("on", "done_on", "expected"),
    [
        (date(2021, 12, 31), None, State.NOT_YET_OPEN),
        (date(2022, 2, 1), None, State.WAIVED),
        (date(2022, 5, 1), None, State.WAIVED),
        (date(2022, 5, 1), date(2022, 4, 5), State.WAIVED),
        (date(2022, 5, 1), date(2022, 2, 1), State.DONE),
    ],
)
def test_a_waiver_excuses_but_does_not_undo(
    on: date, done_on: date | None, expected: State
) -> None:
    assert state(QUARTER, done_on, on, waived=True) is expected


@pytest.mark.parametrize(
    ("on", "done_on", "expected"),
    [
        (date(2022, 3, 31), None, State.OPEN),
        (date(2022, 4, 1), None, State.OPEN),
        (date(2022, 4, 17), None, State.DUE_SOON),
        (date(2022, 4, 30), None, State.DUE_SOON),
        (date(2022, 5, 1), None, State.MISSED),
        (date(2022, 5, 1), date(2022, 4, 30), State.DONE),
        (date(2022, 5, 1), date(2022, 5, 1), State.DONE_LATE),
    ],
)
def test_thirty_suspended_days_move_the_due_day(
    on: date, done_on: date | None, expected: State
) -> None:
    assert state(QUARTER, done_on, on, suspended_days=30) is expected


def test_a_suspension_ends_at_the_latest_with_the_next_window() -> None:
    assert state(QUARTER, None, date(2022, 6, 30), suspended_days=900) is State.DUE_SOON
    assert state(QUARTER, None, date(2022, 7, 1), suspended_days=900) is State.MISSED


def test_what_does_not_apply_is_neither_done_nor_missed() -> None:
    done = date(2022, 2, 1)
    assert state(QUARTER, done, date(2023, 1, 1), applies=False) is State.NOT_APPLICABLE


@given(
    on=DAYS,
    done_on=st.none() | DAYS,
    waived=st.booleans(),
    suspended_days=st.integers(0, 400),
)
def test_every_case_has_a_state_and_each_state_a_name(
    on: date, done_on: date | None, waived: bool, suspended_days: int
) -> None:
    found = state(QUARTER, done_on, on, waived=waived, suspended_days=suspended_days)
    assert LABELS[found].zh
    if done_on is not None and done_on > on:
        unknown = state(QUARTER, None, on, waived=waived, suspended_days=suspended_days)
        assert found is unknown


@given(on=DAYS, later=st.integers(0, 400), done_on=st.none() | DAYS)
def test_nothing_that_was_missed_heals_with_time(
    on: date, later: int, done_on: date | None
) -> None:
    if done_on is not None and done_on > on:
        return
    if state(QUARTER, done_on, on) is State.MISSED:
        assert state(QUARTER, done_on, on + timedelta(days=later)) is State.MISSED
