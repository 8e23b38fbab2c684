"""Whatever a program sends, the API answers as it says it does, never with a fault of its own."""

import contextlib
from collections.abc import Iterator
from typing import Any
from typing import cast as cast_to

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from tests.lengths import choose, report
from tests.orgs import cast
from tests.returns import conftest as county
from zhuji.ledgers.models import rows_of
from zhuji.orgs.models import Person
from zhuji.project.wsgi import application

pytestmark = [pytest.mark.proof, pytest.mark.django_db]
people = county.people
CASES = choose(12, 200)
READERS = ("clerk", "town", "director")
TOKEN = "A" * 32
SCHEMA = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
OPERATIONS: list[Any] = [cast_to(Any, found).ok() for found in SCHEMA.get_all_operations()]
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]


@pytest.fixture(autouse=True)
def connection_of_the_test() -> Iterator[None]:
    """Stays open from one request to the next, as with Django's own client."""
    ends = (request_started, request_finished)
    for one in ends:
        one.disconnect(close_old_connections)
    yield
    for one in ends:
        one.connect(close_old_connections)


def signed_in(name: str) -> dict[str, str]:
    client = Client()
    client.force_login(Person.objects.get(username=name))
    cookie = f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}"
    return {"Cookie": cookie, "X-CSRFToken": TOKEN}


def real(operation: Any) -> dict[str, Any]:
    """What exists, so that cases come past the first door."""
    names = {one.name for one in operation.path_parameters}
    known = {"key": "staff", "row": rows_of("staff").get(staff_no="S000001").pk, "number": 1}
    return {name: known[name] for name in names}


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_no_case_of_any_operation_breaks_its_own_description(operation: Any, reader: str) -> None:
    headers = signed_in(reader)
    paths = [None, real(operation)]
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    made = [
        operation.as_strategy(generation_mode=mode, **({"path_parameters": path} if path else {}))
        for mode in modes
        for path in paths
    ]
    seen: dict[int, int] = {}

    @settings(
        max_examples=max(1, CASES // len(READERS)),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(st.one_of(made))
    def run(case: Any) -> None:
        with contextlib.suppress(UnicodeEncodeError):  # what no client could send
            answer = case.call(headers=headers)
            seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
            case.validate_response(answer, checks=CHECKS, headers=headers)

    run()
    report("api", operation=operation.label, reader=reader, answers=seen)


def test_every_operation_of_the_api_is_tried() -> None:
    assert {one.label for one in OPERATIONS} >= {
        "POST /api/ledgers/{key}/rows",
        "PATCH /api/ledgers/{key}/rows/{row}",
        "DELETE /api/ledgers/{key}/rows/{row}",
        "POST /api/jobs/exports",
        "POST /api/jobs/imports",
    }
    assert cast.SCHOOL
