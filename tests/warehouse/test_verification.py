"""Whoever touches a snapshot is found out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.warehouse.conftest import County, school
from zhuji.kernel.errors import Refused
from zhuji.warehouse import snapshots
from zhuji.warehouse.manifest import FILE_NAME, Manifest
from zhuji.warehouse.objects import place
from zhuji.warehouse.verification import verify


def codes(county: County, manifest: Manifest) -> list[str]:
    return sorted(issue.code for issue in verify(county.store, manifest.id))


def largest(county: County, manifest: Manifest) -> Path:
    path = place(county.store, manifest.tables["marks"].parts[0].sha256)
    path.chmod(0o644)
    return path


def test_an_untouched_snapshot_has_nothing_wrong(county: County) -> None:
    first = county.snapshot()
    second = county.snapshot({"marks": [school(1)], "pupils": [school(2)]})
    assert codes(county, first) == codes(county, second) == []


@pytest.mark.parametrize("at", [4, 100, -1])
def test_a_flipped_byte_is_found(county: County, at: int) -> None:
    taken = county.snapshot()
    path = largest(county, taken)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    assert "snapshot.hash" in codes(county, taken)
    assert path.name in str(verify(county.store, taken.id)[0])


def test_a_deleted_object_is_found(county: County) -> None:
    taken = county.snapshot()
    largest(county, taken).unlink()
    assert codes(county, taken) == ["snapshot.missing"]


def test_an_edited_manifest_is_found_and_refused(county: County) -> None:
    taken = county.snapshot()
    path = county.store / taken.id / FILE_NAME
    path.chmod(0o644)
    path.write_text(path.read_text(encoding="utf-8").replace('2022-01-01"', '2022-01-31"'))
    assert codes(county, taken) == ["snapshot.edited"]
    with pytest.raises(Refused, match="被改动过"):
        snapshots.load(county.store, taken.id)


def test_an_edit_that_repairs_the_digest_still_fails_on_its_name(county: County) -> None:
    taken = county.snapshot()
    path = county.store / taken.id / FILE_NAME
    forged = json.loads(path.read_text(encoding="utf-8"))
    del forged["id"], forged["digest"]
    forged["version"] = "9.9.9"
    path.chmod(0o644)
    path.write_text(Manifest.model_validate(forged).text(), encoding="utf-8")
    assert codes(county, taken) == ["snapshot.edited"]
    with pytest.raises(Refused):
        snapshots.load(county.store, taken.id)


def test_a_row_count_that_does_not_agree_is_found(county: County) -> None:
    taken = county.snapshot()
    path = county.store / taken.id / FILE_NAME
    path.chmod(0o644)
    path.write_text(path.read_text(encoding="utf-8").replace('"rows": 120', '"rows": 119'))
    assert codes(county, taken) == ["snapshot.edited", "snapshot.rows", "snapshot.rows"]


def test_a_snapshot_that_is_not_there_is_an_issue(county: County) -> None:
    (issue,) = verify(county.store, "20220101-0123456789abcdef")
    assert issue.code == "snapshot.unreadable"
