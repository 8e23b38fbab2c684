"""For the security administrator: who there is, who may do what, and what looks unusual."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from zhuji.kernel.errors import BadInput, NotFound
from zhuji.kernel.messages import say
from zhuji.ledgers import directory, visibility
from zhuji.orgs import accounts, actions, alerts, people, second_factor, sign_in
from zhuji.orgs.accounts import Newcomer
from zhuji.orgs.roles import PARENT, ROLES, Verb
from zhuji.orgs.rules import Seat
from zhuji.web import lists
from zhuji.web.account.views import SAID, WRONG, day, number, reason, wrong
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.pages import page

LOOK_BACK = timedelta(days=7)
_CHOICES = [(role.key, role.label) for role in ROLES if role is not PARENT]


@signed_in("GET", verb=Verb.APPOINT)
def everybody(request: Asked) -> HttpResponseBase:
    moment = request.moment
    said = request.GET.get("q", "").strip()
    found = people.found(said, actor=moment.person, now=moment.now)
    pages = lists.pages(request.GET, found.count())
    shown = list(found[pages.slice])
    held = people.held_by(shown, moment.today)
    rows = [{"person": one, "posts": held[one.pk]} for one in shown]
    orgs = [post.appointment.org for posts in held.values() for post in posts]
    context = {
        "people": rows,
        "names": directory.names(orgs),
        "pages": pages,
        "q": said,
        "alerts": alerts.frequent_reveals(since=moment.now - LOOK_BACK),
        "errors": [],
    }
    return page(request, "account/people.html", context, parts={"rows": "account/_people.html"})


@signed_in("GET", "POST", verb=Verb.APPOINT)
@sensitive_post_parameters("password")
def add(request: Asked) -> HttpResponseBase:
    given = request.POST
    errors: list[dict[str, Any]] = []
    if request.method == "POST":
        made = Newcomer(
            given.get("username", "").strip(),
            given.get("name", "").strip(),
            given.get("staff_no", "").strip().upper(),
        )
        try:
            if not made.username or not made.name:
                raise BadInput(say("用户名和姓名都要填。"))
            moment = request.moment
            password = given.get("password", "")
            accounts.add_person(made, password, actor=moment.person, now=moment.now)
        except WRONG as refusal:
            errors = wrong("username", refusal)
        else:
            return HttpResponseRedirect(reverse("person", args=[made.username]))
    context = {"given": given, "errors": errors}
    return page(request, "account/add.html", context, status=422 if errors else 200)


@signed_in("GET", "POST", verb=Verb.APPOINT)
@sensitive_post_parameters("password")
def one(request: Asked, username: str) -> HttpResponseBase:
    """What is done is named by the button; each is one action of the domain."""
    moment = request.moment
    person = people.one(username, actor=moment.person, now=moment.now)
    errors: list[dict[str, Any]] = []
    if request.method == "POST":
        doing = request.POST.get("do", "")
        try:
            if doing not in DEEDS:
                raise BadInput(say("表单不完整，请刷新页面再试。"))
            DEEDS[doing](request, username)
        except (*WRONG, NotFound) as refusal:
            errors = wrong(f"{doing}-why", refusal)
        else:
            return HttpResponseRedirect(reverse("person", args=[username]) + "?said=done")
    posts = people.posts(person, moment.today)
    context = {
        "person": person,
        "posts": posts,
        "names": directory.names([post.appointment.org for post in posts]),
        "roles": _CHOICES,
        "today": moment.today,
        "locked_for": people.locked_for(person, moment.now),
        "factors": second_factor.factors(person),
        "is_self": person == moment.person,
        "given": request.POST,
        "errors": errors,
        "said": SAID.get(request.GET.get("said", "")),
    }
    return page(request, "account/person.html", context, status=422 if errors else 200)


def _appoint(request: Asked, username: str) -> None:
    given, moment = request.POST, request.moment
    org = given.get("org", "").strip()
    kind = visibility.tree(moment.today).kinds.get(org)
    if kind is None:
        raise BadInput(say("机构台账里没有代码“{org}”。", org=org))
    until = given.get("valid_to", "").strip()
    seat = Seat(
        given.get("role", ""),
        org,
        kind,
        day(given.get("valid_from", "")),
        day(until) if until else None,
    )
    why = reason(given.get("why", ""))
    actions.appoint(username, seat, actor=moment.person, now=moment.now, why=why)


def _end(request: Asked, username: str) -> None:
    given, moment = request.POST, request.moment
    why = reason(given.get("why", ""))
    on = day(given.get("on", ""))
    actions.end(number(request, "appointment"), on, actor=moment.person, now=moment.now, why=why)


def _suspend(request: Asked, username: str) -> None:
    accounts.suspend(username, **_by(request))


def _restore(request: Asked, username: str) -> None:
    accounts.restore(username, **_by(request))


def _unlock(request: Asked, username: str) -> None:
    sign_in.unlock(username, **_by(request))


def _reset(request: Asked, username: str) -> None:
    second_factor.reset(username, **_by(request))


def _password(request: Asked, username: str) -> None:
    accounts.set_password(username, request.POST.get("password", ""), **_by(request))


def _by(request: Asked) -> dict[str, Any]:
    why = reason(request.POST.get("why", ""))
    return {"actor": request.moment.person, "now": request.moment.now, "why": why}


DEEDS: dict[str, Callable[[Asked, str], None]] = {
    "appoint": _appoint,
    "end": _end,
    "suspend": _suspend,
    "restore": _restore,
    "unlock": _unlock,
    "reset": _reset,
    "password": _password,
}
