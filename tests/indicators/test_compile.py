"""Few wide statements, the same for both dialects, and the rows behind every value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import sqlglot

from zhuji.indicators.cells import Cells
from zhuji.indicators.compile import SplitRule, render
from zhuji.indicators.explain import rows, sql, words
from zhuji.indicators.prepare import prepare
from zhuji.indicators.sources import Source
from zhuji.kernel.messages import Label
from zhuji.kernel.values import Present
from zhuji.plan.model import Indicator

Declare = Callable[..., Indicator]
Compute = Callable[..., Cells]
Sources = Mapping[str, Source]
RULE = SplitRule({"primary": Decimal(1), "junior": Decimal("1.1")})


def many(declare: Declare) -> list[Indicator]:
    book = {"source": "premises", "unit": "book"}
    return [
        *(declare(f"v{n}", f"COUNT_IF(lessons > {n})", source="visits") for n in range(60)),
        *(declare(f"y{n}", f"COUNT_IF(lessons > {n})", source="visits") for n in range(60)),
        declare("c", "COUNT(*)", source="visits", period="calendar_year"),
        declare("p", "COUNT(*)", source="pupils_at", stages=("primary", "junior")),
        declare("b", "SUM(books)", **book),
        declare("s", "SUM(books)", split=True, stages=("primary", "junior"), **book),
        declare("d", "v1 / y1"),
    ]


def test_indicators_of_one_source_share_one_scan_and_equal_aggregates(
    declare: Declare, sources: Sources
) -> None:
    suite = prepare(many(declare), sources, RULE)
    assert list(suite.statements) == [
        "visits.school_year.point",
        "visits.calendar_year.point",
        "pupils_at.school_year.point",
        "premises.school_year.point",
        "premises.school_year.point.split",
    ]
    first = suite.scans[0]
    assert len(first.atoms) == 61
    for scan in suite.scans:
        text = render(suite.statements[scan.key], "duckdb")
        assert text.count(f" {scan.source.key}") == 1


def test_every_statement_renders_for_spark_without_what_spark_lacks(
    declare: Declare, sources: Sources
) -> None:
    suite = prepare(many(declare), sources, RULE)
    trees = [*suite.statements.values(), suite.expectations, suite.schools]
    for tree in trees:
        text = render(tree, "spark")
        assert sqlglot.parse_one(text, dialect="spark") is not None
        assert not {"FILTER", "QUALIFY", "INT128", "HUGEINT", "LIST"} & set(text.upper().split())
    split = render(suite.statements["premises.school_year.point.split"], "spark")
    assert "DECIMAL(38, 0)" in split
    assert " DIV " in split


def test_the_number_of_lacking_rows_comes_with_the_value(
    compute: Compute, declare: Declare
) -> None:
    goal = {"form": "coverage", "lacking": "done_on IS NULL"}
    visited = declare("visited", "COUNT(*)", source="visits", where="lessons > 0", goal=goal)
    given = [
        {"org": "S1", "visited_on": date(2023, 10, n), "lessons": lessons, "done_on": done}
        for n, lessons, done in ((1, 1, None), (2, 1, date(2023, 10, 2)), (3, 0, None))
    ]
    cell = compute([visited], {"visits": given}).cell("visited", "C", "2023-2024")
    assert isinstance(cell.value, Present)
    assert (cell.value.value, cell.lacking) == (2, 1)


def test_the_rows_behind_a_value_are_selected_as_they_are_counted(
    declare: Declare, sources: Sources
) -> None:
    goal = {"form": "coverage", "lacking": "done_on IS NULL"}
    visited = declare("visited", "COUNT(*)", source="visits", where="lessons > 0", goal=goal)
    text = " ".join(render(rows(visited, sources, ["S1", "S'2"], "2023-2024"), "duckdb").split())
    assert "s.org IN ('S1', 'S''2')" in text
    assert "s.lessons > 0" in text
    assert "s.visited_on <= p.point_on" in text
    lacking = rows(visited, sources, ["S1"], "2023-2024", lacking=True)
    assert "s.done_on IS NULL" in render(lacking, "duckdb")
    stage = declare("p", "COUNT(*)", source="pupils_at", stages=("primary",))
    staged = render(rows(stage, sources, ["S1"], "2023-2024"), "duckdb")
    assert "s.stage IN ('primary')" in staged


def test_a_formula_is_said_in_words_of_both_languages(declare: Declare, sources: Sources) -> None:
    share = declare(
        "share",
        "100 * COUNT_IF(lessons >= 2) / NULLIF(COUNT(*), 0)",
        source="visits",
        where="done_on > visited_on",
    )
    said = words(share, sources, lambda name: Label(name, name))
    assert said.zh == "100 × lessons 不低于 2的visits行数 ÷ visits行数（限done_on 超过 visited_on）"
    assert said.en == (
        "100 × rows of visits with lessons at least 2 ÷ rows of visits"
        " (where done_on above visited_on)"
    )
    cv = declare("cv", "DIFFERENCE_COEFFICIENT(a__primary, b)")
    names = {"a.primary": Label("图书", "books"), "b": Label("学生", "pupils")}
    assert words(cv, sources, names.__getitem__).zh == "校际差异系数（图书、学生）"
    assert sql(share).splitlines()[0].startswith("100 * COUNT_IF(lessons >= 2)")
    assert sql(cv) == "DIFFERENCE_COEFFICIENT(a__primary, b)"
