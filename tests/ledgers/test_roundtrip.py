"""Exporting and importing again changes nothing, for every ledger and whatever it holds."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledgers.county import NAMES, NOW, PUPILS, SCHOOL, STAFF, id_number, put
from zhuji.kernel.errors import BadInput
from zhuji.ledgers import actions, parsing, queries, reading, storing, texts, writing
from zhuji.ledgers.checking import check
from zhuji.ledgers.declare import Column, Ledger, Type, Valid
from zhuji.ledgers.registry import LEDGERS
from zhuji.ledgers.scope import Scope
from zhuji.ledgers.storing import Incoming
from zhuji.ledgers.tables import find

FIRST = date(2000, 1, 1)
ANYTHING = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cn"]), max_size=20)
MEAN = st.sampled_from(
    ["=1+1", "-5", "@x", "＝和", "+86", "'=1", "_x0041_", 'a,b"c', "甲\n乙", "\t=1"]
)
REFERRED = {
    "activities": ("HD1", "HD2"),
    "inspections": ("DD1",),
    "bodies": ("ZZ1",),
    "works": ("GC1",),
    "funds": ("ZJ1",),
    "exams": ("KS1",),
    "training_sessions": ("PX1",),
}
CHECKED = {"id_number": id_number(5), "phone": "13900000000", "pupil_number": PUPILS[0]}


AMOUNTS = st.integers(0, 10**15 - 1)
SIMPLE: dict[Type, st.SearchStrategy[object]] = {
    Type.ORG: st.sampled_from(list(NAMES)),
    Type.STAFF: st.sampled_from(STAFF),
    Type.PUPIL: st.sampled_from(PUPILS),
    Type.BOOLEAN: st.booleans(),
    Type.INTEGER: AMOUNTS,
    Type.DATE: st.integers(0, 30_000).map(lambda n: FIRST + timedelta(n)),
}


def values(column: Column) -> st.SearchStrategy[object]:
    """What the ledger may hold in this column."""
    match column.type:
        case Type.CHOICE:
            return st.sampled_from([option.value for option in column.options])
        case Type.DECIMAL | Type.MONEY:
            return AMOUNTS.map(lambda n: Decimal(n).scaleb(-column.places))
        case Type.TEXT if column.refers:
            return st.sampled_from(REFERRED[column.refers])
        case Type.TEXT if column.check:
            return st.just(CHECKED[column.check])
        case Type.TEXT:
            return st.one_of(ANYTHING, MEAN).filter(lambda text: _stays(column, text))
        case _:
            return SIMPLE[column.type]


def _stays(column: Column, text: str) -> bool:
    """Whether it is a text the ledger could have taken from a cell."""
    try:
        read = texts.code(column, text) if column.is_code else texts.words(column, text)
    except BadInput:
        return False
    return read == text


def row(ledger: Ledger) -> st.SearchStrategy[dict[str, object]]:
    fields = {
        column.key: values(column) if column.required else st.none() | values(column)
        for column in ledger.columns
    }
    return st.fixed_dictionaries(fields).filter(lambda row: _lasts(ledger, row))


def _lasts(ledger: Ledger, row: dict[str, object]) -> bool:
    if not isinstance(ledger.dated, Valid):
        return True
    start, end = row[ledger.dated.start], row[ledger.dated.end]
    return start is None or end is None or start < end  # type: ignore[operator]


@pytest.fixture
def referred(county: None) -> None:
    """What rows of other ledgers may name."""
    day = date(2021, 9, 1)
    common = {"org": SCHOOL}
    put(
        "activities",
        *(
            {**common, "activity_no": no, "kind": "k", "title": "t", "held_on": day}
            for no in REFERRED["activities"]
        ),
    )
    put("inspections", {**common, "inspection_no": "DD1", "kind": "regular", "held_on": day})
    put("bodies", {**common, "body_no": "ZZ1", "kind": "union", "name": "n", "valid_from": day})
    put("works", {**common, "work_no": "GC1", "name": "n", "category": "road", "started_on": day})
    put(
        "funds",
        {
            **common,
            "line_no": "ZJ1",
            "plan_line": "p",
            "source": "county",
            "earmark": "aid",
            "budgeted_on": day,
            "budget": Decimal(1),
        },
    )
    put(
        "exams",
        {
            **common,
            "exam_no": "KS1",
            "name": "n",
            "kind": "term",
            "stage": "primary",
            "grade": 4,
            "subject": "maths",
            "held_on": day,
            "full_marks": 100,
        },
    )
    put(
        "training_sessions",
        {
            **common,
            "session_no": "PX1",
            "title": "t",
            "kind": "party",
            "place_level": "town",
            "starts_on": day,
            "ends_on": date(2021, 9, 3),
            "hours": Decimal(30),
        },
    )


def read_again(path: Path, form: str) -> list[storing.Difference]:
    """The import's own road, without a process for each example."""
    answer = json.dumps(parsing.parse(path, form, 1_000), default=parsing.plain).encode()
    differences = []
    for grid in find(reading.sheets(answer)).grids:
        checked = check(grid, Scope())
        assert [str(issue) for issue in checked.issues] == []
        rows = [Incoming(good.values, good.number) for good in checked.good]
        differences.append(storing.compare(checked.ledger, checked.columns, rows))
    return differences


@pytest.mark.proof
@pytest.mark.django_db
@pytest.mark.parametrize("ledger", LEDGERS, ids=[ledger.key for ledger in LEDGERS])
@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_an_export_imports_unchanged(
    referred: None, tmp_path: Path, ledger: Ledger, data: st.DataObject
) -> None:
    rows = data.draw(
        st.lists(
            row(ledger),
            min_size=1,
            max_size=6,
            unique_by=lambda row: tuple(row[name] for name in ledger.natural_key),
        )
    )
    with transaction.atomic():
        actions.put(ledger.key, rows, actor="x", now=NOW, cause="y")
        held = list(queries.rows(ledger.key))
        for suffix, form, language in ((".xlsx", "workbook", "zh-hans"), (".csv", "text", "en")):
            path = tmp_path / f"{ledger.key}{suffix}"
            assert writing.export(ledger, path, language=language) == len(held)
            [difference] = read_again(path, form)
            assert [new.values for new in difference.created] == []
            assert [(new.values, old.values) for new, old in difference.updated] == []
            assert difference.unchanged == len(held)
        transaction.set_rollback(True)
