"""What became of one import: its sheets, its rows, and whether it can still be undone."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import say
from zhuji.ledgers import registry, visibility
from zhuji.ledgers.declare import Ledger
from zhuji.ledgers.models import Import
from zhuji.ledgers.removing import UNDO_HOURS, may_undo
from zhuji.orgs.idempotency import Act
from zhuji.orgs.roles import Verb
from zhuji.orgs.scope import Reader

MOST_ROWS = 200


@dataclass(frozen=True)
class Taken:
    """One sheet of it, with the first of its rows that the reader may see."""

    ledger: Ledger
    sheet: str
    created: int
    updated: int
    unchanged: int
    refused: int
    rows: tuple[dict[str, object], ...]
    beyond: int


@dataclass(frozen=True)
class Receipt:
    number: int
    file_name: str
    actor: str
    at: datetime
    undone_at: datetime | None
    undone_by: str
    may_undo: bool
    undo_hours: int
    sheets: tuple[Taken, ...]


@transaction.atomic
def receipt(reader: Reader, number: int, *, now: datetime, route: str) -> Receipt:
    """One's own, or one that brought rows which the reader reviews; any other does not exist."""
    named = Import.objects.filter(pk=number).first()
    if named is None or named.receipt is None:
        raise _none(number)
    parts = tuple(Import.objects.filter(receipt=named.receipt).order_by("pk"))
    sheets = tuple(_taken(reader, part, now=now, route=route) for part in parts)
    reviews = any(Verb.REVIEW in grant.role.verbs for grant in reader.grants)
    if named.actor != reader.username and not (reviews and any(one.rows for one in sheets)):
        raise _none(number)
    act = Act(reader.username, now)
    return Receipt(
        named.receipt,
        named.file_name,
        named.actor,
        named.at,
        named.undone_at,
        named.undone_by,
        may_undo(reader, named.receipt, act),
        UNDO_HOURS,
        sheets,
    )


def _taken(reader: Reader, part: Import, *, now: datetime, route: str) -> Taken:
    ledger = registry.ledger(part.ledger)
    found = visibility.visible_to(reader, ledger.key).filter(import_id=part.pk).order_by("id")
    rows = list(found.values()[: MOST_ROWS + 1])
    shown = visibility.show(reader, ledger.key, rows[:MOST_ROWS], now=now, route=route)
    beyond = max(0, part.created + part.updated - len(shown))
    return Taken(
        ledger,
        part.sheet,
        part.created,
        part.updated,
        part.unchanged,
        part.refused,
        tuple({**row, "version": 0} for row in shown),
        beyond,
    )


def _none(number: int) -> NotFound:
    return NotFound(say("没有编号为 {import_id} 的导入。", import_id=number))
