"""Numbers in cells: units behind them, fractions and sizes that a ledger does not keep."""

from collections.abc import Callable
from decimal import Decimal

from zhuji.kernel import digits
from zhuji.kernel.errors import BadInput, bad_value
from zhuji.kernel.messages import say
from zhuji.ledgers import headers
from zhuji.ledgers.declare import Column, Type
from zhuji.ledgers.models import DIGITS
from zhuji.ledgers.texts import NOTHING

_MAY_BE_NEGATIVE = ("mark", "percent", "")
_GRADES = {"小班": 1, "中班": 2, "大班": 3, "初一": 7, "初二": 8, "初三": 9}
_SUFFIXES = {"grade": ("年级",), "class_no": ("班",)}


def reader(column: Column, factor: Decimal) -> Callable[[object], int | Decimal | None]:
    """The conversion of one cell; most cells are plain numbers and take the short way."""
    is_whole, places = column.type is Type.INTEGER, column.places
    short_way = factor == 1 and column.unit != "percent"
    limit, unit = 10 ** (DIGITS - places), Decimal(1).scaleb(-places)

    def read(value: object) -> int | Decimal | None:
        if short_way and isinstance(value, float) and 0 <= value < limit:
            if value == int(value):
                return int(value) if is_whole else Decimal(int(value)).quantize(unit)
            exact = Decimal(f"{value:.15g}")
            rounded = exact.quantize(unit)
            if rounded == exact and not is_whole:
                return rounded
        return _read(column, value, factor)

    return read


def _read(column: Column, value: object, factor: Decimal) -> int | Decimal | None:
    if isinstance(value, str):
        text = digits.narrow(value).replace("\n", "")
        if not text:
            return None
        if text.casefold() in NOTHING:
            raise bad_value(
                say("“{value}”不是数字。", value=value),
                value=value,
                code="number.nothing",
                proposal=say("没有就填 0，不知道就留空。"),
            )
        amount = _amount(column, text)
    else:
        amount = digits.number(float(f"{value:.15g}") if isinstance(value, float) else value)
        _must_not_be_a_fraction(column, amount)
    return _fitted(column, amount * factor, value)


def _amount(column: Column, text: str) -> int | Decimal:
    """A number with the words people put behind it: 820人, 15.2万元, 三年级, 55%."""
    if column.key == "grade" and text in _GRADES:
        return _GRADES[text]
    units = {
        **dict.fromkeys(_SUFFIXES.get(column.key, ()), 1),
        **headers.UNITS.get(column.unit, {}),
    }
    text = text.lstrip("￥¥") if column.unit == "yuan" else text
    lowered = text.casefold()
    for word in sorted(units, key=len, reverse=True):
        if lowered.endswith(word) and len(lowered) > len(word):
            return digits.number(text[: -len(word)].strip()) * units[word]
    return digits.number(text)


def _must_not_be_a_fraction(column: Column, amount: int | Decimal) -> None:
    """55% reaches us as 0.55, which a column of per cents must not take for 0.55%."""
    if column.unit == "percent" and 0 < amount < 1:
        raise bad_value(
            say("“{value}”像是百分比格式的单元格。", value=amount),
            value=amount,
            code="number.percent",
            proposal=say(
                "请填写 {percent}；若确是百分之 {value}，请写成“{value}%”。",
                percent=_shortest(Decimal(amount * 100)),
                value=amount,
            ),
        )


def _fitted(column: Column, amount: int | Decimal, given: object) -> int | Decimal:
    exact = Decimal(amount)
    if exact < 0 and (
        column.type is Type.INTEGER or column.unit not in (*_MAY_BE_NEGATIVE, "yuan")
    ):
        raise bad_value(
            say("“{value}”是负数。", value=given),
            value=given,
            code="number.negative",
            proposal=say("请填写 0 或正数。"),
        )
    if abs(exact) >= 10 ** (DIGITS - column.places):
        raise bad_value(
            say("“{value}”太大，超过 {digits} 位。", value=given, digits=DIGITS - column.places),
            value=given,
            code="number.large",
            proposal=say("请检查是否多写了几位或填错了列。"),
        )
    rounded = round(exact, column.places)
    if rounded != exact:
        raise _too_fine(column, given, rounded)
    return int(rounded) if column.type is Type.INTEGER else rounded


def _too_fine(column: Column, given: object, rounded: Decimal) -> BadInput:
    if column.type is Type.INTEGER:
        return bad_value(
            say("“{value}”不是整数。", value=given),
            value=given,
            code="number.whole",
            proposal=say("请填写整数，例如 {rounded}。", rounded=rounded),
        )
    return bad_value(
        say("“{value}”多于 {places} 位小数。", value=given, places=column.places),
        value=given,
        code="number.places",
        proposal=say("请填写 {rounded}。", rounded=rounded),
    )


def _shortest(amount: Decimal) -> str:
    return format(amount.normalize(), "f")
