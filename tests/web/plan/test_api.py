"""The plan through the API: what the pages say of a number, for programs, within the same scope."""

from typing import Any

import pytest

from tests.programme.yunxi import COUNTY, STONE, VILLAGE
from tests.web.plan.county import at, build, judge

pytestmark = pytest.mark.django_db
BOOKS = "/api/plan/indicators/y_books.primary"


@pytest.fixture(autouse=True)
def judged(db: None) -> None:
    build()
    judge()


def read(username: str, path: str, language: str = "zh-hans") -> tuple[int, Any]:
    answer = at(username).get(path, headers={"Accept-Language": language})
    return answer.status_code, answer.json()


def test_a_number_comes_exactly_with_its_parts_and_where_its_threshold_is_from() -> None:
    status, found = read("officer", BOOKS)
    assert status == 200
    assert (found["plan"], found["org"], found["on"]) == ("yunxi-2025", COUNTY, "2025-06-30")
    figure = found["figure"]
    assert figure["state"] == "present"
    top, bottom = int(figure["numerator"]), int(figure["denominator"])
    assert figure["value"] == pytest.approx(top / bottom)
    assert found["trend"][-1]["figure"]["exact"] == figure["exact"]
    assert found["thresholds"][0]["source"]
    assert found["clauses"][-1]["id"] == found["clauses"][-1]["id"].upper()
    assert found["sql"].startswith("y_book_stock__primary")
    assert found["parts"] == ["y_book_stock.primary", "y_pupils.primary"]


def test_the_number_is_that_of_the_judgement_for_every_organisation_within_reach() -> None:
    for org in (COUNTY, STONE, VILLAGE):
        _, judged = read("officer", f"/api/plan/judgement?org={org}")
        item = next(one for one in judged["items"] if one["id"] == "y_books.primary")
        _, found = read("officer", f"{BOOKS}?org={org}")
        assert (found["figure"]["light"], found["org"]) == (item["light"], org)
        assert found["figure"]["value"] == pytest.approx(item["value"])


@pytest.mark.parametrize(
    ("username", "path", "status", "said"),
    [
        ("head", f"{BOOKS}?org={STONE}", 404, "可见范围"),
        ("officer", "/api/plan/indicators/nothing", 404, "没有编号"),
        ("officer", "/api/plan/indicators/y_reading_day", 404, "不是指标"),
        ("officer", f"{BOOKS}?on=2025-06-01", 404, "还没有判定过"),
        ("officer", f"{BOOKS}?on=yesterday", 422, ""),
    ],
)
def test_what_is_not_there_or_not_for_the_reader_is_refused_in_words(
    username: str, path: str, status: int, said: str
) -> None:
    found_status, found = read(username, path)
    assert found_status == status
    assert said in str(found)
