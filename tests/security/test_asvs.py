"""The ASVS table is whole, and what it claims is proved by a file that exists."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "security" / "asvs.yaml"
ROWS: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
# Of version 5.0.0: as many requirements of each level as the standard has.
LEVELS = {1: 70, 2: 183}


def test_every_requirement_of_the_first_two_levels_has_its_row() -> None:
    assert Counter(row["level"] for row in ROWS.values()) == LEVELS


@pytest.mark.parametrize("key", ROWS)
def test_a_row_says_in_our_words_what_is_asked_and_how_it_stands(key: str) -> None:
    row = ROWS[key]
    assert 4 <= len(row["says"]) <= 60
    match row["status"]:
        case "met":
            assert row["by"]
            assert [path for path in row["by"] if not (ROOT / path).exists()] == []
            assert any(path.startswith("tests/") for path in row["by"])
            assert "why" not in row
        case "not_met" | "not_applicable":
            assert row["why"]
            assert "by" not in row
        case other:
            pytest.fail(f"no status: {other}")


def test_what_is_not_met_is_told_to_the_reader_of_the_threat_model() -> None:
    assert "asvs.yaml" in (TABLE.parent / "threat-model.md").read_text(encoding="utf-8")
