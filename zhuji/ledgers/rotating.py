"""Everything held encrypted, as rotation must see it; a stopped run is repeated."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from django.db import models, transaction

from zhuji.ledgers import desk, tracing, uploads, vault
from zhuji.ledgers.declare import Column, Ledger
from zhuji.ledgers.models import Former, rows_of
from zhuji.ledgers.registry import LEDGERS
from zhuji.orgs import ciphers, own_columns
from zhuji.orgs.rotation import Cell, Rotated, rotate
from zhuji.orgs.rotation import Column as RotatedColumn

Changes = Sequence[tuple[Cell, str]]
Kept: TypeAlias = "models.Manager[Any] | models.QuerySet[Any]"


class Stored:
    """One column of one table; rows come in the order of their numbers."""

    def __init__(self, manager: Kept, table: str, name: str) -> None:
        self.manager, self.table, self.name = manager, table, name

    def after(self, at: str, most: int) -> Sequence[Cell]:
        rows = self.manager.filter(**{f"{self.name}__isnull": False}).order_by("pk")
        if at:
            rows = rows.filter(pk__gt=at)
        return [self._cell(row) for row in rows[:most]]

    def replace(self, changes: Changes) -> int:
        with transaction.atomic():
            return sum(
                self.manager.filter(pk=cell.at, **{self.name: cell.stored}).update(
                    **{self.name: renewed}
                )
                for cell, renewed in changes
            )

    def _cell(self, row: Any) -> Cell:
        return Cell(self._bound_to(row), getattr(row, self.name), str(row.pk))

    def _bound_to(self, row: Any) -> str:
        return str(row.pk)


class LedgerColumn(Stored):
    def __init__(self, ledger: Ledger, column: Column) -> None:
        super().__init__(rows_of(ledger.key), vault.table_name(ledger), column.key)
        self.ledger = ledger

    def _bound_to(self, row: Any) -> str:
        key = {name: getattr(row, name) for name in self.ledger.natural_key}
        return vault.bound_to(self.ledger, key)


class Drafts(Stored):
    def __init__(self) -> None:
        super().__init__(desk.Draft.objects, desk.TABLE, "content")

    def _bound_to(self, row: Any) -> str:
        return desk.bound_to(row.username, row.form)


class Uploads(Stored):
    def __init__(self, name: str) -> None:
        super().__init__(desk.Upload.objects.exclude(**{name: ""}), uploads.TABLE, name)

    def _bound_to(self, row: Any) -> str:
        return uploads.bound_to(row.pk, row.username)


def rotate_all(*, batch: int = 500) -> dict[str, Rotated]:
    """Encrypt everything anew under the current key; by table and column what became of it."""
    ring = vault.ring()
    return {name: rotate(one, ring, batch=batch) for name, one in _columns()}


def left_under(*, batch: int = 500) -> dict[int, int]:
    """How many values each key still opens; one that opens none may go."""
    counted: Counter[int] = Counter()
    for _name, column in _columns():
        at = ""
        while cells := column.after(at, batch):
            counted.update(ciphers.key_number(cell.stored) for cell in cells)
            at = cells[-1].place
    return dict(counted)


def _columns() -> Iterator[tuple[str, RotatedColumn]]:
    """All that is encrypted under a key of the ring; what is missing here is lost with the key."""
    of_ledgers: list[Stored] = [
        LedgerColumn(one, column) for one in LEDGERS for column in vault.sealed_columns(one.key)
    ]
    others = [Stored(Former.objects, tracing.FORMER, "stored"), Drafts()]
    others += [Uploads("content"), Uploads("mended")]
    yield from ((f"{one.table}.{one.name}", one) for one in (*of_ledgers, *others))
    yield from own_columns.columns()
