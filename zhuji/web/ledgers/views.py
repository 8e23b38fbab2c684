"""All ledgers, and one as a list: filters, columns, saved views, what is seen as a file."""

import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from zhuji.jobs import actions as jobs
from zhuji.jobs import approvals, exporting
from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import say
from zhuji.ledgers import desk, listing, registry, visibility, writing
from zhuji.ledgers.declare import Ledger
from zhuji.orgs.roles import Verb
from zhuji.web.asked import Asked, act
from zhuji.web.doors import signed_in
from zhuji.web.ledgers import filters, tables
from zhuji.web.ledgers.groups import GROUPS
from zhuji.web.lists import pages
from zhuji.web.pages import language, page

MOST_NAMED = 5
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in("GET")
def ledgers(asked: Asked) -> HttpResponse:
    """Those of which the reader may see anything at all, by what they are about."""
    reader = asked.moment.reader
    wanted = asked.GET.get("q", "").strip().casefold()
    groups = []
    for label, members in GROUPS:
        seen = [one for one in members if listing.columns_for(reader, one.key)]
        found = [one for one in seen if _speaks(one, wanted)]
        if found:
            groups.append({"label": label, "ledgers": found})
    context = {"groups": groups, "q": asked.GET.get("q", ""), "crumbs": [{"label": say("台账")}]}
    return page(asked, "ledgers/index.html", context, parts={"rows": "ledgers/_index.html"})


def _speaks(ledger: Ledger, wanted: str) -> bool:
    said = (ledger.label.zh, ledger.label.en, ledger.about.zh, ledger.about.en, *ledger.clauses)
    return any(wanted in one.casefold() for one in said)


@signed_in("GET")
def ledger(asked: Asked, key: str) -> HttpResponse:
    """The address says what is filtered, sorted and shown, so that it can be shared."""
    moment, declared = asked.moment, registry.ledger(key)
    query = listing.parse(moment.reader, key, filters.given(asked.GET))
    found = listing.page(moment.reader, key, query, now=moment.now, route=asked.path)
    seen = listing.columns_for(moment.reader, key)
    views = desk.views(moment.reader.username, key)
    context = {
        "ledger": declared,
        "query": query,
        "address": urlencode(listing.params_of(query)),
        "grid": tables.grid(asked, declared, found),
        "count": found.count,
        "pages": pages(asked.GET, found.count, size=found.size),
        "bar": filters.bar(moment.reader, declared, query, asked.GET),
        "columns": [(one.column.key, one.column.label) for one in seen],
        "shown": [one.key for one in found.columns],
        "views": [(one, "?" + urlencode(one.query)) for one in views],
        "may_add": any(one.writable for one in seen),
        "may_export": moment.holds(Verb.EXPORT),
        "is_guarded": exporting.is_guarded(declared, found.count),
        "saying": filters.saying(asked.GET),
        "crumbs": [
            {"label": say("台账"), "href": reverse("ledgers")},
            {"label": declared.label},
        ],
    }
    return page(asked, "ledgers/list.html", context, parts={"rows": "ledgers/_rows.html"})


@signed_in("POST")
def keep_view(asked: Asked, key: str) -> HttpResponseBase:
    """Keep the filters in force under a name."""
    reader = asked.moment.reader
    query = listing.parse(reader, key, filters.from_text(asked.POST.get("query", "")))
    pairs = listing.params_of(query)
    desk.save_view(reader.username, key, asked.POST.get("name", ""), pairs, now=asked.moment.now)
    return redirect(f"{reverse('ledger', args=[key])}?{urlencode(pairs)}")


@signed_in("POST")
def drop_view(asked: Asked, key: str, view: int) -> HttpResponseBase:
    desk.drop_view(asked.moment.reader.username, view)
    return redirect("ledger", key)


@signed_in("GET", "POST", verb=Verb.EXPORT)
def export(asked: Asked, key: str) -> HttpResponseBase:
    """As a job: a long list takes its time, and the page does not. Many children's rows are asked
    for on a page of their own, which says what for; another person agrees before they leave."""
    reader, given = asked.moment.reader, asked.POST or asked.GET
    query = listing.parse(reader, key, filters.from_text(given.get("query", "")))
    arguments = {
        "ledger": visibility.ledger(reader, key).key,
        "query": listing.params_of(query),
        "language": language(),
    }
    if asked.method == "GET":
        return _guarded(asked, key, arguments)
    try:
        return redirect("job", jobs.ask_once("export", arguments, act(asked)))
    except BadInput as fault:
        return _guarded(asked, key, arguments, fault)


def _guarded(
    asked: Asked, key: str, arguments: Mapping[str, Any], fault: BadInput | None = None
) -> HttpResponse:
    reader, declared = asked.moment.reader, registry.ledger(key)
    rows = approvals.rows_to_agree(reader, "export", "", arguments, asked.moment.now)
    back = f"{reverse('ledger', args=[key])}?{urlencode(arguments['query'])}"
    context = {
        "ledger": declared,
        "rows": rows,
        "approvers": approvals.approvers(reader, "export")[:MOST_NAMED],
        "hours": round(approvals.KEPT.total_seconds() / 3600),
        "query": urlencode(arguments["query"]),
        "why": asked.POST.get("why", ""),
        "errors": [{"message": fault.message, "anchor": "why"}] if fault else [],
        "back": back,
        "crumbs": [
            {"label": say("台账"), "href": reverse("ledgers")},
            {"label": declared.label, "href": back},
            {"label": say("导出")},
        ],
    }
    return page(asked, "ledgers/export.html", context, status=422 if fault else 200)


@signed_in("GET")
def blank_workbook(asked: Asked, key: str) -> HttpResponseBase:
    """The ledger's template, with help, choices and an example."""
    declared = visibility.ledger(asked.moment.reader, key)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        writing.template(declared, path, language=language())
        content = path.read_bytes()
    name = f"{declared.label.get(language())}.xlsx"
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=WORKBOOK)
