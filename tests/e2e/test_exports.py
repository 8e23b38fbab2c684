"""Many children's rows: one asks, another agrees, the file opens with its password only."""

from io import BytesIO
from pathlib import Path

from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import load_workbook

from tests.e2e.visitor import Visit

WHY = "制作 2023 年秋季学籍卡"


def test_pupils_leave_when_the_head_agrees_and_locked(visit: Visit) -> None:
    clerk = visit("clerk").go("/ledgers/pupils/").link("导出所见")
    clerk.button("提交批准")
    assert "请写明用途" in clerk.words
    clerk.type("why", WHY).button("提交批准")
    assert "等另一位同事批准" in clerk.words
    head = visit("principal").go("/").link("批准或退回：导出台账“学生台账”")
    head.press(head.page.locator(".part-card", has_text=WHY).get_by_role("button", name="同意导出"))
    assert WHY not in head.words
    clerk.page.reload()  # from then on the page follows the work
    fetch = clerk.page.get_by_role("link", name="下载").first
    fetch.wait_for(timeout=30_000)
    password = clerk.page.locator("code").inner_text()
    with clerk.page.expect_download() as coming:
        fetch.click()
    plain = BytesIO()
    with Path(coming.value.path()).open("rb") as file:
        book = OOXMLFile(file)
        book.load_key(password=password, verify_password=True)
        book.decrypt(plain)
    sheet = load_workbook(plain).active
    assert sheet is not None
    assert WHY in str(sheet.cell(1, 1).value)
    assert sheet.max_row > 50
