"""On PostgreSQL, a second net below the scope of rows about minors: row-level security.

A request behind a door sees only rows of its reader's organisations, even where the application
forgot its own filter. The operator's commands, the worker and the reading of snapshots declare no
organisations and are not limited: they serve nobody's screen. A superuser of the database is never
limited, so the application must not connect as one.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection

SETTING = "zhuji.orgs"
NOBODY = "-"  # an empty value means that nothing was declared, so no organisation is spelled so
# In subselects, so that the server works them out once for a statement and not for each row.
_UNLIMITED = f"(SELECT coalesce(current_setting('{SETTING}', true), '') = '')"
_AMONG = f"(SELECT string_to_array(current_setting('{SETTING}', true), ','))::text[]"
_PROTECT = (
    "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE {table} FORCE ROW LEVEL SECURITY",  # for the owner too
    "CREATE POLICY {table}_net ON {table} USING ({unlimited} OR org = ANY({among}))",
)
_LIFT = (
    "DROP POLICY {table}_net ON {table}",
    "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
)


def protecting(tables: Collection[str]) -> list[str]:
    """Statements that spread the net under these tables."""
    return [_with(statement, table) for table in tables for statement in _PROTECT]


def lifting(tables: Collection[str]) -> list[str]:
    return [_with(statement, table) for table in tables for statement in _LIFT]


@contextmanager
def within(orgs: Collection[str]) -> Iterator[None]:
    """For as long as a request lasts; afterwards the connection is as it was."""
    if connection.vendor != "postgresql":
        yield
        return
    _declare(",".join(sorted(orgs)) or NOBODY)
    try:
        yield
    finally:
        _declare("")


def _declare(value: str) -> None:
    if connection.needs_rollback:  # a broken transaction takes no statement; its end resets it
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, value])


def _with(statement: str, table: str) -> str:
    return statement.format(table=table, unlimited=_UNLIMITED, among=_AMONG)
