"""Signing in with a name and password, and signing out."""

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from zhuji.kernel.errors import NotAllowed
from zhuji.kernel.messages import Message
from zhuji.orgs import county, oidc, sessions, sign_in
from zhuji.orgs.clock import database_now
from zhuji.web import gate
from zhuji.web.doors import public
from zhuji.web.pages import page


@public("GET", "POST")
@never_cache
@sensitive_post_parameters("password")
def enter(request: HttpRequest) -> HttpResponseBase:
    """Whatever is wrong, the answer is the same; only who has tried too often is told to wait."""
    if request.method == "GET":
        if request.user.is_authenticated:
            return HttpResponseRedirect(gate.next_of(request))
        return _form(request)
    name = request.POST.get("username", "").strip()
    try:
        person = sign_in.sign_in(
            name,
            request.POST.get("password", ""),
            now=database_now(),
            source=gate.source(request),
        )
    except NotAllowed as refusal:
        return _form(request, refusal.message, name)
    gate.enter(request, person, sessions.How.PASSWORD)
    return HttpResponseRedirect(gate.next_of(request))


@public("POST")
@never_cache
def leave(request: HttpRequest) -> HttpResponseBase:
    """Also what the browser has kept of our pages goes."""
    gate.leave(request)
    answer = HttpResponseRedirect(reverse("sign-in"))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _form(request: HttpRequest, refusal: Message | None = None, name: str = "") -> HttpResponseBase:
    errors = [{"anchor": "username", "message": refusal}] if refusal else []
    provider = oidc.provider()
    context = {
        "errors": errors,
        "username": name,
        "next": gate.next_of(request),
        "is_over": request.session.pop(gate.OVER, False) if gate.OVER in request.session else False,
        "provider": provider.name if provider else "",
        "is_invented": county.invented() is not None,
    }
    return page(request, "sign_in/enter.html", context, status=422 if errors else 200)
