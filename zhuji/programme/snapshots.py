"""Snapshots of the county's ledgers: taken whole or only where something changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import duckdb
from django.conf import settings
from django.db import connection

from zhuji.kernel.errors import Issue, NotFound, Refused
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
    # From the whole second on: what was written while the snapshot began is written again.
    moment = newest.known_at.replace(microsecond=0)
    return snapshots.Since(newest, queries.changed_orgs(moment))


def listed() -> tuple[Manifest, ...]:
    """The newest first."""
    return tuple(reversed(snapshots.list_(store())))


def chosen(identifier: str | None) -> Manifest:
    """The snapshot asked for, or the newest."""
    if identifier:
        return snapshots.load(store(), full_id(identifier))
    known = listed()
    if not known:
        raise _none_yet()
    spoilt = damaged()
    if spoilt:
        raise Refused(
            say(
                "快照 {ids} 的清单已损坏，不知道哪个最新；请用 --snapshot 写明编号，或从备份恢复。",
                ids=spoilt,
            )
        )
    return known[0]


def full_id(beginning: str) -> str:
    """The one snapshot whose number begins like this."""
    found = [one for one in snapshots.ids(store()) if one.startswith(beginning)]
    if beginning in found or not found:
        return beginning
    if len(found) > 1:
        raise NotFound(
            say("有 {count} 个快照的编号以“{id}”开头：{ids}；请多写几位。", count=len(found),
                id=beginning, ids=found)
        )  # fmt: skip
    return found[0]


def _none_yet() -> Refused:
    return Refused(say("还没有快照；请先导入台账，再执行 zhuji snapshot create。"))


def damaged() -> tuple[str, ...]:
    """Snapshots whose manifest cannot be trusted any more."""
    sound = {manifest.id for manifest in listed()}
    return tuple(identifier for identifier in snapshots.ids(store()) if identifier not in sound)


def verify(identifier: str | None) -> dict[str, tuple[Issue, ...]]:
    """What is wrong with a snapshot, or with every one there is."""
    wanted = (full_id(identifier),) if identifier else snapshots.ids(store())
    if not wanted:
        raise _none_yet()
    return {one: verification.verify(store(), one) for one in wanted}


@contextmanager
def opened(manifest: Manifest) -> Iterator[engine.Engine]:
    try:
        with engine.open_engine(store(), manifest, queries.warehouse_tables()) as made:
            yield made
    except (duckdb.IOException, duckdb.InvalidInputException) as damage:
        raise Refused(
            say(
                "快照 {id} 的数据文件缺失或损坏；请用 zhuji snapshot verify 核验，再从备份恢复。",
                id=manifest.id,
            )
        ) from damage


def _uri() -> str:
    """The database that Django writes to, as the warehouse reads it."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(database["NAME"])
    return (
        f"postgresql://{database['USER']}:{database['PASSWORD']}"
        f"@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    )
