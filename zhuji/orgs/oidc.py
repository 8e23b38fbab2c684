"""Signing in through the provider that the settings name: it vouches, it never adds anybody.

Authorization code with PKCE, state and nonce; the identity token's signature is always checked.
Without the settings nothing here is called and no request leaves the machine.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Protocol
from urllib.parse import urlencode

import jwt
import requests
from django.conf import settings

from zhuji.kernel.errors import NotAllowed
from zhuji.kernel.messages import say
from zhuji.orgs import audit, sign_in
from zhuji.orgs.audit import About
from zhuji.orgs.models import Person

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
_NEEDED = ["exp", "iat", "iss", "aud", "sub"]
_PATIENCE = (3, 10)  # seconds to connect, and between two bytes
_LEEWAY = 60
_MOST_BYTES = 1024 * 1024


class Provider(Protocol):
    """As `project.environment` reads it from ZHUJI_OIDC_*; `match`: a field of Person."""

    @property
    def issuer(self) -> str: ...

    @property
    def client_id(self) -> str: ...

    @property
    def client_secret(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def claim(self) -> str: ...

    @property
    def match(self) -> str: ...


@dataclass(frozen=True)
class Begun:
    """Where to send the browser, and what to keep in its session until it is back."""

    address: str
    kept: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class Wrong(Exception):
    """Why the provider's answer does not do; for the log and the trail, never for the page."""

    reason: str


def provider() -> Provider | None:
    found: Provider | None = settings.ZHUJI_OIDC
    return found


def begin(by: Provider, callback: str) -> Begun:
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": by.client_id,
        "redirect_uri": callback,
        "scope": "openid profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    try:
        endpoint = str(_configuration(by)["authorization_endpoint"])
    except (Wrong, KeyError, requests.RequestException):
        raise NotAllowed(say("{name}现在不能用，请用口令登录。", name=by.name)) from None
    joint = "&" if "?" in endpoint else "?"
    kept = {"state": state, "nonce": nonce, "verifier": verifier}
    return Begun(f"{endpoint}{joint}{urlencode(asked)}", kept)


def finish(
    by: Provider,
    callback: str,
    kept: Mapping[str, str],
    given: Mapping[str, str],
    *,
    now: datetime,
) -> Person:
    """The person whom the provider vouches for, if the county has entered them and they are active.

    Whoever is refused learns nothing but that; the trail keeps why.
    """
    try:
        person = _person(by, _claims(by, callback, kept, given))
    except (Wrong, KeyError, ValueError, jwt.PyJWTError, requests.RequestException) as why:
        about = About("sign_in", "", source="provider")
        reason = why.reason if isinstance(why, Wrong) else type(why).__name__
        audit.record("sign_in.refuse", about, actor="", now=now, why=reason)
        raise NotAllowed(
            say("{name}没有通过，或者这里没有对应的在用人员。", name=by.name)
        ) from None
    sign_in.let_in(person, now=now, source="provider")
    return person


def _claims(
    by: Provider, callback: str, kept: Mapping[str, str], given: Mapping[str, str]
) -> Mapping[str, Any]:
    if not kept or not compare_digest(kept["state"].encode(), given.get("state", "").encode()):
        raise Wrong("state")
    if given.get("error") or not given.get("code"):
        raise Wrong("refused by the provider")
    found = _configuration(by)
    tokens = _post(
        str(found["token_endpoint"]),
        {
            "grant_type": "authorization_code",
            "code": given["code"],
            "redirect_uri": callback,
            "client_id": by.client_id,
            "client_secret": by.client_secret,
            "code_verifier": kept["verifier"],
        },
    )
    claims = _verified(by, str(tokens["id_token"]), _get(str(found["jwks_uri"])))
    if not compare_digest(kept["nonce"].encode(), str(claims.get("nonce", "")).encode()):
        raise Wrong("nonce")
    if by.claim not in claims and "userinfo_endpoint" in found:
        more = _get(str(found["userinfo_endpoint"]), str(tokens["access_token"]))
        if more.get("sub") != claims["sub"]:
            raise Wrong("userinfo of somebody else")
        return {**more, **claims}
    return claims


def _verified(by: Provider, token: str, keys: Mapping[str, Any]) -> Mapping[str, Any]:
    head = jwt.get_unverified_header(token)
    known = jwt.PyJWKSet.from_dict(dict(keys)).keys
    fitting = [key for key in known if head.get("kid") in (None, key.key_id)]
    if len(fitting) != 1:
        raise Wrong("key")
    claims: dict[str, Any] = jwt.decode(
        token,
        fitting[0].key,
        algorithms=_ALGORITHMS,
        audience=by.client_id,
        issuer=by.issuer,
        leeway=_LEEWAY,
        options={"require": _NEEDED},
    )
    if claims.get("azp", by.client_id) != by.client_id:
        raise Wrong("azp")
    return claims


def _person(by: Provider, claims: Mapping[str, Any]) -> Person:
    said = str(claims.get(by.claim) or "")
    if not said:
        raise Wrong("no claim")
    found = Person.objects.filter(is_active=True, invented=False, **{by.match: said}).first()
    if found is None:
        raise Wrong("nobody here")
    return found


def _configuration(by: Provider) -> Mapping[str, Any]:
    found = _get(f"{by.issuer}/.well-known/openid-configuration")
    if str(found.get("issuer", "")).rstrip("/") != by.issuer:
        raise Wrong("issuer")
    return found


def _get(address: str, bearer: str = "") -> Mapping[str, Any]:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return _read(requests.get(address, headers=headers, timeout=_PATIENCE, allow_redirects=False))


def _post(address: str, form: Mapping[str, str]) -> Mapping[str, Any]:
    return _read(requests.post(address, data=form, timeout=_PATIENCE, allow_redirects=False))


def _read(answer: requests.Response) -> Mapping[str, Any]:
    """An object of a decent size; a redirect leads nowhere."""
    if answer.status_code != requests.codes.ok or len(answer.content) > _MOST_BYTES:
        raise Wrong(f"answered {answer.status_code}")
    found = answer.json()
    if not isinstance(found, dict):
        raise Wrong("no object")
    return found
