"""SQL agrees with plain Python over exact fractions; parts merged are the whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.conftest import CLOSED, CLOSED_IN
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


VISITS = st.lists(
    st.fixed_dictionaries(
        {
            "org": st.sampled_from(["S1", "S2", "S3"]),
            "visited_on": st.dates(date(2022, 6, 1), date(2024, 12, 31)),
            "lessons": st.integers(0, 9),
            "done_on": st.none() | st.dates(date(2022, 6, 1), date(2024, 12, 31)),
        }
    ),
    max_size=12,
)
FORMS: dict[str, tuple[str, Callable[[list[Row]], Fraction | int | None]]] = {
    "count": ("COUNT(*)", len),
    "count_of": ("COUNT(done_on)", lambda rows: sum(r["done_on"] is not None for r in rows)),
    "count_if": ("COUNT_IF(lessons > 3)", lambda rows: sum(r["lessons"] > 3 for r in rows)),
    "total": ("SUM(lessons)", lambda rows: sum(r["lessons"] for r in rows)),
    "product": ("SUM(lessons * lessons)", lambda rows: sum(r["lessons"] ** 2 for r in rows)),
    "least": ("MIN(lessons)", lambda rows: min((r["lessons"] for r in rows), default=None)),
    "greatest": ("MAX(lessons)", lambda rows: max((r["lessons"] for r in rows), default=None)),
    "mean": ("AVG(lessons)", lambda rows: over(sum(r["lessons"] for r in rows), len(rows))),
    "share": (
        "100 * COUNT_IF(lessons > 3) / NULLIF(COUNT(*), 0)",
        lambda rows: over(100 * sum(r["lessons"] > 3 for r in rows), len(rows)),
    ),
    "rounded": (
        "ROUND(100 * SUM(lessons) / COUNT(*), 1)",
        lambda rows: half_up(over(100 * sum(r["lessons"] for r in rows), len(rows))),
    ),
    "scaled": (
        "3 * SUM(lessons) / (2 * NULLIF(COUNT(*), 0))",
        lambda rows: over(3 * sum(r["lessons"] for r in rows), 2 * len(rows)),
    ),
    "below_zero": (
        "ROUND(-SUM(lessons) / COUNT(*), 1)",
        lambda rows: negative(half_up(over(sum(r["lessons"] for r in rows), len(rows)))),
    ),
    "case": (
        "SUM(CASE WHEN lessons IN (1, 2) THEN 10 WHEN lessons >= 7 THEN lessons ELSE 0.5 END)",
        lambda rows: sum((points(r["lessons"]) for r in rows), Fraction(0)),
    ),
    "difference": (
        "COUNT_IF(lessons BETWEEN 2 AND 5) - 0.25 * COUNT_IF(NOT lessons = 0)",
        lambda rows: (
            sum(2 <= r["lessons"] <= 5 for r in rows)
            - Fraction(1, 4) * sum(r["lessons"] != 0 for r in rows)
        ),
    ),
    "outer": (
        "CASE WHEN COUNT(*) > 2 AND SUM(lessons) > 5 THEN GREATEST(SUM(lessons), 9) ELSE -1 END",
        lambda rows: (
            max(sum(r["lessons"] for r in rows), 9)
            if len(rows) > 2 and sum(r["lessons"] for r in rows) > 5
            else -1
        ),
    ),
}


def over(above: int, below: int) -> Fraction | None:
    return Fraction(above, below) if below else None


def half_up(value: Fraction | None) -> Fraction | None:
    return None if value is None else Fraction(int(value * 10 + Fraction(1, 2)), 10)


def negative(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value


def points(lessons: int) -> Fraction:
    if lessons in (1, 2):
        return Fraction(10)
    return Fraction(lessons) if lessons >= 7 else Fraction(1, 2)


def counts(row: Row, start: date, end: date) -> bool:
    day: date = row["visited_on"]
    return start <= day < end and day <= date(2024, 6, 30)


@given(visits=VISITS)
@settings(max_examples=25)
def test_sql_agrees_with_plain_python_for_every_form(
    compute: Compute, declare: Declare, visits: list[Row]
) -> None:
    indicators = [
        declare(name, text, source="visits", absent="zero") for name, (text, _) in FORMS.items()
    ] + [
        declare(f"{name}_where", text, source="visits", absent="zero", where="done_on IS NULL")
        for name, (text, _) in FORMS.items()
    ]
    cells = compute(indicators, {"visits": visits})
    for year in (2022, 2023):
        start, end = date(year, 9, 1), date(year + 1, 9, 1)
        for org, schools in UNDER.items():
            rows = [r for r in visits if r["org"] in schools and counts(r, start, end)]
            open_rows = [r for r in rows if r["done_on"] is None]
            for name, (_, oracle) in FORMS.items():
                for key, some in ((name, rows), (f"{name}_where", open_rows)):
                    cell = cells.cell(key, org, f"{year}-{year + 1}")
                    wanted = oracle(some)
                    if wanted is None:
                        assert isinstance(cell.value, NotApplicable), (key, cell)
                    else:
                        assert isinstance(cell.value, Present), (key, cell)
                        assert cell.value.value == wanted, (key, org, cell)
                        assert not isinstance(cell.value.value, float)
                    assert cell.n == len(some)


COUNTS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 30)), min_size=3, max_size=3)


@given(schools=COUNTS)
@settings(max_examples=25)
def test_dispersion_between_schools_agrees_with_exact_moments(
    compute: Compute, declare: Declare, schools: list[tuple[int, int]]
) -> None:
    rows = {
        "visits": [
            {"org": f"S{n}", "visited_on": date(2023, 10, 1), "lessons": amount}
            for n, (amount, _) in enumerate(schools, 1)
        ],
        "posts": [
            row for n, (_, p) in enumerate(schools, 1) for row in posts(*[2] * p, org=f"S{n}")
        ],
    }
    cells = compute(dispersed(declare), rows)
    pairs = [(amount, people) for amount, people in schools]
    total, people = sum(a for a, _ in pairs), sum(p for _, p in pairs)
    assert known(cells, "per_post", "C") == Fraction(total, people)
    if total == 0:
        assert isinstance(cells.cell("cv", "C", YEAR).value, NotApplicable)
        return
    moments = statistics.moments(pairs[:1]) + statistics.moments(pairs[1:])
    assert moments == statistics.moments(pairs)
    assert known(cells, "cv", "C") == pytest.approx(moments.coefficient, abs=1e-9)
    twice = sum(abs(a * q - b * p) for a, p in pairs for b, q in pairs)
    assert known(cells, "gini", "C") == Fraction(twice, 2 * people * total)
    assert known(cells, "theil", "C") == statistics.theil(pairs)
    some = [a * 2 > p for a, p in pairs]
    assert known(cells, "rich", "C") == Fraction(100 * sum(some), 3)
    assert (cells.cell("rich", "C", YEAR).numerator, cells.cell("rich", "C", YEAR).n) == (
        sum(some),
        3,
    )


def dispersed(declare: Declare) -> list[Indicator]:
    return [
        declare("lessons", "SUM(lessons)", source="visits", absent="zero"),
        declare("people", "COUNT(*)", source="posts", absent="zero"),
        declare("per_post", "lessons / NULLIF(people, 0)"),
        declare("cv", "DIFFERENCE_COEFFICIENT(lessons, people)", unit="ratio"),
        declare("gini", "GINI(lessons, people)", unit="ratio"),
        declare("theil", "THEIL(lessons, people)", unit="ratio"),
        declare("rich", "100 * SHARE_OF_ORGS(lessons * 2 > people)", unit="percent"),
        declare("mean_cv", "(cv + gini) / 2", unit="ratio"),
    ]


def test_the_share_of_variance_between_schools_is_exact(compute: Compute, declare: Declare) -> None:
    indicators = [
        declare("n", "COUNT(*)", source="posts"),
        declare("s", "SUM(rank)", source="posts"),
        declare("q", "SUM(rank * rank)", source="posts"),
        declare("between", "BETWEEN_SHARE(n, s, q)", unit="ratio"),
    ]
    rows = {"posts": posts(1, 3, org="S1") + posts(4, 4, org="S2") + posts(7, org="S3")}
    # mean 19/5; between 2(2-3.8)^2 + 2(4-3.8)^2 + (7-3.8)^2 = 16.8; all 18.8
    assert known(compute(indicators, rows), "between", "C") == Fraction(168, 188)


def test_a_ratio_above_schools_is_the_ratio_of_totals_never_a_mean(
    compute: Compute, declare: Declare
) -> None:
    share = declare("share", "100 * COUNT_IF(rank > 1) / COUNT(*)", source="posts", unit="percent")
    rows = {"posts": posts(2, org="S1") + posts(1, 1, 1, org="S2") + posts(2, org="S3")}
    cells = compute([share], rows)
    assert known(cells, "share", "T1") == 25
    county = cells.cell("share", "C", YEAR)
    assert (county.numerator, county.denominator, county.n) == (2, 5, 5)
    assert known(cells, "share", "C") == 40


def test_money_and_areas_stay_exact(compute: Compute, declare: Declare) -> None:
    area = declare("area", "SUM(area)", source="premises", unit="m2")
    rows = {
        "premises": [
            {"org": org, "stage": "primary", "counted_on": date(2020, 1, 1), "area": part}
            for org, part in (("S1", Decimal("0.10")), ("S2", Decimal("0.20")), ("S3", 0))
        ]
    }
    assert known(compute([area], rows), "area", "C") == Fraction(3, 10)


def test_a_count_holds_until_the_next_and_posts_on_their_days(
    compute: Compute, declare: Declare
) -> None:
    indicators = [
        declare("books", "SUM(books)", source="premises", unit="book"),
        declare("books_census", "SUM(books)", source="premises", unit="book", at="census"),
        declare("posts", "COUNT(*)", source="posts"),
    ]
    rows = {
        "premises": [
            {"org": "S1", "stage": "primary", "counted_on": day, "books": books}
            for day, books in ((date(2022, 3, 1), 100), (date(2023, 9, 2), 150))
        ],
        "posts": [
            {"org": "S1", "valid_from": date(2022, 1, 1), "valid_to": date(2024, 6, 30)},
            {"org": "S1", "valid_from": date(2022, 1, 1), "valid_to": date(2024, 7, 1)},
            {"org": "S1", "valid_from": date(2024, 6, 30)},
            {"org": "S1", "valid_from": date(2024, 7, 1)},
        ],
    }
    cells = compute(indicators, rows)
    assert isinstance(cells.cell("books_census", "S1", "2021-2022").value, Missing)
    assert known(cells, "books", period="2021-2022") == 100
    assert known(cells, "books", period="2022-2023") == 100
    assert known(cells, "books") == 150
    assert known(cells, "books_census") == 100
    assert (known(cells, "posts", period="2022-2023"), known(cells, "posts")) == (2, 2)


def test_days_of_the_period_can_be_named(compute: Compute, declare: Declare) -> None:
    late = declare("late", "COUNT_IF(done_on IS NULL OR done_on > point_on)", source="visits")
    rows = {
        "visits": [
            {"org": "S1", "visited_on": date(2022, 10, 1), "done_on": day, "lessons": 1}
            for day in (date(2023, 8, 31), date(2023, 9, 1), None)
        ]
    }
    assert known(compute([late], rows), "late", period="2022-2023") == 2


def test_no_rows_are_missing_or_zero_as_declared(compute: Compute, declare: Declare) -> None:
    indicators = [
        declare("owed", "COUNT(*)", source="visits"),
        declare("free", "COUNT(*)", source="visits", absent="zero"),
        declare("free_share", "COUNT_IF(lessons > 1) / COUNT(*)", source="visits", absent="zero"),
        declare("sum_of_both", "owed + free"),
        declare("kind", "COALESCE(owed, 0) + free"),
        declare("piloted", "COUNT(*)", source="visits", among="pilot"),
    ]
    visit = {"visited_on": date(2023, 10, 1), "lessons": 2}
    cells = compute(indicators, {"visits": [{"org": "S2", **visit}]})
    assert isinstance(cells.cell("owed", "S1", YEAR).value, Missing)
    assert known(cells, "free", "S1") == 0
    assert isinstance(cells.cell("free_share", "S1", YEAR).value, NotApplicable)
    assert isinstance(cells.cell("sum_of_both", "S1", YEAR).value, Missing)
    assert known(cells, "kind", "S1") == 0
    assert known(cells, "sum_of_both", "S2") == 2
    assert isinstance(cells.cell("piloted", "S2", YEAR).value, NotApplicable)
    assert isinstance(cells.cell("piloted", "S1", YEAR).value, Missing)
    derived = cells.cell("sum_of_both", "C", YEAR)
    assert (derived.reported, derived.expected) == (1, 3)


def test_a_blank_among_the_summands_is_a_gap_not_a_zero(compute: Compute, declare: Declare) -> None:
    indicators = [
        declare("new", "SUM(new_books)", source="premises", unit="book"),
        declare("free", "SUM(new_books)", source="premises", unit="book", absent="zero"),
        declare("kind", "SUM(COALESCE(new_books, 0))", source="premises", unit="book"),
        declare("mean", "AVG(new_books)", source="premises", unit="book"),
    ]
    day = date(2020, 1, 1)
    rows = {
        "premises": [
            {"org": org, "stage": "primary", "counted_on": day, "books": 1, "new_books": new}
            for org, new in (("S1", None), ("S2", 0), ("S3", 8))
        ]
    }
    cells = compute(indicators, rows)
    gap = cells.cell("new", "S1", YEAR).value
    assert isinstance(gap, Missing)
    assert "没有填" in str(gap.reason)
    assert known(cells, "new", "S2") == 0
    county = cells.cell("new", "C", YEAR)
    assert (county.reported, county.expected) == (2, 3)
    free = cells.cell("free", "C", YEAR)
    assert (free.reported, free.expected) == (2, 3)
    assert known(cells, "kind", "C") == 8
    assert known(cells, "mean", "C") == 4


def test_a_group_and_its_reference_are_read_side_by_side(
    compute: Compute, declare: Declare
) -> None:
    mean = declare("rank", "AVG(rank)", source="posts", among="pilot")
    rows = {"posts": posts(2, org="S1") + posts(5, org="S2") + posts(4, org="S3")}
    cells = compute([mean, declare("any", "COUNT(*)", source="posts", among="good")], rows)
    assert known(cells, "rank", "C") == 3
    reference = cells.cell("rank", "C", YEAR, "good").value
    assert isinstance(reference, Present)
    assert reference.value == 5


def test_operands_of_another_kind_of_period_are_read_where_the_point_lies(
    compute: Compute, declare: Declare
) -> None:
    indicators = [
        declare("seen", "SUM(lessons)", source="visits", period="calendar_year", unit="lesson"),
        declare("people", "COUNT(*)", source="posts", unit="person"),
        declare("each", "seen / people", unit="lesson/person"),
    ]
    visits = [
        {"org": "S1", "visited_on": day, "lessons": n}
        for day, n in ((date(2023, 11, 1), 4), (date(2024, 2, 1), 6))
    ]
    cells = compute(indicators, {"visits": visits, "posts": posts(1, 1)})
    assert known(cells, "each") == 3
    assert known(cells, "each", period="2022-2023") == 2


def test_a_cell_says_what_made_it(compute: Compute, declare: Declare) -> None:
    share = declare("share", "100 * COUNT_IF(rank > 1) / COUNT(*)", source="posts", unit="percent")
    cell = compute([share], {"posts": posts(1, 2)}).cell("share", "S1", YEAR)
    assert cell.snapshot == "snapshot-1"
    assert len(cell.version) == 12
    assert isinstance(cell.value, Present)
    assert (cell.value.numerator, cell.value.denominator, cell.value.n) == (100, 2, 2)


@pytest.mark.parametrize("absent", ["missing", "zero"])
def test_what_happened_at_a_school_that_closed_counts_and_nobody_else_is_hidden_by_it(
    absent: str, compute: Compute, declare: Declare
) -> None:
    def visits(*orgs: str) -> Cells:
        # In the year after its last the membership no longer holds it.
        days = (date(2022, 10, 1), date(2023, 10, 1))
        given = [{"org": org, "visited_on": day, "lessons": 2} for org in orgs for day in days]
        every = declare("every", "SUM(lessons)", source="visits", unit="lesson", absent=absent)
        pilot = every.model_copy(update={"id": "pilot", "among": "pilot"})
        held = declare("held", "COUNT(*)", source="posts", unit="person")
        return compute([every, pilot, held], {"visits": given, "posts": posts(1, org=CLOSED)})

    cells = visits(CLOSED, "S1")
    assert known(cells, "every", "T1", CLOSED_IN) == 4
    assert known(cells, "pilot", "C", CLOSED_IN) == 4
    assert known(cells, "every", "T1", "2023-2024") == 2
    told = cells.cell("every", "T1", CLOSED_IN)
    # S1, S2 and the closed one; of these S2 gave nothing, which may be nothing.
    assert (told.reported, told.expected) == (2 if absent == "missing" else 3, 3)
    assert not isinstance(cells.cell("held", "T1", CLOSED_IN).value, Present)
    # Nobody waits for the rows of a school that is no more.
    told = visits("S1", "S2").cell("every", "T1", CLOSED_IN)
    assert (told.reported, told.expected) == (2, 2)
    alone = visits(CLOSED)
    assert known(alone, "every", "T1", CLOSED_IN) == 2
