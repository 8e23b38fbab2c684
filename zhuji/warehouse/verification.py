"""Proof that a snapshot is what was written: manifest, objects, hashes and rows."""
# ruff: noqa: S608 - names are checked by `quoted`, values go through `literal`

from __future__ import annotations

from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

import duckdb

from zhuji.kernel.errors import BadInput, Issue, Level, NotFound
from zhuji.kernel.messages import Message, say
from zhuji.warehouse.manifest import FILE_NAME, Manifest, Part, TableParts, read
from zhuji.warehouse.objects import place
from zhuji.warehouse.tables import literal


def verify(store: Path, snapshot: str) -> tuple[Issue, ...]:
    """Everything that is wrong with a snapshot; empty when it is intact."""
    path = store / snapshot / FILE_NAME
    try:
        written = read(path)
    except (BadInput, NotFound) as error:
        return (_issue(path, "snapshot.unreadable", error.message),)
    found: list[Issue] = []
    if written.edited or written.id != snapshot:
        problem = say("清单的内容与它的摘要或编号不符，清单被改动过。")
        found.append(_issue(path, "snapshot.edited", problem))
    return (*found, *_objects(store, written.manifest))


def _objects(store: Path, manifest: Manifest) -> Iterator[Issue]:
    for digest, part in sorted(manifest.objects.items()):
        yield from _object(place(store, digest), part)
    with duckdb.connect() as engine:
        for table in manifest.tables.values():
            yield from _table(engine, store, table)


def _object(path: Path, part: Part) -> Iterator[Issue]:
    if not path.is_file():
        yield _issue(path, "snapshot.missing", say("数据文件不存在。"))
        return
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    if digest != part.sha256:
        problem = say("数据文件的内容与登记的摘要不符，被改动过或已损坏。")
        yield _issue(path, "snapshot.hash", problem)


def _table(engine: duckdb.DuckDBPyConnection, store: Path, table: TableParts) -> Iterator[Issue]:
    """Rows in each object and rows that count, against what the manifest says."""
    paths = [place(store, part.sha256) for part in table.parts]
    for part, path in zip(table.parts, paths, strict=True):
        rows = _rows(engine, path, "")
        if rows is not None and rows != part.rows:
            yield _issue(path, "snapshot.rows", _miscounted(part.rows, rows))
    counted = [_rows(engine, place(store, part.sha256), part.condition) for part in table.parts]
    known = [rows for rows in counted if rows is not None]
    if len(known) == len(counted) and sum(known) != table.rows:
        yield _issue(store, "snapshot.rows", _miscounted(table.rows, sum(known)))


def _rows(engine: duckdb.DuckDBPyConnection, path: Path, condition: str) -> int | None:
    """None when the object cannot be read; the hash has told that already."""
    query = f"SELECT count(*) FROM read_parquet({literal(str(path))})"
    try:
        rows = engine.execute(f"{query} WHERE {condition}" if condition else query).fetchall()
    except duckdb.Error:
        return None
    return int(rows[0][0])


def _miscounted(stated: int, found: int) -> Message:
    return say("清单登记 {stated} 行，实有 {found} 行。", stated=stated, found=found)


def _issue(path: Path, code: str, message: Message) -> Issue:
    proposal = say("请从备份恢复这份快照，不要用它公布数字。")
    return Issue(Level.ERROR, message, file=str(path), proposal=proposal, code=code)
