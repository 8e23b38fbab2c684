"""Looks at a file from outside before anything parses it, and refuses what could do harm."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from zhuji.kernel.errors import BadInput, bad_value
from zhuji.kernel.messages import Message, say

Form = Literal["workbook", "text"]

_MIB = 1024 * 1024
_CHUNK = 64 * 1024
_LOCAL_HEADER = 30
_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SMALL = 256 * 1024  # what a small file unpacks to can harm nobody, whatever its ratio
_MARKUP = (b"<html", b"<!doctype html", b"<table", b"<?xml")
_HARD_ROWS = 100_000


@dataclass(frozen=True)
class Limits:
    """What one file may weigh, folded and unfolded."""

    file_bytes: int = 20 * _MIB
    entries: int = 1_000
    inflated_bytes: int = 200 * _MIB
    ratio: int = 100
    rows: int = 20_000
    seconds: int = 10
    memory_bytes: int = 512 * _MIB

    def __post_init__(self) -> None:
        if not 0 < self.rows <= _HARD_ROWS:
            raise ValueError(f"rows must lie between 1 and {_HARD_ROWS}")


LIMITS = Limits()


def check(path: Path, limits: Limits = LIMITS) -> Form:
    """Say what kind of file it is, or refuse it with a sentence."""
    size = path.stat().st_size
    if size == 0:
        raise _refused(say("文件是空的。"), say("请重新保存后再上传。"), "file.empty")
    if size > limits.file_bytes:
        raise _too_large(size, limits)
    with path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(_OLE):
            raise _old_or_encrypted(head + file.read(_CHUNK))
        if not head.startswith(_ZIP):
            return _text(head)
        _check_archive(file, size, limits)
    return "workbook"


def weigh(path: Path, limits: Limits) -> None:
    """Refuse an archive of whatever kind that would unpack to more than it may."""
    size = path.stat().st_size
    if size == 0:
        raise _refused(say("文件是空的。"), say("请重新保存后再上传。"), "file.empty")
    if size > limits.file_bytes:
        raise _too_large(size, limits)
    with path.open("rb") as file:
        entries = _entries(file, limits)
        if any(entry.flag_bits & 1 for entry in entries):
            raise _encrypted()
        _unfold(file, entries, size, limits)


def _check_archive(file: IO[bytes], size: int, limits: Limits) -> None:
    entries = _entries(file, limits)
    _check_kind(entries)
    _unfold(file, entries, size, limits)


def _entries(file: IO[bytes], limits: Limits) -> list[zipfile.ZipInfo]:
    try:
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as broken:
        raise _damaged() from broken
    if len(entries) > limits.entries:
        raise _refused(
            say(
                "压缩包里有 {count} 个文件，超过 {most} 个。",
                count=len(entries),
                most=limits.entries,
            ),
            say("这不像正常的工作簿，请用 WPS 或 Excel 另存为新的 .xlsx 文件。"),
            "file.entries",
        )
    return entries


def _unfold(file: IO[bytes], entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    total = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        total += _inflated(file, entry, size, limits, before=total)


def _check_kind(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename.lower() for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise _encrypted()
    if any(name.endswith("vbaproject.bin") for name in names):
        raise _refused(say("工作簿带有宏。"), say("请另存为不带宏的 .xlsx 文件。"), "file.macro")
    if "xl/workbook.bin" in names:
        raise _refused(say("这是 .xlsb 二进制工作簿。"), say("请另存为 .xlsx 文件。"), "file.xlsb")
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise _refused(
            say("这个压缩文件不是工作簿。"), say("请上传 .xlsx 或 .csv 文件。"), "file.kind"
        )


def _inflated(
    file: IO[bytes], entry: zipfile.ZipInfo, size: int, limits: Limits, *, before: int
) -> int:
    """Bytes that one entry really holds, counted while inflating: its own word is not taken."""
    most = min(limits.inflated_bytes, max(limits.ratio * size, _SMALL))
    total = 0
    for length in _pieces(file, entry):
        total += length
        if before + total > most:
            raise _refused(
                say("文件展开后过大，不像正常的工作簿。"),
                say("请把数据复制到新的工作簿再上传。"),
                "file.inflation",
            )
    if total != entry.file_size:
        raise _damaged()
    return total


def _pieces(file: IO[bytes], entry: zipfile.ZipInfo) -> Iterator[int]:
    """Lengths of the pieces an entry inflates to; never more than a chunk is held."""
    if entry.header_offset < 0:
        raise _damaged()
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or not header.startswith(_ZIP):
        raise _damaged()
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    left = entry.compress_size
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0:
        piece = file.read(min(_CHUNK, left))
        if not piece:
            raise _damaged()
        left -= len(piece)
        yield from _inflate(inflate, piece, entry.compress_type)


def _inflate(inflate: "zlib._Decompress", piece: bytes, method: int) -> Iterator[int]:
    if method == zipfile.ZIP_STORED:
        yield len(piece)
        return
    if method != zipfile.ZIP_DEFLATED:
        raise _damaged()
    try:
        while piece:
            out = inflate.decompress(piece, _CHUNK)
            yield len(out)
            if inflate.eof or not (out or inflate.unconsumed_tail):
                return
            piece = inflate.unconsumed_tail
    except zlib.error as broken:
        raise _damaged() from broken


def _text(head: bytes) -> Form:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        raise _refused(
            say("文件的扩展名像表格，内容却是网页。"),
            say("请用 WPS 或 Excel 打开后另存为 .xlsx 文件。"),
            "file.markup",
        )
    if start.startswith(b"%pdf") or (
        b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
    ):
        raise _refused(say("这不是表格文件。"), say("请上传 .xlsx 或 .csv 文件。"), "file.kind")
    return "text"


def _old_or_encrypted(head: bytes) -> BadInput:
    if "EncryptedPackage".encode("utf-16-le") in head:
        return _encrypted()
    return _refused(
        say("这是旧版 .xls 或 .et 工作簿，或加了密码的工作簿。"),
        say("请用 WPS 或 Excel 打开后另存为不加密码的 .xlsx 文件。"),
        "file.old",
    )


def _encrypted() -> BadInput:
    return _refused(say("工作簿加了密码。"), say("请取消密码后再上传。"), "file.encrypted")


def _damaged() -> BadInput:
    return _refused(
        say("文件已损坏，或内容与目录不符。"),
        say("请用 WPS 或 Excel 打开后另存为新的 .xlsx 文件。"),
        "file.damaged",
    )


def _too_large(size: int, limits: Limits) -> BadInput:
    return _refused(
        say(
            "文件有 {size} MiB，超过 {most} MiB。",
            size=-(-size // _MIB),
            most=limits.file_bytes // _MIB,
        ),
        say("请去掉图片，或按学校分成几个文件。"),
        "file.size",
    )


def _refused(problem: Message, proposal: Message, code: str) -> BadInput:
    return bad_value(problem, value=None, code=code, proposal=proposal)
