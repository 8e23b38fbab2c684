"""A county backed up and restored is the same county."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.keeping import small
from tests.keeping.small import KEY, NOW
from zhuji.programme.keeping.backup import Wanted, make
from zhuji.programme.keeping.place import Place
from zhuji.programme.keeping.restore import restore
from zhuji.programme.keeping.secret import of_passphrase
from zhuji.warehouse import snapshots, verification


def known(county: Place) -> list[bytes]:
    """Names and numbers of the invented people, as bytes."""
    with closing(sqlite3.connect(county.home / "zhuji.sqlite3")) as database:
        rows = [
            row
            for query in (
                "SELECT name, staff_no FROM ledger_staff",
                "SELECT name, pupil_no FROM ledger_pupils",
            )
            for row in database.execute(query)
        ]
    # A short name can turn up in random bytes by chance.
    found = sorted({text.encode() for row in rows for text in row if len(text.encode()) >= 6})
    return found[::8]


@pytest.mark.proof
def test_the_tiny_county_comes_back_whole(county: Place, target: Place) -> None:
    made = make(county, Wanted(of_passphrase("correct horse battery", new=True), NOW))
    assert made.faults == 0
    facts = made.manifest.facts
    assert facts is not None
    assert facts.tables["ledger_staff"].rows == 255
    assert facts.rows > 40_000
    assert made.manifest.origin is not None
    assert made.manifest.origin.vendor == "sqlite"
    assert any(name.startswith("ledgers.0001") for name in facts.migrations)

    restore(made.path, of_passphrase("correct horse battery"), target)

    assert target.database.facts() == facts == county.database.facts()
    assert small.files(target.snapshots) == small.files(county.snapshots)
    [snapshot] = snapshots.ids(target.snapshots)
    assert verification.verify(target.snapshots, snapshot) == ()


@pytest.mark.proof
def test_nobody_in_the_county_can_be_read_from_its_backup(county: Place) -> None:
    made = make(county, Wanted(KEY, NOW, with_keys=True))
    words = known(county)
    assert len(words) > 100
    database = (county.home / "zhuji.sqlite3").read_bytes()
    assert all(word in database for word in words), "the search would not find them anyway"
    assert made.keys is not None
    for path in (made.path, made.keys):
        content = path.read_bytes()
        assert [word for word in words if word in content] == []
    key = (county.home / "keys" / "pseudonym.key").read_bytes()
    assert key not in made.path.read_bytes() + made.keys.read_bytes()


def test_files_come_along_and_keys_do_not(source: Place, kept: Path, target: Place) -> None:
    restore(kept, KEY, target)
    before, after = small.files(source.home), small.files(target.home)
    assert sorted(after) == ["county/教师.csv", "invented.json", "secret-key", "zhuji.sqlite3"]
    assert after["county/教师.csv"] == before["county/教师.csv"]
    assert after["secret-key"] == b"fresh" * 8, "the target's own"


def test_keys_come_from_their_own_file(source: Place, kept: Path, target: Place) -> None:
    restore(kept, KEY, target, keys=kept.with_suffix(".keys"))
    for name in ("keys/pseudonym.key", "secret-key"):
        assert (target.home / name).read_bytes() == (source.home / name).read_bytes()
        assert (target.home / name).stat().st_mode & 0o777 == 0o600


def test_what_was_not_yet_in_the_main_file_is_backed_up_too(source: Place, target: Place) -> None:
    """Committed, but still in the log beside the database."""
    with closing(sqlite3.connect(source.home / "zhuji.sqlite3")) as writer:
        with writer:
            writer.execute("INSERT INTO given VALUES (1000, '晚', 1)")
        assert (source.home / "zhuji.sqlite3-wal").stat().st_size > 0
        made = make(source, Wanted(KEY, NOW))
    restore(made.path, KEY, target)
    with closing(sqlite3.connect(target.home / "zhuji.sqlite3")) as database:
        assert database.execute("SELECT name FROM given WHERE id = 1000").fetchall() == [("晚",)]


def test_a_backup_is_repeatable_and_a_restored_place_can_be_backed_up(
    source: Place, kept: Path, target: Place
) -> None:
    again = make(source, Wanted(KEY, NOW))
    assert again.path != kept
    restore(again.path, KEY, target)
    second = make(target, Wanted(KEY, NOW + timedelta(days=1)))
    assert second.manifest.facts == again.manifest.facts
    assert second.manifest.entries.keys() == again.manifest.entries.keys()


def test_a_snapshot_that_appears_meanwhile_waits_for_the_next_backup(source: Place) -> None:
    half = source.home / "snapshots" / ".staging-x"
    half.mkdir(parents=True)
    (half / "staff.parquet").write_bytes(b"half")
    made = make(source, Wanted(KEY, NOW))
    assert [name for name in made.manifest.entries if "snapshots" in name] == []


def test_text_that_is_no_unicode_is_backed_up_as_it_is(source: Place, target: Place) -> None:
    with closing(sqlite3.connect(source.home / "zhuji.sqlite3")) as database:
        database.execute("INSERT INTO given VALUES (1001, CAST(X'C3C3C3' AS TEXT), 1)")
        database.commit()
    made = make(source, Wanted(KEY, NOW))
    restore(made.path, KEY, target)
    assert target.database.facts() == made.manifest.facts
