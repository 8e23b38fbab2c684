"""The file around an archive: a readable head, then chunks sealed with AES-256-GCM.

    mark, length of the head, head (JSON), SHA-256 of all that, then chunks of head.chunk bytes

The nonce of a chunk is its number and whether it is the last, so that a chunk cut off, swapped,
repeated or taken from another archive does not open; the head is bound to every chunk.
"""

import hmac
import io
import secrets
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import IO, Annotated, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from zhuji import __version__
from zhuji.kernel.errors import BadInput, Refused
from zhuji.kernel.messages import Message, say
from zhuji.programme.keeping.secret import Cost, Kind, Secret, derive

MARK = b"ZHUJI BACKUP 1\n"
CHUNK = 1 << 20
TAG = 16
LONGEST_HEAD = 4_096
_LENGTH = 4
_DIGEST = 32

Holds = Literal["data", "keys"]
# Bounds: a forged head must not make the reader spend gigabytes before it is refused.
_Cost = Annotated[int, Field(ge=1, le=2**20)]


class Head(BaseModel):
    """What everybody may read: no name, no number, nothing of what the archive holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    holds: Holds
    made_at: AwareDatetime
    version: str
    secret: Kind
    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    n: _Cost = Cost.n
    r: Annotated[int, Field(ge=1, le=16)] = Cost.r
    p: Annotated[int, Field(ge=1, le=16)] = Cost.p
    chunk: Annotated[int, Field(ge=1, le=2**26)]
    check: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @property
    def cost(self) -> Cost | None:
        return Cost(self.n, self.r, self.p) if self.secret == "passphrase" else None  # noqa: S105

    @cached_property
    def bytes(self) -> bytes:
        text = self.model_dump_json().encode()
        front = MARK + len(text).to_bytes(_LENGTH, "big") + text
        return front + sha256(front).digest()


class Sealer(io.RawIOBase):
    """Takes plain bytes and writes them sealed; `finish` writes the last chunk."""

    def __init__(
        self,
        file: IO[bytes],
        secret: Secret,
        holds: Holds,
        made_at: datetime,
        chunk: int = CHUNK,
    ) -> None:
        super().__init__()
        salt = secrets.token_bytes(32)
        cost = Cost() if secret.kind == "passphrase" else None
        keys = derive(secret, salt, cost)
        self.head = Head(
            id=secrets.token_hex(16),
            holds=holds,
            made_at=made_at,
            version=__version__,
            secret=secret.kind,
            salt=salt.hex(),
            chunk=chunk,
            check=keys.check,
        )
        self._file = file
        self._cipher = AESGCM(keys.sealing)
        self._waiting = bytearray()
        self._number = 0
        file.write(self.head.bytes)

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview", /) -> int:  # type: ignore[override]
        self._waiting += data
        # Never the last bytes: what is written by `finish` alone bears the final mark.
        while len(self._waiting) > self.head.chunk:
            self._put(bytes(self._waiting[: self.head.chunk]), last=False)
            del self._waiting[: self.head.chunk]
        return len(data)

    def finish(self) -> None:
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._file.write(self._cipher.encrypt(nonce, plain, _bound(self.head, nonce)))
        self._number += 1


class Opener(io.RawIOBase):
    """Gives the plain bytes back, each chunk proven before its first byte is given."""

    def __init__(self, file: IO[bytes], secret: Secret, holds: Holds) -> None:
        super().__init__()
        self.head = read_head(file)
        self._cipher = AESGCM(_key(self.head, secret, holds))
        self._file = file
        self._ahead = file.read(self.head.chunk + TAG)
        self._plain = memoryview(b"")
        self._number = 0
        self._ended = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; fewer at the end of a chunk, none at the end of all."""
        while not self._plain and not self._ended:
            self._next()
        given = self._plain if size < 0 else self._plain[:size]
        self._plain = self._plain[len(given) :]
        return bytes(given)

    def drain(self) -> None:
        """Prove the rest: what follows the archive's end is bound to it like everything else."""
        while self.read(CHUNK):
            pass

    def _next(self) -> None:
        sealed, self._ahead = self._ahead, self._file.read(self.head.chunk + TAG)
        last = not self._ahead
        nonce = _nonce(self._number, last=last)
        try:
            plain = self._cipher.decrypt(nonce, sealed, _bound(self.head, nonce))
        except (InvalidTag, ValueError):
            raise Refused(_damaged(self._number, last=last)) from None
        self._plain, self._ended = memoryview(plain), last
        self._number += 1


def read_head(file: IO[bytes]) -> Head:
    """Of a file that may be anything."""
    if file.read(len(MARK)) != MARK:
        raise BadInput(say("这不是筑基的备份文件，或开头已被改动。"))
    length = file.read(_LENGTH)
    text = file.read(min(int.from_bytes(length, "big"), LONGEST_HEAD))
    try:
        head = Head.model_validate_json(text)
    except (ValidationError, ValueError):
        raise _broken_head() from None
    front = MARK + length + text
    if file.read(_DIGEST) != sha256(front).digest() or head.bytes[: len(front)] != front:
        raise _broken_head()
    return head


def head_of(path: Path) -> Head | None:
    """None for what is no backup, or one whose head is damaged."""
    try:
        with path.open("rb") as file:
            return read_head(file)
    except (BadInput, Refused):
        return None


def _key(head: Head, secret: Secret, holds: Holds) -> bytes:
    if head.holds != holds:
        kinds = {"data": say("数据"), "keys": say("密钥")}
        raise BadInput(
            say("这份备份装的是{held}，要的是{wanted}。", held=kinds[head.holds],
                wanted=kinds[holds])
        )  # fmt: skip
    if head.secret != secret.kind:
        if head.secret == "passphrase":  # noqa: S105
            raise BadInput(say("这份备份用口令加密，请给出口令，不要用 --key-file。"))
        raise BadInput(say("这份备份用密钥文件加密，请用 --key-file 指明它。"))
    keys = derive(secret, bytes.fromhex(head.salt), head.cost)
    if hmac.compare_digest(keys.check, head.check):
        return keys.sealing
    if head.secret == "passphrase":  # noqa: S105
        raise BadInput(say("口令不对，打不开这份备份；什么也没有改动。"))
    raise BadInput(say("密钥文件不对，打不开这份备份；什么也没有改动。"))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


def _bound(head: Head, nonce: bytes) -> bytes:
    return sha256(head.bytes).digest() + nonce


def _damaged(number: int, *, last: bool) -> Message:
    if last:
        return say("备份文件不完整：被截断，或末尾（第 {number} 块）被改动。请换一份备份。",
                   number=number + 1)  # fmt: skip
    return say("备份文件第 {number} 块被改动或已损坏。请换一份备份。", number=number + 1)


def _broken_head() -> Refused:
    return Refused(say("备份文件的开头被改动或已损坏。请换一份备份。"))
