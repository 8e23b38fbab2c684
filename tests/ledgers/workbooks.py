"""Makes workbooks as people and programs make them."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

Rows = Sequence[Sequence[object]]
FORMATS = {date: "yyyy/m/d", datetime: "yyyy/m/d h:mm", time: "h:mm"}


def book(path: Path, sheets: Mapping[str, Rows], merged: Sequence[str] = ()) -> Path:
    """Cells by their Python type; `merged` are ranges of the first sheet."""
    made = xlsxwriter.Workbook(str(path))
    formats: dict[type, Any] = {
        kind: made.add_format({"num_format": code}) for kind, code in FORMATS.items()
    }
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            for index, value in enumerate(row):
                write(sheet, number, index, value, formats)
        for span in merged if name == next(iter(sheets)) else ():
            first = span.split(":")[0]
            number, index = xlsxwriter.utility.xl_cell_to_rowcol(first)
            sheet.merge_range(span, rows[number][index])
    made.close()
    return path


def write(sheet: Any, number: int, index: int, value: object, formats: Mapping[type, Any]) -> None:
    match value:
        case None | "":
            return
        case date() | time():
            sheet.write_datetime(number, index, value, formats[type(value)])
        case str() if value.startswith("=ERR "):
            sheet.write_formula(number, index, "=1/0", None, value.removeprefix("=ERR "))
        case str():
            sheet.write_string(number, index, value)
        case _:
            sheet.write(number, index, value)


WORKBOOK = (
    '<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/'
    'spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships"><sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/{kind}" Target="{target}"/></Relationships>'
)
CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-'
    'types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>'
)


def raw(
    path: Path, sheet_xml: str, name: str = "Sheet1", more: Mapping[str, bytes] | None = None
) -> Path:
    """A workbook written part by part, for what no library would write; `more` are extra parts."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS.format(id="rId1", kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": WORKBOOK.format(name=name),
        "xl/_rels/workbook.xml.rels": RELATIONS.format(
            id="rId1", kind="worksheet", target="worksheets/sheet1.xml"
        ),
        "xl/worksheets/sheet1.xml": sheet_xml,
        **(more or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def inline(rows: Rows, prefix: str = "", *, with_refs: bool = True) -> str:
    """Sheet XML with strings in the cells, as small programs write it."""
    p = f"{prefix}:" if prefix else ""
    space = f"xmlns:{prefix}" if prefix else "xmlns"
    lines = [
        f'<{p}worksheet {space}="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<{p}sheetData>"
    ]
    for number, row in enumerate(rows, start=1):
        cells = []
        for index, value in enumerate(row):
            where = (
                f' r="{xlsxwriter.utility.xl_rowcol_to_cell(number - 1, index)}"'
                if with_refs
                else ""
            )
            cells.append(f'<{p}c{where} t="inlineStr"><{p}is><{p}t>{value}</{p}t></{p}is></{p}c>')
        lines.append(f'<{p}row r="{number}">{"".join(cells)}</{p}row>')
    lines.append(f"</{p}sheetData></{p}worksheet>")
    return "".join(lines)
