"""What Pydantic finds wrong, said in a sentence of ours with a proposal."""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from zhuji.kernel.messages import Message, say

Said = tuple[Message, Message | None]
Context = Mapping[str, Any]

_LONGEST = 40


def explain(error: ErrorDetails, name: str, known: Iterable[str] = ()) -> Said:
    """The finding and what to do; `known` are the keys allowed where the error stands."""
    kind = error["type"]
    if kind in ("missing", "missing_argument"):
        return say("缺少“{name}”。", name=name), say("请补上“{name}:”一行。", name=name)
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return unknown_key(name, tuple(known))
    teller = _TELLERS.get(kind, _unreadable)
    return teller(name, _shown(error["input"]), error.get("ctx", {}))


def unknown_key(name: str, known: tuple[str, ...]) -> Said:
    return say("不认识的键“{name}”。", name=name), _instead(name, known)


def _shown(given: object) -> str:
    text = str(given)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "……"


def _instead(name: str, known: tuple[str, ...]) -> Message:
    near = get_close_matches(name, known, n=1)
    if near:
        return say("是不是想写“{near}”？", near=near[0])
    if known:
        return say("这里可以写：{known}。", known=known)
    return say("请删去这一行。")


def _choice(name: str, given: str, context: Context) -> Said:
    expected = str(context.get("expected", context.get("expected_tags", "")))
    choices = re.findall(r"'([^']*)'", expected)
    given = str(context.get("tag", given))
    near = get_close_matches(given, choices, n=1)
    finding = say("“{name}”不能写“{given}”。", name=name, given=given)
    if near:
        return finding, say("是不是想写“{near}”？", near=near[0])
    return finding, say("请写其中之一：{choices}。", choices=choices)


def _day(name: str, given: str, context: Context) -> Said:
    return (
        say("“{name}”的“{given}”不是日期。", name=name, given=given),
        say("请写成 2021-09-01 这样的日期。"),
    )


def _number(name: str, given: str, context: Context) -> Said:
    return (
        say("“{name}”的“{given}”不是数。", name=name, given=given),
        say("请写成 0.85 这样的数，不带单位、百分号和千分位。"),
    )


def _whole(name: str, given: str, context: Context) -> Said:
    return (
        say("“{name}”的“{given}”不是整数。", name=name, given=given),
        say("请只写数字，例如 3。"),
    )


def _flag(name: str, given: str, context: Context) -> Said:
    return (
        say("“{name}”的“{given}”不是是非值。", name=name, given=given),
        say("请写 true 或 false。"),
    )


def _label(name: str, given: str, context: Context) -> Said:
    return (
        say("“{name}”要有中文和英文两个名称。", name=name),
        say("请写成 {form}。", form="{zh: 生均图书, en: Books per pupil}"),
    )


def _list(name: str, given: str, context: Context) -> Said:
    return (
        say("“{name}”应是一个列表。", name=name),
        say("请写成 [甲, 乙]，或每行以“- ”开头。"),
    )


def _pair(name: str, given: str, context: Context) -> Said:
    return (
        say("“{name}”里项数不对。", name=name),
        say("请检查这个列表应有几项。"),
    )


def _mapping(name: str, given: str, context: Context) -> Said:
    return (
        say("“{name}”应是一组“键: 值”。", name=name),
        say("请换行缩进两格，写“键: 值”。"),
    )


def _text(name: str, given: str, context: Context) -> Said:
    return say("“{name}”应是一段文字。", name=name), say("请在同一行写文字，不用列表。")


def _spelling(name: str, given: str, context: Context) -> Said:
    finding = say("“{given}”不能作“{name}”。", given=given, name=name)
    return finding, _SPELLINGS.get(str(context.get("pattern", "")), say("请按手册中的写法改正。"))


def _too_short(name: str, given: str, context: Context) -> Said:
    return say("“{name}”不能空着。", name=name), say("请补上内容，或删去这一行。")


def _too_long(name: str, given: str, context: Context) -> Said:
    most = context.get("max_length", "")
    return say("“{name}”太长，最多 {most} 个字符。", name=name, most=most), say("请写短些。")


def _out_of_bounds(name: str, given: str, context: Context) -> Said:
    finding = say("“{name}”的“{given}”超出了范围。", name=name, given=given)
    proposals = (tell(context[key]) for key, tell in _BOUNDS.items() if key in context)
    return finding, next(proposals, None)


def _no_form(name: str, given: str, context: Context) -> Said:
    """A goal or a cadence that does not say of which form it is."""
    return say("没有写“form”，不知道是哪一种。"), say("请先写“form:”，再写该形式的各项。")


def _unreadable(name: str, given: str, context: Context) -> Said:
    return (
        say("“{name}”的“{given}”读不懂。", name=name, given=given),
        say("请按手册中的写法改正。"),
    )


_BOUNDS: dict[str, Callable[[object], Message]] = {
    "ge": lambda bound: say("应不小于 {bound}。", bound=bound),
    "gt": lambda bound: say("应大于 {bound}。", bound=bound),
    "le": lambda bound: say("应不大于 {bound}。", bound=bound),
    "lt": lambda bound: say("应小于 {bound}。", bound=bound),
}
_SPELLINGS = {
    r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$": say(
        "编号用小写英文字母、数字和下划线，以字母开头，例如 books_per_pupil。"
    ),
    r"^[A-Z]\d{1,2}$": say("条目编号是一个大写字母加一两位数字，例如 M11。"),
    r"^[a-z0-9]+(-[a-z0-9]+)*$": say("方案包编号用小写字母、数字和短横线，例如 balance-2017。"),
    r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$": say("版本号用数字、字母、点和短横线，例如 1.0。"),
}
_TELLERS: dict[str, Callable[[str, str, Context], Said]] = {
    "literal_error": _choice,
    "enum": _choice,
    "union_tag_invalid": _choice,
    "union_tag_not_found": _no_form,
    "plan_day": _day,
    "date_type": _day,
    "date_parsing": _day,
    "date_from_datetime_parsing": _day,
    "plan_number": _number,
    "decimal_type": _number,
    "decimal_parsing": _number,
    "plan_whole": _whole,
    "int_type": _whole,
    "int_parsing": _whole,
    "plan_flag": _flag,
    "bool_type": _flag,
    "bool_parsing": _flag,
    "plan_label": _label,
    "dataclass_type": _label,
    "tuple_type": _list,
    "dict_type": _mapping,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "string_type": _text,
    "string_pattern_mismatch": _spelling,
    "string_too_short": _too_short,
    "string_too_long": _too_long,
    "greater_than": _out_of_bounds,
    "greater_than_equal": _out_of_bounds,
    "less_than": _out_of_bounds,
    "less_than_equal": _out_of_bounds,
    "too_short": _too_short,
    "too_long": _pair,
}
