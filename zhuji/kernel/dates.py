"""Days as Chinese offices write them: read, or refused with a proposal of what may be meant."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from zhuji.kernel.digits import chinese_number, narrow
from zhuji.kernel.errors import BadInput, bad_value
from zhuji.kernel.messages import Message, say

# Excel's 1900 system counts a 29 February 1900 that never was, hence the day before.
_EXCEL_ORIGIN = date(1899, 12, 30)
# Serials below this (1927) look like years, those above (2173) like nothing an office dates.
_SERIALS = range(10_000, 100_000)
_YEARS = range(1900, 2100)

_TIME = re.compile(r"(?<=[0-9日])[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?$")
_DAY = re.compile(r"(?P<y>[0-9]{4})(?P<sep>[-./、])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})")
_DAY_WORDS = re.compile(r"(?P<y>[0-9]{4})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})[日号]?")
_DAY_SOLID = re.compile(r"(?P<y>(?:19|20)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})")
_MONTH = re.compile(r"(?P<y>[0-9]{4})(?:[-./](?P<m>[0-9]{1,2})|年(?P<w>[0-9]{1,2})月份?)")
_MONTH_SOLID = re.compile(r"(?P<y>(?:19|20)[0-9]{2})(?P<m>0[1-9]|1[0-2])")
_YEAR = re.compile(r"(?P<y>(?:19|20)[0-9]{2})年?")
_SHORT_YEAR = re.compile(r"(?P<y>[0-9]{2})[-./年](?P<m>[0-9]{1,2})[-./月](?P<d>[0-9]{1,2})日?")
_YEAR_LAST = re.compile(r"(?P<a>[0-9]{1,2})[-./](?P<b>[0-9]{1,2})[-./](?P<y>[0-9]{4})")
_CHINESE = re.compile(r"(?P<y>[^年]{4})年(?P<m>[^年月]{1,3})月份?(?:(?P<d>[^月日号]{1,3})[日号]?)?")
# The letter O is typed for 〇; 廿 and 卅 are twenty and thirty.
_OLD_FORMS = (("O", "〇"), ("o", "〇"), ("廿", "二十"), ("卅", "三十"))


def read_date(given: object, *, allow_month: bool = False) -> date:
    """Read a day; with `allow_month` a month alone means its first day."""
    match given:
        case datetime():
            return _plausible(given.date(), given)
        case date():
            return _plausible(given, given)
        case bool():
            raise _unreadable(given)
        case int() | float():
            return _from_number(given, allow_month=allow_month)
        case str():
            return _from_text(given, allow_month=allow_month)
        case _:
            raise _unreadable(given)


def _from_number(given: int | float, *, allow_month: bool) -> date:
    """A cell's number is a serial day, or a date typed without marks."""
    if abs(given) < 10**9:  # false for not-a-number
        whole = int(given)
        if whole in _SERIALS:
            return _plausible(_EXCEL_ORIGIN + timedelta(days=whole), given)
        if whole == given:
            return _from_text(str(whole), allow_month=allow_month)
        if whole in _YEARS:
            raise _refused(
                say("“{value}”是小数，分不清是 1 月还是 10 月。", value=given),
                given,
                say("请写成 {year}-10-01 这样的完整日期。", year=whole),
            )
    raise _unreadable(given)


def _from_text(given: str, *, allow_month: bool) -> date:
    text = re.sub(r"\s", "", _TIME.sub("", narrow(given)))
    text = _arabic(text)
    for pattern in (_DAY, _DAY_WORDS, _DAY_SOLID):
        found = pattern.fullmatch(text)
        if found:
            return _day(int(found["y"]), int(found["m"]), int(found["d"]), given)
    if re.fullmatch(r"[0-9]{5}", text):
        return _from_number(int(text), allow_month=allow_month)
    month = _MONTH.fullmatch(text) or _MONTH_SOLID.fullmatch(text)
    if month:
        number = int(month["m"] or month["w"])
        return _month(int(month["y"]), number, given, allow_month=allow_month)
    raise _nearly(text, given)


def _arabic(text: str) -> str:
    """二〇二一年五月二十日 becomes 2021年5月20日; anything else is returned as it came."""
    found = _CHINESE.fullmatch(text)
    if found is None:
        return text
    try:
        year, month = _count(found["y"]), _count(found["m"])
        return f"{year}年{month}月" + (f"{_count(found['d'])}日" if found["d"] else "")
    except BadInput:
        return text


def _count(text: str) -> int:
    for old, new in _OLD_FORMS:
        text = text.replace(old, new)
    return chinese_number(text)


def _day(year: int, month: int, day: int, given: object) -> date:
    if not 1 <= month <= 12:
        raise _refused(say("“{value}”里没有 {month} 月。", value=given, month=month), given)
    if year not in _YEARS:
        raise _implausible(given)
    length = monthrange(year, month)[1]
    if not 1 <= day <= length:
        raise _refused(
            say(
                "“{value}”：{year} 年 {month} 月没有 {day} 日。",
                value=given,
                year=year,
                month=month,
                day=day,
            ),
            given,
            say("该月最后一天是 {day}。", day=date(year, month, length)),
        )
    return date(year, month, day)


def _month(year: int, month: int, given: object, *, allow_month: bool) -> date:
    first = _day(year, month, 1, given)
    if allow_month:
        return first
    raise _refused(
        say("“{value}”只有年月，缺少日。", value=given),
        given,
        say("请补上日，例如 {day}。", day=first),
        code="date.month_only",
    )


def _nearly(text: str, given: object) -> BadInput:
    """Say what it looks like, so that one click or one key puts it right."""
    if year := _YEAR.fullmatch(text):
        return _refused(
            say("“{value}”只有年份，缺少月和日。", value=given),
            given,
            say("请补上月和日，例如 {year}-09-01。", year=year["y"]),
            code="date.year_only",
        )
    if short := _SHORT_YEAR.fullmatch(text):
        return _refused(
            say("“{value}”的年份只有两位。", value=given),
            given,
            say(
                "请写四位年份，例如 20{y}-{m:0>2}-{d:0>2}。",
                y=short["y"],
                m=short["m"],
                d=short["d"],
            ),
            code="date.short_year",
        )
    if last := _YEAR_LAST.fullmatch(text):
        return _refused(
            say("“{value}”把年份写在了最后，分不清月和日。", value=given),
            given,
            say(
                "请按年、月、日的顺序写，例如 {year}-{a:0>2}-{b:0>2}。",
                year=last["y"],
                **_by_size(last),
            ),
            code="date.year_last",
        )
    return _unreadable(given)


def _by_size(last: re.Match[str]) -> dict[str, str]:
    """The month cannot exceed twelve; where both could be it, the first is taken for it."""
    first, second = last["a"], last["b"]
    return {"a": second, "b": first} if int(first) > 12 else {"a": first, "b": second}


def _plausible(day: date, given: object) -> date:
    if day.year not in _YEARS:
        raise _implausible(given)
    return day


def _implausible(given: object) -> BadInput:
    return _refused(
        say(
            "“{value}”的年份不在 {first} 至 {last} 之间。",
            value=given,
            first=_YEARS[0],
            last=_YEARS[-1],
        ),
        given,
    )


def _unreadable(given: object) -> BadInput:
    return _refused(say("“{value}”不是能读懂的日期。", value=given), given)


def _refused(
    problem: Message, given: object, proposal: Message | None = None, *, code: str = "date"
) -> BadInput:
    usual = say("请写成 2021-05-20 或 2021年5月20日 这样的日期。")
    return bad_value(problem, value=given, code=code, proposal=proposal or usual)
