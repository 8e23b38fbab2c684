"""J2, first half, as people do it: ask from a clause, fill in, hand in, chase."""

from io import BytesIO

import openpyxl
import pytest
from django.template import Context, Template
from django.test import RequestFactory

from tests.orgs.cast import MOVING, OTHER_SCHOOL, SCHOOL
from tests.returns.conftest import GAPS
from tests.web.returns.browser import Browser, Reading
from zhuji.cockpit.moment import Moment
from zhuji.ledgers.models import rows_of
from zhuji.orgs.models import Person
from zhuji.returns.models import Round, Submission
from zhuji.tasks.models import Notice

MOST_CLICKS = 14  # of J2 in all; five of them belong to compiling, which comes after


def acts(username: str, item: str) -> list[tuple[str, str]]:
    """The buttons that a page of the plan shows this person for a clause."""
    request = RequestFactory().get("/plan/M9/")
    request.moment = Moment(Person.objects.get(username=username))  # type: ignore[attr-defined]
    template = Template('{% include "notices/_act.html" %}')
    return Reading(template.render(Context({"request": request, "item": item}))).links


def ask(browser: Browser) -> Browser:
    """From the clause to the confirmation: what a programme officer clicks."""
    [(_, href)] = [one for one in acts("officer", "m9_hours") if one[0] == "发起填报"]
    browser.clicks += 1
    browser.go(href)
    assert "已知 <b>90%</b>（72 / 80 格）" in browser.text
    browser.tick("机构990101101").tick("机构990101102")
    browser.clicks += 1  # the date is chosen in a calendar
    browser.type("due", "2022-03-20").press("预览")
    assert "将请 <b>2</b> 个单位填报；另有 <b>1</b> 个单位台账已齐" in browser.text
    assert "待填" in browser.text
    assert not Notice.objects.exists()
    return browser.press("确认发起（2 个单位）")


def fill_in(username: str = "clerk") -> Browser:
    clerk = Browser(username).go("/returns/").click("教师")
    for label in ("PX1 S000001", "PX1 S000002", "PX2 S000001"):
        clerk.choose(f"考核合格 {label}", "是")
    return clerk.press("保存")


def test_an_officer_asks_from_a_clause_and_chases_within_the_clicks_of_j2() -> None:
    officer = ask(Browser("officer"))
    assert officer.clicks == 6
    assert officer.at.startswith("/returns/")
    assert "已发起，2 个单位" in officer.text
    officer.go("/returns/").click("教师").click("未报")
    assert officer.clicks == 8
    officer.press("一键催办（2）")
    assert officer.clicks == 9
    assert officer.clicks + 5 <= MOST_CLICKS
    assert "已催办 2 个单位" in officer.text
    assert sorted(Notice.objects.values_list("org", flat=True)) == [SCHOOL, MOVING]


def test_a_school_fills_only_the_gaps_and_its_head_hands_in_with_a_receipt() -> None:
    ask(Browser("officer"))
    clerk = fill_in()
    assert rows_of("training_records").filter(org=SCHOOL, passed=None).count() == 0
    assert clerk.at.endswith("/check/?kept=1")
    clerk.press("送负责人审核")
    assert "确认上报" not in clerk.text
    head = Browser("head").go("/returns/").click("教师")
    assert "按下之后才会上报" in head.text
    head.press("确认上报")
    assert head.at.endswith("/receipt/")
    [submission] = Submission.objects.all()
    assert f"H{submission.made.round_id:04}-{submission.pk:06}" in head.text
    head.click("下载 Excel")
    sheet = openpyxl.load_workbook(BytesIO(head.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][:2] == ("回执编号", f"H{submission.made.round_id:04}-{submission.pk:06}")
    assert rows[6] == ("班次编号", "教职工号", "学时", "完成日期", "考核合格")
    assert rows[7] == ("PX1", "S000001", "18", "2021-10-04", "是")
    assert len(rows) == 7 + 10
    officer = Browser("officer").go("/returns/").click("教师")
    assert "已上报" in officer.text


def test_what_is_typed_wrong_comes_back_with_a_summary_and_what_was_typed() -> None:
    ask(Browser("officer"))
    clerk = Browser("clerk").go("/returns/").click("教师")
    names = [one.name for form in clerk.reading.forms for one in form.fields if "cell:" in one.name]
    assert len(names) == len(GAPS)
    clerk.type(names[0], "也许").type(names[1], "是").press("保存")
    assert clerk.status == 422
    assert "<title>错误：" in clerk.text
    assert f'href="#{names[0]}"' in clerk.text
    assert "“也许”不是“是”或“否”" in clerk.text
    again = {one.name: one.value for form in clerk.reading.forms for one in form.fields}
    assert (again[names[0]], again[names[1]]) == ("也许", "是")
    assert rows_of("training_records").filter(org=SCHOOL, passed=None).count() == 3


def test_a_form_with_nothing_chosen_says_what_is_missing_and_keeps_the_rest() -> None:
    officer = Browser("officer").go("/returns/new/?item=m9_hours").type("title", "我的标题")
    officer.press("预览")
    assert officer.status == 422
    for said in ("请至少选一个单位。", "请填上报期限。"):
        assert said in officer.text
    assert "我的标题" in officer.text
    assert 'href="#due"' in officer.text
    officer.tick("机构990101101").type("due", "不是日期").press("预览")
    assert officer.status == 422
    assert "不是日期" in officer.text


def test_a_draft_waits_on_the_server_and_another_device_goes_on_with_it() -> None:
    first = Browser("officer").go("/returns/new/?item=m9_hours").tick("机构990101101")
    first.type("due", "2022-03-20").press("存为草稿")
    second = Browser("officer").go("/returns/").click("教师")
    assert second.at.endswith("/draft/")
    second.press("预览").press("确认发起（1 个单位）")
    [kept] = Round.objects.all()
    assert (kept.state, kept.scope) == ("open", [SCHOOL])


def test_while_it_is_being_filled_in_the_form_is_kept() -> None:
    officer = Browser("officer").go("/returns/new/?item=m9_hours").type("due", "2022-03-20")
    form = next(one for one in officer.reading.forms if "due" in {each.name for each in one.fields})
    data = {one.name: one.value for one in form.fields if one.on}
    for title in ("一", "二"):
        answer = officer.client.post("/returns/keep/", {**data, "title": title})
        assert "草稿已保存" in answer.content.decode()
    assert [one.title for one in Round.objects.all()] == ["二"]


def test_what_a_ledger_knows_is_refused_with_the_reason() -> None:
    officer = Browser("officer").go("/returns/new/?ledger=training_records")
    officer.tick("机构2199000102").type("due", "2022-03-20").press("预览")
    assert officer.status == 409
    assert "已经全部填好，不必再向下级要" in officer.text
    assert OTHER_SCHOOL in officer.text


@pytest.mark.parametrize("who", ["teacher", "other_clerk", "other_head"])
def test_another_school_and_a_teacher_find_nothing(who: str) -> None:
    ask(Browser("officer"))
    number = Round.objects.get().pk
    for tail in ("", f"{SCHOOL}/", f"{SCHOOL}/check/", f"{SCHOOL}/receipt/", "preview/"):
        assert Browser(who).go(f"/returns/{number}/{tail}").status == 404
    assert "教师" not in Browser(who).go("/returns/").text.split("<main")[1]


def test_acts_are_shown_to_those_who_have_them() -> None:
    def words(who: str) -> list[str]:
        return [text for text, _ in acts(who, "M9")]

    assert words("director") == ["批示", "催办", "发起填报"]
    assert words("officer") == words("town") == ["催办", "发起填报"]
    assert words("head") == words("clerk") == words("teacher") == []


def test_whoever_stands_above_can_ask_and_nobody_else_finds_the_form() -> None:
    for who in ("director", "officer", "town"):
        assert Browser(who).go("/returns/new/?item=m9_hours").status == 200
    for who in ("head", "clerk", "teacher"):
        assert Browser(who).go("/returns/new/?item=m9_hours").status == 404


def test_no_page_of_a_round_asks_the_database_too_often(
    django_assert_max_num_queries: object,
) -> None:
    officer = ask(Browser("officer"))
    number = Round.objects.get().pk
    for address in ("/returns/", f"/returns/{number}/", "/notices/?box=sent"):
        with django_assert_max_num_queries(30):  # type: ignore[operator]
            assert officer.go(address).status == 200
