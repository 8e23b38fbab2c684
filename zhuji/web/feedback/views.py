"""Saying what is wrong or could be better, on whatever page one is; and what was answered."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import directory
from zhuji.orgs.roles import Verb
from zhuji.tasks import feedback as opinions
from zhuji.tasks import queries
from zhuji.tasks.feedback import KINDS, Said
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.lists import Head
from zhuji.web.pages import page

_HEADS = (
    Head(Label("内容", "Text")),
    Head(Label("类别", "Kind")),
    Head(Label("提出", "Sent")),
    Head(Label("机构", "Organisation")),
    Head(Label("状态", "State")),
)


@signed_in("GET", "POST", verb=None)
def feedback(asked: Asked) -> HttpResponseBase:
    """The form, and under it what one has sent before, with the answers."""
    if asked.method == "GET":
        where = opinions.page_of(asked.GET.get("page", ""))
        return _form(asked, Said("problem", "", where), uuid4().hex)
    given = asked.POST
    said = Said(given.get("kind", ""), given.get("text", ""), given.get("page", ""))
    once = given.get("once", "")
    try:
        sent = opinions.send(asked.moment.reader, said, now=asked.moment.now, once=once)
    except BadInput as fault:
        return _form(asked, said, once, wrong=fault.message)
    return redirect(f"{reverse('feedback')}?{urlencode({'sent': sent.pk})}")


@signed_in("GET", verb=Verb.PUBLISH)
def inbox(asked: Asked) -> HttpResponse:
    found = opinions.received(asked.moment.reader)
    names = directory.names(one.org for one in found)
    context = {
        "rows": [{**_row(one), "org": names.get(one.org, "")} for one in found],
        "heads": _HEADS,
        "crumbs": [{"label": say("意见办理")}],
    }
    return page(asked, "feedback/inbox.html", context)


@signed_in("GET", "POST", verb=None)
def one(asked: Asked, number: int) -> HttpResponseBase:
    """One opinion with its answer; who may answer it finds the form here."""
    reader = asked.moment.reader
    wrong: Message | None = None
    if asked.method == "POST":
        try:
            opinions.answer(reader, number, asked.POST.get("answer", ""), now=asked.moment.now)
        except BadInput as fault:
            wrong = fault.message
        else:
            return redirect("feedback-one", number)
    kept = opinions.one(reader, number)
    people = queries.names([kept.sender, kept.answered_by])
    context = {
        **_row(kept),
        "org": directory.names([kept.org]).get(kept.org, ""),
        "sender": people.get(kept.sender, ""),
        "answerer": people.get(kept.answered_by, ""),
        "may_answer": opinions.may_answer(reader, kept),
        "wrong": wrong,
        "typed": asked.POST.get("answer", ""),
        "errors": [{"message": wrong, "anchor": "answer"}] if wrong else [],
        "crumbs": [
            {"label": say("投诉与建议"), "href": reverse("feedback")},
            {"label": say("第 {number} 号", number=number)},
        ],
    }
    return page(asked, "feedback/one.html", context, status=422 if wrong else 200)


def _form(asked: Asked, said: Said, once: str, wrong: Message | None = None) -> HttpResponse:
    mine = opinions.mine(asked.moment.reader)
    number = asked.GET.get("sent", "")
    sent = next((each for each in mine if str(each.pk) == number), None)
    context: dict[str, Any] = {
        "said": said,
        "once": once,
        "kinds": [(kind.value, label) for kind, label in KINDS.items()],
        "mine": [_row(each) for each in mine],
        "sent": sent,
        "wrong": wrong,
        "errors": [{"message": wrong, "anchor": "text"}] if wrong else [],
        "crumbs": [{"label": say("投诉与建议")}],
    }
    return page(asked, "feedback/form.html", context, status=422 if wrong else 200)


def _row(kept: Any) -> dict[str, Any]:
    return {"it": kept, "kind": KINDS[kept.kind]}
