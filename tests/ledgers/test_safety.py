"""Files that could do harm are refused before they are parsed, with a sentence and at once."""

import resource
import struct
import time
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from tests.ledgers.workbooks import book, inline, raw
from zhuji.kernel.errors import BadInput
from zhuji.ledgers import reading, safety
from zhuji.ledgers.safety import Limits

_MIB = 1024 * 1024
BIG = b"\0" * _MIB


def refused(path: Path, limits: Limits = safety.LIMITS) -> str:
    with pytest.raises(BadInput) as refusal:
        reading.read(path, limits=limits)
    [issue] = refusal.value.issues
    assert str(issue.proposal).endswith("。")
    return issue.code


def bomb(path: Path, mebibytes: int, parts: int = 1) -> Path:
    raw(path, inline([["a"]]))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for part in range(parts):
            with archive.open(f"xl/worksheets/more{part}.xml", "w", force_zip64=True) as entry:
                for _ in range(mebibytes):
                    entry.write(BIG)
    return path


def patched(path: Path, name: bytes, offset: int, value: int) -> Path:
    """Overwrite four bytes of an entry's record in the archive's directory."""
    content = bytearray(path.read_bytes())
    at = content.rindex(name) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + offset : at + offset + 4] = struct.pack("<I", value)
    path.write_bytes(bytes(content))
    return path


@pytest.mark.parametrize(("mebibytes", "parts"), [(250, 1), (30, 10), (60, 1)])
def test_a_bomb_is_refused_at_once_and_without_memory(
    tmp_path: Path, mebibytes: int, parts: int
) -> None:
    path = bomb(tmp_path / "bomb.xlsx", mebibytes, parts)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    assert refused(path) == "file.inflation"
    assert time.process_time() - started < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_a_header_that_lies_about_its_size_is_not_believed(tmp_path: Path) -> None:
    path = patched(bomb(tmp_path / "a.xlsx", 60), b"xl/worksheets/more0.xml", 24, 100)
    assert refused(path) == "file.inflation"
    small = patched(raw(tmp_path / "b.xlsx", inline([["a"]])), b"xl/worksheets/sheet1.xml", 24, 1)
    assert refused(small) == "file.damaged"


def test_entries_that_share_their_bytes_count_each_time(tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.xlsx", 40)
    with zipfile.ZipFile(path, "a") as archive:
        shared = archive.getinfo("xl/worksheets/more0.xml")
        for number in range(8):
            twin = zipfile.ZipInfo(f"xl/worksheets/twin{number}.xml")
            for slot in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(twin, slot, getattr(shared, slot))
            archive.filelist.append(twin)
            archive.NameToInfo[twin.filename] = twin
        archive.comment = b"changed"
    assert refused(path, Limits(ratio=10_000)) == "file.inflation"


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    path = raw(tmp_path / "a.xlsx", inline([["a"]]))
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(1_001):
            archive.writestr(f"junk/{number}", "")
    assert refused(path) == "file.entries"


def test_a_file_over_the_size_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a" * (20 * _MIB + 1))
    assert refused(path) == "file.size"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file.old"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "file.encrypted",
        ),
        (b"<html><table><tr><td>1</td></tr></table></html>", "file.markup"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "file.markup"),
        (b"%PDF-1.7", "file.kind"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "file.kind"),
        (b"PK\x03\x04broken", "file.damaged"),
        (b"\xff\xff\x81\x81\xff", "file.encoding"),
        (b'"' + b"a" * 200_000, "file.unreadable"),
    ],
)
def test_what_is_not_a_workbook_is_named_for_what_it_is(
    tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)
    assert refused(path) == code


def test_macros_and_other_forms_of_workbook_are_refused(tmp_path: Path) -> None:
    sheet = inline([["a"]])
    assert (
        refused(raw(tmp_path / "a.xlsx", sheet, more={"xl/vbaProject.bin": b"x"})) == "file.macro"
    )
    assert refused(raw(tmp_path / "b.xlsx", sheet, more={"xl/workbook.bin": b"x"})) == "file.xlsb"
    other = tmp_path / "c.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refused(other) == "file.kind"


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    path = raw(tmp_path / "a.xlsx", inline([["a"]]))
    content = bytearray(path.read_bytes())
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[at + 8] |= 1
    path.write_bytes(bytes(content))
    assert refused(path) == "file.encrypted"


def test_a_cell_at_the_far_corner_does_not_take_the_worker_down(tmp_path: Path) -> None:
    sheet = inline([["a"]]).replace(
        "</sheetData>",
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>b</t></is></c></row></sheetData>',
    )
    assert refused(raw(tmp_path / "a.xlsx", sheet)) == "file.runaway"


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    evil = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    path = raw(tmp_path / "a.xlsx", inline([["a"]]))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"?><work", f"?>{evil}<work".encode()
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert refused(path) == "file.unreadable"


def test_more_rows_than_allowed_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"a": [["x"]] * 200})
    assert refused(path, Limits(rows=50)) == "file.rows"


def test_the_limit_of_rows_has_a_limit() -> None:
    with pytest.raises(ValueError, match="100000"):
        Limits(rows=100_001)


def test_broken_bytes_of_any_kind_end_in_a_sentence(tmp_path: Path) -> None:
    whole = book(tmp_path / "a.xlsx", {"机构台账": [["机构代码", "名称"], ["1", "2"]]}).read_bytes()
    path = tmp_path / "b.xlsx"
    for start in range(0, len(whole), len(whole) // 12):
        damage = zlib.crc32(start.to_bytes(4, "big")).to_bytes(4, "big") * 4
        path.write_bytes(whole[:start] + damage + whole[start + 16 :])
        with suppress(BadInput):
            reading.read(path)


def test_one_long_text_in_every_cell_does_not_flood_whoever_reads(tmp_path: Path) -> None:
    """The cells name it by its number: the file stays small, what comes of it does not."""
    text = "路" * 30_000
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{text}</t></si></sst>"
    )
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 1_500))
    sheet = inline([]).replace("</sheetData>", f"{cells}</sheetData>")
    path = raw(tmp_path / "a.xlsx", sheet, more={"xl/sharedStrings.xml": strings.encode()})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    relations = "xl/_rels/workbook.xml.rels"
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    more = b'<Relationship Id="rId2" Type="' + kind + b'" Target="sharedStrings.xml"/>'
    end = b"</Relationships>"
    parts[relations] = parts[relations].replace(end, more + end)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert path.stat().st_size < 20_000
    assert refused(path) == "file.runaway"
