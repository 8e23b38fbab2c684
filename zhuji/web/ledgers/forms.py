"""Entering and changing one row: drafts are kept, errors stand on top, nobody is overwritten."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from zhuji.kernel.errors import BadInput, Issue
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import actions, desk, directory, hints, records, registry
from zhuji.ledgers.declare import Column, Ledger, Type
from zhuji.ledgers.entering import Edit
from zhuji.ledgers.hints import Guide
from zhuji.ledgers.listing import Seen
from zhuji.ledgers.merging import Clash, Conflict
from zhuji.orgs.roles import Sight, Verb
from zhuji.programme import asking
from zhuji.web.asked import Asked, act
from zhuji.web.doors import signed_in
from zhuji.web.ledgers import tables
from zhuji.web.ledgers.filters import YES_NO
from zhuji.web.ledgers.sections import sections
from zhuji.web.lists import whole
from zhuji.web.pages import page, words

_OWN = ("csrfmiddlewaretoken", "once", "base", "why", "overwrite")
MANY = 12  # options beyond which a list is better than radio buttons


@dataclass
class Sheet:
    """The form as it stands: what is in the fields, what is wrong, what clashes."""

    ledger: Ledger
    seen: tuple[Seen, ...]
    row: int | None
    values: Mapping[str, str]
    base: int | None = None
    issues: tuple[Issue, ...] = ()
    clashes: tuple[Clash, ...] = ()
    problem: Message | None = None
    kept: Any = None
    once: str = field(default_factory=lambda: uuid.uuid4().hex)
    overwrite: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"{self.ledger.key}/{self.row or 'new'}"


@signed_in("GET", "POST", verb=Verb.ENTER)
def new(asked: Asked, key: str) -> HttpResponseBase:
    ledger, reader = registry.ledger(key), asked.moment.reader
    sheet = Sheet(ledger, records.blank(reader, key), None, _known(asked, ledger))
    if asked.method == "POST":
        return _save(asked, sheet)
    return _with_draft(asked, sheet)


@signed_in("GET", "POST", verb=Verb.ENTER)
def edit(asked: Asked, key: str, row: int) -> HttpResponseBase:
    moment, ledger = asked.moment, registry.ledger(key)
    found = records.record(moment.reader, key, row, now=moment.now, route=asked.path)
    if not found.may_edit:
        return redirect("ledger-row", key, row)
    values = {one.column.key: _typed(one.column, found.row) for one in found.columns}
    sheet = Sheet(ledger, found.columns, row, values, found.version)
    if asked.method == "POST":
        return _save(asked, sheet)
    return _with_draft(asked, sheet)


@signed_in("POST", verb=Verb.ENTER)
def draft(asked: Asked, key: str) -> HttpResponseBase:
    """Called by the form itself as one types; forgets the draft when told to."""
    ledger = registry.ledger(key)
    row = whole(asked.POST.get("row", ""))
    name = f"{ledger.key}/{'new' if row is None else row}"
    if asked.POST.get("do") == "forget":
        desk.drop_draft(asked.moment.reader.username, name)
        if row is None:
            return redirect("ledger-new", key)
        return redirect("ledger-edit", key, row)
    typed = {n: str(v)[:4000] for n, v in asked.POST.items() if n in ledger.by_key or n == "base"}
    left = desk.save_draft(asked.moment.reader.username, name, typed, now=asked.moment.now)
    at = timezone.localtime(left.saved_at)
    return JsonResponse({"words": words(say("草稿已保存 {at}", at=f"{at:%H:%M}"))})


def _save(asked: Asked, sheet: Sheet) -> HttpResponseBase:
    reader, key = asked.moment.reader, sheet.ledger.key
    sheet.values = _posted(asked, sheet)
    sheet.base = whole(asked.POST.get("base", ""))
    sheet.once = asked.POST.get("once") or sheet.once
    sheet.overwrite = frozenset(asked.POST.getlist("overwrite"))
    change = Edit(sheet.values, sheet.base, sheet.overwrite)
    try:
        done = actions.save(reader, key, sheet.row, change, act(asked, sheet.once))
    except Conflict as conflict:
        sheet.clashes, sheet.base, sheet.problem = (
            conflict.clashes,
            conflict.version,
            conflict.message,
        )
        sheet.once = uuid.uuid4().hex
        return _page(asked, sheet, status=409)
    except BadInput as fault:
        sheet.issues, sheet.problem = fault.issues, fault.message
        sheet.once = uuid.uuid4().hex
        return _page(asked, sheet, status=422)
    desk.drop_draft(reader.username, sheet.name)
    if asked.POST.get("do") == "next":
        return redirect(f"{reverse('ledger-new', args=[key])}?saved={done.row_id}")
    return redirect(f"{reverse('ledger-row', args=[key, done.row_id])}?saved=1")


def _with_draft(asked: Asked, sheet: Sheet) -> HttpResponse:
    """What was typed before the session ended or the window was closed stands there again."""
    kept = desk.draft(asked.moment.reader.username, sheet.name, now=asked.moment.now)
    if kept is not None:
        sheet.values = {**sheet.values, **kept.content}
        base = whole(kept.content.get("base", ""))
        sheet.base = base if base is not None and sheet.row else sheet.base
        sheet.kept = kept
    return _page(asked, sheet)


def _page(asked: Asked, sheet: Sheet, status: int = 200) -> HttpResponse:
    ledger = sheet.ledger
    errors = [{"message": issue.sentence(), "anchor": issue.column or ""} for issue in sheet.issues]
    if sheet.problem is not None and not errors:
        errors = [{"message": sheet.problem, "anchor": one.column} for one in sheet.clashes[:1]]
        errors = errors or [{"message": sheet.problem, "anchor": ""}]
    context = {
        "ledger": ledger,
        "sheet": sheet,
        "sections": _sections(asked, sheet),
        "clashes": _clashes(sheet),
        "errors": errors,
        "saying": [say("已登记，可以接着填下一行。")] if asked.GET.get("saved") else [],
        "crumbs": [
            {"label": say("台账"), "href": reverse("ledgers")},
            {"label": ledger.label, "href": reverse("ledger", args=[ledger.key])},
            {"label": say("修改") if sheet.row else say("新增")},
        ],
    }
    return page(asked, "ledgers/form.html", context, status=status)


def _sections(asked: Asked, sheet: Sheet) -> list[dict[str, Any]]:
    seen = {one.column.key: one for one in sheet.seen if one.writable}
    places = directory.names(asked.moment.reader.orgs)
    faults = {issue.column: issue for issue in sheet.issues}
    loaded = asked.moment.plan
    guide = asking.guide(loaded.plan, sheet.ledger) if loaded else hints.NO_GUIDE
    made = []
    for label, columns in sections(sheet.ledger):
        fields = [
            _field(sheet, seen[column.key], faults.get(column.key), places, guide)
            for column in columns
            if column.key in seen
        ]
        if fields:
            made.append({"label": label, "fields": fields})
    return made


def _field(
    sheet: Sheet, seen: Seen, fault: Issue | None, places: Mapping[str, str], guide: Guide
) -> dict[str, Any]:
    column = seen.column
    value = sheet.values.get(column.key, "")
    choices = _choices(column, places, value)
    if column.key in guide.choices:
        choices = tuple((one.value, one.label) for one in guide.choices[column.key])
    said = [words(hint) for hint in hints.hints(sheet.ledger, column, hints.NO_GUIDE)]
    hint = "" if choices else "；".join(said[:2])
    return {
        "id": column.key,
        "label": column.label,
        "kind": _kind(column, choices),
        "value": value,
        "choices": choices,
        "blank": say("请选择") if choices else "",
        "hint": column.help or hint,
        "error": _said(fault),
        "optional": not column.required,
        "masked": seen.sight is Sight.MASKED and bool(value) and sheet.row is not None,
        "overwritten": column.key in sheet.overwrite,
        "why": guide.asked.get(column.key, ()),
    }


def _kind(column: Column, choices: tuple[Any, ...]) -> str:
    if choices:
        return "select"
    kinds = {Type.INTEGER: "number", Type.DECIMAL: "number", Type.MONEY: "money"}
    return kinds.get(column.type, "text")


def _choices(column: Column, places: Mapping[str, str], value: str) -> tuple[Any, ...]:
    """What was typed stays to be chosen even where it is no choice: the error speaks of it."""
    found: tuple[tuple[str, Label | str], ...] = ()
    if column.type is Type.CHOICE:
        found = tuple((option.value, option.label) for option in column.options)
    elif column.type is Type.BOOLEAN:
        found = YES_NO
    elif column.type is Type.ORG and places:
        found = tuple(sorted((code, f"{name}（{code}）") for code, name in places.items()))
    if found and value and value not in {choice for choice, _ in found}:
        found = (*found, (value, value))
    return found


def _typed(column: Column, row: Mapping[str, object]) -> str:
    """A stored value as one would type it."""
    value = row.get(column.key)
    if value is None:
        return ""
    if column.type is Type.BOOLEAN and isinstance(value, bool):
        return "是" if value else "否"
    return str(value) if column.type is Type.CHOICE else _plain(column, value)


def _plain(column: Column, value: object) -> str:
    return tables.text(column, value).replace(",", "") if column.places else str(value)


def _posted(asked: Asked, sheet: Sheet) -> dict[str, str]:
    """Only fields that the form had; what was not sent was not touched."""
    offered = {one.column.key for one in sheet.seen if one.writable}
    return {name: str(value) for name, value in asked.POST.items() if name in offered}


def _known(asked: Asked, ledger: Ledger) -> dict[str, str]:
    """What the address or the reader's only organisation says already."""
    given = {name: asked.GET[name] for name in ledger.by_key if name in asked.GET}
    orgs = asked.moment.reader.orgs
    return {"org": next(iter(orgs)), **given} if len(orgs) == 1 else given


def _clashes(sheet: Sheet) -> list[dict[str, Any]]:
    return [
        {
            "id": clash.column,
            "label": sheet.ledger.by_key[clash.column].label,
            "by": clash.by,
            "at": clash.at,
            "theirs": _side(sheet.ledger.by_key[clash.column], clash.theirs),
            "yours": _side(sheet.ledger.by_key[clash.column], clash.yours),
        }
        for clash in sheet.clashes
    ]


def _side(column: Column, value: object) -> str:
    return tables.NOTHING if value is None else str(tables.cell(column, value, {}).text)


def _said(fault: Issue | None) -> Message | None:
    if fault is None:
        return None
    if fault.proposal is None:
        return fault.message
    return say("{finding} {proposal}", finding=fault.message, proposal=fault.proposal)
