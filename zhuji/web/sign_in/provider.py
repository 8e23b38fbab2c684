"""Signing in through the provider that the settings name; without one these pages do not exist."""

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache

from zhuji.kernel.errors import NotAllowed
from zhuji.orgs import oidc, sessions
from zhuji.orgs.clock import database_now
from zhuji.orgs.oidc import Provider
from zhuji.web import gate
from zhuji.web.doors import public
from zhuji.web.pages import page

KEPT, NEXT = "provider", "provider_next"


@public("GET")
@never_cache
def go(request: HttpRequest) -> HttpResponseBase:
    begun = oidc.begin(_provider(), _callback(request))
    request.session[KEPT], request.session[NEXT] = begun.kept, gate.next_of(request)
    return HttpResponseRedirect(begun.address)


@public("GET")
@never_cache
def come_back(request: HttpRequest) -> HttpResponseBase:
    """What was kept is good for one answer."""
    by = _provider()
    kept, target = request.session.pop(KEPT, {}), request.session.pop(NEXT, "/")
    try:
        person = oidc.finish(by, _callback(request), kept, request.GET.dict(), now=database_now())
    except NotAllowed as refusal:
        context = {
            "errors": [{"anchor": "", "message": refusal.message}],
            "next": target,
            "provider": by.name,
        }
        return page(request, "sign_in/enter.html", context, status=422)
    gate.enter(request, person, sessions.How.PROVIDER)
    return HttpResponseRedirect(target)


def _provider() -> Provider:
    found = oidc.provider()
    if found is None:
        raise Http404
    return found


def _callback(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("provider-back"))
