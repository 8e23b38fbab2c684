"""Showing the second factor, a code or a security key; the session then goes on under a new key."""

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase

from zhuji.kernel.errors import BadInput, NotAllowed
from zhuji.kernel.messages import Message
from zhuji.orgs import second_factor, security_keys
from zhuji.web import gate
from zhuji.web.asked import Asked
from zhuji.web.doors import Second, signed_in
from zhuji.web.pages import page

STATE = "security_key"


@signed_in("GET", "POST", verb=None, second=Second.NO)
def show(request: Asked) -> HttpResponseBase:
    """A code of the app, or a recovery code in the same field."""
    if request.method == "GET":
        return _form(request)
    person, now = request.moment.person, request.moment.now
    code = request.POST.get("code", "")
    try:
        second_factor.show_code(person, code, now=now, source=gate.source(request))
    except (BadInput, NotAllowed) as refusal:
        return _form(request, refusal.message)
    gate.passed_second(request)
    return HttpResponseRedirect(gate.next_of(request))


@signed_in("POST", verb=None, second=Second.NO)
def key_options(request: Asked) -> HttpResponseBase:
    """What the browser is to ask the security key; the challenge stays in the session."""
    options, request.session[STATE] = security_keys.begin_showing(
        request.moment.person, host(request)
    )
    return JsonResponse(options["publicKey"])


@signed_in("POST", verb=None, second=Second.NO)
def show_key(request: Asked) -> HttpResponseBase:
    state: Any = request.session.pop(STATE, None)
    person, now = request.moment.person, request.moment.now
    try:
        answer = request.POST.get("answer", "")
        security_keys.show(person, host(request), state, answer, now=now)
    except (BadInput, NotAllowed) as refusal:
        return _form(request, refusal.message)
    gate.passed_second(request)
    return HttpResponseRedirect(gate.next_of(request))


def host(request: HttpRequest) -> str:
    """As the address bar has it, without the port."""
    return request.get_host().rpartition(":")[0] or request.get_host()


def _form(request: Asked, refusal: Message | None = None) -> HttpResponseBase:
    kinds = {factor.kind for factor in second_factor.factors(request.moment.person)}
    context = {
        "errors": [{"anchor": "code", "message": refusal}] if refusal else [],
        "next": gate.next_of(request),
        "has_key": second_factor.KEY in kinds,
        "has_app": second_factor.TOTP in kinds,
    }
    status = 422 if refusal else 200
    return page(request, "sign_in/second.html", context, status=status)
