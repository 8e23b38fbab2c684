"""Every package at hand: those that come with the system, and those uploaded into its data."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from zhuji.kernel.errors import BadInput, Issue, NotFound
from zhuji.kernel.messages import Label, say
from zhuji.plan.check import sound
from zhuji.plan.entries import header_of
from zhuji.plan.files import packages as folders_of
from zhuji.plan.load import load
from zhuji.plan.loaded import Loaded, Sibling
from zhuji.programme import proof
from zhuji.programme.packages import STANDARDS

UPLOADED = "plans"
_READ = 12
Print = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """One package by the name of its folder, with what its first lines say."""

    key: str
    folder: Path
    id: str
    is_standard: bool
    is_uploaded: bool
    version: str = ""
    title: Label | None = None  # none where it cannot be read
    takes_effect: date | None = None

    @property
    def is_readable(self) -> bool:
        return self.title is not None

    @property
    def digest(self) -> str:
        return digest(self.folder)


@dataclass(frozen=True)
class Examined:
    """A package with everything that was found in it; none where it could not be read."""

    loaded: Loaded | None
    issues: tuple[Issue, ...]

    @property
    def is_sound(self) -> bool:
        return self.loaded is not None and sound(self.issues)


def uploaded() -> Path:
    return Path(settings.ZHUJI_HOME) / UPLOADED


def volumes() -> tuple[Volume, ...]:
    """Plans before standards, each in the order of their names."""
    shipped = Path(settings.ZHUJI_PLANS)
    found = [_volume(folder, is_uploaded=False) for folder in folders_of(shipped)]
    found += [_volume(folder, is_uploaded=True) for folder in folders_of(uploaded())
              if folder.parent == uploaded()]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.is_standard, one.id, one.key)))


def volume(key: str) -> Volume:
    """By the name of the folder; the two shelves never hold the same one."""
    found = next((one for one in volumes() if one.key == key), None)
    if found is None:
        raise NotFound(say("没有名为“{key}”的方案包。", key=key))
    return found


def versions(plan: str) -> tuple[Volume, ...]:
    """The versions of one plan, wherever they stand."""
    return tuple(
        one for one in volumes() if one.id == plan and one.is_readable and not one.is_standard
    )


def read(one: Volume) -> Loaded:
    """The whole package, or every fault of it at once; read again only when a file changes."""
    loaded = _read(one.folder, _print_of(one.folder), _print_of(_standards()))
    beside = [
        Sibling(other.version, other.takes_effect, other.key)
        for other in versions(loaded.plan.id)
        if other.folder != one.folder and other.takes_effect is not None
    ]
    return replace(loaded, siblings=tuple(beside))


def examine(one: Volume) -> Examined:
    """Text, references, coverage, formulas and evidence; worked examples are the check command's.

    What stands beside a package belongs to the findings, so that it is looked at each time.
    """
    try:
        loaded = read(one)
    except BadInput as refusal:
        return Examined(None, refusal.issues)
    beside = tuple((each.version, each.takes_effect, each.folder) for each in loaded.siblings)
    prints = (_print_of(one.folder), _print_of(_standards()))
    return Examined(loaded, _findings(one, prints, beside))


def digest(folder: Path) -> str:
    """Of every file of the package, by name and content: what was approved is what judges."""
    whole = sha256()
    for path in _files(folder):
        whole.update(f"{path.relative_to(folder).as_posix()}\n".encode())
        whole.update(sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def source(one: Volume, name: str) -> str:
    """The text of one file of a package; only what the package itself consists of."""
    found = next((path for path in _files(one.folder) if _name(path, one.folder) == name), None)
    if found is None:
        raise NotFound(say("方案包里没有文件“{name}”。", name=name))
    return found.read_text(encoding="utf-8", errors="replace")


def names(one: Volume) -> tuple[str, ...]:
    return tuple(_name(path, one.folder) for path in _files(one.folder))


# --- inside ----------------------------------------------------------------------------------


def _volume(folder: Path, *, is_uploaded: bool) -> Volume:
    is_standard = folder.parent.name == STANDARDS
    try:
        head = header_of(folder)
    except BadInput:
        return Volume(folder.name, folder, folder.name.partition("@")[0], is_standard, is_uploaded)
    return Volume(
        folder.name, folder, head.id, is_standard, is_uploaded,
        head.version, head.title, head.takes_effect,
    )  # fmt: skip


@lru_cache(maxsize=_READ)
def _read(folder: Path, own: Print, standards: Print) -> Loaded:
    """The prints only say when what was read is old."""
    return load(folder, _standards())


@lru_cache(maxsize=_READ)
def _findings(
    one: Volume, prints: tuple[Print, Print], beside: tuple[object, ...]
) -> tuple[Issue, ...]:
    return proof.findings(read(one))


def _standards() -> Path:
    return Path(settings.ZHUJI_PLANS) / STANDARDS


def _print_of(folder: Path) -> Print:
    found = ((path, path.stat()) for path in _files(folder))
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


def _files(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*.yaml")) if path.is_file())


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
