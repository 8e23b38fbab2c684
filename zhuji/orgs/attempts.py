"""Counts attempts at whatever can be guessed: a name's password, its second factor, a link."""

from datetime import datetime
from hashlib import sha256
from math import ceil

from django.db import transaction

from zhuji.kernel.errors import NotAllowed
from zhuji.kernel.messages import Message, say
from zhuji.orgs import audit, throttle
from zhuji.orgs.audit import About
from zhuji.orgs.models import SignInRecord
from zhuji.orgs.throttle import Failures

SIGN_IN, SECOND_FACTOR, CHILD_LINK = "sign_in", "second_factor", "child_link"


def digest_of(kind: str, name: str) -> str:
    """What is typed as a name is sometimes a password, so only this is kept."""
    whole = name.casefold() if kind == SIGN_IN else f"{kind}:{name}"
    return sha256(whole.encode()).hexdigest()


def count(kind: str, name: str, *, now: datetime, source: str = "") -> None:
    """Refuse while the name must wait; otherwise this attempt is a failure until it is not."""
    digest = digest_of(kind, name)
    with transaction.atomic():
        SignInRecord.objects.get_or_create(pk=digest)
        kept = SignInRecord.objects.select_for_update().get(pk=digest)
        failures = Failures(kept.failures, kept.failed_at)
        seconds = ceil(throttle.wait(failures, now).total_seconds())
        if not seconds:
            counted = throttle.after_failure(failures, now)
            kept.failures, kept.failed_at = counted.count, counted.last_at
            kept.save(update_fields=["failures", "failed_at"])
        else:
            audit.record(f"{kind}.hold", about(kind, name, source), actor="", now=now)
    if seconds:
        raise NotAllowed(_hold(seconds))


def forgive(kind: str, name: str) -> None:
    """It was the right person after all."""
    SignInRecord.objects.filter(pk=digest_of(kind, name)).delete()


def waits(kind: str, name: str, now: datetime) -> int:
    """For how many seconds nothing is looked at."""
    kept = SignInRecord.objects.filter(pk=digest_of(kind, name)).first()
    failures = Failures(kept.failures, kept.failed_at) if kept else throttle.NONE
    return ceil(throttle.wait(failures, now).total_seconds())


def about(kind: str, name: str, source: str) -> About:
    return About(kind, digest_of(kind, name), source=source[:100])


def _hold(seconds: int) -> Message:
    return say("尝试次数过多，请 {seconds} 秒后再试。", seconds=seconds)
