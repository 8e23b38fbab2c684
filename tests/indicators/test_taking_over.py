"""Cells of an earlier run stand for those whose answers are the very same, and for no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from zhuji.indicators.cells import Cells, unchanged
from zhuji.kernel.values import Present
from zhuji.plan.model import Indicator

Compute = Callable[..., Cells]
Declare = Callable[..., Indicator]

YEAR = "2023-2024"


def _run(compute: Compute, declare: Declare) -> Cells:
    indicators = [
        declare("lessons", "SUM(lessons)", source="visits", unit="lesson"),
        declare("people", "COUNT(*)", source="posts", unit="person"),
        declare("each", "lessons / people", unit="lesson/person"),
    ]
    visits = [{"org": "S1", "visited_on": date(2023, 11, 1), "lessons": 4}]
    posts = [{"org": "S1", "valid_from": date(2020, 9, 1)} for _ in range(2)]
    return compute(indicators, {"visits": visits, "posts": posts})


def _again(earlier: Cells, **changed: Any) -> Cells:
    results = replace(earlier.results, snapshot="snapshot-2", **changed)
    return Cells(earlier.suite, results, earlier)


def _scan(cells: Cells, source: str) -> str:
    return next(scan.key for scan in cells.suite.scans if scan.source.key == source)


def _with_more_lessons(cells: Cells) -> Mapping[str, Any]:
    """Every sum of lessons ten times as large, which is the last column of its scan."""
    key = _scan(cells, "visits")
    place = next(s for s in cells.suite.scans if s.key == key).columns.index("a0")
    rows = [
        (*row[:place], (row[place] or 0) * 10, *row[place + 1 :])
        for row in cells.results.scans[key]
    ]
    return {**cells.results.scans, key: rows}


def test_where_no_answer_changed_every_cell_is_taken_over_into_the_new_snapshot(
    compute: Compute, declare: Declare
) -> None:
    earlier = _run(compute, declare)
    before = earlier.cell("each", "S1", YEAR)
    after = _again(earlier).cell("each", "S1", YEAR)
    assert after.value is before.value
    assert after == replace(before, snapshot="snapshot-2")
    assert before.snapshot == "snapshot-1"


def test_what_is_made_of_a_changed_answer_is_computed_again_and_nothing_else(
    compute: Compute, declare: Declare
) -> None:
    earlier = _run(compute, declare)
    for key in ("lessons", "people", "each"):
        earlier.cell(key, "S1", YEAR)
    now = _again(earlier, scans=_with_more_lessons(earlier))
    assert unchanged(now.suite, now.results, earlier.results) == {"people"}
    value = now.cell("each", "S1", YEAR).value
    assert isinstance(value, Present)
    assert value.value == 20


def test_other_organisations_or_days_leave_nothing_to_take_over(
    compute: Compute, declare: Declare
) -> None:
    earlier = _run(compute, declare)
    for changed in (
        {"expectations": list(earlier.results.expectations)},
        {"schools": list(earlier.results.schools)},
        {"periods": earlier.results.periods[:-1]},
    ):
        now = replace(earlier.results, **changed)
        assert unchanged(earlier.suite, now, earlier.results) == frozenset()
