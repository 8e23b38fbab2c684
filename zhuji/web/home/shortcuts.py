"""Where each role goes most, one click from home; only what exists and opens for the reader."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, resolve, reverse

from zhuji.kernel.messages import Label
from zhuji.orgs.roles import Verb
from zhuji.returns import rules
from zhuji.web.asked import Asked


@dataclass(frozen=True)
class _Shortcut:
    route: str
    label: Label
    icon: str
    query: str = ""
    verb: Verb | None = None
    asks: bool = False  # only for whoever may ask others for a return


_EVERY = (
    _Shortcut("plan-board", Label("没达到的条款", "Clauses not met"), "flag", "?light=not_met",
              Verb.INSTRUCT),
    _Shortcut("cockpit", Label("驾驶舱", "Cockpit"), "gauge", verb=Verb.INSTRUCT),
    _Shortcut("balance", Label("优质均衡", "Balance"), "scale", verb=Verb.INSTRUCT),
    _Shortcut("notices", Label("我发出的", "What I sent"), "bell", "?box=sent", Verb.INSTRUCT),
    _Shortcut("return-new", Label("发起填报", "Ask for a return"), "plus", asks=True),
    _Shortcut("returns", Label("填报", "Returns"), "pencil", verb=Verb.ENTER),
    _Shortcut("returns", Label("审核填报", "Review returns"), "check", verb=Verb.REVIEW),
    _Shortcut("ledgers", Label("台账录入和导入", "Enter and import"), "upload", verb=Verb.ENTER),
    _Shortcut("plan-board", Label("规划看板", "Plan board"), "flag"),
    _Shortcut("orgs", Label("学校与镇街", "Schools and towns"), "school"),
    _Shortcut("ledgers", Label("台账", "Ledgers"), "table"),
    _Shortcut("help", Label("帮助", "Help"), "help"),
)  # fmt: skip
_MOST = 7


def shortcuts(asked: Asked) -> list[dict[str, Any]]:
    """A place that is offered once already is not offered again by another name."""
    found: dict[str, dict[str, Any]] = {}
    for one in _EVERY:
        address = _address(asked, one)
        if address and address not in found:
            found[address] = {"href": address + one.query, "label": one.label, "icon": one.icon}
    return list(found.values())[:_MOST]


def _address(asked: Asked, one: _Shortcut) -> str:
    moment = asked.moment
    if one.verb is not None and not moment.holds(one.verb):
        return ""
    if one.asks and not rules.may_ask(moment.reader):
        return ""
    try:
        address = reverse(one.route)
    except NoReverseMatch:
        return ""
    door: Any = getattr(resolve(address).func, "door", None)
    needed = door.verb if door is not None else None
    return address if needed is None or moment.holds(needed) else ""
