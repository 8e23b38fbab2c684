"""What opens a backup: a passphrase, or a key file kept outside the data directory."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from zhuji.kernel.errors import BadInput, Refused
from zhuji.kernel.messages import say

Kind = Literal["passphrase", "key-file"]
SHORTEST = 12
KEY_BYTES = 32


@dataclass(frozen=True)
class Secret:
    kind: Kind
    value: bytes

    def __repr__(self) -> str:
        return f"Secret({self.kind})"  # the value must not reach a log


@dataclass(frozen=True)
class Cost:
    """What one guess at a passphrase costs; 128 * n * r bytes of memory."""

    n: int = 2**17
    r: int = 8
    p: int = 1


@dataclass(frozen=True)
class Keys:
    """The key of one archive, and a value that tells a wrong secret from a damaged file."""

    sealing: bytes
    check: str


def of_passphrase(text: str, *, new: bool = False) -> Secret:
    """A new passphrase must be long; an old one is taken as it is."""
    if new and len(text) < SHORTEST:
        raise BadInput(
            say("口令太短：请用不少于 {least} 个字符，并另存一处妥善保管。", least=SHORTEST)
        )
    if not text:
        raise BadInput(say("没有给出口令；请输入口令，或用 --key-file 指明密钥文件。"))
    return Secret("passphrase", text.encode())


def of_file(path: Path, home: Path) -> Secret:
    _refuse_inside(path, home)
    try:
        text = path.read_text(encoding="ascii").strip()
        value = bytes.fromhex(text)
    except FileNotFoundError:
        raise BadInput(
            say("没有密钥文件 {path}；第一次使用请执行 zhuji backup --make-key {path}", path=path)
        ) from None
    except ValueError:
        value = b""
    if len(value) != KEY_BYTES:
        raise BadInput(say("{path} 不是筑基的密钥文件，或已损坏。", path=path))
    if path.stat().st_mode & 0o077:
        raise Refused(say("密钥文件 {path} 可被他人读取，请执行 chmod 600 {path}", path=path))
    return Secret("key-file", value)


def make_file(path: Path, home: Path) -> None:
    """A new key file that only its owner reads; one that exists is never replaced."""
    _refuse_inside(path, home)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(say("{path} 已经存在，不覆盖；请换一个文件名。", path=path)) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())


def derive(secret: Secret, salt: bytes, cost: Cost | None) -> Keys:
    """`cost` belongs to passphrases alone: a key file cannot be guessed."""
    master = secret.value
    if cost is not None:
        master = Scrypt(salt=salt, length=KEY_BYTES, n=cost.n, r=cost.r, p=cost.p).derive(master)
    return Keys(
        sealing=_expand(master, salt, b"zhuji backup sealing"),
        check=_expand(master, salt, b"zhuji backup check").hex(),
    )


def _expand(master: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=purpose).derive(master)


def _refuse_inside(path: Path, home: Path) -> None:
    if path.resolve().is_relative_to(home.resolve()):
        raise Refused(
            say("密钥文件不能放在数据目录 {home} 里：与数据一起丢失的密钥打不开备份。", home=home)
        )
