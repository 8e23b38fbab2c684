"""Turns what stands in a cell into what the ledger keeps, or says why it cannot."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from functools import partial

from zhuji.kernel.dates import read_date
from zhuji.kernel.errors import BadInput, bad_value
from zhuji.kernel.messages import say
from zhuji.ledgers import headers, quantities, texts
from zhuji.ledgers.declare import Column, Type
from zhuji.ledgers.tables import ExcelError

Convert = Callable[[object], object]
Faults = dict[int, BadInput]

_YES = frozenset(["是", "有", "对", "已", "√", "✓", "✔", "☑", "1", "y", "yes", "t", "true", "on"])
_NO = frozenset(
    ["否", "无", "没有", "不是", "未", "×", "✗", "✘", "x", "0", "n", "no", "f", "false", "off"]
)
# Looking for similar words is slow; nobody reads the two-hundredth proposal.
_MOST_PROPOSALS = 200


class Names:
    """The organisations by code and by name, for people who write names where codes belong."""

    def __init__(self, by_code: Mapping[str, str]) -> None:
        self.by_code = by_code
        self.by_name: dict[str, list[str]] = {}
        for code, name in by_code.items():
            self.by_name.setdefault(headers.normal(name), []).append(code)


def convert(
    column: Column, values: Sequence[object], *, factor: Decimal = Decimal(1), orgs: Names
) -> tuple[list[object], Faults]:
    """A whole column at once; equal cells are looked at once."""
    read = reader(column, factor=factor, orgs=orgs)
    seen: dict[tuple[type, object], object] = {(str, ""): None}
    out: list[object] = [None] * len(values)
    faults: Faults = {}
    for index, value in enumerate(values):
        key = (value.__class__, value)
        if key in seen:
            found = seen[key]
        else:
            found = seen[key] = _attempt(read, value)
        if found.__class__ is BadInput:
            faults[index] = found
        else:
            out[index] = found
    return out, faults


def _attempt(read: Convert, value: object) -> object:
    if isinstance(value, ExcelError):
        return bad_value(
            say("单元格是公式错误 {value}。", value=value.word),
            value=value.word,
            code="cell.error",
            proposal=say("请改正公式，或直接填写结果。"),
        )
    try:
        return read(value)
    except BadInput as fault:
        return fault.with_traceback(None)  # thousands of them would hold on to their frames


def reader(column: Column, *, factor: Decimal, orgs: Names) -> Convert:
    """The conversion of one cell of this column; an empty cell is None."""
    match column.type:
        case Type.INTEGER | Type.DECIMAL | Type.MONEY:
            return quantities.reader(column, factor)
        case Type.DATE:
            return lambda value: None if texts.is_nothing(value) else read_date(value)
        case Type.BOOLEAN:
            return _boolean
        case Type.CHOICE:
            return _choice(column)
        case Type.ORG if column.refers:
            return _org(column, orgs)
        case _:
            return partial(texts.code if column.is_code else texts.words, column)


def _boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    text = str(int(value)) if isinstance(value, float) and value in (0, 1) else str(value)
    word = headers.normal(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    if not word or word in texts.DASHES:
        return None
    raise bad_value(
        say("“{value}”不是“是”或“否”。", value=value),
        value=value,
        code="boolean",
        proposal=say("请填写 是 或 否。"),
    )


def _choice(column: Column) -> Convert:
    known = {
        headers.normal(word): option.value
        for option in column.options
        for word in (option.value, option.label.en, option.label.zh)
    }
    labels = [option.label for option in column.options]
    shown = {headers.normal(word): label for label in labels for word in (label.zh, label.en)}
    every = tuple(labels)
    budget = [_MOST_PROPOSALS]

    def read(value: object) -> object:
        word = headers.normal(value)
        if word in known:
            return known[word]
        if texts.is_nothing(value):
            return None
        near = _nearest(word, shown, budget)
        proposal = (
            say("是不是“{near}”？", near=shown[near])
            if near
            else say("请从下面选一个：{options}。", options=every)
        )
        raise bad_value(
            say("“{value}”不在可选项里。", value=value),
            value=value,
            code="choice",
            proposal=proposal,
        )

    return read


def _org(column: Column, orgs: Names) -> Convert:
    shown = {word: found[0] for word, found in orgs.by_name.items()}
    budget = [_MOST_PROPOSALS]

    def read(value: object) -> object:
        if texts.is_nothing(value):
            return None
        named = orgs.by_name.get(headers.normal(value), [])
        if len(named) == 1:
            return named[0]
        if named:
            raise _same_name(value, named)
        code = texts.code(column, value)
        if code is None or code in orgs.by_code:
            return code
        near = _nearest(headers.normal(value), shown, budget)
        raise bad_value(
            say("机构台账里没有“{value}”。", value=value),
            value=value,
            code="org.unknown",
            proposal=say(
                "是不是“{name}”（{code}）？", name=orgs.by_code[shown[near]], code=shown[near]
            )
            if near
            else say("请核对代码，或先在机构台账登记这个机构。"),
        )

    return read


def _same_name(value: object, named: Sequence[str]) -> BadInput:
    return bad_value(
        say("有 {count} 个机构都叫“{value}”。", count=len(named), value=value),
        value=value,
        code="org.same_name",
        proposal=say("请改填代码：{codes}。", codes=sorted(named)),
    )


def _nearest(word: str, known: Mapping[str, object], budget: list[int]) -> str | None:
    """The known word most like this one, as long as the column's patience lasts."""
    if budget[0] <= 0 or not isinstance(word, str):
        return None
    budget[0] -= 1
    return next(iter(get_close_matches(word[:40], known, n=1)), None)
