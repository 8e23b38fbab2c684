"""Periods and the places of organisations in them."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from zhuji.kernel.calendar import Calendar, PeriodKind, Span
from zhuji.warehouse.hierarchy import EdgeRow, OrgRow, closure
from zhuji.warehouse.periods import PeriodRow, period_rows

OLD = date(2000, 1, 1)
PLAN = Span(date(2021, 9, 1), date(2024, 9, 1))
YEARS = period_rows(Calendar(plan=PLAN), date(2024, 6, 1), PLAN, [PeriodKind.SCHOOL_YEAR])


def org(code: str, kind: str = "school", until: date | None = None) -> OrgRow:
    return OrgRow(code, kind, OLD, until)


def edge(child: str, parent: str, start: date = OLD, end: date | None = None) -> EdgeRow:
    return EdgeRow(child, parent, start, end)


COUNTY = (org("c", "county"), org("t1", "town"), org("t2", "town"), org("s"))
UP = (edge("t1", "c"), edge("t2", "c"))


def test_a_period_stands_for_its_first_day_and_its_last_or_today() -> None:
    rows = period_rows(Calendar(plan=PLAN), date(2022, 10, 10), PLAN)
    by_key = {row[:2]: row[2:] for row in rows}
    assert by_key["school_year", "2021-2022"] == (
        date(2021, 9, 1),
        date(2022, 9, 1),
        date(2021, 9, 1),
        date(2022, 8, 31),
    )
    assert by_key["school_year", "2022-2023"][3] == date(2022, 10, 10)
    assert by_key["plan", "plan"][3] == date(2022, 10, 10)
    assert ("school_year", "2023-2024") not in by_key
    assert ("month", "2022-10") in by_key
    assert ("month", "2022-11") not in by_key


def test_a_county_without_a_plan_has_no_plan_period() -> None:
    kinds = {row[0] for row in period_rows(Calendar(), date(2022, 10, 10), PLAN)}
    assert kinds == {"school_year", "term", "quarter", "month", "calendar_year"}


def test_every_org_is_its_own_ancestor_and_knows_its_town_and_county() -> None:
    made = closure(COUNTY, (*UP, edge("s", "t1")), YEARS[:1])
    above = {ancestor for _, _, ancestor, child in made.membership if child == "s"}
    assert above == {"s", "t1", "c"}
    assert set(made.places) == {
        ("school_year", "2021-2022", "c", None, "c"),
        ("school_year", "2021-2022", "t1", "t1", "c"),
        ("school_year", "2021-2022", "t2", "t2", "c"),
        ("school_year", "2021-2022", "s", "t1", "c"),
    }
    assert made.issues == []


def test_a_school_that_moves_counts_in_the_town_of_the_day() -> None:
    moved = date(2022, 9, 1)
    edges = (*UP, edge("s", "t1", OLD, moved), edge("s", "t2", moved))
    towns = {row[1]: row[3] for row in closure(COUNTY, edges, YEARS).places if row[2] == "s"}
    assert towns == {"2021-2022": "t1", "2022-2023": "t2", "2023-2024": "t2"}


def test_a_closed_school_belongs_nowhere_afterwards() -> None:
    orgs = (*COUNTY[:3], org("s", until=date(2022, 8, 31)))
    made = closure(orgs, (*UP, edge("s", "t1")), YEARS)
    assert {row[1] for row in made.places if row[2] == "s"} == set()


def test_a_ring_is_told_and_nobody_in_it_has_ancestors() -> None:
    made = closure(COUNTY, (edge("t1", "t2"), edge("t2", "t1"), edge("s", "t1")), YEARS)
    assert {issue.code for issue in made.issues} == {"hierarchy.cycle"}
    assert [issue.value for issue in made.issues] == ["s", "t1", "t2"]
    assert {(a, o) for _, _, a, o in made.membership} == {(o.org, o.org) for o in COUNTY}


def test_of_two_parents_the_newer_counts_and_a_warning_says_so() -> None:
    edges = (*UP, edge("s", "t1"), edge("s", "t2", date(2010, 1, 1)))
    made = closure(COUNTY, edges, YEARS)
    assert {row[3] for row in made.places if row[2] == "s"} == {"t2"}
    (issue,) = made.issues
    assert (issue.code, issue.value) == ("hierarchy.parents", "s")


@given(st.lists(st.integers(-1, 11), min_size=12, max_size=12))
def test_a_closure_is_what_walking_upwards_finds(parents: list[int]) -> None:
    """Parents only among smaller numbers: no ring, any forest."""
    orgs = [org(str(n)) for n in range(12)]
    up = {n: parent for n, parent in enumerate(parents) if 0 <= parent < n}
    period: PeriodRow = ("plan", "plan", OLD, PLAN.end, OLD, OLD)
    made = closure(orgs, [edge(str(n), str(p)) for n, p in up.items()], [period])
    expected = set()
    for number in range(12):
        at: int | None = number
        while at is not None:
            expected.add((str(at), str(number)))
            at = up.get(at)
    assert {(a, o) for _, _, a, o in made.membership} == expected
    assert len(made.membership) == len(expected)
