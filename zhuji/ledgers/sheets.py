"""The workbook as all our sheets share it: styles, headings, one cell by its type."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils import translation

from zhuji.kernel.messages import Message, translated
from zhuji.ledgers.declare import Column, Type

CHINESE = "zh-hans"
_FOOTER = 200  # of the 255 signs that Excel allows
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@contextmanager
def book(path: Path) -> Iterator[Any]:
    """A new workbook, written out when the block ends; what fails leaves nothing behind."""
    with whole(path) as draft:
        made = xlsxwriter.Workbook(str(draft), _OPTIONS)
        try:
            yield made
        finally:
            made.close()


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file to be written beside its place, which it takes when it is complete."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def styles(book: Any) -> dict[str, Any]:
    head = {"bold": True, "bg_color": "#E7EEF7", "border": 1, "text_wrap": True, "valign": "top"}
    return {
        "head": book.add_format(head),
        "required": book.add_format({**head, "font_color": "#C00000"}),
        "example": book.add_format({"italic": True, "font_color": "#808080", "num_format": "@"}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "reason": book.add_format({"font_color": "#C00000", "text_wrap": True, "valign": "top"}),
        "mark": book.add_format({"font_color": "#C00000"}),
        "wrong": book.add_format({"bg_color": "#FFD9D9"}),
        "wrong_date": book.add_format({"bg_color": "#FFD9D9", "num_format": "yyyy-mm-dd"}),
    }


def _style_of(column: Column) -> str | None:
    if column.type is Type.DATE:
        return "date"
    return "text" if column.is_code or column.type is Type.TEXT else None


def mark(sheet: Any, text: str, styles: Mapping[str, Any]) -> int:
    """Above everything, and at the foot of each printed page; how many rows it takes."""
    sheet.write_string(0, 0, text, styles["mark"])
    escaped = text[:_FOOTER].replace("&", "&&")  # one alone begins a code
    sheet.set_footer(f"&L&8{escaped}&R&P / &N")
    return 1


def head(
    sheet: Any, columns: Iterable[Column], styles: Mapping[str, Any], language: str, row: int = 0
) -> None:
    for index, column in enumerate(columns):
        label = column.label.get(language)
        style = _style_of(column)
        width = min(max(12, 2 * len(label) + 4), 40)
        sheet.set_column(index, index, width, styles[style] if style else None)
        sheet.write_string(row, index, label, styles["required" if column.required else "head"])
    sheet.freeze_panes(row + 1, 0)


def write(sheet: Any, row: int, index: int, shown: object, dates: Any, style: Any = None) -> None:
    """By its type, never by what it looks like: a text stays a text."""
    match shown:
        case None | "":
            if style:
                sheet.write_blank(row, index, None, style)
        case bool():
            sheet.write_boolean(row, index, shown, style)
        case int() | float() | Decimal():
            sheet.write_number(row, index, shown, style)
        case date():
            sheet.write_datetime(row, index, shown, dates)
        case _:
            sheet.write_string(row, index, str(shown), style)


def words(message: Message, language: str) -> str:
    with translation.override(language):
        return translated(message, translation.gettext, language)
