"""Refusals as JSON: the same sentences as on the pages, and a status that a program understands."""

import logging
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from zhuji.kernel.errors import BadInput, DomainError, Issue, NotAllowed, NotFound, Refused
from zhuji.kernel.messages import Label, Message, say, translated
from zhuji.ledgers.merging import Conflict, NoVersion
from zhuji.orgs import trouble

log = logging.getLogger("zhuji.api")
# The narrowest first: a conflict is a refusal as well.
_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (trouble.Full, 507),
    (trouble.Away, 503),
    (NoVersion, 428),
    (Conflict, 412),
    (NotFound, 404),
    (NotAllowed, 403),
    (Refused, 409),
    (BadInput, 422),
)


class Finding(Schema):
    """One thing that is wrong: where, and what to do about it."""

    column: str | None = None
    message: str
    proposal: str | None = None


class Problem(Schema):
    """Any answer that is not what was asked for."""

    message: str
    findings: list[Finding] = []


PROBLEMS: dict[frozenset[int], type[Problem]] = {
    frozenset({400, 401, 403, 404, 409, 412, 413, 422, 428, 503, 507}): Problem
}


def words(said: Message | Label) -> str:
    """In the reader's language."""
    language = get_language() or "zh-hans"
    if isinstance(said, Label):
        return said.get(language)
    return translated(said, gettext, language)


def install(api: NinjaAPI) -> None:
    """Tell the API how each refusal is answered."""

    def answer(request: HttpRequest, problem: Problem, status: int) -> HttpResponse:
        return api.create_response(request, problem.dict(), status=status)

    def refused(request: HttpRequest, error: Any) -> HttpResponse:
        status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
        findings = [_finding(issue) for issue in error.issues]
        return answer(request, Problem(message=words(error.message), findings=findings), status)

    def unsigned(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, Problem(message=words(say("请先登录。"))), 401)

    def unread(request: HttpRequest, error: Any) -> HttpResponse:
        findings = [
            Finding(column=".".join(map(str, one["loc"][1:])), message=one["msg"])
            for one in error.errors
        ]
        message = words(say("请求的内容不合要求。"))
        return answer(request, Problem(message=message, findings=findings), 422)

    def unfit(request: HttpRequest, error: Any) -> HttpResponse:
        message = words(say("请求的格式不对，不能读取。"))
        return answer(request, Problem(message=message), error.status_code)

    def machine(request: HttpRequest, error: Any) -> HttpResponse:
        found = trouble.told(error)
        if found is None:
            raise error
        log.error("%s: %s", request.path, found, exc_info=error)
        return refused(request, found)

    api.add_exception_handler(DomainError, refused)
    api.add_exception_handler(Error, machine)
    api.add_exception_handler(OSError, machine)
    api.add_exception_handler(AuthenticationError, unsigned)
    api.add_exception_handler(ValidationError, unread)
    api.add_exception_handler(HttpError, unfit)


def _finding(issue: Issue) -> Finding:
    return Finding(
        column=issue.column,
        message=words(issue.message),
        proposal=words(issue.proposal) if issue.proposal else None,
    )
