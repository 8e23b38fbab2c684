"""How many statements each page asks of the database."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.e2e import addresses
from zhuji.orgs import people, sessions
from zhuji.orgs.clock import database_now
from zhuji.web import gate


def counted(samples: Mapping[str, Any]) -> dict[str, int]:
    """By address. Once before it is counted: what a process keeps for good is not asked again."""
    readers: dict[str, Client] = {}
    found = {}
    for route in addresses.names():
        where = addresses.address(route, samples)
        if where.reader not in readers:
            readers[where.reader] = _at_the_browser(where.reader)
        client = readers[where.reader]
        client.get(where.path)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(where.path)
        assert answer.status_code == 200, where
        found[where.path] = len(asked)
    return found


def _at_the_browser(username: str) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    person = people.invented_named(username) if username else None
    if person is not None:
        client.force_login(person)
        session = client.session
        session[gate.KEY] = sessions.begin(person, sessions.How.CHOSEN, now=database_now())
        session.save()
    return client
