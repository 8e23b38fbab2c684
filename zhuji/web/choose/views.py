"""The page of invented people; in a real county it does not exist, whatever the settings say."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from zhuji.kernel.messages import Label
from zhuji.ledgers import directory
from zhuji.orgs import county, people, sessions, sign_in
from zhuji.orgs.clock import database_now
from zhuji.web import gate
from zhuji.web.choose.about import ABOUT
from zhuji.web.doors import public
from zhuji.web.pages import page


@dataclass(frozen=True)
class Choice:
    username: str
    name: str
    roles: tuple[Label, ...]
    org: str
    about: Label | None


@public("GET", "POST")
@never_cache
def choose(request: HttpRequest) -> HttpResponseBase:
    if county.invented() is None:
        raise Http404
    if request.method == "GET":
        context = {"choices": _choices(), "next": gate.next_of(request)}
        return page(request, "choose/choose.html", context)
    person = people.invented_named(request.POST.get("username", ""))
    if person is None:
        raise Http404
    gate.leave(request)
    sign_in.let_in(person, now=database_now(), source="choose")
    gate.enter(request, person, sessions.How.CHOSEN)
    return HttpResponseRedirect(gate.next_of(request))


def _choices() -> list[Choice]:
    today = county.today(database_now())
    invented = people.invented()
    held = people.held_by(invented, today)
    found = [(person, held[person.pk]) for person in invented]
    names = directory.names([post.appointment.org for _, posts in found for post in posts])
    order = list(ABOUT)
    found.sort(key=lambda one: order.index(one[1][0].role.key) if one[1] else len(order))
    return [
        Choice(
            person.username,
            person.name,
            tuple(post.role.label for post in posts),
            "、".join(dict.fromkeys(names.get(p.appointment.org, "") for p in posts)),
            ABOUT.get(posts[0].role.key) if posts else None,
        )
        for person, posts in found
    ]
