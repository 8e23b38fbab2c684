"""The reference pages of the ledgers, in Markdown, made from the declarations."""

from collections.abc import Iterator

from zhuji.ledgers.declare import Column, Counted, Event, Ledger, Level, Type, Valid
from zhuji.ledgers.registry import BY_KEY, LEDGERS

_TYPES = {
    Type.TEXT: "文字",
    Type.INTEGER: "整数",
    Type.DECIMAL: "数值",
    Type.MONEY: "金额（元）",
    Type.DATE: "日期",
    Type.BOOLEAN: "是否",
    Type.CHOICE: "选项",
    Type.ORG: "机构代码",
    Type.STAFF: "教职工号",
    Type.PUPIL: "学籍号",
}
_LEVELS = {
    Level.PUBLIC: "公开",
    Level.WORK: "工作",
    Level.PERSONAL: "个人（不进快照）",
    Level.SENSITIVE: "敏感（不进快照）",
}
_OWNERS = {"school": "学校", "town": "镇街", "county": "县"}


def pages() -> Iterator[tuple[str, str]]:
    """File name and text of every page; `index.md` comes first."""
    yield "index.md", index()
    for ledger in LEDGERS:
        yield f"{ledger.key}.md", page(ledger)


def index() -> str:
    lines = [
        "# 台账",
        "",
        f"共 {len(LEDGERS)} 本，由 `zhuji/ledgers/declared/` 生成。",
        "",
        "| 台账 | 代码 | 内容 | 谁填 | 条款 |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| [{ledger.label.zh}]({ledger.key}.md) | `{ledger.key}` | {ledger.about.zh} "
        f"| {_OWNERS[ledger.owner]} | {'、'.join(ledger.clauses)} |"
        for ledger in LEDGERS
    ]
    return "\n".join(lines) + "\n"


def page(ledger: Ledger) -> str:
    keys = "、".join(ledger.by_key[name].label.zh for name in ledger.natural_key)
    lines = [
        f"# {ledger.label.zh}",
        "",
        f"{ledger.about.zh}。",
        "",
        f"- 代码：`{ledger.key}`（{ledger.label.en}）",
        f"- 谁填：{_OWNERS[ledger.owner]}",
        f"- 同一行的标识：{keys}。再次导入时，标识相同的行会更新，不会重复。",
        f"- 时间：{_dated(ledger)}",
    ]
    if ledger.clauses:
        lines.append(f"- 对应条款：{'、'.join(ledger.clauses)}")
    lines += [
        "",
        "| 列 | 代码 | 类型 | 必填 | 说明 | 示例 | 国标字段 | 级别 |",
        "|---|---|---|---|---|---|---|---|",
        *(_line(column) for column in ledger.columns),
    ]
    return "\n".join(lines) + "\n"


def _dated(ledger: Ledger) -> str:
    match ledger.dated:
        case Valid(start, end):
            first, last = ledger.by_key[start].label.zh, ledger.by_key[end].label.zh
            return f"自“{first}”起有效，到“{last}”前一日止；“{last}”空着就是仍然有效"
        case Event(on):
            return f"发生在“{ledger.by_key[on].label.zh}”当天"
        case Counted(on):
            return f"“{ledger.by_key[on].label.zh}”的统计数，到下一次统计为止"
        case None:
            return "登记簿，不分时段"


def _line(column: Column) -> str:
    required = "是" if column.required else ""
    kind = _TYPES[column.type] + (f"，{column.unit}" if column.unit not in ("", "yuan") else "")
    return (
        f"| {column.label.zh} | `{column.key}` | {kind} | {required} | {_about(column)} "
        f"| {column.example} | {column.standard} | {_LEVELS[column.level]} |"
    )


def _about(column: Column) -> str:
    parts = [column.help.zh] if column.help else []
    if column.options:
        parts.append("、".join(f"{option.label.zh} `{option.value}`" for option in column.options))
    if column.refers:
        other = BY_KEY[column.refers]
        parts.append(f"须在[{other.label.zh}]({other.key}.md)中")
    return "；".join(parts)
