"""Signing in: slowed down after failures, and never telling whether a name exists."""

from datetime import datetime
from hashlib import sha256
from math import ceil

from django.contrib.auth.hashers import make_password
from django.db import transaction

from zhuji.kernel.errors import NotAllowed
from zhuji.kernel.messages import Message, say
from zhuji.orgs import audit, rules, throttle
from zhuji.orgs.audit import About
from zhuji.orgs.models import NAME_LENGTH, Person, SignInRecord
from zhuji.orgs.throttle import Failures


def sign_in(username: str, password: str, *, now: datetime, source: str = "") -> Person:
    """`now` is the database's. The failure is counted before the password is looked at."""
    digest = sha256(username.casefold().encode()).hexdigest()
    _count(digest, now=now, source=source)
    # Outside any transaction: a hash takes long enough to hold others up.
    person = _matching(username, password)
    with transaction.atomic():
        if person is None:
            audit.record("sign_in.refuse", _about(digest, source), actor="", now=now)
        else:
            SignInRecord.objects.filter(pk=digest).delete()
            Person.objects.filter(pk=person.pk).update(last_login=now)
            about = About("person", person.username, source=source)
            audit.record("sign_in", about, actor=person.username, now=now)
    if person is None:
        raise NotAllowed(say("用户名或口令不对。"))
    return person


@transaction.atomic
def unlock(username: str, *, actor: Person, now: datetime, why: str) -> None:
    """Forget the failures of a name, once its bearer has shown who they are."""
    rules.must_govern(actor, now)
    SignInRecord.objects.filter(pk=sha256(username.casefold().encode()).hexdigest()).delete()
    about = About("person", username[:NAME_LENGTH])
    audit.record("sign_in.unlock", about, actor=actor.username, now=now, why=why)


def _count(digest: str, *, now: datetime, source: str) -> None:
    """Refuse while the name must wait; otherwise this attempt is a failure until it is not."""
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
            audit.record("sign_in.hold", _about(digest, source), actor="", now=now)
    if seconds:
        raise NotAllowed(_hold(seconds))


def _hold(seconds: int) -> Message:
    return say("尝试次数过多，请 {seconds} 秒后再试。", seconds=seconds)


def _matching(username: str, password: str) -> Person | None:
    """An unknown name costs one hash as well, so that the time tells nothing."""
    person = Person.objects.filter(username=username).first()
    if person is None:
        make_password(password)
        return None
    return person if person.check_password(password) and person.is_active else None


def _about(digest: str, source: str) -> About:
    """By digest: what is typed as a name is sometimes a password."""
    return About("sign_in", digest, source=source[:100])
