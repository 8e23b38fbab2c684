"""Stages kept apart, and shared property split among them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from zhuji.indicators import statistics
from zhuji.indicators.cells import Cells
from zhuji.kernel.values import Missing, NotApplicable, Present
from zhuji.plan.model import Indicator

Declare = Callable[..., Indicator]
Compute = Callable[..., Cells]
Row = dict[str, Any]
YEAR = "2023-2024"
UNDER = {"S1": {"S1"}, "S2": {"S2"}, "S3": {"S3"}, "T1": {"S1", "S2"}, "T2": {"S3"}}
UNDER["C"] = {"S1", "S2", "S3"}


def posts(*ranks: int | None, org: str = "S1") -> list[Row]:
    start = date(2020, 9, 1)
    return [{"org": org, "valid_from": start, "rank": rank} for rank in ranks]


def known(cells: Cells, indicator: str, org: str = "S1", period: str = YEAR) -> Any:
    value = cells.cell(indicator, org, period).value
    assert isinstance(value, Present), value
    return value.value


def pupil(org: str, stage: str, *, boarder: bool = False, year: str = YEAR) -> Row:
    kind = {"period_kind": "school_year", "period": year}
    return {**kind, "org": org, "stage": stage, "boarder": boarder}


def test_stages_are_kept_apart_and_together(compute: Compute, declare: Declare) -> None:
    stages = {"stages": ("primary", "junior"), "source": "pupils_at", "unit": "person"}
    indicators = [
        declare("pupils", "COUNT(*)", **stages),
        declare("everyone", "COUNT(*)", source="pupils_at", unit="person"),
        declare("boarders", "COUNT_IF(boarder)", **stages),
        declare(
            "boarding",
            "100 * boarders / NULLIF(pupils, 0)",
            stages=("primary", "junior"),
            unit="percent",
        ),
        declare("all_share", "pupils__primary / everyone", unit="ratio"),
    ]
    rows = {
        "pupils_at": [
            *(pupil("S1", "primary", boarder=True) for _ in range(1)),
            *(pupil("S1", "junior") for _ in range(2)),
            *(pupil("S2", "primary") for _ in range(3)),
        ]
    }
    cells = compute(indicators, rows)
    assert known(cells, "pupils.primary", "T1") == 4
    assert known(cells, "pupils.junior", "C") == 2
    assert known(cells, "everyone", "C") == 6
    assert known(cells, "boarding.primary", "T1") == 25
    assert known(cells, "all_share", "C") == Fraction(2, 3)
    assert isinstance(cells.cell("pupils.junior", "S2", YEAR).value, NotApplicable)
    assert isinstance(cells.cell("pupils.primary", "S3", YEAR).value, Missing)
    county = cells.cell("pupils.primary", "C", YEAR)
    assert (county.reported, county.expected, county.is_whole) == (2, 3, False)


def shared(books: int, area: str = "0", org: str = "S1") -> Row:
    day = date(2020, 1, 1)
    return {"org": org, "stage": "shared", "counted_on": day, "books": books, "area": Decimal(area)}


BOOKS = {"source": "premises", "stages": ("primary", "junior"), "split": True, "unit": "book"}


def test_the_published_split_of_a_nine_year_school_holds_exactly(
    compute: Compute, declare: Declare
) -> None:
    pupils = {"S1": {"primary": 166, "junior": 210}}
    books = declare("books", "SUM(books)", **BOOKS)
    cells = compute([books], {"premises": [shared(23226)]}, pupils=pupils, scale=0)
    assert known(cells, "books.primary") == 9711
    assert known(cells, "books.junior") == 13515
    fine = compute([books], {"premises": [shared(23226)]}, pupils=pupils)
    assert round(known(fine, "books.primary"), 4) == Fraction("9711.6272")
    assert round(known(fine, "books.junior"), 4) == Fraction("13514.3728")


@given(
    books=st.integers(0, 10**9),
    cents=st.integers(0, 10**9),
    pupils=st.tuples(st.integers(0, 3000), st.integers(0, 3000)),
    own=st.integers(0, 1000),
)
@settings(max_examples=25)
def test_split_parts_make_the_whole_and_agree_with_plain_python(
    compute: Compute,
    declare: Declare,
    books: int,
    cents: int,
    pupils: tuple[int, int],
    own: int,
) -> None:
    indicators = [
        declare("books", "SUM(books)", **BOOKS),
        declare("area", "SUM(area)", **{**BOOKS, "unit": "m2"}),
        declare("whole", "SUM(books)", source="premises", split=True, unit="book"),
        declare("unsplit", "SUM(books)", source="premises", unit="book"),
    ]
    numbers = dict(zip(("primary", "junior"), pupils, strict=True))
    mine = {**shared(own), "stage": "primary"}
    amount = str(Decimal(cents) / 100)
    rows = {"premises": [shared(books, amount), mine]}
    cells = compute(indicators, rows, pupils={"S1": numbers})
    assert known(cells, "whole") == known(cells, "unsplit") == books + own
    weights = {"primary": Decimal(1), "junior": Decimal("1.1")}
    for name, total, extra in (("books", books, own), ("area", Decimal(amount), 0)):
        parts = statistics.split(total, numbers, weights, scale=6)
        assert sum(parts.values()) in (0, total)
        for stage, part in parts.items():
            wanted = part + (extra if stage == "primary" else 0)
            assert known(cells, f"{name}.{stage}") == wanted
