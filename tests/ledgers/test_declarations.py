"""What must hold for every declared ledger, since so much follows from the declaration."""

from collections import Counter

import pytest
from django.db import models

from zhuji.kernel import codes
from zhuji.ledgers import headers, queries, reference, vault
from zhuji.ledgers.declare import Label, Ledger, Level, Type, org, required, text
from zhuji.ledgers.models import MODELS, SYSTEM_FIELDS
from zhuji.ledgers.registry import BY_KEY, LEDGERS
from zhuji.ledgers.tables import sheet_name
from zhuji.warehouse.tables import ColumnType

each_ledger = pytest.mark.parametrize("ledger", LEDGERS, ids=[one.key for one in LEDGERS])


@each_ledger
def test_the_model_has_the_columns_of_the_declaration_and_keeps_the_key(ledger: Ledger) -> None:
    meta = MODELS[ledger.key]._meta
    declared = [column.key for column in ledger.columns]
    found = [vault.index_name(column) for column in ledger.columns if vault.is_found(column)]
    assert [field.name for field in meta.fields] == [*SYSTEM_FIELDS, *declared, *found]
    assert meta.db_table == f"ledger_{ledger.key}"
    [unique] = meta.constraints
    assert isinstance(unique, models.UniqueConstraint)
    assert unique.fields == ledger.natural_key
    fields = {field.name: (field.verbose_name, field.null) for field in meta.fields}
    for column in ledger.columns:
        assert fields[column.key] == (column.label.zh, not column.required)


@each_ledger
def test_every_heading_names_one_column_in_both_languages(ledger: Ledger) -> None:
    for language in ("zh-hans", "en"):
        words = Counter(headers.normal(c.label.get(language)) for c in ledger.columns)
        assert [word for word, count in words.items() if count > 1] == []
    for column in ledger.columns:
        for word in (column.label.zh, column.label.en):
            assert headers.match(ledger, [word]).places.keys() == {column.key}


@each_ledger
def test_every_check_and_reference_exists(ledger: Ledger) -> None:
    place = LEDGERS.index(ledger)
    for column in ledger.columns:
        assert not column.check or hasattr(codes, f"check_{column.check}")
        if column.refers:
            other = BY_KEY[column.refers]
            assert len(other.natural_key) == 1
            assert LEDGERS.index(other) <= place, "written after what it refers to"


@each_ledger
def test_units_of_numbers_are_units_that_headings_know(ledger: Ledger) -> None:
    units = {column.unit for column in ledger.columns if column.unit}
    assert units <= headers.UNITS.keys()


def test_names_of_sheets_are_short_and_all_different() -> None:
    for language in ("zh-hans", "en"):
        names = [sheet_name(ledger, language) for ledger in LEDGERS]
        assert len(set(names)) == len(names)
        assert all(0 < len(name) <= 31 for name in names)


def test_a_ledger_that_contradicts_itself_cannot_be_declared() -> None:
    label = Label("甲", "a")
    number = text("x_no", "号", "number")
    with pytest.raises(ValueError, match="not required"):
        Ledger("a", label, label, (org(), number), ("x_no",))
    with pytest.raises(ValueError, match="misplaced"):
        Ledger("a", label, label, (required(number), org()), ("x_no",))
    with pytest.raises(ValueError, match="unknown"):
        Ledger("a", label, label, (org(),), ("y_no",))


def test_nothing_personal_reaches_the_warehouse_and_pupils_only_as_pseudonyms() -> None:
    tables = {table.name: table for table in queries.warehouse_tables()}
    assert tables.keys() == BY_KEY.keys()
    for ledger in LEDGERS:
        table = tables[ledger.key]
        private = {c.key for c in ledger.columns if c.level in (Level.PERSONAL, Level.SENSITIVE)}
        assert private & set(table.names) == set()
        pupils = {c.key for c in ledger.columns if c.type is Type.PUPIL}
        assert pupils <= set(table.pseudonyms)
        assert table.names[-3:] == ("row_id", "import_id", "sheet_row")
    [source] = [c.source for c in tables["staff"].columns if c.name == "row_id"]
    assert source == "id"
    assert tables["aid"].types["amount"] == "DECIMAL(18,2)"
    assert {c.type for c in tables["staff"].columns if c.name == "hired_on"} == {ColumnType.DATE}


def test_the_reference_says_of_every_column_what_it_is() -> None:
    pages = dict(reference.pages())
    assert len(pages) == len(LEDGERS) + 1
    for ledger in LEDGERS:
        assert f"]({ledger.key}.md)" in pages["index.md"]
        for column in ledger.columns:
            assert f"| {column.label.zh} | `{column.key}` |" in pages[f"{ledger.key}.md"]
    assert "须在[机构台账](orgs.md)中" in pages["staff.md"]
    assert "敏感（不进快照）" in pages["staff.md"]
