"""A county with its people, and a browser."""

import pytest
from django.test import Client

from tests.orgs import cast


@pytest.fixture
def county(db: None) -> None:
    cast.build_county()


@pytest.fixture
def browser() -> Client:
    """One that sends what forms need, so that a missing token is noticed."""
    return Client(enforce_csrf_checks=False)
