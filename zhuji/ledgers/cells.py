"""How a value looks in a sheet, so that reading it back gives the same value."""

import re
from datetime import date
from decimal import Decimal

from zhuji.ledgers.declare import Column, Type
from zhuji.ledgers.parsing import is_formula

Cell = str | int | Decimal | date | None

# Excel would shorten these, or drop their zeros, when it opens a text file.
_FRAGILE = re.compile(r"0[0-9]+|[0-9]{12,}")


def cell(column: Column, value: object, language: str) -> Cell:
    """A choice shows its name in the reader's language, a flag a word."""
    match column.type, value:
        case _, None:
            return None
        case Type.BOOLEAN, bool():
            return flag_words(language)[0 if value else 1]
        case Type.CHOICE, str():
            labels = {option.value: option.label.get(language) for option in column.options}
            return labels.get(value, value)
        case _, Decimal() if column.unit == "percent" and 0 < value < 1:
            return f"{value}%"  # as a number it would be taken for a fraction
        case _, int() | Decimal() | date():
            return value
        case _:
            return str(value)


def flag_words(language: str) -> tuple[str, str]:
    return ("yes", "no") if language.startswith("en") else ("是", "否")


def text_cell(column: Column, shown: Cell) -> str:
    """The cell in a text file: nothing a spreadsheet would calculate or shorten."""
    if shown is None:
        return ""
    text = shown.isoformat() if isinstance(shown, date) else str(shown)
    if isinstance(shown, str) and (
        is_formula(text) or (column.is_code and _FRAGILE.fullmatch(text))
    ):
        return f"'{text}"
    return text
