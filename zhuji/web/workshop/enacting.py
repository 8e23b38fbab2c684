"""Uploading a version, and putting one in force: seen first, proposed by one, confirmed by two."""

import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from zhuji.kernel.dates import read_date
from zhuji.kernel.errors import BadInput, DomainError, Refused
from zhuji.kernel.messages import Label, Message, say
from zhuji.orgs.roles import Verb
from zhuji.programme import enacting, library, standing, uploading
from zhuji.programme.enacting import Consequences
from zhuji.tasks.queries import names as people
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.lists import Head
from zhuji.web.pages import page
from zhuji.web.workshop.comparing import SECTIONS, WHATS
from zhuji.web.workshop.views import shelved

_DECIDED_HEADS = (
    Head(Label("方案", "Plan")), Head(Label("版本", "Version")), Head(Label("施行日", "From")),
    Head(Label("理由", "Why")), Head(Label("提出", "Proposed by")),
    Head(Label("结果", "Outcome")),
)  # fmt: skip
_MOST_ISSUES = 20


@signed_in("POST", verb=Verb.PUBLISH)
def upload(asked: Asked) -> HttpResponseBase:
    """Refused with every fault by file and line; what is good opens at once."""
    try:
        one = _received(asked)
    except (BadInput, Refused) as fault:
        errors = [{"message": each, "anchor": "package"} for each in _said(fault)]
        status = 409 if isinstance(fault, Refused) else 422
        return page(asked, "workshop/shelf.html", shelved(asked, errors=errors), status=status)
    return redirect("workshop-package", one.key)


def _received(asked: Asked) -> library.Volume:
    given = asked.FILES.get("package")
    if given is None:
        raise BadInput(say("请先选择方案包的 zip 文件。"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "package.zip"
        with path.open("wb") as file:
            for piece in given.chunks():
                file.write(piece)
        return uploading.receive(asked.moment.reader, path, now=asked.moment.now)


@signed_in("GET")
def enact(asked: Asked) -> HttpResponse:
    """What would follow is shown before anything can be proposed."""
    return _form(asked, asked.GET.get("package", ""), asked.GET.get("since", ""))


@signed_in("POST", verb=Verb.PUBLISH)
def propose(asked: Asked) -> HttpResponseBase:
    given = asked.POST
    key, typed, why = given.get("package", ""), given.get("since", ""), given.get("why", "")
    try:
        since = read_date(typed)
        enacting.propose(asked.moment.reader, key, since, why, now=asked.moment.now)
    except (BadInput, Refused) as fault:
        return _form(asked, key, typed, why=why, fault=fault)
    return redirect(f"{reverse('workshop-enact')}?done=proposed")


@signed_in("POST", verb=Verb.PUBLISH)
def confirm(asked: Asked, number: int) -> HttpResponseBase:
    enacting.confirm(asked.moment.reader, number, now=asked.moment.now)
    return redirect(f"{reverse('workshop-enact')}?done=confirmed")


@signed_in("POST", verb=Verb.PUBLISH)
def withdraw(asked: Asked, number: int) -> HttpResponseBase:
    enacting.withdraw(asked.moment.reader, number, now=asked.moment.now)
    return redirect(f"{reverse('workshop-enact')}?done=withdrawn")


_DONE = {
    "proposed": say("已提出，等另一位有发布权限的人确认。"),
    "confirmed": say("已确认施行。下一次判定起按这个版本。"),
    "withdrawn": say("已撤回。"),
}


def _form(
    asked: Asked, key: str, typed: str, *, why: str = "", fault: DomainError | None = None
) -> HttpResponse:
    found, wrong = _seen(asked, key, typed)
    told = fault or wrong
    volumes = [one for one in library.volumes() if not one.is_standard and one.is_readable]
    pending, decided = enacting.pending(), enacting.history()
    context: dict[str, Any] = {
        "choices": [(one.key, f"{one.id} {one.version}") for one in volumes],
        "key": key,
        "typed": typed,
        "why": why,
        "found": found,
        "counts": _counts(found),
        "timeline": _timeline(volumes, asked.moment.today),
        "pending": pending,
        "decided": decided,
        "decided_heads": _DECIDED_HEADS,
        "names": people(_persons((*pending, *decided))),
        "me": asked.moment.reader.username,
        "today": asked.moment.today,
        "may_publish": bool(enacting.county_of(asked.moment.reader)),
        "errors": [{"message": one, "anchor": _anchor(key, typed)} for one in _said(told)],
        "saying": [_DONE[done]] if (done := asked.GET.get("done", "")) in _DONE else [],
        "is_confirmed": asked.GET.get("done") == "confirmed",
        "crumbs": [
            {"label": say("规划工坊"), "href": reverse("workshop")},
            {"label": say("施行版本")},
        ],
    }
    status = 200 if told is None else 409 if isinstance(told, Refused) else 422
    return page(asked, "workshop/enact.html", context, status=status)


def _seen(asked: Asked, key: str, typed: str) -> tuple[Consequences | None, BadInput | None]:
    """Nothing is looked at before both are there."""
    if not key or not typed:
        return None, None
    one = library.volume(key)
    try:
        since = read_date(typed)
    except BadInput as fault:
        return None, fault
    return enacting.consequences(one, since, today=asked.moment.today), None


def _counts(found: Consequences | None) -> list[tuple[Label, Label, int]]:
    """How many entries of each section are added, taken away and changed."""
    if found is None:
        return []
    made: dict[tuple[str, str], int] = {}
    for change in found.changes:
        pair = (change.section, change.what)
        made[pair] = made.get(pair, 0) + 1
    return [(SECTIONS[section], WHATS[what], count) for (section, what), count in made.items()]


def _timeline(volumes: Iterable[library.Volume], today: date) -> list[dict[str, Any]]:
    """For each plan its versions in the order in which they judge."""
    found = []
    for plan in dict.fromkeys(one.id for one in volumes):
        days = sorted(standing.days_of(plan).items(), key=lambda one: one[1])
        newest = max((since for _version, since in days if since <= today), default=None)
        found.append(
            {
                "plan": plan,
                "versions": [
                    {"version": version, "since": since, "now": since == newest,
                     "coming": since > today}
                    for version, since in days
                ],
            }
        )  # fmt: skip
    return found


def _persons(found: Iterable[Any]) -> list[str]:
    return [
        name
        for one in found
        for name in (one.proposed_by, one.confirmed_by, one.withdrawn_by)
        if name
    ]


def _said(fault: DomainError | None) -> list[Message]:
    if fault is None:
        return []
    issues = [one.sentence() for one in fault.issues[:_MOST_ISSUES]]
    return list({str(one): one for one in (fault.message, *issues)}.values())


def _anchor(key: str, typed: str) -> str:
    if not key:
        return "package"
    return "why" if typed else "since"
