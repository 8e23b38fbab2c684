"""What went wrong, as a page: refusals in their own words, faults without detail."""

import logging
import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from zhuji.kernel.errors import BadInput, DomainError, NotAllowed, NotFound, Refused
from zhuji.kernel.messages import Message, say
from zhuji.orgs import trouble
from zhuji.web.pages import words

# No space left is 507, a database that is away 503: both pass, so that both may be retried.
_MACHINE = ((trouble.Full, 507), (trouble.Away, 503))
log = logging.getLogger("zhuji.web")
_STATUS = ((NotFound, 404), (NotAllowed, 403), (Refused, 409), (BadInput, 422))
_NOWHERE = "web/nowhere.html"
_LOST = {"lost": True}  # its address is repeated nowhere on the page
_PROGRAMS = "/api/"


class Problems:
    """A middleware: no refusal of the domain reaches a reader as a fault of the server."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """No person types it, and not every database can keep it."""
        given = (value for form in (request.GET, request.POST) for _, value in form.lists())
        if not any("\0" in text for values in given for text in values):
            return None
        error = BadInput(say("填写的内容里有看不见的控制字符，请删去后重填。"))
        if request.path.startswith(_PROGRAMS):
            return _for_program(error.message, 422)
        return render(request, "web/refusal.html", {"error": error}, status=422)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return _machine(request, error)
        status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
        if status == 404:  # the very page of an address that is not there: nothing to tell apart
            return render(request, _NOWHERE, _LOST, status=404)
        return render(request, "web/refusal.html", {"error": error}, status=status)


def _for_program(said: Message, status: int) -> HttpResponse:
    return JsonResponse({"message": words(said), "findings": []}, status=status)


def nowhere(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A program is told in its own form."""
    if request.path.startswith(_PROGRAMS):
        return _for_program(say("没有这个地址，或者它不在您的可见范围内。"), 404)
    return render(request, _NOWHERE, _LOST, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/forbidden.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Reveals nothing; what happened stands in the log under the time that the page shows."""
    error = sys.exc_info()[1]
    answer = _machine(request, error) if error else None
    if answer is not None:
        return answer
    return render(request, "web/broken.html", status=500)


def _machine(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """A page that asks the database for nothing, since it may be what is gone."""
    found = trouble.told(error)
    if found is None:
        return None
    log.error("%s: %s", request.path, found, exc_info=error)
    status = next(code for kind, code in _MACHINE if isinstance(found, kind))
    return render(request, "web/machine.html", {"error": found}, status=status)
