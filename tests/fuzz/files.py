"""Spreadsheets that went wrong: fifty sound ones, changed where it hurts or anywhere at all."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.ledgers.workbooks import book, inline, raw
from zhuji.ledgers import writing
from zhuji.ledgers.registry import LEDGERS

SEEDS = 50
NUMBERS = (
    "0", "-1", "1048577", "99999999999999999999", "1e309", "NaN", "", "2147483648", "A1:XFD1048576",
)  # fmt: skip
TEXTS = ("\x00", "&#0;", "&#xD800;", "𬎆" * 50, "=1+1", "]]>", "<a>", "\ufeff", "_x0000_", "'" * 99)
_NUMBER = re.compile(rb'(?<=")\d+(?=")|(?<=>)\d+(?=<)')
_TAG = re.compile(rb"<[^<>]+>")


def seeds(folder: Path) -> list[bytes]:
    """Templates of many ledgers, workbooks of small programs, text files."""
    made = []
    for number, ledger in enumerate(LEDGERS[: SEEDS - 10]):
        path = folder / f"{number}.xlsx"
        writing.template(ledger, path)
        made.append(path.read_bytes())
    rows = [["机构代码", "工号", "姓名"], ["2199000101", "S000001", "张三"]]
    made += [raw(folder / "r.xlsx", inline(rows, prefix)).read_bytes() for prefix in ("", "x")]
    made.append(raw(folder / "s.xlsx", inline(rows, with_refs=False)).read_bytes())
    made.append(book(folder / "b.xlsx", {"教职工台账": rows}, ["A1:B1"]).read_bytes())
    text = "\r\n".join(",".join(row) for row in rows)
    made += [text.encode(code) for code in ("utf-8", "utf-8-sig", "gb18030", "utf-16")]
    made += [text.replace(",", sign).encode() for sign in ("\t", ";")]
    assert len(made) == SEEDS
    return made


def mutated(seed: bytes, chance: Random) -> bytes:
    """A few changes; of a workbook half of them inside its parts, where its checksums agree."""
    found = seed
    for _ in range(chance.randint(1, 4)):
        inside = found.startswith(b"PK") and chance.random() < 0.6
        found = _inside(found, chance) if inside else chance.choice(_BYTES)(found, chance)
    return found


def _inside(content: bytes, chance: Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except Exception:  # an earlier change has spoilt it already
        return chance.choice(_BYTES)(content, chance)
    if not parts:
        return content
    name = chance.choice(sorted(parts))
    if chance.random() < 0.1:
        del parts[name]
    else:
        parts[name] = chance.choice(_PARTS)(parts[name], chance)
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, part in parts.items():
            archive.writestr(each, part)
    return kept.getvalue()


def _flip(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content) or 1)
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


def _cut(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _drop(content: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    return content[:start] + content[start + chance.randint(1, 400) :]


def _repeat(content: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    piece = content[start : start + chance.randint(1, 400)]
    return content[:start] + piece * chance.choice((2, 3, 200)) + content[start:]


def _insert(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(TEXTS).encode("utf-8", "replace") + content[at:]


def _number(content: bytes, chance: Random) -> bytes:
    found = list(_NUMBER.finditer(content))
    if not found:
        return _flip(content, chance)
    one = chance.choice(found)
    return content[: one.start()] + chance.choice(NUMBERS).encode() + content[one.end() :]


def _tag(content: bytes, chance: Random) -> bytes:
    """One element's tag away, twice, or another's in its place."""
    found = list(_TAG.finditer(content))
    if not found:
        return _flip(content, chance)
    one, other = chance.choice(found), chance.choice(found)
    new = chance.choice((b"", one[0] * 2, other[0], other[0] * 50))
    return content[: one.start()] + new + content[one.end() :]


_BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (_flip, _cut, _drop, _repeat, _insert)
_PARTS = (*_BYTES, _number, _number, _tag, _tag)
