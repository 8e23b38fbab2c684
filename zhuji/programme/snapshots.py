"""Snapshots of the county's ledgers: taken whole or only where something changed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from zhuji.kernel.errors import Issue, NotFound
from zhuji.kernel.messages import say
from zhuji.ledgers import queries
from zhuji.warehouse import engine, pseudonyms, snapshots, verification
from zhuji.warehouse.manifest import Manifest

Step = Callable[[int, int], None]


def store() -> Path:
    return Path(settings.ZHUJI_HOME) / "snapshots"


def take(
    *, as_of: date, known_at: datetime, full: bool = False, progress: Step | None = None
) -> Manifest:
    """Write a snapshot; unless `full`, only the organisations changed since the newest one."""
    source = snapshots.Source(
        _uri(), queries.warehouse_tables(), pseudonyms.key_of(Path(settings.ZHUJI_HOME))
    )
    return snapshots.create(
        store(),
        source,
        snapshots.When(as_of, known_at),
        since=None if full else _since(),
        progress=(lambda done, total, _: progress(done, total)) if progress else None,
    )


def _since() -> snapshots.Since | None:
    known = listed()
    if not known:
        return None
    newest = known[0]
    return snapshots.Since(newest, queries.changed_orgs(newest.known_at))


def listed() -> tuple[Manifest, ...]:
    """The newest first."""
    return tuple(reversed(snapshots.list_(store())))


def chosen(identifier: str | None) -> Manifest:
    """The snapshot asked for, or the newest."""
    if identifier:
        return snapshots.load(store(), identifier)
    known = listed()
    if not known:
        raise NotFound(say("还没有快照；请先导入台账，再执行 zhuji snapshot create。"))
    return known[0]


def verify(identifier: str | None) -> tuple[str, tuple[Issue, ...]]:
    manifest = chosen(identifier)
    return manifest.id, verification.verify(store(), manifest.id)


def opened(manifest: Manifest) -> AbstractContextManager[engine.Engine]:
    return engine.open_engine(store(), manifest, queries.warehouse_tables())


def _uri() -> str:
    """The database that Django writes to, as the warehouse reads it."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(database["NAME"])
    return (
        f"postgresql://{database['USER']}:{database['PASSWORD']}"
        f"@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    )
