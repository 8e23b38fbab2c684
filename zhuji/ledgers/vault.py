"""What is encrypted in the ledgers: which columns, and the one way in and out.

A sensitive value is bound to its ledger, its column and the key of its row. Its blind index finds
equal values of the same column. Numbers of pupils are keys themselves: see `fields`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from django.conf import settings

from zhuji.ledgers.declare import MIXED, Column, Ledger, Level, Type
from zhuji.ledgers.registry import ledger as ledger_of
from zhuji.orgs import keyring
from zhuji.orgs.ciphers import Place
from zhuji.orgs.keyring import Keyring

Values = tuple[object, ...]


def ring() -> Keyring:
    home: Path = settings.ZHUJI_HOME
    return keyring.held(home)


@cache
def sealed_columns(key: str) -> tuple[Column, ...]:
    """Encrypted field by field; only these, for a sealed column cannot be sorted or summed."""
    return tuple(c for c in ledger_of(key).columns if c.level is Level.SENSITIVE)


@cache
def number_columns(key: str) -> frozenset[str]:
    """Columns whose values are, or may be, numbers of pupils."""
    columns = ledger_of(key).columns
    return frozenset(c.key for c in columns if c.type is Type.PUPIL or MIXED.get(key) == c.key)


def is_found(column: Column) -> bool:
    """Whether equal values can be looked up: codes can, sentences cannot."""
    return column.level is Level.SENSITIVE and bool(column.check)


def index_name(column: Column) -> str:
    return f"{column.key}_index"


def index_of(ledger: Ledger, column: Column, value: object) -> str | None:
    return None if value is None else ring().index(str(value), table_name(ledger), column.key)


def table_name(ledger: Ledger) -> str:
    return f"ledger_{ledger.key}"


def bound_to(ledger: Ledger, row: Mapping[str, object]) -> str:
    """The key of a row, as it is bound into what is encrypted; it is stored nowhere."""
    return json.dumps([str(row[name]) for name in ledger.natural_key], ensure_ascii=False)


def place(ledger: Ledger, column: Column, row: Mapping[str, object]) -> Place:
    return Place(table_name(ledger), column.key, bound_to(ledger, row))


def sealed(ledger: Ledger, row: Mapping[str, object]) -> dict[str, object]:
    """The encrypted values and their indexes, of those sensitive columns that the row has."""
    made: dict[str, object] = {}
    held = ring()
    for column in sealed_columns(ledger.key):
        if column.key not in row:
            continue
        value = row[column.key]
        made[column.key] = (
            None if value is None else held.encrypt(str(value), place(ledger, column, row))
        )
        if is_found(column):
            made[index_name(column)] = index_of(ledger, column, value)
    return made


def opened(ledger: Ledger, row: Mapping[str, object]) -> dict[str, object]:
    """The row with its sensitive values in the clear; it must have its key."""
    held = ring()
    found = dict(row)
    for column in sealed_columns(ledger.key):
        stored = found.get(column.key)
        if isinstance(stored, str):
            found[column.key] = held.decrypt(stored, place(ledger, column, row))
    return found


def opener(ledger: Ledger, names: Sequence[str]) -> Callable[[Sequence[object]], Values]:
    """The same for rows of values in the order of `names`; most ledgers have nothing to open."""
    if not any(column.key in names for column in sealed_columns(ledger.key)):
        return tuple

    def open_values(values: Sequence[object]) -> Values:
        row = opened(ledger, dict(zip(names, values, strict=True)))
        return tuple(row[name] for name in names)

    return open_values


def sealing(
    ledger: Ledger, columns: Sequence[str], rows: Iterable[Values]
) -> tuple[tuple[str, ...], Iterable[Values]]:
    """Columns and rows as they are stored: sensitive values encrypted, their indexes added."""
    hidden = [c for c in sealed_columns(ledger.key) if c.key in columns]
    if not hidden:
        return tuple(columns), rows
    names = (*columns, *(index_name(column) for column in hidden if is_found(column)))

    def each(values: Values) -> Values:
        row = dict(zip(columns, values, strict=True))
        row.update(sealed(ledger, row))
        return tuple(row[name] for name in names)

    return names, map(each, rows)
