"""The empty workbook of a ledger, which explains itself to whoever fills it in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from zhuji.kernel.messages import Message, say
from zhuji.ledgers import cells, sheets
from zhuji.ledgers.declare import Column, Ledger, Type
from zhuji.ledgers.safety import LIMITS
from zhuji.ledgers.sheets import CHINESE
from zhuji.ledgers.tables import sheet_name

_KINDS: Mapping[Type, Message] = {
    Type.TEXT: say("文字"),
    Type.INTEGER: say("整数"),
    Type.DECIMAL: say("数值"),
    Type.MONEY: say("金额（元）"),
    Type.DATE: say("日期，如 2021-09-01"),
    Type.BOOLEAN: say("是或否"),
    Type.CHOICE: say("从下拉框选一项"),
    Type.ORG: say("机构代码，也可填全称"),
    Type.STAFF: say("教职工号"),
    Type.PUPIL: say("学籍号"),
}
_ADVICE = (
    say("红色表头的列必填，其余可以留空。列的次序可以改，多出的列不读。"),
    say("第二行是示例，导入时不读，可以删去。"),
    say("没有就填 0，不知道就留空：0 和空白不是一回事。"),
    say("编号和代码的列已设为文本，请勿改成数值。"),
)


def template(ledger: Ledger, path: Path, *, language: str = CHINESE) -> None:
    """An empty workbook that explains itself: lists to choose from, an example, instructions."""
    with sheets.book(path) as book:
        styles = sheets.styles(book)
        sheet = book.add_worksheet(sheet_name(ledger, language))
        sheets.head(sheet, ledger.columns, styles, language)
        for index, column in enumerate(ledger.columns):
            _guide(sheet, ledger, index, column, language)
        for index, column in enumerate(ledger.columns):
            sheet.write_string(1, index, _example(ledger, column, language), styles["example"])
        _instructions(book, ledger, styles, language)
        _choices(book, ledger, language)


def _guide(sheet: Any, ledger: Ledger, index: int, column: Column, language: str) -> None:
    """A note on the heading, and for cells a list to choose from where there is one."""
    hint = _hint(column, language)
    sheet.write_comment(0, index, hint, {"x_scale": 1.6})
    source: object = None
    if column.type is Type.BOOLEAN:
        source = list(cells.flag_words(language))
    elif column.type is Type.CHOICE:
        listed = [other for other in ledger.columns if other.type is Type.CHOICE].index(column)
        name, count = sheets.words(say("选项"), language), len(column.options)
        letter = xlsxwriter.utility.xl_col_to_name(listed)
        source = f"='{name}'!${letter}$2:${letter}${count + 1}"
    if source:
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        sheet.data_validation(1, index, LIMITS.rows, index, rule)


def _hint(column: Column, language: str) -> str:
    parts = [sheets.words(say("必填") if column.required else say("选填"), language)]
    parts.append(sheets.words(_KINDS[column.type], language))
    if column.help:
        parts.append(column.help.get(language))
    return "\n".join(parts)


def _example(ledger: Ledger, column: Column, language: str) -> str:
    """The first cell says that the row is an example, so that importing passes over it."""
    shown = _shown(column, language)
    if column is ledger.columns[0]:
        return sheets.words(say("示例：{example}", example=shown), language)
    return shown


def _shown(column: Column, language: str) -> str:
    if column.type is Type.BOOLEAN and column.example:
        return cells.flag_words(language)[0 if column.example == "是" else 1]
    by_chinese = {option.label.zh: option.label.get(language) for option in column.options}
    return by_chinese.get(column.example, column.example)


def _instructions(book: Any, ledger: Ledger, styles: Mapping[str, Any], language: str) -> None:
    sheet = book.add_worksheet(sheets.words(say("填写说明"), language))
    for index, width in enumerate((24, 8, 24, 60, 24)):
        sheet.set_column(index, index, width)
    sheet.write_string(0, 0, ledger.label.get(language), styles["head"])
    sheet.write_string(0, 3, ledger.about.get(language), styles["wrap"])
    lines = [sheets.words(advice, language) for advice in _ADVICE]
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, line)
    start = len(lines) + 2
    heads = (say("列"), say("必填"), say("填什么"), say("说明"), say("示例"))
    for index, head in enumerate(heads):
        sheet.write_string(start, index, sheets.words(head, language), styles["head"])
    for row, column in enumerate(ledger.columns, start=start + 1):
        required = cells.flag_words(language)[0 if column.required else 1]
        about = column.help.get(language) if column.help else _options_in(column, language)
        kind = sheets.words(_KINDS[column.type], language)
        texts = (column.label.get(language), required, kind, about, _shown(column, language))
        for index, text in enumerate(texts):
            sheet.write_string(row, index, text, styles["wrap"])


def _options_in(column: Column, language: str) -> str:
    between = ", " if language.startswith("en") else "、"
    return between.join(option.label.get(language) for option in column.options)


def _choices(book: Any, ledger: Ledger, language: str) -> None:
    """The lists that the cells of the first sheet choose from."""
    listed = [column for column in ledger.columns if column.type is Type.CHOICE]
    if not listed:
        return
    sheet = book.add_worksheet(sheets.words(say("选项"), language))
    sheet.set_column(0, len(listed) - 1, 24)
    for row in range(max(len(column.options) for column in listed) + 1):
        for index, column in enumerate(listed):
            words = [column.label, *(option.label for option in column.options)]
            if row < len(words):
                sheet.write_string(row, index, words[row].get(language))
