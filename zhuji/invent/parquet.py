"""Writes invented counties straight to Parquet, one after another, as a province's warehouse."""

import csv
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import duckdb

from zhuji.invent.rows import rows
from zhuji.invent.told.kinds import Row, Value
from zhuji.invent.world import World
from zhuji.ledgers.declare import Ledger
from zhuji.ledgers.registry import LEDGERS
from zhuji.ledgers.relations import table_of
from zhuji.warehouse import pseudonyms
from zhuji.warehouse.tables import Table, literal, quoted

_MEMORY = "512MB"
_SYSTEM = {"row_id", "import_id", "sheet_row"}

Progress = Callable[[str, int], None]


def write_parquet(
    world: World, folder: Path, *, key: bytes, progress: Progress | None = None
) -> dict[str, int]:
    """folder/<ledger>/<county>.parquet in the warehouse's columns; rows of each ledger.

    Names, identity numbers and phones stay behind, and pupils leave as keyed pseudonyms, as in
    any snapshot. Rows stream through a text file, so a county needs no more memory than its lives.
    """
    counts: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as aside, duckdb.connect() as engine:
        engine.execute(f"SET memory_limit = '{_MEMORY}'")
        for each in LEDGERS:
            table = table_of(each, each.key)
            text = Path(aside) / "rows.csv"
            counts[each.key] = _spill(text, each, table, rows(world, each.key))
            path = folder / each.key / f"{world.county.code}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            _copy(engine, text, table, path, key)
            if progress:
                progress(each.label.zh, counts[each.key])
    return counts


def write_province(
    worlds: Iterable[World], folder: Path, *, key: bytes, progress: Progress | None = None
) -> dict[str, int]:
    """County by county; each is forgotten before the next is made up."""
    total: dict[str, int] = {}
    for world in worlds:
        for ledger_key, count in write_parquet(world, folder, key=key).items():
            total[ledger_key] = total.get(ledger_key, 0) + count
        if progress:
            progress(world.county.name, sum(total.values()))
    return total


def _spill(path: Path, of: Ledger, table: Table, source: Iterable[Row]) -> int:
    names = [name for name in table.names if name not in _SYSTEM]
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row_id", *names])
        for count, row in enumerate(source, start=1):
            writer.writerow([count, *(_shown(row[name]) for name in names)])
    del of
    return count


def _shown(value: Value) -> object:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value


def _copy(
    engine: duckdb.DuckDBPyConnection, text: Path, table: Table, path: Path, key: bytes
) -> None:
    types = table.types
    given = {"row_id": "BIGINT"} | {n: t for n, t in types.items() if n not in _SYSTEM}
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in given.items())
    source = f"read_csv({literal(str(text))}, header = true, nullstr = '', columns = {{{columns}}})"
    shown = ", ".join(_expression(table, types, name) for name in table.names)
    engine.execute(
        f"COPY (SELECT {shown} FROM {source}) TO {literal(str(path))} (FORMAT parquet)",  # noqa: S608
        pseudonyms.parameters(key) if table.pseudonyms else None,
    )


def _expression(table: Table, types: Mapping[str, str], name: str) -> str:
    column = next(column for column in table.columns if column.name == name)
    if name in ("import_id", "sheet_row"):
        return f"NULL::{types[name]} AS {quoted(name)}"
    if not column.pseudonym:
        return quoted(name)
    hidden = pseudonyms.sql(quoted(name))
    if column.only_like:
        like = f"regexp_full_match({quoted(name)}, {literal(column.only_like)})"
        hidden = f"CASE WHEN {like} THEN {hidden} ELSE {quoted(name)} END"
    return f"{hidden} AS {quoted(name)}"
