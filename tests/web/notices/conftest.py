"""The cast, with time standing still."""

import pytest

from tests.tasks import conftest as county
from tests.web.returns.browser import stop_time
from zhuji.orgs.scope import Reader

people = county.people


@pytest.fixture(autouse=True)
def _on_the_day(zhuji_home: object, people: dict[str, Reader]) -> None:
    stop_time()
