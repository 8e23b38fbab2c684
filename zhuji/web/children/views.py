"""Who saw this child: asked by the exact number, which is posted and never stands in an address."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import watchers
from zhuji.ledgers.watchers import Watched
from zhuji.orgs.roles import Verb
from zhuji.web import files
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.lists import Head
from zhuji.web.pages import page

_LABELS = (
    Label("时间", "When"),
    Label("谁", "Who"),
    Label("职责", "Duty"),
    Label("看了哪本台账", "Ledger"),
    Label("途径", "Through"),
    Label("事由", "Reason"),
)
_LONGEST = 40


@signed_in("GET", "POST", verb=Verb.REVEAL)
def children(asked: Asked) -> HttpResponseBase:
    """By number, or by `row` from the page of a pupil's own record."""
    row = asked.GET.get("row", "")
    if asked.method == "GET" and not row:
        return _page(asked)
    number = asked.POST.get("number", "").strip()[:_LONGEST]
    if asked.method == "POST" and not number:
        return _page(asked, wrong=say("请填写学籍号。"))
    try:
        found = _found(asked, number, row)
    except NotFound as nobody:
        return _page(asked, number=number, wrong=nobody.message)
    if asked.POST.get("format") == files.FORMAT:
        return _workbook(found)
    return _page(asked, number=number, found=found)


def _found(asked: Asked, number: str, row: str) -> Watched:
    moment = asked.moment
    if asked.method == "POST":
        return watchers.by_number(moment.reader, number, now=moment.now, route=asked.path)
    if not (row.isascii() and row.isdigit() and len(row) < 16):
        raise NotFound(say("没有这名学生，或者不在您的可见范围内。"))
    return watchers.by_row(moment.reader, int(row), now=moment.now, route=asked.path)


def _page(
    asked: Asked, number: str = "", found: Watched | None = None, wrong: Message | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "number": number,
        "found": found,
        "wrong": wrong,
        "errors": [{"message": wrong, "anchor": "number"}] if wrong else [],
        "heads": [Head(label) for label in _LABELS],
        "crumbs": [{"label": say("谁看过孩子的信息")}],
    }
    return page(asked, "children/children.html", context, status=422 if wrong else 200)


def _workbook(found: Watched) -> HttpResponse:
    """As the page shows it; the child is named only as far as the page names it."""
    rows = [
        (one.at, f"{one.name} {one.viewer}".strip(), _duty(one), one.ledger, one.route, one.reason)
        for one in found.seen
    ]
    title = say("谁看过孩子的信息")
    about = ((say("学生"), str(found.child.get("name") or "")), (say("学校"), found.school))
    return files.workbook(title, files.Sheet(title, _LABELS, rows), about=about)


def _duty(one: watchers.Seen) -> Message:
    return say("{org} {role}", org=one.org, role=one.role)
