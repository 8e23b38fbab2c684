"""Who closed within a period keeps the place of its last day."""

from datetime import date

from tests.warehouse.test_hierarchy import COUNTY, OLD, UP, YEARS, edge, org
from zhuji.warehouse.closing import closed, last_lines
from zhuji.warehouse.hierarchy import OrgRow

FIRST, SECOND, THIRD = (row[1] for row in YEARS)


def standing(orgs: tuple[OrgRow, ...], *edges: object) -> set[tuple[str, str, str, str]]:
    made = closed(orgs, [*UP, *edges], YEARS)  # type: ignore[list-item]
    return {row[1:] for row in made.membership}


def test_a_school_that_closes_in_the_year_stands_under_town_and_county_of_its_last_day() -> None:
    moved = (edge("x", "t1", OLD, date(2021, 10, 1)), edge("x", "t2", date(2021, 10, 1)))
    made = closed((*COUNTY, org("x", until=date(2022, 2, 1))), [*UP, *moved], YEARS)
    assert set(made.membership) == {
        ("school_year", FIRST, above, "x", "2022-01-31") for above in ("x", "t2", "c")
    }
    assert made.places == [("day", "2022-01-31", "x", "t2", "c")]
    assert [row[1] for row in made.days] == ["2022-01-31"]


def test_one_that_stands_at_the_point_or_never_stood_in_the_period_is_not_among_them() -> None:
    up = edge("x", "t1")
    assert standing((*COUNTY, org("x")), up) == set()
    # The first day of a period is the first on which it no longer stands: it was of the last.
    assert standing((*COUNTY, org("x", until=date(2021, 9, 1))), up) == set()
    last_of_all = {row[0] for row in standing((*COUNTY, org("x", until=date(2022, 9, 1))), up)}
    assert last_of_all == set()  # the point of the first year is its last day
    # One day is enough.
    assert {row[0] for row in standing((*COUNTY, org("x", until=date(2022, 9, 2))), up)} == {SECOND}
    # In the year of the judgement the point is the day of judgement.
    assert {row[0] for row in standing((*COUNTY, org("x", until=date(2024, 6, 1))), up)} == {THIRD}
    assert standing((*COUNTY, org("x", until=date(2024, 6, 2))), up) == set()


def test_one_that_opened_again_before_the_point_has_not_closed() -> None:
    again = OrgRow("x", "school", date(2022, 3, 1), None)
    orgs = (*COUNTY, org("x", until=date(2021, 12, 1)), again)
    assert standing(orgs, edge("x", "t1")) == set()


def test_a_town_that_had_gone_by_then_is_not_above_and_a_ring_has_no_top() -> None:
    gone = (*COUNTY, org("t3", "town", until=date(2021, 10, 1)), org("x", until=date(2022, 2, 1)))
    found = standing(gone, edge("t3", "c"), edge("x", "t3"))
    assert {row for row in found if row[2] == "x"} == {(FIRST, "x", "x", "2022-01-31")}
    two = (org("x", until=date(2022, 2, 1)), org("y", until=date(2022, 2, 1)))
    ring = standing((*COUNTY, *two), edge("x", "y"), edge("y", "x"))
    assert ring == {(FIRST, one, one, "2022-01-31") for one in ("x", "y")}


def test_the_last_line_is_told_of_whatever_closed_by_a_day() -> None:
    orgs = (*COUNTY, org("x", until=date(2010, 2, 1)), org("y", until=date(2024, 6, 2)))
    edges = [*UP, edge("x", "t1"), edge("y", "t2")]
    assert last_lines(orgs, edges, date(2024, 6, 1)) == {"x": ("x", "t1", "c")}
