"""Time alone never improves a light: what was missed stays missed, silence proves nothing."""

from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from tests.programme.yunxi import (
    COUNTY,
    FIRST,
    JUNE,
    VILLAGE,
    activity,
    county,
    finding,
    given,
    judged,
    lights,
    package,
)
from zhuji.invent.rows import rows
from zhuji.invent.world import World, build
from zhuji.kernel.lights import Light
from zhuji.ledgers import queries
from zhuji.ledgers.registry import LEDGERS
from zhuji.programme import judge, packages
from zhuji.programme.packages import alone
from zhuji.warehouse.engine import Given, engine_from_rows

ROOT = Path(__file__).resolve().parents[2]
RANK = {Light.NOT_MET: 0, Light.BEHIND: 1, Light.ON_TRACK: 2, Light.MET: 3}
Lights = dict[tuple[str, str], Light]

# A new census counts the pupils who came since the last one: facts that stood in the ledgers
# on the first day, and which no figure had counted yet.
COUNTED_ANEW = {"cv_l2.junior"}


def healed(days: dict[date, Lights]) -> list[tuple[str, str, str, str]]:
    """(organisation, item, before, after) of whatever shows a better light on a later day."""
    found = []
    for earlier, later in combinations(sorted(days), 2):
        for (org, key), before in days[earlier].items():
            after = days[later].get((org, key), before)
            if before in RANK and after in RANK and RANK[after] > RANK[before]:
                found.append((org, key, f"{earlier} {before}", f"{later} {after}"))
    return found


def known(world: World, day: date) -> Given:
    """What is on file on a day; an end that lies ahead is a fact of the future and left out."""
    found = {}
    for ledger in LEDGERS:
        columns = [column.key for column in ledger.exported]
        every = [
            [_known(row[column], column, day) for column in columns]
            for row in rows(world, ledger.key)
        ]
        found[ledger.key] = (columns, every)
    return found


def _known(value: object, column: str, day: date) -> object:
    ends = column in ("valid_to", "ends_on", "planned_end")
    return None if ends and isinstance(value, date) and value > day else value


@pytest.mark.proof
def test_no_leaf_of_the_reference_plan_gets_better_while_nothing_is_written() -> None:
    day = date(2022, 6, 30)
    asked = alone(packages.load("anqiu-2021", ROOT / "plans"))
    facts = known(build(asked.loaded.plan, "tiny", seed="1", until=day), day)
    days: dict[date, Lights] = {}
    with engine_from_rows(facts, queries.warehouse_tables()) as engine:
        for later in (day, date(2023, 9, 10)):
            run = judge.run(asked, engine, on=later)
            days[later] = {
                (org, item.id): item.light
                for org in run.scene.above
                for item in run.judgement(org).items
                if item.kind in ("indicator", "duty", "milestone")
            }
    assert len(days[day]) > 8_000
    assert [found for found in healed(days) if found[1] not in COUNTED_ANEW] == []


def test_another_county_gets_no_better_either_on_any_day_to_the_end() -> None:
    rows = {**county(), "findings": [finding(FIRST, "2025-04-02", violation=True)]}
    days: dict[date, Lights] = {}
    with engine_from_rows(given(rows), queries.warehouse_tables()) as engine:
        for months in range(0, 21, 3):
            later = JUNE + timedelta(days=31 * months)
            run = judge.run(package(), engine, on=later)
            days[later] = {
                (org, item.id): item.light
                for org in run.scene.above
                for item in run.judgement(org).items
            }
    assert healed(days) == []
    last = days[max(days)]
    assert last[COUNTY, "T1"] is Light.NOT_MET
    assert last[COUNTY, "y_reading_day"] is Light.NOT_MET


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31)])
def test_a_violation_is_not_forgotten_when_the_year_turns(on: date) -> None:
    rows = {**county(), "findings": [finding(FIRST, "2025-04-02", violation=True)]}
    with judged(rows, on) as run:
        assert lights(run, FIRST)["y_violations"] is Light.NOT_MET
        assert lights(run, COUNTY)["y_violations"] is Light.NOT_MET
        assert lights(run, VILLAGE)["y_violations"] is Light.MET


def test_a_year_that_was_looked_into_speaks_for_itself() -> None:
    """In 2026 something was found, and it is no violation: that is evidence, not time."""
    rows = {
        **county(),
        "findings": [
            finding(FIRST, "2025-04-02", violation=True),
            finding(VILLAGE, "2026-03-02", violation=False),
        ],
    }
    with judged(rows, date(2026, 6, 30)) as run:
        assert lights(run, COUNTY)["y_violations"] is Light.MET
        assert lights(run, FIRST)["y_violations"] is Light.MET


def test_what_was_closed_is_closed_though_nothing_new_was_written_since() -> None:
    """A case that lay open when the year turned and was closed in February is no case in June."""
    case = {"org": FIRST, "case_no": "1", "pupil_no": f"{FIRST}primary1", "status": "dropped"}
    closed = {**case, "opened_on": "2025-11-03", "closed_on": "2026-02-01"}
    for on, light in (
        (date(2025, 12, 31), Light.NOT_MET),
        (date(2026, 1, 31), Light.NOT_MET),
        (date(2026, 2, 1), Light.MET),
    ):
        with judged({**county(), "dropout_cases": [closed]}, on) as run:
            assert lights(run, FIRST)["y_dropouts"] is light, on


def test_a_missed_window_stays_missed_until_a_deed_is_left_over_for_it() -> None:
    """The deed of a quarter serves its own quarter first."""
    day, found = date(2025, 8, 1), []
    for deeds in range(3):
        rows = county()
        rows["activities"] += [
            activity(VILLAGE, "reading_day", f"2025-07-0{number + 1}") for number in range(deeds)
        ]
        with judged(rows, day) as run:
            item = run.judgement(VILLAGE).item("y_reading_day")
            assert item is not None
            found.append((item.light, str(item.reason)))
    assert found == [
        (Light.NOT_MET, "应办 3 件，已办 1 件"),
        (Light.NOT_MET, "应办 3 件，已办 2 件"),
        (Light.MET, "应办 3 件，已办 3 件"),
    ]
