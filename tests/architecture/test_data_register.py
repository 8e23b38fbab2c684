"""Every personal field has a purpose, a legal basis, a level and a term, or the build fails."""

from functools import cache
from pathlib import Path
from typing import Literal

import pytest
import yaml
from django.apps import apps
from pydantic import BaseModel, ConfigDict, Field

from zhuji.ledgers.declare import Ledger
from zhuji.ledgers.registry import LEDGERS
from zhuji.ledgers.visibility import rows_about
from zhuji.orgs import terms

FILE = Path(__file__).resolve().parents[2] / "docs" / "security" / "data-register.yaml"
# Our own tables by the app that holds them.
OWN = {
    "person": "orgs",
    "view": "orgs",
    "entry": "orgs",
    "signedin": "orgs",
    "childlink": "orgs",
    "correction": "orgs",
    "draft": "ledgers",
    "upload": "ledgers",
    "feedback": "tasks",
    "approval": "jobs",
}
# 网络安全法 21: logs at least six months; of minors we promise three years.
SHORTEST = {"entry": 180, "view": 1096}
PERSONAL = {"personal", "sensitive", "number"}


class ColumnEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    level: Literal["public", "work", "number", "personal", "sensitive"]
    purpose: str = Field(min_length=3)


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    basis: Literal["statute", "consent"]
    source: str = Field(min_length=4)
    term: str = Field(min_length=3)
    kept_days: int | None = None
    columns: dict[str, ColumnEntry]


@cache
def register() -> dict[str, Entry]:
    # BaseLoader makes nothing but text.
    kept = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    return {key: Entry.model_validate(entry) for key, entry in kept.items()}


def personal_fields(ledger: Ledger) -> dict[str, str]:
    """Of a minor's rows every column but the org; of others those with a personal level."""
    about = rows_about(ledger.key)
    return {
        column: level
        for column, level in about.levels.items()
        if column != "org" and (about.about_minors or level in PERSONAL)
    }


@pytest.mark.parametrize("ledger", LEDGERS, ids=[ledger.key for ledger in LEDGERS])
def test_each_personal_field_of_a_ledger_is_registered_at_its_level(ledger: Ledger) -> None:
    entry = register().get(ledger.key)
    kept = {key: column.level for key, column in entry.columns.items()} if entry else {}
    assert kept == personal_fields(ledger), f"bring {ledger.key} up to date in {FILE.name}"


@pytest.mark.parametrize("key", OWN)
def test_the_columns_of_our_own_tables_exist(key: str) -> None:
    fields = {field.name for field in apps.get_model(OWN[key], key)._meta.get_fields()}
    assert register()[key].columns.keys() <= fields


def test_nothing_is_registered_that_is_not_kept() -> None:
    assert register().keys() <= {ledger.key for ledger in LEDGERS} | set(OWN)


@pytest.mark.parametrize("kind", SHORTEST)
def test_the_trail_is_kept_as_long_as_the_law_says(kind: str) -> None:
    days = register()[kind].kept_days
    assert days is not None
    assert days >= SHORTEST[kind]
    assert terms.kept(kind).days == days
