"""What a guardian sees through a one-time link: their own child's record, and nothing else."""

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache

from zhuji.kernel.errors import BadInput, NotAllowed, NotFound
from zhuji.ledgers import directory, guardian
from zhuji.orgs import links
from zhuji.orgs.clock import database_now
from zhuji.web import gate
from zhuji.web.account.views import wrong
from zhuji.web.doors import Visit, by_link, public
from zhuji.web.pages import page

SAID = {"asked": guardian.ASKED}


@public("GET", "POST")
@never_cache
def open_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Looking at the address uses nothing up: chat programs fetch it before anybody presses."""
    if request.method == "GET":
        return page(request, "account/child_open.html", {"errors": []})
    try:
        key = links.redeem(token, now=database_now(), source=gate.source(request))
    except (NotFound, NotAllowed) as refusal:
        context = {"errors": wrong("", refusal), "is_over": True}
        return page(request, "account/child_open.html", context, status=422)
    gate.leave(request)
    request.session[gate.VISIT] = key
    return HttpResponseRedirect(reverse("child"))


@public("GET")
@never_cache
def over(request: HttpRequest) -> HttpResponseBase:
    return page(request, "account/child_open.html", {"errors": [], "is_over": True})


@by_link("GET", "POST")
def record(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The record; a POST asks for a correction."""
    errors = []
    wording = request.POST.get("wording", "")
    if request.method == "POST":
        try:
            links.ask_correction(visit.link, wording, now=visit.now)
        except BadInput as refusal:
            errors = wrong("wording", refusal)
        else:
            return HttpResponseRedirect(reverse("child") + "?said=asked")
    sections = guardian.record(visit.link, now=visit.now, today=visit.today, route=request.path)
    context = {
        "sections": sections,
        "school": directory.names([visit.link.org]).get(visit.link.org, ""),
        "until": visit.link.visit_ends_at,
        "requests": guardian.asked_through(visit.link),
        "wording": wording,
        "errors": errors,
        "said": SAID.get(request.GET.get("said", "")),
    }
    return page(request, "account/child.html", context, status=422 if errors else 200)


@by_link("POST")
def leave(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    links.end_visit(visit.link, now=visit.now)
    request.session.flush()
    answer = HttpResponseRedirect(reverse("child-over"))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer
