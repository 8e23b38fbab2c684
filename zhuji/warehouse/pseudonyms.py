"""Keyed pseudonyms of minors: HMAC-SHA256 in SQL, and the key that alone links them to a child."""

from __future__ import annotations

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say

LENGTH = 32
_KEY_BYTES = 32
_BLOCK = 64


def key_of(home: Path) -> bytes:
    """The key under `home`/keys, made once; whoever has it can link pseudonyms to children."""
    path = home / "keys" / "pseudonym.key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise Refused(
            say("化名密钥 {path} 可被他人读取，请执行 chmod 600 {path}。", path=str(path))
        )
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise Refused(say("化名密钥 {path} 已损坏，请从备份恢复。", path=str(path)))
    return key


def pseudonym(key: bytes, number: str) -> str:
    return hmac.new(key, number.encode(), sha256).hexdigest()[:LENGTH]


def key_id(key: bytes) -> str:
    """Tells two keys apart; the prefix keeps it clear of every pupil's pseudonym."""
    return hmac.new(key, b"zhuji pseudonym key id, of sealed numbers", sha256).hexdigest()[:16]


def sql(column: str) -> str:
    """The same pseudonym as an expression over a column; `parameters` go with it."""
    inner = f"unhex(sha256($inner::BLOB || encode({column})))"
    return f"left(sha256($outer::BLOB || {inner}), {LENGTH})"


def parameters(key: bytes) -> dict[str, bytes]:
    """The two padded keys of RFC 2104."""
    padded = (key if len(key) <= _BLOCK else sha256(key).digest()).ljust(_BLOCK, b"\0")
    return {
        "inner": bytes(byte ^ 0x36 for byte in padded),
        "outer": bytes(byte ^ 0x5C for byte in padded),
    }


def _make(path: Path) -> None:
    """Written aside and linked, so that two processes never end with two keys."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
