"""The list of returns, and one round: who has not begun, who has not handed in, remind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import Message, say
from zhuji.ledgers import directory
from zhuji.orgs.roles import Verb
from zhuji.returns import actions, queries, rules
from zhuji.returns.queries import OrgState, Stage
from zhuji.tasks import queries as tasks
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.lists import changed
from zhuji.web.pages import language, page
from zhuji.web.returns import asking, files

if TYPE_CHECKING:
    from zhuji.returns.models import Round

_SHOWS: dict[str, tuple[Message, frozenset[Stage]]] = {
    "all": (say("全部"), frozenset(Stage)),
    "owing": (
        say("未报"),
        frozenset({Stage.NOT_BEGUN, Stage.FILLING, Stage.PREPARED, Stage.CHANGED}),
    ),
    "idle": (say("未开始"), frozenset({Stage.NOT_BEGUN})),
    "done": (say("已报或不必填"), frozenset({Stage.SUBMITTED, Stage.KNOWN})),
}


@signed_in("GET", verb=Verb.READ)
def returns(request: Asked) -> HttpResponse:
    """What I owe, and what I asked for."""
    reader = request.moment.reader
    owed = [(kept, one, _href(kept, one)) for kept, one in queries.mine(reader)]
    context = {
        "owed": owed,
        "today": request.moment.today,
        "rounds": [
            {"it": one, "state": queries.state_of(one), "ledger": queries.label(one)}
            for one in queries.rounds(reader)
        ],
        "may_ask": rules.may_ask(reader),
    }
    return page(request, "returns/list.html", context)


@signed_in("GET", verb=Verb.READ)
def detail(request: Asked, number: int) -> HttpResponseBase:
    """Those who asked see every org; those who owe are led to their own return."""
    reader = request.moment.reader
    try:
        kept = queries.overseen(reader, number)
    except NotFound:
        own = next((one for got, one in queries.mine(reader) if got.pk == number), None)
        if own is None:
            raise
        return HttpResponseRedirect(reverse("return-fill", args=(number, own.org)))
    every = queries.states(reader, kept)
    names = directory.names([one.org for one in every])
    if request.GET.get("format") == "xlsx":
        return files.states(kept, every, names, language())
    return page(request, "returns/round.html", _context(request, kept, every, names))


@signed_in("POST", verb=Verb.READ)
def remind(request: Asked, number: int) -> HttpResponseBase:
    sent = actions.remind(
        request.moment.reader,
        number,
        now=request.moment.now,
        once=request.POST.get("once", ""),
    )
    return HttpResponseRedirect(
        reverse("round", args=(number,)) + f"?show=owing&reminded={len(sent.orgs)}"
    )


@signed_in("POST", verb=Verb.READ)
def close(request: Asked, number: int) -> HttpResponseBase:
    actions.close(request.moment.reader, number, now=request.moment.now)
    return HttpResponseRedirect(reverse("round", args=(number,)))


def _context(
    request: Asked, kept: Round, every: tuple[OrgState, ...], names: dict[str, str]
) -> dict[str, Any]:
    show = request.GET.get("show", "all")
    _label, stages = _SHOWS.get(show, _SHOWS["all"])
    owing = [one for one in every if one.owes]
    return {
        "kept": kept,
        "ledger": queries.label(kept),
        "state": queries.state_of(kept),
        "lines": [one for one in every if one.stage in stages],
        "names": names,
        "tabs": _tabs(request, show, every),
        "heads": [
            {"label": label} for label in (say("单位"), say("进度"), say("还差"), say("上报时间"))
        ],
        "owing": len(owing),
        "open": queries.is_open(kept),
        "may_close": queries.is_asker(request.moment.reader, kept),
        "once": uuid4().hex,
        "reminders": tasks.about(request.moment.reader, "round", str(kept.pk)),
        "saying": _saying(request, len(owing)),
    }


def _tabs(request: Asked, show: str, every: tuple[OrgState, ...]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "href": changed(request.GET, show=key, new=None, reminded=None),
            "current": key == show,
            "count": sum(1 for one in every if one.stage in stages),
        }
        for key, (label, stages) in _SHOWS.items()
    ]


def _saying(request: Asked, owing: int) -> list[Message]:
    if request.GET.get("new"):
        return [asking.said(owing)]
    count = request.GET.get("reminded", "")
    return [say("已催办 {count} 个单位。", count=count)] if count.isdecimal() else []


def _href(kept: Round, one: OrgState) -> str:
    route = "return-check" if one.stage in (Stage.PREPARED, Stage.SUBMITTED) else "return-fill"
    return reverse(route, args=(kept.pk, one.org))
