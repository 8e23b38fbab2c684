"""A clerk works in a ledger: list, enter, mend, paste, commit, undo; and those who may not."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.orgs.cast import OTHER_SCHOOL, SCHOOL
from tests.web.returns.browser import Browser
from zhuji.jobs.models import Job
from zhuji.ledgers.models import rows_of

CLUBS = "/ledgers/clubs/"
HEADS = ["学校标识码", "社团名称", "类别", "学段", "统计日期", "参加人数"]
WRONG = {3: (2, "音乐"), 10: (4, "2023年13月1日"), 20: (5, "很多"), 30: (1, ""), 40: (3, "高中"),
         50: (5, "-3"), 60: (0, "2137000999")}  # fmt: skip
RIGHT = {2: "艺术", 4: "2022.3.1", 5: "12", 1: "合唱团", 3: "小学", 0: SCHOOL}


def club(number: int, org: str = SCHOOL) -> list[str]:
    return [org, f"社团{number}", "艺术", "小学", "2022.3.1", str(10 + number % 50)]


def pasted(rows: list[list[str]], *, headed: bool = True) -> str:
    return "\n".join("\t".join(row) for row in ([HEADS, *rows] if headed else rows))


def hand_in(who: Browser, rows: list[list[str]], *, headed: bool = True) -> Browser:
    who.go(CLUBS).click("粘贴或上传 Excel")
    return who.type("pasted", pasted(rows, headed=headed)).press("检查")


@pytest.fixture
def clerk() -> Browser:
    return Browser("clerk")


def test_500_pasted_rows_with_7_errors_are_mended_and_committed_in_5_clicks(clerk: Browser) -> None:
    rows = [club(number) for number in range(500)]
    for number, (column, value) in WRONG.items():
        rows[number][column] = value
    hand_in(clerk, rows)
    assert "493 行可以写入，7 行有错（7 处）" in clerk.text
    assert rows_of("clubs").count() == 0, "looking writes nothing"
    for number, (column, _) in WRONG.items():
        value = f"补名{number}" if column == 1 else RIGHT[column]
        clerk.type(f"cell-0:{number + 2}:{column}", value)
    clerk.press("改好了，再检查").press("写入 500 行")
    assert "已写入 500 行" in clerk.text
    assert rows_of("clubs").count() == 500
    assert clerk.clicks <= 8


def test_good_rows_go_alone_and_the_bad_ones_come_back_as_a_workbook(clerk: Browser) -> None:
    hand_in(clerk, [club(1), [*club(2)[:2], "音乐", *club(2)[3:]]])
    upload = clerk.at
    back = clerk.client.get(f"{upload}refused/")
    assert back.getvalue().startswith(b"PK")
    clerk.press("只写入对的 1 行")
    assert "已写入 1 行" in clerk.text
    assert rows_of("clubs").get().name == "社团1"


def test_the_same_paste_twice_changes_nothing(clerk: Browser) -> None:
    hand_in(clerk, [club(1)]).press("写入 1 行")
    hand_in(clerk, [club(1)]).press("写入 1 行")
    assert "没有变化，什么也没有写入" in clerk.text
    assert rows_of("clubs").count() == 1


def test_rows_without_a_heading_are_taken_in_the_order_of_the_template(clerk: Browser) -> None:
    hand_in(clerk, [club(1), club(2)], headed=False).press("写入 2 行")
    assert rows_of("clubs").count() == 2


def test_an_import_is_undone_with_one_click(clerk: Browser) -> None:
    hand_in(clerk, [club(1), club(2)]).press("写入 2 行").press("撤销这次导入")
    assert "恢复到导入之前" in clerk.text
    assert rows_of("clubs").count() == 0


def test_rows_of_another_school_are_refused_whole(clerk: Browser) -> None:
    hand_in(clerk, [club(1), club(2, OTHER_SCHOOL)]).press("写入 2 行")
    assert f"您不能填报机构 {OTHER_SCHOOL} 的数据" in clerk.text
    assert rows_of("clubs").count() == 0


def test_nothing_pasted_gets_a_sentence(clerk: Browser) -> None:
    clerk.go(f"{CLUBS}import/").press("检查")
    assert clerk.status == 422
    assert "请粘贴表格，或选择一个文件" in clerk.text


def test_an_upload_of_somebody_else_does_not_exist(clerk: Browser) -> None:
    hand_in(clerk, [club(1)])
    assert Browser("other_clerk").go(clerk.at).status == 404


def test_a_row_is_entered_changed_removed_and_restored(clerk: Browser) -> None:
    clerk.go(f"{CLUBS}new/").type("name", "合唱团").type("counted_on", "二〇二二年三月一日")
    clerk.type("members", "４０").type("kind", "art").type("stage", "primary").press("保存")
    assert "合唱团" in clerk.text
    row = rows_of("clubs").get()
    assert (row.members, row.counted_on.isoformat()) == (40, "2022-03-01")
    clerk.click("修改").type("members", "42").press("保存")
    assert "40" in clerk.text, "the history tells the old value"
    assert "42" in clerk.text
    clerk.press("删除")
    assert rows_of("clubs").count() == 0
    clerk.go(f"{CLUBS}removed/").press("恢复")
    assert rows_of("clubs").get().members == 42


def test_a_refused_form_keeps_what_was_typed_and_says_all_that_is_wrong(clerk: Browser) -> None:
    clerk.go(f"{CLUBS}new/").type("members", "很多").type("counted_on", "去年").press("保存")
    assert clerk.status == 422
    assert "<title>错误：" in clerk.text
    assert 'value="很多"' in clerk.text
    for words in ("“很多”不是能读懂的数字", "必填，不能为空"):
        assert words in clerk.text


def test_two_editors_of_one_field_see_both_values_and_none_is_lost(clerk: Browser) -> None:
    hand_in(clerk, [club(1)]).press("写入 1 行")
    row = rows_of("clubs").get()
    first, second = (Browser("clerk").go(f"{CLUBS}{row.id}/edit/") for _ in range(2))
    first.type("members", "20").press("保存")
    second.type("members", "30").press("保存")
    assert second.status == 409
    assert rows_of("clubs").get().members == 20
    assert "20" in second.text
    assert 'value="30"' in second.text
    second.press("保存")
    assert rows_of("clubs").get().members == 30


def test_a_form_sent_twice_enters_one_row(clerk: Browser) -> None:
    clerk.go(f"{CLUBS}new/").type("name", "合唱团").type("counted_on", "2022-03-01")
    clerk.type("members", "40").type("kind", "art").type("stage", "primary")
    form = next(one for one in clerk.reading.forms if any(f.name == "once" for f in one.fields))
    data = {one.name: one.value for one in form.fields if one.on}
    for _ in range(2):
        assert clerk.client.post(f"{CLUBS}new/", data).status_code == 302
    assert rows_of("clubs").count() == 1


def test_a_draft_is_there_again_and_can_be_dropped(clerk: Browser) -> None:
    kept = clerk.client.post(f"{CLUBS}draft/", {"name": "没有填完", "row": ""})
    assert "草稿已保存" in kept.json()["words"]
    clerk.go(f"{CLUBS}new/")
    assert 'value="没有填完"' in clerk.text
    clerk.press("不要草稿")
    assert "没有填完" not in clerk.text


def test_filters_stand_in_the_address_and_a_view_keeps_them(clerk: Browser) -> None:
    rows = [club(number) for number in range(3)]
    rows[2][2] = "体育"
    hand_in(clerk, rows).press("写入 3 行")
    clerk.go(f"{CLUBS}?kind__equals=sport")
    assert "社团2" in clerk.text
    assert "社团1" not in clerk.text
    clerk.type("name", "体育社团").press("保存")
    clerk.go(CLUBS).click("体育社团")
    assert "kind__equals=sport" in clerk.at
    assert "社团1" not in clerk.text


def test_a_filter_that_cannot_be_read_gets_a_sentence(clerk: Browser) -> None:
    assert clerk.go(f"{CLUBS}?members__from=很多").status == 422
    assert "不能读懂" in clerk.text
    assert clerk.go(f"{CLUBS}?nothing__equals=1").status == 422


def test_a_teacher_of_another_school_finds_neither_list_rows_nor_record(clerk: Browser) -> None:
    hand_in(clerk, [club(1)]).press("写入 1 行")
    row = rows_of("clubs").get()
    other = Browser("other_clerk")
    assert "社团1" not in other.go(CLUBS).text
    assert other.go(f"{CLUBS}{row.id}/").status == 404
    assert other.go(f"{CLUBS}{row.id}/edit/").status == 404
    assert other.client.post(f"{CLUBS}{row.id}/remove/", {"base": row.version}).status_code == 404


def test_what_is_seen_leaves_as_a_job(clerk: Browser) -> None:
    hand_in(clerk, [club(1)]).press("写入 1 行")
    clerk.go(CLUBS).press("导出所见")
    assert clerk.at.startswith("/jobs/")


@pytest.mark.parametrize("address", ["/ledgers/", "/ledgers/staff/", "/ledgers/orgs/"])
def test_a_list_takes_few_statements(clerk: Browser, address: str) -> None:
    clerk.go(address)
    with CaptureQueriesContext(connection) as made:
        assert clerk.go(address).status == 200
    assert len(made) <= 30


def test_a_form_that_is_sent_twice_asks_for_one_job(clerk: Browser) -> None:
    page = clerk.client.get(CLUBS).content.decode()
    once = re.search(r'name="once" value="(\w+)"', page[page.index(f"{CLUBS}export/") :])
    assert once is not None

    def ask(key: str) -> str:
        answer = clerk.client.post(f"{CLUBS}export/", {"query": "", "once": key})
        return str(answer.headers["Location"])

    assert ask(once[1]) == ask(once[1])
    assert Job.objects.filter(kind="export").count() == 1
    assert ask("another-form") != ask(once[1])
