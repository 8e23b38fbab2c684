"""What the person who handed in a file is told."""

from dataclasses import dataclass, field

from zhuji.kernel.errors import Issue
from zhuji.ledgers.checking import MOST_ISSUES, Bad, Checked
from zhuji.ledgers.declare import Ledger


@dataclass(frozen=True)
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
        )


@dataclass(frozen=True)
class SheetReceipt:
    """One sheet: what went in, or would go in, and what comes back."""

    checked: Checked
    counts: Counts
    import_id: int | None = None

    @property
    def ledger(self) -> Ledger:
        return self.checked.ledger

    @property
    def sheet(self) -> str:
        return self.checked.grid.sheet

    @property
    def refused(self) -> tuple[Bad, ...]:
        return self.checked.bad

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        return self.checked.grid.header.unknown

    @property
    def missing_columns(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.checked.missing)


@dataclass(frozen=True)
class Receipt:
    """`stored` says whether anything was to be written; a dry run and a refusal store nothing."""

    file_name: str
    sha256: str
    sheets: tuple[SheetReceipt, ...]
    stored: bool
    ignored_sheets: tuple[str, ...] = field(default=())

    @property
    def import_id(self) -> int | None:
        """The number by which the whole file can be undone."""
        return next((sheet.import_id for sheet in self.sheets if sheet.import_id), None)

    @property
    def counts(self) -> Counts:
        return sum((sheet.counts for sheet in self.sheets), Counts())

    @property
    def error_count(self) -> int:
        return sum(sheet.checked.error_count for sheet in self.sheets)

    @property
    def rows(self) -> int:
        """How many rows the file holds, good and bad."""
        return sum(len(sheet.checked.grid.records) for sheet in self.sheets)

    @property
    def refused_count(self) -> int:
        return sum(len(sheet.refused) for sheet in self.sheets)

    @property
    def issues(self) -> tuple[Issue, ...]:
        every = (issue for sheet in self.sheets for issue in sheet.checked.issues)
        return tuple(issue for issue, _ in zip(every, range(MOST_ISSUES), strict=False))
