"""One-time links for guardians, and what they ask to be corrected: for who keeps the record."""

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from zhuji.kernel.errors import DomainError
from zhuji.ledgers import guardian
from zhuji.orgs import links, rules
from zhuji.web.account.views import SAID, number, wrong
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.pages import page


@signed_in("GET", "POST", verb=None)
def issued(request: Asked) -> HttpResponseBase:
    """The address of a new link is on this answer and nowhere else."""
    moment = request.moment
    _must_keep_records(request)
    errors, address = [], ""
    given = request.POST
    if request.method == "POST":
        try:
            token = guardian.issue(
                given.get("pupil_no", ""),
                moment.reader,
                actor=moment.person,
                now=moment.now,
                why=given.get("why", ""),
            )
        except DomainError as refusal:
            errors = wrong("pupil_no", refusal)
        else:
            address = request.build_absolute_uri(reverse("child-open", args=[token]))
    context = {
        "links": links.issued_by(moment.person),
        "now": moment.now,
        "address": address,
        "given": given if errors else {},
        "errors": errors,
        "said": SAID.get(request.GET.get("said", "")),
    }
    return page(request, "account/links.html", context, status=422 if errors else 200)


@signed_in("POST", verb=None)
def revoke(request: Asked) -> HttpResponseBase:
    _must_keep_records(request)
    links.revoke(number(request, "number"), actor=request.moment.person, now=request.moment.now)
    return HttpResponseRedirect(reverse("child-links") + "?said=revoked")


@signed_in("GET", "POST", verb=None)
def corrections(request: Asked) -> HttpResponseBase:
    """Requests of guardians at one's schools, and the answers."""
    moment = request.moment
    orgs = guardian.may_answer(moment.reader)
    if not orgs:
        raise Http404
    errors = []
    if request.method == "POST":
        try:
            links.answer_correction(
                number(request, "number"),
                request.POST.get("answer", ""),
                orgs,
                actor=moment.person,
                now=moment.now,
            )
        except DomainError as refusal:
            errors = wrong("", refusal)
        else:
            return HttpResponseRedirect(reverse("corrections") + "?said=answered")
    context = {
        "requests": guardian.corrections(moment.reader, now=moment.now, route=request.path),
        "errors": errors,
        "said": SAID.get(request.GET.get("said", "")),
    }
    return page(request, "account/corrections.html", context, status=422 if errors else 200)


def _must_keep_records(request: Asked) -> None:
    moment = request.moment
    if not guardian.may_answer(moment.reader) and not rules.governs(moment.person, moment.now):
        raise Http404
