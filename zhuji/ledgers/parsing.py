"""Parses one file in a process of its own, under limits of time and memory.

Run as `python -m zhuji.ledgers.parsing FILE FORM SECONDS BYTES ROWS`; the sheets go to standard
output as JSON. A file that makes the parser run away or crash takes this process, not the worker.
"""

import csv
import io
import json
import re
import resource
import sys
import zipfile
from datetime import date, time, timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from python_calamine import CalamineError, CalamineSheet, SheetVisibleEnum, load_workbook

TOO_MANY_ROWS, UNREADABLE, ENCODING = "rows", "unreadable", "encoding"
# Titles, notes and a second header may stand above and below the rows that count.
SLACK = 100

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?=[^>]*\bt=\"e\")[^>]*\br=\"([A-Z]+)([0-9]+)\"[^>]*>(.{0,80})"
)
_ERROR_WORD = re.compile(rb"<(?:\w+:)?v>(#[^<]+)</")
# A few kilobytes of a workbook can name one long text in every cell.
_LONGEST_ANSWER = 100_000_000
_DELIMITERS = "\t,;，"

_BROKEN = (
    CalamineError,
    ElementTree.ParseError,
    csv.Error,
    zipfile.BadZipFile,
    ValueError,
    KeyError,
)

Sheet = dict[str, Any]


class Unfit(Exception):
    """The file cannot be taken; the argument is one of the words above."""


def main() -> None:
    path, form, seconds, size, rows = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (int(size), int(size)))
    answer = json.dumps(parse(Path(path), form, int(rows)), default=plain, separators=(",", ":"))
    if len(answer) > _LONGEST_ANSWER:
        sys.exit(1)  # told as a file beyond the limits, like any other way of running away
    sys.stdout.write(answer)


def parse(path: Path, form: str, rows: int) -> dict[str, Any]:
    """The sheets, or the word that says why not."""
    read = _workbook if form == "workbook" else _text
    try:
        return {"sheets": read(path, rows + SLACK)}
    except Unfit as reason:
        return {"refused": str(reason)}
    except _BROKEN:
        return {"refused": UNREADABLE}


def plain(value: object) -> dict[str, str]:
    """What JSON has no word for, marked with its kind."""
    match value:
        case date():
            return {"d": value.isoformat()[:10]}
        case time():
            return {"t": value.isoformat("minutes")}
        case timedelta():
            minutes = int(value.total_seconds()) // 60
            return {"t": f"{minutes // 60:02}:{minutes % 60:02}"}
        case _:
            return {"t": str(value)}


def _workbook(path: Path, most: int) -> list[Sheet]:
    errors = _error_cells(path)
    with load_workbook(path) as book:
        return [
            _sheet(
                book.get_sheet_by_name(meta.name),
                visible=meta.visible is SheetVisibleEnum.Visible,
                errors=errors.get(meta.name, {}),
                most=most,
            )
            for meta in book.sheets_metadata
        ]


def _sheet(
    sheet: CalamineSheet, *, visible: bool, errors: dict[tuple[int, int], str], most: int
) -> Sheet:
    """Rows by their number in the sheet, empty ones left out; an error cell becomes an object."""
    padding = [""] * (sheet.start[1] if sheet.start else 0)
    rows: list[tuple[int, list[object]]] = []
    for index, cells in enumerate(sheet.iter_rows()):
        if any(cell != "" for cell in cells):
            rows.append((index + 1, [*padding, *cells]))
        if len(rows) > most:
            raise Unfit(TOO_MANY_ROWS)
    _mark_errors(rows, errors)
    return {
        "name": sheet.name,
        "visible": visible,
        "rows": rows,
        "merged": sheet.merged_cell_ranges or [],
    }


def _mark_errors(rows: list[tuple[int, list[object]]], errors: dict[tuple[int, int], str]) -> None:
    """The parser reads an error cell as empty, which would pass for a missing value."""
    by_number = dict(rows)
    for (number, column), word in errors.items():
        cells = by_number.get(number)
        if cells is None:
            cells = by_number[number] = []
            rows.append((number, cells))
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = {"e": word}
    if errors:
        rows.sort(key=lambda row: row[0])


def _error_cells(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Sheet name -> (row number, column index) -> #N/A and the like."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    with zipfile.ZipFile(path) as archive:
        for name, part in _sheet_parts(archive).items():
            content = archive.read(part)
            if b't="e"' in content:
                found[name] = {
                    (int(match[2]), _column_index(match[1])): _error_word(match[3])
                    for match in _ERROR_CELL.finditer(content)
                }
    return found


def _error_word(after: bytes) -> str:
    word = _ERROR_WORD.search(after)
    return word[1].decode("ascii", "replace") if word else "#VALUE!"


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in _xml(archive, "xl/_rels/workbook.xml.rels")
    }
    parts = {}
    for element in _xml(archive, "xl/workbook.xml").iter():
        if element.tag.endswith("}sheet"):
            target = targets.get(element.get(_RELATION), "")
            part = str(PurePosixPath("/xl", target)).lstrip("/")
            if part in names:
                parts[element.get("name", "")] = part
    return parts


def _xml(archive: zipfile.ZipFile, part: str) -> Element:
    root: Element = ElementTree.fromstring(archive.read(part))
    return root


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def _text(path: Path, most: int) -> list[Sheet]:
    text = _decoded(path.read_bytes())
    delimiter = max(_DELIMITERS, key="\n".join(text.splitlines()[:20]).count)
    rows: list[tuple[int, list[object]]] = []
    for index, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
        if any(cell.strip() for cell in cells):
            rows.append((index + 1, [_unguarded(cell) for cell in cells]))
        if len(rows) > most:
            raise Unfit(TOO_MANY_ROWS)
    return [{"name": "", "visible": True, "rows": rows, "merged": []}]


def _unguarded(cell: str) -> str:
    """Take off the apostrophe that our own export puts before what could be a formula."""
    return cell[1:] if cell.startswith("'") and is_formula(cell) else cell


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might calculate it, once apostrophes are away."""
    return text.lstrip("'").startswith(tuple("=+-@\t\r＝＋－＠"))


def _decoded(content: bytes) -> str:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return _strict(content, (encoding,))
    return _strict(content, ("utf-8", "gb18030"))


def _strict(content: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unfit(ENCODING)


if __name__ == "__main__":
    main()
