"""Encrypts one field of one row; what is moved to another row, column or table does not open.

Layout, before base64: format 1 byte, algorithm 1, key number 2, nonce 12, ciphertext and tag.
"""

import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say

FORMAT = 1
_HEAD, _NONCE, _TAG = 4, 12, 16


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
    sealing = _cipher(key, nonce).encryptor()
    sealing.authenticate_additional_data(place.bound(head))
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


def _cipher(key: Key, nonce: bytes, tag: bytes | None = None) -> Cipher[modes.GCM]:
    if key.algorithm is Algorithm.SM4_GCM:
        return Cipher(algorithms.SM4(key.secret), modes.GCM(nonce, tag))
    return Cipher(algorithms.AES256(key.secret), modes.GCM(nonce, tag))


def _damaged() -> Refused:
    return Refused(say("加密的内容被改动过，或不属于这一行、这一把密钥，不能打开。"))
