"""One-time links: one child, one visit, nothing kept that opens anything."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tests.orgs import cast
from tests.orgs.cast import ELSEWHERE, IN_ONE, IN_TWO, SCHOOL, SINCE
from tests.web.sign_in import people
from zhuji.orgs import links
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import ChildLink, Correction, Entry, SignInRecord, View

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def clerk(browser: Client) -> Client:
    browser.force_login(people.clerk())
    return browser


def made_by(clerk: Client, pupil_no: str = IN_ONE) -> str:
    answer = clerk.post("/account/links/", {"pupil_no": pupil_no, "why": "监护人到校申请"})
    assert answer.status_code == 200, answer.content.decode()
    text = answer.content.decode()
    return text[text.index("/child/link/") :].partition("<")[0]


def visiting(link: str) -> Client:
    guardian = Client()
    assert guardian.post(link)["Location"] == "/child/"
    return guardian


def test_a_link_opens_one_childs_record_with_numbers_masked(clerk: Client) -> None:
    guardian = visiting(made_by(clerk))
    text = guardian.get("/child/").content.decode()
    assert "李小明" in text
    assert "2013" in text
    assert IN_ONE not in text
    assert "13900000000" not in text
    assert IN_TWO not in text
    assert "民政认定" not in text
    assert "学生台账" in text
    assert "在籍台账" in text


def test_looking_at_the_address_uses_nothing_up(clerk: Client) -> None:
    link = made_by(clerk)
    for _ in range(3):
        assert Client().get(link).status_code == 200
    visiting(link)


def test_it_opens_once_and_says_the_same_whatever_is_wrong(clerk: Client) -> None:
    used, over, revoked = (made_by(clerk) for _ in range(3))
    visiting(used)
    ids = list(ChildLink.objects.order_by("pk").values_list("pk", flat=True))
    ChildLink.objects.filter(pk=ids[1]).update(expires_at=database_now())
    clerk.post("/account/links/revoke/", {"number": ids[2]})
    texts = {
        (answer.status_code, answer.content.decode().replace(link, ""))
        for link in (used, over, revoked, "/child/link/never-made/")
        for answer in [Client().post(link)]
    }
    assert len({status for status, _ in texts}) == 1
    assert all("链接无效、已经用过或已过期" in text for _, text in texts)


def test_a_visit_ends_after_half_an_hour_on_leaving_and_when_revoked(clerk: Client) -> None:
    first, second, third = (visiting(made_by(clerk)) for _ in range(3))
    assert first.get("/child/").status_code == 200
    kept = list(ChildLink.objects.order_by("pk"))
    ChildLink.objects.filter(pk=kept[0].pk).update(visit_ends_at=database_now())
    second.post("/child/leave/")
    clerk.post("/account/links/revoke/", {"number": kept[2].pk})
    for guardian in (first, second, third):
        assert guardian.get("/child/")["Location"] == "/child/over/"


def test_a_visit_opens_nothing_else(clerk: Client) -> None:
    guardian = visiting(made_by(clerk))
    for page in ("/account/", "/account/links/", "/account/corrections/", "/account/people/"):
        assert guardian.get(page)["Location"].startswith("/sign-in/")


def test_being_signed_in_opens_no_childs_page(clerk: Client) -> None:
    assert clerk.get("/child/")["Location"] == "/child/over/"


def test_each_view_is_recorded_for_the_child(clerk: Client) -> None:
    guardian = visiting(made_by(clerk))
    before = View.objects.count()
    guardian.get("/child/")
    link = ChildLink.objects.get()
    made = View.objects.order_by("sequence")[before:]
    assert {view.viewer for view in made} == {f"guardian:{link.pk}"}
    assert {view.kind for view in made} >= {"pupils", "enrolments"}
    assert {view.duty for view in made} == {f"guardian@{SCHOOL}#link{link.pk}"}


def test_nothing_that_opens_it_nor_the_childs_number_is_kept(clerk: Client) -> None:
    link = made_by(clerk)
    token = link.strip("/").rpartition("/")[2]
    guardian = visiting(link)
    key = guardian.session["child_visit"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM orgs_childlink")
        kept = str(cursor.fetchall()) + str(list(Entry.objects.values()))
    assert token not in kept
    assert key not in kept
    assert IN_ONE not in kept


def test_only_who_keeps_the_record_issues_a_link(browser: Client, clerk: Client) -> None:
    refused = clerk.post("/account/links/", {"pupil_no": ELSEWHERE, "why": "x"})
    assert refused.status_code == 422
    never = clerk.post("/account/links/", {"pupil_no": "G0", "why": "x"})
    assert "没有这个学籍号" in refused.content.decode()
    assert "没有这个学籍号" in never.content.decode()
    assert clerk.post("/account/links/", {"pupil_no": IN_ONE, "why": " "}).status_code == 422
    researcher = Client()
    researcher.force_login(people.researcher())
    assert researcher.get("/account/links/").status_code == 404
    assert not ChildLink.objects.exists()


def test_a_teacher_issues_links_for_their_own_class_only() -> None:
    teacher = cast.person("teacher", "S000001")
    cast.hold(teacher, cast.seat("teacher", SCHOOL, SINCE))
    browser = Client()
    browser.force_login(teacher)
    posts = teacher.appointments.count()
    assert posts == 1
    answer = browser.post("/account/links/", {"pupil_no": IN_TWO, "why": "x"})
    assert answer.status_code == 422


def test_the_security_administrator_issues_one_without_seeing_the_child() -> None:
    browser = Client()
    browser.force_login(cast.chief())
    text = browser.post(
        "/account/links/", {"pupil_no": IN_ONE, "why": "受学校委托"}
    ).content.decode()
    assert "/child/link/" in text
    assert "李小明" not in text


def test_nobody_revokes_anothers_link(clerk: Client) -> None:
    made_by(clerk)
    chief = Client()
    chief.force_login(cast.chief())
    number = ChildLink.objects.get().pk
    assert chief.post("/account/links/revoke/", {"number": number}).status_code == 404
    assert ChildLink.objects.get().revoked_at is None


def test_guessing_links_is_slowed_down_and_using_old_ones_is_not() -> None:
    guesser = Client()
    for number in range(5):
        guesser.post(f"/child/link/guess{number}/")
    assert "秒后再试" in guesser.post("/child/link/guess/").content.decode()
    assert SignInRecord.objects.get().failures == 5


def test_a_request_for_correction_reaches_the_school_encrypted_and_is_answered(
    clerk: Client,
) -> None:
    guardian = visiting(made_by(clerk))
    asked = guardian.post("/child/", {"wording": "出生日期应为二〇一三年二月"})
    assert asked["Location"] == "/child/?said=asked"
    kept = Correction.objects.get()
    assert "出生日期" not in kept.wording
    assert guardian.post("/child/", {"wording": " "}).status_code == 422
    page = clerk.get("/account/corrections/").content.decode()
    assert "出生日期应为二〇一三年二月" in page
    assert "李小明" in page
    done = clerk.post("/account/corrections/", {"number": kept.pk, "answer": "已核对户口本并改正"})
    assert done.status_code == 302
    assert (
        clerk.post("/account/corrections/", {"number": kept.pk, "answer": "再答"}).status_code
        == 422
    )
    assert "已核对户口本并改正" in guardian.get("/child/").content.decode()
    verbs = Entry.objects.filter(kind="correction").values_list("verb", flat=True)
    assert list(verbs) == ["correction.ask", "correction.answer"]


def test_another_school_neither_sees_nor_answers_the_request(clerk: Client) -> None:
    guardian = visiting(made_by(clerk))
    guardian.post("/child/", {"wording": "姓名有误"})
    elsewhere = cast.person("elsewhere")
    cast.hold(elsewhere, cast.seat("clerk", cast.OTHER_SCHOOL))
    browser = Client()
    browser.force_login(elsewhere)
    assert "姓名有误" not in browser.get("/account/corrections/").content.decode()
    number = Correction.objects.get().pk
    answer = browser.post("/account/corrections/", {"number": number, "answer": "x"})
    assert answer.status_code == 422
    assert Correction.objects.get().answered_at is None


def test_another_link_for_the_same_child_does_not_show_what_was_asked(clerk: Client) -> None:
    visiting(made_by(clerk)).post("/child/", {"wording": "姓名有误"})
    assert "姓名有误" not in visiting(made_by(clerk)).get("/child/").content.decode()


def test_the_page_stays_within_thirty_statements(clerk: Client) -> None:
    from django.test.utils import CaptureQueriesContext

    guardian = visiting(made_by(clerk))
    with CaptureQueriesContext(connection) as queries:
        guardian.get("/child/")
    assert len(queries) <= 30, [query["sql"][:80] for query in queries]


def test_a_visit_lasts_as_long_as_it_says() -> None:
    assert timedelta(minutes=30) == links.VISIT
