"""A school that closes within a period: what happened there stays in the figures of the period."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction

import pytest
from sqlglot import exp

from tests.programme.yunxi import (
    COUNTY,
    FIRST,
    JUNE,
    NINE,
    SAND,
    STONE,
    VILLAGE,
    Rows,
    activity,
    county,
    judged,
    lights,
    survey,
)
from zhuji.indicators.cells import Cell
from zhuji.indicators.compile import EVENT_MEMBERS as EVENTS
from zhuji.indicators.compile import MEMBERS
from zhuji.kernel.lights import Light
from zhuji.kernel.values import NotApplicable, Present
from zhuji.programme import rows as drawn
from zhuji.programme.judge import Run

CLOSED = date(2025, 6, 1)  # the survey was held in May
UNTIL = {"valid_to": CLOSED.isoformat()}


def closing(rows: Rows, school: str = VILLAGE) -> Rows:
    """The same county, with one school that closes before the point of the year."""
    ends = ("orgs", "org_edges", "enrolments")
    return {
        key: [{**row, **UNTIL} if key in ends and row["org"] == school else row for row in found]
        for key, found in rows.items()
    }


@contextmanager
def run_of(rows: Rows, on: date = JUNE) -> Iterator[Run]:
    with judged(closing(rows), on) as run:
        yield run


def cell(run: Run, key: str, org: str, year: str = "2025") -> Cell:
    return run.cells.cell(key, org, year)


def test_its_answers_count_for_its_town_and_its_county_in_that_year() -> None:
    with run_of(county()) as run:
        of_town, of_county = cell(run, "y_content", STONE), cell(run, "y_content", COUNTY)
        assert (of_town.numerator, of_town.denominator) == (29, 30)
        assert (of_county.numerator, of_county.denominator) == (49, 50)
        assert (of_town.reported, of_town.expected) == (2, 2)
        assert (of_county.reported, of_county.expected) == (3, 3)
        other = cell(run, "y_content", SAND)
        assert (other.numerator, other.denominator) == (20, 20)


def test_in_the_next_year_nothing_of_it_counts() -> None:
    later = [{**survey(org, 10, 9), "held_on": "2026-05-10"} for org in (FIRST, VILLAGE)]
    rows = county()
    rows["survey_results"] = [*rows["survey_results"], *later]
    with run_of(rows, date(2026, 6, 30)) as run:
        this, last = (cell(run, "y_content", STONE, year) for year in ("2026", "2025"))
        assert (this.numerator, this.denominator) == (9, 10)
        assert (this.reported, this.expected) == (1, 1)
        assert (last.numerator, last.denominator) == (29, 30)


def test_what_is_counted_at_the_point_is_counted_without_it() -> None:
    with judged(county()) as run:
        assert cell(run, "y_pupils.primary", STONE).value == Present(15, 15, None, 15)
        assert cell(run, "y_safe", STONE).n == 2
    with run_of(county()) as run:
        assert cell(run, "y_pupils.primary", STONE).value == Present(10, 10, None, 10)
        assert cell(run, "y_safe", STONE).n == 1
        assert set(run.scene.below[STONE]) == {FIRST, STONE}
        assert set(run.scene.ever_below[STONE]) == {FIRST, STONE, VILLAGE}


def test_it_is_counted_in_the_groups_of_its_last_day() -> None:
    with run_of(county()) as run:
        where = [("period", "2025"), ("org", VILLAGE), ("ancestor", COUNTY)]
        asked = exp.select("grp").order_by("grp").where(
            *(exp.column(name).eq(exp.Literal.string(value)) for name, value in where)
        )  # fmt: skip
        at_point, events = (run.scene.engine.run(asked.from_(one)) for one in (MEMBERS, EVENTS))
        assert at_point == []
        assert events == [("*",), ("village_schools",)]


def test_the_last_school_of_a_town_leaves_its_answers_to_the_town() -> None:
    with judged(closing(county(), NINE)) as run:
        found = cell(run, "y_content", SAND)
        assert (found.numerator, found.denominator) == (20, 20)
        assert (found.reported, found.expected) == (1, 1)
        assert isinstance(cell(run, "y_safe", SAND).value, NotApplicable)


def test_the_rows_behind_the_value_are_those_that_were_counted() -> None:
    with run_of(county()) as run:
        (table,) = drawn.of_indicator(run, STONE, "y_content", 10)
        assert sorted(str(row[0]) for row in table.rows) == [FIRST, VILLAGE]
        safe = list(drawn.of_indicator(run, STONE, "y_safe", 10))[-1]
        assert [row[0] for row in safe.rows] == [FIRST]


@pytest.mark.parametrize(("held", "light"), [(True, Light.MET), (False, Light.NOT_MET)])
def test_what_it_owed_while_it_stood_is_counted_above(held: bool, light: Light) -> None:
    rows = county()
    rows["activities"] = [
        row for row in rows["activities"]
        if row["org"] != VILLAGE or row["kind"] != "reading_day"
    ]  # fmt: skip
    if held:
        rows["activities"].append(activity(VILLAGE, "reading_day", "2025-02-21"))
    with run_of(rows) as run:
        owed = run.owed["y_reading_day"]
        for org, schools in ((STONE, 2), (COUNTY, 3)):
            verdict = owed.verdicts[org]
            # One window for the closed school, two for each of the others.
            assert verdict.owed == 2 * (schools - 1) + 1
            assert verdict.value == Fraction(verdict.owed - (not held), verdict.owed)
            assert [lack.org for lack in verdict.missing] == ([] if held else [VILLAGE])
            assert lights(run, org)["y_reading_day"] is light
        assert VILLAGE not in run.scene.above
