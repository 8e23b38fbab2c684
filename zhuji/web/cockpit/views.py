"""The cockpit as one page: six zones, each with its owner, its day, a way down and an act."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from zhuji.cockpit import screen as screens
from zhuji.cockpit import tiles as tiling
from zhuji.cockpit.faces import Standing
from zhuji.cockpit.screen import Screen
from zhuji.cockpit.tiles import Tile
from zhuji.kernel.messages import Label, say
from zhuji.orgs.roles import Verb
from zhuji.tasks import rules
from zhuji.web.asked import Asked
from zhuji.web.cockpit import charts, sheets
from zhuji.web.doors import signed_in
from zhuji.web.files import FORMAT
from zhuji.web.links import href
from zhuji.web.lists import Head, changed
from zhuji.web.pages import page
from zhuji.web.plan import asking

_FEW_WARNINGS = 6
_PLAYED = "play"
_HEADS = {
    "progress_heads": (Head(Label("条款", "Clause")), Head(Label("灯", "Light")),
                       Head(Label("措施", "Measures"))),
    "warning_heads": (
        Head(Label("条款与责任", "Clause and owner")),
        Head(Label("欠单位", "Owing"), number=True), Head(Label("过期", "Overdue"), number=True),
        Head(Label("最早期限", "First due")), Head(Label("办理", "Act")),
    ),
    "money_heads": (
        Head(Label("资金", "Line")), Head(Label("计划", "Planned"), number=True),
        Head(Label("预算", "Budget"), number=True), Head(Label("拨付", "Paid"), number=True),
        Head(Label("支出", "Spent"), number=True),
    ),
}  # fmt: skip


@signed_in("GET")
@asking.judged
def cockpit(asked: Asked) -> HttpResponse:
    where = asking.where(asked)
    tiles = tiling.tiles(asked.moment.reader, on=where.on, org=where.org)
    screen = screens.screen(asked.moment.reader, on=where.on, org=where.org)
    if asked.GET.get("format") == FORMAT:
        return sheets.cockpit(tiles, screen)
    standing = tiles.standing
    acts = _Acts(asked, screen)
    context: dict[str, Any] = {
        **_HEADS,
        "standing": standing,
        "issuer": screen.issuer,
        "age": _age(standing, asked.moment.today),
        "targets": [_target(one, acts, standing) for one in tiles.tiles if one.kind == "target"],
        "counts": [one for one in tiles.tiles if one.kind in ("nodes", "duties")],
        "sizes": [one for one in tiles.tiles if one.kind == "size"],
        "balance": next((one for one in tiles.tiles if one.kind == "balance"), None),
        "progress": screen.progress,
        "progress_chart": charts.progress(screen.progress, standing),
        "towns": tiles.towns,
        "towns_act": acts.first(one.id for one in tiles.towns.targets),
        "warnings": [(one, acts.of(one.face.id)) for one in screen.warnings[:_FEW_WARNINGS]],
        "more_warnings": max(0, len(screen.warnings) - _FEW_WARNINGS),
        "money": screen.money,
        "money_chart": charts.money(screen.money),
        "money_act": acts.first(one.clause for one in screen.money),
        "money_tile": next((one for one in tiles.tiles if one.kind == "money"), None),
        "trends": [
            _trends("satisfaction", say("满意与认同"), screen.satisfaction, acts, standing),
            _trends("staffing", say("师资"), screen.staffing, acts, standing),
        ],
        "is_playing": _PLAYED in asked.GET,
        **_addresses(asked.GET),
        "errors": where.errors,
        "crumbs": [{"label": say("驾驶舱")}],
    }
    return page(asked, "cockpit/page.html", context, status=where.status)


def _addresses(query: QueryDict) -> dict[str, str]:
    return {
        "play": changed(query, play=1),
        "stop": changed(query, play=None),
        "xlsx": changed(query, format=FORMAT, play=None),
    }


def _age(standing: Standing, today: date) -> int:
    """Days since the day that is shown; a screen that hangs for days must say so."""
    return (today - standing.on).days


def _target(one: Tile, acts: "_Acts", standing: Standing) -> dict[str, Any]:
    return {
        "tile": one,
        "href": href(one.link, standing),
        "down": href(one.action, standing) if one.action else "",
        "act": acts.of(one.id),
        "trend": [point.figure.value for point in one.trend],
    }


def _trends(
    key: str, title: object, found: tuple[screens.Trend, ...], acts: "_Acts", standing: Standing
) -> dict[str, Any]:
    return {
        "id": key,
        "title": title,
        "found": found,
        "periods": charts.periods(found),
        "owners": list(dict.fromkeys(one.owner for one in found)),
        "chart": charts.trends(found, standing),
        "href": reverse("plan-node", args=[found[0].parent]) if found else "",
        "act": acts.first(one.parent for one in found),
    }


class _Acts:
    """Whether this reader may remind or instruct somebody about a clause, and where that is."""

    def __init__(self, asked: Asked, screen: Screen) -> None:
        reader = asked.moment.reader
        self._owing = screen.owing
        if asked.moment.holds(Verb.INSTRUCT):
            self._kind, self.label = "instruct", Label("批示", "Instruct")
        elif any(rules.stands_above(reader, org) for org in reader.orgs):
            self._kind, self.label = "remind", Label("催办", "Remind")
        else:
            self._kind, self.label = "", Label("", "")
        # Notices are about what stands now; of a past day there is nothing to act on.
        if not screen.standing.newest:
            self._kind = ""

    def of(self, item: str) -> dict[str, Any] | None:
        if not self._kind or not self._owing.get(item):
            return None
        query = urlencode({"kind": self._kind, "item": item})
        return {"label": self.label, "href": f"{reverse('notice-compose')}?{query}"}

    def first(self, items: Any) -> dict[str, Any] | None:
        return next((act for item in items if (act := self.of(item))), None)
