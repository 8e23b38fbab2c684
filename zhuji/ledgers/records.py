"""The page of one row: as the reader may see it, where it came from, what happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import say
from zhuji.ledgers import queries, registry, tracing, vault, visibility
from zhuji.ledgers.declare import Column, Ledger, Level
from zhuji.ledgers.entering import may_add, may_enter
from zhuji.ledgers.listing import Seen, columns_for
from zhuji.ledgers.models import Change, rows_of
from zhuji.ledgers.removing import restorable
from zhuji.ledgers.tracing import BECAME, RESTORE_DAYS, WAS
from zhuji.orgs import scope
from zhuji.orgs.roles import Sight
from zhuji.orgs.scope import Reader, Rows

MOST_STEPS = 500
MOST_REMOVED = 200


@dataclass(frozen=True)
class Record:
    row: dict[str, object]
    version: int
    columns: tuple[Seen, ...]
    import_id: int | None
    import_name: str
    sheet_row: int | None
    changed_at: datetime
    may_edit: bool
    may_reveal: frozenset[str]


@dataclass(frozen=True)
class Field:
    """One value that changed. What was sensitive says only that it is another one now."""

    column: Column
    old: object
    new: object
    told: bool = True


@dataclass(frozen=True)
class Step:
    """One change of a row; `kind`: created, updated, renamed, deleted."""

    change_id: int
    kind: str
    actor: str
    at: datetime
    why: str
    import_id: int | None
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Removed:
    """A row that can still be restored; `label`: its key as far as the reader may see it."""

    change_id: int
    label: str
    org: str
    by: str
    at: datetime
    until: datetime


@transaction.atomic
def record(reader: Reader, key: str, row_id: int, *, now: datetime, route: str) -> Record:
    """One row; that a minor was seen is recorded."""
    ledger = registry.ledger(key)
    about = visibility.rows_about(ledger.key)
    row = visibility.one(reader, ledger.key, row_id)
    [shown] = visibility.show(reader, ledger.key, [row], now=now, route=route)
    enters = may_enter(reader, ledger, about, row)
    held: Any = row
    number = held["import_id"]
    return Record(
        shown,
        held["version"],
        tuple(_seen(reader, about, row, column, enters) for column in ledger.columns
              if column.key in shown),
        number,
        queries.import_names([number]).get(number, "") if number else "",
        held["sheet_row"],
        held["changed_at"],
        enters,
        frozenset(c for c in shown if c != "id" and _may_reveal(reader, about, row, c)),
    )  # fmt: skip


def blank(reader: Reader, key: str) -> tuple[Seen, ...]:
    """The columns that a new row may have; out of reach the form does not exist."""
    ledger = registry.ledger(key)
    if not may_add(reader, ledger, visibility.rows_about(ledger.key)):
        raise NotFound(say("没有这张表单，或者您的岗位不能填写。"))
    return columns_for(reader, ledger.key)


@transaction.atomic
def with_history(
    reader: Reader, key: str, row_id: int, *, now: datetime, route: str
) -> tuple[Record, tuple[Step, ...]]:
    """The row and what happened to it, as one view."""
    return record(reader, key, row_id, now=now, route=route), _history(reader, key, row_id)


@transaction.atomic
def history(
    reader: Reader, key: str, row_id: int, *, now: datetime, route: str
) -> tuple[Step, ...]:
    """What happened to the row; it tells of a minor what the row does, so it is a view of them."""
    row = visibility.one(reader, registry.ledger(key).key, row_id)
    visibility.note(reader, key, [row], now=now, route=route)
    return _history(reader, key, row_id)


def _history(reader: Reader, key: str, row_id: int) -> tuple[Step, ...]:
    """The newest first, told no more clearly than the row itself."""
    ledger = registry.ledger(key)
    row = vault.opened(ledger, visibility.one(reader, ledger.key, row_id))
    names = tuple(row[name] for name in ledger.natural_key)
    changes = _changes(ledger, tracing.key_text(ledger, names))
    return tuple(_step(reader, ledger, row, change) for change in changes)


@transaction.atomic
def removed(reader: Reader, key: str, *, now: datetime, route: str) -> tuple[Removed, ...]:
    """Rows taken away within the month that the reader could restore, the newest first."""
    ledger = visibility.ledger(reader, key)
    about = visibility.rows_about(ledger.key)
    since = now - timedelta(days=RESTORE_DAYS)
    changes = Change.objects.filter(
        ledger=ledger.key, kind=Change.Kind.DELETED, import_id=None, at__gt=since
    )
    found, seen = [], []
    for change in changes.filter(org__in=sorted(reader.orgs)).order_by("-pk")[:MOST_REMOVED]:
        row = _plain_image(ledger, change.before)
        if restorable(change) and may_enter(reader, ledger, about, row) and _is_gone(ledger, row):
            found.append(_removed(reader, ledger, about, change, row))
            seen.append(row)
    visibility.note(reader, ledger.key, seen, now=now, route=route)
    return tuple(found)


def _removed(
    reader: Reader, ledger: Ledger, about: Rows, change: Change, row: dict[str, object]
) -> Removed:
    shown = scope.shown(reader, about, row)
    label = "、".join(str(shown[name]) for name in ledger.natural_key if name in shown)
    until = change.at + timedelta(days=RESTORE_DAYS)
    return Removed(change.pk, label, change.org, change.actor, change.at, until)


def _is_gone(ledger: Ledger, row: Mapping[str, object]) -> bool:
    key = {name: row[name] for name in ledger.natural_key}
    return not rows_of(ledger.key).filter(**key).exists()


def _plain_image(ledger: Ledger, image: Mapping[str, object] | None) -> dict[str, object]:
    """Without what is sensitive: nobody is shown that from the trace."""
    hidden = {column.key for column in vault.sealed_columns(ledger.key)}
    kept = {name: value for name, value in (image or {}).items() if name not in hidden}
    return tracing.image_of(ledger, kept)


def _seen(
    reader: Reader, about: Rows, row: Mapping[str, object], column: Column, enters: bool
) -> Seen:
    return Seen(column, scope.sight(reader, about, row, column.key), enters)


def _may_reveal(reader: Reader, about: Rows, row: Mapping[str, object], column: str) -> bool:
    masked = scope.sight(reader, about, row, column) is Sight.MASKED
    return masked and scope.may_reveal(reader, about, row, column)


def _changes(ledger: Ledger, text: str) -> list[Change]:
    """Newest first, through former names of the row."""
    found: list[Change] = []
    before = None
    while text and len(found) < MOST_STEPS:
        changes = Change.objects.filter(ledger=ledger.key, row_key=text).order_by("-pk")
        if before is not None:
            changes = changes.filter(pk__lt=before)
        text = ""
        for change in changes[:MOST_STEPS]:
            if (change.after or {}).get(BECAME):
                continue  # told by the beginning that goes with it
            found.append(change)
            was = (change.before or {}).get(WAS)
            if isinstance(was, str):
                text, before = was, change.pk
                break
    return found


def _step(reader: Reader, ledger: Ledger, row: Mapping[str, object], change: Change) -> Step:
    before, after = change.before or {}, change.after or {}
    renamed = WAS in before
    names = after if change.kind != Change.Kind.DELETED else {}
    what = (ledger, visibility.rows_about(ledger.key), row)
    old = _former_name(ledger, before) if renamed else before
    fields = (_field(reader, what, name, old, after) for name in ledger.by_key if name in names)
    return Step(
        change.pk,
        "renamed" if renamed else str(change.kind),
        change.actor,
        change.at,
        change.cause,
        change.import_id,
        tuple(field for field in fields if field is not None),
    )


def _former_name(ledger: Ledger, before: Mapping[str, object]) -> dict[str, object]:
    """The row as it was under the key it gave up."""
    ended = Change.objects.filter(
        ledger=ledger.key, row_key=before[WAS], kind=Change.Kind.DELETED
    ).order_by("-pk")
    return next((dict(one.before or {}) for one in ended if one.after), {})


def _field(
    reader: Reader,
    what: tuple[Ledger, Rows, Mapping[str, object]],
    name: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> Field | None:
    ledger, about, row = what
    column = ledger.by_key[name]
    sight = scope.sight(reader, about, row, name)
    if sight is Sight.ABSENT:
        return None
    if column.level is Level.SENSITIVE:
        return Field(column, None, None, told=False)
    values = (tracing.restored(column, side.get(name)) for side in (before, after))
    old, new = (value if sight is Sight.CLEAR else scope.veil(value) for value in values)
    return Field(column, old, new)
