"""The list of a ledger as one reader sees it: filtered, sorted, counted, searched, page by page.

Only columns that are open to the reader can be asked about: any other would tell what is masked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from zhuji.ledgers import registry, vault, visibility
from zhuji.ledgers.asking import Choice as Choice
from zhuji.ledgers.asking import Filter as Filter
from zhuji.ledgers.asking import How as How
from zhuji.ledgers.asking import Query as Query
from zhuji.ledgers.asking import choices, condition
from zhuji.ledgers.asking import params_of as params_of
from zhuji.ledgers.asking import parse as parse
from zhuji.ledgers.declare import Column, Ledger, Type
from zhuji.ledgers.entering import may_add
from zhuji.ledgers.texts import is_nothing
from zhuji.orgs import audit, scope
from zhuji.orgs.roles import Sight, Verb
from zhuji.orgs.scope import Reader

MOST_FOUND = 50
AT_ONCE = 2_000


@dataclass(frozen=True)
class Seen:
    """A column of a ledger in a reader's eyes; `writable`: whether a form offers it."""

    column: Column
    sight: Sight
    writable: bool


@dataclass(frozen=True)
class Page:
    """Rows as they may be seen, each with `id` and `version`; `count` is of the whole list."""

    rows: tuple[dict[str, object], ...]
    count: int
    columns: tuple[Column, ...]
    offset: int
    size: int


def columns_for(reader: Reader, key: str) -> tuple[Seen, ...]:
    """The columns that are there for the reader at all, in the order of the declaration."""
    ledger, about = registry.ledger(key), visibility.rows_about(registry.ledger(key).key)
    enters = may_add(reader, ledger, about)
    seen = ((c, scope.general_sight(reader, about, c.key)) for c in ledger.columns)
    return tuple(Seen(column, sight, enters) for column, sight in seen if sight is not Sight.ABSENT)


def filters_for(reader: Reader, key: str) -> tuple[Choice, ...]:
    """What can be filtered and sorted by."""
    about = visibility.rows_about(registry.ledger(key).key)
    return choices(registry.ledger(key), scope.open_columns(reader, about))


@transaction.atomic
def page(reader: Reader, key: str, query: Query, *, now: datetime, route: str) -> Page:
    """One page of the list; that minors were seen on it is recorded."""
    ledger = registry.ledger(key)
    rows = _rows(reader, ledger, query)
    # The numbers first: whole rows would be carried through the sorting for nothing.
    ids = list(rows.values_list("id", flat=True)[query.offset : query.offset + query.size])
    found = {row["id"]: row for row in _all(reader, ledger).filter(pk__in=ids).values()}
    columns = wanted(reader, ledger, query)
    kept = [found[number] for number in ids if number in found]
    shown = _shown(reader, ledger, kept, columns, (now, route))
    return Page(tuple(shown), rows.count(), columns, query.offset, query.size)


def everything(
    reader: Reader, key: str, query: Query, *, now: datetime, route: str
) -> Iterator[dict[str, object]]:
    """The whole list, some rows at a time, for a file; the views are recorded as for a page."""
    ledger = registry.ledger(key)
    columns = wanted(reader, ledger, query)
    part: list[dict[str, object]] = []
    for row in _rows(reader, ledger, query).values().iterator(AT_ONCE):
        part.append(row)
        if len(part) == AT_ONCE:
            yield from _shown(reader, ledger, part, columns, (now, route))
            part = []
    yield from _shown(reader, ledger, part, columns, (now, route))


@transaction.atomic
def search(reader: Reader, key: str, text: str, *, now: datetime, route: str) -> Page:
    """Rows whose open columns hold the words, or whose hidden number is exactly this one.

    A hidden number finds only what the reader may also reveal, and that it did is recorded.
    """
    ledger = registry.ledger(key)
    columns = wanted(reader, ledger, Query())
    if is_nothing(text):
        return Page((), 0, columns, 0, MOST_FOUND)
    exact = _by_number(reader, ledger, text.strip(), now=now, route=route)
    rows = _rows(reader, ledger, Query(text=text)).values()[: MOST_FOUND + 1 - len(exact)]
    found = {row["id"]: row for row in (*exact, *rows)}
    shown = _shown(reader, ledger, list(found.values())[:MOST_FOUND], columns, (now, route))
    return Page(tuple(shown), len(found), columns, 0, MOST_FOUND)


def _rows(reader: Reader, ledger: Ledger, query: Query) -> "QuerySet[Any]":
    about = visibility.rows_about(ledger.key)
    open_ones = scope.open_columns(reader, about)
    rows = _all(reader, ledger).filter(condition(ledger, query, open_ones, today=reader.today))
    return rows.order_by(*_order(ledger, query, open_ones))


def _all(reader: Reader, ledger: Ledger) -> "QuerySet[Any]":
    return visibility.visible_to(reader, ledger.key)


def _order(ledger: Ledger, query: Query, open_ones: frozenset[str]) -> list[str]:
    """By what was asked, else by the key as far as it is open; then by number, so that it stays."""
    asked = [name for name in query.sort if name.lstrip("-") in open_ones]
    if not asked and ledger.natural_key[0] in open_ones:
        asked = [name for name in ledger.natural_key if name in open_ones]
    return [*asked, "id"]


def wanted(reader: Reader, ledger: Ledger, query: Query) -> tuple[Column, ...]:
    seen = [one.column for one in columns_for(reader, ledger.key)]
    asked = set(query.columns)
    return tuple(column for column in seen if not asked or column.key in asked)


def _shown(
    reader: Reader,
    ledger: Ledger,
    rows: list[dict[str, object]],
    columns: tuple[Column, ...],
    how: tuple[datetime, str],
) -> Iterator[dict[str, object]]:
    now, route = how
    versions = {row["id"]: row["version"] for row in rows}
    names = {"id", *(column.key for column in columns)}
    for row in visibility.show(reader, ledger.key, rows, now=now, route=route):
        kept = {name: value for name, value in row.items() if name in names}
        yield {**kept, "version": versions[row["id"]]}


def _by_number(
    reader: Reader, ledger: Ledger, text: str, *, now: datetime, route: str
) -> list[dict[str, Any]]:
    """Rows that bear this identity number, phone or pupil's number."""
    hidden = {c.key: _equals(ledger, c, text) for c in ledger.columns if _is_number(ledger, c)}
    if not hidden or not any(Verb.REVEAL in grant.role.verbs for grant in reader.grants):
        return []
    any_of = Q()
    for condition_ in hidden.values():
        any_of |= condition_
    rows = visibility.visible_to(reader, ledger.key).filter(any_of).values()[:MOST_FOUND]
    found = [row for row in rows if _may_know(reader, ledger, row, hidden.keys())]
    for row in found:
        told = audit.About("find", f"{ledger.key} {row['id']}", str(row["org"]), route)
        audit.record("row.find", told, actor=reader.username, now=now)
    return found


def _is_number(ledger: Ledger, column: Column) -> bool:
    return vault.is_found(column) or column.type is Type.PUPIL


def _equals(ledger: Ledger, column: Column, text: str) -> Q:
    if column.type is Type.PUPIL:
        return Q(**{column.key: text.upper()})
    return Q(**{vault.index_name(column): vault.index_of(ledger, column, text.upper())})


def _may_know(reader: Reader, ledger: Ledger, row: Mapping[str, Any], columns: Any) -> bool:
    about = visibility.rows_about(ledger.key)
    return all(scope.may_reveal(reader, about, row, column) for column in columns)
