"""The second net on a PostgreSQL server of the test's own: with the application's filter taken
away, foreign rows about minors are not there. Skipped, and saying so, where there is no server."""

from pathlib import Path

import psycopg
import pytest

from tests import databases
from tests.keeping.test_postgres import server  # noqa: F401  # the server that it starts
from zhuji.ledgers import registry, visibility
from zhuji.orgs import row_security
from zhuji.programme.keeping.postgres import Postgres

pytestmark = pytest.mark.proof

# Not a superuser, as in production; the owner of the tables all the same.
ROLE = "CREATE ROLE app LOGIN NOSUPERUSER NOBYPASSRLS"
TRIED = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from tests.orgs import cast
from zhuji.ledgers.models import rows_of
from zhuji.ledgers import registry, visibility
from zhuji.orgs import row_security
from zhuji.web import doors
call_command("migrate", verbosity=0, interactive=False)
cast.build_county()
def seen():
    return [rows_of(key).count() for key in ("pupils", "enrolments", "special_pupils")]
print(seen())
with row_security.within({cast.SCHOOL}):
    print(seen())
with row_security.within(set()):
    print(seen())
    print(rows_of("pupils").update(name="x"), rows_of("pupils").all()._raw_delete("default"))
print(seen())
class Signed:
    second_at, how = cast.NOW, "chosen"
def behind(second, person):
    @doors.signed_in("GET", verb=None, second=second)
    def counted(_asked):
        print(second, seen())
        return HttpResponse()
    request = RequestFactory().get("/")
    request.user, request.signed_in, request.now = person, Signed, cast.NOW
    assert counted(request).status_code == 200
clerk = cast.person("clerk")
cast.hold(clerk, cast.seat("clerk", cast.SCHOOL))
behind(doors.Second.NEEDED, clerk)
behind(doors.Second.ENROLLED, clerk)
print(seen())
with connection.cursor() as cursor:
    cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    print(sorted(name for (name,) in cursor.fetchall()))
"""


def about_minors() -> list[str]:
    keys = [ledger.key for ledger in registry.LEDGERS]
    return sorted(f"ledger_{key}" for key in keys if visibility.rows_about(key).about_minors)


@pytest.fixture
def app(server: Postgres) -> str:  # noqa: F811  # the fixture itself
    with psycopg.connect(host=server.host, user="zhuji", dbname="postgres", autocommit=True) as by:
        by.execute(ROLE)
        by.execute("CREATE DATABASE app OWNER app")
    return f"postgres://app@{server.host.replace('/', '%2F')}/app"


def test_no_foreign_row_about_a_minor_without_the_applications_filter(
    app: str, tmp_path: Path
) -> None:
    assert databases.said_on(app, tmp_path / "pg", TRIED) == [
        "[5, 5, 5]",  # the operator's commands and the worker declare nothing
        "[3, 3, 3]",  # a school's reader
        "[0, 0, 0]",  # a reader of nothing
        "0 0",
        "[5, 5, 5]",
        "needed [3, 3, 3]",  # a clerk behind a door
        "enrolled [5, 5, 5]",  # where no rows are shown, nobody's reach is looked up
        "[5, 5, 5]",
        str(about_minors()),
    ]


def test_each_table_is_named_in_what_protects_it() -> None:
    for table in about_minors():
        said = "\n".join(row_security.protecting([table]))
        assert f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" in said
