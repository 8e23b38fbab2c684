"""A backup that was tampered with, or a place in use: refused with the reason, nothing changed."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.keeping import small
from tests.keeping.small import KEY, NOW
from zhuji.kernel.errors import DomainError, Refused
from zhuji.programme.keeping import archive, shelf
from zhuji.programme.keeping.archive import Wrapping
from zhuji.programme.keeping.backup import DATABASE, FILES, Wanted, make
from zhuji.programme.keeping.manifest import Entry, Manifest
from zhuji.programme.keeping.meter import Meter
from zhuji.programme.keeping.place import Place
from zhuji.programme.keeping.restore import restore
from zhuji.programme.keeping.secret import of_passphrase

UNTOUCHED = ["secret-key"]
MARKER = f"{FILES}invented.json"


def standing(home: Path) -> list[str]:
    return sorted(name for name in small.files(home) if not name.startswith("backups/"))


def test_each_of_a_hundred_flipped_bytes_is_refused(kept: Path, target: Place) -> None:
    whole = kept.read_bytes()
    chance = random.Random(1)  # noqa: S311
    for at in chance.sample(range(len(whole)), 100):
        flipped = whole[at] ^ (1 << chance.randrange(8))
        kept.write_bytes(whole[:at] + bytes([flipped]) + whole[at + 1 :])
        with pytest.raises(DomainError):
            restore(kept, KEY, target)
        assert standing(target.home) == UNTOUCHED
    kept.write_bytes(whole)
    restore(kept, KEY, target)


def test_a_file_cut_anywhere_is_refused(kept: Path, target: Place) -> None:
    whole = kept.read_bytes()
    chance = random.Random(2)  # noqa: S311
    for length in [0, 1, len(whole) - 1, *chance.sample(range(len(whole)), 20)]:
        kept.write_bytes(whole[:length])
        with pytest.raises(DomainError):
            restore(kept, KEY, target)
        assert standing(target.home) == UNTOUCHED


def test_a_cut_file_is_told_so(kept: Path, target: Place) -> None:
    kept.write_bytes(kept.read_bytes()[:-1])
    with pytest.raises(Refused, match="备份文件不完整：被截断"):
        restore(kept, KEY, target)


def rewritten(
    kept: Path, folder: Path, change: Callable[[dict[str, Path], dict[str, Entry]], object]
) -> None:
    """The same archive put together anew by someone who has the key."""
    read = archive.read(kept, KEY, lambda name: folder / name, holds="data", meter=Meter(0))
    files = {name: folder / name for name in read.manifest.entries}
    stated = dict(read.manifest.entries)
    change(files, stated)
    kept.unlink()

    def manifest(_: dict[str, Entry]) -> Manifest:
        return read.manifest.model_copy(update={"entries": stated})

    archive.write(kept, Wrapping(KEY, "data", NOW), files, manifest, Meter(0))


def test_a_missing_entry_is_named(kept: Path, target: Place, tmp_path: Path) -> None:
    rewritten(kept, tmp_path / "parts", lambda files, _: files.pop(MARKER))
    with pytest.raises(Refused, match=r"备份里少了文件 files/invented\.json，不能恢复。"):
        restore(kept, KEY, target)
    assert standing(target.home) == UNTOUCHED


def test_an_entry_nobody_stated_is_named(kept: Path, target: Place, tmp_path: Path) -> None:
    rewritten(kept, tmp_path / "parts", lambda _, stated: stated.pop(MARKER))
    with pytest.raises(Refused, match="多出清单没有的文件"):
        restore(kept, KEY, target)


def test_an_altered_entry_is_named(kept: Path, target: Place, tmp_path: Path) -> None:
    def change(files: dict[str, Path], _: dict[str, Entry]) -> None:
        files[MARKER].write_text("{}")

    rewritten(kept, tmp_path / "parts", change)
    with pytest.raises(Refused, match="与清单的摘要不符"):
        restore(kept, KEY, target)
    assert standing(target.home) == UNTOUCHED


@pytest.mark.parametrize("name", ["../outside", "/outside", "files/../../outside"])
def test_an_entry_cannot_leave_the_place(
    kept: Path, target: Place, tmp_path: Path, name: str
) -> None:
    def change(files: dict[str, Path], _: dict[str, Entry]) -> None:
        files[name] = files[MARKER]

    rewritten(kept, tmp_path / "parts", change)
    with pytest.raises(Refused, match="内部结构不对"):
        restore(kept, KEY, target)
    assert not (tmp_path / "outside").exists()


def test_a_backup_without_its_database_is_refused(
    kept: Path, target: Place, tmp_path: Path
) -> None:
    def change(files: dict[str, Path], stated: dict[str, Entry]) -> None:
        del files[DATABASE["sqlite"]], stated[DATABASE["sqlite"]]

    rewritten(kept, tmp_path / "parts", change)
    with pytest.raises(Refused, match="备份里没有数据库"):
        restore(kept, KEY, target)
    assert standing(target.home) == UNTOUCHED


def test_a_backup_of_a_newer_version_is_refused(kept: Path, source: Place, target: Place) -> None:
    with closing(sqlite3.connect(source.home / "zhuji.sqlite3")) as database:
        database.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app, name)")
        database.execute(
            "INSERT INTO django_migrations (app, name) VALUES ('ledgers', '9999_later')"
        )
        database.commit()
    kept.unlink()
    made = make(source, Wanted(KEY, NOW, out=kept))
    with pytest.raises(Refused, match=r"ledgers\.9999_later 这个版本没有；请先升级再恢复。"):
        restore(made.path, KEY, target)
    assert standing(target.home) == UNTOUCHED


def test_a_place_in_use_is_never_overwritten(kept: Path, target: Place) -> None:
    (target.home / "snapshots").mkdir()
    with pytest.raises(Refused, match="不是空的（里面有 snapshots），不覆盖"):
        restore(kept, KEY, target)


def test_a_database_in_use_is_never_overwritten(kept: Path, source: Place) -> None:
    before = small.files(source.home)
    with pytest.raises(Refused, match="里已有数据，不覆盖；请把 ZHUJI_HOME 设为一个新的空目录"):
        restore(kept, KEY, source)
    assert small.files(source.home) == before


def test_an_existing_backup_is_never_overwritten(kept: Path, source: Place) -> None:
    before = kept.read_bytes()
    with pytest.raises(Refused, match="已经存在，不覆盖"):
        make(source, Wanted(KEY, NOW, out=kept))
    assert kept.read_bytes() == before


def test_a_wrong_passphrase_changes_nothing(source: Place, target: Place) -> None:
    made = make(source, Wanted(of_passphrase("correct horse battery"), NOW))
    with pytest.raises(DomainError, match="口令不对"):
        restore(made.path, of_passphrase("incorrect horse"), target)
    assert standing(target.home) == UNTOUCHED


def test_a_missing_database_is_no_backup(target: Place) -> None:
    with pytest.raises(Refused, match="没有可备份的数据"):
        make(target, Wanted(KEY, NOW))
    assert list(target.backups.glob("*.backup")) == []


def test_two_backups_at_once_are_refused_and_told(source: Place) -> None:
    with shelf.working(source.backups), pytest.raises(Refused, match="另一个备份或演练正在进行"):
        make(source, Wanted(KEY, NOW))
