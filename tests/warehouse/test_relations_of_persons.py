"""Teachers and pupils at a point, against a plain reading of the same random rows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.facts import OLD, PERIODS, Fact, Facts, asked
from zhuji.kernel.calendar import add_months
from zhuji.ledgers.registry import BY_KEY
from zhuji.warehouse.periods import PeriodRow

# Only days at which something turns: the edges of periods, and the days beside them.
EDGES = sorted({day for row in PERIODS for day in row[2:]})
DAYS = st.sampled_from([day + timedelta(days=n) for day in EDGES for n in (-1, 0, 1)])
NUMBERS = st.sampled_from(["S1", "S2", "S3"])
SCHOOLS = st.sampled_from(["s1", "s2"])
RANKS = {"below": 1, "secondary": 2, "college": 3, "bachelor": 4, "master": 5, "doctor": 6}
GRADES = {"junior": 1, "middle": 2, "vice_senior": 3, "senior": 4}
KEYS = {"key_teacher", "subject_leader", "teaching_expert", "special_grade", "rural_special"}


def facts(**columns: st.SearchStrategy[object]) -> st.SearchStrategy[list[Fact]]:
    return st.lists(st.fixed_dictionaries(columns), max_size=6)


def dated(**columns: st.SearchStrategy[object]) -> st.SearchStrategy[list[Fact]]:
    return facts(valid_from=DAYS, valid_to=st.none() | DAYS, **columns)


STAFF: list[Fact] = [
    {"org": "s1", "staff_no": "S1", "hired_degree": "college", "employment": "established"},
    {"org": "s2", "staff_no": "S2", "hired_degree": None, "employment": "contract"},
]


def _day(row: PeriodRow, column: int) -> date:
    day = row[column]
    assert isinstance(day, date)
    return day


def holds(row: Fact, day: date) -> bool:
    start, end = row["valid_from"], row["valid_to"]
    assert isinstance(start, date)
    return start <= day and (end is None or (isinstance(end, date) and day < end))


def until(row: Fact, column: str, day: date, since: date = OLD) -> bool:
    on = row[column]
    assert isinstance(on, date)
    return since < on <= day


def plain_teacher(known: Facts, post: Fact, day: date) -> tuple[object, ...]:
    def mine(ledger: str) -> list[Fact]:
        return [row for row in known[ledger] if row["staff_no"] == post["staff_no"]]

    gained = [row for row in mine("qualifications") if until(row, "gained_on", day)]
    brought = [str(row["hired_degree"]) for row in mine("staff") if row["hired_degree"]]
    degrees = [str(row["level"]) for row in gained if row["kind"] == "degree"] + brought
    honours = {row["title"] for row in mine("honours") if holds(row, day)}
    titles = [str(row["grade"]) for row in mine("titles") if holds(row, day)]
    best = max(titles, key=GRADES.__getitem__, default=None)
    recent = add_months(day, -60)
    hours = [row for row in mine("training_records") if until(row, "finished_on", day, recent)]
    degree = max(degrees, key=RANKS.__getitem__, default=None)
    return (
        degree,
        RANKS[degree] if degree else None,
        any(row["kind"] == "certificate" for row in gained),
        bool(honours & KEYS),
        "special_grade" in honours,
        "ranked_head" in honours,
        best,
        best is not None and GRADES[best] >= 2,
        sum((Decimal(str(row["hours"])) for row in hours), Decimal(0)),
    )


@pytest.mark.proof
@settings(max_examples=40)
@given(
    st.fixed_dictionaries(
        {
            "posts": dated(org=SCHOOLS, staff_no=NUMBERS, stage=st.just("primary")),
            "qualifications": facts(
                staff_no=NUMBERS,
                kind=st.sampled_from(["degree", "certificate"]),
                level=st.sampled_from(list(RANKS)),
                gained_on=DAYS,
            ),
            "honours": dated(
                staff_no=NUMBERS, title=st.sampled_from(sorted(KEYS | {"ranked_head"}))
            ),
            "titles": dated(staff_no=NUMBERS, grade=st.sampled_from(list(GRADES))),
            "training_records": facts(
                staff_no=NUMBERS,
                hours=st.integers(1, 90),
                finished_on=DAYS | DAYS.map(lambda day: add_months(day, -60)),
            ),
        }
    ),
    st.sampled_from(["teachers_at", "teachers_census"]),
)
def test_teachers_are_what_a_plain_reading_finds(drawn: dict[str, list[Fact]], key: str) -> None:
    known = {**drawn, "staff": STAFF}
    moment = 5 if key == "teachers_at" else 4
    expected = [
        (
            *(row[1], post["org"], post["staff_no"], post["valid_from"]),
            *plain_teacher(known, post, _day(row, moment)),
        )
        for row in PERIODS
        for post in known["posts"]
        if holds(post, _day(row, moment))
    ]
    found = asked(
        known,
        key,
        "period org staff_no joined_on degree degree_rank certified key_teacher special_grade "
        "ranked_head title_grade middle_or_senior five_year_hours",
    )
    assert sorted(map(repr, found)) == sorted(
        repr((*row[:-1], Decimal(str(row[-1])).quantize(Decimal("0.01")))) for row in expected
    )


CHILDREN = st.sampled_from(["P1", "P2", "P3"])
HARDSHIPS = {"poor", "low_income", "monitored", "disabled", "orphan", "unsupported"}
CATEGORIES = [option.value for option in BY_KEY["special_pupils"].by_key["category"].options]
PUPILS: list[Fact] = [
    {"org": "s1", "pupil_no": "P1", "sex": "female", "hukou_town": "t1"},
    {"org": "s1", "pupil_no": "P2", "sex": "male", "hukou_town": "t2"},
]
TOWN_OF = {("2021-2022", "s2"): "t1", ("2022-2023", "s2"): "t2"}


def plain_pupil(
    known: Facts, place: Fact, day: date, start: date, point: date
) -> tuple[object, ...]:
    def mine(ledger: str) -> list[Fact]:
        return [row for row in known[ledger] if row["pupil_no"] == place["pupil_no"]]

    cares = [row for row in mine("special_pupils") if holds(row, day)]
    names = {row["category"] for row in cares}
    before = start - timedelta(days=1)
    skills = [row["kind"] for row in mine("skills") if until(row, "mastered_on", day)]
    lost = [row for row in mine("dropout_cases") if row["status"] == "dropped"]
    return (
        *(name in names for name in CATEGORIES),
        bool(names & HARDSHIPS),
        all(row["helped"] is True for row in cares) if cares else None,
        any(row["carer"] for row in cares),
        any(until(row, "paid_on", point, before) for row in mine("aid")),
        skills.count("art"),
        skills.count("sport"),
        sum(until(row, "visited_on", point, before) for row in mine("home_visits")),
        any(_open(row, day) for row in lost),
    )


def _open(row: Fact, day: date) -> bool:
    ended = [row["closed_on"], row["returned_on"]]
    return until(row, "opened_on", day) and all(
        end is None or (isinstance(end, date) and day < end) for end in ended
    )


def plain_place(known: Facts, place: Fact, period: str) -> tuple[object, ...]:
    homes = {row["pupil_no"]: row["hukou_town"] for row in known["pupils"]}
    home = homes.get(place["pupil_no"])
    town = TOWN_OF.get((period, str(place["org"])), "t1")
    return period, place["org"], place["pupil_no"], town, None if home is None else home == town


@pytest.mark.proof
@settings(max_examples=40)
@given(
    st.fixed_dictionaries(
        {
            "enrolments": dated(org=SCHOOLS, pupil_no=CHILDREN, stage=st.just("primary")),
            "special_pupils": dated(
                pupil_no=CHILDREN,
                category=st.sampled_from(CATEGORIES),
                helped=st.none() | st.booleans(),
                carer=st.none() | NUMBERS,
            ),
            "aid": facts(pupil_no=CHILDREN, paid_on=DAYS),
            "home_visits": facts(pupil_no=CHILDREN, visited_on=DAYS),
            "skills": facts(
                pupil_no=CHILDREN, kind=st.sampled_from(["art", "sport"]), mastered_on=DAYS
            ),
            "dropout_cases": facts(
                pupil_no=CHILDREN,
                status=st.sampled_from(["dropped", "suspected"]),
                opened_on=DAYS,
                closed_on=st.none() | DAYS,
                returned_on=st.none() | DAYS,
            ),
        }
    ),
    st.sampled_from(["pupils_at", "pupils_census"]),
)
def test_pupils_are_what_a_plain_reading_finds(drawn: dict[str, list[Fact]], key: str) -> None:
    known = {**drawn, "pupils": PUPILS}
    moment = 5 if key == "pupils_at" else 4
    expected = []
    for row in PERIODS:
        for place in known["enrolments"]:
            day = _day(row, moment)
            if holds(place, day):
                plain = plain_pupil(known, place, day, row[2], row[5])
                expected.append(plain_place(known, place, row[1]) + plain)
    columns = (
        f"period org pupil_no town local {' '.join(CATEGORIES)} in_hardship helped carer aided "
        "art_skills sport_skills home_visits dropped"
    )
    assert sorted(map(repr, asked(known, key, columns))) == sorted(map(repr, expected))
