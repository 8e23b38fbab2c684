"""One's own account: posts, sign-ins, second factors, password, deputies during leave."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.debug import sensitive_post_parameters

from zhuji.kernel.errors import BadInput, DomainError, NotAllowed, Refused
from zhuji.kernel.messages import say
from zhuji.ledgers import directory, guardian
from zhuji.orgs import accounts, actions, people, rules, second_factor, sessions, sign_in
from zhuji.orgs.sessions import How
from zhuji.web import gate
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.pages import page

NOTHING: Mapping[str, Any] = {}
WRONG = (BadInput, NotAllowed, Refused)


@signed_in("GET", verb=None, own_password=False)
def mine(request: Asked) -> HttpResponseBase:
    return shown(request)


@signed_in("POST", verb=None, own_password=False)
@sensitive_post_parameters("old", "new", "again")
def password(request: Asked) -> HttpResponseBase:
    """Other sign-ins end with the old password; this one goes on under a new session."""
    given, must_change = request.POST, _must_change(request)
    try:
        if given.get("new", "") != given.get("again", ""):
            raise BadInput(say("两次输入的新口令不一样。"))
        old, new, now = given.get("old", ""), given.get("new", ""), request.moment.now
        person = accounts.change_password(old, new, actor=request.moment.person, now=now)
    except WRONG as refusal:
        return shown(request, errors=wrong("old", refusal))
    had_second = request.signed_in.second_at is not None
    gate.enter(request, person, How(request.signed_in.how))
    if had_second:
        gate.passed_second(request)  # it was shown in this very sign-in
    done = reverse("account") + "?said=password"
    return HttpResponseRedirect(gate.next_of(request) if must_change else done)


@signed_in("POST", verb=None)
def end_sign_in(request: Asked) -> HttpResponseBase:
    """One of one's own on another device."""
    sessions.end_one(number(request, "number"), request.moment.person, now=request.moment.now)
    return HttpResponseRedirect(reverse("account") + "?said=ended")


@signed_in("POST", verb=None)
def leave_everywhere(request: Asked) -> HttpResponseBase:
    """Here as well."""
    sessions.sign_out_everywhere(request.moment.person, now=request.moment.now)
    gate.leave(request)
    return HttpResponseRedirect(reverse("sign-in"))


@signed_in("POST", verb=None)
def deputise(request: Asked) -> HttpResponseBase:
    """Somebody stands in from today until the last day of one's leave."""
    given = request.POST
    try:
        actions.deputise(
            number(request, "appointment"),
            given.get("username", "").strip(),
            day(given.get("until", "")),
            actor=request.moment.person,
            now=request.moment.now,
            why=reason(given.get("why", "")),
        )
    except DomainError as refusal:
        return shown(request, errors=wrong("deputy", refusal))
    return HttpResponseRedirect(reverse("account") + "?said=deputy")


def shown(
    request: Asked, *, errors: list[dict[str, Any]] | None = None, more: Mapping[str, Any] = NOTHING
) -> HttpResponseBase:
    moment, must_change = request.moment, _must_change(request)
    key = request.session.get(gate.KEY, "")
    posts = people.posts(moment.person, moment.today)
    deputies = people.deputies(moment.person, moment.today)
    codes = [post.appointment.org for post in posts] + [one.org for one in deputies]
    context = {
        "person": moment.person,
        "posts": posts,
        "own_posts": [p for p in posts if p.is_held and not p.appointment.deputy_for_id],
        "deputies": deputies,
        "names": directory.names(codes),
        "sign_ins": [
            {"one": one, "is_this": sessions.is_this(one, key)}
            for one in sessions.lasting(moment.person, moment.now)
        ],
        "factors": second_factor.factors(moment.person),
        "codes_left": second_factor.codes_left(moment.person),
        "is_needed": moment.reader.needs_second_factor,
        "governs": rules.governs(moment.person, moment.now),
        "issues_links": bool(guardian.may_answer(moment.reader)),
        "must_change": must_change,
        "next": gate.next_of(request) if must_change else "",
        "errors": errors or [],
        "said": SAID.get(request.GET.get("said", "")),
        **more,
    }
    return page(request, "account/mine.html", context, status=422 if errors else 200)


def _must_change(request: Asked) -> bool:
    return sign_in.has_given_password(request.moment.person, request.signed_in.how)


SAID = {
    "password": say("口令已更改，其他设备上的登录已经退出。"),
    "ended": say("那台设备上的登录已经退出。"),
    "deputy": say("代理已经设好，从今天起生效。"),
    "done": say("已办理。"),
    "answered": say("答复已记下，家长下次打开链接时可以看到。"),
    "revoked": say("链接已作废。"),
}


def wrong(anchor: str, refusal: DomainError) -> list[dict[str, Any]]:
    return [{"anchor": anchor, "message": refusal.message}]


def number(request: Asked, name: str) -> int:
    said = request.POST.get(name, "")
    if not (said.isascii() and said.isdigit()) or len(said) > 18:
        raise BadInput(say("表单不完整，请刷新页面再试。"))
    return int(said)


def day(said: str) -> date:
    try:
        found = parse_date(said.strip())
    except ValueError:
        found = None
    if found is None:
        raise BadInput(say("“{said}”不是日期，请写成 2023-09-01 的样子。", said=said))
    return found


def reason(said: str) -> str:
    if not said.strip():
        raise BadInput(say("请写明事由。"))
    return said.strip()[:255]
