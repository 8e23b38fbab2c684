"""Writers at work and processes killed: a backup is of one moment, and whole or nothing."""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.keeping import small
from tests.keeping.small import KEY, NOW
from zhuji.programme.keeping import archive
from zhuji.programme.keeping.backup import Wanted, make
from zhuji.programme.keeping.meter import Meter
from zhuji.programme.keeping.place import Place
from zhuji.programme.keeping.restore import restore

pytestmark = pytest.mark.proof


def test_a_busy_writer_still_leaves_one_moment(tmp_path: Path) -> None:
    """Each transaction adds to both tables; a copy of two moments would have them differ."""
    source = small.built(tmp_path / "busy", filler=16 << 20)
    stop, counts = Event(), [0]

    def write() -> None:
        with closing(sqlite3.connect(source.home / "zhuji.sqlite3", timeout=20)) as database:
            while not stop.is_set():
                number = small.ACCOUNT_ROWS + counts[0]
                with database:
                    database.execute("INSERT INTO given VALUES (?, '王', 1)", (number,))
                    database.execute("INSERT INTO taken VALUES (?, ?)", (number, number))
                counts[0] += 1

    writer = Thread(target=write)
    seen: list[int] = []
    writer.start()
    try:
        made = make(source, Wanted(KEY, NOW), lambda _done, _total: seen.append(counts[0]))
    finally:
        stop.set()
        writer.join()
    assert seen[-1] > seen[0], "nothing was written meanwhile: the test says nothing"
    restored = small.place(tmp_path / "restored")
    restored.home.mkdir()
    restore(made.path, KEY, restored)
    assert restored.database.facts() == made.manifest.facts
    with closing(sqlite3.connect(restored.home / "zhuji.sqlite3")) as database:
        [(given, taken)] = database.execute(
            "SELECT (SELECT count(*) FROM given), (SELECT count(*) FROM taken)"
        )
    assert given == taken >= small.ACCOUNT_ROWS


def killed_at(point: int, work: Callable[[], object]) -> bool:
    """Run in a process of its own that kills itself when it syncs for the nth time; False when it
    ended before that."""
    child = os.fork()
    if not child:
        count = 0
        real = os.fsync

        def sync(handle: int) -> None:
            nonlocal count
            count += 1
            if count == point:
                os.kill(os.getpid(), signal.SIGKILL)
            real(handle)

        os.fsync = sync  # type: ignore[assignment]  # only in the child
        try:
            work()
        except BaseException:
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="no fork and no SIGKILL on Windows")
def test_a_backup_killed_at_any_sync_leaves_nothing_half(source: Place, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere" / "kept.backup"
    outside.parent.mkdir()
    point = 1
    while killed_at(point, lambda: make(source, Wanted(KEY, NOW, out=outside, with_keys=True))):
        for path in outside.parent.glob("*.backup"):
            if not path.name.startswith("."):
                archive.read(path, KEY, lambda _: None, holds="data", meter=Meter(0))
                path.unlink()
        outside.with_suffix(".keys").unlink(missing_ok=True)
        point += 1
    assert point > 4
    assert sorted(path.name for path in outside.parent.iterdir()) == ["kept.backup", "kept.keys"]
    assert [path.name for path in source.backups.iterdir()] == [".lock"]


@pytest.mark.skipif(sys.platform == "win32", reason="no fork and no SIGKILL on Windows")
def test_a_restore_killed_at_any_sync_is_whole_or_can_be_repeated(
    kept: Path, tmp_path: Path
) -> None:
    manifest = archive.read(kept, KEY, lambda _: None, holds="data", meter=Meter(0)).manifest
    keys = kept.with_suffix(".keys")
    point, whole = 1, 0
    while True:
        target = small.place(tmp_path / f"target-{point}")
        target.home.mkdir()
        if not killed_at(point, lambda: restore(kept, KEY, target, keys=keys)):  # noqa: B023
            break
        if target.database.is_empty():
            restore(kept, KEY, target, keys=keys)
        else:
            whole += 1
        assert target.database.facts() == manifest.facts
        assert (target.home / "invented.json").exists()
        assert (target.home / "keys" / "pseudonym.key").read_text() == "k" * 32
        point += 1
    assert point > 6
    assert whole >= 1
