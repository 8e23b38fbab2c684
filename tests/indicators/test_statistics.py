"""Published examples hold exactly, and parts merge into the whole."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuji.indicators.statistics import (
    between_share,
    difference_coefficient,
    gap,
    gini,
    moments,
    split,
    theil,
    wilson,
)

STUDENTS = (45, 37, 89, 76, 55)
BOOKS = (279, 137, 935, 160, 402)
WEIGHTS = {"primary": Decimal(1), "junior": Decimal("1.1"), "senior": Decimal("1.32")}
PAIRS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 300)), min_size=1, max_size=8)


def test_the_published_coefficient_is_weighted_and_of_the_population() -> None:
    found = difference_coefficient(list(zip(BOOKS, STUDENTS, strict=True)))
    assert found is not None
    assert f"{found:.6f}" == "0.515257"
    assert f"{found:.4f}" not in ("0.4888", "0.5465")
    exact = moments(zip(BOOKS, STUDENTS, strict=True))
    assert exact.mean == Fraction(1913, 302)
    assert f"{float(exact.variance):.6f}" == "10.652787"
    assert exact.coefficient == pytest.approx(0.5152566299, abs=1e-10)


def test_the_published_split_is_9711_and_13515() -> None:
    parts = split(23226, {"primary": 166, "junior": 210}, WEIGHTS, scale=0)
    assert parts == {"primary": 9711, "junior": 13515}
    assert split(10, {"kindergarten": 5}, WEIGHTS, scale=0) == {}


@given(one=PAIRS, other=PAIRS)
def test_moments_of_two_sets_are_the_moments_of_both(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    assert moments(one) + moments(other) == moments(one + other)


@given(pairs=PAIRS)
def test_dispersion_does_not_change_with_scale_and_is_nothing_among_equals(
    pairs: list[tuple[int, int]],
) -> None:
    cv, inequality = difference_coefficient(pairs), gini(pairs)
    scaled = [(7 * amount, weight) for amount, weight in pairs]
    assert gini(scaled) == inequality
    if cv is not None:
        assert inequality is not None
        assert difference_coefficient(scaled) == pytest.approx(cv)
        assert 0 <= inequality < 1
        assert moments(pairs).coefficient == pytest.approx(cv, abs=1e-9)
        assert theil(pairs) == pytest.approx(theil(scaled))
    equal = [(3 * weight, weight) for _, weight in pairs]
    if any(weight for _, weight in equal):
        assert difference_coefficient(equal) == 0
        assert gini(equal) == 0
        assert theil(equal) == 0


def test_a_limit_met_exactly_is_met_although_roots_are_floats() -> None:
    # two equal schools at 1 and 3 times: mean 2, deviation 1, coefficient one half
    assert difference_coefficient([(100, 100), (300, 100)]) == 0.5


def test_between_share_gap_and_interval_have_known_values() -> None:
    assert between_share([(2, 4, 10), (2, 8, 32), (1, 7, 49)]) == Fraction(42, 47)
    assert between_share([(0, 0, 0)]) is None
    assert gap(Decimal("80"), 68) == Fraction(3, 20)
    low, high = wilson(10, 10, Decimal("0.95"))
    assert (round(low, 4), high) == (0.7225, 1.0)
    low, high = wilson(368, 380, Decimal("0.95"))
    assert (round(low, 4), round(high, 4)) == (0.9456, 0.9818)
