"""Putting a backup back: into an empty place, whole or not at all; the database appears last."""

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.programme.keeping import archive, shelf
from zhuji.programme.keeping.archive import Read
from zhuji.programme.keeping.backup import DATABASE, FILES
from zhuji.programme.keeping.manifest import Facts, Manifest, Origin
from zhuji.programme.keeping.meter import Meter, Step
from zhuji.programme.keeping.place import KEYS, RESIDUE, SECRET_KEY, Place
from zhuji.programme.keeping.secret import Secret

STAGING = ".restoring"
_MOVED = "moved.json"


def restore(
    path: Path, secret: Secret, target: Place, *, keys: Path | None = None, step: Step | None = None
) -> Read:
    """Everything is proven in a staging folder before the first file gets its name."""
    for given in (path, keys):
        if given and not given.is_file():
            raise Refused(say("没有备份文件 {path}。", path=given))
    with shelf.working(target.backups):
        refuse_used(target)
        return _restored(path, secret, target, keys, step)


def _restored(
    path: Path, secret: Secret, target: Place, keys: Path | None, step: Step | None
) -> Read:
    _clear(target)
    staging = target.home / STAGING
    staging.mkdir(mode=0o700)
    try:
        read = _staged(path, secret, target, staging, step)
        if keys:
            archive.read(
                keys, secret, lambda name: _key_place(staging, name), holds="keys", meter=Meter(0)
            )
        _appear(read.manifest, target, staging)
    except BaseException:
        # With the database there it has ended, but for the cleaning up.
        if not _moved(staging) or target.database.is_empty():
            _clear(target)
        raise
    shutil.rmtree(staging)
    return read


def look(path: Path, secret: Secret, meter: Meter) -> Manifest:
    """Prove a backup without taking anything out of it."""
    read = archive.read(path, secret, lambda _: None, holds="data", meter=meter)
    _of_data(read.manifest)
    return read.manifest


def refuse_used(target: Place) -> None:
    """Nothing is ever overwritten: what stands there is named, with what to do."""
    target.database.refuse_full()
    moved = _moved(target.home / STAGING)
    here = [] if not target.home.exists() else sorted(path.name for path in target.home.iterdir())
    ours = {*RESIDUE, *moved, STAGING, *_of_database(target)}
    others = [name for name in here if name not in ours]
    if others:
        raise Refused(
            say("{home} 不是空的（里面有 {names}），不覆盖；"
                "请把 ZHUJI_HOME 设为一个新的空目录再恢复。",
                home=target.home, names=others[:5])
        )  # fmt: skip


def _staged(path: Path, secret: Secret, target: Place, staging: Path, step: Step | None) -> Read:
    beside = target.database.beside()

    def where(name: str) -> Path | None:
        if name in DATABASE.values():
            return beside or staging / name
        return staging / name

    read = archive.read(path, secret, where, holds="data", meter=Meter(path.stat().st_size, step))
    origin, _ = _of_data(read.manifest)
    _refuse_newer(read.manifest)
    target.database.refuse_foreign(origin)
    return read


def _appear(manifest: Manifest, target: Place, staging: Path) -> None:
    """Files first, the database last: as long as it is not there, nothing counts as restored."""
    origin, _ = _of_data(manifest)
    found = [*_inside(staging / FILES), *_inside(staging / "keys-of")]
    _write(staging / _MOVED, [path.name for path in found if path.name != SECRET_KEY])
    for path in found:
        path.replace(target.home / path.name)
    _sync(target.home)
    waiting = target.database.beside() or staging / DATABASE[origin.vendor]
    target.database.load(waiting)
    _sync(target.home)


def _clear(target: Place) -> None:
    """Take away what a restore that did not end has left; the caller knows the place is unused."""
    for name in _moved(target.home / STAGING):
        left = target.home / name
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink(missing_ok=True)
    shutil.rmtree(target.home / STAGING, ignore_errors=True)
    beside = target.database.beside()
    if beside:
        beside.unlink(missing_ok=True)


def _moved(staging: Path) -> list[str]:
    try:
        names = json.loads((staging / _MOVED).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    return [str(name) for name in names if Path(str(name)).name == name]


def _key_place(staging: Path, name: str) -> Path:
    if name.split("/")[0] not in KEYS:
        raise Refused(say("密钥备份里有不是密钥的文件 {name}，不能恢复。", name=name))
    return staging / "keys-of" / name


def _of_data(manifest: Manifest) -> tuple[Origin, Facts]:
    if manifest.origin is None or manifest.facts is None:
        raise Refused(say("备份里没有数据库，不能恢复。请换一份备份。"))
    if DATABASE[manifest.origin.vendor] not in manifest.entries:
        raise Refused(say("备份里没有数据库，不能恢复。请换一份备份。"))
    return manifest.origin, manifest.facts


def _refuse_newer(manifest: Manifest) -> None:
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    here = {f"{app}.{name}" for app, name in known}
    unknown = sorted(set(manifest.facts.migrations if manifest.facts else ()) - here)
    if unknown:
        raise Refused(
            say("备份由版本 {version} 制作，其中的迁移 {unknown} 这个版本没有；请先升级再恢复。",
                version=manifest.version, unknown=unknown[:3])
        )  # fmt: skip


def _of_database(target: Place) -> Iterable[str]:
    if target.database.vendor != "sqlite" or target.database.path.parent != target.home:
        return ()
    name = target.database.path.name
    return (
        name,
        target.database.beside().name,
        *(name + suffix for suffix in ("-wal", "-shm", "-journal")),
    )


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _write(path: Path, names: list[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(names, file)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
