"""Making a backup: the database and the files of one moment, sealed, read back, then named."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from zhuji import __version__
from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.programme.keeping import archive, lights, place, shelf
from zhuji.programme.keeping.archive import Read, Wrapping
from zhuji.programme.keeping.manifest import Entry, Lights, Manifest
from zhuji.programme.keeping.meter import Meter, Step
from zhuji.programme.keeping.place import Place
from zhuji.programme.keeping.sealed import Holds
from zhuji.programme.keeping.secret import Secret
from zhuji.warehouse import snapshots, verification

# Where things stand in the archive.
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
FILES = "files/"


@dataclass(frozen=True)
class Plan:
    """Which plan to judge by, and the folder of all plans."""

    name: str
    folder: Path


@dataclass(frozen=True)
class Wanted:
    secret: Secret
    now: datetime
    out: Path | None = None
    with_keys: bool = False
    plan: Plan | None = None


@dataclass(frozen=True)
class Made:
    path: Path
    bytes: int
    manifest: Manifest
    keys: Path | None

    @property
    def faults(self) -> int:
        """What was wrong already in the data that were backed up."""
        facts = self.manifest.facts
        in_database = len(facts.faults) + facts.orphans if facts else 0
        in_chain = facts.chain.faults if facts and facts.chain else 0
        return in_database + in_chain + sum(self.manifest.snapshots.values())


def make(source: Place, wanted: Wanted, step: Step | None = None) -> Made:
    """The archive appears under its name only when it has been read back whole."""
    final = wanted.out or _free(source.backups, wanted.now)
    keys = final.with_suffix(shelf.KEYS_SUFFIX) if wanted.with_keys else None
    with shelf.working(source.backups) as work:
        _refuse_taken(final, keys)
        drafts = {path: _draft(path, source, work) for path in (final, keys) if path}
        try:
            read = _data(source, wanted, drafts[final], work, step)
            if keys:
                _keys(source, wanted, drafts[keys])
            for path, draft in drafts.items():
                _name(draft, path)
        finally:
            for draft in drafts.values():
                draft.unlink(missing_ok=True)
    return Made(final, final.stat().st_size, read.manifest, keys)


def _data(source: Place, wanted: Wanted, draft: Path, work: Path, step: Step | None) -> Read:
    # Snapshots before the database: none of them then knows more than the database does.
    known = snapshots.ids(source.snapshots)
    files = place.data_files(source, known)
    size = source.database.bytes()
    meter = Meter(size + 2 * (size + sum(path.stat().st_size for path in files.values())), step)
    copy = work / DATABASE[source.database.vendor]
    origin, facts = source.database.save(copy, meter)
    sound = {one: len(verification.verify(source.snapshots, one)) for one in known}
    judged = _lights(source, wanted.plan)

    def manifest(entries: dict[str, Entry]) -> Manifest:
        return Manifest(
            made_at=wanted.now,
            version=__version__,
            origin=origin,
            facts=facts,
            snapshots=sound,
            lights=judged,
            entries=entries,
        )

    everything = {copy.name: copy, **{FILES + name: path for name, path in files.items()}}
    return _proven(draft, _wrapping(wanted, "data"), everything, manifest, meter)


def _keys(source: Place, wanted: Wanted, draft: Path) -> None:
    files = place.key_files(source)
    if not files:
        raise Refused(say("{home} 里没有密钥，不能用 --with-keys。", home=source.home))

    def manifest(entries: dict[str, Entry]) -> Manifest:
        return Manifest(made_at=wanted.now, version=__version__, entries=entries)

    _proven(draft, _wrapping(wanted, "keys"), files, manifest, Meter(0))


def _proven(
    draft: Path,
    wrapping: Wrapping,
    files: dict[str, Path],
    manifest: Callable[[dict[str, Entry]], Manifest],
    meter: Meter,
) -> Read:
    written = archive.write(draft, wrapping, files, manifest, meter)
    found = archive.read(draft, wrapping.secret, lambda _: None, holds=wrapping.holds, meter=meter)
    if found != written:
        raise Refused(say("写好的备份读回来与写入的不同，已删除；请检查磁盘后重试。"))
    return written


def _wrapping(wanted: Wanted, holds: Holds) -> Wrapping:
    return Wrapping(wanted.secret, holds, wanted.now)


def _lights(source: Place, plan: Plan | None) -> Lights | None:
    return lights.count(source.snapshots, plan.name, plan.folder) if plan else None


def _free(folder: Path, now: datetime) -> Path:
    """Two backups within one second still get two names."""
    stem = f"zhuji-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    path, count = folder / (stem + shelf.SUFFIX), 1
    while path.exists():
        count += 1
        path = folder / f"{stem}-{count}{shelf.SUFFIX}"
    return path


def _refuse_taken(*paths: Path | None) -> None:
    for path in paths:
        if path and path.exists():
            raise Refused(say("{path} 已经存在，不覆盖；请换一个文件名。", path=path))


def _draft(path: Path, source: Place, work: Path) -> Path:
    """On the disk where the file will stand; a draft that a killed command left is taken away."""
    if path.parent == source.backups:
        return work / path.name
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    return draft


def _name(draft: Path, final: Path) -> None:
    draft.rename(final)
    handle = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
