"""Encrypted fields: what was changed or moved does not open, and rotation survives a stop."""

import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuji.kernel.errors import Refused
from zhuji.orgs import ciphers, keyring
from zhuji.orgs.ciphers import Algorithm, Key, Place
from zhuji.orgs.keyring import Keyring
from zhuji.orgs.rotation import Cell, Rotated, rotate

PLACE = Place("staff", "phone", "S000001")
PHONE = "13900001234"
ALGORITHMS = [each for each in Algorithm if ciphers.is_available(each)]


def key(algorithm: Algorithm, number: int = 1) -> Key:
    return Key(number, algorithm, bytes(range(algorithm.key_bytes)))


def test_aes_is_always_there() -> None:
    assert Algorithm.AES_256_GCM in ALGORITHMS


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(ALGORITHMS))
def test_what_is_encrypted_opens_in_its_place(text: str, algorithm: Algorithm) -> None:
    stored = ciphers.encrypt(text, PLACE, key(algorithm))
    assert ciphers.decrypt(stored, PLACE, key(algorithm)) == text
    assert b64decode(stored)[:4] == bytes([1, algorithm, 0, 1])


def test_the_same_value_never_looks_the_same_twice() -> None:
    one, other = (ciphers.encrypt(PHONE, PLACE, key(ALGORITHMS[0])) for _ in range(2))
    assert one != other


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_any_flipped_bit_is_refused(algorithm: Algorithm) -> None:
    whole = b64decode(ciphers.encrypt(PHONE, PLACE, key(algorithm)))
    for bit in range(len(whole) * 8):
        bent = bytearray(whole)
        bent[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Refused):
            ciphers.decrypt(b64encode(bent).decode(), PLACE, key(algorithm))


@pytest.mark.parametrize(
    "place",
    [
        Place("staff", "phone", "S000002"),
        Place("staff", "id_number", "S000001"),
        Place("pupils", "phone", "S000001"),
        Place("staf", "fphone", "S000001"),
    ],
)
def test_a_value_moved_elsewhere_does_not_open(place: Place) -> None:
    stored = ciphers.encrypt(PHONE, PLACE, key(ALGORITHMS[0]))
    with pytest.raises(Refused, match="不属于这一行"):
        ciphers.decrypt(stored, place, key(ALGORITHMS[0]))


@pytest.mark.parametrize("stored", ["", "明文", PHONE, "AAAA", b64encode(b"\1\1\0\1").decode()])
def test_what_was_never_encrypted_is_refused(stored: str) -> None:
    with pytest.raises(Refused):
        ciphers.decrypt(stored, PLACE, key(ALGORITHMS[0]))


def test_the_keyring_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    ring = keyring.make(tmp_path)
    path = keyring.path_of(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["fields.json"]
    assert keyring.load(tmp_path) == ring
    path.chmod(0o644)
    with pytest.raises(Refused, match="chmod 600"):
        keyring.load(tmp_path)


def test_a_keyring_never_tells_its_secrets_when_printed(tmp_path: Path) -> None:
    assert "secret" not in repr(keyring.make(tmp_path))


def test_an_existing_keyring_is_not_overwritten(tmp_path: Path) -> None:
    ring = keyring.make(tmp_path)
    with pytest.raises(Refused, match="不会覆盖"):
        keyring.make(tmp_path)
    assert keyring.load(tmp_path) == ring


@pytest.mark.parametrize("text", ["", "{}", '{"keys": []}', '{"keys": {"1": {}}}'])
def test_a_damaged_keyring_is_refused(tmp_path: Path, text: str) -> None:
    keyring.make(tmp_path)
    keyring.path_of(tmp_path).write_text(text, encoding="ascii")
    with pytest.raises(Refused, match="已损坏"):
        keyring.load(tmp_path)


def test_the_index_finds_equal_values_and_keeps_columns_apart(tmp_path: Path) -> None:
    ring = keyring.make(tmp_path)
    assert ring.index(PHONE, "staff", "phone") == ring.index(PHONE, "staff", "phone")
    assert ring.index(PHONE, "staff", "phone") != ring.index(PHONE, "pupils", "phone")
    grown = keyring.add_key(tmp_path)
    assert grown.index(PHONE, "staff", "phone") == ring.index(PHONE, "staff", "phone")


def test_the_current_key_cannot_be_dropped(tmp_path: Path) -> None:
    keyring.make(tmp_path)
    with pytest.raises(Refused):
        keyring.drop_key(tmp_path, 1)


class Phones:
    """A column in a real table; `stop_after` stands for a process that is killed."""

    table, name = "staff", "phone"

    def __init__(self, db: sqlite3.Connection, stop_after: int = -1) -> None:
        self.db, self.stop_after = db, stop_after

    def after(self, row: str, most: int) -> Sequence[Cell]:
        query = "SELECT row, phone FROM staff WHERE row > ? ORDER BY row LIMIT ?"
        return [Cell(*found) for found in self.db.execute(query, (row, most))]

    def replace(self, changes: Sequence[tuple[Cell, str]]) -> int:
        if self.stop_after == 0:
            raise KeyboardInterrupt
        self.stop_after -= 1
        query = "UPDATE staff SET phone = ? WHERE row = ? AND phone = ?"
        values = [(new, cell.row, cell.stored) for cell, new in changes]
        with self.db:
            return self.db.executemany(query, values).rowcount


def place(row: str) -> Place:
    return Place("staff", "phone", row)


def filled(db: sqlite3.Connection, ring: Keyring) -> dict[str, str]:
    phones = {f"S{number:06}": f"139{number:08}" for number in range(95)}
    db.execute("CREATE TABLE staff (row TEXT PRIMARY KEY, phone TEXT)")
    with db:
        rows = [(row, ring.encrypt(phone, place(row))) for row, phone in phones.items()]
        db.executemany("INSERT INTO staff VALUES (?, ?)", rows)
    return phones


def opened(db: sqlite3.Connection, ring: Keyring) -> dict[str, str]:
    rows = db.execute("SELECT row, phone FROM staff").fetchall()
    return {row: ring.decrypt(stored, place(row)) for row, stored in rows}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_rotation_resumes_where_it_was_interrupted(tmp_path: Path, algorithm: Algorithm) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        phones = filled(db, keyring.make(tmp_path))
        ring = keyring.add_key(tmp_path, algorithm)
        with pytest.raises(KeyboardInterrupt):
            rotate(Phones(db, stop_after=3), ring, batch=10)
        assert opened(db, ring) == phones
        assert rotate(Phones(db), ring, batch=10) == Rotated(renewed=65, already=30)
        assert rotate(Phones(db), ring, batch=10) == Rotated(already=95)
        assert opened(db, keyring.drop_key(tmp_path, 1)) == phones


def test_rotation_never_overwrites_what_was_written_meanwhile(tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        filled(db, keyring.make(tmp_path))
        ring = keyring.add_key(tmp_path)

        class Busy(Phones):
            def replace(self, changes: Sequence[tuple[Cell, str]]) -> int:
                row = changes[0][0].row
                newer = (ring.encrypt("13911112222", place(row)), row)
                with self.db:
                    self.db.execute("UPDATE staff SET phone = ? WHERE row = ?", newer)
                return super().replace(changes)

        assert rotate(Busy(db), ring) == Rotated(renewed=94, passed_over=1)
        assert opened(db, ring)["S000000"] == "13911112222"


def test_without_the_old_key_nothing_is_guessed(tmp_path: Path) -> None:
    stored = keyring.make(tmp_path).encrypt(PHONE, PLACE)
    keyring.add_key(tmp_path)
    with pytest.raises(Refused, match="1 号密钥"):
        keyring.drop_key(tmp_path, 1).decrypt(stored, PLACE)
