"""What went wrong, as a page: refusals in their own words, faults without detail."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from zhuji.kernel.errors import BadInput, DomainError, NotAllowed, NotFound, Refused

log = logging.getLogger("zhuji.web")
_STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Refused: 409,
    BadInput: 422,
}
_NOWHERE = "web/nowhere.html"


class Problems:
    """A middleware: no refusal of the domain reaches a reader as a fault of the server."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        status = _STATUS.get(type(error), 400)
        if status == 404:  # the very page of an address that is not there: nothing to tell apart
            return render(request, _NOWHERE, status=404)
        return render(request, "web/refusal.html", {"error": error}, status=status)


def nowhere(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, _NOWHERE, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/forbidden.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Reveals nothing; what happened stands in the log under the time that the page shows."""
    return render(request, "web/broken.html", status=500)
