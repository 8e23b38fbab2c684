"""Tables of a page as a workbook: numbers stay numbers, texts stay texts."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from zhuji.kernel.lights import LABELS, Light
from zhuji.kernel.messages import Label, Message
from zhuji.ledgers import sheets
from zhuji.web.pages import words

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMAT = "xlsx"
Said = Message | Label | str
_LONGEST_NAME = 31  # of a sheet, and without these signs
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_NARROW, _WIDE = 10, 60


@dataclass(frozen=True)
class Sheet:
    """One table; a cell is a number, a day, a light or something to read."""

    title: Said
    heads: Sequence[Said]
    rows: Sequence[Sequence[object]]


def workbook(name: Said, *tables: Sheet, about: Sequence[tuple[Said, object]] = ()) -> HttpResponse:
    """`about`: of whom and of which day it speaks, above each table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        with sheets.book(path) as book:
            styles = sheets.styles(book)
            taken: set[str] = set()
            for table in tables:
                _write(book.add_worksheet(_named(words(table.title), taken)), table, about, styles)
        answer = HttpResponse(path.read_bytes(), content_type=KIND)
    file = f"{words(name)}.{FORMAT}"
    answer.headers["Content-Disposition"] = content_disposition_header(True, file) or ""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _write(
    sheet: Any, table: Sheet, about: Sequence[tuple[Said, object]], styles: dict[str, Any]
) -> None:
    width = [_length(words(head)) for head in table.heads]
    for row in table.rows[:200]:
        width = [max(one, _length(_plain(cell))) for one, cell in zip(width, row, strict=True)]
    for index, one in enumerate(width):
        sheet.set_column(index, index, min(max(one + 2, _NARROW), _WIDE))
    for index, (label, value) in enumerate(about):
        sheet.write_string(index, 0, words(label), styles["text"])
        _cell(sheet, index, 1, value, styles)
    start = len(about) + 1 if about else 0
    for index, head in enumerate(table.heads):
        sheet.write_string(start, index, words(head), styles["head"])
    for number, row in enumerate(table.rows, start=start + 1):
        for index, value in enumerate(row):
            _cell(sheet, number, index, value, styles)


def _cell(sheet: Any, row: int, column: int, value: object, styles: dict[str, Any]) -> None:
    shown = _plain(value)
    style = styles["text"] if isinstance(shown, str) else None
    sheets.write(sheet, row, column, shown, styles["date"], style)


def _plain(value: object) -> object:
    """As a spreadsheet knows it; a fraction is rounded there only for show."""
    match value:
        case Light():
            return words(LABELS[value])
        case Message() | Label():
            return words(value)
        case Fraction():
            return float(value)
        case datetime():
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        case None | bool() | int() | float() | Decimal() | date() | str():
            return value
        case _:
            return str(value)


def _length(value: object) -> int:
    """Chinese signs are twice as wide."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in str(value or ""))


def _named(title: str, taken: set[str]) -> str:
    """Two sheets may not be called the same."""
    plain = " ".join(title.translate(_NOT_IN_NAMES).split())[:_LONGEST_NAME] or "1"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: _LONGEST_NAME - 4]} {number}"
    taken.add(name.casefold())
    return name
