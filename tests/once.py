"""What many tests begin with: built once in each process, then put back as its rows and files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

from django.conf import settings
from django.db import connection, transaction
from whitenoise.base import WhiteNoise

T = TypeVar("T")
Rows = dict[str, list[tuple[Any, ...]]]
SEQUENCES = "sqlite_sequence"
# Django's own lists of what there is, numbered anew after a test that commits.
LISTS = frozenset({"django_content_type", "auth_permission", "django_migrations"})


@dataclass(frozen=True)
class Kept:
    """`before` is of all that stood there: over anything else it is built anew."""

    given: Any
    before: str
    rows: Rows
    sequences: list[tuple[Any, ...]]
    files: dict[Path, tuple[bytes, int]]


def built(build: Callable[[], T]) -> Callable[[], T]:
    """Gives what `build` gives, and all that it leaves in the database and the data directory.

    On a server the rows are made each time: its sequences do not go back with a transaction.
    """
    kept: list[Kept] = []

    @wraps(build)
    def standing() -> T:
        if connection.vendor != "sqlite":
            return build()
        if not kept:
            kept.append(_first(build))
        elif kept[0].before == _digest(_rows(), _files()):
            _put_back(kept[0])
        else:
            return build()
        return cast(T, copy(kept[0].given))

    return standing


def _first(build: Callable[[], Any]) -> Kept:
    before, files = _rows(), _files()
    given = build()
    after = _rows()
    for table, rows in before.items():
        assert set(rows) <= set(after[table]), f"{build.__qualname__} changed what stood in {table}"
    new = {
        table: [one for one in rows if one not in before[table]] for table, rows in after.items()
    }
    more = {table: each for table, each in new.items() if each}
    made = {path: found for path, found in _files().items() if files.get(path) != found}
    return Kept(given, _digest(before, files), more, _all(SEQUENCES), made)


def _put_back(kept: Kept) -> None:
    for path, (content, mode) in kept.files.items():
        target = Path(settings.ZHUJI_HOME) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        target.chmod(mode)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in kept.rows.items():
            _insert(cursor, table, rows)
        cursor.execute(f"DELETE FROM {SEQUENCES}")  # noqa: S608  # own name
        _insert(cursor, SEQUENCES, kept.sequences)


def _insert(cursor: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join("%s" for _ in rows[0]) if rows else ""
    if rows:
        cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)  # noqa: S608  # own names


def _digest(*stands: object) -> str:
    return sha256(repr(stands).encode()).hexdigest()


def _rows() -> Rows:
    return {
        table: _all(table) for table in connection.introspection.table_names() if table not in LISTS
    }


def _all(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # own names
        return list(cursor.fetchall())


def _files() -> dict[Path, tuple[bytes, int]]:
    home = Path(settings.ZHUJI_HOME)
    return {
        path.relative_to(home): (path.read_bytes(), path.stat().st_mode)
        for path in home.rglob("*")
        if path.is_file()
    }


@contextmanager
def static_files() -> Iterator[None]:
    """The built files are looked at once, and not again for each browser of a test."""
    known: dict[tuple[str, str], dict[str, Any]] = {}
    look = WhiteNoise.update_files_dictionary

    def remembered(self: Any, root: str, prefix: str) -> None:
        if (root, prefix) not in known:
            before = dict(self.files)
            look(self, root, prefix)
            known[root, prefix] = {k: v for k, v in self.files.items() if before.get(k) is not v}
        self.files.update(known[root, prefix])

    WhiteNoise.update_files_dictionary = remembered
    yield
    WhiteNoise.update_files_dictionary = look
