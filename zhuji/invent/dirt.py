"""How offices really fill in sheets: harmless oddities that an import must take in its stride."""

from dataclasses import dataclass
from datetime import date
from random import Random

from zhuji.invent.chance import yes
from zhuji.invent.told.kinds import Value
from zhuji.ledgers.declare import Column, Ledger, Type

_DIGITS = "〇一二三四五六七八九"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_SPELLINGS = ("dotted", "words", "chinese", "solid")


@dataclass(frozen=True)
class Habits:
    """What is odd about one workbook; the default is as tidy as the template."""

    order: tuple[int, ...]  # of the columns
    heading: tuple[str, ...] = ()  # lines above the table
    extra: str = ""  # a column that no ledger knows
    starred: bool = False
    spelling: str = ""  # of the dates, where not Excel's own
    wide: bool = False  # full-width digits now and then
    gaps: bool = False  # empty rows now and then


def tidy(ledger: Ledger) -> Habits:
    return Habits(tuple(range(len(ledger.columns))))


def habits_of(ledger: Ledger, rng: Random) -> Habits:
    """Half of the workbooks are tidy; the others have their clerk's ways."""
    order = list(range(len(ledger.columns)))
    if yes(rng, 0.5):
        return tidy(ledger)
    if yes(rng, 0.4):
        rng.shuffle(order)
    titled = yes(rng, 0.5)
    return Habits(
        order=tuple(order),
        heading=(f"{ledger.label.zh}汇总表", "填报单位：（虚构）") if titled else (),
        extra="经办人备注" if yes(rng, 0.35) else "",
        starred=yes(rng, 0.4),
        spelling=_SPELLINGS[int(rng.random() * 4)] if yes(rng, 0.5) else "",
        wide=yes(rng, 0.4),
        gaps=yes(rng, 0.3),
    )


def heading(column: Column, habits: Habits) -> str:
    return f"*{column.label.zh}" if habits.starred and column.required else column.label.zh


def spelt(day: Value, spelling: str) -> Value:
    if not isinstance(day, date):
        return day
    match spelling:
        case "dotted":
            return f"{day.year}.{day.month}.{day.day}"
        case "words":
            return f"{day.year}年{day.month}月{day.day}日"
        case "chinese":
            year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
            return f"{year}年{_in_words(day.month)}月{_in_words(day.day)}日"
        case "solid":
            return f"{day:%Y%m%d}"
        case _:
            return day


def widened(number: int) -> str:
    return str(number).translate(_WIDE)


def may_widen(column: Column) -> bool:
    return column.type is Type.INTEGER


def _in_words(number: int) -> str:
    """1 to 31 as written out: 十, 十一, 二十, 二十一."""
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return ten + (_DIGITS[ones] if ones else "")
