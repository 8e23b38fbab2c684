"""One installation: its data directory and its database, and which files of it are kept."""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.programme.keeping.manifest import Vendor
from zhuji.programme.keeping.postgres import Postgres
from zhuji.programme.keeping.sqlite import Sqlite

Database = Sqlite | Postgres

SNAPSHOTS = "snapshots"
BACKUPS = "backups"
SECRET_KEY = "secret-key"  # noqa: S105  # a file name
KEYS = ("keys", SECRET_KEY)
LOG = "zhuji.log"
# What any command makes in an empty data directory before it does anything.
RESIDUE = frozenset({BACKUPS, SECRET_KEY, LOG})


@dataclass(frozen=True)
class Place:
    home: Path
    database: Database

    @property
    def snapshots(self) -> Path:
        return self.home / SNAPSHOTS

    @property
    def backups(self) -> Path:
        return self.home / BACKUPS


def here() -> Place:
    """The installation that the settings speak of."""
    described = connection.settings_dict
    database: Database = (
        Sqlite(Path(described["NAME"])) if connection.vendor == "sqlite" else Postgres.of(described)
    )
    return Place(Path(settings.ZHUJI_HOME), database)


@contextmanager
def fresh(folder: Path, vendor: Vendor, database: Database) -> Iterator[Place]:
    """An empty installation for a trial; a server is needed only for what came from one."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    if vendor == "sqlite":
        yield Place(home, Sqlite(home / "zhuji.sqlite3"))
        return
    if not isinstance(database, Postgres):
        raise Refused(
            say("这份备份来自 PostgreSQL，演练要用一台 PostgreSQL；"
                "请把 ZHUJI_DATABASE_URL 设为 postgres://… 再演练。")
        )  # fmt: skip
    with database.temporary() as other:
        yield Place(home, other)


def data_files(place: Place, snapshots: Collection[str]) -> dict[str, Path]:
    """Everything but the database, the keys, the log, the backups and what is half made.

    Of the snapshots only those named: one that appears meanwhile may still miss its objects.
    """
    left_out = {*KEYS, LOG, BACKUPS}
    database = _database_files(place.database)
    return {
        name: path
        for name, path in _files(place.home, place.home)
        if name.split("/")[0] not in left_out
        and path.resolve() not in database
        and not _is_unlisted(name, snapshots)
    }


def key_files(place: Place) -> dict[str, Path]:
    found = _files(place.home, place.home)
    return {name: path for name, path in found if name.split("/")[0] in KEYS}


def _files(folder: Path, home: Path) -> Iterator[tuple[str, Path]]:
    """Links are followed, as whoever put them there meant; what is hidden is half made."""
    seen: set[tuple[int, int]] = set()
    for root, folders, names in os.walk(folder, followlinks=True):
        status = Path(root).stat()
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and path.is_file():
                yield path.relative_to(home).as_posix(), path


def _is_unlisted(name: str, snapshots: Collection[str]) -> bool:
    parts = name.split("/")
    return parts[0] == SNAPSHOTS and len(parts) == 3 and parts[1] not in {*snapshots, "objects"}


def _database_files(database: Database) -> set[Path]:
    if not isinstance(database, Sqlite):
        return set()
    path = database.path.resolve()
    return {path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal"))}
