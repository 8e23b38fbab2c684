"""What a browser may do with our pages: run and show only what comes from this very site."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

_SELF = ["'self'"]
# `data:` for images alone: Tabler draws ticks and arrows so, and a picture cannot act.
CONTENT = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "manifest-src": _SELF,
        "form-action": _SELF,
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
DEVICES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class Devices:
    """A middleware: no page may ask for places, pictures or sound of anybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        answer.headers.setdefault("Permissions-Policy", DEVICES)
        return answer
