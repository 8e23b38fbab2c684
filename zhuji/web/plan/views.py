"""The plan board, and the page of one clause."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from zhuji.bulletins.words import KINDS
from zhuji.cockpit import board as boards
from zhuji.cockpit import node as nodes
from zhuji.cockpit import places
from zhuji.cockpit.board import Board
from zhuji.cockpit.faces import Face, Link, Standing
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label, say
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.files import FORMAT
from zhuji.web.links import href
from zhuji.web.lists import Head, changed, pages
from zhuji.web.pages import page
from zhuji.web.plan import asking, dots, filters, sheets

_HEADS = {
    "owing_heads": (
        Head(Label("单位", "Organisation")),
        Head(Label("欠什么", "What is owed")),
        Head(Label("责任", "Owner")),
        Head(Label("期限", "Due")),
    ),
    "behind_heads": (
        Head(Label("单位", "Organisation")),
        Head(Label("灯", "Light")),
        Head(Label("欠项", "Owed"), number=True),
        Head(Label("已过期", "Overdue"), number=True),
    ),
    "face_heads": (
        Head(Label("灯", "Light")),
        Head(Label("指标", "Indicator")),
        Head(Label("数值", "Value"), number=True),
        Head(Label("要求", "Goal")),
        Head(Label("说明", "Remarks")),
    ),
    "money_heads": (
        Head(Label("项目", "Line")),
        Head(Label("单位", "Organisation")),
        *(
            Head(one, number=True)
            for one in (
                Label("计划", "Planned"),
                Label("预算", "Budget"),
                Label("下达", "Allotted"),
                Label("拨付", "Paid"),
                Label("支出", "Spent"),
                Label("未按用途", "Off purpose"),
                Label("迟拨天数", "Days late"),
            )
        ),
    ),
}
_NARROWED = ("target", "measure", "safeguard")  # what the filter of lights narrows
_COUNTED = ("target", "measure", "safeguard", "indicator", "duty", "milestone")


@signed_in("GET")
@asking.judged
def board(asked: Asked) -> HttpResponse:
    """The address says what is filtered and of which day, so that it can be shared."""
    where, narrowed = asking.where(asked), filters.asked_for(asked.GET)
    found = boards.board(asked.moment.reader, on=where.on, org=where.org, asked=narrowed)
    if asked.GET.get("format") == FORMAT:
        return sheets.board(found)
    context = {
        "found": found,
        "standing": found.standing,
        "fields": filters.fields(found, where.typed, where.fault),
        "chosen": filters.chips(found, asked.GET),
        "totals": _totals(asked, found),
        "is_empty": not (found.targets or found.actions or found.safeguards),
        "xlsx": changed(asked.GET, format=FORMAT),
        "errors": where.errors,
        "crumbs": [{"label": say("规划看板")}],
    }
    parts = {"board": "plan/_board.html"}
    return page(asked, "plan/board.html", context, parts=parts, status=where.status)


def _totals(asked: Asked, found: Board) -> list[dict[str, Any]]:
    """A row for each kind: how many show each light; of clauses the count narrows the board."""
    return [
        {
            "label": KINDS[kind],
            "total": sum(found.totals[kind].values()),
            "lights": [
                {"light": light, "count": found.totals[kind][light],
                 "href": changed(asked.GET, light=light.value) if kind in _NARROWED else ""}
                for light in Light if found.totals[kind][light]
            ],
        }
        for kind in _COUNTED if sum(found.totals[kind].values())
    ]  # fmt: skip


@signed_in("GET")
@asking.judged
def node(asked: Asked, node: str) -> HttpResponseBase:
    where = asking.where(asked)
    found = nodes.node(asked.moment.reader, node, on=where.on, org=where.org)
    if found.face.kind == "indicator":
        query = asked.GET.urlencode()
        return redirect(f"{reverse('indicator', args=[node])}{'?' + query if query else ''}")
    if asked.GET.get("format") == FORMAT:
        return sheets.node(found)
    owing = pages(asked.GET, len(found.owing), size=20)
    alone = found.face.kind in ("duty", "milestone")
    own = (*found.duties, *found.milestones)
    context = {
        "found": found,
        "standing": found.standing,
        "face": found.face,
        "alone": alone,
        "calendars": dots.calendars(own, found.standing, dots.MOST if alone else dots.FEW),
        "behind": places.behind(asked.moment.reader, node, found.owing, on=where.on, org=where.org),
        "owing": found.owing[owing.slice],
        "owing_pages": owing,
        **_HEADS,
        "act_org": _act_org(asked, found.standing),
        "xlsx": changed(asked.GET, format=FORMAT),
        "errors": where.errors,
        "crumbs": crumbs(found.above, found.face.label, found.standing),
    }
    parts = {"owing": "plan/_owing.html"}
    return page(asked, "plan/node.html", context, parts=parts, status=where.status)


def _act_org(asked: Asked, standing: Standing) -> str:
    """Whom an act is about: the organisation of the page, unless it is the reader's own."""
    own = {grant.at for grant in asked.moment.reader.grants}
    asked_for = asked.GET.get("org", "")
    return asked_for if asked_for == standing.org.code and asked_for not in own else ""


def crumbs(above: tuple[Face, ...], last: Label, standing: Standing) -> list[dict[str, Any]]:
    """From the board down to the page."""
    start = Link("plan", org=standing.org.code)
    found: list[dict[str, Any]] = [{"label": say("规划看板"), "href": href(start, standing)}]
    found += [{"label": one.label, "href": href(one.link, standing)} for one in above]
    return [*found, {"label": last}]
