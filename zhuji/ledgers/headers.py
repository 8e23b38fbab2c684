"""Finds a ledger's columns among the words that stand at the head of a table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhuji.kernel.digits import narrow
from zhuji.kernel.errors import Issue, Level
from zhuji.kernel.messages import say
from zhuji.ledgers.declare import Column, Ledger

# Words people write behind a heading, with what one of them is worth in the declared unit.
UNITS: Mapping[str, Mapping[str, int]] = {
    "yuan": {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000},
    "m2": {"平方米": 1, "m2": 1, "㎡": 1, "m²": 1, "平米": 1, "平方": 1, "万平方米": 10_000},
    "person": {"人": 1, "名": 1, "位": 1, "万人": 10_000},
    "book": {"册": 1, "本": 1, "万册": 10_000},
    "computer": {"台": 1},
    "device": {"台": 1, "套": 1, "件": 1},
    "item": {"件": 1, "套": 1, "台": 1, "个": 1, "册": 1},
    "room": {"间": 1},
    "place": {"个": 1, "处": 1},
    "post": {"个": 1},
    "minute": {"分钟": 1, "min": 1},
    "hour": {"学时": 1, "小时": 1, "课时": 1, "h": 1},
    "clock_hour": {"小时": 1, "h": 1},
    "period": {"节": 1, "课时": 1},
    "lesson": {"节": 1},
    "mark": {"分": 1},
    "percent": {"%": 1},
    "mbps": {"mbps": 1, "m": 1, "兆": 1, "g": 1_000},
    "kg/m2": {"kg/m2": 1, "kg/㎡": 1, "千克/平方米": 1},
    "day": {"天": 1, "日": 1},
    "time": {"次": 1},
    "incident": {"起": 1, "次": 1},
    "opinion": {"条": 1},
    "finding": {"个": 1, "条": 1},
    "vote": {"票": 1},
    "deed": {"项": 1},
}
# Known units of nobody's column: a heading that names one must not pass for another.
_FOREIGN = frozenset(["亩", "公顷", "平方公里", "年", "月", "周", "吨", "米", "公里"])
_UNIT_WORDS = _FOREIGN.union(*UNITS.values())
_BRACKETED = re.compile(
    r"^(?P<name>.+?)[(\[【]?[,，:/]?(?:单位[::]?)?(?P<unit>[^()\[\]【】]+)[)\]】]$"
)
_DECORATION = re.compile(r"[*★※●☆]|[(\[【](?:必填|选填|必填项|选填项)[)\]】]|\s|_x000D_")

# By key: a ledger's own hash walks through all of its columns.
_NAMES: dict[str, Mapping[str, Column]] = {}

IGNORED = frozenset(["序号", "原因", "reason", "no", "no."])


@dataclass(frozen=True)
class Place:
    """Where a column stands, and what one unit of its heading is worth in the declared unit."""

    index: int
    heading: str
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class Header:
    """The columns found by key, the headings that are no column, and what is wrong."""

    places: Mapping[str, Place]
    unknown: tuple[str, ...]
    issues: tuple[Issue, ...]


def normal(text: object) -> str:
    """A heading without stars, spaces and the difference of full and half width."""
    return _DECORATION.sub("", narrow(str(text))).casefold()


def names(ledger: Ledger) -> Mapping[str, Column]:
    """Every word by which a column may be called: Chinese, English, key, standard code."""
    known = _NAMES.get(ledger.key)
    if known is None:
        known = _NAMES[ledger.key] = _words(ledger)
    return known


def _words(ledger: Ledger) -> Mapping[str, Column]:
    found: dict[str, Column] = {}
    for column in ledger.columns:
        for word in (column.standard, column.key, column.label.en, column.label.zh):
            if word:
                found.setdefault(normal(word), column)
    for column in ledger.columns:  # the labels win over any key or code of another column
        found[normal(column.label.en)] = column
    for column in ledger.columns:
        found[normal(column.label.zh)] = column
    return found


def score(ledger: Ledger, cells: Sequence[object]) -> int:
    """How many different columns the cells name."""
    return len({column.key for cell in cells if cell != "" and (column := _named(ledger, cell))})


def match(ledger: Ledger, cells: Sequence[object]) -> Header:
    """Give each heading its column; a heading twice or in a foreign unit is an issue."""
    places: dict[str, Place] = {}
    unknown: list[str] = []
    issues: list[Issue] = []
    for index, cell in enumerate(cells):
        heading = str(cell).strip()
        column = _named(ledger, cell) if heading else None
        if column is None:
            if heading and normal(heading) not in IGNORED:
                unknown.append(heading)
            continue
        if column.key in places:
            issues.append(_repeated(column, heading))
            continue
        factor = _factor(ledger, column, heading)
        if factor is None:
            issues.append(_foreign(column, heading))
        places[column.key] = Place(index, heading, Decimal(factor or 1))
    return Header(places, tuple(unknown), tuple(issues))


def _named(ledger: Ledger, cell: object) -> Column | None:
    known = names(ledger)
    text = normal(cell)
    if text in known:
        return known[text]
    bracketed = _BRACKETED.match(text)
    return known.get(bracketed["name"]) if bracketed else None


def _factor(ledger: Ledger, column: Column, heading: str) -> int | None:
    """None when the heading names a unit that is not the column's."""
    text = normal(heading)
    bracketed = _BRACKETED.match(text)
    if text in names(ledger) or not bracketed:
        return 1
    unit = bracketed["unit"]
    own = UNITS.get(column.unit, {})
    if unit in own:
        return own[unit]
    return None if column.unit and unit in _UNIT_WORDS else 1


def _repeated(column: Column, heading: str) -> Issue:
    return Issue(
        Level.ERROR,
        say("表头里有两列都是“{column}”。", column=column.label),
        column=heading,
        proposal=say("请删去多余的一列。"),
        code="header.repeated",
    )


def _foreign(column: Column, heading: str) -> Issue:
    usual = next(iter(UNITS.get(column.unit, {})), column.unit)
    return Issue(
        Level.ERROR,
        say("表头“{heading}”的单位与台账不同。", heading=heading),
        column=heading,
        proposal=say("请换算成以“{unit}”为单位的数，并改表头。", unit=usual),
        code="header.unit",
    )
