"""What the search box finds. Words stand in the address; numbers of people never do."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from zhuji.cockpit import search as finding
from zhuji.cockpit.search import GROUPS, Found, Group, Hit
from zhuji.kernel.messages import Label, Message, say
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.help import topics
from zhuji.web.pages import page

_LONGEST = 80
_ROUTES: dict[Group, tuple[str, tuple[str, ...]]] = {
    Group.ORG: ("org", ()),
    Group.PLAN: ("plan-node", ()),
    Group.INDICATOR: ("indicator", ()),
    Group.LEDGER: ("ledger", ()),
    Group.STAFF: ("ledger-row", ("staff",)),
    Group.PUPIL: ("ledger-row", ("pupils",)),
    Group.HELP: ("help-page", ()),
}


@dataclass(frozen=True)
class Line:
    """One thing found, as the page shows it."""

    name: Label | str
    detail: tuple[Label | str, ...]
    href: str


@signed_in("GET", "POST", verb=None)
def search(asked: Asked) -> HttpResponseBase:
    """A form is posted, so that a number typed into it stays out of addresses and logs."""
    given = (asked.POST if asked.method == "POST" else asked.GET).get("q", "").strip()[:_LONGEST]
    is_number = finding.is_number(given)
    if asked.method == "POST" and not is_number and not asked.htmx:
        return redirect(f"{reverse('search')}?{urlencode({'q': given})}" if given else "search")
    if is_number and asked.method == "GET":
        return _page(asked, "", Found(), warning=say("号码请在下面的框里输入，不要放在地址里。"))
    moment = asked.moment
    also = topics.candidates()
    found = finding.find(moment.reader, given, now=moment.now, route=asked.path, also=also)
    answer = _page(asked, given, found)
    if asked.htmx and not is_number:
        here = f"{reverse('search')}?{urlencode({'q': given})}" if given else reverse("search")
        answer.headers["HX-Replace-Url"] = here
    return answer


def _page(asked: Asked, q: str, found: Found, warning: Message | None = None) -> HttpResponse:
    context = {
        "q": q,
        "groups": [
            (group, GROUPS[group], [_line(hit) for hit in of]) for group, of in found.groups
        ],
        "count": sum(len(of) for _, of in found.groups),
        "warning": warning,
        "crumbs": [{"label": say("搜索")}],
    }
    return page(asked, "search/search.html", context, parts={"found": "search/_found.html"})


def _line(hit: Hit) -> Line:
    one = hit.candidate
    return Line(one.name, one.detail, _href(one.group, one.id))


def _href(group: Group, key: str) -> str:
    """Nothing while the page does not exist."""
    route, before = _ROUTES[group]
    try:
        return reverse(route, args=[*before, key])
    except NoReverseMatch:
        return ""
