"""The page of an indicator, and how its number explains itself."""

from io import BytesIO

import openpyxl
import pytest

from tests.programme.yunxi import COUNTY, NINE, STONE, VILLAGE
from tests.web.plan.county import at, build, judge, page

pytestmark = pytest.mark.django_db
BOOKS = "/indicators/y_books.primary/"


@pytest.fixture(autouse=True)
def judged(db: None) -> None:
    build()
    judge()


def test_value_goal_and_light_stand_on_top_with_the_clause_and_the_formula_below() -> None:
    shown = page("officer", BOOKS)
    assert 'class="light light-behind"' in shown
    assert "历年变化" in shown
    assert "这个数怎么来的" in shown
    assert "<pre" in shown
    assert "由这些指标组成" in shown
    assert f"/plan/T1/?org={COUNTY}" in shown


def test_every_chart_stands_beside_a_table_of_the_same_figures() -> None:
    shown = page("officer", BOOKS)
    assert shown.count("data-chart=") == shown.count("看数据表")
    assert 'data-chart="school-chart"' in shown
    assert "青石村小学" in shown


def test_towns_stand_in_a_grid_that_leads_to_the_figure_of_the_town() -> None:
    shown = page("officer", BOOKS)
    assert f'href="{BOOKS}?org={STONE}"' in shown
    assert "青石镇" in page("officer", f"{BOOKS}?org={STONE}")


def test_stages_are_switched_and_groups_narrow_the_spread() -> None:
    assert "/indicators/y_books.junior/" in page("officer", BOOKS)
    assert at("officer").get(f"{BOOKS}?group=nowhere").status_code == 404


def test_a_head_sees_the_own_school_and_not_the_figures_of_others() -> None:
    shown = page("head", BOOKS)
    assert "青石村小学" in shown
    assert "白沙九年一贯制学校" not in shown
    assert at("head").get(f"{BOOKS}?org={NINE}").status_code == 404
    assert at("officer").get("/indicators/nothing/").status_code == 404


def test_rows_are_fetched_only_when_asked_for() -> None:
    shown = page("officer", "/indicators/y_content/explain/")
    assert "看数据行" in shown
    assert 'hx-get="/indicators/y_content/explain/?rows=1"' in shown
    assert "看数据行" not in page("officer", BOOKS + "explain/")


def test_an_indicator_leaves_as_a_workbook_whose_numbers_are_numbers() -> None:
    answer = at("officer").get(BOOKS + "?format=xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    rows = [row for row in book["各学校"].iter_rows(values_only=True) if row[0] == "青石村小学"]
    assert rows[0][1:4] == (8, 40, 5)
    assert VILLAGE not in str(rows)
