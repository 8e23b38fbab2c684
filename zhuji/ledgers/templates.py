"""The empty workbook of a ledger, which explains itself to whoever fills it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import cells, sheets
from zhuji.ledgers.declare import Column, Ledger, Type
from zhuji.ledgers.hints import NO_GUIDE, Guide, hints
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


@dataclass(frozen=True)
class _List:
    """What one column may hold, from this column of the sheet of choices on."""

    place: int
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def template(
    ledger: Ledger, path: Path, guide: Guide = NO_GUIDE, *, language: str = CHINESE
) -> None:
    """An empty workbook that explains itself: lists to choose from, an example, instructions."""
    lists = _lists(ledger, guide, language)
    with sheets.book(path) as book:
        styles = sheets.styles(book)
        sheet = book.add_worksheet(sheet_name(ledger, language))
        sheets.head(sheet, ledger.columns, styles, language)
        for index, column in enumerate(ledger.columns):
            _comment(sheet, index, _hint(ledger, column, guide, language))
            _offer(sheet, index, column, lists, language)
        for index, column in enumerate(ledger.columns):
            sheet.write_string(1, index, _example(ledger, column, language), styles["example"])
        _instructions(book, ledger, guide, styles, language)
        _choices(book, lists, language)


def _comment(sheet: Any, index: int, hint: str) -> None:
    sheet.write_comment(0, index, hint, {"x_scale": 2, "y_scale": 0.3 * (2 + hint.count("\n"))})


def _offer(
    sheet: Any, index: int, column: Column, lists: Mapping[str, _List], language: str
) -> None:
    """A list to choose from, for the cells of a column that has one."""
    source: object = None
    if column.type is Type.BOOLEAN:
        source = list(cells.flag_words(language))
    elif column.key in lists:
        name, listed = sheets.words(say("选项"), language), lists[column.key]
        letter = xlsxwriter.utility.xl_col_to_name(listed.place)
        source = f"='{name}'!${letter}$2:${letter}${len(listed.rows) + 1}"
    if source:
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        sheet.data_validation(1, index, LIMITS.rows, index, rule)


def _hint(ledger: Ledger, column: Column, guide: Guide, language: str) -> str:
    parts = [sheets.words(say("必填") if column.required else say("选填"), language)]
    parts.append(sheets.words(_KINDS[column.type], language))
    return "\n".join([*parts, *_said(ledger, column, guide, language)])


def _said(ledger: Ledger, column: Column, guide: Guide, language: str) -> list[str]:
    return [
        one.get(language) if isinstance(one, Label) else sheets.words(one, language)
        for one in hints(ledger, column, guide)
    ]


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


def _instructions(
    book: Any, ledger: Ledger, guide: Guide, styles: Mapping[str, Any], language: str
) -> None:
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
        about = "\n".join(_said(ledger, column, guide, language))
        kind = sheets.words(_KINDS[column.type], language)
        texts = (column.label.get(language), required, kind, about, _shown(column, language))
        for index, text in enumerate(texts):
            sheet.write_string(row, index, text, styles["wrap"])


def _lists(ledger: Ledger, guide: Guide, language: str) -> dict[str, _List]:
    """Side by side on a sheet of their own; the words of a plan are codes with their meaning."""
    found: dict[str, _List] = {}
    place = 0
    for column in ledger.columns:
        head = column.label.get(language)
        if column.type is Type.CHOICE:
            rows = [(option.label.get(language),) for option in column.options]
            found[column.key] = _List(place, (head,), rows)
        elif column.key in guide.choices:
            coded = [(one.value, one.label.get(language)) for one in guide.choices[column.key]]
            found[column.key] = _List(place, (head, sheets.words(say("含义"), language)), coded)
        else:
            continue
        place += len(found[column.key].heads)
    return found


def _choices(book: Any, lists: Mapping[str, _List], language: str) -> None:
    """The lists that the cells of the first sheet choose from."""
    if not lists:
        return
    sheet = book.add_worksheet(sheets.words(say("选项"), language))
    sheet.set_column(0, sum(len(listed.heads) for listed in lists.values()) - 1, 24)
    longest = max(len(listed.rows) for listed in lists.values())
    for row in range(longest + 1):  # row by row: the book is written as it grows
        for listed in lists.values():
            words = [listed.heads, *listed.rows][row : row + 1]
            for index, word in enumerate(words[0] if words else ()):
                sheet.write_string(row, listed.place + index, word)
