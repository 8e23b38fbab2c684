"""The same seed makes the same county, in any order and any process."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from zhuji.invent.rows import TELLERS, rows
from zhuji.invent.told.kinds import Row, asks
from zhuji.invent.world import World, build
from zhuji.ledgers.registry import LEDGERS
from zhuji.plan.model import Plan

ROOT = Path(__file__).resolve().parents[2]


def test_two_counties_of_one_seed_are_equal(plan: Plan, ledgers: dict[str, list[Row]]) -> None:
    again = build(plan, "tiny", seed="test")
    for each in LEDGERS:
        assert list(rows(again, each.key)) == ledgers[each.key]


def test_ledgers_may_be_asked_for_in_any_order(plan: Plan, ledgers: dict[str, list[Row]]) -> None:
    again = build(plan, "tiny", seed="test")
    for each in reversed(LEDGERS):
        assert list(rows(again, each.key)) == ledgers[each.key]


@pytest.mark.parametrize("key", ["pupils", "marks", "staff", "home_visits", "premises", "skills"])
def test_one_schools_rows_do_not_depend_on_who_was_asked_before(
    key: str, world: World, ledgers: dict[str, list[Row]]
) -> None:
    fresh = replace(world)
    places = list(asks(TELLERS[key], fresh))
    told = [
        row
        for place in reversed(places)
        for row in TELLERS[key].tell(fresh, place, fresh.stream(key, place.code))
    ]
    expected = sorted(map(repr, ledgers[key]))
    declared = list(ledgers[key][0])
    assert sorted(repr({k: row.get(k) for k in declared}) for row in told) == expected


def test_another_seed_is_another_county(plan: Plan, ledgers: dict[str, list[Row]]) -> None:
    other = build(plan, "tiny", seed="other")
    assert list(rows(other, "pupils")) != ledgers["pupils"]


def test_another_process_makes_the_same_county(ledgers: dict[str, list[Row]]) -> None:
    """With another hash seed, which a use of hash() or of a set's order would show."""
    code = (
        "from pathlib import Path\n"
        "from zhuji.invent.rows import rows\n"
        "from zhuji.invent.world import build\n"
        "from zhuji.plan.load import load\n"
        "world = build(load(Path('plans/anqiu-2021'), Path('plans/standards')).plan,"
        " 'tiny', seed='test')\n"
        "from hashlib import sha256\n"
        "print(sha256(repr([list(rows(world, key)) for key in"
        " ('staff', 'enrolments', 'activities', 'fund_moves')]).encode()).hexdigest())\n"
    )
    said = {
        subprocess.run(  # noqa: S603  # our own interpreter and code
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


@pytest.mark.parametrize("until", [date(2021, 5, 31), date(2021, 12, 31), date(2024, 8, 31)])
def test_any_last_day_will_do(plan: Plan, until: date) -> None:
    world = build(plan, "tiny", seed="test", until=until)
    for each in LEDGERS:
        on = getattr(each.dated, "on", getattr(each.dated, "start", None))
        for row in rows(world, each.key):
            day = row[on] if on else None
            assert not isinstance(day, date) or day <= until or on == "planned_on"
