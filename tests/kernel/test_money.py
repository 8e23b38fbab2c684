"""Money is read exactly, written so that it reads back, and never a float."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuji.kernel.errors import BadInput
from zhuji.kernel.money import format_money, in_wan, yuan

AMOUNTS = st.decimals(-(10**12), 10**12, places=2)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1080万元", "10800000"),
        ("1,080 万", "10800000"),
        ("３．２ 亿元", "320000000"),
        ("15.2亿元", "1520000000"),
        ("¥120.50", "120.50"),
        ("-￥5", "-5"),
        ("12,345.6", "12345.60"),
        ("0.12345万元", "1234.50"),
        ("三百万元", "3000000"),
        ("3百万元", "3000000"),
        ("三亿五千万元", "350000000"),
        ("人民币壹拾伍元整", "15"),
        ("0", "0"),
        ("1.230元", "1.23"),
    ],
)
def test_reading_amounts(text: str, amount: str) -> None:
    read = yuan(text)
    assert read == Decimal(amount)
    assert read.as_tuple().exponent == -2


def test_numbers_are_yuan() -> None:
    assert yuan(5) == Decimal("5.00")
    assert yuan(Decimal("5.5")) == Decimal("5.50")


@pytest.mark.parametrize(
    ("given_value", "problem"),
    [
        (1.5, "浮点数"),
        (True, "浮点数"),
        ("1.234元", "超过两位小数"),
        (Decimal("0.001"), "超过两位小数"),
        ("0.0000001亿元", None),
        ("100000000亿元", "太大"),
        (Decimal("1E+999999"), "不是能读懂的金额"),
        (Decimal("NaN"), "不是能读懂的金额"),
        ("85%", "不是能读懂的金额"),
        ("百分之五", "不是能读懂的金额"),
        ("1,08元", "不是能读懂的金额"),
        ("3亿5000万元", "不是能读懂的金额"),
        ("一百五元", "不是能读懂的金额"),
        ("元", "不是能读懂的金额"),
        ("", "不是能读懂的金额"),
        (None, "不是金额"),
    ],
)
def test_what_is_not_exact_money_is_refused(given_value: str, problem: str | None) -> None:
    if problem is None:
        assert yuan(given_value) == 10
        return
    with pytest.raises(BadInput, match=problem) as caught:
        yuan(given_value)
    assert "精确到分" in str(caught.value.proposal)


@given(AMOUNTS)
def test_what_is_written_reads_back(amount: Decimal) -> None:
    assert yuan(format_money(amount, "zh-hans")) == amount
    assert yuan(f"{in_wan(amount):f}万元") == amount


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        ("10800000", "1,080万元", "10.8 million yuan"),
        ("1520000000", "15.2亿元", "1,520 million yuan"),
        ("12345678.90", "12,345,678.90元", "12,345,678.90 yuan"),
        ("100.5", "100.50元", "100.50 yuan"),
        ("0", "0元", "0 yuan"),
        ("-20000", "-2万元", "-20,000 yuan"),
    ],
)
def test_writing_amounts(amount: str, chinese: str, english: str) -> None:
    assert format_money(Decimal(amount), "zh-hans") == chinese
    assert format_money(Decimal(amount), "en") == english


def test_wan_is_exact() -> None:
    assert in_wan(Decimal("1234.56")) == Decimal("0.123456")
    assert str(in_wan(Decimal("10800000.00"))) == "1080"
