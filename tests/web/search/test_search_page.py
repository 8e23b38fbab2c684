"""The search page: words in the address, numbers never; groups with links; the part for htmx."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.orgs import cast
from tests.web.helpful import build, client
from zhuji.orgs.models import Entry

PART = {"HX-Request": "true", "HX-Target": "found"}


@pytest.fixture(autouse=True)
def county(db: None) -> None:
    build()


def test_the_box_in_the_head_posts_and_lands_on_a_shareable_address() -> None:
    answer = client("head").post("/search/", {"q": "学生"}, follow=True)
    assert answer.redirect_chain == [("/search/?q=%E5%AD%A6%E7%94%9F", 302)]
    page = answer.content.decode()
    assert "学生台账" in page
    assert 'href="/ledgers/pupils/"' in page
    assert 'method="post" action="/search/"' in page


def test_a_number_is_answered_without_ever_standing_in_an_address() -> None:
    head = client("head")
    answer = head.post("/search/", {"q": cast.IN_ONE})
    assert answer.status_code == 200
    assert "李小明" in answer.content.decode()
    assert Entry.objects.filter(verb="row.find", actor="head").count() == 1
    refused = head.get(f"/search/?q={cast.IN_ONE}").content.decode()
    assert "号码请在下面的框里输入" in refused
    assert cast.IN_ONE not in refused.partition("<main")[2].partition("</main>")[0]
    assert "李小明" not in refused


def test_what_is_typed_is_answered_with_the_part_and_keeps_the_address_in_step() -> None:
    head = client("head")
    answer = head.post("/search/", {"q": "xstz"}, headers=PART)
    assert "<html" not in answer.content.decode()
    assert "学生台账" in answer.content.decode()
    assert answer.headers["HX-Replace-Url"] == "/search/?q=xstz"
    assert "HX-Replace-Url" not in head.post("/search/", {"q": cast.IN_ONE}, headers=PART).headers


def test_nothing_found_says_what_to_try() -> None:
    page = client("head").get("/search/?q=zzzzzz").content.decode()
    assert "没有找到" in page
    assert "首字母" in page


def test_help_is_found_by_its_headings() -> None:
    page = client("teacher").get("/search/?q=beifen").content.decode()
    assert 'href="/help/howto/back-up-and-restore/"' in page


def test_a_search_takes_at_most_thirty_statements() -> None:
    head = client("head")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert head.get("/search/?q=lixiaoming").status_code == 200
    assert len(queries) <= 30


def test_who_is_not_signed_in_is_sent_to_the_sign_in() -> None:
    assert Client().get("/search/?q=x").status_code == 302
