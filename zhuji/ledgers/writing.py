"""Writes workbooks and text files: exports, and the rows that come back."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from zhuji.kernel.errors import BadInput, Issue
from zhuji.kernel.messages import Message, say
from zhuji.ledgers import cells, queries, sheets
from zhuji.ledgers.declare import Column, Ledger
from zhuji.ledgers.receipts import Receipt, SheetReceipt
from zhuji.ledgers.sheets import CHINESE
from zhuji.ledgers.tables import sheet_name
from zhuji.ledgers.templates import template as template

_REASON_CHARACTERS = 30


def export(
    ledger: Ledger,
    path: Path,
    *,
    orgs: Sequence[str] | None = None,
    language: str = CHINESE,
) -> int:
    """Write the rows to .xlsx or .csv, and say how many; importing them again changes nothing."""
    rows = queries.rows(ledger.key, orgs=orgs)
    return write(ledger, ledger.columns, rows, path, language)


def write(
    ledger: Ledger,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, object]],
    path: Path,
    language: str,
    mark: Message | None = None,
) -> int:
    """These columns of these rows, as they were given, to .xlsx or .csv; says how many rows.

    `mark` stands above the headings of a workbook and on each printed page.
    """
    match path.suffix.lower():
        case ".xlsx":
            return _export_workbook(ledger, columns, rows, path, language, mark)
        case ".csv":
            return _export_text(columns, rows, path, language)
        case _:
            raise BadInput(say("只能导出成 .xlsx 或 .csv 文件，不能是“{name}”。", name=path.name))


def refused(receipt: Receipt, path: Path, *, language: str = CHINESE) -> int:
    """The rows that come back, the reason in red before each; it can be mended and handed in."""
    returned = [sheet for sheet in receipt.sheets if sheet.refused]
    with sheets.book(path) as book:
        styles = sheets.styles(book)
        for place, sheet in enumerate(returned, start=1):
            name = sheet_name(sheet.ledger, language)
            again = any(sheet.ledger == other.ledger for other in returned[: place - 1])
            _refused_sheet(book, f"{name[:27]}_{place}" if again else name, sheet, styles, language)
        if not returned:  # the library leaves the draft of a sheet without a cell behind
            words = sheets.words(say("原因"), language)
            book.add_worksheet().write_string(0, 0, words, styles["required"])
    return sum(len(sheet.refused) for sheet in returned)


def _export_workbook(
    ledger: Ledger,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, object]],
    path: Path,
    language: str,
    mark: Message | None,
) -> int:
    count = 0
    with sheets.book(path) as book:
        styles = sheets.styles(book)
        sheet = book.add_worksheet(sheet_name(ledger, language))
        above = 0 if mark is None else sheets.mark(sheet, sheets.words(mark, language), styles)
        sheets.head(sheet, columns, styles, language, above)
        for count, row in enumerate(rows, start=1):
            for index, column in enumerate(columns):
                shown = cells.cell(column, row.get(column.key), language)
                sheets.write(sheet, above + count, index, shown, styles["date"])
    return count


def _export_text(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, object]],
    path: Path,
    language: str,
) -> int:
    count = 0
    with sheets.whole(path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.label.get(language) for column in columns])
        for row in rows:
            shown = (cells.cell(c, row.get(c.key), language) for c in columns)
            writer.writerow(map(cells.text_cell, columns, shown))
            count += 1
    return count


def _refused_sheet(
    book: Any, name: str, given: SheetReceipt, styles: Mapping[str, Any], language: str
) -> None:
    headings = [str(heading) for heading in given.checked.grid.headings]
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 2 * _REASON_CHARACTERS)
    sheet.set_column(1, len(headings), 16)
    sheet.write_string(0, 0, sheets.words(say("原因"), language), styles["required"])
    for index, heading in enumerate(headings, start=1):
        sheet.write_string(0, index, heading, styles["head"])
    sheet.freeze_panes(1, 1)
    for row, bad in enumerate(given.refused, start=1):
        reason = _reason(bad.issues, language)
        sheet.set_row(row, _height(reason))
        sheet.write_string(row, 0, reason, styles["reason"])
        wrong = {issue.column for issue in bad.issues}
        for index, cell in enumerate(bad.cells, start=1):
            is_wrong = index <= len(headings) and headings[index - 1].strip() in wrong
            dates = styles["wrong_date" if is_wrong else "date"]
            sheets.write(sheet, row, index, cell, dates, styles["wrong"] if is_wrong else None)


def _height(text: str) -> int:
    """Points that show the whole reason: not every program fits a row to its text."""
    lines = sum(1 + len(line) // _REASON_CHARACTERS for line in text.splitlines())
    return min(15 * lines, 400)


def _reason(issues: Iterable[Issue], language: str) -> str:
    lines = []
    for issue in issues:
        said = say("“{column}”列：{finding}", column=issue.column, finding=issue.message)
        proposal = sheets.words(issue.proposal, language) if issue.proposal else ""
        lines.append(f"{sheets.words(said, language)} {proposal}".strip())
    return "\n".join(lines)
