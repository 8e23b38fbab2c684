"""Home: what to do by day, what is red, what is new, where to go."""

from datetime import timedelta

import pytest

from tests.programme.yunxi import STONE, VILLAGE, county, premises
from tests.web.plan.county import at, build, judge, page
from tests.web.returns.browser import Browser
from zhuji.ledgers import desk
from zhuji.orgs.clock import database_now
from zhuji.tasks.models import Notice

pytestmark = pytest.mark.django_db
MOST_CLICKS_OF_J1 = 5


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    build()


def poorer() -> dict[str, list]:  # type: ignore[type-arg]  # rows of any ledger
    """No reading days at all since the plan began: a clause is not met."""
    rows = county()
    rows["activities"] = [row for row in rows["activities"] if row["kind"] != "reading_day"]
    return rows


def test_a_head_sees_what_the_school_owes_by_day_one_click_away() -> None:
    judge()
    shown = page("head", "/")
    assert "要办的事" in shown
    assert f"?org={VILLAGE}" in shown
    assert 'class="task task-new"' in shown


def test_a_teacher_with_nothing_to_do_is_told_so_and_a_first_visit_has_no_changes() -> None:
    judge()
    shown = page("teacher", "/")
    assert "今天没有要办的事" in shown
    assert "这是您第一次来" in shown


def test_who_may_read_nothing_still_comes_home() -> None:
    judge()
    shown = page("system", "/")
    assert "今天没有要办的事" in shown
    assert "规划看板" not in shown


def test_before_the_first_judging_home_says_so() -> None:
    assert "规划还没有判定过" in page("officer", "/")


def test_a_form_left_unsaved_waits_on_the_home_of_its_writer_only() -> None:
    judge()
    now = database_now()
    desk.save_draft("town", "activities/new", {"kind": "reading_day"}, now=now)
    assert "继续登记“" in page("town", "/")
    assert "/ledgers/activities/new/" in page("town", "/")
    assert "继续登记“" not in page("head", "/")


def test_a_draft_older_than_a_month_is_not_told() -> None:
    judge()
    desk.save_draft("town", "activities/new", {}, now=database_now() - timedelta(days=40))
    assert "继续登记“" not in page("town", "/")


def test_the_director_finds_red_clauses_first_and_only_the_director_finds_the_shortcut() -> None:
    judge(poorer())
    shown = page("director", "/")
    assert shown.index("没有达到的条款") < shown.index("要办的事")
    assert "没达到的条款" in shown
    assert "没达到的条款" not in page("head", "/")


def test_j1_from_a_red_clause_to_a_sent_instruction_in_five_clicks() -> None:
    judge(poorer())
    director = Browser("director").go("/")
    [(red, _href)] = [one for one in director.reading.links if "/plan/M" in one[1]][:1]
    director.click(red).click("青石镇")
    assert director.at.startswith(f"/orgs/{STONE}/?item=M")
    director.click("批示")
    director.tick("请查明这一条落后的原因").press("发出批示")
    assert director.clicks <= MOST_CLICKS_OF_J1
    assert "已发给 1 个单位" in director.text
    assert [one.org for one in Notice.objects.all()] == [STONE]


def test_lights_that_changed_since_the_last_visit_are_told() -> None:
    judge()
    Browser("officer")
    client = at("officer")
    richer = county()
    more = {**premises(VILLAGE, 2025, "primary", 60), "counted_on": "2025-06-01"}
    richer["premises"].append(more)
    judge(richer, snapshot="two")
    assert "上次来访以后" in client.get("/").content.decode()


def test_tasks_leave_as_a_workbook() -> None:
    judge()
    answer = at("head").get("/?format=xlsx")
    assert answer.headers["Content-Type"].endswith("sheet")
