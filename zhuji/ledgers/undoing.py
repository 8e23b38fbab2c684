"""Takes imports back: rows return to what they were, unless somebody has changed them since."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from zhuji.kernel.errors import Issue, Level, NotFound, Refused
from zhuji.kernel.messages import say
from zhuji.ledgers import registry, storing, tracing, visibility
from zhuji.ledgers.declare import Column, Ledger
from zhuji.ledgers.models import Change, Import, rows_of
from zhuji.ledgers.receipts import Counts
from zhuji.ledgers.scope import CHUNK, Key, chunks
from zhuji.ledgers.storing import Whole
from zhuji.ledgers.tracing import Log, Trace
from zhuji.orgs.scope import Reader

# Enough for a person to see what is in the way.
_MOST_NAMED = 200

Kind = Change.Kind


def undo_receipt(
    import_id: int, *, actor: str, now: datetime, reader: Reader | None = None
) -> Counts:
    """The whole file that this import belongs to, inside the transaction of the action.

    A refusal tells the `reader` no more than they may see; the operator, who is none, everything.
    """
    named = Import.objects.filter(pk=import_id).first()
    if named is None:
        raise NotFound(say("没有编号为 {import_id} 的导入。", import_id=import_id))
    imports = list(Import.objects.select_for_update().filter(receipt=named.receipt).order_by("-pk"))
    if any(one.undone_at for one in imports):
        raise Refused(say("导入 {import_id} 已经撤销过了。", import_id=import_id))
    trace = Trace(actor, now, "", named.receipt)
    counts = undo(imports, actor=actor, now=now, log=trace.log, reader=reader)
    Import.objects.filter(receipt=named.receipt).update(undone_at=now, undone_by=actor)
    new = {**asdict(counts), "sha256": named.sha256}
    tracing.record_action("ledger.undo", str(named.receipt), new, trace)
    return counts


def undo(
    imports: Sequence[Import],
    *,
    actor: str,
    now: datetime,
    log: Log,
    reader: Reader | None = None,
) -> Counts:
    """All of them or none, the last first: what refers to a row goes before the row."""
    total = Counts()
    own = [one.pk for one in imports]
    for one in imports:
        ledger = registry.ledger(one.ledger)
        changes = list(Change.objects.filter(import_id=one.pk).order_by("pk"))
        _refuse_if_changed(ledger, changes, own, reader)
        trace = Trace(actor, now, str(say("撤销导入 {import_id}", import_id=one.pk)), one.pk, log)
        total += _undo_one(ledger, changes, trace, reader)
    return total


def _undo_one(
    ledger: Ledger, changes: Sequence[Change], trace: Trace, reader: Reader | None
) -> Counts:
    created = [
        tracing.key_of(ledger, change.row_key) for change in changes if change.kind == Kind.CREATED
    ]
    refuse_if_referred_to(ledger, created, reader)
    updated = {
        tracing.key_of(ledger, change.row_key): change.before or {}
        for change in changes
        if change.kind == Kind.UPDATED
    }
    _restore(ledger, updated, trace)
    return Counts(storing.delete(ledger, created, trace), len(updated))


def _restore(ledger: Ledger, images: Mapping[Key, Mapping[str, object]], trace: Trace) -> None:
    names = [column.key for column in ledger.columns]
    found = storing.existing(ledger, list(images))
    rows, changes = [], []
    for key, stored in found.items():
        image = images[key]
        now = dict(zip(names, stored.values, strict=True))
        then = {
            name: tracing.restored(ledger.by_key[name], value)
            for name, value in image.items()
            if name in ledger.by_key
        }
        after = {**now, **then}
        origin = _number(image, "import_id"), _number(image, "sheet_row")
        rows.append(Whole(after, *origin, stored.version + 1))
        changes.append(storing.updated(ledger, now, after, stored, trace))
    storing.upsert(ledger, rows, trace)
    tracing.record(changes, trace)


def _number(image: Mapping[str, object], name: str) -> int | None:
    value = image.get(name)
    return value if isinstance(value, int) else None


def _refuse_if_changed(
    ledger: Ledger, changes: Sequence[Change], own: Sequence[int], reader: Reader | None
) -> None:
    """Changes of imports that were themselves undone have left nothing behind."""
    if not changes:
        return
    undone = Import.objects.filter(undone_at__isnull=False).values("pk")
    later = (
        Change.objects.filter(ledger=ledger.key, pk__gt=changes[0].pk)
        .exclude(import_id__in=own)
        .exclude(import_id__in=undone)
        .order_by("pk")
    )
    mine = {change.row_key for change in changes}
    in_the_way = [change for change in later.iterator() if change.row_key in mine]
    if in_the_way:
        # A pupil's number is shown to nobody here: that would be a view without a record.
        is_named = reader is None or not visibility.rows_about(ledger.key).about_minors
        raise Refused(
            say(
                "不能撤销：“{ledger}”有 {count} 行在导入之后又改过。",
                ledger=ledger.label,
                count=len({change.row_key for change in in_the_way}),
            ),
            tuple(_named(ledger, in_the_way[:_MOST_NAMED] if is_named else ())),
        )


def _named(ledger: Ledger, changes: Iterable[Change]) -> Iterator[Issue]:
    for change in changes:
        key = tracing.key_of(ledger, change.row_key)
        message = say(
            "“{key}”由 {actor} 于 {at} 改过：{cause}。",
            key=key,
            actor=change.actor,
            at=change.at.isoformat(" ", "minutes"),
            cause=change.cause,
        )
        proposal = say("请先处理后来的改动，或逐行更正。")
        yield Issue(Level.ERROR, message, value=key, proposal=proposal, code="undo.changed")


def refuse_if_referred_to(ledger: Ledger, keys: Sequence[Key], reader: Reader | None) -> None:
    """A code that other rows name cannot vanish under them.

    Which ledgers these are, and how many rows, is told of rows that exist for the reader: that a
    child stands in a ledger of hardship is told to nobody by a refusal.
    """
    if len(ledger.natural_key) != 1:
        return
    codes = [key[0] for key in keys]
    found = [
        (other, column)
        for other in registry.LEDGERS
        for column in other.columns
        # Rows of the ledger itself go together with what they name.
        if column.refers == ledger.key
        and other.key != ledger.key
        and _count(rows_of(other.key).all(), column, codes)
    ]
    if found:
        message = say("不能撤销：别的台账已经用到了“{ledger}”的这些行。", ledger=ledger.label)
        raise Refused(message, tuple(_referring(found, codes, reader)))


def _referring(
    found: Iterable[tuple[Ledger, Column]], codes: Sequence[object], reader: Reader | None
) -> Iterator[Issue]:
    for other, column in found:
        rows = visibility.visible_to(reader, other.key) if reader else rows_of(other.key).all()
        count = _count(rows, column, codes)
        if count:
            message = say(
                "“{ledger}”有 {count} 行的“{column}”用到了这次导入的编号。",
                ledger=other.label,
                count=count,
                column=column.label,
            )
            yield Issue(Level.ERROR, message, code="undo.referred")


def _count(rows: QuerySet[Any], column: Column, codes: Sequence[object]) -> int:
    return sum(
        rows.filter(**{f"{column.key}__in": chunk}).count() for chunk in chunks(codes, CHUNK)
    )
