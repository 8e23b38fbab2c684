"""A year of the audit trail in counts: who saw, revealed, took away, approved what.

Whom it was about is in none of it: a report must not itself be a list of children.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from zhuji.orgs.models import ChildLink, Correction, Entry, MaintenanceSession, View

Row = tuple[object, ...]
# What each sheet of the package is made of: the verbs of its entries.
TAKEN_AWAY = ("ledger.export", "job.hand_out")
APPOINTED = (
    "person.found", "person.add", "person.appoint", "person.deputise", "person.charge",
    "person.end", "person.end_charge", "person.suspend", "person.restore", "person.set_password",
    "second_factor.reset",
)  # fmt: skip
CLEANED = ("audit.retire", "audit.verify")


@dataclass(frozen=True)
class Year:
    """From the first moment to the moment after the last."""

    start: datetime
    end: datetime


def views_by_month(year: Year) -> Iterator[Row]:
    """Month, ledger, duty: how often minors were seen, by how many people."""
    rows = _views(year).annotate(month=TruncMonth("at")).values_list("month", "kind", "duty")
    for month, kind, duty, times, people in _counted(rows):
        yield f"{month:%Y-%m}", kind, duty, times, people


def views_by_org(year: Year) -> Iterator[Row]:
    yield from _counted(_views(year).values_list("org", "kind"))


def reveals(year: Year) -> Iterator[Row]:
    """Who revealed masked values, in which ledger, how often; reasons stand in the trail."""
    found: dict[tuple[str, str, str], int] = {}
    rows = _entries(year, ("row.reveal", "row.find"))
    for actor, verb, key in rows.values_list("actor", "verb", "key").iterator():
        place = (actor, verb, key.partition(" ")[0])
        found[place] = found.get(place, 0) + 1
    yield from ((*place, count) for place, count in sorted(found.items()))


def deeds(year: Year, verbs: tuple[str, ...]) -> Iterator[Row]:
    """Single entries, oldest first: moment, who, what, about what, why."""
    rows = _entries(year, verbs).order_by("sequence")
    yield from rows.values_list("at", "actor", "verb", "kind", "key", "org", "why").iterator()


def sessions(year: Year) -> Iterator[Row]:
    rows = MaintenanceSession.objects.filter(started_at__gte=year.start, started_at__lt=year.end)
    yield from rows.order_by("started_at").values_list(
        "started_at", "ends_at", "appointment__person__username", "appointment__org", "reason"
    )


def requests(year: Year) -> Iterator[Row]:
    """What guardians asked for, by org: links, of these used, corrections, of these answered."""
    links = ChildLink.objects.filter(made_at__gte=year.start, made_at__lt=year.end)
    asked = Correction.objects.filter(asked_at__gte=year.start, asked_at__lt=year.end)
    found: dict[str, list[int]] = {}
    for at, rows in enumerate((links, links.exclude(used_at=None), asked,
                               asked.exclude(answered_at=None))):  # fmt: skip
        for org, count in rows.values_list("org").annotate(n=Count("pk")).order_by("org"):
            found.setdefault(org, [0, 0, 0, 0])[at] = count
    yield from ((org, *counts) for org, counts in sorted(found.items()))


def _views(year: Year) -> QuerySet[View]:
    return View.objects.filter(at__gte=year.start, at__lt=year.end)


def _entries(year: Year, verbs: tuple[str, ...]) -> QuerySet[Entry]:
    return Entry.objects.filter(at__gte=year.start, at__lt=year.end, verb__in=verbs)


def _counted(rows: "QuerySet[View, tuple[Any, ...]]") -> "QuerySet[View, tuple[Any, ...]]":
    names = rows.query.values_select
    counted = rows.annotate(times=Count("pk"), people=Count("viewer", distinct=True))
    return counted.order_by(*names)
