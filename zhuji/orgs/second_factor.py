"""The second factor: codes of an app, security keys, recovery codes; secrets encrypted at rest.

Stored by allauth's `Authenticator`; each secret is bound to its person, so that one copied into
another person's row does not open.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from pathlib import Path
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.db import transaction

from zhuji.kernel.errors import BadInput, NotFound, Refused
from zhuji.kernel.messages import say
from zhuji.orgs import attempts, audit, keyring, rules, sessions
from zhuji.orgs.attempts import SECOND_FACTOR
from zhuji.orgs.audit import About
from zhuji.orgs.ciphers import Place
from zhuji.orgs.models import Person

TOTP, KEY, CODES = (
    Authenticator.Type.TOTP,
    Authenticator.Type.WEBAUTHN,
    Authenticator.Type.RECOVERY_CODES,
)
_PERIOD, _DIGITS = 30, 6
_ISSUER = "Zhuji"
_whose: ContextVar[str] = ContextVar("whose")


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth brings no types
    """What allauth calls when it stores or reads a secret."""

    def encrypt(self, text: str) -> str:
        return keyring.held(_home()).encrypt(text, _place())

    def decrypt(self, encrypted_text: str) -> str:
        return keyring.held(_home()).decrypt(encrypted_text, _place())


@dataclass(frozen=True)
class Factor:
    """One of a person's second factors, as the account page shows it."""

    number: int
    kind: str
    name: str
    made_at: datetime
    used_at: datetime | None


def factors(person: Person) -> list[Factor]:
    """Without the recovery codes, which only stand in for a factor."""
    found = Authenticator.objects.filter(user=person).exclude(type=CODES).order_by("pk")
    return [
        Factor(one.pk, one.type, str(one.data.get("name", "")), one.created_at, one.last_used_at)
        for one in found
    ]


def enrolled(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person).exclude(type=CODES).exists())


def new_secret() -> str:
    return str(totp.generate_totp_secret())


def picture(person: Person, secret: str) -> str:
    """The QR code to photograph, as SVG."""
    return str(_adapter().build_totp_svg(address(person, secret)))


def address(person: Person, secret: str) -> str:
    return str(_adapter().build_totp_url(person, secret))


def wrapped(person: Person, secret: str) -> str:
    """A secret that waits in a session until its app has answered is encrypted as well."""
    return keyring.held(_home()).encrypt(secret, Place("session", "totp", str(person.pk)))


def unwrapped(person: Person, stored: str) -> str:
    return keyring.held(_home()).decrypt(stored, Place("session", "totp", str(person.pk)))


@transaction.atomic
def enrol_app(person: Person, secret: str, code: str, *, now: datetime) -> None:
    """Once the app has shown that it has the secret."""
    if Authenticator.objects.filter(user=person, type=TOTP).exists():
        raise Refused(say("已经有一个验证器应用；要换一个，请先移除原来的。"))
    counter = _counter(secret, code, now)
    if counter is None:
        raise BadInput(say("验证码不对。请核对手机时间，输入应用上当前的六位数字。"))
    with _secrets_of(person):
        made = totp.TOTP.activate(person, secret).instance
    made.data["counter"] = counter
    made.save(update_fields=["data"])
    added(person, made, now=now)


def added(person: Person, made: Authenticator, *, now: datetime) -> None:
    """Tell the trail, and let no sign-in without the new factor go on elsewhere."""
    about = About("second_factor", str(made.pk), source=str(made.type))
    audit.record("second_factor.add", about, actor=person.username, now=now)


def show_code(person: Person, code: str, *, now: datetime, source: str = "") -> None:
    """A code of the app, or a recovery code; each opens once."""
    attempts.count(SECOND_FACTOR, person.username, now=now, source=source)
    kind = _accepted(person, "".join(code.split()).replace("-", ""), now)
    if kind is None:
        refused = attempts.about(SECOND_FACTOR, person.username, source)
        audit.record("second_factor.refuse", refused, actor=person.username, now=now)
        raise BadInput(say("验证码不对，或已经用过。"))
    accepted(person, kind, now=now)


def accepted(person: Person, kind: str, *, now: datetime) -> None:
    attempts.forgive(SECOND_FACTOR, person.username)
    about = About("person", person.username, source=kind)
    audit.record("second_factor.pass", about, actor=person.username, now=now)


def recovery_codes(person: Person, *, now: datetime) -> list[str]:
    """Ten new ones; those given before no longer open anything."""
    if not enrolled(person):
        raise Refused(say("请先登记验证器应用或安全密钥。"))
    with transaction.atomic(), _secrets_of(person):
        Authenticator.objects.filter(user=person, type=CODES).delete()
        made = RecoveryCodes.activate(person)
        about = About("second_factor", str(made.instance.pk), source=CODES)
        audit.record("second_factor.add", about, actor=person.username, now=now)
        return [str(code) for code in made.generate_codes()]


def codes_left(person: Person) -> int:
    kept = Authenticator.objects.filter(user=person, type=CODES).first()
    if kept is None:
        return 0
    with _secrets_of(person):
        return len(RecoveryCodes(kept).get_unused_codes())


@transaction.atomic
def remove(number: int, person: Person, *, now: datetime) -> None:
    """One's own; without any left the recovery codes go too."""
    found = Authenticator.objects.filter(pk=number, user=person).exclude(type=CODES)
    kept = found.select_for_update().first()
    if kept is None:
        raise NotFound(say("没有这个第二因素。"))
    about = About("second_factor", str(number), source=str(kept.type))
    kept.delete()
    if not enrolled(person):
        Authenticator.objects.filter(user=person).delete()
    audit.record("second_factor.remove", about, actor=person.username, now=now)


@transaction.atomic
def reset(username: str, *, actor: Person, now: datetime, why: str) -> None:
    """For who lost everything and has shown who they are: they enrol anew at the next sign-in."""
    rules.must_govern(actor, now)
    if actor.username == username:
        raise Refused(say("不能重置自己的第二因素，请另一位安全管理员办理。"))
    person = rules.person_named(username)
    Authenticator.objects.filter(user=person).delete()
    sessions.end_all(person, now=now)
    about = About("person", username)
    audit.record("second_factor.reset", about, actor=actor.username, now=now, why=why)


@transaction.atomic
def _accepted(person: Person, code: str, now: datetime) -> str | None:
    """Which kind of factor the code opens; locked, so that two requests cannot both use it."""
    rows = Authenticator.objects.select_for_update().filter(user=person, type__in=(TOTP, CODES))
    for kept in rows.order_by("-type"):
        opens = _app_opens if kept.type == TOTP else _recovery_opens
        with _secrets_of(person):
            if opens(kept, code, now):
                Authenticator.objects.filter(pk=kept.pk).update(last_used_at=now)
                return str(kept.type)
    return None


def _app_opens(kept: Any, code: str, now: datetime) -> bool:
    counter = _counter(totp.decrypt(kept.data["secret"]), code, now)
    if counter is None or counter <= kept.data.get("counter", 0):
        return False
    kept.data["counter"] = counter
    kept.save(update_fields=["data"])
    return True


def _recovery_opens(kept: Any, code: str, now: datetime) -> bool:
    return bool(RecoveryCodes(kept).validate_code(code))


def _counter(secret: str, code: str, now: datetime) -> int | None:
    """The half minute whose code this is: this one, the one before or the one after."""
    here = int(now.timestamp()) // _PERIOD
    for counter in (here, here - 1, here + 1):
        expected = f"{totp.hotp_value(secret, counter):0{_DIGITS}}"
        if compare_digest(expected.encode(), code.encode()):
            return counter
    return None


@contextmanager
def _secrets_of(person: Person) -> Iterator[None]:
    token = _whose.set(str(person.pk))
    try:
        yield
    finally:
        _whose.reset(token)


def _place() -> Place:
    return Place("mfa_authenticator", "data", _whose.get())


def _adapter() -> Adapter:
    return Adapter()


def _home() -> Path:
    return Path(settings.ZHUJI_HOME)
