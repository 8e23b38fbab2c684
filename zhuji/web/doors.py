"""Every view stands behind one of two doors, which says who may knock; a test refuses any other.

The authorization matrix is generated from what stands here, so a new route cannot be forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from zhuji.orgs.roles import Verb
from zhuji.web.asked import Asked, Moment

P = ParamSpec("P")
View = Callable[Concatenate[Asked, P], HttpResponseBase]
Public = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Routed = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Door:
    """`verb`: what some post of the person must allow. `public`: nobody need be signed in."""

    methods: tuple[str, ...]
    verb: Verb | None = None
    public: bool = False


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


def signed_in(*methods: str, verb: Verb | None = Verb.READ) -> Callable[[View[P]], Routed]:
    """For everything else. Who lacks the verb gets the page of a thing that does not exist."""

    def opened(view: View[P]) -> Routed:
        @never_cache
        @wraps(view)
        def routed(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            asked = cast(Asked, request)
            asked.moment = Moment(cast(Any, request.user))
            if verb is not None and not asked.moment.holds(verb):
                raise Http404
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(asked, *args, **kwargs)

        return _marked(routed, Door(methods, verb))

    return opened


def _marked(routed: Routed, door: Door) -> Routed:
    cast(Any, routed).door = door
    return routed
