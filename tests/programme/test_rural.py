"""M35: each county researcher looks after a rural school; one in the urban district does not do."""

from datetime import date
from pathlib import Path

import pytest

from tests.programme.yunxi import Row, Rows, given
from zhuji.kernel.lights import Light
from zhuji.ledgers import queries
from zhuji.programme import judge, packages
from zhuji.warehouse.engine import engine_from_rows

pytestmark = pytest.mark.proof  # each case judges the whole reference plan
PLANS = Path(__file__).resolve().parents[2] / "plans"
COUNTY, BUREAU, SCHOOL = "370784", "370784000", "2199000001"
DUTY = "m35_researcher_school"


def light(residence: str | None, *, moved: bool = False) -> Light:
    since = {"valid_from": "2000-01-01"}
    school: Row = {"org": SCHOOL, "name": "某校", "kind": "school", "residence": residence, **since}
    schools = [school]
    if moved:  # the register says so from a day on which the assignment had long begun
        schools = [
            {**school, "valid_to": "2022-09-01"},
            {**school, "residence": "urban", "valid_from": "2022-09-01"},
        ]
    rows: Rows = {
        "orgs": [
            {"org": COUNTY, "name": "安丘市", "kind": "county", **since},
            {"org": BUREAU, "name": "教育局", "kind": "office", **since},
            *schools,
        ],
        "org_edges": [
            {"org": org, "hierarchy": "administration", "parent": COUNTY, **since}
            for org in (BUREAU, SCHOOL)
        ],
        "staff": [{"org": BUREAU, "staff_no": "S1", "hired_on": "2010-09-01"}],
        "posts": [
            {"org": BUREAU, "staff_no": "S1", "role": "researcher", "full_time_teacher": False,
             **since}
        ],
        "assignments": [
            {"org": SCHOOL, "staff_no": "S1", "visitor": "county_researcher",
             "valid_from": "2021-09-10"}
        ],
    }  # fmt: skip
    package = packages.load_for("anqiu-2021", PLANS, date(2023, 6, 30))
    with engine_from_rows(given(rows), queries.warehouse_tables()) as engine:
        run = judge.run(package, engine, on=date(2023, 6, 30))
        return run.owed[DUTY].verdicts[BUREAU].light


@pytest.mark.parametrize("residence", ["town", "village"])
def test_a_school_in_a_town_or_village_is_rural(residence: str) -> None:
    assert light(residence) is Light.MET


@pytest.mark.parametrize("residence", ["urban", None])
def test_an_urban_school_or_one_of_unknown_place_does_not_count(residence: str | None) -> None:
    assert light(residence) is not Light.MET


def test_what_the_school_was_when_it_began_decides() -> None:
    assert light("village", moved=True) is Light.MET
