"""Shows the parts as pages use them, so that a change of look is seen on all of them at once."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from zhuji.kernel.errors import bad_value
from zhuji.kernel.messages import say
from zhuji.web import lists, problems
from zhuji.web.doors import public
from zhuji.web.pages import language, page
from zhuji.web.style import samples


@public("GET")
def guide(request: HttpRequest) -> HttpResponse:
    heads = lists.heads(
        request.GET, samples.COLUMNS, sortable=("name", "books"), default="name", numbers=("books",)
    )
    shown = {
        **samples.everything(),
        "frame": samples.frame(english=language().startswith("en")),
        "heads": heads,
        "pages": lists.pages(request.GET, 437),
        "errors": samples.ERRORS if "errors" in request.GET else (),
    }
    return page(request, "style/guide.html", shown)


@public("GET")
def refusal(request: HttpRequest) -> HttpResponse:
    """How a refusal of the domain looks; the sentences are ones that the domain really says."""
    raise bad_value(
        say("“{value}”不在可选项里。", value="民办公助"),
        value="民办公助",
        code="choice",
        proposal=say("请从下面选一个：{options}。", options=["公办", "民办"]),
    )


@public("GET")
def nowhere(request: HttpRequest) -> HttpResponse:
    return problems.nowhere(request, Http404())


@public("GET")
def forbidden(request: HttpRequest) -> HttpResponse:
    return problems.forbidden(request, PermissionDenied())


@public("GET")
def broken(request: HttpRequest) -> HttpResponse:
    return problems.broken(request)


@public("GET")
def job(request: HttpRequest) -> HttpResponse:
    """What a page that watches a job asks for every second."""
    return page(request, "style/job.html", {"job": samples.everything()["jobs"][0]})
