"""Sign-ins that last: idle for a quarter of an hour at most, half a day in all, ended anywhere.

All by the database's clock. The browser holds a random key of which only the digest is kept.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import say
from zhuji.orgs import audit, county, trouble
from zhuji.orgs.audit import About
from zhuji.orgs.models import Person, SignedIn

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
# Activity is noted twice a minute at most, so idleness may end half a minute early, never late.
_STEP = timedelta(seconds=30)


class How(StrEnum):
    PASSWORD = "password"  # noqa: S105  # the name of a way, not a secret
    PROVIDER = "provider"
    CHOSEN = "chosen"


@dataclass(frozen=True)
class Client:
    """What the browser says of itself; shown to its owner so that they know which one it is."""

    device: str = ""
    address: str = ""


@transaction.atomic
def begin(person: Person, how: How, *, now: datetime, client: Client = Client()) -> str:
    """A new sign-in; the key is told once. An invented person has no second factor to show."""
    key = secrets.token_urlsafe(32)
    SignedIn.objects.create(
        key_digest=_digest(key),
        person=person,
        how=how,
        device=client.device[:120],
        address=client.address[:45],
        started_at=now,
        seen_at=now,
        second_at=now if how is How.CHOSEN else None,
    )
    return key


def current(key: str, person: Person, *, now: datetime) -> SignedIn | None:
    """The sign-in that this key opens for this person, if it still lasts; notes the activity."""
    found = SignedIn.objects.filter(_lasting(now), key_digest=_digest(key), person=person).first()
    if found is None or not person.is_active:
        return None
    if found.how == How.CHOSEN and county.invented() is None:
        return None
    if now - found.seen_at >= _STEP:
        _note(found, now)
    return found


def _note(found: SignedIn, now: datetime) -> None:
    """Whoever only reads goes on reading when there is no space left to write this."""
    try:
        with transaction.atomic():
            SignedIn.objects.filter(pk=found.pk, ended_at=None).update(seen_at=now)
    except OperationalError as fault:
        if not isinstance(trouble.told(fault), trouble.Full):
            raise
        return
    found.seen_at = now


@transaction.atomic
def pass_second(key: str, person: Person, *, now: datetime) -> str:
    """The second factor was shown: the sign-in goes on under a new key."""
    found = SignedIn.objects.select_for_update().filter(
        _lasting(now), key_digest=_digest(key), person=person
    )
    kept = found.first()
    if kept is None:
        raise NotFound(say("登录已经结束，请重新登录。"))
    fresh = secrets.token_urlsafe(32)
    kept.key_digest, kept.second_at = _digest(fresh), now
    kept.save(update_fields=["key_digest", "second_at"])
    return fresh


def end(key: str, person: Person, *, now: datetime) -> None:
    """Sign out here."""
    ended = SignedIn.objects.filter(key_digest=_digest(key), person=person, ended_at=None)
    if ended.update(ended_at=now):
        audit.record("sign_out", About("person", person.username), actor=person.username, now=now)


@transaction.atomic
def end_one(number: int, person: Person, *, now: datetime) -> None:
    """Sign oneself out on another device."""
    ended = SignedIn.objects.filter(pk=number, person=person, ended_at=None)
    if not ended.update(ended_at=now):
        raise NotFound(say("没有这次登录，或它已经结束。"))
    about = About("person", person.username, source="elsewhere")
    audit.record("sign_out", about, actor=person.username, now=now)


def end_all(person: Person, *, now: datetime, but: str = "") -> int:
    """Everywhere, except where `but` is the key; how many that were."""
    lasting = SignedIn.objects.filter(person=person, ended_at=None)
    return lasting.exclude(key_digest=_digest(but)).update(ended_at=now)


@transaction.atomic
def sign_out_everywhere(person: Person, *, now: datetime, but: str = "") -> int:
    count = end_all(person, now=now, but=but)
    about = About("person", person.username, source="everywhere")
    audit.record("sign_out", about, actor=person.username, now=now)
    return count


def lasting(person: Person, now: datetime) -> Sequence[SignedIn]:
    """The newest first."""
    found: QuerySet[SignedIn] = SignedIn.objects.filter(_lasting(now), person=person)
    return list(found.order_by("-seen_at"))


def is_this(one: SignedIn, key: str) -> bool:
    return one.key_digest == _digest(key)


def forget(*, before: datetime) -> int:
    """Old sign-ins; the audit trail keeps that they were."""
    return SignedIn.objects.filter(started_at__lt=before).delete()[0]


def _lasting(now: datetime) -> Q:
    return Q(ended_at=None, seen_at__gt=now - IDLE, started_at__gt=now - LONGEST)


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
