"""The form of an instruction or a reminder, and sending it: from any page of the plan."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from zhuji.cockpit import node
from zhuji.kernel.dates import read_date
from zhuji.kernel.errors import BadInput, Issue, Level, NotFound
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import directory
from zhuji.orgs.roles import Verb
from zhuji.tasks import actions, rules
from zhuji.tasks.actions import Debtors, Matter, Words
from zhuji.tasks.sentences import INSTRUCTIONS, REMINDER, Ready
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.pages import page

_SENTENCES: dict[str, tuple[Ready, ...]] = {"instruct": INSTRUCTIONS, "remind": (REMINDER,)}
_TITLES = {"instruct": Label("批示", "Instruct"), "remind": Label("催办", "Remind")}


@dataclass(frozen=True)
class Typed:
    """What stands in the form, whether it is shown anew or again with what is wrong."""

    kind: str
    item: str
    orgs: tuple[str, ...]
    chosen: tuple[str, ...]
    ready: str
    text: str
    due: str
    once: str


@signed_in("GET", verb=Verb.READ)
def compose(request: Asked) -> HttpResponse:
    """To the orgs that the address names, else to those that owe as the judgement stands."""
    kind = "remind" if request.GET.get("kind") == "remind" else "instruct"
    item = request.GET.get("item", "")
    orgs = tuple(dict.fromkeys(request.GET.getlist("org"))) or _owing(request, item)
    orgs = tuple(org for org in orgs if _may(request, kind, org))
    if not item or not orgs:
        raise NotFound(say("没有可以发给的单位。"))
    first = REMINDER.key if kind == "remind" else ""
    typed = Typed(kind, item, orgs, orgs, first, "", "", uuid4().hex)
    return _form(request, typed)


@signed_in("POST", verb=Verb.INSTRUCT)
def instruct(request: Asked) -> HttpResponseBase:
    return _send(request, "instruct")


@signed_in("POST", verb=Verb.READ)
def remind(request: Asked) -> HttpResponseBase:
    """Whoever reviews or publishes for an org above; the action looks at each org."""
    return _send(request, "remind")


def _send(request: Asked, kind: str) -> HttpResponseBase:
    given = request.POST
    chosen = tuple(dict.fromkeys(given.getlist("org")))
    typed = Typed(
        kind,
        given.get("item", ""),
        tuple(dict.fromkeys(given.getlist("offered"))) or chosen,
        chosen,
        given.get("ready", ""),
        given.get("text", ""),
        given.get("due", ""),
        given.get("once", ""),
    )
    try:
        once = _sent(request, typed)
    except BadInput as fault:
        return _form(request, typed, fault)
    return HttpResponseRedirect(f"{reverse('notices')}?box=sent&new={once}")


def _sent(request: Asked, typed: Typed) -> str:
    if not typed.chosen:
        raise _wrong("org", say("请至少选一个单位。"))
    reader, now = request.moment.reader, request.moment.now
    words = Words(typed.ready, typed.text, _due(typed.due, request.moment.today))
    matter = Matter("item", typed.item)
    if typed.kind == "instruct":
        sent = actions.instruct(reader, matter, typed.chosen, words, now=now, once=typed.once)
        return sent.once
    those = Debtors(typed.chosen, _owing(request, typed.item))
    return actions.remind(reader, matter, those, words, now=now, once=typed.once).once


def _due(text: str, today: date) -> date | None:
    if not text.strip():
        return None
    try:
        due = read_date(text)
    except BadInput as fault:
        raise _wrong("due", fault.message) from None
    if due is not None and due < today:
        raise _wrong("due", say("期限不能早于今天 {today}。", today=today))
    return due


def _wrong(field: str, message: Message) -> BadInput:
    return BadInput(message, (Issue(Level.ERROR, message, code=field),))


def _owing(request: Asked, item: str) -> tuple[str, ...]:
    """Who owes in a clause, as the newest judgement says."""
    found = node.node(request.moment.reader, item).owing
    return tuple(dict.fromkeys(one.org.code for one in found))


def _may(request: Asked, kind: str, org: str) -> bool:
    reader = request.moment.reader
    if kind == "instruct":
        return reader.may(Verb.INSTRUCT, org)
    return rules.stands_above(reader, org)


def _form(request: Asked, typed: Typed, fault: BadInput | None = None) -> HttpResponse:
    names = directory.names(typed.orgs)
    context: dict[str, Any] = {
        "typed": typed,
        "title": _TITLES[typed.kind],
        "action": reverse(f"notice-{typed.kind}"),
        "sentences": [(one.key, one.label) for one in _SENTENCES[typed.kind]],
        "orgs": [(org, names[org]) for org in typed.orgs if org in names],
        "errors": _errors(fault),
        "wrong": {one["anchor"]: one["message"] for one in _errors(fault)},
    }
    parts = {"compose": "notices/_compose.html"}
    return page(request, "notices/compose.html", context, parts=parts, status=422 if fault else 200)


def _errors(fault: BadInput | None) -> list[dict[str, Any]]:
    if fault is None:
        return []
    anchor = fault.issues[0].code if fault.issues else "text"
    return [{"message": fault.message, "anchor": anchor}]
