"""One row: what it says, what became of it, taking it out and putting it back."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from zhuji.cockpit import uses
from zhuji.kernel.errors import DomainError
from zhuji.kernel.messages import Label, say
from zhuji.ledgers import actions, directory, registry, visibility
from zhuji.ledgers import records as rows
from zhuji.ledgers.declare import Ledger, Type
from zhuji.ledgers.records import Record, Step
from zhuji.orgs.roles import Sight, Verb
from zhuji.tasks.queries import names as people
from zhuji.web.asked import Asked, act
from zhuji.web.doors import signed_in
from zhuji.web.ledgers import tables
from zhuji.web.ledgers.sections import sections
from zhuji.web.lists import whole
from zhuji.web.pages import page

KINDS = {
    "created": Label("登记", "Entered"),
    "updated": Label("修改", "Changed"),
    "renamed": Label("改了主键", "Key changed"),
    "deleted": Label("删除", "Removed"),
}


@signed_in("GET")
def record(asked: Asked, key: str, row: int) -> HttpResponse:
    """As the reader may see it; where it came from, what happened to it, where it is used."""
    moment, ledger = asked.moment, registry.ledger(key)
    found, steps = rows.with_history(moment.reader, key, row, now=moment.now, route=asked.path)
    names = directory.names(_codes(ledger, found))
    context = {
        "ledger": ledger,
        "id": row,
        "found": found,
        "sections": _sections(ledger, found, names),
        "steps": _steps(steps, names),
        "uses": uses.of(key, moment.plan),
        "back": back(asked, key, row),
        "crumbs": _crumbs(ledger, found, names),
        "saying": [say("已保存。")] if asked.GET.get("saved") else [],
    }
    return page(asked, "ledgers/record.html", context)


@signed_in("POST", verb=Verb.REVEAL)
def reveal(asked: Asked, key: str, row: int, column: str) -> HttpResponse:
    """One masked value in the clear; the reason is kept with who, when and whom."""
    moment = asked.moment
    declared = registry.ledger(key).by_key.get(column)
    try:
        value = visibility.reveal(
            moment.reader,
            (key, row, column),
            now=moment.now,
            route=asked.path,
            reason=asked.POST.get("reason", ""),
        )
    except DomainError as fault:
        if asked.htmx:
            return page(asked, "ledgers/_revealed.html", {"fault": fault.message}, status=422)
        raise
    context = {
        "value": tables.text(declared, value) if declared and value is not None else "",
        "label": declared.label if declared else column,
        "href": reverse("ledger-row", args=[key, row]),
    }
    template = "ledgers/_revealed.html" if asked.htmx else "ledgers/revealed.html"
    return page(asked, template, context)


@signed_in("POST", verb=Verb.ENTER)
def remove(asked: Asked, key: str, row: int) -> HttpResponseBase:
    base = asked.POST.get("base", "")
    once = f"remove-{key}-{row}-{base}"
    actions.remove_row(asked.moment.reader, key, row, whole(base), act(asked, once))
    return redirect(f"{reverse('ledger', args=[key])}?saved=removed")


@signed_in("POST", verb=Verb.ENTER)
def remove_many(asked: Asked, key: str) -> HttpResponseBase:
    """Those ticked in the list; each bears the version that was seen."""
    for ticked in asked.POST.getlist("rows"):
        row, base = (whole(part) for part in (*ticked.split(":"), "")[:2])
        if row is not None and base is not None:
            once = f"remove-{key}-{row}-{base}"
            actions.remove_row(asked.moment.reader, key, row, base, act(asked, once))
    return redirect(f"{reverse('ledger', args=[key])}?saved=removed")


@signed_in("GET")
def removed(asked: Asked, key: str) -> HttpResponse:
    """Rows taken out within the month."""
    moment, ledger = asked.moment, registry.ledger(key)
    gone = rows.removed(moment.reader, key, now=moment.now, route=asked.path)
    context = {
        "ledger": ledger,
        "removed": gone,
        "names": directory.names(one.org for one in gone),
        "people": people([one.by for one in gone]),
        "heads": [
            {"label": Label("记录", "Record")},
            {"label": Label("机构", "Organisation")},
            {"label": Label("何时由谁删除", "Removed")},
            {"label": Label("可恢复到", "Restorable until")},
            {"label": ""},
        ],
        "crumbs": [
            {"label": say("台账"), "href": reverse("ledgers")},
            {"label": ledger.label, "href": reverse("ledger", args=[key])},
            {"label": say("已删除")},
        ],
    }
    return page(asked, "ledgers/removed.html", context)


@signed_in("POST", verb=Verb.ENTER)
def restore(asked: Asked, key: str, change: int) -> HttpResponseBase:
    actions.restore_row(asked.moment.reader, key, change, act(asked, f"restore-{change}"))
    return redirect(f"{reverse('ledger', args=[key])}?saved=restored")


def back(asked: Asked, key: str, row: int) -> str:
    """The list as it was left, at this row."""
    query = asked.GET.get("back", "")
    return f"{reverse('ledger', args=[key])}?{query}{'&' if query else ''}here={row}#row-{row}"


def _sections(ledger: Ledger, found: Record, names: dict[str, str]) -> list[dict[str, Any]]:
    seen = {one.column.key: one for one in found.columns}
    made = []
    for label, columns in sections(ledger):
        pairs = [
            {
                "label": column.label,
                "value": tables.cell(column, found.row.get(column.key), names).text,
                "key": column.key,
                "masked": seen[column.key].sight is Sight.MASKED
                and found.row.get(column.key) is not None,
                "reveal": column.key in found.may_reveal,
            }
            for column in columns
            if column.key in seen
        ]
        if pairs:
            made.append({"label": label, "pairs": pairs})
    return made


def _steps(steps: tuple[Step, ...], names: dict[str, str]) -> list[dict[str, Any]]:
    called = people([step.actor for step in steps])
    return [
        {
            "step": step,
            "kind": KINDS.get(step.kind, KINDS["updated"]),
            "by": called.get(step.actor, step.actor),
            "fields": [
                {
                    "label": field.column.label,
                    "told": field.told,
                    "old": tables.cell(field.column, field.old, names).text,
                    "new": tables.cell(field.column, field.new, names).text,
                }
                for field in step.fields
            ],
        }
        for step in steps
    ]


def _codes(ledger: Ledger, found: Record) -> set[str]:
    keys = [column.key for column in ledger.columns if column.type is Type.ORG]
    return {str(found.row[key]) for key in keys if found.row.get(key)}


def _crumbs(ledger: Ledger, found: Record, names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"label": say("台账"), "href": reverse("ledgers")},
        {"label": ledger.label, "href": reverse("ledger", args=[ledger.key])},
        {"label": tables.name(ledger, found.row, names)},
    ]
