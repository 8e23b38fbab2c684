"""The keys of encrypted fields: one file beside the database, never in it, owner-readable only."""

import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256, sha512
from pathlib import Path
from time import monotonic

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.orgs import ciphers
from zhuji.orgs.ciphers import Algorithm, Key, Place

_INDEX_BYTES = 32
_MARK = 32
_FRESH_SECONDS = 1.0


@dataclass(frozen=True)
class Keyring:
    """All keys that may still be needed; new values take the current one."""

    current: int
    keys: Mapping[int, Key] = field(repr=False)
    index_secret: bytes = field(repr=False)

    def encrypt(self, text: str, place: Place) -> str:
        return ciphers.encrypt(text, place, self.keys[self.current])

    def decrypt(self, stored: str, place: Place) -> str:
        number = ciphers.key_number(stored)
        if number not in self.keys:
            raise Refused(say("密钥串里没有 {number} 号密钥，请从备份恢复。", number=number))
        return ciphers.decrypt(stored, place, self.keys[number])

    def is_current(self, stored: str) -> bool:
        return ciphers.key_number(stored) == self.current

    def index(self, text: str, table: str, column: str) -> str:
        """Finds equal values without opening them; columns cannot be matched to each other."""
        said = json.dumps([table, column, text]).encode()
        return hmac.new(self.index_secret, said, sha256).hexdigest()

    def seal_number(self, text: str) -> str:
        """For numbers that are keys themselves; the secret stays when the other keys rotate."""
        return ciphers.seal_number(text, self._number_secret)

    def open_number(self, stored: str) -> str:
        return ciphers.open_number(stored, self._number_secret)

    @cached_property
    def mark(self) -> str:
        """Tells two keyrings apart without telling anything of their keys."""
        return hmac.new(self.index_secret, b"zhuji keyring mark", sha256).hexdigest()[:_MARK]

    @cached_property
    def _number_secret(self) -> bytes:
        return hmac.new(self.index_secret, b"zhuji numbers", sha512).digest()


def path_of(home: Path) -> Path:
    return home / "keys" / "fields.json"


def make(home: Path, algorithm: Algorithm = Algorithm.AES_256_GCM) -> Keyring:
    """The first key; what exists is never overwritten, for it opens what is stored."""
    if path_of(home).exists():
        raise Refused(say("密钥串 {path} 已经存在，不会覆盖。", path=path_of(home)))
    ring = Keyring(1, {1: _new(1, algorithm)}, secrets.token_bytes(_INDEX_BYTES))
    _write(home, ring)
    return ring


def ready(home: Path) -> Keyring:
    """The keyring in force; where nothing was ever encrypted, a new one. The first writer wins."""
    if not path_of(home).exists():
        first = {1: _new(1, Algorithm.AES_256_GCM)}
        _write(home, Keyring(1, first, secrets.token_bytes(_INDEX_BYTES)), anew=True)
    return load(home)


def add_key(home: Path, algorithm: Algorithm = Algorithm.AES_256_GCM) -> Keyring:
    """A new current key; the old ones stay until everything is encrypted anew."""
    ring = load(home)
    number = max(ring.keys) + 1
    grown = replace(ring, current=number, keys={**ring.keys, number: _new(number, algorithm)})
    _write(home, grown)
    return grown


def drop_key(home: Path, number: int) -> Keyring:
    """Only after a rotation has left nothing that it opens."""
    ring = load(home)
    if number == ring.current or number not in ring.keys:
        raise Refused(say("{number} 号密钥正在使用或不存在，不能删去。", number=number))
    kept = {each: key for each, key in ring.keys.items() if each != number}
    _write(home, replace(ring, keys=kept))
    return load(home)


def held(home: Path) -> Keyring:
    """The same as `ready`, looked at anew every second at most: it is asked for every value."""
    found = _recent.get(home)
    if found is not None and monotonic() < found[0]:
        return found[1]
    ring = ready(home)
    _recent.clear()
    _recent[home] = (monotonic() + _FRESH_SECONDS, ring)
    return ring


def load(home: Path) -> Keyring:
    path = path_of(home)
    if not path.exists():
        raise Refused(say("没有密钥串 {path}，请从备份恢复。", path=path))
    if path.stat().st_mode & 0o077:
        raise Refused(say("密钥串 {path} 可被他人读取，请执行 chmod 600 {path}。", path=path))
    try:
        return _read(json.loads(path.read_text(encoding="ascii")))
    except (KeyError, TypeError, ValueError):
        raise Refused(say("密钥串 {path} 已损坏，请从备份恢复。", path=path)) from None


def _new(number: int, algorithm: Algorithm) -> Key:
    if not ciphers.is_available(algorithm):
        raise Refused(say("这里的密码库不提供 {algorithm}。", algorithm=algorithm.name))
    return Key(number, algorithm, secrets.token_bytes(algorithm.key_bytes))


def _read(kept: dict[str, object]) -> Keyring:
    entries = kept["keys"]
    if not isinstance(entries, dict):
        raise TypeError
    keys = {}
    for number, entry in entries.items():
        algorithm = Algorithm[entry["algorithm"]]
        keys[int(number)] = Key(int(number), algorithm, b64decode(entry["secret"], validate=True))
    ring = Keyring(int(str(kept["current"])), keys, b64decode(str(kept["index"]), validate=True))
    if ring.current not in keys or len(ring.index_secret) != _INDEX_BYTES:
        raise ValueError
    if any(len(key.secret) != key.algorithm.key_bytes for key in keys.values()):
        raise ValueError
    return ring


def _write(home: Path, ring: Keyring, *, anew: bool = False) -> None:
    """Whole or not at all, and on the disk before anything is encrypted with it."""
    kept = {
        "current": ring.current,
        "index": b64encode(ring.index_secret).decode("ascii"),
        "keys": {
            str(number): {
                "algorithm": key.algorithm.name,
                "secret": b64encode(key.secret).decode("ascii"),
            }
            for number, key in ring.keys.items()
        },
    }
    _recent.clear()
    path = path_of(home)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(kept, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    if anew:
        with suppress(FileExistsError):
            path.hardlink_to(aside)
        aside.unlink()
    else:
        aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


# Until when a keyring is taken for what its file says.
_recent: dict[Path, tuple[float, Keyring]] = {}
