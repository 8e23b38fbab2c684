"""A SQLite file: copied while writers are busy, measured, and put back."""
# ruff: noqa: S608 - table and column names come from the database itself and are quoted

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.programme.keeping import audit
from zhuji.programme.keeping.manifest import Facts, Origin, TableFact
from zhuji.programme.keeping.meter import Meter

_PAGES = 1_024
_ROWS = 2_000
_LOGS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Sqlite:
    path: Path
    vendor: Literal["sqlite"] = "sqlite"

    def bytes(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def save(self, target: Path, meter: Meter) -> tuple[Origin, Facts]:
        """Copy and measure at one moment: one read transaction holds the state for both."""
        if not self.path.exists():
            raise Refused(say("数据库 {path} 不存在，没有可备份的数据。", path=self.path))
        with _reading(self.path) as source:
            _copy(source, target, meter)
            return _origin(), _facts(source)

    def facts(self) -> Facts:
        with _reading(self.path) as connection:
            return _facts(connection)

    def is_empty(self) -> bool:
        """No file, or one in which nothing was ever made."""
        if not self.bytes():
            return True
        with _reading(self.path) as connection:
            return not _tables(connection)

    def refuse_foreign(self, origin: Origin) -> None:
        if origin.vendor != self.vendor:
            raise Refused(
                say("备份来自 PostgreSQL，这里设置的是 SQLite；请先把 ZHUJI_DATABASE_URL "
                    "改为 postgres://… 再恢复。")
            )  # fmt: skip

    def beside(self) -> Path:
        """Where a file waits that will become the database in one step."""
        return self.path.with_name(f".{self.path.name}.restoring")

    def refuse_full(self) -> None:
        if not self.is_empty():
            raise Refused(
                say("数据库 {path} 里已有数据，不覆盖；请把 ZHUJI_HOME 设为一个新的空目录再恢复。",
                    path=self.path)
            )  # fmt: skip

    def load(self, file: Path) -> None:
        """The file becomes the database in one step; logs of an empty one would spoil it."""
        for suffix in _LOGS:
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        file.chmod(0o600)
        file.replace(self.path)


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    # Not mode=ro: that cannot make the shared memory that a log left by a killed process needs.
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=20
        )
    except sqlite3.Error as error:
        raise _unreadable(path, error) from error
    with closing(connection):
        connection.text_factory = bytes  # text that is no UTF-8 is measured too
        try:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
            yield connection
        except sqlite3.DatabaseError as error:
            raise _unreadable(path, error) from error


def _unreadable(path: Path, error: sqlite3.Error) -> Refused:
    return Refused(say("数据库 {path} 读不出来：{why}", path=path, why=str(error)))


def _copy(source: sqlite3.Connection, target: Path, meter: Meter) -> None:
    [(size,)] = source.execute("PRAGMA page_size").fetchall()
    before = 0

    def told(_status: int, remaining: int, total: int) -> None:
        nonlocal before
        meter.add((total - remaining - before) * size)
        before = total - remaining

    with closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA synchronous = OFF")  # synced below, once
        # The transaction is open already, so a busy writer does not make the copy start again.
        source.backup(copy, pages=_PAGES, progress=told, sleep=0)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _origin() -> Origin:
    version = sqlite3.sqlite_version
    return Origin(vendor="sqlite", major=int(version.split(".")[0]), server=version)


def _facts(connection: sqlite3.Connection) -> Facts:
    tables = _tables(connection)
    integrity = [row[0].decode() for row in connection.execute("PRAGMA integrity_check")]
    return Facts(
        tables={name: _table(connection, name) for name in tables},
        structure=_structure(connection),
        faults=tuple(fault for fault in integrity if fault != "ok"),
        orphans=sum(1 for _ in connection.execute("PRAGMA foreign_key_check")),
        migrations=_migrations(connection) if "django_migrations" in tables else (),
        chain=audit.chain(lambda query: _text(connection, query))
        if audit.TABLE in tables
        else None,
    )


def _tables(connection: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
    return [row[0].decode() for row in connection.execute(query + "ESCAPE '\\' ORDER BY name")]


def _table(connection: sqlite3.Connection, name: str) -> TableFact:
    """`repr` of bytes and numbers is one spelling for one value, in every version of Python."""
    columns = connection.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
    key = sorted((column[5], column[1].decode()) for column in columns if column[5])
    order = ", ".join(_quoted(column) for _, column in key) or "rowid"
    cursor = connection.execute(f"SELECT * FROM {_quoted(name)} ORDER BY {order}")
    digest, count = sha256(), 0
    while rows := cursor.fetchmany(_ROWS):
        count += len(rows)
        for row in rows:
            digest.update(repr(row).encode("ascii"))
    return TableFact(rows=count, digest=digest.hexdigest())


def _structure(connection: sqlite3.Connection) -> str:
    query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
    return sha256(repr(connection.execute(query).fetchall()).encode("ascii")).hexdigest()


def _migrations(connection: sqlite3.Connection) -> tuple[str, ...]:
    rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return tuple(f"{app.decode()}.{name.decode()}" for app, name in rows)


def _text(connection: sqlite3.Connection, query: str) -> list[tuple[object, ...]]:
    rows = connection.execute(query).fetchall()
    return [
        tuple(
            value.decode("utf-8", "replace") if isinstance(value, bytes) else value for value in row
        )
        for row in rows
    ]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
