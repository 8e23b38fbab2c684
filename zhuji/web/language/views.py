"""Changing the language of the pages; it is kept in a cookie."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views import i18n

from zhuji.web.doors import public


@public("POST")
def choose(request: HttpRequest) -> HttpResponseBase:
    """Back to the page one came from, if it is one of ours."""
    return i18n.set_language(request)
