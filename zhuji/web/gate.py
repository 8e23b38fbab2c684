"""Before any view: a sign-in that was idle, too old or ended elsewhere is none any more."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from zhuji.orgs import sessions
from zhuji.orgs.clock import database_now
from zhuji.orgs.sessions import Client, How

KEY = "signed_in"
VISIT = "child_visit"
OVER = "sign_in_over"  # so that the next page can say why one has to sign in
_DEVICES = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")


class Sessions:
    """A middleware: sets `request.signed_in`, and an anonymous user where it is None; and
    `request.now` for whoever is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = cast(Any, request)
        asked.signed_in = None
        if auth.SESSION_KEY in request.session:
            asked.signed_in = _current(request)
            if asked.signed_in is None:
                request.session.flush()
                request.session[OVER] = True
                asked.user = AnonymousUser()
        return self.get_response(request)


def _current(request: HttpRequest) -> Any:
    person = cast(Any, request.user)
    key = request.session.get(KEY)
    if not key or not person.is_authenticated:
        return None
    now = cast(Any, request).now = database_now()
    return sessions.current(key, person, now=now)


def enter(request: HttpRequest, person: Any, how: How) -> None:
    """Sign a person in here: a new session number, a new CSRF secret, a new key."""
    auth.login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    request.session.cycle_key()
    request.session[KEY] = sessions.begin(
        person, how, now=database_now(), client=Client(device(request), address(request))
    )


def leave(request: HttpRequest) -> None:
    if request.user.is_authenticated and KEY in request.session:
        sessions.end(request.session[KEY], cast(Any, request.user), now=database_now())
    auth.logout(request)


def passed_second(request: HttpRequest) -> None:
    """The second factor was shown: nobody who knew the session before knows it now."""
    person = cast(Any, request.user)
    fresh = sessions.pass_second(request.session[KEY], person, now=database_now())
    request.session.cycle_key()
    request.session[KEY] = fresh


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back to where one was; htmx is told to take the whole page there."""
    return _go(request, reverse("sign-in"))


def to_second_factor(request: HttpRequest, *, is_enrolled: bool) -> HttpResponseBase:
    return _go(request, reverse("second-factor" if is_enrolled else "factors"))


def to_password(request: HttpRequest) -> HttpResponseBase:
    return _go(request, reverse("account"))


def _go(request: HttpRequest, where: str) -> HttpResponseBase:
    target = f"{where}?{urlencode({'next': _came_from(request)})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _came_from(request: HttpRequest) -> str:
    """The page a person was on: what a form was sent to is not one."""
    if request.headers.get("HX-Request") == "true":
        return _path(request, request.headers.get("HX-Current-URL", ""))
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return _path(request, request.headers.get("Referer", ""))


def _path(request: HttpRequest, url: str) -> str:
    parts = urlsplit(url)
    if parts.netloc != request.get_host():
        return "/"
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def next_of(request: HttpRequest) -> str:
    """Where to go afterwards: an address of this site, or the home page."""
    given = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return given if is_ours else "/"


def device(request: HttpRequest) -> str:
    """Enough for its owner to know it again, and no more."""
    said = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in _DEVICES if mark in said), "")
    system = next((mark for mark in _SYSTEMS if mark in said), "")
    return " · ".join(part for part in (browser, system) if part)


def address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def source(request: HttpRequest) -> str:
    """What the trail keeps of where an attempt came from."""
    return f"web {address(request)}"
