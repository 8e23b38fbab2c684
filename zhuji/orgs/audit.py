"""The audit trail: every change and every view of a minor's record leaves an append-only record.

Values that are sensitive are kept as keyed digests: equal ones can be told, none can be read. A
number of a person that somebody wrote into a reason or a query is kept masked.
"""

import hmac
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from zhuji.kernel.codes import veiled
from zhuji.orgs.models import Entry, View
from zhuji.warehouse import pseudonyms

_AT_ONCE = 1_000
_DIGEST = 32


@dataclass(frozen=True)
class About:
    """What an entry is about, whose it is, and through which face it came."""

    kind: str
    key: str = ""
    org: str = ""
    source: str = ""


@dataclass(frozen=True)
class Change:
    """Old and new values by name; those named `sensitive` are kept as digests only."""

    old: Mapping[str, object] = field(default_factory=dict)
    new: Mapping[str, object] = field(default_factory=dict)
    sensitive: Collection[str] = ()


@dataclass(frozen=True)
class Seen:
    """One minor that somebody saw: their number, where, and by what duty."""

    number: str
    kind: str
    org: str
    duty: str
    veiled: bool = False  # the number is a pseudonym already, as a snapshot holds it


NO_CHANGE = Change()


def record(
    verb: str,
    about: About,
    *,
    actor: str,
    now: datetime,
    change: Change = NO_CHANGE,
    why: str = "",
) -> Entry:
    """Append one entry, inside the transaction of the action that it tells of."""
    return Entry.objects.create(
        at=now,
        actor=actor,
        verb=verb,
        kind=about.kind,
        key=about.key,
        org=about.org,
        source=about.source,
        old=_text(change.old, change.sensitive),
        new=_text(change.new, change.sensitive),
        why=veiled(why)[:255],
    )


def record_views(
    seen: Iterable[Seen], *, viewer: str, now: datetime, route: str, reason: str = ""
) -> int:
    """One record for each minor on the page; the number is kept as a pseudonym."""
    key = pseudonyms.key_of(_home())
    made = [
        View(
            at=now,
            viewer=viewer,
            subject=one.number if one.veiled else pseudonyms.pseudonym(key, one.number),
            kind=one.kind,
            org=one.org,
            duty=one.duty,
            reason=veiled(reason)[:255],
            route=route[:200],
        )
        for one in dict.fromkeys(seen)
    ]
    View.objects.bulk_create(made, batch_size=_AT_ONCE)
    return len(made)


def views_of(number: str, *, since: datetime) -> QuerySet[View]:
    """Who saw this child, the newest first."""
    subject = pseudonyms.pseudonym(pseudonyms.key_of(_home()), number)
    return View.objects.filter(subject=subject, at__gte=since).order_by("-sequence")


def entries_about(kind: str, key: str) -> QuerySet[Entry]:
    """What happened to one thing, the oldest first."""
    return Entry.objects.filter(kind=kind, key=key).order_by("sequence")


def digest_of(name: str, value: object) -> str:
    """Keyed, for eleven digits of a phone are soon guessed; the name keeps columns apart."""
    key = pseudonyms.key_of(_home())
    text = json.dumps(["audit", name, str(value)]).encode()
    return "hmac:" + hmac.new(key, text, sha256).hexdigest()[:_DIGEST]


def _text(values: Mapping[str, object], sensitive: Collection[str]) -> str:
    if not values:
        return ""
    kept = {
        name: digest_of(name, value) if name in sensitive and value is not None else value
        for name, value in values.items()
    }
    return veiled(json.dumps(kept, ensure_ascii=False, sort_keys=True, default=str))


def _home() -> Path:
    return Path(settings.ZHUJI_HOME)
