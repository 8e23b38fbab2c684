"""Writes rows: compares them with what is there, and leaves a trace of every change."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError
from django.db.models import QuerySet

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.ledgers import bulk, vault
from zhuji.ledgers.declare import Ledger
from zhuji.ledgers.models import Change, RingMark, rows_of
from zhuji.ledgers.scope import CHUNK, Key, chunks
from zhuji.ledgers.tracing import Trace, change_of, keep_former, plain, record

Kind = Change.Kind
# SQLite spends its time on statements, PostgreSQL on parameters; this suits both.
BATCH = 2_000
_FEW = 300


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as the database holds it, with a value for every column of the ledger."""

    id: int
    import_id: int | None
    sheet_row: int | None
    version: int
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole row to be put in the place of the one with its key."""

    values: Mapping[str, object]
    import_id: int | None
    sheet_row: int | None
    version: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """A row to be written, with a value for each of the columns that the writer knows."""

    values: tuple[object, ...]
    sheet_row: int | None = None


@dataclass
class Difference:
    """What writing would do."""

    created: list[Incoming] = field(default_factory=list)
    updated: list[tuple[Incoming, Stored]] = field(default_factory=list)
    unchanged: int = 0


def compare(ledger: Ledger, columns: Sequence[str], rows: Sequence[Incoming]) -> Difference:
    """Sort rows into new, different and equal. Columns the writer leaves out stay as they are."""
    at = [columns.index(name) for name in ledger.natural_key]
    keys = [tuple(row.values[place] for place in at) for row in rows]
    found = existing(ledger, keys)
    place_of = {column.key: place for place, column in enumerate(ledger.columns)}
    theirs = [place_of[name] for name in columns]
    result = Difference()
    for key, row in zip(keys, rows, strict=True):
        stored = found.get(key)
        if stored is None:
            result.created.append(row)
        elif tuple(stored.values[place] for place in theirs) == row.values:
            result.unchanged += 1
        else:
            result.updated.append((row, stored))
    return result


def existing(ledger: Ledger, keys: Collection[Key]) -> dict[Key, Stored]:
    """The rows that bear these keys, locked where the database can lock rows."""
    if not keys:
        return {}
    wanted = set(keys)
    names = [column.key for column in ledger.columns]
    at = [names.index(name) for name in ledger.natural_key]
    query = rows_of(ledger.key).select_for_update()
    found = {}
    for filters in _narrowing(ledger, wanted):
        for stored in fetched(ledger, query.filter(**filters)):
            key = tuple(stored.values[place] for place in at)
            if key in wanted:
                found[key] = stored
    return found


def fetched(ledger: Ledger, query: QuerySet[Any]) -> Iterator[Stored]:
    """Rows with their sensitive values opened."""
    names = [column.key for column in ledger.columns]
    opened = vault.opener(ledger, names)
    rows = query.values_list("id", "import_id", "sheet_row", "version", *names)
    for row_id, import_id, sheet_row, version, *values in rows:
        yield Stored(row_id, import_id, sheet_row, version, opened(values))


def _narrowing(ledger: Ledger, keys: Collection[Key]) -> Iterator[dict[str, object]]:
    """Filters that together find all keys and few other rows."""
    sets = {name: {key[place] for key in keys} for place, name in enumerate(ledger.natural_key)}
    widest = max(sets, key=lambda name: len(sets[name]))
    few = {
        f"{name}__in": list(values)
        for name, values in sets.items()
        if name != widest and len(values) <= _FEW
    }
    for chunk in chunks(list(sets[widest]), CHUNK):
        yield {**few, f"{widest}__in": chunk}


def write(ledger: Ledger, columns: Sequence[str], difference: Difference, trace: Trace) -> None:
    """Insert and update in bulk; a row that somebody else added meanwhile stops everything."""
    refuse_foreign_ring()
    try:
        _insert(ledger, columns, difference.created, trace)
    except IntegrityError as conflict:
        raise Refused(say("“{ledger}”刚被别人改过，请重试。", ledger=ledger.label)) from conflict
    _update(ledger, columns, difference.updated, trace)
    record(_changes(ledger, columns, difference, trace), trace)


def refuse_foreign_ring() -> None:
    """After a restore without its keys a new keyring would write what nobody finds again."""
    mark = vault.ring().mark
    kept = RingMark.objects.values_list("mark", flat=True).first()
    if kept is None:
        RingMark.objects.create(mark=mark)
    elif kept != mark:
        raise Refused(say("密钥串不是这个数据库的，不能写入；请从密钥备份恢复 keys 目录。"))


def _insert(ledger: Ledger, columns: Sequence[str], rows: Sequence[Incoming], trace: Trace) -> None:
    names, values = vault.sealing(ledger, columns, (row.values for row in rows))
    sheet_rows = (row.sheet_row for row in rows)
    bulk.insert(
        rows_of(ledger.key).model,
        ("import_id", "changed_at", "sheet_row", *names),
        (
            (trace.import_id, trace.at, sheet_row, *row)
            for sheet_row, row in zip(sheet_rows, values, strict=True)
        ),
    )


def _update(
    ledger: Ledger,
    columns: Sequence[str],
    rows: Iterable[tuple[Incoming, Stored]],
    trace: Trace,
) -> None:
    names = [column.key for column in ledger.columns]
    merged = []
    for row, stored in rows:
        values = dict(zip(names, stored.values, strict=True))
        values.update(zip(columns, row.values, strict=True))
        merged.append(Whole(values, trace.import_id, row.sheet_row, stored.version + 1))
    upsert(ledger, merged, trace)


def upsert(ledger: Ledger, rows: Iterable[Whole], trace: Trace) -> None:
    """Put whole rows in the place of those with the same key."""
    manager = rows_of(ledger.key)
    made = [
        manager.model(
            import_id=row.import_id,
            sheet_row=row.sheet_row,
            changed_at=trace.at,
            version=row.version,
            **{**row.values, **vault.sealed(ledger, row.values)},
        )
        for row in rows
    ]
    kept = {"id", *ledger.natural_key}
    manager.bulk_create(
        made,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=ledger.natural_key,
        update_fields=[f.name for f in manager.model._meta.fields if f.name not in kept],  # noqa: SLF001
    )


def _changes(
    ledger: Ledger, columns: Sequence[str], difference: Difference, trace: Trace
) -> Iterator[Change]:
    key_at = [columns.index(name) for name in ledger.natural_key]
    org_at = columns.index("org") if "org" in columns else None
    all_names = [column.key for column in ledger.columns]
    for row in difference.created:
        key = tuple(row.values[place] for place in key_at)
        org = str(row.values[org_at]) if org_at is not None else ""
        change = change_of(ledger, key, trace, kind=Kind.CREATED, org=org)
        change.version = 1
        yield change
    for row, stored in difference.updated:
        old = dict(zip(all_names, stored.values, strict=True))
        new = {**old, **dict(zip(columns, row.values, strict=True))}
        yield updated(ledger, old, new, stored, trace)


def updated(
    ledger: Ledger,
    old: Mapping[str, object],
    new: Mapping[str, object],
    stored: Stored,
    trace: Trace,
) -> Change:
    """What changed of one row whose key stays, with all that undoing needs."""
    changed = [name for name in old if old[name] != new[name]]
    key = tuple(new[name] for name in ledger.natural_key)
    change = change_of(ledger, key, trace, kind=Kind.UPDATED, org=str(new["org"]))
    change.former_org = str(old["org"])
    change.before = before_image(ledger, changed, old, stored, trace)
    change.after = {name: plain(ledger, ledger.by_key[name], new[name]) for name in changed}
    change.version = stored.version + 1
    return change


def before_image(
    ledger: Ledger,
    names: Collection[str],
    old: Mapping[str, object],
    stored: Stored,
    trace: Trace,
) -> dict[str, object]:
    """What undoing needs: old values, and where they had come from."""
    keep_former(ledger, old, names, trace.log)
    return {
        **{name: plain(ledger, ledger.by_key[name], old[name]) for name in names},
        "import_id": stored.import_id,
        "sheet_row": stored.sheet_row,
    }


def delete(ledger: Ledger, keys: Collection[Key], trace: Trace) -> int:
    """Take rows away and keep them whole in the trace."""
    found = existing(ledger, keys)
    record([removal(ledger, key, stored, trace) for key, stored in found.items()], trace)
    for chunk in chunks([stored.id for stored in found.values()], CHUNK):
        rows_of(ledger.key).filter(id__in=chunk).delete()
    return len(found)


def removal(ledger: Ledger, key: Key, stored: Stored, trace: Trace) -> Change:
    """The whole row as it was last."""
    names = [column.key for column in ledger.columns]
    old = dict(zip(names, stored.values, strict=True))
    change = change_of(ledger, key, trace, kind=Kind.DELETED, org=str(old["org"]))
    change.before = before_image(ledger, names, old, stored, trace)
    change.version = stored.version + 1
    return change
