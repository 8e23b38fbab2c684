"""Present, missing and not applicable keep apart in every operation."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import say
from zhuji.kernel.values import (
    Missing,
    NotApplicable,
    Present,
    Value,
    add,
    as_fraction,
    combine,
    pool,
    ratio,
)

GAP = Missing(say("未填报"))
OUTSIDE = NotApplicable(say("没有该学段"))
VALUES = st.one_of(st.integers(-50, 50).map(Present), st.just(GAP), st.just(OUTSIDE))


def test_zero_is_a_value() -> None:
    assert ratio(0, 40) == Present(Fraction(0), Fraction(0), Fraction(40))


def test_a_ratio_is_exact_and_keeps_its_parts_and_n() -> None:
    value = ratio(Present(34), Present(40, n=40))
    assert value == Present(Fraction(17, 20), Fraction(34), Fraction(40), 40)


def test_a_ratio_over_zero_is_not_applicable_unless_the_caller_says_it_is_a_gap() -> None:
    assert isinstance(ratio(3, 0), NotApplicable)
    assert ratio(3, 0, empty=GAP) == GAP


@pytest.mark.parametrize(
    ("top", "bottom", "expected"),
    [
        (GAP, Present(0), GAP),
        (Present(1), GAP, GAP),
        (OUTSIDE, GAP, GAP),
        (GAP, OUTSIDE, GAP),
        (OUTSIDE, Present(1), OUTSIDE),
    ],
)
def test_absence_wins_over_division_and_a_gap_over_not_applicable(
    top: Value, bottom: Value, expected: Value
) -> None:
    assert ratio(top, bottom) == expected


def test_combine_gives_the_function_only_what_is_there() -> None:
    assert combine(lambda a, b: a.value - b.value, Present(5), 3) == Present(2)
    assert combine(lambda a: a.value, OUTSIDE) == OUTSIDE


@given(st.lists(VALUES, max_size=8))
def test_a_sum_is_present_only_when_nothing_is_missing_and_somebody_is_concerned(
    values: list[Value],
) -> None:
    total = add(values)
    numbers = [value.value for value in values if isinstance(value, Present)]
    if GAP in values:
        assert isinstance(total, Missing)
    elif numbers:
        assert total == Present(sum(numbers))
    else:
        assert isinstance(total, NotApplicable)


def test_the_sum_says_how_many_are_missing_and_why() -> None:
    total = add([GAP, Present(1), GAP])
    assert isinstance(total, Missing)
    assert str(total.reason) == "2 项缺数据，首先是：未填报"


def test_n_adds_up_and_one_unknown_n_makes_it_unknown() -> None:
    assert add([Present(1, n=3), Present(2, n=4)]) == Present(3, n=7)
    assert add([Present(1, n=3), Present(2)]) == Present(3, n=None)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=8))
def test_pooled_ratios_equal_the_ratio_of_all_rows(parts: list[tuple[int, int]]) -> None:
    pooled = pool([ratio(top, bottom) for top, bottom in parts])
    counted = [(top, bottom) for top, bottom in parts if bottom]
    if not counted:
        assert isinstance(pooled, NotApplicable)
        return
    assert isinstance(pooled, Present)
    top, bottom = (sum(column) for column in zip(*counted, strict=True))
    assert pooled.value == Fraction(top, bottom)


def test_a_mean_of_ratios_is_not_what_pooling_gives() -> None:
    pooled = pool([ratio(1, 1), ratio(0, 99)])
    assert isinstance(pooled, Present)
    assert pooled.value == Fraction(1, 100)


def test_ratios_without_parts_cannot_be_merged() -> None:
    with pytest.raises(BadInput, match="不能合并"):
        pool([Present(Fraction(1, 2)), ratio(1, 2)])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_not_a_number_cannot_pass_for_present(value: float | Decimal) -> None:
    with pytest.raises(ValueError, match="finite"):
        Present(value)


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("85%", Fraction(17, 20)),
        ("８５％", Fraction(17, 20)),
        ("0.85", Fraction(17, 20)),
        ("17/20", Fraction(17, 20)),
        ("-3", Fraction(-3)),
        (Decimal("0.15"), Fraction(3, 20)),
        (Present(34), Fraction(34)),
        (Present(0.85, 34, 40), Fraction(17, 20)),
    ],
)
def test_exact_numbers_are_read_exactly(given_value: str | Decimal, expected: Fraction) -> None:
    assert as_fraction(given_value) == expected


@pytest.mark.parametrize("given_value", [0.85, True, "abc", "1/0", "", "1e3", Present(0.85)])
def test_inexact_numbers_are_refused(given_value: str) -> None:
    with pytest.raises(BadInput, match="不是精确的数"):
        as_fraction(given_value)
