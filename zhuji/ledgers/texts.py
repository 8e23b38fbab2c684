"""Words and codes in cells: traces of other programs removed, damage by Excel refused."""

import re
from collections.abc import Callable
from datetime import date

from zhuji.kernel import codes, digits
from zhuji.kernel.errors import BadInput, bad_value
from zhuji.kernel.messages import Message, say
from zhuji.ledgers.declare import Column, Level
from zhuji.ledgers.models import width
from zhuji.ledgers.tables import TimeOfDay

# What people write where there is nothing to write.
DASHES = frozenset(["-", "--", "—", "——", "－", "/", "／", "\\", "、"])
NOTHING = DASHES | {"无", "没有", "暂无", "n/a", "null", "none"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff]")
_BREAKS = re.compile(r"_x000[dD]_|\r\n?|\t")
_BETWEEN_HAN = re.compile(r"(?<=[\u2e80-\U0003ffff])[ \u3000\xa0]+(?=[\u2e80-\U0003ffff])")
_DASHED_PHONE = re.compile(r"(?:\+?86)?-?(1[0-9]{2})-?([0-9]{4})-?([0-9]{4})")


def is_nothing(value: object) -> bool:
    return isinstance(value, str) and (
        not value or (stripped := value.strip().casefold()) in NOTHING or not stripped
    )


def code(column: Column, value: object) -> str | None:
    """A number that is a name: text as it should have been typed, checked by its own rule."""
    if is_nothing(value):
        return None
    if isinstance(value, date | TimeOfDay | bool):
        raise _taken_for_something_else(value)
    text = digits.identifier(value)
    if column.check == "phone" and (mobile := _DASHED_PHONE.fullmatch(text)):
        text = "".join(mobile.groups())
    text = _CONTROL.sub("", text)
    problem = _rule(column)(text) if text and column.check else None
    if problem is not None:
        raise bad_value(
            problem,
            value=value,
            code=f"code.{column.check}",
            proposal=say("请对照原始证件或上级系统核对。"),
        )
    return _not_too_long(column, text, value) or None


def _rule(column: Column) -> Callable[[str], Message | None]:
    rule: Callable[[str], Message | None] = getattr(codes, f"check_{column.check}")
    return rule


def words(column: Column, value: object) -> str | None:
    """Free text, without the traces of other programs; what it says stays as typed."""
    if isinstance(value, date):
        raise _taken_for_something_else(value)
    if isinstance(value, float):
        number = digits.number(value)
        text = str(int(number)) if number == int(number) else format(number, "f")
    else:
        text = str(value)
    text = _CONTROL.sub("", _BREAKS.sub(_line_or_space, text)).strip(" \u3000\xa0\n")
    if column.level is Level.PERSONAL:
        text = _BETWEEN_HAN.sub("", text)
    if text in DASHES:
        return None
    return _not_too_long(column, text, value) or None


def _line_or_space(found: re.Match[str]) -> str:
    return " " if found[0] == "\t" else "\n"


def _not_too_long(column: Column, text: str, value: object) -> str:
    most = width(column)
    if len(text) <= most:
        return text
    raise bad_value(
        say("内容有 {length} 个字，超过 {most} 个。", length=len(text), most=most),
        value=str(value)[:most],
        code="text.long",
        proposal=say("请缩短，细节放到佐证材料里。"),
    )


def _taken_for_something_else(value: object) -> BadInput:
    guess = f"{value.month}-{value.day}" if isinstance(value, date) else str(value)
    return bad_value(
        say("Excel 把这个单元格改成了“{value}”。", value=value),
        value=value,
        code="text.altered",
        proposal=say("请把单元格格式设为“文本”再填，例如 {guess}。", guess=guess),
    )
