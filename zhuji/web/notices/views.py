"""The two boxes of notices, and one notice that is read by being opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from zhuji.kernel.messages import Message, say
from zhuji.ledgers import directory
from zhuji.orgs.roles import Verb
from zhuji.orgs.scope import Reader
from zhuji.tasks import actions, queries
from zhuji.tasks.queries import Dispatch, Received
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.notices.links import href
from zhuji.web.pages import page


@dataclass(frozen=True)
class Line:
    """One notice that came, with what the page says of it."""

    notice: Received
    sender: str
    about: str
    href: str


@signed_in("GET", verb=Verb.READ)
def notices(request: Asked) -> HttpResponse:
    """What came, the unread first; or what was sent, with 已读."""
    reader, now = request.moment.reader, request.moment.now
    box = "sent" if request.GET.get("box") == "sent" else "mine"
    context: dict[str, Any] = {"box": box, "tabs": _tabs(reader, box, request)}
    if box == "sent":
        sent = queries.sent(reader)
        context |= {
            "sent": [_shown(one) for one in sent],
            "names": directory.names(t.org for one in sent for t in one.targets),
            "saying": _said(sent, request.GET.get("new", "")),
        }
    else:
        context["lines"] = lines(reader, queries.mine(reader, now=now))
    return page(request, "notices/list.html", context, parts={"box": "notices/_box.html"})


@signed_in("GET", verb=Verb.READ)
def notice(request: Asked, number: int) -> HttpResponse:
    """Opening a notice is reading it: the sender sees when."""
    reader = request.moment.reader
    found = actions.read(reader, number, now=request.moment.now)
    [line] = lines(reader, (found,))
    return page(request, "notices/one.html", {"line": line})


def lines(reader: Reader, found: Iterable[Received]) -> list[Line]:
    received = tuple(found)
    people = queries.names(one.sender for one in received)
    return [
        Line(
            one,
            people.get(one.sender, ""),
            one.about_key if one.about_kind == "item" else "",
            href(one.about_kind, one.about_key),
        )
        for one in received
    ]


def _shown(one: Dispatch) -> dict[str, Any]:
    return {"it": one, "total": len(one.targets), "href": href(one.about_kind, one.about_key)}


def _said(sent: Iterable[Dispatch], once: str) -> list[Message]:
    """The line on top after sending: how many, and when it arrives if that is not at once."""
    new = next((one for one in sent if once and one.once == once), None)
    if new is None:
        return []
    told = say("已发给 {count} 个单位。", count=len(new.targets))
    if new.shown_from > new.at:
        return [told, say("现在是夜间，明早 7 点送达。")]
    return [told]


def _tabs(reader: Reader, box: str, request: Asked) -> list[dict[str, Any]]:
    unread = queries.unread(reader, now=request.moment.now)
    return [
        {"label": say("收到的"), "href": "?box=mine", "current": box == "mine", "count": unread},
        {"label": say("发出的"), "href": "?box=sent", "current": box == "sent", "count": ""},
    ]
