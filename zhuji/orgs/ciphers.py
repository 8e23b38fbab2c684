"""Encrypts one field of one row; what is moved to another row, column or table does not open.

Layout, before base64: format 1 byte, algorithm 1, key number 2, nonce 12, ciphertext and tag.
"""

import os
import re
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say

FORMAT = 1
_HEAD, _NONCE, _TAG = 4, 12, 16
# What a number sealed by `seal_number` looks like; no official number begins with this sign.
SEALED_NUMBER = "~[A-Za-z0-9_-]{24,}"
_NUMBER = (b"zhuji number 1",)
_is_sealed_number = re.compile(SEALED_NUMBER).fullmatch


class Algorithm(IntEnum):
    AES_256_GCM = 1
    SM4_GCM = 2

    @property
    def key_bytes(self) -> int:
        return 32 if self is Algorithm.AES_256_GCM else 16


@dataclass(frozen=True)
class Place:
    """Where a value stands. It is bound into the ciphertext and never stored with it."""

    table: str
    column: str
    row: str

    def bound(self, head: bytes) -> bytes:
        """Lengths go first, so that no two places give the same bytes."""
        parts = [part.encode() for part in (self.table, self.column, self.row)]
        return head + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


@dataclass(frozen=True)
class Key:
    number: int
    algorithm: Algorithm
    secret: bytes


def is_available(algorithm: Algorithm) -> bool:
    """Whether the build of the library offers it; SM4 depends on that."""
    try:
        _cipher(Key(0, algorithm, bytes(algorithm.key_bytes)), bytes(_NONCE)).encryptor()
    except UnsupportedAlgorithm:
        return False
    return True


def encrypt(text: str, place: Place, key: Key) -> str:
    head = bytes([FORMAT, key.algorithm]) + key.number.to_bytes(2, "big")
    nonce = os.urandom(_NONCE)
    bound = place.bound(head)
    if key.algorithm is Algorithm.AES_256_GCM:
        return b64encode(
            head + nonce + _aes(key.secret).encrypt(nonce, text.encode(), bound)
        ).decode()
    sealing = _cipher(key, nonce).encryptor()
    sealing.authenticate_additional_data(bound)
    body = sealing.update(text.encode()) + sealing.finalize()
    return b64encode(head + nonce + body + sealing.tag).decode("ascii")


def decrypt(stored: str, place: Place, key: Key) -> str:
    """Refuse whatever was changed, was moved or belongs to another key."""
    whole = _bytes(stored)
    head, nonce = whole[:_HEAD], whole[_HEAD : _HEAD + _NONCE]
    body, tag = whole[_HEAD + _NONCE : -_TAG], whole[-_TAG:]
    if head[:2] != bytes([FORMAT, key.algorithm]) or key_number(stored) != key.number:
        raise _damaged()
    opening = _cipher(key, nonce, tag).decryptor()
    opening.authenticate_additional_data(place.bound(head))
    try:
        return (opening.update(body) + opening.finalize()).decode()
    except InvalidTag:
        raise _damaged() from None


def seal_number(text: str, secret: bytes) -> str:
    """The same for the same number, so that it can be a key: found, compared and joined sealed."""
    return "~" + urlsafe_b64encode(_siv(secret).encrypt(text.encode(), [*_NUMBER])).decode().rstrip(
        "="
    )


def open_number(stored: str, secret: bytes) -> str:
    body = stored[1:]
    try:
        whole = urlsafe_b64decode(body + "=" * (-len(body) % 4))
        return _siv(secret).decrypt(whole, [*_NUMBER]).decode()
    except (InvalidTag, ValueError):
        raise _damaged() from None


def is_sealed_number(text: str) -> bool:
    return text.startswith("~") and _is_sealed_number(text) is not None


def key_number(stored: str) -> int:
    """Which key a stored value was encrypted with."""
    return int.from_bytes(_bytes(stored)[2:_HEAD], "big")


def _bytes(stored: str) -> bytes:
    try:
        whole = b64decode(stored, validate=True)
    except ValueError:
        raise _damaged() from None
    if len(whole) < _HEAD + _NONCE + _TAG or whole[0] != FORMAT:
        raise _damaged()
    return whole


@lru_cache(maxsize=16)
def _aes(secret: bytes) -> AESGCM:
    return AESGCM(secret)


@lru_cache(maxsize=16)
def _siv(secret: bytes) -> AESSIV:
    return AESSIV(secret)


def _cipher(key: Key, nonce: bytes, tag: bytes | None = None) -> Cipher[modes.GCM]:
    if key.algorithm is Algorithm.SM4_GCM:
        return Cipher(algorithms.SM4(key.secret), modes.GCM(nonce, tag))
    return Cipher(algorithms.AES256(key.secret), modes.GCM(nonce, tag))


def _damaged() -> Refused:
    return Refused(say("加密的内容被改动过，或不属于这一行、这一把密钥，不能打开。"))
