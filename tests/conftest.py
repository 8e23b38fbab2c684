"""Shared by all tests: reproducible properties, and a data directory of each test's own."""

from pathlib import Path

import pytest
from hypothesis import settings as hypothesis
from pytest_django import Settings

# The default deadline fails on DuckDB's first connection.
hypothesis.register_profile("zhuji", deadline=None, derandomize=True)
hypothesis.load_profile("zhuji")


@pytest.fixture(autouse=True)
def zhuji_home(settings: Settings, tmp_path: Path) -> Path:
    """Nothing a test writes lands in the data of the person who runs it."""
    home = tmp_path / "home"
    home.mkdir()
    settings.ZHUJI_HOME = home
    return home
