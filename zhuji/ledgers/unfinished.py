"""What a person began in the ledgers and left: forms not saved, workbooks not imported."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhuji.kernel.messages import Label
from zhuji.ledgers import registry
from zhuji.ledgers.desk import DRAFT_DAYS, Draft, Upload
from zhuji.ledgers.registry import BY_KEY
from zhuji.ledgers.uploads import KEPT_HOURS

_MOST = 20


@dataclass(frozen=True)
class Left:
    """`row` is 0 in the form of a new row; `upload` is 0 when it is a form."""

    ledger: str
    label: Label
    at: datetime
    row: int = 0
    upload: int = 0
    file: str = ""


def left(username: str, *, now: datetime) -> tuple[Left, ...]:
    """The newest first; what it says stays sealed."""
    drafts = _drafts(username, now - timedelta(days=DRAFT_DAYS))
    waiting = _uploads(username, now - timedelta(hours=KEPT_HOURS))
    found = [*drafts, *waiting]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _drafts(username: str, since: datetime) -> Iterator[Left]:
    """A form's name is the ledger's, and the row's after a slash."""
    mine = Draft.objects.filter(username=username, saved_at__gt=since).order_by("-saved_at")
    for form, at in mine.values_list("form", "saved_at")[:_MOST]:
        ledger, _, row = form.partition("/")
        if ledger in BY_KEY:
            yield Left(
                ledger, registry.ledger(ledger).label, at, int(row) if row.isdecimal() else 0
            )


def _uploads(username: str, since: datetime) -> Iterator[Left]:
    mine = Upload.objects.filter(username=username, committed=False, saved_at__gt=since)
    rows = mine.order_by("-saved_at").values_list("pk", "ledger", "file_name", "saved_at")
    for number, ledger, file, at in rows[:_MOST]:
        if ledger in BY_KEY:
            label = registry.ledger(ledger).label
            yield Left(ledger, label, at, upload=number, file=file)
