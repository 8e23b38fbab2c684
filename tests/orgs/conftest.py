"""The cast of the county, and the trail protected as it is in production."""

import pytest
from django.db import connection

from tests.orgs import cast
from zhuji.orgs import append_only


@pytest.fixture
def county(db: None) -> None:
    cast.build_county()


@pytest.fixture
def protected(db: None) -> None:
    """The tests' database has the protection lifted; here it holds, until the rollback."""
    with connection.cursor() as cursor:
        for statement in append_only.protecting(connection.vendor):
            cursor.execute(statement)
