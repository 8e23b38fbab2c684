"""Relations on rows that a reader can count by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.warehouse.facts import MOVED, OLD, PLACES, TODAY, Fact, Facts, asked
from zhuji.kernel.calendar import add_months


def test_a_school_stands_in_the_town_of_each_period() -> None:
    rows = asked({}, "orgs_at", "period org town county")
    assert ("2021-2022", "s2", "t1", "c") in rows
    assert ("2022-2023", "s2", "t2", "c") in rows
    assert ("2022-2023", "c", None, "c") in rows


def test_a_pilot_town_makes_pilots_of_its_schools_while_they_are_there() -> None:
    marks: list[Fact] = [
        {"org": "t2", "mark": "pilot_city", "valid_from": OLD},
        {"org": "s1", "mark": "pilot_county", "valid_from": MOVED},
        {"org": "s1", "mark": "excluded", "valid_from": OLD, "valid_to": MOVED},
    ]
    rows = asked(
        {"org_marks": marks}, "orgs_at", "period org pilot_city pilot_county pilot excluded"
    )
    of = {row[:2]: row[2:] for row in rows}
    assert of["2021-2022", "s2"] == (False, False, False, False)
    assert of["2022-2023", "s2"] == (True, False, True, False)
    assert of["2022-2023", "t2"] == (True, False, True, False)
    assert of["2021-2022", "s1"] == (False, False, False, True)
    assert of["2022-2023", "s1"] == (False, True, True, False)


def test_an_org_that_is_closed_at_the_point_is_not_there() -> None:
    orgs = [*PLACES["orgs"], {"org": "s3", "kind": "school", "valid_from": OLD, "valid_to": MOVED}]
    present = {row for row in asked({"orgs": orgs}, "orgs_at", "period org") if row[1] == "s3"}
    assert present == {("2021-2022", "s3")}


def test_a_nine_year_school_keeps_its_teachers_and_classes_by_stage() -> None:
    posts: list[Fact] = [
        {
            "org": "s1",
            "staff_no": f"S{n}",
            "stage": stage,
            "full_time_teacher": True,
            "valid_from": OLD,
        }
        for n, stage in enumerate(("primary", "primary", "junior"))
    ]
    classes: list[Fact] = [
        {"org": "s1", "stage": stage, "grade": grade, "class_no": 1, "valid_from": OLD}
        for stage, grade in (("primary", 6), ("junior", 7))
    ]
    enrolled: list[Fact] = [
        {
            "org": "s1",
            "pupil_no": f"P{n}",
            "stage": "junior",
            "grade": 7,
            "class_no": 1,
            "valid_from": OLD,
        }
        for n in range(3)
    ]
    teachers = asked({"posts": posts}, "teachers_at", "period stage")
    assert teachers.count(("2022-2023", "primary")) == 2
    assert teachers.count(("2022-2023", "junior")) == 1
    rolls = asked(
        {"classes": classes, "enrolments": enrolled}, "class_rolls", "period stage pupils"
    )
    assert [row for row in rolls if row[0] == "2022-2023"] == [
        ("2022-2023", "junior", 3),
        ("2022-2023", "primary", 0),
    ]


def test_money_spent_on_another_purpose_and_later_moves_are_told_apart() -> None:
    line: Fact = {"org": "s1", "line_no": "L1", "earmark": "building", "budget": "100"}
    idle: Fact = {"org": "s1", "line_no": "L2", "earmark": "training", "budget": "50"}
    moves = [
        ("allotted", date(2022, 1, 1), "100", "building", None),
        ("paid", date(2022, 1, 20), "60.5", "building", 19),
        ("paid", date(2022, 2, 20), "39.5", "building", 50),
        ("spent", date(2022, 3, 1), "30", "building", None),
        ("spent", date(2022, 3, 2), "7.25", "operating", None),
        ("spent", TODAY + timedelta(days=1), "62.75", "operating", None),
    ]
    names = ("kind", "moved_on", "amount", "purpose", "days_taken")
    given_: Facts = {
        "funds": [line, idle],
        "fund_moves": [{"line_no": "L1", **dict(zip(names, move, strict=True))} for move in moves],
    }
    found = asked(given_, "fund_lines", "line_no allotted paid spent misused late_days")
    amounts = [Decimal(text) for text in ("100.00", "100.00", "37.25", "7.25")]
    assert found == [("L1", *amounts, 50), ("L2", *[Decimal("0.00")] * 4, None)]


def test_a_training_keeps_the_hours_of_the_person_and_the_kind_of_the_session() -> None:
    given_: Facts = {
        "training_sessions": [{"session_no": "X", "kind": "shadow", "hours": 30, "batch_no": 2}],
        "training_records": [
            {"org": "s1", "staff_no": "S1", "session_no": "X", "hours": 10, "finished_on": TODAY},
            {"org": "s1", "staff_no": "S1", "session_no": "Y", "hours": 10, "finished_on": TODAY},
        ],
    }
    assert asked(given_, "trainings", "org staff_no kind batch_no hours") == [
        ("s1", "S1", "shadow", 2, Decimal("10.00"))
    ]


def test_what_happens_on_the_first_day_of_a_period_counts_in_it() -> None:
    known: Facts = {
        "enrolments": [{"org": "s1", "pupil_no": "P1", "stage": "primary", "valid_from": OLD}],
        "aid": [{"pupil_no": "P1", "paid_on": MOVED}],
        "home_visits": [{"pupil_no": "P1", "visited_on": MOVED}],
    }
    assert asked(known, "pupils_at", "period aided home_visits") == [
        ("2021-2022", False, 0),
        ("2022-2023", True, 1),
    ]


def test_hours_of_five_years_ago_to_the_day_are_no_longer_counted() -> None:
    days = [add_months(TODAY, -60), add_months(TODAY, -60) + timedelta(days=1), TODAY]
    known: Facts = {
        "posts": [{"org": "s1", "staff_no": "S1", "stage": "primary", "valid_from": OLD}],
        "training_records": [
            {"staff_no": "S1", "hours": hours, "finished_on": day}
            for hours, day in zip((1, 10, 100), days, strict=True)
        ],
    }
    rows = asked(known, "teachers_at", "period five_year_hours")
    assert rows[-1] == ("2022-2023", Decimal("110.00"))


@pytest.mark.parametrize(
    ("brought", "gained", "highest"),
    [("bachelor", "college", "bachelor"), ("college", "master", "master"), (None, None, None)],
)
def test_the_highest_degree_counts_brought_or_gained(
    brought: str | None, gained: str | None, highest: str | None
) -> None:
    known: Facts = {
        "posts": [{"org": "s1", "staff_no": "S1", "stage": "primary", "valid_from": OLD}],
        "staff": [{"org": "s1", "staff_no": "S1", "hired_degree": brought}],
        "qualifications": [{"staff_no": "S1", "kind": "degree", "level": gained, "gained_on": OLD}],
    }
    assert {row[0] for row in asked(known, "teachers_at", "degree")} == {highest}
