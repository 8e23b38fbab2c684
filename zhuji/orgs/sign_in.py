"""Signing in: slowed down after failures, and never telling whether a name exists."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from zhuji.kernel.errors import NotAllowed
from zhuji.kernel.messages import say
from zhuji.orgs import attempts, audit, rules
from zhuji.orgs.attempts import SECOND_FACTOR, SIGN_IN
from zhuji.orgs.audit import About
from zhuji.orgs.models import NAME_LENGTH, Person
from zhuji.orgs.sessions import How

GIVEN_LASTS = timedelta(days=7)  # a password that somebody else has set


def sign_in(username: str, password: str, *, now: datetime, source: str = "") -> Person:
    """`now` is the database's. The failure is counted before the password is looked at."""
    attempts.count(SIGN_IN, username, now=now, source=source)
    # Outside any transaction: a hash takes long enough to hold others up.
    person = _matching(username, password)
    is_stale = person is not None and _is_stale(person, now)
    with transaction.atomic():
        if person is None or is_stale:
            refused = attempts.about(SIGN_IN, username, source)
            audit.record("sign_in.refuse", refused, actor="", now=now)
        else:
            attempts.forgive(SIGN_IN, username)
            let_in(person, now=now, source=source)
    if person is None:
        raise NotAllowed(say("用户名或口令不对。"))
    if is_stale:
        raise NotAllowed(say("首次口令已经过期，请安全管理员重新设一个。"))
    return person


def has_given_password(person: Person, how: str) -> bool:
    """Signed in by a password that somebody else knows: nothing is done with it but changing it."""
    return how == How.PASSWORD and person.password_given_at is not None


def let_in(person: Person, *, now: datetime, source: str) -> None:
    """Whichever way they proved who they are."""
    Person.objects.filter(pk=person.pk).update(last_login=now)
    about = About("person", person.username, source=source[:100])
    audit.record("sign_in", about, actor=person.username, now=now)


@transaction.atomic
def unlock(username: str, *, actor: Person, now: datetime, why: str) -> None:
    """Forget the failures of a name, once its bearer has shown who they are."""
    rules.must_govern(actor, now)
    attempts.forgive(SIGN_IN, username)
    attempts.forgive(SECOND_FACTOR, username)
    about = About("person", username[:NAME_LENGTH])
    audit.record("sign_in.unlock", about, actor=actor.username, now=now, why=why)


def _is_stale(person: Person, now: datetime) -> bool:
    given = person.password_given_at
    return given is not None and now - given >= GIVEN_LASTS


def _matching(username: str, password: str) -> Person | None:
    """An unknown name costs one hash as well, so that the time tells nothing."""
    person = Person.objects.filter(username=username).first()
    if person is None:
        make_password(password)
        return None
    return person if person.check_password(password) and person.is_active else None
