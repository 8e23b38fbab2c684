"""A child leaves the database under a pseudonym that only the key can undo."""
# ruff: noqa: S608 - names come from the declarations

from __future__ import annotations

import hmac
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from tests.warehouse.conftest import DAWN, KEY, County, pupil, school
from zhuji.kernel.errors import Refused
from zhuji.ledgers.declare import Ledger, Level, Type
from zhuji.ledgers.registry import LEDGERS
from zhuji.ledgers.relations import table_of
from zhuji.warehouse import pseudonyms, snapshots
from zhuji.warehouse.engine import open_engine
from zhuji.warehouse.manifest import Manifest


@pytest.mark.proof
@given(st.binary(min_size=1, max_size=100), st.text(max_size=80))
def test_sql_and_library_agree(key: bytes, number: str) -> None:
    expected = hmac.new(key, number.encode(), "sha256").hexdigest()[:32]
    with duckdb.connect() as engine:
        given_ = {**pseudonyms.parameters(key), "number": number}
        found = engine.execute(f"SELECT {pseudonyms.sql('$number::VARCHAR')}", given_).fetchall()
    assert found == [(expected,)] == [(pseudonyms.pseudonym(key, number),)]


def aliases(county: County, manifest: Manifest, table: str) -> set[str]:
    return {row[1] for row in county.rows(manifest, table)}


def test_the_same_child_has_the_same_pseudonym_in_every_table_and_snapshot(county: County) -> None:
    first = county.snapshot()
    second = county.snapshot({"marks": [school(1)]})
    expected = {pseudonyms.pseudonym(KEY, pupil(n)) for n in range(40)}
    for manifest in (first, second):
        assert aliases(county, manifest, "pupils") == aliases(county, manifest, "marks") == expected


def test_a_number_that_the_register_lacks_is_replaced_too(county: County) -> None:
    stray = pupil(99_999)
    county.write(
        "INSERT INTO facts_marks (id, org, pupil_no) VALUES (500, ?, ?)", [(school(1), stray)]
    )
    rows = county.rows(county.snapshot(), "marks")
    assert rows[-1][1] == pseudonyms.pseudonym(KEY, stray)


def test_another_key_gives_nothing_in_common(county: County) -> None:
    mine = county.snapshot()
    source = replace(county.source, key=b"x" * 32)
    theirs = snapshots.create(county.store, source, snapshots.When(date(2022, 1, 1), DAWN))
    assert not aliases(county, mine, "pupils") & aliases(county, theirs, "pupils")
    assert mine.key_id != theirs.key_id


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    key = pseudonyms.key_of(tmp_path)
    path = tmp_path / "keys" / "pseudonym.key"
    assert (len(key), pseudonyms.key_of(tmp_path)) == (32, key)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(Refused, match="chmod 600"):
        pseudonyms.key_of(tmp_path)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(Refused, match="已损坏"):
        pseudonyms.key_of(tmp_path)


def secret(ledger: Ledger, number: int) -> dict[str, object]:
    """A row whose values that must not leave are easy to recognise."""
    row: dict[str, object] = {"id": number}
    for column in ledger.columns:
        leaks = column.level in (Level.PERSONAL, Level.SENSITIVE)
        row[column.key] = f"SECRET-{column.key}" if leaks else "1"
        if column.type is Type.PUPIL or (ledger.key, column.key) == ("waivers", "subject"):
            row[column.key] = pupil(number)
        if column.type is Type.DATE:
            row[column.key] = "2021-09-01" if not leaks else "1977-07-07"
    return row


def test_no_name_number_or_phone_of_a_person_is_in_any_object(tmp_path: Path) -> None:
    database = tmp_path / "county.db"
    with sqlite3.connect(database) as connection:
        for ledger in LEDGERS:
            row = {**secret(ledger, 7), "import_id": 1, "sheet_row": 2}
            connection.execute(f"CREATE TABLE l_{ledger.key} ({', '.join(row)})")
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO l_{ledger.key} VALUES ({marks})", list(row.values()))
    connection.close()
    tables = tuple(table_of(ledger, f"l_{ledger.key}") for ledger in LEDGERS)
    source = snapshots.Source(str(database), tables, KEY)
    manifest = snapshots.create(tmp_path / "s", source, snapshots.When(date(2022, 1, 1), DAWN))
    with open_engine(tmp_path / "s", manifest) as engine:
        values = {
            str(value)
            for table in tables
            for row in engine.run(exp.select("*").from_(table.name))
            for value in row
        }
    assert manifest.rows == len(LEDGERS)
    assert not [value for value in values if "SECRET" in value or value == "1977-07-07"]
    assert pupil(7) not in values
    assert pseudonyms.pseudonym(KEY, pupil(7)) in values
    for ledger in LEDGERS:
        kept = {column.key for column in ledger.columns if not column.leaves}
        assert not kept & set(manifest.tables[ledger.key].columns)


def test_a_waiver_keeps_a_staff_number_and_hides_a_pupils(tmp_path: Path) -> None:
    ledger = next(ledger for ledger in LEDGERS if ledger.key == "waivers")
    column = next(c for c in table_of(ledger, "l_waivers").columns if c.name == "subject")
    assert column.pseudonym
    assert column.only_like
    database = tmp_path / "county.db"
    with sqlite3.connect(database) as connection:
        row = {**secret(ledger, 7), "import_id": 1, "sheet_row": 2}
        connection.execute(f"CREATE TABLE l_waivers ({', '.join(row)})")
        for number, subject in enumerate(("S000001", pupil(7), "2137000001")):
            given_ = {**row, "id": number, "subject": subject}
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO l_waivers VALUES ({marks})", list(given_.values()))
    connection.close()
    source = snapshots.Source(str(database), (table_of(ledger, "l_waivers"),), KEY)
    manifest = snapshots.create(tmp_path / "s", source, snapshots.When(date(2022, 1, 1), DAWN))
    with open_engine(tmp_path / "s", manifest) as engine:
        found = {row[0] for row in engine.run(exp.select("subject").from_("waivers"))}
    assert found == {"S000001", "2137000001", pseudonyms.pseudonym(KEY, pupil(7))}
