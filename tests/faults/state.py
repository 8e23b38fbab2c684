"""What an installation holds, in a form that can be compared: every row of every table, each file.

Whatever may differ between two equal states is left out, and named here with its reason.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from django.db import connection

from zhuji.jobs.models import Job

# An attempt at signing in is counted before the password is looked at: else a fault at the right
# moment would give guesses for nothing. So this alone may stand between before and after.
COUNTED_FIRST = frozenset({"orgs_signinrecord"})
# A file handed in with a job that came to nothing is no job's: it is swept away after a day.
_JOBS = "jobs"
# Beside the database: what its engine keeps, the log, locks, and how far a job is.
_BESIDE = ("-wal", "-shm", "-journal", ".lock", ".log", ".db", ".sqlite3")
_HIDDEN = "."

State = Mapping[str, object]


def state(home: Path) -> State:
    return {**_tables(), **_files(home)}


def digest(found: State) -> str:
    return sha256(json.dumps(found, sort_keys=True, default=str).encode()).hexdigest()


def differences(one: State, other: State) -> list[str]:
    """Tables and files that are not the same."""
    return sorted(key for key in {*one, *other} if one.get(key) != other.get(key))


def _tables() -> dict[str, object]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found: dict[str, object] = {}
        for name in names:
            if name in COUNTED_FIRST or name.startswith("sqlite_"):
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608
            rows = sorted(repr(row) for row in cursor.fetchall())
            if rows:
                found[name] = rows
    return found


def _files(home: Path) -> dict[str, object]:
    known = {str(number) for number in Job.objects.values_list("pk", flat=True)}
    return {
        f"file {path.relative_to(home)}": sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file()
        and not path.name.endswith(_BESIDE)
        and not any(part.startswith(_HIDDEN) for part in path.relative_to(home).parts)
        and not _is_nobodys(path.relative_to(home).parts, known)
    }


def _is_nobodys(parts: tuple[str, ...], known: set[str]) -> bool:
    return parts[0] == _JOBS and parts[1] not in known
