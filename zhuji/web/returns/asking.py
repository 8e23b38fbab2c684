"""Asking: the form of a request with its draft on the server, what a school will see, confirm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse

from zhuji.kernel.dates import read_date
from zhuji.kernel.errors import (
    BadInput,
    DomainError,
    Issue,
    Level,
    NotAllowed,
    NotFound,
    Refused,
)
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import directory
from zhuji.ledgers.registry import LEDGERS
from zhuji.ledgers.registry import ledger as ledger_of
from zhuji.orgs.roles import Verb
from zhuji.orgs.scope import Reader
from zhuji.returns import actions, forms, proposing, queries, rules
from zhuji.returns.actions import Wish
from zhuji.returns.forms import Form
from zhuji.returns.proposing import Proposal, Source
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.pages import page, words
from zhuji.web.returns import clauses, grids

if TYPE_CHECKING:
    from zhuji.returns.models import Round

_SHOWN = 20
_BETWEEN = "="


@dataclass(frozen=True)
class Typed:
    """What stands in the form; `due` and `since` as they were typed."""

    wish: Wish
    once: str
    due: str = ""
    since: str = ""
    number: int | None = None


@signed_in("GET", "POST", verb=Verb.READ)
def new(request: Asked) -> HttpResponseBase:
    """A form proposed for a clause, or for a ledger that was chosen."""
    if not rules.may_ask(request.moment.reader):
        raise NotFound(say("您没有下级单位，不能发起填报。"))
    if request.method == "POST":
        return _save(request, None)
    reader, today = request.moment.reader, request.moment.today
    item, ledger = request.GET.get("item", ""), request.GET.get("ledger", "")
    label, found = clauses.clause(item, request.moment.plan)
    source = next((one for one in found if one.ledger == ledger), Source(ledger))
    proposal = (
        proposing.propose(reader, source, today) if ledger else proposing.best(reader, found, today)
    )
    if proposal is None:
        return page(request, "returns/choose.html", {"item": item, "ledgers": _ledgers(reader)})
    form = proposal.form
    title = words(label) if label else words(proposal.ledger.label)
    wish = Wish(title, form.ledger, form.columns, (), None, item, dict(_text_of(form)), form.since)
    return _form(request, Typed(wish, uuid4().hex, since=str(form.since or "")), proposal)


@signed_in("GET", "POST", verb=Verb.READ)
def draft(request: Asked, number: int) -> HttpResponseBase:
    if request.method == "POST":
        return _save(request, number)
    kept = queries.own_draft(request.moment.reader, number)
    if not queries.is_draft(kept):
        return HttpResponseRedirect(reverse("round", args=(number,)))
    wish = Wish(
        kept.title,
        kept.ledger,
        kept.columns,
        kept.scope,
        kept.due,
        kept.item,
        kept.where,
        kept.since,
    )
    typed = Typed(wish, kept.once, str(kept.due or ""), str(kept.since or ""), number)
    return _form(request, typed, _proposal(request, wish))


@signed_in("POST", verb=Verb.READ)
def keep(request: Asked) -> HttpResponse:
    """Called while the form is being filled in; answers with the time, or with what is wrong."""
    context: dict[str, Any] = {}
    try:
        typed = _typed(request.POST, None)
        context["kept"] = _draft(request, typed)
    except DomainError as fault:
        context["fault"] = fault.message
    return page(request, "returns/_kept.html", context)


@signed_in("POST", verb=Verb.READ)
def drop(request: Asked, number: int) -> HttpResponseBase:
    actions.drop(request.moment.reader, number)
    return HttpResponseRedirect(reverse("returns"))


@signed_in("GET", "POST", verb=Verb.READ)
def preview(request: Asked, number: int) -> HttpResponseBase:
    """As one of the schools will see it; nothing is sent until this page is confirmed."""
    reader, now = request.moment.reader, request.moment.now
    kept = queries.own_draft(reader, number)
    if request.method == "POST":
        actions.open_round(reader, number, now=now)
        return HttpResponseRedirect(reverse("round", args=(number,)) + "?new=1")
    if not queries.is_draft(kept):
        return HttpResponseRedirect(reverse("round", args=(number,)))
    try:
        measure = actions.check(reader, kept)
    except BadInput as fault:
        typed = _of_draft(kept)
        return _form(request, typed, _proposal(request, typed.wish), fault)
    form = queries.form_of(kept)
    lacking = measure.lacking
    org = request.GET.get("org", "")
    shown = org if org in kept.scope else lacking[0]
    rows = forms.values(form, forms.rows(reader, form, [shown]))
    context = {
        "kept": kept,
        "measure": measure,
        "ledger": form.declared.label,
        "asked": len(lacking),
        "spared": len(kept.scope) - len(lacking),
        "percent": grids.percent(measure.share),
        "grid": grids.preview(request, form, rows[:_SHOWN]),
        "rows": len(rows),
        "shown": shown,
        "names": sorted(directory.names(lacking).items()),
    }
    return page(request, "returns/preview.html", context)


def _save(request: Asked, number: int | None) -> HttpResponseBase:
    """`do` is what was pressed: go on to the preview, or keep the draft for later."""
    typed = _typed_or_blank(request.POST, number)
    try:
        kept = _draft(request, _typed(request.POST, number))
        if request.POST.get("do") != "keep":
            actions.check(request.moment.reader, kept)
    except (BadInput, Refused) as fault:
        return _form(request, typed, _proposal(request, typed.wish), fault)
    route = "returns" if request.POST.get("do") == "keep" else "return-preview"
    return HttpResponseRedirect(reverse(route, args=() if route == "returns" else (kept.pk,)))


def _draft(request: Asked, typed: Typed) -> Round:
    wish = _spread(request.moment.reader, typed.wish, request)
    return actions.draft(
        request.moment.reader,
        wish,
        now=request.moment.now,
        once=typed.once,
        number=typed.number,
    )


def _spread(reader: Reader, wish: Wish, request: Asked) -> Wish:
    """A town that was ticked stands for those in it who can be asked."""
    areas = set(request.POST.getlist("area"))
    if not areas:
        return wish
    reach = proposing.within_reach(reader, ledger_of(wish.ledger))
    found = proposing.areas(reader, reach, request.moment.today)
    inside = {org for area in found if area.org in areas for org, _ in area.members}
    return replace(wish, scope=sorted(inside | set(wish.scope)))


def _typed_or_blank(given: QueryDict, number: int | None) -> Typed:
    """As `_typed`, but with dates that cannot be read left out: the form keeps their text."""
    due, since = given.get("due", ""), given.get("since", "")
    where = dict(part.split(_BETWEEN, 1) for part in given.getlist("where") if _BETWEEN in part)
    wish = Wish(
        given.get("title", ""),
        given.get("ledger", ""),
        given.getlist("column"),
        given.getlist("org"),
        None,
        given.get("item", ""),
        where,
        None,
    )
    return Typed(wish, given.get("once", ""), due, since, number)


def _typed(given: QueryDict, number: int | None) -> Typed:
    typed = _typed_or_blank(given, number)
    due, since = _day(typed.due, "due"), _day(typed.since, "since")
    return replace(typed, wish=replace(typed.wish, due=due, since=since))


def _day(text: str, field: str) -> date | None:
    if not text.strip():
        return None
    try:
        return read_date(text)
    except BadInput as fault:
        issue = Issue(Level.ERROR, fault.message, proposal=fault.proposal, code=field)
        raise BadInput(fault.message, (issue,)) from None


def _of_draft(kept: Round) -> Typed:
    wish = Wish(kept.title, kept.ledger, kept.columns, kept.scope, kept.due, kept.item, kept.where)
    return Typed(wish, kept.once, str(kept.due or ""), str(kept.since or ""), kept.pk)


def _text_of(form: Form) -> dict[str, str]:
    return {column: str(value) for column, value in form.where.items()}


def _proposal(request: Asked, wish: Wish) -> Proposal:
    reader, today = request.moment.reader, request.moment.today
    proposal = proposing.propose(reader, Source(wish.ledger), today)
    chosen = tuple(wish.columns)
    form = replace(proposal.form, columns=chosen, where=dict(wish.where or {}))
    return replace(proposal, form=form)


def _form(
    request: Asked, typed: Typed, proposal: Proposal, fault: DomainError | None = None
) -> HttpResponse:
    reader, wish = request.moment.reader, typed.wish
    measure = forms.measure(reader, proposal.form, proposal.orgs)
    errors = _errors(fault)
    context = {
        "typed": typed,
        "ledger": proposal.ledger,
        "others": _others(request, wish),
        "columns": _columns(reader, proposal),
        "wheres": _wheres(reader, wish),
        "areas": _areas(request, typed, proposal),
        "dated": proposal.form.since is not None or bool(typed.since),
        "percent": grids.percent(measure.share),
        "measure": measure,
        "errors": errors,
        "wrong": {one["anchor"]: one["message"] for one in errors},
    }
    status = 200 if fault is None else 422 if isinstance(fault, BadInput) else 409
    return page(request, "returns/new.html", context, status=status)


def _errors(fault: DomainError | None) -> list[dict[str, Any]]:
    if fault is None:
        return []
    if not fault.issues:
        return [{"message": fault.message, "anchor": ""}]
    return [{"message": issue.message, "anchor": issue.code} for issue in fault.issues]


def _columns(reader: Reader, proposal: Proposal) -> list[dict[str, Any]]:
    """Every column that may be asked for, whether it is chosen, and how much of it is known."""
    allowed = forms.open_columns(reader, proposal.form.ledger)
    whole = replace(proposal.form, columns=tuple(column.key for column in allowed))
    known = forms.measure(reader, whole, proposal.orgs)
    chosen = set(proposal.form.columns)
    return [
        {
            "key": column.key,
            "label": column.label,
            "chosen": column.key in chosen,
            "percent": grids.percent(known.known_of([column.key])),
        }
        for column in allowed
    ]


def _wheres(reader: Reader, wish: Wish) -> list[dict[str, Any]]:
    """For each column of choices: only rows with one value, or all."""
    where = dict(wish.where or {})
    return [
        {
            "key": column.key,
            "label": column.label,
            "options": [
                (f"{column.key}{_BETWEEN}{option.value}", option.label) for option in column.options
            ],
            "value": f"{column.key}{_BETWEEN}{where.get(column.key, '')}",
        }
        for column in forms.choices(reader, wish.ledger)
    ]


def _areas(request: Asked, typed: Typed, proposal: Proposal) -> list[dict[str, Any]]:
    """A town is ticked when it was, or when all of it was chosen."""
    ticked, chosen = set(request.POST.getlist("area")), set(typed.wish.scope)
    found = proposing.areas(request.moment.reader, proposal.orgs, request.moment.today)
    return [
        {
            "area": area,
            "ticked": area.org in ticked or {org for org, _ in area.members} <= chosen,
            "members": [(org, name, org in chosen) for org, name in area.members],
        }
        for area in found
    ]


def _others(request: Asked, wish: Wish) -> list[tuple[str, Label]]:
    """The other ledgers that the clause is known by."""
    _label, found = clauses.clause(wish.item, request.moment.plan)
    askable = {key for key, _ in _ledgers(request.moment.reader)}
    return [
        (one.ledger, ledger_of(one.ledger).label)
        for one in found
        if one.ledger != wish.ledger and one.ledger in askable
    ]


def _ledgers(reader: Reader) -> list[tuple[str, Label]]:
    found = []
    for ledger in LEDGERS:
        try:
            proposing.must_be_askable(reader, ledger.key)
        except (NotAllowed, Refused):
            continue
        found.append((ledger.key, ledger.label))
    return found


def said(number: int) -> Message:
    """After opening."""
    return say("已发起，{count} 个单位会在首页看到这件事。", count=number)
