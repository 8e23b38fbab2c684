"""The folder of each job: what was handed in, how far it is, whether to stop, what came out.

Progress stands in a file and not in a row: while a job writes, SQLite lets nobody else write.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

from django.conf import settings

_PROGRESS, _CANCEL, _GIVEN = ".progress.json", ".cancel", "given"


@dataclass(frozen=True)
class Progress:
    """Seconds are of the machine's own clock; only their differences are used."""

    attempt: int
    began: float
    at: float
    done: int = 0
    total: int = 0

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far; unknown until something is done."""
        if not 0 < self.done <= self.total:
            return None
        return (self.at - self.began) / self.done * (self.total - self.done)


@dataclass(frozen=True)
class Given:
    """A file that somebody hands in with the work: its name as they call it, its content.

    By its digest the same file is known when it is handed in twice.
    """

    name: str
    content: Iterable[bytes]
    digest: str = ""

    @classmethod
    def uploaded(cls, name: str, chunks: Callable[[], Iterable[bytes]]) -> Self:
        return cls(name, chunks(), sha256(b"".join(chunks())).hexdigest())


def root() -> Path:
    return Path(settings.ZHUJI_HOME) / "jobs"


def folder(number: int) -> Path:
    return root() / str(number)


def name_of(given: Given) -> str:
    """The name it is kept by: theirs without any path, so that a receipt can call it by it."""
    last = given.name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).lstrip(".")[-80:] or "file"


def keep_given(number: int, given: Given) -> None:
    place = folder(number) / _GIVEN
    place.mkdir(mode=0o700, parents=True)
    with (place / name_of(given)).open("wb") as file:
        for chunk in given.content:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def given(number: int, name: str) -> Path:
    return folder(number) / _GIVEN / Path(name).name


def cleared(number: int, attempt: int) -> Path:
    """The folder for an attempt to write to, without what an earlier one left half made."""
    place = folder(number)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in place.glob("[0-9]*"):
        shutil.rmtree(left, ignore_errors=True)
    fresh = place / str(attempt)
    fresh.mkdir(mode=0o700)
    return fresh


def told(number: int) -> Progress | None:
    try:
        found = json.loads((folder(number) / _PROGRESS).read_text(encoding="ascii"))
        return Progress(**found)
    except (FileNotFoundError, ValueError, TypeError):
        return None


def tell(number: int, progress: Progress) -> None:
    """Whole or not at all: a reader never sees half a line."""
    path = folder(number) / _PROGRESS
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(progress)), encoding="ascii")
    draft.replace(path)


def begin(number: int, attempt: int) -> Progress:
    now = time.time()
    return Progress(attempt, now, now)


def ask_to_stop(number: int) -> None:
    place = folder(number)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    (place / _CANCEL).touch()


def is_asked_to_stop(number: int) -> bool:
    return (folder(number) / _CANCEL).exists()


def drop_given(number: int) -> None:
    """What was handed in is not needed once the job has ended, and may be full of people."""
    shutil.rmtree(folder(number) / _GIVEN, ignore_errors=True)


def drop(number: int) -> None:
    shutil.rmtree(folder(number), ignore_errors=True)


def numbers() -> list[int]:
    """Jobs that have a folder."""
    return sorted(int(path.name) for path in root().glob("[0-9]*") if path.name.isdigit())
