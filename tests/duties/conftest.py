"""One database for all tests of duties; each test fills the tables anew."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.duties.world import connection


@pytest.fixture(scope="session")
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with connection() as found:
        yield found
