"""Comparators as the Civil Code (art. 1259) reads them, applied exactly, never through floats."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor, isfinite

from zhuji.kernel.digits import narrow
from zhuji.kernel.errors import BadInput, bad_value
from zhuji.kernel.messages import Label, Message, say
from zhuji.kernel.values import Exact, Number, Present, as_fraction


class Comparator(StrEnum):
    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"
    EQUAL = "equal"

    @property
    def symbol(self) -> str:
        return _SYMBOLS[self]

    @property
    def label(self) -> Label:
        return _LABELS[self]


_SYMBOLS = {
    Comparator.AT_LEAST: "≥",
    Comparator.ABOVE: ">",
    Comparator.AT_MOST: "≤",
    Comparator.BELOW: "<",
    Comparator.EQUAL: "=",
}
_LABELS = {
    Comparator.AT_LEAST: Label("不低于", "at least"),
    Comparator.ABOVE: Label("超过", "above"),
    Comparator.AT_MOST: Label("不超过", "at most"),
    Comparator.BELOW: Label("低于", "below"),
    Comparator.EQUAL: Label("等于", "equal to"),
}
_OPPOSITE = {
    Comparator.AT_LEAST: Comparator.BELOW,
    Comparator.BELOW: Comparator.AT_LEAST,
    Comparator.ABOVE: Comparator.AT_MOST,
    Comparator.AT_MOST: Comparator.ABOVE,
}

# 民法典第一千二百五十九条：“以上”“以下”“以内”“届满”包括本数；“不满”“超过”“以外”不包括本数。
# A word may be denied (不得低于 is not 低于); 不足 and 不满 are words of their own, but not
# inside 不满意 and 不满足.
_DENIED = r"(?P<no>不得|不应|不能|不可|不宜|不会|不|未|没有)?"
_WORDS = (
    (re.compile(r"以上|至少"), Comparator.AT_LEAST),
    (re.compile(r"以下|以内|至多|最多"), Comparator.AT_MOST),
    (re.compile(r"不足|不满(?![意足])"), Comparator.BELOW),
    (re.compile(r"以外"), Comparator.ABOVE),
    (re.compile(r"达不到"), Comparator.BELOW),
    (re.compile(_DENIED + r"达到"), Comparator.AT_LEAST),
    (re.compile(_DENIED + r"(?:低于|少于|小于)"), Comparator.BELOW),
    (re.compile(_DENIED + r"(?:超过|超出|高于|多于|大于)"), Comparator.ABOVE),
    (re.compile(_DENIED + r"等于"), Comparator.EQUAL),
)
_CLAIMS: dict[Comparator, Callable[[Fraction, Fraction], bool]] = {
    Comparator.AT_LEAST: operator.ge,
    Comparator.ABOVE: operator.gt,
    Comparator.AT_MOST: operator.le,
    Comparator.BELOW: operator.lt,
    Comparator.EQUAL: operator.eq,
}


def holds(
    comparator: Comparator,
    value: Number | Present,
    threshold: Number | str,
    *,
    irrational: bool = False,
) -> bool:
    """Compare exactly. `irrational` admits floats, for coefficients that contain a root."""
    left = _exact(value, irrational=irrational)
    right = _exact(threshold, irrational=irrational)
    return _CLAIMS[comparator](left, right)


def votes_needed(n: int, share: Exact | str, comparator: Comparator = Comparator.AT_LEAST) -> int:
    """Fewest votes of a roll of `n` that satisfy the share: 34 of 40 for at least 85 %."""
    if n < 1:
        raise bad_value(say("名册上没有人，不能表决。"), value=n, code="vote.empty_roll")
    wanted = as_fraction(share)
    if not 0 < wanted <= 1:
        raise bad_value(
            say("“{value}”不是 0 到 1 之间的比例。", value=share),
            value=share,
            code="vote.share",
            proposal=say("请写成 85% 或 0.85。"),
        )
    match comparator:
        case Comparator.AT_LEAST:
            return ceil(wanted * n)
        case Comparator.ABOVE:
            return floor(wanted * n) + 1
        case _:
            raise BadInput(say("票数只能要求“达到”或“超过”某个比例。"))


def from_phrase(phrase: str) -> Comparator:
    """Read the comparator out of a clause: 达到…以上 is at least, 不得超过… is at most."""
    text = re.sub(r"\s", "", narrow(phrase))
    said = {
        _said(comparator, found, phrase)
        for pattern, comparator in _WORDS
        for found in pattern.finditer(text)
    }
    if len(said) == 1:
        return said.pop()
    problem = (
        say("“{phrase}”里的比较词互相矛盾。", phrase=phrase)
        if said
        else say("“{phrase}”里没有能读懂的比较词。", phrase=phrase)
    )
    raise _unread(problem, phrase)


def _said(comparator: Comparator, found: re.Match[str], phrase: str) -> Comparator:
    if not found.groupdict().get("no"):
        return comparator
    if comparator not in _OPPOSITE:
        raise _unread(say("“{phrase}”里没有能读懂的比较词。", phrase=phrase), phrase)
    return _OPPOSITE[comparator]


def _unread(problem: Message, phrase: str) -> BadInput:
    return bad_value(
        problem,
        value=phrase,
        code="comparator.phrase",
        proposal=say(
            "请用“达到、以上、不低于、不少于、低于、不足、不满、超过、以下、不超过”之一。"
        ),
    )


def _exact(value: Number | str | Present, *, irrational: bool) -> Fraction:
    number = value.value if irrational and isinstance(value, Present) else value
    if irrational and isinstance(number, float) and isfinite(number):
        return Fraction(number)
    if isinstance(number, float):
        raise bad_value(
            say("“{value}”是浮点数，不能与门槛比较。", value=number),
            value=number,
            code="comparator.float",
            proposal=say("请改用整数、分数或定点小数。"),
        )
    return as_fraction(number)
