"""Every statement of the reference plan can be said in Spark's dialect; a few are kept to be seen.

Written anew, to be checked by eye: ZHUJI_WRITE_SQL=1 pytest tests/programme/test_spark.py
"""

import os
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from zhuji.duties.evidence import signatures, together
from zhuji.indicators.compile import render
from zhuji.indicators.prepare import Suite, prepare
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import Duty, Milestone
from zhuji.programme import packages
from zhuji.programme.ready import split_rule
from zhuji.programme.sources import sources

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "spark"
SCANS = ("survey_results.school_year.point", "premises.school_year.point.split")
ASKED = ("m18_staff_congress", "m5_shadow")


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return packages.load("anqiu-2021", ROOT / "plans")


@pytest.fixture(scope="module")
def suite(loaded: Loaded) -> Suite:
    return prepare(loaded.plan.indicators, sources(), split_rule(loaded))


def asked(loaded: Loaded) -> dict[str, Duty | Milestone]:
    found: dict[str, Duty | Milestone] = {one.id: one for one in loaded.plan.duties}
    return found | {one.id: one for one in loaded.plan.milestones}


def parsed_back(text: str) -> exp.Expr:
    """Refused unless Spark's grammar reads it whole; functions of DuckDB alone do not pass."""
    tree = sqlglot.parse_one(text, read="spark", error_level=sqlglot.ErrorLevel.RAISE)
    strange = [one.name for one in tree.find_all(exp.Anonymous)]
    assert set(strange) <= {"ADD_DAYS"}, strange
    return tree


def test_every_scan_of_the_plan_is_spark(suite: Suite) -> None:
    trees = {**suite.statements, "expectations": suite.expectations, "schools": suite.schools}
    assert len(trees) > 30
    for key, tree in trees.items():
        text = render(tree, "spark")
        assert isinstance(parsed_back(text), exp.Query), key


def test_every_duty_and_milestone_of_the_plan_is_spark(loaded: Loaded) -> None:
    every = asked(loaded)
    assert len(every) > 150
    for tree in together(every.values()):
        assert isinstance(parsed_back(render(tree, "spark")), exp.Query)


@pytest.mark.parametrize("key", [*SCANS, *ASKED])
def test_the_text_is_the_one_that_was_checked_by_eye(
    key: str, suite: Suite, loaded: Loaded
) -> None:
    tree = suite.statements[key] if key in SCANS else signatures(asked(loaded)[key])
    text = render(tree, "spark") + "\n"
    path = GOLDEN / f"{key}.sql"
    if os.environ.get("ZHUJI_WRITE_SQL"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
