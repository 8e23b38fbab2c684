"""One word for one thing: the glossary is the only source of the domain's words."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field

from zhuji.ledgers.declare import Ledger
from zhuji.ledgers.registry import LEDGERS

FILE = Path(__file__).resolve().parents[2] / "docs" / "glossary.yaml"


class Word(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    means: str
    source: str = ""
    rejected: tuple[str, ...] = Field(default=(), alias="not")
    pinyin: bool = False


@cache
def glossary() -> dict[str, Word]:
    text = FILE.read_text(encoding="utf-8")
    # BaseLoader makes nothing but text: a word such as `no` stays a word.
    words = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    return {key: Word.model_validate(word) for key, word in words.items()}


@pytest.mark.parametrize("ledger", LEDGERS, ids=[ledger.key for ledger in LEDGERS])
def test_a_ledger_bears_the_name_the_glossary_gives_it(ledger: Ledger) -> None:
    assert ledger.key in glossary(), f"add {ledger.key} to docs/glossary.yaml"
    assert glossary()[ledger.key].zh == ledger.label.zh


def test_no_word_stands_twice_in_the_glossary() -> None:
    keys = re.findall(r"^(\w+):", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(keys) == sorted(set(keys))
    meanings = [word.zh for word in glossary().values()]
    assert sorted(meanings) == sorted(set(meanings))


def test_a_rejected_word_is_not_used_for_something_else() -> None:
    rejected = {word for entry in glossary().values() for word in entry.rejected}
    assert rejected & glossary().keys() == set()
