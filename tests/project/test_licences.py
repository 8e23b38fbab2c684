"""Every locked package of others bears a licence of the list, told by its own metadata."""

import json
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "docs" / "security" / "licences.yaml"
FRONT = ROOT / "zhuji" / "web" / "front" / "package-lock.json"


@cache
def rules() -> Any:
    return yaml.safe_load(LIST.read_text(encoding="utf-8"))


def locked() -> list[str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)==", text, flags=re.MULTILINE)


def expression(said: str) -> set[frozenset[str]]:
    """The ways in which a licence can be met: of `A OR B` one, of `A AND B` both."""
    ways = re.split(r"\s+OR\s+", said.replace("(", " ").replace(")", " ").strip())
    return {frozenset(re.split(r"\s+AND\s+", way.strip())) for way in ways}


def allowed(said: str) -> bool:
    known = set(rules()["allowed"])
    return any(way <= known for way in expression(said))


def licence_of(package: str) -> str:
    """By hand where the metadata do not say it; otherwise as they say it."""
    by_hand = rules()["read_by_hand"].get(package)
    if by_hand:
        return str(by_hand["licence"])
    told: Any = metadata(package)
    named = told.get("License-Expression") or told.get("License") or ""
    classified = [
        line.rpartition("::")[2].strip()
        for line in told.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    one = named if named and "\n" not in named and len(named) < 40 else ""
    words = [one] if one else classified
    return " AND ".join(rules()["said_as"].get(word, word) for word in words) or "unknown"


@pytest.mark.parametrize("package", locked())
def test_a_locked_python_package_bears_an_allowed_licence(package: str) -> None:
    try:
        said = licence_of(package)
    except PackageNotFoundError:
        pytest.fail(f"{package} is not installed here: read its licence, write it into {LIST.name}")
    assert allowed(said), f"{package}: {said}"


def test_every_front_end_package_bears_an_allowed_licence() -> None:
    packages = json.loads(FRONT.read_text(encoding="utf-8"))["packages"]
    wrong = {
        name: one.get("license", "unknown")
        for name, one in packages.items()
        if name and not allowed(str(one.get("license", "unknown")))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-only", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_the_list_tells_what_may_be_used(said: str, answer: bool) -> None:
    assert allowed(said) is answer


def test_what_was_read_by_hand_is_still_locked_and_says_why() -> None:
    by_hand = rules()["read_by_hand"]
    assert set(by_hand) <= set(locked())
    assert all(one["why"] for one in by_hand.values())
