"""Answers with a page, or with that part of it that htmx asked for."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from zhuji.kernel.messages import Label, Message, translated

NO_PARTS: Mapping[str, str] = {}


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    parts: Mapping[str, str] = NO_PARTS,
    status: int = 200,
) -> HttpResponse:
    """`parts`: id of an element -> the template of what stands in it, when only that is asked."""
    target = request.headers.get("HX-Target", "")
    boosted = request.headers.get("HX-Boosted") == "true"
    chosen = template if boosted else parts.get(target, template)
    answer = render(request, chosen, dict(context), status=status)
    answer.headers["Vary"] = "HX-Request, HX-Target, Accept-Language, Cookie"
    return answer


def language() -> str:
    return get_language() or "zh-hans"


def words(said: Message | Label | str) -> str:
    """A message or label in the reader's language."""
    if isinstance(said, Label):
        return said.get(language())
    if isinstance(said, Message):
        return translated(said, gettext, language())
    return said
