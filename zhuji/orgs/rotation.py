"""Encrypts stored values anew under the current key, in batches; a stopped run is repeated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from zhuji.orgs.ciphers import Place
from zhuji.orgs.keyring import Keyring


@dataclass(frozen=True)
class Cell:
    """One stored value and where it stands: `row` is bound into it, `at` is its place in order."""

    row: str
    stored: str
    at: str = ""

    @property
    def place(self) -> str:
        return self.at or self.row


class Column(Protocol):
    """An encrypted column, as rotation must see it."""

    table: str
    name: str

    def after(self, at: str, most: int) -> Sequence[Cell]:
        """The next cells in the order of their places, from the beginning for an empty one."""

    def replace(self, changes: Sequence[tuple[Cell, str]]) -> int:
        """In one transaction, each only where the stored value is still the old one; how many."""


@dataclass(frozen=True)
class Rotated:
    """`passed_over`: somebody wrote the cell meanwhile. Repeat until nothing is renewed or passed
    over; only then may the old key go."""

    renewed: int = 0
    already: int = 0
    passed_over: int = 0


def rotate(column: Column, ring: Keyring, *, batch: int = 500) -> Rotated:
    """The value itself says which key it has, so nothing else need be remembered to resume."""
    renewed = already = passed_over = 0
    at = ""
    while cells := column.after(at, batch):
        old = [cell for cell in cells if not ring.is_current(cell.stored)]
        changes = [(cell, _renewed(cell, column, ring)) for cell in old]
        written = column.replace(changes) if changes else 0
        renewed += written
        passed_over += len(changes) - written
        already += len(cells) - len(old)
        at = cells[-1].place
    return Rotated(renewed, already, passed_over)


def _renewed(cell: Cell, column: Column, ring: Keyring) -> str:
    place = Place(column.table, column.name, cell.row)
    return ring.encrypt(ring.decrypt(cell.stored, place), place)
