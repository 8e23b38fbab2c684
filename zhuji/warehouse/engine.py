"""DuckDB behind a fence: it sees one snapshot, runs trees, and never a text from a caller."""
# ruff: noqa: S608 - names are checked by `quoted`, values go through `literal`

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import duckdb
from sqlglot import exp

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.warehouse.manifest import Manifest, TableParts
from zhuji.warehouse.objects import FOLDER, place
from zhuji.warehouse.render import Statement, statement
from zhuji.warehouse.tables import Table, literal, quoted

Row = tuple[Any, ...]
Query = exp.Query | Statement
# Columns and rows of one table, as a worked example or a test writes them down.
Given = Mapping[str, tuple[Sequence[str], Sequence[Sequence[object]]]]

_MEMORY = "1GB"
# More than the cores: while one waits for the interpreter, another computes.
WORKERS = 3


@dataclass(frozen=True)
class Engine:
    """One connection with the tables of one snapshot, in a database of its own in memory; for one
    thread at a time."""

    connection: duckdb.DuckDBPyConnection

    def run(self, tree: Query) -> list[Row]:
        """The rows of a query."""
        return self.connection.execute(_query(tree)).fetchall()

    def run_all(self, trees: Iterable[Query]) -> list[list[Row]]:
        """The rows of each query. Many small ones do not fill the cores one after another, so
        they run side by side, each worker on a cursor of its own."""
        idle: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
        for _ in range(WORKERS):
            idle.put(self.connection.cursor())

        def rows(text: str) -> list[Row]:
            cursor = idle.get()
            try:
                return cursor.execute(text).fetchall()
            finally:
                idle.put(cursor)

        with ThreadPoolExecutor(WORKERS) as workers:
            return list(workers.map(rows, [_query(tree) for tree in trees]))

    def table(self, name: str, types: Mapping[str, str], rows: Iterable[Sequence[object]]) -> None:
        """A small table of our own, such as periods or membership; column -> DuckDB type.

        An empty text is taken as no value, as in a worked example.
        """
        columns = ", ".join(f"{quoted(column)} {kind}" for column, kind in types.items())
        self.connection.execute(f"CREATE OR REPLACE TABLE {quoted(name)} ({columns})")
        lists = [[_text(value) for value in values] for values in zip(*rows, strict=True)]
        if lists:
            values = ", ".join(f"CAST(unnest(?::VARCHAR[]) AS {kind})" for kind in types.values())
            self.connection.execute(f"INSERT INTO {quoted(name)} SELECT {values}", lists)

    def materialise(self, name: str, tree: Query) -> None:
        """Run a query once and keep its rows under a name."""
        self.connection.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS {_query(tree)}")

    def view(self, name: str, tree: Query) -> None:
        """Give a query a name; it runs each time it is asked."""
        self.connection.execute(f"CREATE OR REPLACE VIEW {quoted(name)} AS {_query(tree)}")


@contextmanager
def open_engine(
    store: Path,
    manifest: Manifest,
    tables: Collection[Table] = (),
    *,
    memory: str = _MEMORY,
    threads: int | None = None,
) -> Iterator[Engine]:
    """An engine over a snapshot. `tables` is what the caller expects: a table or column that the
    snapshot, being older, does not have is there and empty."""
    expected = {table.name: table.types for table in tables}
    names = {**{name: parts.columns for name, parts in manifest.tables.items()}, **expected}
    with (
        tempfile.TemporaryDirectory(prefix="zhuji-engine-") as spill,
        _connected(memory, threads, spill) as connection,
    ):
        for name, types in names.items():
            select = _view(store, manifest.tables.get(name), types)
            connection.execute(f"CREATE VIEW {quoted(name)} AS {select}")
        _fence(connection, store / FOLDER)
        yield Engine(connection)


@contextmanager
def engine_from_rows(given: Given, tables: Collection[Table]) -> Iterator[Engine]:
    """An engine over rows written by hand; what is not given is there and empty."""
    with _connected(_MEMORY, 1, "") as connection:
        _fence(connection, None)
        engine = Engine(connection)
        for table in tables:
            columns, rows = given.get(table.name, ((), ()))
            unknown = [column for column in columns if column not in table.names]
            if unknown:
                raise Refused(
                    say("表 {table} 没有“{column}”列。", table=table.name, column=unknown[0])
                )
            engine.table(table.name, table.types, _aligned(table.names, columns, rows))
        strange = given.keys() - {table.name for table in tables}
        if strange:
            raise Refused(say("没有名为“{table}”的表。", table=min(strange)))
        yield engine


def _query(tree: Query) -> str:
    return (tree if isinstance(tree, Statement) else statement(tree)).text


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


def _aligned(
    names: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> Iterator[list[object]]:
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        yield [values.get(name) for name in names]


@contextmanager
def _connected(memory: str, threads: int | None, spill: str) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": threads or min(os.cpu_count() or 1, 4),
            "temp_directory": spill,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
    )
    # Our trees join from the long table to the short ones; reordering made them three times slower.
    connection.execute("SET disabled_optimizers = 'join_order'")
    try:
        yield connection
    finally:
        connection.close()


def _fence(connection: duckdb.DuckDBPyConnection, folder: Path | None) -> None:
    """From here on no file but the snapshot's objects, no network, and no way back."""
    if folder is not None:
        connection.execute(f"SET allowed_directories = [{literal(str(folder))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _view(store: Path, held: TableParts | None, types: Mapping[str, str]) -> str:
    """One table out of its parts; where nothing is held, typed columns without rows."""
    columns = ", ".join(
        quoted(name) if held and name in held.columns else f"CAST(NULL AS {kind}) AS {quoted(name)}"
        for name, kind in types.items()
    )
    if held is None or not held.parts:
        nothing = ", ".join(
            f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in types.items()
        )
        return f"SELECT {nothing} WHERE false"
    return " UNION ALL ".join(
        f"SELECT {columns} FROM read_parquet({literal(str(place(store, part.sha256)))})"
        + (f" WHERE {part.condition}" if part.condition else "")
        for part in held.parts
    )
