"""A judgement as a workbook: the tree on one sheet, what is missing on another."""

from collections.abc import Callable, Iterable
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from zhuji.bulletins import words
from zhuji.kernel.lights import LABELS, MARKS, Light
from zhuji.kernel.messages import Label, Message
from zhuji.programme.judgement import Judgement

INKS = {
    Light.MET: "#18794E",
    Light.ON_TRACK: "#0B5CAD",
    Light.BEHIND: "#9A5B00",
    Light.NOT_MET: "#B42318",
    Light.NO_DATA: "#5B6875",
    Light.NOT_APPLICABLE: "#6B7785",
}
Read = Callable[[Message | Label | str], str]


def write(judgement: Judgement, path: Path, *, language: str, read: Read) -> None:
    """Text cells are written as text: nothing in a label can become a formula."""
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        _tree(book, judgement, language, read)
        _lacks(book, judgement, language, read)


def _tree(book: xlsxwriter.Workbook, judgement: Judgement, language: str, read: Read) -> None:
    heads = (
        (_("编号"), 30), (_("类别"), 8), (_("条款"), 10), (_("名称"), 44), (_("状态"), 12),
        (_("数值"), 12), (_("单位"), 10), (_("要求"), 24), (_("样本"), 9), (_("截至"), 12),
        (_("责任单位"), 18), (_("说明"), 40), (_("核实"), 12),
    )  # fmt: skip
    sheet = _sheet(book, _("判定"), judgement, language, read, heads)
    number = book.add_format({"num_format": "#,##0.####", "align": "right", "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    inks = {
        light: book.add_format({"font_color": ink, "bold": True, "valign": "top"})
        for light, ink in INKS.items()
    }
    for row, item in enumerate(judgement.items, start=4):
        style = bold if item.kind in ("target", "action", "measure", "safeguard") else plain
        light = f"{MARKS[item.light]} {LABELS[item.light].get(language)}"
        goal = item.goal.get(language) if item.goal else ""
        for column, text in (
            (0, item.id), (1, words.KINDS[item.kind].get(language)), (2, item.clause),
            (3, item.label.get(language)), (6, words.unit(item.unit, language)), (7, goal),
            (9, item.as_of.isoformat() if item.as_of else ""), (10, item.owner.get(language)),
            (11, read(item.reason) if item.reason else ""),
        ):  # fmt: skip
            sheet.write_string(row, column, text, style)
        sheet.write_string(row, 4, light, inks[item.light])
        if item.value is not None:
            sheet.write_number(row, 5, item.value, number)
        if item.n is not None:
            sheet.write_number(row, 8, item.n, number)
        if not item.verified:
            sheet.write_string(row, 12, _("依据待核实"), style)
    sheet.autofilter(3, 0, 3 + max(len(judgement.items), 1), len(heads) - 1)


def _lacks(book: xlsxwriter.Workbook, judgement: Judgement, language: str, read: Read) -> None:
    heads = (
        (_("编号"), 30), (_("名称"), 40), (_("机构代码"), 14), (_("机构"), 24), (_("缺什么"), 44),
        (_("数量"), 8), (_("责任单位"), 18), (_("期限"), 12),
    )  # fmt: skip
    sheet = _sheet(book, _("缺项清单"), judgement, language, read, heads)
    row = 4
    for item in judgement.items:
        for lack in item.missing:
            cells = (
                item.id, item.label.get(language), lack.org, lack.org_name, read(lack.what), "",
                lack.owner.get(language), lack.due.isoformat() if lack.due else "",
            )  # fmt: skip
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text)
            sheet.write_number(row, 5, lack.count)
            row += 1
    sheet.autofilter(3, 0, max(row, 4), len(heads) - 1)


def _sheet(
    book: xlsxwriter.Workbook,
    name: str,
    judgement: Judgement,
    language: str,
    read: Read,
    heads: Iterable[tuple[str, int]],
) -> xlsxwriter.worksheet.Worksheet:
    sheet = book.add_worksheet(name)
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {"bold": True, "bg_color": "#E8EEF5", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    )
    sheet.write_string(0, 0, judgement.title.get(language), title)
    sheet.write_string(
        1, 0, f"{judgement.org_name} {judgement.org} · {judgement.on} · {judgement.snapshot}"
    )
    if judgement.invented:
        sheet.write_string(2, 0, _("虚构数据：学校、人员和数字均为程序生成，仅供演示"))
    if judgement.not_started is not None:
        sheet.write_string(1, 3, read(judgement.not_started), title)
    for column, (text, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, text, head)
    sheet.freeze_panes(4, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    return sheet
