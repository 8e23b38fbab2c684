"""Another county's plan, judged with no line of code changed: other tree, cadences, groups."""

from datetime import date

import pytest

from tests.programme.yunxi import (
    COUNTY,
    FIRST,
    JUNE,
    NINE,
    SAND,
    STONE,
    VILLAGE,
    county,
    item,
    judged,
    lights,
    plan,
)
from zhuji.kernel.errors import Level
from zhuji.kernel.lights import Light
from zhuji.programme import proof
from zhuji.programme.judge import Run

MET, ON, BEHIND, NOT = Light.MET, Light.ON_TRACK, Light.BEHIND, Light.NOT_MET
NONE, OUT = Light.NO_DATA, Light.NOT_APPLICABLE


@pytest.fixture(scope="module")
def june() -> Run:
    with judged(county()) as run:
        return run


def test_the_package_is_proved_with_its_worked_example() -> None:
    report = proof.prove(plan())
    assert [issue for issue in report.issues if issue.level is not Level.INFO] == []
    assert (report.clauses, report.examples) == (12, 1)
    counts = {label.en: count for label, count in report.counts}
    assert counts["Targets"] == 3
    assert counts["Measures"] == 5


def test_nothing_of_the_reference_plan_is_in_it() -> None:
    ids = {node.id for node in plan().tree}
    assert {name for name in ids if not name.startswith("y_")} == {
        *("T1", "T2", "T3", "A1", "A2", "M1", "M2", "M3", "M4", "M5", "S1", "S2"),
    }
    assert "kindergarten" not in str(plan().plan.model_dump())


def test_the_county_has_exactly_these_lights(june: Run) -> None:
    assert lights(june, COUNTY) == {
        "T1": BEHIND, "y_books.primary": BEHIND, "y_books.junior": MET,
        "T2": MET, "y_content": MET,
        "T3": MET, "y_computers": MET,
        "A1": BEHIND, "M1": BEHIND, "y_reading_day": BEHIND,
        "M2": ON, "y_town_review": ON, "M3": NONE, "y_new_books": NONE,
        "A2": BEHIND, "M4": MET, "y_scheme": MET, "M5": BEHIND, "y_resource_rooms": BEHIND,
        "S1": MET, "y_safe": MET, "y_violations": MET, "y_dropouts": MET, "S2": OUT,
    }  # fmt: skip


def test_a_town_is_judged_by_its_own_schools_and_deeds(june: Run) -> None:
    stone, sand = lights(june, STONE), lights(june, SAND)
    assert (stone["T1"], sand["T1"]) == (BEHIND, MET)
    assert (stone["y_books.junior"], sand["y_books.junior"]) == (OUT, MET)
    assert (stone["y_town_review"], sand["y_town_review"]) == (MET, ON)
    # The indicator says school and county; a town has no such figure.
    assert stone["y_computers"] is OUT
    assert item(june, STONE, "y_books.primary").value == pytest.approx(190 / 15)


def test_a_school_is_judged_by_what_is_asked_of_it(june: Run) -> None:
    first, village = lights(june, FIRST), lights(june, VILLAGE)
    assert (first["y_books.primary"], village["y_books.primary"]) == (MET, BEHIND)
    assert (first["y_reading_day"], village["y_reading_day"]) == (MET, BEHIND)
    assert (first["y_resource_rooms"], village["y_resource_rooms"]) == (BEHIND, OUT)
    assert (first["M2"], village["M2"]) == (OUT, OUT)


@pytest.mark.parametrize(
    ("org", "key", "value"),
    [
        (COUNTY, "y_books.primary", 290 / 25),
        (COUNTY, "y_books.junior", 20.0),
        (COUNTY, "y_content", 98.0),
        (COUNTY, "y_computers", 20.0),
        (COUNTY, "y_new_books", 35.0),
        (COUNTY, "y_safe", 100.0),
        (COUNTY, "y_town_review", 50.0),
        (VILLAGE, "y_books.primary", 8.0),
        (VILLAGE, "y_reading_day", 50.0),
        (FIRST, "y_content", 95.0),
    ],
)
def test_its_values_are_those_done_by_hand(june: Run, org: str, key: str, value: float) -> None:
    assert item(june, org, key).value == pytest.approx(value, rel=1e-12)


def test_shared_property_is_split_by_the_equivalents_of_the_plan(june: Run) -> None:
    """300 books, ten pupils of each stage, a junior pupil counts twice: 100 and 200."""
    assert item(june, NINE, "y_books.primary").value == 10.0
    assert item(june, NINE, "y_books.junior").value == 20.0


def test_a_calendar_year_is_the_period_that_speaks(june: Run) -> None:
    figure = june.figures.figure("y_books.primary", COUNTY)
    assert figure.period is not None
    assert (figure.period.key, figure.period.point_on) == ("2025", JUNE)


def test_its_quarters_and_years_come_and_go() -> None:
    with judged(county(), date(2026, 1, 10)) as run:
        found = item(run, COUNTY, "y_reading_day")
        assert (found.light, found.n) == (NOT, 15)
        assert found.value == pytest.approx(100 * 5 / 15)
        missed = [(lack.org, str(lack.what)) for lack in found.missing if lack.org == VILLAGE]
        assert missed == [
            (VILLAGE, "2025 年第 2 季度 逾期未完成"),
            (VILLAGE, "2025 年第 3 季度 逾期未完成"),
            (VILLAGE, "2025 年第 4 季度 逾期未完成"),
            (VILLAGE, "2026 年第 1 季度 进行中"),
        ]
        assert lights(run, SAND)["y_town_review"] is NOT
        assert lights(run, STONE)["y_town_review"] is ON


def test_on_the_last_day_what_is_short_is_not_met() -> None:
    with judged(county(), date(2026, 12, 30)) as run:
        assert lights(run, VILLAGE)["y_books.primary"] is BEHIND
    with judged(county(), date(2026, 12, 31)) as run:
        assert lights(run, VILLAGE)["y_books.primary"] is NOT
        assert lights(run, COUNTY)["T1"] is NOT
        assert lights(run, FIRST)["T1"] is MET
