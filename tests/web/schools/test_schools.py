"""The list of towns and schools, and the page of one."""

import pytest

from tests.programme.yunxi import FIRST, NINE, STONE, VILLAGE
from tests.web.plan.county import at, build, judge, page
from zhuji.web.schools.finding import matches

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def judged(db: None) -> None:
    build()
    judge()


@pytest.mark.parametrize("asked", ["青石村", "qingshicun", "qscxx", "QSCXX", "2199030002", ""])
def test_a_school_is_found_by_name_pinyin_initials_or_code(asked: str) -> None:
    assert matches(asked, "青石村小学", "2199030002")


def test_what_does_not_match_is_not_found() -> None:
    assert not matches("bsjn", "青石村小学", "2199030002")


def test_the_list_holds_what_the_reader_reaches_and_nothing_else() -> None:
    whole = page("officer", "/orgs/")
    assert "白沙九年一贯制学校" in whole
    town = page("town", "/orgs/")
    assert "青石村小学" in town
    assert "白沙" not in town
    found = page("officer", "/orgs/?q=qscxx")
    assert f"/orgs/{VILLAGE}/" in found
    assert f"/orgs/{FIRST}/" not in found
    assert "没有找到" in page("town", "/orgs/?q=bsjn")


def test_a_school_page_holds_the_whole_promise_what_is_met_folded_away() -> None:
    shown = page("head", f"/orgs/{VILLAGE}/")
    assert "全部承诺" in shown
    assert 'class="promise' in shown
    assert "已达到" in shown
    assert "print-dense" in shown


def test_coming_from_a_clause_it_stands_first_with_the_act_that_the_reader_may_do() -> None:
    shown = page("director", f"/orgs/{STONE}/?item=M1")
    assert shown.index("看这一条") < shown.index("全部承诺")
    assert f"kind=instruct&amp;item=M1&amp;org={STONE}" in shown
    own = page("head", f"/orgs/{VILLAGE}/?item=M1")
    assert "kind=instruct" not in own
    assert "kind=remind" not in own


def test_a_school_out_of_reach_does_not_exist() -> None:
    assert at("head").get(f"/orgs/{NINE}/").status_code == 404
    assert at("officer").get("/orgs/1/").status_code == 404


def test_list_and_page_leave_as_workbooks() -> None:
    for address in ("/orgs/?format=xlsx", f"/orgs/{VILLAGE}/?format=xlsx"):
        answer = at("officer").get(address)
        assert answer.headers["Content-Type"].endswith("sheet")
        assert answer.content[:2] == b"PK"
