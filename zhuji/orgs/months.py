"""On PostgreSQL, the two large tables of the trail lie in a part for each month.

Months are those of UTC, as moments are stored. A record of a month that has no part yet falls into
the rest, so that no write is refused for want of one; upkeep makes the part and moves it there.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from zhuji.orgs import append_only

PARTED = ("audit_entry", "audit_view")
AHEAD = 3  # months made before they begin
_REST = "rest"
_PARTS = """SELECT relid::regclass::text FROM pg_partition_tree(%s) WHERE isleaf"""
# A moment that nobody lived in stays in the rest: no months are made for it.
_HELD = """SELECT DISTINCT date_trunc('month', at AT TIME ZONE 'UTC') FROM {table}_rest
    WHERE at >= '2000-01-01' AND at < '{end}'"""
_MAKE = (
    "CREATE TABLE {part} (LIKE {table} INCLUDING ALL EXCLUDING IDENTITY)",
    """WITH moved AS (DELETE FROM {table}_rest WHERE at >= '{start}' AND at < '{end}' RETURNING *)
    INSERT INTO {part} SELECT * FROM moved""",
    "ALTER TABLE {table} ATTACH PARTITION {part} FOR VALUES FROM ('{start}') TO ('{end}')",
)


def start_of(moment: datetime) -> datetime:
    local = moment.astimezone(UTC)
    return datetime(local.year, local.month, 1, tzinfo=UTC)


def after(start: datetime) -> datetime:
    """The month after the one that starts then."""
    return start_of(start + timedelta(days=31))


def make_ahead(now: datetime) -> int:
    """The parts of months to come, and of those the rest has records of; how many were missing."""
    if connection.vendor != "postgresql":
        return 0
    missing = {table: sorted(_wanted(table, now) - set(parts(table))) for table in PARTED}
    lacking = [table for table in PARTED if missing[table]]
    with transaction.atomic(), append_only.lifted(*lacking):
        for table in lacking:
            for start in missing[table]:
                make(table, start)
    return sum(map(len, missing.values()))


def make(table: str, start: datetime) -> None:
    names = {"table": table, "part": part(table, start), "start": start, "end": after(start)}
    with connection.cursor() as cursor:
        for statement in _MAKE:
            cursor.execute(statement.format(**names))


def drop(table: str, *, before: datetime, but: Collection[datetime] = ()) -> None:
    """The parts of months that ended by then, with all they hold, but for those that start so."""
    if connection.vendor != "postgresql":
        return
    going = [one for one in parts(table) if after(one) <= before and one not in but]
    with connection.cursor() as cursor:
        for start in going:
            cursor.execute(f"DROP TABLE {part(table, start)}")


def parts(table: str) -> Iterator[datetime]:
    """The months that have a part, by their start."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [table])
        found = [name.removeprefix(f"{table}_") for (name,) in cursor.fetchall()]
    for name in found:
        if name != _REST:
            yield datetime.strptime(name, "%Y_%m").replace(tzinfo=UTC)


def part(table: str, start: datetime) -> str:
    return f"{table}_{start:%Y_%m}"


def _wanted(table: str, now: datetime) -> set[datetime]:
    wanted = [start_of(now)]
    while len(wanted) <= AHEAD:
        wanted.append(after(wanted[-1]))
    with connection.cursor() as cursor:
        cursor.execute(_HELD.format(table=table, end=after(wanted[-1])))
        return {*wanted, *(month.replace(tzinfo=UTC) for (month,) in cursor.fetchall())}
