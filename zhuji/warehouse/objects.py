"""Parquet objects named by their own hash: written aside, then renamed, then never touched."""
# ruff: noqa: S608 - names are checked by `quoted`, values go through `literal`

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from typing import Any

import duckdb

from zhuji.warehouse import pseudonyms
from zhuji.warehouse.manifest import Part
from zhuji.warehouse.source import Reader
from zhuji.warehouse.tables import Table, TableColumn, literal, quoted

FOLDER = "objects"
_MEMORY = "512MB"
_MAP = "pseudonym_map"


@dataclass(frozen=True)
class Writer:
    """Turns streams into objects. `staging` is a folder of the store, gone when the work ends."""

    store: Path
    staging: Path
    engine: duckdb.DuckDBPyConnection
    key: bytes

    def write(self, reader: Reader, table: Table, orgs: Collection[str] | None = None) -> Part:
        """One object with the rows of a table, or of some organisations in it."""
        path = self.staging / f"{table.name}.parquet"
        mapped = orgs is None and bool(table.pseudonyms)
        if mapped and not self._has_map():
            self._fill_map(reader, table)
        with reader.stream(table, orgs) as stream:
            self._copy(stream, _select(table, mapped), path, table.pseudonyms)
        return self._keep(path)

    def visible(self, parts: Collection[Part]) -> int:
        """Rows of these parts that count."""
        return sum(self._visible(part) for part in parts)

    def _visible(self, part: Part) -> int:
        if not part.condition:
            return part.rows
        path = literal(str(place(self.store, part.sha256)))
        query = f"SELECT count(*) FROM read_parquet({path}) WHERE {part.condition}"
        return int(self.engine.execute(query).fetchall()[0][0])

    def _copy(self, stream: Any, select: str, path: Path, pseudonymous: Collection[str]) -> None:
        self.engine.register("incoming", stream)
        try:
            self.engine.execute(
                f"COPY ({select}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)",
                pseudonyms.parameters(self.key) if pseudonymous else None,
            )
        finally:
            self.engine.unregister("incoming")

    def _keep(self, path: Path) -> Part:
        rows = self.engine.execute(
            f"SELECT num_rows FROM parquet_file_metadata({literal(str(path))})"
        ).fetchall()[0][0]
        with path.open("rb") as file:
            os.fsync(file.fileno())
            digest = file_digest(file, "sha256").hexdigest()
        part = Part(sha256=digest, rows=int(rows), bytes=path.stat().st_size)
        path.chmod(0o444)
        path.rename(place(self.store, digest))
        return part

    def _has_map(self) -> bool:
        found = "SELECT 1 FROM duckdb_tables() WHERE table_name = $name"
        return bool(self.engine.execute(found, {"name": _MAP}).fetchall())

    def _fill_map(self, reader: Reader, table: Table) -> None:
        """Pseudonyms of the first table's persons, so that the long tables join, not hash."""
        narrow = tuple(c for c in table.columns if c.name in ("org", table.pseudonyms[0]))
        with reader.stream(replace(table, columns=narrow)) as stream:
            self.engine.register("incoming", stream)
            self.engine.execute(
                f"CREATE TEMP TABLE {_MAP} AS SELECT number, {pseudonyms.sql('number')} AS alias "
                f"FROM (SELECT DISTINCT {quoted(table.pseudonyms[0])} AS number FROM incoming)",
                pseudonyms.parameters(self.key),
            )
            self.engine.unregister("incoming")


@contextmanager
def writing(store: Path, key: bytes) -> Iterator[Writer]:
    """A writer whose half-done work disappears with it."""
    (store / FOLDER).mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=store))
    engine = duckdb.connect(
        config={
            "memory_limit": _MEMORY,
            "threads": min(os.cpu_count() or 1, 4),
            "temp_directory": str(staging / "spill"),
        }
    )
    try:
        yield Writer(store, staging, engine, key)
    finally:
        engine.close()
        shutil.rmtree(staging, ignore_errors=True)


def place(store: Path, digest: str) -> Path:
    return store / FOLDER / f"{digest}.parquet"


def _select(table: Table, mapped: bool) -> str:
    """Typed columns, sorted by organisation; the sample row has none and stays behind."""
    columns = ", ".join(_value(column, mapped) for column in table.columns)
    joins = "".join(
        f" LEFT JOIN {_MAP} AS map_{name} ON map_{name}.number = incoming.{quoted(name)}"
        for name in (table.pseudonyms if mapped else ())
    )
    order = ", ".join(
        f"incoming.{quoted(name)}" for name in ("org", "row_id") if name in table.names
    )
    return f"SELECT {columns} FROM incoming{joins} WHERE incoming.org <> '' ORDER BY {order}"


def _value(column: TableColumn, mapped: bool) -> str:
    name = quoted(column.name)
    value = f"incoming.{name}"
    if column.pseudonym:
        hashed = pseudonyms.sql(value)
        value_out = f"COALESCE(map_{column.name}.alias, {hashed})" if mapped else hashed
        if column.only_like:
            pattern = literal(column.only_like)
            value_out = (
                f"CASE WHEN regexp_full_match({value}, {pattern}) THEN {value_out} ELSE {value} END"
            )
        return f"{value_out} AS {name}"
    return f"CAST({value} AS {column.duckdb_type}) AS {name}"
