"""A security key made of software: what a browser would send for one."""

import json
import secrets
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

PRESENT = AuthenticatorData.FLAG.UP
CREDENTIAL = AuthenticatorData.FLAG.AT


class SoftwareKey:
    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.counter = 0
        self._secret = ec.generate_private_key(ec.SECP256R1())
        self._id = secrets.token_bytes(32)

    def create(self, options: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.create`, as the page's script sends it."""
        public: Any = ES256.from_cryptography_key(  # type: ignore[no-untyped-call]
            self._secret.public_key()
        )
        credential = AttestedCredentialData.create(b"\0" * 16, self._id, public)
        data = self._data(options["rp"]["id"], PRESENT | CREDENTIAL, credential)
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(data)})
        told = self._told("webauthn.create", options)
        return self._answer({"clientDataJSON": told, "attestationObject": attestation})

    def get(self, options: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.get`."""
        data = bytes(self._data(options["rpId"], PRESENT, None))
        told = self._told("webauthn.get", options)
        signature = self._secret.sign(data + sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {"clientDataJSON": told, "authenticatorData": data, "signature": signature}
        )

    def _data(self, host: str, flags: Any, credential: Any) -> AuthenticatorData:
        self.counter += 1
        here = sha256(host.encode()).digest()
        made: AuthenticatorData = AuthenticatorData.create(
            here, flags, self.counter, credential or b""
        )
        return made

    def _told(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, bytes]) -> str:
        number = websafe_encode(self._id)
        return json.dumps(
            {
                "id": number,
                "rawId": number,
                "type": "public-key",
                "response": {name: websafe_encode(value) for name, value in response.items()},
                "clientExtensionResults": {},
            }
        )
