"""Security keys and passkeys as a second factor (WebAuthn), by the fido2 library.

`state` is kept by the caller between the two halves of a ceremony, in the session and nowhere else.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from zhuji.kernel.errors import BadInput, Refused
from zhuji.kernel.messages import say
from zhuji.orgs import attempts, audit, second_factor
from zhuji.orgs.attempts import SECOND_FACTOR
from zhuji.orgs.models import Person
from zhuji.orgs.second_factor import KEY

MOST_KEYS = 10
_PREFERRED = UserVerificationRequirement.PREFERRED


def begin_enrolment(person: Person, host: str) -> tuple[dict[str, Any], Any]:
    """What the browser asks the key for, and the state to keep."""
    if Authenticator.objects.filter(user=person, type=KEY).count() >= MOST_KEYS:
        raise Refused(say("安全密钥最多 {most} 个。", most=MOST_KEYS))
    user = PublicKeyCredentialUserEntity(
        id=str(person.pk).encode(), name=person.username, display_name=person.name
    )
    options, state = _server(host).register_begin(
        user,
        credentials=_credentials(person),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=_PREFERRED,
    )
    return dict(options), state


@transaction.atomic
def enrol(person: Person, host: str, state: Any, answer: str, *, name: str, now: datetime) -> None:
    """The key's answer; `name` is for its owner to tell keys apart."""
    given = _read(answer)
    try:
        _server(host).register_complete(state, given)
    except (ValueError, TypeError, KeyError):
        raise _refusal() from None
    made = WebAuthn.add(person, name.strip()[:60] or "安全密钥", dict(given)).instance
    second_factor.added(person, made, now=now)


def begin_showing(person: Person, host: str) -> tuple[dict[str, Any], Any]:
    known = _credentials(person)
    if not known:
        raise Refused(say("还没有登记安全密钥。"))
    options, state = _server(host).authenticate_begin(known, _PREFERRED)
    return dict(options), state


def show(person: Person, host: str, state: Any, answer: str, *, now: datetime) -> None:
    """Refuse whatever is not this person's key answering this very challenge here."""
    attempts.count(SECOND_FACTOR, person.username, now=now, source=KEY)
    given = _read(answer)
    try:
        used = _server(host).authenticate_complete(state, _credentials(person), given)
        counter = AuthenticationResponse.from_dict(given).response.authenticator_data.counter
    except (ValueError, TypeError, KeyError):
        refused = attempts.about(SECOND_FACTOR, person.username, KEY)
        audit.record("second_factor.refuse", refused, actor=person.username, now=now)
        raise _refusal() from None
    _note_use(person, used, counter, now)
    second_factor.accepted(person, KEY, now=now)


@transaction.atomic
def _note_use(person: Person, used: AttestedCredentialData, counter: int, now: datetime) -> None:
    """A counter that does not rise means that the key was copied; keys without one say zero."""
    rows = Authenticator.objects.select_for_update().filter(user=person, type=KEY)
    for kept in rows:
        if _credential(kept).credential_id != used.credential_id:
            continue
        if counter and counter <= kept.data.get("counter", 0):
            raise _refusal()
        kept.data["counter"], kept.last_used_at = counter, now
        kept.save(update_fields=["data", "last_used_at"])
        return
    raise _refusal()


def _credentials(person: Person) -> list[AttestedCredentialData]:
    rows = Authenticator.objects.filter(user=person, type=KEY).order_by("pk")
    return [_credential(kept) for kept in rows]


def _credential(kept: Any) -> AttestedCredentialData:
    found = WebAuthn(kept).authenticator_data.credential_data
    assert found is not None
    return AttestedCredentialData(found)


def _server(host: str) -> Fido2Server:
    """`host` as the address bar has it, without the port: a key answers to nobody else."""
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name="Zhuji"))


def _read(answer: str) -> Mapping[str, Any]:
    try:
        given = json.loads(answer)
    except ValueError:
        raise _refusal() from None
    if not isinstance(given, dict):
        raise _refusal()
    return given


def _refusal() -> BadInput:
    return BadInput(say("安全密钥没有通过，请重试，或改用验证码。"))
