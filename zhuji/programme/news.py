"""What has happened since somebody was last here: rows changed in their scope, their own visits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from zhuji.kernel.messages import Label
from zhuji.ledgers import registry, visibility
from zhuji.ledgers.models import Change
from zhuji.orgs import audit
from zhuji.orgs.roles import Reach, Subject
from zhuji.orgs.scope import Reader

# The newest changes that are looked at: a first import may have brought millions.
_MOST = 2_000
_CREATED, _UPDATED, _DELETED = Change.Kind.CREATED, Change.Kind.UPDATED, Change.Kind.DELETED


@dataclass(frozen=True, slots=True)
class Changed:
    ledger: str
    label: Label
    at: datetime
    created: int
    updated: int
    deleted: int
    orgs: tuple[tuple[str, str], ...]  # code and name
    more: bool


class _Row(NamedTuple):
    ledger: str
    org: str
    kind: str
    at: datetime
    actor: str


def changes(reader: Reader, since: datetime) -> tuple[Changed, ...]:
    """By ledger, of rows that the reader could open; what they entered themselves is no news.

    The rows are picked here and not by the database: given all conditions at once, it walks every
    change ever made instead of the newest.
    """
    newest = Change.objects.filter(at__gt=since).order_by("-at", "-pk")[:_MOST]
    found = [_Row(*row) for row in newest.values_list(*_Row._fields)]
    by_ledger: dict[str, list[_Row]] = {}
    for row in found:
        if row.actor != reader.username and _reaches(reader, row):
            by_ledger.setdefault(row.ledger, []).append(row)
    names = _names(reader, {row.org for rows in by_ledger.values() for row in rows})
    return tuple(_changed(key, rows, names, len(found) == _MOST) for key, rows in by_ledger.items())


def _changed(key: str, rows: list[_Row], names: dict[str, str], more: bool) -> Changed:
    kinds = [row.kind for row in rows]
    orgs = sorted({row.org for row in rows})
    return Changed(
        key,
        registry.ledger(key).label,
        rows[0].at,
        kinds.count(_CREATED),
        kinds.count(_UPDATED),
        kinds.count(_DELETED),
        tuple((org, names.get(org, org)) for org in orgs),
        more,
    )


def _reaches(reader: Reader, row: _Row) -> bool:
    """Whether every row of the ledger in that organisation is open to the reader.

    Who sees only rows of their own is told nothing: the count alone would speak of others.
    """
    subject = _subject(row.ledger)
    return any(
        row.org in grant.orgs and window.reach is Reach.ALL
        for grant in reader.grants
        if (window := grant.role.windows.get(subject)) is not None
    )


@cache
def _subject(ledger: str) -> Subject:
    return visibility.rows_about(ledger).subject


def _names(reader: Reader, orgs: Iterable[str]) -> dict[str, str]:
    rows = visibility.visible_to(reader, "orgs").filter(org__in=tuple(orgs))
    return dict(rows.order_by("valid_from").values_list("org", "name"))


def previous_sign_in(username: str, now: datetime) -> datetime | None:
    """The sign-in before the newest one."""
    visits = audit.entries_about("person", username).filter(
        verb="sign_in", actor=username, at__lte=now
    )
    times = list(visits.order_by("-sequence").values_list("at", flat=True)[:2])
    return times[1] if len(times) == 2 else None
