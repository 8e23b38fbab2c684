"""Two small counties, made up once for all tests of this folder."""

from pathlib import Path

import pytest

from zhuji.invent.rows import rows
from zhuji.invent.told.kinds import Row
from zhuji.invent.world import World, build
from zhuji.ledgers.registry import LEDGERS
from zhuji.plan.load import load
from zhuji.plan.model import Plan

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def plan() -> Plan:
    return load(ROOT / "plans" / "anqiu-2021", ROOT / "plans" / "standards").plan


@pytest.fixture(scope="session")
def world(plan: Plan) -> World:
    return build(plan, "tiny", seed="test")


@pytest.fixture(scope="session")
def ledgers(world: World) -> dict[str, list[Row]]:
    """Every row of every ledger of the tiny county."""
    return {each.key: list(rows(world, each.key)) for each in LEDGERS}


@pytest.fixture(scope="session")
def neighbour(plan: Plan) -> World:
    return build(plan, "tiny", seed="test", county_no=1)
