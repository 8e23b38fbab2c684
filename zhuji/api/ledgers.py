"""Ledgers: what they are, their rows, one row and its life, writing with a version."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router, Status

from zhuji.api.doors import Asked, Once
from zhuji.api.problems import PROBLEMS, words
from zhuji.api.shapes import (
    ColumnShape,
    FieldShape,
    LedgerName,
    LedgerShape,
    RowShape,
    RowsShape,
    SavedShape,
    StepShape,
    Text,
    Values,
)
from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import Label, say
from zhuji.ledgers import actions, listing, records, registry, visibility
from zhuji.ledgers.entering import Edit
from zhuji.ledgers.merging import Conflict
from zhuji.orgs.idempotency import Act

router = Router(tags=["ledgers"])
Match = Annotated[str, Header(alias="If-Match", max_length=40)]
ROUTE = "api"


@router.get("", response={200: list[LedgerName], **PROBLEMS})
def ledgers(request: HttpRequest) -> list[LedgerName]:
    """Every ledger of which this reader may see something."""
    reader = _moment(request).reader
    return [
        LedgerName(key=one.key, label=Text.of(one.label))
        for one in registry.LEDGERS
        if listing.columns_for(reader, one.key)
    ]


@router.get("/{key}", response={200: LedgerShape, **PROBLEMS})
def ledger(request: HttpRequest, key: str) -> LedgerShape:
    """What the ledger holds, column by column."""
    declared = visibility.ledger(_moment(request).reader, key)
    return LedgerShape(
        key=declared.key,
        label=Text.of(declared.label),
        about=Text.of(declared.about),
        natural_key=list(declared.natural_key),
        columns=[_column(one) for one in listing.columns_for(_moment(request).reader, key)],
    )


@router.get("/{key}/rows", response={200: RowsShape, **PROBLEMS})
def rows(request: HttpRequest, key: str, size: int = 50, page: int = 1) -> RowsShape:
    """Filters are parameters: `name__contains=…`, `org__under=…`, `sort=-children`, `q=…`."""
    moment = _moment(request)
    given = {name: request.GET.getlist(name) for name in request.GET}
    query = listing.parse(moment.reader, key, given)
    found = listing.page(moment.reader, key, query, now=moment.now, route=request.path)
    return RowsShape(count=found.count, offset=found.offset, rows=[_row(row) for row in found.rows])


@router.post("/{key}/rows", response={201: SavedShape, 200: SavedShape, **PROBLEMS})
def add(request: HttpRequest, key: str, body: Values, once: Once) -> Any:
    """A new row. The same `Idempotency-Key` again is answered, not applied twice."""
    return _saved(request, key, None, body, (once, None))


@router.get("/{key}/rows/{int:row}", response={200: RowShape, **PROBLEMS})
def row(request: HttpRequest, response: HttpResponse, key: str, row: int) -> RowShape:
    """One row, with its version as `ETag`. A view of a minor's record is recorded."""
    moment = _moment(request)
    found = records.record(moment.reader, key, row, now=moment.now, route=request.path)
    response["ETag"] = f'"{found.version}"'
    return RowShape(id=row, version=found.version, values=_values(found.row))


@router.patch("/{key}/rows/{int:row}", response={200: SavedShape, **PROBLEMS})
def change(
    request: HttpRequest, key: str, row: int, body: Values, once: Once, match: Match = ""
) -> Any:
    """Change some columns. 428 without `If-Match`; 412 when another changed the same column."""
    return _saved(request, key, row, body, (once, _base(match)))


@router.delete("/{key}/rows/{int:row}", response={200: SavedShape, **PROBLEMS})
def remove(
    request: HttpRequest, key: str, row: int, once: Once, match: Match = "", why: str = ""
) -> SavedShape:
    """Take a row out; it can be restored for thirty days."""
    moment = _moment(request)
    act = Act(moment.reader.username, moment.now, once, why, ROUTE)
    with _told_of_conflict(request, key, row):
        done = actions.remove_row(moment.reader, key, row, _base(match), act)
    return _told(done)


@router.get("/{key}/rows/{int:row}/history", response={200: list[StepShape], **PROBLEMS})
def history(request: HttpRequest, key: str, row: int) -> list[StepShape]:
    """What happened to a row, the newest first; masked values stay masked."""
    moment = _moment(request)
    steps = records.history(moment.reader, key, row, now=moment.now, route=request.path)
    return [
        StepShape(
            kind=str(step.kind),
            actor=step.actor,
            at=step.at,
            why=step.why,
            fields=[
                FieldShape(column=one.column.key, old=_plain(one.old), new=_plain(one.new))
                for one in step.fields
            ],
        )
        for step in steps
    ]


def _saved(
    request: HttpRequest, key: str, row: int | None, body: Values, how: tuple[str, int | None]
) -> Any:
    moment = _moment(request)
    once, base = how
    edit = Edit(body.values, base, frozenset(body.overwrite))
    act = Act(moment.reader.username, moment.now, once, body.why, ROUTE)
    with _told_of_conflict(request, key, row):
        done = actions.save(moment.reader, key, row, edit, act)
    return Status(201 if done.created else 200, _told(done))


@contextmanager
def _told_of_conflict(request: HttpRequest, key: str, row: int | None) -> Iterator[None]:
    """A conflict tells what stands in the row, so it is a view of it."""
    try:
        yield
    except Conflict:
        if row is not None:
            moment = _moment(request)
            records.record(moment.reader, key, row, now=moment.now, route=request.path)
        raise


def _told(done: Any) -> SavedShape:
    return SavedShape(
        id=done.row_id,
        version=done.version,
        created=done.created,
        unchanged=done.unchanged,
        merged=list(done.merged),
    )


def _base(match: str) -> int | None:
    text = match.strip().removeprefix("W/").strip('"')
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadInput(say("If-Match 不是这条记录的版本；请用读到的 ETag。"))
    return int(text)


def _moment(request: HttpRequest) -> Any:
    return cast(Asked, request).moment


def _row(row: Mapping[str, Any]) -> RowShape:
    return RowShape(id=row["id"], version=row["version"], values=_values(row))


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("id", "version")}


def _plain(value: object) -> Any:
    return words(value) if isinstance(value, Label) else value


def _column(seen: Any) -> ColumnShape:
    column = seen.column
    options: Iterable[Any] = column.options
    return ColumnShape(
        key=column.key,
        label=Text.of(column.label),
        type=column.type.value,
        unit=column.unit,
        required=column.required,
        options={one.value: Text.of(one.label) for one in options},
        sight=str(seen.sight),
        writable=seen.writable,
    )
