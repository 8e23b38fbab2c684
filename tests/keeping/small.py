"""A place small enough to be backed up a hundred times: two tables, a few files, two keys."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from zhuji.programme.keeping.place import Place
from zhuji.programme.keeping.secret import Secret
from zhuji.programme.keeping.sqlite import Sqlite

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
KEY = Secret("key-file", sha256(b"an invented key").digest())
ACCOUNT_ROWS = 40


def place(home: Path) -> Place:
    return Place(home, Sqlite(home / "zhuji.sqlite3"))


def built(home: Path, *, filler: int = 0) -> Place:
    """The two tables hold as many rows after every committed transaction."""
    home.mkdir(parents=True)
    with closing(sqlite3.connect(home / "zhuji.sqlite3")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(
            "CREATE TABLE given (id INTEGER PRIMARY KEY, name TEXT, sum INTEGER);"
            "CREATE TABLE taken (id INTEGER PRIMARY KEY, given INTEGER REFERENCES given(id));"
            "CREATE TABLE filler (content BLOB);"
            "CREATE TRIGGER keep BEFORE DELETE ON given BEGIN SELECT RAISE(ABORT, 'kept'); END;"
        )
        for number in range(ACCOUNT_ROWS):
            database.execute("INSERT INTO given VALUES (?, ?, ?)", (number, f"李{number}", number))
            database.execute("INSERT INTO taken VALUES (?, ?)", (number, number))
        if filler:
            database.execute("INSERT INTO filler VALUES (?)", (os.urandom(filler),))
        database.commit()
    for name, text in {
        "invented.json": '{"size": "tiny"}\n',
        "county/教师.csv": "工号,姓名\nS000001,张三\n",
        "keys/pseudonym.key": "k" * 32,
        "secret-key": "s" * 40,
        "zhuji.log": "a line\n",
    }.items():
        path = home / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return place(home)


def files(home: Path) -> dict[str, bytes]:
    """Everything that stands there, but what the database's engine keeps beside it."""
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".lock"))
    }
