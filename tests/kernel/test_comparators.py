"""Comparators read as the Civil Code reads them; votes counted in whole people."""

import operator
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuji.kernel.comparators import Comparator, from_phrase, holds, votes_needed
from zhuji.kernel.errors import BadInput
from zhuji.kernel.values import Present

ORACLE = {
    Comparator.AT_LEAST: operator.ge,
    Comparator.ABOVE: operator.gt,
    Comparator.AT_MOST: operator.le,
    Comparator.BELOW: operator.lt,
    Comparator.EQUAL: operator.eq,
}


@given(
    st.sampled_from(Comparator),
    st.integers(-300, 300),
    st.integers(1, 60),
    st.integers(-300, 300),
)
def test_comparing_agrees_with_fractions(
    comparator: Comparator, top: int, bottom: int, hundredths: int
) -> None:
    value, threshold = Fraction(top, bottom), Decimal(hundredths).scaleb(-2)
    expected = ORACLE[comparator](value, Fraction(hundredths, 100))
    assert holds(comparator, value, threshold) is expected
    assert holds(comparator, value, str(threshold)) is expected
    assert holds(comparator, value, f"{hundredths}%") is expected


def test_34_of_40_reaches_85_percent_and_33_does_not() -> None:
    assert holds(Comparator.AT_LEAST, Fraction(34, 40), "85%")
    assert not holds(Comparator.AT_LEAST, Fraction(33, 40), "85%")


def test_the_limit_itself_is_not_below_the_limit() -> None:
    assert not holds(Comparator.BELOW, Decimal("0.15"), "0.15")
    assert holds(Comparator.AT_MOST, Present(Decimal("0.15")), "0.15")


def test_a_float_is_refused_on_either_side() -> None:
    with pytest.raises(BadInput, match="浮点数"):
        holds(Comparator.AT_LEAST, 0.85, "0.85")
    with pytest.raises(BadInput, match="浮点数"):
        holds(Comparator.AT_LEAST, 1, 0.85)
    with pytest.raises(BadInput, match="不是精确的数"):
        holds(Comparator.AT_LEAST, Present(0.85), "0.85")


def test_a_coefficient_with_a_root_may_be_compared_when_said() -> None:
    assert holds(Comparator.AT_MOST, 0.297929, "0.50", irrational=True)
    assert not holds(Comparator.AT_MOST, Present(0.501787), "0.50", irrational=True)
    with pytest.raises(BadInput):
        holds(Comparator.AT_MOST, float("nan"), "0.50", irrational=True)


@pytest.mark.parametrize(
    ("n", "needed"),
    [(7, 6), (10, 9), (13, 12), (20, 17), (40, 34), (46, 40), (100, 85), (127, 108)],
)
def test_votes_needed_for_85_percent(n: int, needed: int) -> None:
    assert votes_needed(n, "85%") == needed


@given(
    st.integers(1, 500),
    st.integers(1, 100),
    st.sampled_from([Comparator.AT_LEAST, Comparator.ABOVE]),
)
def test_votes_needed_is_the_least_number_that_holds(
    n: int, percent: int, comparator: Comparator
) -> None:
    needed = votes_needed(n, f"{percent}%", comparator)
    assert holds(comparator, Fraction(needed, n), f"{percent}%")
    assert not holds(comparator, Fraction(needed - 1, n), f"{percent}%")


def test_more_than_half_of_40_is_21() -> None:
    assert votes_needed(40, "1/2", Comparator.ABOVE) == 21


def test_an_empty_roll_cannot_vote() -> None:
    with pytest.raises(BadInput, match="名册上没有人"):
        votes_needed(0, "85%")


@pytest.mark.parametrize("share", [85, "0", "101%"])
def test_a_share_outside_nought_to_one_is_refused(share: int | str) -> None:
    with pytest.raises(BadInput, match="不是 0 到 1"):
        votes_needed(40, share)


def test_a_vote_cannot_be_won_by_too_few() -> None:
    with pytest.raises(BadInput, match="达到"):
        votes_needed(40, "85%", Comparator.BELOW)


@pytest.mark.parametrize(
    ("phrase", "comparator"),
    [
        ("85%以上同意", Comparator.AT_LEAST),
        ("满意度达到95%以上", Comparator.AT_LEAST),
        ("5名以上残疾儿童", Comparator.AT_LEAST),
        ("不低于城区", Comparator.AT_LEAST),
        ("不得低于 85%", Comparator.AT_LEAST),
        ("不少于一个月", Comparator.AT_LEAST),
        ("达到60%", Comparator.AT_LEAST),
        ("差异率低于0.15", Comparator.BELOW),
        ("不足10人", Comparator.BELOW),
        ("不满14周岁", Comparator.BELOW),
        ("未达到标准", Comparator.BELOW),
        ("群众不满意率低于5%", Comparator.BELOW),
        ("超过45人", Comparator.ABOVE),
        ("三个月以外", Comparator.ABOVE),
        ("45人以下", Comparator.AT_MOST),
        ("不超过45人", Comparator.AT_MOST),
        ("不得超过45人", Comparator.AT_MOST),
        ("未超过 45 人", Comparator.AT_MOST),
        ("十日以内", Comparator.AT_MOST),
        ("等于 100%", Comparator.EQUAL),
    ],
)
def test_the_dictionary_of_the_civil_code(phrase: str, comparator: Comparator) -> None:
    assert from_phrase(phrase) is comparator


@pytest.mark.parametrize("phrase", ["超过5人以下", "大力推进", "", "不等于 3", "群众不满意"])
def test_a_phrase_without_one_clear_comparator_is_refused(phrase: str) -> None:
    with pytest.raises(BadInput) as caught:
        from_phrase(phrase)
    assert "不低于" in str(caught.value.proposal)


def test_every_comparator_has_a_symbol_and_both_names() -> None:
    assert "".join(comparator.symbol for comparator in Comparator) == "≥>≤<="
    assert all(from_phrase(comparator.label.zh) is comparator for comparator in Comparator)
