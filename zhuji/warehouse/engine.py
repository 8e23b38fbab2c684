"""DuckDB behind a fence: it sees one snapshot, runs trees, and never a text from a caller."""
# ruff: noqa: S608 - names are checked by `quoted`, values go through `literal`

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import duckdb
from sqlglot import exp

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.warehouse.keeping import Kept, digest, key_of
from zhuji.warehouse.manifest import Manifest, TableParts
from zhuji.warehouse.objects import FOLDER, place
from zhuji.warehouse.render import Statement, statement
from zhuji.warehouse.tables import Table, literal, quoted

Row = tuple[Any, ...]
Texts = list[str | None]
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
    digests: dict[str, str] = field(default_factory=dict)  # of what each table holds
    # What was registered and not yet asked for: whose tables it reads, and how it is made.
    waiting: dict[str, tuple[tuple[str, ...], str, list[Texts]]] = field(default_factory=dict)

    def run(self, tree: Query) -> list[Row]:
        """The rows of a query."""
        asked = _spelt(tree)
        self._make(asked.reads)
        return self.connection.execute(asked.text).fetchall()

    def run_all(self, trees: Iterable[Query], kept: Kept | None = None) -> list[list[Row]]:
        """The rows of each query; those whose answer is kept and still holds are not run."""
        asked = [_spelt(tree) for tree in trees]
        if kept is None:
            return self._side_by_side(asked)
        keys = [key_of(each, self.digests) for each in asked]
        found = {key: rows for key in keys if (rows := kept.get(key)) is not None}
        open_ = {key: each for key, each in zip(keys, asked, strict=True) if key not in found}
        for key, rows in zip(open_, self._side_by_side(open_.values()), strict=True):
            kept.put(key, rows)
            found[key] = rows
        return [found[key] for key in keys]

    def _side_by_side(self, asked: Iterable[Statement]) -> list[list[Row]]:
        """Many small queries do not fill the cores one after another, so they run at once, each
        worker on a cursor of its own."""
        asked = list(asked)
        for each in asked:
            self._make(each.reads)
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
            return list(workers.map(rows, [each.text for each in asked]))

    def table(self, name: str, types: Mapping[str, str], rows: Iterable[Sequence[object]]) -> None:
        """A small table of our own, such as periods or membership; column -> DuckDB type.

        An empty text is taken as no value, as in a worked example.
        """
        columns = ", ".join(f"{quoted(column)} {kind}" for column, kind in types.items())
        lists = [[_text(value) for value in values] for values in zip(*rows, strict=True)]
        text = f"CREATE OR REPLACE TABLE {quoted(name)} ({columns})"
        if lists:
            values = ", ".join(
                f"CAST(unnest(?::VARCHAR[]) AS {kind}) AS {quoted(column)}"
                for column, kind in types.items()
            )
            text = f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT {values}"
        self.digests[name] = digest(*types.items(), *lists)
        self.waiting[name] = (), text, lists

    def materialise(self, name: str, tree: Query) -> None:
        """Run a query once, when it is first asked for, and keep its rows under a name."""
        self._wait(name, f"CREATE OR REPLACE TABLE {quoted(name)} AS", _spelt(tree))

    def view(self, name: str, tree: Query) -> None:
        """Give a query a name; it runs each time it is asked."""
        self._wait(name, f"CREATE OR REPLACE VIEW {quoted(name)} AS", _spelt(tree))

    def _wait(self, name: str, verb: str, asked: Statement) -> None:
        self.digests[name] = key_of(asked, self.digests)
        self.waiting[name] = asked.reads, f"{verb} {asked.text}", []

    def _make(self, names: Iterable[str]) -> None:
        """Make these tables and what they read, unless they are there already."""
        for name in names:
            waiting = self.waiting.pop(name, None)
            if waiting is not None:
                reads, text, lists = waiting
                self._make(reads)
                self.connection.execute(text, lists or None)


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
        engine = Engine(connection)
        for name, types in names.items():
            select = _view(store, manifest.tables.get(name), types)
            # Objects are named by their own hash, so the text tells the rows.
            engine.digests[name] = digest(select)
            connection.execute(f"CREATE VIEW {quoted(name)} AS {select}")
        _fence(connection, store / FOLDER)
        yield engine


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


def _spelt(tree: Query) -> Statement:
    return tree if isinstance(tree, Statement) else statement(tree)


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
