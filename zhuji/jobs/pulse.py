"""Which workers live: each holds a lock on a file and touches it; a killed one holds nothing."""

import fcntl
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zhuji.jobs import places

BEAT = 2.0
LEASE = 60.0  # a worker that holds its lock and has not beaten for so long hangs: it is dead


def name() -> str:
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"


@contextmanager
def beating(worker: str) -> Iterator[None]:
    """The lock goes with the process, however it ends; the file goes when it ends well."""
    path = _path(worker)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    enough = threading.Event()
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)

        def beat() -> None:
            while not enough.wait(BEAT):
                os.utime(path)

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            enough.set()
            thread.join()
            path.unlink(missing_ok=True)


def is_alive(worker: str) -> bool:
    return _is_alive(_path(worker))


def last_beat() -> float | None:
    """Seconds since some living worker last beat; None when there is none."""
    ages = [age for path in _folder().glob("*") if _is_alive(path) and (age := _age(path)) >= 0]
    return min(ages, default=None)


def sweep() -> None:
    """A file that was made just now may be of a worker that has not locked it yet."""
    for path in _folder().glob("*"):
        if not _is_alive(path) and _age(path) > BEAT:
            path.unlink(missing_ok=True)


def _is_alive(path: Path) -> bool:
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return _age(path) < LEASE
    return False


def _age(path: Path) -> float:
    try:
        return max(0.0, time.time() - path.stat().st_mtime)
    except FileNotFoundError:
        return LEASE


def _folder() -> Path:
    return places.root() / ".workers"


def _path(worker: str) -> Path:
    return _folder() / Path(worker).name
