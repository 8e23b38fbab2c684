"""The judgement as JSON: what docs/reference/judgement.md documents, no key more or less."""

import json
import re
from pathlib import Path

import pytest

from tests.programme.yunxi import COUNTY, FIRST, STONE, county, judged
from zhuji.kernel.lights import Light
from zhuji.programme.judge import Run

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "judgement.md"
SHOWN = ("T1", "y_books.primary", "y_reading_day")
KINDS = {"target", "action", "measure", "safeguard", "indicator", "duty", "milestone"}


@pytest.fixture(scope="module")
def june() -> Run:
    with judged(county()) as run:
        return run


def documented(heading: str) -> list[str]:
    """The words in the first column of the table under a heading."""
    text = PAGE.read_text(encoding="utf-8")
    part = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)


@pytest.mark.parametrize("org", [COUNTY, STONE, FIRST])
def test_every_level_has_the_documented_keys_in_the_documented_order(june: Run, org: str) -> None:
    told = june.judgement(org).as_json()
    assert list(told) == documented("整体")
    items = told["items"]
    assert isinstance(items, list)
    assert len(items) == 24
    for item in items:
        assert list(item) == documented("条目"), item["id"]
        for lack in item["missing"]:
            assert list(lack) == documented("还差什么")
        for name in ("label", "owner"):
            assert list(item[name]) == ["zh", "en"]


def test_lights_and_kinds_are_the_documented_words(june: Run) -> None:
    assert documented("灯") == [light.value for light in Light]
    items = june.judgement().items
    assert {item.kind for item in items} == KINDS
    [row] = re.findall(r"^\| `kind` .*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", row)) == KINDS | {"kind"}


def test_the_example_is_what_the_program_says(june: Run) -> None:
    told = june.judgement().as_json()
    items = told["items"]
    assert isinstance(items, list)
    told["items"] = [item for item in items if item["id"] in SHOWN]
    [example] = re.findall(r"```json\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example == json.dumps(told, ensure_ascii=False, indent=1)


def test_parents_come_before_their_children_and_every_id_once(june: Run) -> None:
    seen: set[str] = set()
    for item in june.judgement().items:
        assert item.parent is None or item.parent in seen, item.id
        assert item.id not in seen
        seen.add(item.id)


def test_the_same_facts_give_the_same_bytes(june: Run) -> None:
    with judged(county()) as again:
        for org in (COUNTY, STONE, FIRST):
            first, second = june.judgement(org).as_json(), again.judgement(org).as_json()
            assert json.dumps(first) == json.dumps(second)
