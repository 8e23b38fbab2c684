"""A plan amended half-way: each day is judged by the rule then in force, and what was due stays."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.programme.yunxi import PLANS, SAND, STONE, Rows, activity, county, given
from zhuji.kernel.lights import Light
from zhuji.ledgers import queries
from zhuji.programme import judge, packages
from zhuji.programme.judgement import Item
from zhuji.warehouse.engine import engine_from_rows

REVIEW = "y_town_review"


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """From 2026 on a town reviews once a year, not twice."""
    folder = tmp_path_factory.mktemp("plans")
    first, second = folder / "yunxi-2025", folder / "yunxi-2025@2"
    for copy in (first, second):
        shutil.copytree(PLANS / "yunxi-2025", copy)
    _edit(second / "plan.yaml", 'version: "1"', 'version: "2"\namends: "1"')
    _edit(second / "plan.yaml", "takes_effect: 2025-01-01", "takes_effect: 2026-01-01")
    _edit(second / "plan.yaml", "issued_on: 2025-01-01", "issued_on: 2025-12-20")
    _edit(second / "duties" / "all.yaml", "times: 2", "times: 1")
    return folder


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def review(plans: Path, rows: Rows, on: date, org: str) -> tuple[str, Item]:
    package = packages.load_for("yunxi-2025", plans, on)
    with engine_from_rows(given(rows), queries.warehouse_tables()) as engine:
        judgement = judge.run(package, engine, on=on).judgement(org)
    item = judgement.item(REVIEW)
    assert item is not None
    return judgement.version, item


@pytest.fixture
def reviewed() -> Rows:
    """In the first town two reviews in 2025 and one in 2026; in the second one, in 2025."""
    rows = county()
    rows["activities"] += [
        activity(SAND, "town_review", "2025-04-02"),
        activity(STONE, "town_review", "2026-03-02"),
    ]
    return rows


def test_a_day_is_judged_by_the_version_then_in_force(plans: Path, reviewed: Rows) -> None:
    assert review(plans, reviewed, date(2025, 12, 31), STONE)[0] == "1"
    assert review(plans, reviewed, date(2026, 1, 1), STONE)[0] == "2"


def test_what_the_new_version_asks_is_counted_from_its_day_on(plans: Path, reviewed: Rows) -> None:
    _, item = review(plans, reviewed, date(2026, 6, 30), STONE)
    assert (item.light, str(item.reason)) == (Light.MET, "应办 2 件，已办 2 件")


def test_what_the_old_version_had_made_due_stays_missed(plans: Path, reviewed: Rows) -> None:
    """One review in 2025 where two were due; that one a year is enough today does not mend it."""
    _, item = review(plans, reviewed, date(2026, 6, 30), SAND)
    assert item.light is Light.NOT_MET
    assert [(str(lack.what), lack.due) for lack in item.missing] == [
        ("2025 年 逾期未完成", date(2025, 12, 31)),
        ("2026 年 进行中", date(2026, 12, 31)),
    ]


def test_one_late_deed_serves_one_version_only(plans: Path, reviewed: Rows) -> None:
    """The review of March 2026 is what the new version asks of 2026; it mends 2025 no more."""
    reviewed["activities"].append(activity(SAND, "town_review", "2026-03-02"))
    _, item = review(plans, reviewed, date(2026, 6, 30), SAND)
    assert str(item.reason) == "应办 2 件，已办 1 件"
    assert [str(lack.what) for lack in item.missing] == ["2025 年 逾期未完成"]


def test_before_any_version_a_single_one_judges_all_days(plans: Path, reviewed: Rows) -> None:
    only = packages.load("yunxi-2025@2", plans)
    with engine_from_rows(given(reviewed), queries.warehouse_tables()) as engine:
        run = judge.run(packages.alone(only), engine, on=date(2026, 6, 30))
        item = run.judgement(SAND).item(REVIEW)
    assert item is not None
    assert (item.light, str(item.reason)) == (Light.ON_TRACK, "应办 2 件，已办 1 件")
