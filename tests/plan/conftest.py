"""A county with a package in which nothing is wrong."""

from pathlib import Path

import pytest

from tests.plan.packages import County, settle


@pytest.fixture
def county(tmp_path: Path) -> County:
    return settle(tmp_path / "plans")
