"""Spreadsheets that went wrong in any way are read, or refused with a clear sentence."""

import resource
import time
from pathlib import Path
from random import Random

import pytest

from tests.fuzz import files
from tests.lengths import choose, report
from zhuji.kernel.errors import BadInput
from zhuji.ledgers import reading, safety, tables

pytestmark = pytest.mark.proof

COUNT = choose(60, 10_000)
PROPOSAL = ("。", "？")


def told(path: Path) -> str:
    """`read`, or the code of the refusal; anything else is what we look for."""
    try:
        sheets = reading.sheets_of(path)
    except BadInput as refusal:
        [issue] = refusal.issues
        assert str(issue.message), path
        assert str(issue.proposal).endswith(PROPOSAL), issue
        return issue.code
    try:
        tables.find(sheets, None)
    except BadInput as refusal:
        return "no ledger" if str(refusal).endswith(PROPOSAL) else f"no sentence: {refusal}"
    return "read"


def test_each_is_read_or_refused_within_the_limits(tmp_path: Path) -> None:
    seeds = files.seeds(tmp_path)
    chance = Random(choose(1, 20_260_301))  # noqa: S311
    path, slowest = tmp_path / "台账.xlsx", 0.0
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    came: dict[str, int] = {}
    for number in range(COUNT):
        path.write_bytes(files.mutated(seeds[number % len(seeds)], chance))
        began = time.monotonic()
        try:
            found = told(path)
        except Exception as error:
            kept = tmp_path / f"failed-{number}.bin"
            kept.write_bytes(path.read_bytes())
            pytest.fail(f"file {number} ({kept}): {type(error).__name__}: {error}")
        slowest = max(slowest, time.monotonic() - began)
        came[found] = came.get(found, 0) + 1
    assert not [one for one in came if one.startswith("no sentence")]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # of any child so far
    assert peak <= max(before, safety.LIMITS.memory_bytes / (1024 * 1024))
    assert came["read"] > 0
    report("spreadsheets", files=COUNT, came=came, slowest=round(slowest, 1), peak_mib=int(peak))
