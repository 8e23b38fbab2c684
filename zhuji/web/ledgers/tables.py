"""Ledger rows as a table: words instead of codes, names beside organisations, numbers aligned."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from zhuji.ledgers import cells, directory, listing
from zhuji.ledgers.declare import Column, Ledger, Type
from zhuji.ledgers.listing import Page
from zhuji.web.asked import Asked
from zhuji.web.lists import Head, heads
from zhuji.web.pages import language

NUMBERS = (Type.INTEGER, Type.DECIMAL, Type.MONEY)
NOTHING = "—"
SHORT = 12  # characters that a cell never breaks
_VEILED = "*"


@dataclass(frozen=True)
class Cell:
    """`main`: what is clicked to open the row; `kind`: num, date or nowrap."""

    text: str
    kind: str = ""
    main: bool = False


@dataclass(frozen=True)
class Line:
    id: int
    version: int
    name: str  # what is clicked: the first of the key that can be seen
    cells: tuple[Cell, ...]
    here: bool


@dataclass(frozen=True)
class Grid:
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]


def grid(asked: Asked, ledger: Ledger, found: Page) -> Grid:
    names = directory.names(_orgs(found))
    here = asked.GET.get("here", "")
    shown = _ordered(ledger, found.columns, one_org=len(asked.moment.reader.orgs) == 1)
    columns = {column.key: column.label for column in shown}
    numbers = [column.key for column in shown if column.type in NUMBERS]
    lines = tuple(_line(ledger, row, shown, names, here) for row in found.rows)
    default = ledger.natural_key[0]
    open_ones = {one.column.key for one in listing.filters_for(asked.moment.reader, ledger.key)}
    sortable = [column.key for column in shown if column.key in open_ones]
    made = heads(asked.GET, columns, sortable=sortable, default=default, numbers=numbers)
    return Grid(made, lines)


def _ordered(ledger: Ledger, columns: tuple[Column, ...], *, one_org: bool) -> tuple[Column, ...]:
    """What a row is called stands first, for a phone shows little more; who has one school only
    need not be told on every row which it is."""
    wanted = ("name", "title", *reversed(ledger.natural_key))
    order = {key: place for place, key in enumerate(wanted) if key != "org"}
    kept = [c for c in columns if c.key != "org" or not one_org or len(columns) == 1]
    first = min(kept, key=lambda c: order.get(c.key, len(order)), default=None)
    return tuple(sorted(kept, key=lambda c: c is not first))


def _orgs(found: Page) -> set[str]:
    codes = [column.key for column in found.columns if column.type is Type.ORG]
    return {str(row[key]) for row in found.rows for key in codes if row.get(key)}


def _line(
    ledger: Ledger,
    row: Mapping[str, Any],
    columns: tuple[Column, ...],
    names: Mapping[str, str],
    here: str,
) -> Line:
    shown = tuple(
        replace(cell(column, row.get(column.key), names), main=place == 0)
        for place, column in enumerate(columns)
    )
    return Line(row["id"], row["version"], name(ledger, row, names), shown, here == str(row["id"]))


def name(ledger: Ledger, row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    for key in ("name", "title", *ledger.natural_key):
        column = ledger.by_key.get(key)
        if column is not None and row.get(key) not in (None, ""):
            return cell(column, row[key], names).text
    return str(row["id"])


def cell(column: Column, value: Any, names: Mapping[str, str]) -> Cell:
    """What is masked is text already and goes as it is."""
    if value is None or value == "":
        return Cell(NOTHING)
    if isinstance(value, str) and _VEILED in value:
        return Cell(value, "nowrap")
    if column.type is Type.ORG:
        return Cell(names.get(str(value), str(value)))
    said = text(column, value)
    if column.type in NUMBERS:
        return Cell(said, "num")
    return Cell(said, "nowrap" if column.type is Type.DATE or len(said) <= SHORT else "")


def text(column: Column, value: object) -> str:
    shown = cells.cell(column, value, language())
    if column.type is Type.MONEY and isinstance(shown, Decimal):
        return f"{shown:,.2f}"
    if isinstance(shown, Decimal):
        return f"{shown.normalize():f}"
    return shown.isoformat() if isinstance(shown, date) else str(shown)
