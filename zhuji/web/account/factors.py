"""One's second factors: enrol an app or a security key, get recovery codes, remove."""

from base64 import b64encode
from typing import Any

from django.http import HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from zhuji.kernel.errors import BadInput, DomainError, Refused
from zhuji.kernel.messages import Message, say
from zhuji.orgs import second_factor, security_keys, sessions
from zhuji.web import gate
from zhuji.web.account.views import number
from zhuji.web.asked import Asked
from zhuji.web.doors import Second, signed_in
from zhuji.web.pages import page
from zhuji.web.sign_in.second import STATE, host

SECRET = "totp_secret"  # noqa: S105  # the name of a place in the session


@signed_in("GET", verb=None, second=Second.ENROLLED)
def factors(request: Asked) -> HttpResponseBase:
    return _shown(request)


@signed_in("POST", verb=None, second=Second.ENROLLED)
def enrol_app(request: Asked) -> HttpResponseBase:
    """The code proves that the app has the secret that was shown."""
    person = request.moment.person
    try:
        if SECRET not in request.session:
            raise BadInput(say("二维码已经过期，请用新的二维码再试。"))
        secret = second_factor.unwrapped(person, request.session[SECRET])
        code = "".join(request.POST.get("code", "").split())
        second_factor.enrol_app(person, secret, code, now=request.moment.now)
    except DomainError as refusal:
        return _shown(request, refusal.message, "code")
    del request.session[SECRET]
    return _enrolled(request)


@signed_in("POST", verb=None, second=Second.ENROLLED)
def key_options(request: Asked) -> HttpResponseBase:
    options, request.session[STATE] = security_keys.begin_enrolment(
        request.moment.person, host(request)
    )
    return JsonResponse(options["publicKey"])


@signed_in("POST", verb=None, second=Second.ENROLLED)
def enrol_key(request: Asked) -> HttpResponseBase:
    state: Any = request.session.pop(STATE, None)
    person, now = request.moment.person, request.moment.now
    given = request.POST
    try:
        security_keys.enrol(
            person,
            host(request),
            state,
            given.get("answer", ""),
            name=given.get("name", ""),
            now=now,
        )
    except DomainError as refusal:
        return _shown(request, refusal.message, "key-name")
    return _enrolled(request)


@signed_in("POST", verb=None)
def new_codes(request: Asked) -> HttpResponseBase:
    """Shown once, here and now."""
    codes = second_factor.recovery_codes(request.moment.person, now=request.moment.now)
    return _shown(request, codes=codes)


@signed_in("POST", verb=None)
def remove(request: Asked) -> HttpResponseBase:
    """The last one stays where a post requires a second factor: enrol another one first."""
    person = request.moment.person
    if request.moment.reader.needs_second_factor and len(second_factor.factors(person)) < 2:
        raise Refused(say("您的岗位必须有第二因素；请先登记另一个，再移除这一个。"))
    second_factor.remove(number(request, "number"), person, now=request.moment.now)
    return HttpResponseRedirect(reverse("factors"))


def _enrolled(request: Asked) -> HttpResponseBase:
    """Sign-ins elsewhere did not show the new factor, so they end; then the recovery codes."""
    person, now = request.moment.person, request.moment.now
    sessions.end_all(person, now=now, but=request.session[gate.KEY])
    gate.passed_second(request)
    codes = None
    if not second_factor.codes_left(person):
        codes = second_factor.recovery_codes(person, now=now)
    return _shown(request, codes=codes, is_new=True)


def _shown(
    request: Asked,
    refusal: Message | None = None,
    anchor: str = "",
    *,
    codes: list[str] | None = None,
    is_new: bool = False,
) -> HttpResponseBase:
    person = request.moment.person
    found = second_factor.factors(person)
    context: dict[str, Any] = {
        "factors": found,
        "codes": codes,
        "codes_left": second_factor.codes_left(person),
        "is_new": is_new,
        "is_needed": request.moment.reader.needs_second_factor,
        "next": gate.next_of(request),
        "errors": [{"anchor": anchor, "message": refusal}] if refusal else [],
    }
    if not any(factor.kind == second_factor.TOTP for factor in found):
        context.update(_offer(request))
    return page(request, "account/factors.html", context, status=422 if refusal else 200)


def _offer(request: Asked) -> dict[str, str]:
    """The secret to photograph; the same one until an app has answered, so that a slip in the
    code does not make the app's entry useless."""
    person = request.moment.person
    if SECRET not in request.session:
        request.session[SECRET] = second_factor.wrapped(person, second_factor.new_secret())
    secret = second_factor.unwrapped(person, request.session[SECRET])
    picture = b64encode(second_factor.picture(person, secret).encode()).decode()
    groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return {"picture": f"data:image/svg+xml;base64,{picture}", "secret": groups}
