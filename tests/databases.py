"""A database of one's own beside pytest's: what commands and other processes can open by its name.

On SQLite it is the file; on PostgreSQL a database of the same server, named after the file.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.db import connections
from psycopg import sql
from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).resolve().parent.parent


def on_server() -> bool:
    return connections["default"].vendor == "postgresql"


def name(path: Path) -> str:
    return f"zhuji_{sha256(str(path).encode()).hexdigest()[:20]}" if on_server() else str(path)


def url(path: Path) -> str:
    """What ZHUJI_DATABASE_URL must be for another process to open it."""
    if not on_server():
        return f"sqlite:///{quote(str(path))}"
    given = connections["default"].settings_dict
    who = f"{quote(given['USER'])}:{quote(given['PASSWORD'])}"
    return f"postgres://{who}@{given['HOST']}:{given['PORT']}/{name(path)}"


def said_on(url: str, home: Path, program: str) -> list[str]:
    """Line by line what a program prints in a process of its own, on that database."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "zhuji.project.settings",
        "ZHUJI_DATABASE_URL": url,
        "ZHUJI_HOME": str(home),
    }
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()


def copy(source: Path, target: Path) -> None:
    if on_server():
        _make(name(target), template=name(source))
    elif source != target:
        shutil.copyfile(source, target)


def drop(path: Path) -> None:
    if on_server():
        _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name(path))


@contextmanager
def opened(path: Path, blocker: DjangoDbBlocker, *, new: bool = False) -> Iterator[None]:
    """Everything in this process that asks Django for the database gets this one."""
    if new and on_server():
        drop(path)
        _make(name(path), template="template0")
    with blocker.unblock(), connected(path):
        yield


@contextmanager
def connected(path: Path) -> Iterator[None]:
    """This thread alone, by a connection of its own, where the blocker lets it through already."""
    usual = connections["default"]
    other = connections.create_connection("default")
    other.settings_dict = {**usual.settings_dict, "NAME": name(path)}
    connections["default"] = other
    try:
        yield
        other.close()
    finally:
        connections["default"] = usual


def _make(made: str, *, template: str) -> None:
    _execute("CREATE DATABASE {} TEMPLATE {}", made, template)


def _execute(statement: str, *names: str) -> None:
    given = connections["default"].settings_dict
    with psycopg.connect(
        dbname="postgres",
        user=given["USER"],
        password=given["PASSWORD"],
        host=given["HOST"],
        port=given["PORT"],
        autocommit=True,
    ) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
