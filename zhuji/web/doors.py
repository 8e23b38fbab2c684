"""Every view stands behind one of two doors, which says who may knock; a test refuses any other.

The authorization matrix is generated from what stands here, so a new route cannot be forgotten.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.db import connection
from django.http import (
    Http404,
    HttpRequest,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache

from zhuji.cockpit.moment import Moment
from zhuji.orgs import county, links, row_security, second_factor, sign_in
from zhuji.orgs.clock import database_now
from zhuji.orgs.roles import Verb
from zhuji.web import gate
from zhuji.web.asked import Asked

P = ParamSpec("P")
View = Callable[Concatenate[Asked, P], HttpResponseBase]
Public = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Routed = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Visit:
    """A guardian's visit at this moment, and the child's link that allows it."""

    link: Any
    now: datetime
    today: date


Guardians = Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase]


class Second(StrEnum):
    """When the second factor must have been shown. `enrolled`: by who has one; only where one is
    enrolled, for else a stolen password could enrol. `needed`: also by whose posts require it."""

    NEEDED = "needed"
    ENROLLED = "enrolled"
    NO = "no"


@dataclass(frozen=True)
class Door:
    """`verb`: what some post of the person must allow, or else one of `also`. `public`: nobody need
    be signed in. `link`: only a guardian on a visit by a one-time link."""

    methods: tuple[str, ...]
    verb: Verb | None = None
    public: bool = False
    link: bool = False
    second: Second = Second.NEEDED
    also: tuple[Verb, ...] = ()
    own_password: bool = True  # one that somebody else has set opens nothing but its change

    def opens(self, moment: Moment) -> bool:
        """For somebody who is signed in."""
        return self.verb is None or any(moment.holds(verb) for verb in (self.verb, *self.also))


def public(*methods: str) -> Callable[[Public[P]], Routed]:
    """For pages that show nothing of anybody: signing in, health, static texts."""

    def opened(view: Public[P]) -> Routed:
        @wraps(view)
        def routed(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        return _marked(routed, Door(methods, public=True))

    return opened


def signed_in(
    *methods: str,
    verb: Verb | None = Verb.READ,
    second: Second = Second.NEEDED,
    also: tuple[Verb, ...] = (),
    own_password: bool = True,
) -> Callable[[View[P]], Routed]:
    """For everything else. Who lacks the verb gets the page of a thing that does not exist."""
    door = Door(methods, verb, second=second, also=also, own_password=own_password)

    def opened(view: View[P]) -> Routed:
        @never_cache
        @wraps(view)
        def routed(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return gate.to_sign_in(request)
            asked = cast(Asked, request)
            asked.moment = Moment(cast(Any, request.user), now=cast(Any, request).now)
            halted = _halted(asked, door)
            if halted is not None:
                return halted
            if not door.opens(asked.moment):
                raise Http404
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            with _net(asked, second):
                return view(asked, *args, **kwargs)

        return _marked(routed, door)

    return opened


def _halted(asked: Asked, door: Door) -> HttpResponseBase | None:
    """Sent to the second factor, to enrol one, or to a password of one's own, before anything else
    can be done."""
    signed, person = cast(Any, asked).signed_in, asked.moment.person
    if door.second is not Second.NO and signed.second_at is None:
        is_enrolled = second_factor.enrolled(person)
        is_needed = door.second is Second.NEEDED and asked.moment.reader.needs_second_factor
        if is_enrolled or is_needed:
            return gate.to_second_factor(asked, is_enrolled=is_enrolled)
    is_settled = door.second is Second.NEEDED and door.own_password
    if is_settled and sign_in.has_given_password(person, signed.how):
        return gate.to_password(asked)
    return None


def _net(asked: Asked, second: Second) -> AbstractContextManager[None]:
    """The database's own limit; who may only enrol yet is not looked up for it."""
    if connection.vendor != "postgresql":
        return nullcontext()
    if second is not Second.NEEDED or asked.moment.holds(Verb.APPOINT):
        return nullcontext()
    return row_security.within(asked.moment.reader.orgs)


def by_link(*methods: str) -> Callable[[Guardians[P]], Routed]:
    """For what a guardian sees of one child; signing in opens it to nobody."""

    def opened(view: Guardians[P]) -> Routed:
        @never_cache
        @wraps(view)
        def routed(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            now = database_now()
            link = links.visit(request.session.get(gate.VISIT, ""), now=now)
            if link is None:
                return HttpResponseRedirect(reverse("child-over"))
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, Visit(link, now, county.today(now)), *args, **kwargs)

        return _marked(routed, Door(methods, link=True))

    return opened


def _marked(routed: Routed, door: Door) -> Routed:
    cast(Any, routed).door = door
    return routed
