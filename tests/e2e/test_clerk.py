"""The clerk: Excel comes in, wrong cells are mended in place; nothing typed is ever lost."""

import sqlite3
import time
from typing import Any

import pytest

from tests.e2e.site import Site
from tests.e2e.visitor import Visit, Visitor

CLUBS = "/ledgers/clubs/"
HEADS = ("学校标识码", "社团名称", "类别", "学段", "统计日期", "参加人数")
# Of row n the column and what stands wrongly in it; then what is right.
WRONG = {3: (2, "音乐"), 10: (4, "2023年13月1日"), 20: (5, "很多"), 30: (1, ""), 40: (3, "高中"),
         50: (5, "-3"), 60: (0, "2137000999")}  # fmt: skip
MARKS = {"pointer": "指针社", "keyboard": "键盘社", "phone": "手机社"}
MOST_CLICKS, MOST_SECONDS, MOST_CHECKING = 8, 60.0, 5.0


def pasted(school: str, mark: str) -> str:
    lines = [[school, f"{mark}{n}", "艺术", "小学", "2022.3.1", str(10 + n)] for n in range(500)]
    for row, (column, value) in WRONG.items():
        lines[row][column] = value
    return "\n".join("\t".join(line) for line in (HEADS, *lines))


def mend(clerk: Visitor, school: str, mark: str) -> None:
    right = {2: "艺术", 3: "小学", 4: "2022.3.1", 5: "12", 0: school}
    for row, (column, _) in WRONG.items():
        name = f"cell-0:{row + 2}:{column}"
        value = f"{mark}补{row}" if column == 1 else right[column]
        if clerk.page.locator(f'[name="{name}"]').evaluate("e => e.tagName") == "SELECT":
            clerk.choose(name, value)
        else:
            clerk.type(name, value)


@pytest.mark.parametrize("how", ["pointer", "keyboard", "phone"])
def test_500_pasted_rows_with_7_errors_are_in_within_8_clicks_and_a_minute(
    visit: Visit, samples: dict[str, Any], how: str
) -> None:
    mark, school = MARKS[how], samples["school"]
    clerk = visit("clerk", keys=how == "keyboard", phone=how == "phone", slow=how == "phone")
    clerk.go(CLUBS)
    began = time.monotonic()
    clerk.link("粘贴或上传 Excel").type("pasted", pasted(school, mark))
    asked = time.monotonic()
    clerk.button("检查")
    checking = time.monotonic() - asked
    assert "493 行可以写入，7 行有错（7 处）" in clerk.words
    mend(clerk, school, mark)
    clerk.button("改好了，再检查").button("写入 500 行")
    took = time.monotonic() - began
    assert "已写入 500 行" in clerk.words
    assert clerk.clicks <= MOST_CLICKS
    assert checking <= MOST_CHECKING, checking
    assert took <= MOST_SECONDS, took
    clerk.button("撤销这次导入")
    assert "恢复到导入之前" in clerk.words


def test_back_leads_to_the_row_that_was_opened(visit: Visit) -> None:
    clerk = visit("clerk").go("/ledgers/pupils/?page=2")
    row = clerk.page.locator("#rows tbody tr").nth(3)
    opened = row.get_attribute("id")
    clerk.press(row.locator("a").first)
    clerk.page.go_back()
    assert clerk.page.locator(f"#{opened}").is_visible()
    assert "page=2" in clerk.path
    clerk.page.go_forward()
    clerk.link("回到列表")
    assert clerk.page.locator("tr.here").get_attribute("id") == opened


def test_what_was_typed_waits_on_the_server_when_the_session_is_over(
    visit: Visit, site: Site
) -> None:
    clerk = visit("clerk", fresh=True).go(f"{CLUBS}new/").type("name", "没有填完的社团")
    said = clerk.page.locator("[data-draft-said]")
    said.filter(has_text="草稿已保存").wait_for(timeout=10_000)
    leave_alone(site, "clerk")
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    clerk.go(f"{CLUBS}new/")
    assert clerk.path.startswith("/sign-in/")
    assert "没有写完的内容还在" in clerk.words
    clerk.link("选一位人物")
    clerk.press(clerk.page.locator('button[value="clerk"]'))
    assert clerk.path == f"{CLUBS}new/"
    assert clerk.page.locator('main [name="name"]').input_value() == "没有填完的社团"


def leave_alone(site: Site, username: str) -> None:
    """A quarter of an hour goes by for the last sign-in of this person."""
    with sqlite3.connect(site.home / "zhuji.sqlite3", timeout=30) as database:
        done = database.execute(
            "UPDATE orgs_signedin SET seen_at = datetime(seen_at, '-16 minutes') WHERE id ="
            " (SELECT max(s.id) FROM orgs_signedin s JOIN orgs_person p ON p.id = s.person_id"
            " WHERE p.username = ?)",
            [username],
        )
        assert done.rowcount == 1
    database.close()


def test_a_refused_form_says_so_and_leads_to_the_field(visit: Visit) -> None:
    clerk = visit("clerk").go(f"{CLUBS}new/").type("members", "很多").button("保存")
    assert clerk.page.title().startswith("错误：")
    summary = clerk.page.locator("[data-errors]")
    assert summary.evaluate("e => e === document.activeElement")
    link = summary.get_by_role("link", name="不是能读懂的数字")
    clerk.press(link)
    field = clerk.page.locator('main [name="members"]')
    assert field.evaluate("e => e === document.activeElement")
    assert field.input_value() == "很多"


def test_rows_leave_as_a_workbook_through_a_job(visit: Visit) -> None:
    clerk = visit("officer").go("/ledgers/clubs/").button("导出所见")
    assert clerk.path.startswith("/jobs/")
    fetch = clerk.page.get_by_role("link", name="下载").first
    fetch.wait_for(timeout=30_000)
    with clerk.page.expect_download() as coming:
        fetch.click()
    assert coming.value.suggested_filename.endswith(".xlsx")
