"""Every row could be imported: columns, choices, references, keys, days."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from zhuji.invent.rows import TELLERS
from zhuji.invent.told.kinds import Row
from zhuji.invent.world import World
from zhuji.kernel import codes
from zhuji.ledgers.declare import Column, Ledger, Type, Valid
from zhuji.ledgers.registry import BY_KEY, LEDGERS

_TYPES: dict[Type, tuple[type, ...]] = {
    Type.INTEGER: (int,),
    Type.DECIMAL: (int, Decimal),
    Type.MONEY: (int, Decimal),
    Type.DATE: (date,),
    Type.BOOLEAN: (bool,),
}
_FORESEEN = {"planned_on", "planned_end", "due_on", "ends_on", "valid_to"}
Told = dict[str, list[Row]]

by_ledger = pytest.mark.parametrize("ledger", LEDGERS, ids=[each.key for each in LEDGERS])


def values(ledgers: Told, ledger: Ledger) -> Iterator[tuple[Column, object]]:
    for row in ledgers[ledger.key]:
        for column in ledger.columns:
            if row[column.key] is not None:
                yield column, row[column.key]


def test_every_ledger_is_told() -> None:
    assert set(TELLERS) == {each.key for each in LEDGERS}


@by_ledger
def test_rows_have_the_declared_columns_and_what_is_required(ledger: Ledger, ledgers: Told) -> None:
    assert ledgers[ledger.key] or ledger.key == "exemptions"
    keys = [column.key for column in ledger.columns]
    for row in ledgers[ledger.key]:
        assert list(row) == keys
        lacking = [c.key for c in ledger.columns if c.required and row[c.key] in (None, "")]
        assert lacking == [], row


@by_ledger
def test_values_are_of_their_type_and_choices_among_the_options(
    ledger: Ledger, ledgers: Told
) -> None:
    for column, value in values(ledgers, ledger):
        if column.type is Type.CHOICE:
            assert value in {option.value for option in column.options}, column.key
        else:
            kind = _TYPES.get(column.type, (str,))
            assert isinstance(value, kind), (column.key, value)
            assert isinstance(value, bool) == (column.type is Type.BOOLEAN), column.key


@by_ledger
def test_numbers_are_not_negative_and_not_finer_than_declared(
    ledger: Ledger, ledgers: Told
) -> None:
    for column, value in values(ledgers, ledger):
        if isinstance(value, Decimal):
            exponent = value.as_tuple().exponent
            assert isinstance(exponent, int)
            assert -exponent <= column.scale, column.key
        if isinstance(value, int | Decimal) and column.key != "value_added":
            assert value >= 0, (column.key, value)


@by_ledger
def test_natural_keys_are_unique(ledger: Ledger, ledgers: Told) -> None:
    keys = Counter(tuple(row[key] for key in ledger.natural_key) for row in ledgers[ledger.key])
    assert [key for key, times in keys.items() if times > 1] == []


@by_ledger
def test_whoever_is_named_is_on_file(ledger: Ledger, ledgers: Told) -> None:
    for column in ledger.columns:
        if column.refers:
            [key] = BY_KEY[column.refers].natural_key
            known = {row[key] for row in ledgers[column.refers]}
            named = {row[column.key] for row in ledgers[ledger.key]} - {None}
            assert named - known == set(), column.key


@by_ledger
def test_nothing_is_dated_after_the_last_day(ledger: Ledger, ledgers: Told, world: World) -> None:
    for column, value in values(ledgers, ledger):
        if isinstance(value, date) and column.key not in _FORESEEN:
            assert value <= world.clock.until, (column.key, value)


@by_ledger
def test_what_holds_begins_before_it_ends(ledger: Ledger, ledgers: Told) -> None:
    if isinstance(ledger.dated, Valid):
        for row in ledgers[ledger.key]:
            start, end = row[ledger.dated.start], row[ledger.dated.end]
            assert isinstance(start, date)
            assert end is None or (isinstance(end, date) and start < end), row


@by_ledger
def test_checked_codes_pass_their_check(ledger: Ledger, ledgers: Told) -> None:
    for column, value in values(ledgers, ledger):
        if column.check:
            check = getattr(codes, f"check_{column.check}")
            assert check(value) is None, (column.key, value)


def test_everybody_is_visibly_invented(ledgers: Told) -> None:
    staff, pupils = ledgers["staff"], ledgers["pupils"]
    assert {str(row["id_number"])[:2] for row in (*staff, *pupils)} == {"99"}
    assert {str(row["pupil_no"])[:3] for row in pupils} == {"G99"}
    phones = [str(row["phone"]) for row in staff] + [str(row["guardian_phone"]) for row in pupils]
    assert all(re.fullmatch(r"199000\d{5}", phone) for phone in phones)
    assert str(ledgers["orgs"][0]["name"]).endswith("（虚构）")


def test_id_numbers_agree_with_birthday_and_sex(ledgers: Told) -> None:
    for row in (*ledgers["staff"], *ledgers["pupils"]):
        number = str(row["id_number"])
        assert codes.birth_date_of(number) == row["born_on"]
        assert codes.sex_of(number) == row["sex"]


def test_the_organisations_that_the_plan_names_are_there(world: World, ledgers: Told) -> None:
    told = {row["org"]: row for row in ledgers["orgs"]}
    for named in world.story.named:
        assert told[named.org]["kind"] == named.kind
        assert str(told[named.org]["name"]).startswith(named.label.zh)
    marked = {(row["org"], row["mark"]) for row in ledgers["org_marks"]}
    assert {(each.org, mark) for each in world.story.named for mark in each.marks} <= marked


def test_a_pupil_is_nowhere_twice_at_once(ledgers: Told) -> None:
    spells: dict[object, list[tuple[date, date]]] = {}
    for row in ledgers["enrolments"]:
        start, end = row["valid_from"], row["valid_to"] or date.max
        assert isinstance(start, date)
        assert isinstance(end, date)
        spells.setdefault(row["pupil_no"], []).append((start, end))
    for mine in spells.values():
        mine.sort()
        assert all(early[1] <= late[0] for early, late in pairwise(mine))


def test_money_parts_make_the_plans_whole(world: World, ledgers: Told) -> None:
    for line in world.story.money:
        shares = [row["budget"] for row in ledgers["funds"] if row["plan_line"] == line.id]
        if shares:
            assert sum(shares) == line.amount  # type: ignore[arg-type]  # money is Decimal
    leaves = {row["plan_line"] for row in ledgers["funds"]}
    assert {"m2_dasheng_rebuild", "m2_dasheng_equipment"} <= leaves
