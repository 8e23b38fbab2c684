"""Numbers as Chinese offices write them, read exactly or refused with the remedy."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from math import isfinite

from zhuji.kernel.errors import BadInput, bad_value
from zhuji.kernel.messages import say

# Full-width ASCII and spaces; letters and marks outside that block stay as typed.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF))

# Excel keeps fifteen significant digits; whatever followed them is already lost.
_EXCEL_DIGITS = 15
_LONGEST = 60

_PLAIN = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,3}")
_SUFFIXED = re.compile(r"(?P<body>.+?)(?P<suffix>[%万亿])")
_POWERS = {"%": -2, "万": 4, "亿": 8}

_STANDARD = str.maketrans(
    "〇零○一二三四五六七八九两壹贰叁肆伍陆柒捌玖貳參陸拾佰仟萬億",
    "0001234567892123456789236十百千万亿",
)
_SECTION = re.compile(
    r"(?:(?P<thousands>[1-9])千)?(?:0?(?P<hundreds>[1-9])百)?"
    r"(?P<ten>0?(?P<tens>[1-9]?)十)?(?P<gap>0)?(?P<ones>[1-9])?"
)
_LARGE = re.compile(r"(?:(?P<yi>[^亿万]+)亿)?(?:(?P<wan>[^亿万]+)万)?(?P<rest>[^亿万]*)")


def narrow(text: str) -> str:
    """Full-width to half-width; invisible characters and outer spaces gone."""
    composed = unicodedata.normalize("NFC", text)
    return composed.translate(_NARROW).translate(_INVISIBLE).strip()


def number(given: object) -> int | Decimal:
    """Read 1,234, １２, 三十, 15.2万, 85% (as 0.85) exactly; a float by the digits it shows."""
    match given:
        case bool():
            raise _unreadable(given)
        case int():
            return given
        case Decimal() if given.is_finite():
            return given
        case float() if isfinite(given):
            return _from_float(given)
        case str():
            return _from_text(given)
        case _:
            raise _unreadable(given)


def identifier(given: object) -> str:
    """Read a number that is a name (ID, phone, code) as text; refuse what Excel has damaged."""
    if isinstance(given, str):
        text = re.sub(r"\s", "", narrow(given)).lstrip("'").upper()
        if is_damaged(text):
            raise _damaged(given)
        return text
    value = number(given)
    if value != int(value) or value < 0:
        raise _unreadable(given)
    if len(str(int(value))) > _EXCEL_DIGITS:
        raise _damaged(given)
    return str(int(value))


def is_damaged(text: str) -> bool:
    """True for 3.70784E+17: a long number that Excel has shortened for good."""
    return _SCIENTIFIC.fullmatch(narrow(text)) is not None


def chinese_number(text: str) -> int:
    """Read 十五, 一百零五, 三千二百万, 二〇二一 and 壹拾伍; 一百五 is refused: 150 or 105?"""
    found = _chinese(text)
    if found is None:
        raise _unreadable(text)
    return found


def _chinese(text: str) -> int | None:
    digits = narrow(text).translate(_STANDARD)
    if digits.isascii() and digits.isdigit():
        return int(digits)
    parts = _LARGE.fullmatch(digits)
    if not digits or parts is None:
        return None
    total, leading = 0, True
    for name, scale in (("yi", 10**8), ("wan", 10**4), ("rest", 1)):
        if parts[name]:
            section = _section(parts[name], leading=leading)
            if section is None:
                return None
            total += section * scale
            leading = False
    return total


def _section(section: str, *, leading: bool) -> int | None:
    """Up to four digits with their units. A bare last digit needs 十, 零 or nothing before it."""
    found = _SECTION.fullmatch(section)
    if found is None or (found["gap"] and not found["ones"]):
        return None
    alone = leading and section == found["ones"]
    if found["ones"] and not (found["gap"] or found["ten"] or alone):
        return None
    ten = int(found["tens"] or 1) if found["ten"] else 0
    return (
        int(found["thousands"] or 0) * 1000
        + int(found["hundreds"] or 0) * 100
        + ten * 10
        + int(found["ones"] or 0)
    )


def _from_text(given: str) -> int | Decimal:
    text = re.sub(r"\s", "", narrow(given))
    if not text or len(text) > _LONGEST:
        raise _unreadable(given)
    if _SCIENTIFIC.fullmatch(text):
        raise _damaged(given)
    if text.startswith("百分之"):
        return _scaled(_simple(text.removeprefix("百分之"), given), -2)
    suffixed = _SUFFIXED.fullmatch(text)
    if suffixed and _PLAIN.fullmatch(suffixed["body"]):
        return _scaled(_simple(suffixed["body"], given), _POWERS[suffixed["suffix"]])
    return _simple(text, given)


def _simple(text: str, given: str) -> int | Decimal:
    if _PLAIN.fullmatch(text):
        digits = text.replace(",", "")
        return Decimal(digits) if "." in digits else int(digits)
    found = _chinese(text)
    if found is None:
        raise _unreadable(given)
    return found


def _scaled(value: int | Decimal, power: int) -> int | Decimal:
    """Move the point by hand: arithmetic would round at the context's precision."""
    sign, digits, exponent = Decimal(value).as_tuple()
    assert isinstance(exponent, int)
    moved = Decimal((sign, digits, exponent + power))
    return int(moved) if exponent + power >= 0 else moved


def _from_float(given: float) -> int | Decimal:
    if given.is_integer():
        if abs(given) >= 10**_EXCEL_DIGITS:
            raise _damaged(given)
        return int(given)
    # repr gives the shortest digits that mean this float: what the cell shows.
    return Decimal(repr(given))


def _unreadable(given: object) -> BadInput:
    return bad_value(
        say("“{value}”不是能读懂的数字。", value=given),
        value=given,
        code="number.unreadable",
        proposal=say("请写成 1234.5、1,234.5、85% 或“三十二”这样的形式。"),
    )


def _damaged(given: object) -> BadInput:
    return bad_value(
        say("“{value}”：Excel 把长数字改成了科学计数，末尾几位已经丢失，无法还原。", value=given),
        value=given,
        code="number.damaged",
        proposal=say("请先把该列的单元格格式设为“文本”，再从原始材料重新录入完整号码。"),
    )
