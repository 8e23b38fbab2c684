"""A sealed tar: the files one after the other, and at last the manifest that names them all."""

import io
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any

from pydantic import ValidationError

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.programme.keeping.manifest import Entry, Manifest
from zhuji.programme.keeping.meter import Meter
from zhuji.programme.keeping.sealed import CHUNK, Head, Holds, Opener, Sealer
from zhuji.programme.keeping.secret import Secret

MANIFEST = "manifest.json"
_LONGEST_MANIFEST = 64 << 20

# Entry name -> where it goes; None: only look at it.
Where = Callable[[str], Path | None]


@dataclass(frozen=True)
class Wrapping:
    """What an archive is sealed with, and what its head says of it."""

    secret: Secret
    holds: Holds
    made_at: datetime


@dataclass(frozen=True)
class Read:
    head: Head
    manifest: Manifest


def write(
    path: Path,
    wrapping: Wrapping,
    files: Mapping[str, Path],
    manifest: Callable[[dict[str, Entry]], Manifest],
    meter: Meter,
) -> Read:
    """Write and sync a new file; the manifest is made when every entry's digest is known."""
    with path.open("xb") as file:
        path.chmod(0o600)
        sealer = Sealer(file, wrapping.secret, wrapping.holds, wrapping.made_at)
        entries: dict[str, Entry] = {}
        with tarfile.open(
            fileobj=sealer, mode="w|", format=tarfile.PAX_FORMAT, bufsize=CHUNK
        ) as tar:
            for name, source in files.items():
                entries[name] = _put(tar, name, source, meter)
            made = manifest(entries)
            text = made.model_dump_json().encode()
            last = tarfile.TarInfo(MANIFEST)
            last.size = len(text)
            tar.addfile(last, io.BytesIO(text))
        sealer.finish()
        file.flush()
        os.fsync(file.fileno())
        # Reading back must come from the disk, not from memory.
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return Read(sealer.head, made)


def read(path: Path, secret: Secret, where: Where, *, holds: Holds, meter: Meter) -> Read:
    """Prove every byte and every entry; whoever wants the files gets them on the way."""
    with path.open("rb") as file:
        opener = Opener(file, secret, holds)
        entries: dict[str, Entry] = {}
        found: Manifest | None = None
        with _told(), tarfile.open(fileobj=opener, mode="r|", bufsize=CHUNK) as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None or found or not _is_plain(member.name):
                    raise _misbuilt()
                if member.name == MANIFEST:
                    found = _manifest(content.read(_LONGEST_MANIFEST))
                else:
                    entries[member.name] = _take(content, where(member.name), member.mode, meter)
        opener.drain()
    if found is None:
        raise _misbuilt()
    _compare(found.entries, entries)
    return Read(opener.head, found)


def _put(tar: tarfile.TarFile, name: str, source: Path, meter: Meter) -> Entry:
    with source.open("rb") as file:
        status = os.fstat(file.fileno())
        reader = _Hashing(file, meter)
        try:
            tar.addfile(_info(name, status), reader)
        except OSError as error:
            if error.errno is None:  # tarfile's own word for a file that became shorter
                raise Refused(
                    say("文件 {path} 在备份时被改动，请重新执行备份。", path=source)
                ) from error
            raise
    return Entry(bytes=status.st_size, sha256=reader.digest.hexdigest())


class _Hashing(io.RawIOBase):
    def __init__(self, file: IO[bytes], meter: Meter) -> None:
        super().__init__()
        self._file, self._meter, self.digest = file, meter, sha256()

    def read(self, size: int = -1, /) -> bytes:
        part = self._file.read(size)
        self.digest.update(part)
        self._meter.add(len(part))
        return part


def _take(content: IO[bytes], target: Path | None, mode: int, meter: Meter) -> Entry:
    digest, size = sha256(), 0
    with _opened(target, mode) as file:
        while part := content.read(CHUNK):
            digest.update(part)
            size += len(part)
            if file:
                file.write(part)
            meter.add(len(part))
    return Entry(bytes=size, sha256=digest.hexdigest())


@contextmanager
def _opened(target: Path | None, mode: int) -> Iterator[IO[bytes] | None]:
    if target is None:
        yield None
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("xb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    # Only for the owner; what was not to be written to still is not.
    target.chmod(0o600 if mode & 0o200 else 0o400)


def _info(name: str, status: os.stat_result) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = status.st_size, status.st_mtime, status.st_mode & 0o777
    return info


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and str(path) == name != "."


def _manifest(text: bytes) -> Manifest:
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        field = ".".join(str(step) for step in error.errors()[0]["loc"])
        raise Refused(
            say("备份的清单在 {field} 处这个版本读不懂，可能由更新的版本制作；请先升级。",
                field=field or MANIFEST)
        ) from None  # fmt: skip


def _compare(stated: Mapping[str, Entry], found: Mapping[str, Entry]) -> None:
    for name in sorted({*stated, *found}):
        if name not in found:
            raise Refused(say("备份里少了文件 {name}，不能恢复。请换一份备份。", name=name))
        if name not in stated:
            raise Refused(say("备份里多出清单没有的文件 {name}，不能恢复。", name=name))
        if stated[name] != found[name]:
            raise Refused(
                say("备份里的文件 {name} 与清单的摘要不符，不能恢复。请换一份备份。", name=name)
            )


@contextmanager
def _told() -> Iterator[Any]:
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise _misbuilt() from error


def _misbuilt() -> Refused:
    return Refused(say("备份的内部结构不对，不能恢复。请换一份备份。"))
