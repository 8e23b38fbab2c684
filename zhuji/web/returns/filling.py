"""The pages of whoever owes a return: fill the gaps, check the answers, keep the receipt."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse

from zhuji.kernel.errors import BadInput, NotFound
from zhuji.kernel.messages import say
from zhuji.ledgers import directory
from zhuji.orgs.roles import Verb
from zhuji.returns import filling, forms, queries, rules
from zhuji.returns.filling import Answers
from zhuji.returns.queries import STAGES, Paper, Stage
from zhuji.tasks.queries import names as people
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.lists import pages
from zhuji.web.pages import language, page
from zhuji.web.returns import files, grids
from zhuji.web.returns.grids import Given

_CELL, _NONE = "cell:", "none"


@signed_in("GET", "POST", verb=Verb.READ)
def fill(request: Asked, number: int, org: str) -> HttpResponseBase:
    """Only rows with gaps; what is known is shown beside them and is not asked."""
    reader = request.moment.reader
    paper = queries.paper(reader, number, org)
    if request.method == "GET":
        given = Given({}, frozenset(paper.made.excused), {})
        return _fill_page(request, paper, given)
    answers = _answers(request)
    try:
        filling.fill(reader, number, org, answers, now=request.moment.now)
    except BadInput as fault:
        faults = {issue.code: issue.message for issue in fault.issues}
        return _fill_page(request, paper, Given(answers.typed, answers.excused, faults), fault)
    after = queries.paper(reader, number, org)
    route = "return-fill" if after.open_cells else "return-check"
    return HttpResponseRedirect(reverse(route, args=(number, org)) + "?kept=1")


@signed_in("GET", "POST", verb=Verb.READ)
def check(request: Asked, number: int, org: str) -> HttpResponseBase:
    """All answers on one page. The clerk passes them on, the head hands them in."""
    reader, now = request.moment.reader, request.moment.now
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        if request.POST.get("do") == "submit":
            filling.submit(reader, number, org, seen=seen, now=now)
            return HttpResponseRedirect(reverse("return-receipt", args=(number, org)))
        filling.prepare(reader, number, org, seen=seen, now=now)
        return HttpResponseRedirect(reverse("return-check", args=(number, org)) + "?kept=1")
    paper = queries.paper(reader, number, org)
    may_fill = rules.may_fill(reader, paper.form.ledger, org)
    may_submit = rules.may_submit(reader, paper.form.ledger, org, paper.made.prepared_by)
    is_open = queries.is_open(paper.made.round)
    shown = pages(request.GET, len(paper.rows))
    context = _around(request, paper) | {
        "grid": grids.preview(request, paper.form, paper.rows[shown.slice]),
        "pages": shown,
        "may_prepare": is_open
        and may_fill
        and not paper.open_cells
        and paper.stage not in (Stage.PREPARED, Stage.SUBMITTED),
        "may_submit": is_open and may_submit and paper.stage is Stage.PREPARED,
        "prepared_by": people([paper.made.prepared_by]).get(paper.made.prepared_by, ""),
        "saying": [say("已送审，等本单位负责人上报。")] if _passed_on(request, paper) else [],
    }
    return page(request, "returns/check.html", context)


@signed_in("GET", verb=Verb.READ)
def receipt(request: Asked, number: int, org: str) -> HttpResponseBase:
    """Number, time, all answers: on the page and as a workbook."""
    paper = queries.paper(request.moment.reader, number, org)
    submission = paper.submission
    if submission is None:
        raise NotFound(say("还没有上报，没有回执。"))
    if request.GET.get("format") == "xlsx":
        grid = grids.preview(request, paper.form, paper.rows)
        return files.receipt(paper, grid, language())
    names = people([submission.prepared_by, submission.submitted_by])
    shown = pages(request.GET, len(paper.rows))
    context = _around(request, paper) | {
        "submission": submission,
        "receipt_number": files.receipt_number(submission),
        "by": names.get(submission.submitted_by, ""),
        "prepared_by": names.get(submission.prepared_by, ""),
        "changed": paper.stage is not Stage.SUBMITTED,
        "grid": grids.preview(request, paper.form, paper.rows[shown.slice]),
        "pages": shown,
        "downloads": [{"label": say("下载 Excel"), "href": "?format=xlsx"}],
    }
    return page(request, "returns/receipt.html", context)


def _fill_page(
    request: Asked, paper: Paper, given: Given, fault: BadInput | None = None
) -> HttpResponse:
    """A page of rows with gaps; said to be without value, a cell can be taken back as well."""
    gaps = [row for row in paper.rows if forms.missing(paper.form, row, ())]
    shown = pages(request.GET, len(gaps))
    errors = [
        {"message": message, "anchor": _CELL + name} for name, message in given.faults.items()
    ]
    if fault is not None and not errors:
        errors = [{"message": fault.message, "anchor": ""}]
    context = _around(request, paper) | {
        "grid": grids.fields(request, paper.form, gaps[shown.slice], given),
        "pages": shown,
        "known": len(paper.rows) - len(gaps),
        "may_fill": rules.may_fill(request.moment.reader, paper.form.ledger, paper.made.org)
        and queries.is_open(paper.made.round),
        "errors": errors,
        "add_href": _place("ledger-new", paper),
        "import_href": _place("ledger-import", paper),
        "saying": [say("已保存。")] if request.GET.get("kept") and fault is None else [],
    }
    return page(request, "returns/fill.html", context, status=422 if fault else 200)


def _around(request: Asked, paper: Paper) -> dict[str, Any]:
    made = paper.made
    names = directory.names([made.org])
    return {
        "paper": paper,
        "kept": made.round,
        "ledger": queries.label(made.round),
        "org": made.org,
        "org_name": names.get(made.org, made.org),
        "stage": STAGES[paper.stage],
        "open_cells": paper.open_cells,
    }


def _answers(request: Asked) -> Answers:
    typed = {
        name.removeprefix(_CELL): value
        for name, value in request.POST.items()
        if name.startswith(_CELL)
    }
    excused = frozenset(request.POST.getlist(_NONE))
    return Answers(
        {name: str(value) for name, value in typed.items()},
        excused,
        request.POST.get("nil") == "yes",
    )


def _passed_on(request: Asked, paper: Paper) -> bool:
    return bool(request.GET.get("kept")) and paper.stage is Stage.PREPARED


def _place(route: str, paper: Paper) -> str:
    """Where rows are entered, if there is such a page."""
    try:
        return reverse(route, args=(paper.form.ledger,))
    except NoReverseMatch:
        return ""
