"""投诉与建议: from any page in three clicks, answered by an officer, read by who asked."""

import pytest

from tests.orgs import cast
from tests.web.helpful import build
from tests.web.helpful import client as signed_in
from tests.web.returns.browser import Browser, stop_time
from zhuji.orgs.models import Entry
from zhuji.tasks import feedback
from zhuji.tasks.models import Feedback, Notice

TEXT = "“新增一行”的按钮太小，手机上点不到。"


@pytest.fixture(autouse=True)
def county(db: None, zhuji_home: object) -> None:
    build()
    stop_time()


def send(who: str = "clerk", text: str = TEXT) -> Browser:
    browser = Browser(who).go("/ledgers/?q=李小明")
    browser.clicks = 0
    return browser.click("投诉与建议").type("text", text).press("提交")


def test_a_clerk_says_it_in_two_clicks_with_the_page_attached_and_gets_a_receipt() -> None:
    clerk = send()
    assert clerk.clicks == 2
    assert "已收到" in clerk.text
    kept = Feedback.objects.get()
    assert (kept.sender, kept.org, kept.page, kept.text) == (
        "clerk",
        cast.SCHOOL,
        "/ledgers/",
        TEXT,
    )
    assert Entry.objects.filter(verb="feedback.send", actor="clerk").count() == 1


def test_the_officer_answers_and_the_sender_is_told_and_reads_it() -> None:
    send()
    officer = Browser("officer").go("/feedback/received/").click("按钮太小")
    officer.type("answer", "已经改大，谢谢。").press("答复提出人")
    assert "已经改大，谢谢。" in officer.text
    clerk = Browser("clerk").go("/feedback/")
    assert "已答复" in clerk.text
    clerk.click("按钮太小")
    assert "已经改大，谢谢。" in clerk.text
    [notice] = Notice.objects.filter(person="clerk")
    clerk.go(f"/notices/{notice.pk}/").click("去办理")
    assert "已经改大，谢谢。" in clerk.text


def test_an_answer_is_given_once() -> None:
    send()
    number, officer = Feedback.objects.get().pk, signed_in("officer")
    assert officer.post(f"/feedback/{number}/", {"answer": "好"}).status_code == 302
    assert officer.post(f"/feedback/{number}/", {"answer": "又"}).status_code == 409
    assert Feedback.objects.get().answer == "好"


def test_sending_the_same_form_again_stores_nothing_twice() -> None:
    data = {"kind": "problem", "text": TEXT, "page": "/", "once": "same"}
    one = signed_in("clerk")
    for _ in range(2):
        assert one.post("/feedback/", data).status_code == 302
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("who", ["town", "head", "teacher", "other_head", "auditing"])
def test_what_somebody_else_said_does_not_exist_for_who_may_not_answer(who: str) -> None:
    send()
    number, one = Feedback.objects.get().pk, signed_in(who)
    assert one.get(f"/feedback/{number}/").status_code == 404
    assert one.post(f"/feedback/{number}/", {"answer": "x"}).status_code == 404
    assert one.get("/feedback/received/").status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请写内容。"),
        ("家访李小明家的记录不见了", "不能有身份证号、学籍号、电话或学生姓名"),
        (f"找不到 {cast.IN_ONE}", "不能有身份证号、学籍号、电话或学生姓名"),
        ("打 139 0000 0000 找我", "不能有身份证号、学籍号、电话或学生姓名"),
        ("长" * 1001, "最多写 1000 个字，现在有 1001 个"),
    ],
)
def test_a_fault_comes_back_with_the_words_kept(text: str, said: str) -> None:
    clerk = send(text=text)
    assert clerk.status == 422
    assert said in clerk.text
    assert text in clerk.text
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/plan/M1/?q=李小明", "/plan/M1/"),
        ("//elsewhere.example/", ""),
        ("https://elsewhere.example/", ""),
        ("javascript:alert(1)", ""),
        ("/ledgers/pupils/7/#x", "/ledgers/pupils/7/"),
        ("", ""),
    ],
)
def test_only_the_path_of_our_own_page_is_attached(given: str, kept: str) -> None:
    assert feedback.page_of(given) == kept


def test_the_unanswered_stand_first() -> None:
    send(text="甲事")
    send(text="乙事")
    first = Feedback.objects.order_by("pk")[0].pk
    signed_in("officer").post(f"/feedback/{first}/", {"answer": "好"})
    page = signed_in("officer").get("/feedback/received/").content.decode()
    assert page.index("乙事") < page.index("甲事")


def test_a_character_that_nobody_types_is_refused_before_any_database_is_asked() -> None:
    for answer in (
        signed_in("clerk").post("/feedback/", {"text": "按钮\0太小", "once": "nul-in-a-text"}),
        signed_in("clerk").get("/ledgers/clubs/?q=%00"),
    ):
        assert answer.status_code == 422
        assert "看不见的控制字符" in answer.content.decode()
    told = signed_in("clerk").get("/api/ledgers/clubs/rows?q=%00")
    assert (told.status_code, told.headers["Content-Type"]) == (422, "application/json")
    assert not Feedback.objects.exists()
