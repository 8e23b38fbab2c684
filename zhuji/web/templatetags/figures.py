"""How days, years, money and numbers are written for the reader; one way on every page."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import timezone

from zhuji.bulletins import words
from zhuji.duties.states import LABELS as STATE_LABELS
from zhuji.duties.states import State
from zhuji.kernel.lights import LABELS, MARKS, Light
from zhuji.kernel.messages import Message, is_english
from zhuji.kernel.terms import first_year_of
from zhuji.web import pages

register = template.Library()
NOTHING = "—"
Number = int | Decimal


@register.filter
def day(given: date | None) -> str:
    """2023年6月30日, 30 June 2023."""
    if given is None:
        return NOTHING
    at = timezone.localtime(given).date() if isinstance(given, datetime) else given
    if is_english(pages.language()):
        return pages.words(Message("{day}", {"day": at}))
    return f"{at.year}年{at.month}月{at.day}日"


@register.filter
def moment(given: datetime | None) -> str:
    """The day with hour and minute, by the clock on the wall."""
    if given is None:
        return NOTHING
    at = timezone.localtime(given)
    return f"{day(at.date())} {at:%H:%M}"


@register.filter
def school_year(given: date | str | None) -> str:
    """2022—2023学年, from any day in it or from its key."""
    if given is None or given == "":
        return NOTHING
    first = first_year_of(given) if isinstance(given, date) else int(given[:4])
    if is_english(pages.language()):
        return f"{first}\u2013{(first + 1) % 100:02} school year"
    return f"{first}—{first + 1}学年"


@register.filter
def number(given: Number | str | None, decimals: int | None = None) -> str:
    """1,234.5; the zeros at the end stay only when their number was asked for."""
    if given is None or given == "":  # what a template does not find is an empty text
        return NOTHING
    value = Decimal(given)
    if decimals is not None:
        return f"{_rounded(value, decimals):,f}"
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def percent(given: Number | None, decimals: int = 1) -> str:
    """85.0 is 85.0 %: a share is kept as 0 to 100."""
    return NOTHING if given is None else f"{_rounded(Decimal(given), decimals):,f}%"


@register.filter
def money(given: Number | None) -> str:
    """In 万元 for Chinese readers, in thousands of yuan for English ones, as offices do."""
    if given is None:
        return NOTHING
    value = Decimal(given)
    if is_english(pages.language()):
        return f"¥{_rounded(value / 1000, 1):,f}k"
    return f"{_rounded(value / 10000, 2):,f}万元"


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@register.filter
def unit(name: str) -> str:
    """m2/person becomes ㎡/人."""
    return words.unit(name, pages.language())


@register.filter
def light_word(light: str) -> str:
    return pages.words(LABELS[Light(light)])


@register.filter
def light_mark(light: str) -> str:
    return MARKS[Light(light)]


@register.filter
def state_word(state: str) -> str:
    return pages.words(STATE_LABELS[State(state)])


@register.filter
def state_mark(state: str) -> str:
    """The sign of a duty's state in a calendar of dots; it survives a print without colour."""
    return _STATE_MARKS[State(state)]


_STATE_MARKS = {
    State.NOT_YET_OPEN: "·",
    State.OPEN: "○",
    State.DUE_SOON: "!",
    State.DONE: "✓",
    State.DONE_LATE: "◷",
    State.MISSED: "✗",
    State.WAIVED: "免",
    State.NOT_APPLICABLE: "–",
}


@register.filter
def listed(given: str | list[str]) -> list[str]:
    """`{{ "done,open"|listed }}`: a short list written in a template."""
    return given.split(",") if isinstance(given, str) else given
