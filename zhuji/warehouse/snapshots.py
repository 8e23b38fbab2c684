"""Making, listing and finding snapshots. Once written, none is changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from zhuji import __version__
from zhuji.kernel.errors import BadInput, Refused
from zhuji.kernel.messages import say
from zhuji.warehouse import pseudonyms
from zhuji.warehouse.manifest import FILE_NAME, Manifest, Part, TableParts, read, utc
from zhuji.warehouse.objects import Writer, place, writing
from zhuji.warehouse.source import Reader, reading
from zhuji.warehouse.tables import Table

# Every part costs a file to open; past this many, one whole part is written again.
MOST_PARTS = 16

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Source:
    """Where the rows are. Put the register of pupils before the tables that name them:
    their pseudonyms are then made once, not once per row."""

    uri: str
    tables: tuple[Table, ...]
    key: bytes


@dataclass(frozen=True)
class When:
    """The day a snapshot speaks of, and the instant at which this was what we knew."""

    as_of: date
    known_at: datetime


@dataclass(frozen=True)
class Since:
    """An earlier snapshot and what changed after it: table -> organisations that lost, gained
    or altered rows. A row that moves from one organisation to another changes both."""

    parent: Manifest
    changed: Mapping[str, Collection[str]]


def create(
    store: Path,
    source: Source,
    when: When,
    *,
    since: Since | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Write a snapshot of all tables, or of what changed since an earlier one."""
    tables: dict[str, TableParts] = {}
    with writing(store, source.key) as writer, reading(source.uri) as reader:
        for done, table in enumerate(source.tables):
            if progress:
                progress(done, len(source.tables), table.name)
            tables[table.name] = _table(writer, reader, table, since)
        manifest = Manifest(
            as_of=when.as_of,
            known_at=utc(when.known_at),
            version=__version__,
            key_id=pseudonyms.key_id(source.key),
            parent=since.parent.id if since else None,
            tables=tables,
        )
        _publish(writer, manifest)
    if progress:
        progress(len(source.tables), len(source.tables), "")
    return manifest


def ids(store: Path) -> tuple[str, ...]:
    """Every snapshot there is, the damaged included; `verify` tells which those are."""
    return tuple(sorted(path.parent.name for path in store.glob(f"[0-9]*/{FILE_NAME}")))


def list_(store: Path) -> tuple[Manifest, ...]:
    """The snapshots whose manifest is sound, the newest knowledge last."""
    found = (_sound(store, snapshot) for snapshot in ids(store))
    sound = (manifest for manifest in found if manifest)
    return tuple(sorted(sound, key=lambda manifest: (manifest.known_at, manifest.id)))


def load(store: Path, snapshot: str) -> Manifest:
    """The manifest of a snapshot; an edited one is refused."""
    written = read(store / Path(snapshot).name / FILE_NAME)
    if written.edited or written.id != snapshot:
        raise Refused(say("快照“{id}”的清单被改动过，不能使用，请从备份恢复。", id=snapshot))
    return written.manifest


def _sound(store: Path, snapshot: str) -> Manifest | None:
    try:
        return load(store, snapshot)
    except (BadInput, Refused):
        return None


def _table(writer: Writer, reader: Reader, table: Table, since: Since | None) -> TableParts:
    kept = _kept(writer, table, since)
    if kept is None:
        whole = writer.write(reader, table)
        return TableParts(columns=table.types, rows=whole.rows, parts=(whole,))
    before, orgs = kept
    if not orgs:
        return before
    parts = [left for part in before.parts if (left := part.without(orgs))]
    fresh = writer.write(reader, table, orgs)
    if fresh.rows:
        parts.append(fresh.model_copy(update={"only": tuple(sorted(orgs))}))
    return TableParts(columns=table.types, rows=writer.visible(parts), parts=tuple(parts))


def _kept(
    writer: Writer, table: Table, since: Since | None
) -> tuple[TableParts, frozenset[str]] | None:
    """What the parent has of a table and what changed in it; None when it must be written whole."""
    if since is None or since.parent.key_id != pseudonyms.key_id(writer.key):
        return None
    before = since.parent.tables.get(table.name)
    if before is None or list(before.columns.items()) != list(table.types.items()):
        return None
    orgs = frozenset(since.changed.get(table.name, ()))
    if orgs and len(before.parts) >= MOST_PARTS:
        return None
    return (before, orgs) if _all_there(writer.store, before.parts) else None


def _all_there(store: Path, parts: Collection[Part]) -> bool:
    """A parent that lost an object is no ground to stand on."""
    return all(place(store, part.sha256).exists() for part in parts)


def _publish(writer: Writer, manifest: Manifest) -> None:
    """The folder appears with the manifest complete, or not at all."""
    final = writer.store / manifest.id
    if final.exists():
        return  # the same content at the same instant: nothing to add
    folder = writer.staging / manifest.id
    folder.mkdir()
    path = folder / FILE_NAME
    with path.open("w", encoding="utf-8") as file:
        file.write(manifest.text())
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o444)
    folder.rename(final)
    handle = os.open(writer.store, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
