"""Writes rows: compares them with what is there, and leaves a trace of every change."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.ledgers import bulk
from zhuji.ledgers.declare import Column, Ledger, Type
from zhuji.ledgers.models import Change, rows_of
from zhuji.ledgers.scope import CHUNK, Key, chunks

Kind = Change.Kind
# SQLite spends its time on statements, PostgreSQL on parameters; this suits both.
BATCH = 2_000
_FEW = 300
_CHANGE_FIELDS = (
    "import_id",
    "ledger",
    "row_key",
    "org",
    "former_org",
    "kind",
    "before",
    "after",
    "actor",
    "cause",
    "at",
)


@dataclass(frozen=True)
class Trace:
    """Who changes rows, when, why and by which import."""

    actor: str
    at: datetime
    cause: str
    import_id: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as the database holds it, with a value for every column of the ledger."""

    id: int
    import_id: int | None
    sheet_row: int | None
    values: tuple[object, ...]


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
        fields = ("id", "import_id", "sheet_row", *names)
        for row_id, import_id, sheet_row, *values in query.filter(**filters).values_list(*fields):
            key = tuple(values[place] for place in at)
            if key in wanted:
                found[key] = Stored(row_id, import_id, sheet_row, tuple(values))
    return found


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
    try:
        _insert(ledger, columns, difference.created, trace)
    except IntegrityError as conflict:
        raise Refused(say("“{ledger}”刚被别人改过，请重试。", ledger=ledger.label)) from conflict
    _update(ledger, columns, difference.updated, trace)
    record(_changes(ledger, columns, difference, trace))


def _insert(ledger: Ledger, columns: Sequence[str], rows: Iterable[Incoming], trace: Trace) -> None:
    system = (trace.import_id, trace.at)
    bulk.insert(
        rows_of(ledger.key).model,
        ("import_id", "changed_at", "sheet_row", *columns),
        ((*system, row.sheet_row, *row.values) for row in rows),
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
        merged.append((values, trace.import_id, row.sheet_row))
    upsert(ledger, merged, trace.at)


def upsert(
    ledger: Ledger,
    rows: Iterable[tuple[Mapping[str, object], int | None, int | None]],
    at: datetime,
) -> None:
    """Put whole rows in the place of those with the same key."""
    manager = rows_of(ledger.key)
    manager.bulk_create(
        [
            manager.model(import_id=import_id, sheet_row=sheet_row, changed_at=at, **values)
            for values, import_id, sheet_row in rows
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=ledger.natural_key,
        update_fields=[
            *(c.key for c in ledger.columns if c.key not in ledger.natural_key),
            "import_id",
            "sheet_row",
            "changed_at",
        ],
    )


def _changes(
    ledger: Ledger, columns: Sequence[str], difference: Difference, trace: Trace
) -> Iterator[Change]:
    key_at = [columns.index(name) for name in ledger.natural_key]
    org_at = columns.index("org") if "org" in columns else None
    all_names = [column.key for column in ledger.columns]
    for row in difference.created:
        key = key_text(tuple(row.values[place] for place in key_at))
        org = str(row.values[org_at]) if org_at is not None else ""
        yield change_of(ledger, key, trace, kind=Kind.CREATED, org=org)
    for row, stored in difference.updated:
        old = dict(zip(all_names, stored.values, strict=True))
        new = dict(zip(columns, row.values, strict=True))
        changed = [name for name in columns if old[name] != new[name]]
        change = change_of(
            ledger,
            key_text(tuple(row.values[place] for place in key_at)),
            trace,
            kind=Kind.UPDATED,
            org=str(new.get("org", old["org"])),
        )
        change.former_org = str(old["org"])
        change.before = before_image(changed, old, stored)
        change.after = {name: plain(new[name]) for name in changed}
        yield change


def before_image(
    names: Iterable[str], old: Mapping[str, object], stored: Stored
) -> dict[str, object]:
    """What undoing needs: old values, and where they had come from."""
    return {
        **{name: plain(old[name]) for name in names},
        "import_id": stored.import_id,
        "sheet_row": stored.sheet_row,
    }


def delete(ledger: Ledger, keys: Collection[Key], trace: Trace) -> int:
    """Take rows away and keep them whole in the trace."""
    found = existing(ledger, keys)
    names = [column.key for column in ledger.columns]
    changes = []
    for key, stored in found.items():
        old = dict(zip(names, stored.values, strict=True))
        change = change_of(ledger, key_text(key), trace, kind=Kind.DELETED, org=str(old["org"]))
        change.before = before_image(names, old, stored)
        changes.append(change)
    for chunk in chunks([stored.id for stored in found.values()], CHUNK):
        rows_of(ledger.key).filter(id__in=chunk).delete()
    record(changes)
    return len(found)


def record(changes: Iterable[Change]) -> None:
    """Append to the trace."""
    bulk.insert(
        Change,
        _CHANGE_FIELDS,
        (tuple(getattr(c, name) for name in _CHANGE_FIELDS) for c in changes),
    )


def change_of(ledger: Ledger, key: str, trace: Trace, *, kind: Change.Kind, org: str) -> Change:
    return Change(
        import_id=trace.import_id,
        ledger=ledger.key,
        row_key=key,
        org=org,
        kind=kind,
        actor=trace.actor,
        cause=trace.cause,
        at=trace.at,
    )


def key_text(key: Key) -> str:
    """A key as one text, from which it can be read back."""
    return json.dumps([plain(value) for value in key], ensure_ascii=False)


def key_of(ledger: Ledger, text: str) -> Key:
    columns = [ledger.by_key[name] for name in ledger.natural_key]
    values = json.loads(text)
    return tuple(restored(column, value) for column, value in zip(columns, values, strict=True))


def plain(value: object) -> object:
    """A value as JSON can say it."""
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value


def restored(column: Column, value: object) -> object:
    """What `plain` made of a value, made back."""
    match column.type, value:
        case Type.DATE, str():
            return date.fromisoformat(value)
        case ((Type.DECIMAL | Type.MONEY), str()):
            return Decimal(value)
        case _:
            return value
