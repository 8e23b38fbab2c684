"""The folder of backups: what stands there, which were proven, and which may go."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from zhuji.kernel.errors import NotFound, Refused
from zhuji.kernel.messages import say
from zhuji.programme.keeping.sealed import Head, head_of

SUFFIX = ".backup"
KEYS_SUFFIX = ".keys"
WORK = ".work"  # what is half made; found by the next command, it is what a killed one left
_LOCK = ".lock"
_DRILLS = "drills.jsonl"


@dataclass(frozen=True)
class Drilled:
    """One line of the record of drills; never changed, never taken out."""

    backup: str
    file: str
    at: str
    seconds: float
    passed: bool
    compared: int
    differing: tuple[str, ...]
    version: str

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True)
class Backup:
    path: Path
    head: Head
    bytes: int
    proven: Drilled | None


@contextmanager
def working(folder: Path) -> Iterator[Path]:
    """An empty folder for half-made things; one command at a time, the next one cleans up."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(say("另一个备份或演练正在进行，请等它结束再执行。")) from None
        work = folder / WORK
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def listed(folder: Path) -> tuple[Backup, ...]:
    """The newest first; a file whose head is damaged is no backup."""
    proofs = {one.backup: one for one in drills(folder) if one.passed}
    found = [
        Backup(path, head, path.stat().st_size, proofs.get(head.id))
        for path in folder.glob(f"*{SUFFIX}")
        if (head := head_of(path))
    ]
    return tuple(sorted(found, key=lambda one: (one.head.made_at, one.path.name), reverse=True))


def newest(folder: Path) -> Path:
    found = listed(folder)
    if not found:
        raise NotFound(say("{folder} 里还没有备份；请先执行 zhuji backup。", folder=folder))
    return found[0].path


def drills(folder: Path) -> tuple[Drilled, ...]:
    """The oldest first; a line cut off by a crash is passed over."""
    try:
        lines = (folder / _DRILLS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    return tuple(one for line in lines if (one := _drilled(line)))


def last_proven(folder: Path) -> Drilled | None:
    return next((one for one in reversed(drills(folder)) if one.passed), None)


def record(folder: Path, drilled: Drilled) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = json.dumps(asdict(drilled), ensure_ascii=False) + "\n"
    handle = os.open(folder / _DRILLS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def prune(folder: Path, keep: int) -> tuple[Path, ...]:
    """Remove all but the newest `keep`; nothing before one of those that stand there is proven,
    and never the one proven last."""
    found = listed(folder)
    proven = [one for one in found if one.proven]
    if not proven:
        return ()
    safe = max(proven, key=lambda one: one.proven.when if one.proven else one.head.made_at)
    gone = [one.path for one in found[keep:] if one is not safe]
    for path in gone:
        path.with_suffix(KEYS_SUFFIX).unlink(missing_ok=True)
        path.unlink()
    return tuple(gone)


def _drilled(line: str) -> Drilled | None:
    try:
        found = json.loads(line)
        return Drilled(**{**found, "differing": tuple(found["differing"])})
    except (ValueError, TypeError, KeyError):
        return None
