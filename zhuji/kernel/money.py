"""Money: Decimal yuan with two decimals, read from 元, 万元, 亿元 and written back exactly."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from zhuji.kernel.digits import narrow, number
from zhuji.kernel.errors import BadInput, bad_value
from zhuji.kernel.messages import Message, is_english, say

# What the warehouse can hold: DECIMAL(18,2).
LIMIT = Decimal(10) ** 16

_TEXT = re.compile(
    r"(?P<sign>-?)(?:人民币|RMB|CNY|[¥￥])?(?P<amount>[^%分]+?)[元圆]?整?", re.IGNORECASE
)
_WAN = Decimal(10**4)
_YI = Decimal(10**8)
_MILLION = Decimal(10**6)


def yuan(given: str | int | Decimal) -> Decimal:
    """Read 1,080万元, ３.２ 亿元, ¥120.50 as yuan; a number without unit is yuan."""
    match given:
        case str():
            return _from_text(given)
        case bool() | float():
            raise _refused(say("金额“{value}”是浮点数，可能不精确。", value=given), given)
        case int() | Decimal():
            return _exact(given, given)
        case _:
            raise _refused(say("“{value}”不是金额。", value=given), given)


def in_wan(amount: Decimal) -> Decimal:
    """The same amount in 万元, exact: the point moves by four."""
    return _tidy(amount, 4)


def format_money(amount: Decimal, language: str) -> str:
    """Write it in the largest unit that shows it exactly with two decimals at most."""
    english = is_english(language)
    units = _ENGLISH if english else _CHINESE
    for size, power, name in units:
        shown = _tidy(amount, power)
        if abs(amount) >= size and _decimals(shown) <= 2:
            return f"{shown:,f}{name}"
    text = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return f"{text}{' yuan' if english else '元'}"


_CHINESE = ((_YI, 8, "亿元"), (_WAN, 4, "万元"))
_ENGLISH = ((_MILLION, 6, " million yuan"),)


def _from_text(given: str) -> Decimal:
    text = re.sub(r"\s", "", narrow(given))
    found = _TEXT.fullmatch(text)
    if found is None:
        raise _unreadable(given)
    try:
        amount = number(found["sign"] + found["amount"])
    except BadInput:
        raise _unreadable(given) from None
    return _exact(amount, given)


def _exact(amount: int | Decimal, given: object) -> Decimal:
    # The size is asked first: a huge exponent would cost time and memory as a fraction.
    if isinstance(amount, Decimal) and not (amount.is_finite() and amount.adjusted() < 20):
        raise _unreadable(given)
    cents = Fraction(amount) * 100
    if cents.denominator != 1:
        raise _refused(say("金额“{value}”折合成元后超过两位小数。", value=given), given)
    if abs(cents) >= LIMIT * 100:
        raise _refused(say("金额“{value}”太大，不可能是真的。", value=given), given)
    return Decimal(int(cents)).scaleb(-2)


def _tidy(amount: Decimal, power: int) -> Decimal:
    """Divide by a power of ten and drop the zeros at the end."""
    shown = amount.scaleb(-power).normalize()
    return shown.quantize(Decimal(1)) if _decimals(shown) < 0 else shown


def _decimals(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent


def _unreadable(given: object) -> BadInput:
    return _refused(say("“{value}”不是能读懂的金额。", value=given), given)


def _refused(problem: Message, given: object) -> BadInput:
    return bad_value(
        problem,
        value=given,
        code="money",
        proposal=say("请写成 1080万元、3.2亿元 或 12,345.60 这样的金额，精确到分。"),
    )
