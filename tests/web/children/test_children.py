"""Who saw this child: for who keeps or teaches the child, complete, quick, and itself recorded."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest

from tests.orgs import cast
from tests.web.helpful import build, client
from zhuji.ledgers import visibility
from zhuji.orgs import audit
from zhuji.orgs.audit import Seen
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Person, View

PAGE = "/children/"


@pytest.fixture(autouse=True)
def county(db: None) -> None:
    build()


def seen(
    viewer: str, *, days_ago: int = 1, reason: str = "", route: str = "/ledgers/pupils/"
) -> None:
    one = Seen(cast.IN_ONE, "pupils", cast.SCHOOL, f"principal@{cast.SCHOOL}")
    at = database_now() - timedelta(days=days_ago)
    audit.record_views([one], viewer=viewer, now=at, route=route, reason=reason)


def test_the_head_reads_who_saw_the_child_by_what_duty_where_and_why() -> None:
    seen("clerk", reason="核对学籍", route="/ledgers/pupils/7/")
    page = client("head").post(PAGE, {"number": f" {cast.IN_ONE.lower()} "}).content.decode()
    for part in (
        "clerk某",
        "校长",
        f"机构{cast.SCHOOL}",
        "学生台账",
        "核对学籍",
        "/ledgers/pupils/7/",
    ):
        assert part in page
    assert "一年之内有 1 次查阅" in page


def test_asking_is_itself_recorded_and_stands_there_the_next_time() -> None:
    head = client("head")
    assert "一年之内没有人看过" in head.post(PAGE, {"number": cast.IN_ONE}).content.decode()
    [kept] = View.objects.filter(route=PAGE)
    assert (kept.viewer, kept.duty) == ("head", f"principal@{cast.SCHOOL}")
    assert "一年之内有 1 次查阅" in head.post(PAGE, {"number": cast.IN_ONE}).content.decode()


def test_what_is_older_than_a_year_is_left_out() -> None:
    seen("clerk", days_ago=300)
    seen("director", days_ago=400)
    page = client("head").post(PAGE, {"number": cast.IN_ONE}).content.decode()
    assert "clerk某" in page
    assert "director某" not in page


def test_another_schools_child_is_like_one_that_does_not_exist() -> None:
    head = client("head")
    other = head.post(PAGE, {"number": cast.ELSEWHERE})
    none = head.post(PAGE, {"number": "G990101201301019999"})
    assert (other.status_code, none.status_code) == (422, 422)
    said = "没有这个学籍号，或者这名学生不在您的可见范围内。"
    assert said in other.content.decode()
    assert said in none.content.decode()
    assert not View.objects.exists()


@pytest.mark.parametrize("who", ["director", "officer", "town", "auditing", "upkeeping"])
def test_who_cannot_tell_children_apart_has_no_such_page(who: str) -> None:
    assert client(who).get(PAGE).status_code == 404
    assert client(who).post(PAGE, {"number": cast.IN_ONE}).status_code == 404


def test_a_teacher_asks_about_the_own_class_only() -> None:
    assert client("teacher").post(PAGE, {"number": cast.IN_TWO}).status_code == 422


def test_the_record_of_a_pupil_leads_here_by_its_row_without_a_number() -> None:
    reader = cast.reader(person("head"))
    [row] = visibility.visible_to(reader, "pupils").filter(pupil_no=cast.IN_ONE)
    seen("clerk")
    assert "clerk某" in client("head").get(f"{PAGE}?row={row.pk}").content.decode()
    assert client("other_head").get(f"{PAGE}?row={row.pk}").status_code == 422


def test_the_list_leaves_as_a_workbook() -> None:
    seen("clerk", reason="=1+1")
    answer = client("head").post(PAGE, {"number": cast.IN_ONE, "format": "xlsx"})
    book = openpyxl.load_workbook(BytesIO(answer.content))
    rows = list(book.worksheets[0].values)
    assert rows[0][:2] == ("学生", "李小明")
    assert any(row[5] == "=1+1" for row in rows if len(row) > 5)
    assert cast.IN_ONE not in str(rows)


def test_nothing_typed_comes_back_with_the_reason() -> None:
    answer = client("head").post(PAGE, {"number": " "})
    assert answer.status_code == 422
    assert "请填写学籍号" in answer.content.decode()
    assert 'href="#number"' in answer.content.decode()


def person(username: str) -> Person:
    return Person.objects.get(username=username)
