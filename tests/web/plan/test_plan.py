"""The board and the page of a clause, as those who read them see them."""

from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.programme.yunxi import COUNTY, JUNE, SAND, STONE, VILLAGE, county, premises
from tests.web.plan.county import at, build, judge, page
from zhuji.jobs.models import Job

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 30


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    build()


def test_the_board_shows_every_kind_of_clause_with_words_beside_colours() -> None:
    judge()
    shown = page("officer", "/plan/")
    for key in ("T1", "T2", "T3", "M1", "M5", "S1", "S2"):
        assert f'id="{key}"' in shown
    assert 'class="light light-behind"><i aria-hidden="true">!</i>进度滞后' in shown
    assert "取下面各项中最差的一个：2 项参与，其中 1 项为这盏灯，0 项不适用。" in shown
    assert "措施 <b>5</b>" in shown


def test_the_board_is_narrowed_by_light_owner_and_town_in_an_address_that_can_be_shared() -> None:
    judge()
    met = page("officer", "/plan/?light=met")
    assert 'id="T2"' in met
    assert 'id="T1"' not in met
    heads = page("officer", "/plan/?owner=head")
    assert 'id="T2"' not in heads
    assert 'id="M1"' in heads
    assert "青石镇<span> · 判定日" in page("officer", f"/plan/?town={STONE}")
    part = at("officer").get("/plan/?light=met", headers={"HX-Request": "true",
                                                          "HX-Target": "board"})  # fmt: skip
    assert "<html" not in part.content.decode()
    assert 'id="T2"' in part.content.decode()


def test_a_remembered_board_is_of_its_own_organisation_day_and_language() -> None:
    judge(on=JUNE.replace(month=3, day=31), snapshot="one")
    judge()
    client = at("officer")

    def row(address: str) -> str:
        text = client.get(address).content.decode()
        return text[text.index('id="M5"') : text.index("</li>", text.index('id="M5"'))]

    seen = [row(one) for one in ("/plan/", f"/plan/?town={STONE}", "/plan/?on=2025-03-31")]
    client.cookies["django_language"] = "en"
    seen.append(row("/plan/"))
    assert len(set(seen)) == 4
    del client.cookies["django_language"]
    assert row("/plan/") == seen[0]


def test_a_board_with_nothing_left_says_so() -> None:
    judge()
    assert "没有符合的条款" in page("officer", "/plan/?light=not_applicable&owner=head")


def test_another_day_is_opened_by_its_date_and_a_wrong_one_is_told_with_what_was_typed() -> None:
    judge(on=JUNE.replace(month=3, day=31), snapshot="one")
    judge()
    old = page("officer", "/plan/?on=2025-03-31")
    assert "这是过去某一天的看板" in old
    assert "/plan/T1/?org=990300&amp;on=2025-03-31" in old
    for typed, told in (("昨天", "错误"), ("2026-01-01", "2026-01-01 还没有到")):
        answer = at("officer").get("/plan/", {"on": typed})
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert f'value="{typed}"' in answer.content.decode()


def test_a_day_that_nobody_judged_offers_a_job_to_those_who_may_ask_for_it() -> None:
    judge()
    offered = page("officer", "/plan/?on=2025-06-01")
    assert "2025-06-01 还没有判定过" in offered
    assert "判定 2025年6月1日" in offered
    assert "判定 2025年6月1日" not in page("teacher", "/plan/?on=2025-06-01")
    answer = at("officer").post("/plan/judge/", {"on": "2025-06-01"})
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/jobs/{job.pk}/"
    assert (job.kind, job.arguments) == ("judge", {"plan": "yunxi-2025", "on": "2025-06-01"})
    assert at("teacher").post("/plan/judge/", {"on": "2025-06-01"}).status_code == 403
    assert at("officer").post("/plan/judge/", {"on": "2025-07-01"}).status_code == 409
    assert Job.objects.count() == 1


def test_before_anything_was_judged_each_page_says_so() -> None:
    for address in ("/plan/", "/plan/M1/", "/indicators/y_books.primary/", "/orgs/"):
        assert "还没有判定过" in page("officer", address)


def test_what_changed_since_the_judging_before_is_told() -> None:
    judge()
    richer = county()
    more = {**premises(VILLAGE, 2025, "primary", 60), "counted_on": "2025-06-01"}
    richer["premises"].append(more)
    judge(richer, snapshot="two")
    shown = page("officer", "/plan/")
    assert "与 2025年6月30日 那次判定相比" in shown
    assert '<span class="change-way" aria-hidden="true">▲</span>' in shown


def test_the_board_leaves_as_a_workbook_of_every_line_shown() -> None:
    judge()
    answer = at("officer").get("/plan/?format=xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    ids = [row[1] for row in rows]
    assert [one for one in ids if one in ("T1", "A1", "M1", "S2")] == ["T1", "A1", "M1", "S2"]
    assert (rows[1][0], rows[1][1]) == ("范围", "云溪县")


def test_a_clause_shows_its_duties_as_dots_who_owes_and_what_one_may_do() -> None:
    judge()
    shown = page("director", "/plan/M1/")
    assert 'class="table-data dots"' in shown
    assert "谁还欠什么" in shown
    assert ">批示</a>" in shown
    assert f"/orgs/{STONE}/?item=M1" in shown
    teacher = page("teacher", "/plan/M1/")
    assert ">批示</a>" not in teacher
    assert ">发起填报</a>" not in teacher
    assert ">发起填报</a>" in page("officer", "/plan/M1/")


def test_a_clause_of_others_or_that_does_not_exist_is_not_there() -> None:
    judge()
    assert at("head").get(f"/plan/M1/?org={SAND}").status_code == 404
    assert at("head").get("/plan/M99/").status_code == 404
    assert at("system").get("/plan/").status_code == 404


def test_an_indicator_asked_for_as_a_clause_opens_its_own_page() -> None:
    judge()
    answer = at("officer").get(f"/plan/y_books.primary/?org={COUNTY}")
    assert answer.headers["Location"] == f"/indicators/y_books.primary/?org={COUNTY}"


@pytest.mark.parametrize("address", [
    "/plan/", "/plan/M1/", "/plan/T1/", "/plan/y_reading_day/", "/indicators/y_books.primary/",
    "/orgs/", f"/orgs/{STONE}/?item=M1", "/",
])  # fmt: skip
@pytest.mark.parametrize("who", ["director", "town", "head"])
def test_no_page_of_the_plan_asks_more_than_thirty_statements(who: str, address: str) -> None:
    judge()
    client = at(who)
    if who == "head" and "orgs/99" in address:
        address = f"/orgs/{VILLAGE}/"
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= MOST_STATEMENTS, [one["sql"][:120] for one in asked]


def test_the_pages_speak_english_when_asked_and_come_back_to_where_one_was() -> None:
    judge()
    client = at("officer")
    answer = client.post("/language/", {"language": "en", "next": "/plan/"})
    assert answer.headers["Location"] == "/plan/"
    assert "Behind" in client.get("/plan/").content.decode()
    elsewhere = client.post("/language/", {"language": "en", "next": "https://example.org/"})
    assert elsewhere.headers["Location"] == "/"
    assert client.get("/language/").status_code == 405
