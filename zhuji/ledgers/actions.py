"""Everything that changes ledger rows. Each function is one sentence a clerk would say."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import say
from zhuji.ledgers import reading, registry, storing, tables, undoing, writing
from zhuji.ledgers.checking import Checked, check
from zhuji.ledgers.declare import Ledger
from zhuji.ledgers.editing import check_row as check_row
from zhuji.ledgers.editing import save as save
from zhuji.ledgers.models import Import
from zhuji.ledgers.receipts import Counts, Receipt, SheetReceipt
from zhuji.ledgers.removing import remove_row as remove_row
from zhuji.ledgers.removing import restore_row as restore_row
from zhuji.ledgers.removing import undo_import as undo_import
from zhuji.ledgers.safety import Limits
from zhuji.ledgers.scope import Key, Scope
from zhuji.ledgers.sheets import CHINESE
from zhuji.ledgers.storing import Difference, Incoming
from zhuji.ledgers.tracing import Log, Trace, record_action

_BATCH = 20_000


@dataclass(frozen=True)
class Pasted:
    """Of which ledger the rows are, who hands them in, and when."""

    ledger: str
    actor: str
    now: datetime
    file_name: str = ""


def import_file(
    path: Path,
    *,
    ledger: str | None = None,
    actor: str,
    now: datetime,
    dry_run: bool = False,
    good_rows_only: bool = False,
) -> Receipt:
    """Take in a workbook or CSV. One error keeps everything out unless `good_rows_only`."""
    wanted = registry.ledger(ledger) if ledger else None
    limits = Limits(rows=settings.ZHUJI_IMPORT_ROWS)
    contents = reading.read(path, wanted, limits)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    source = Import(file_name=path.name[:255], sha256=sha256, actor=actor, at=now)
    return _take(contents, source, dry_run=dry_run, good_rows_only=good_rows_only)


def import_sheets(
    sheets: Sequence[tables.Sheet],
    source: Pasted,
    *,
    dry_run: bool = False,
    good_rows_only: bool = False,
) -> Receipt:
    """Take in what was pasted or typed, by the same rules as a file."""
    contents = tables.find(sheets, registry.ledger(source.ledger))
    made = Import(file_name=source.file_name[:255], sha256="", actor=source.actor, at=source.now)
    return _take(contents, made, dry_run=dry_run, good_rows_only=good_rows_only)


@transaction.atomic
def put(
    ledger: str, rows: Iterable[Mapping[str, object]], *, actor: str, now: datetime, cause: str
) -> Counts:
    """Write rows that the program itself made; values must have the ledger's types already."""
    declared = registry.ledger(ledger)
    trace = Trace(actor, now, cause)
    total = Counts()
    columns: tuple[str, ...] | None = None
    batch: list[Incoming] = []
    content = hashlib.sha256()
    for row in rows:
        columns = columns or _known_columns(declared, row)
        batch.append(Incoming(_values(declared, columns, row)))
        content.update(repr(batch[-1].values).encode())
        if len(batch) == _BATCH:
            total += _put_batch(declared, columns, batch, trace)
            batch = []
    if columns:
        total += _put_batch(declared, columns, batch, trace)
    new = {**asdict(total), "sha256": content.hexdigest()}
    record_action("ledger.put", declared.key, new, trace)
    return total


@transaction.atomic
def remove(ledger: str, keys: Iterable[Key], *, actor: str, now: datetime, cause: str) -> int:
    """Take rows away by their keys; the trace keeps them whole."""
    declared, trace = registry.ledger(ledger), Trace(actor, now, cause)
    count = storing.delete(declared, list(keys), trace)
    record_action("ledger.remove", declared.key, {"removed": count}, trace)
    return count


@transaction.atomic
def export(
    ledger: Ledger,
    path: Path,
    *,
    actor: str,
    now: datetime,
    orgs: Sequence[str] | None = None,
    language: str = CHINESE,
) -> int:
    """Write the rows to a file and leave a trace of who took how many out."""
    count = writing.export(ledger, path, orgs=orgs, language=language)
    new = {"rows": count, "file": path.name, "orgs": None if orgs is None else len(orgs)}
    record_action("ledger.export", ledger.key, new, Trace(actor, now, ""))
    return count


@transaction.atomic
def undo(import_id: int, *, actor: str, now: datetime) -> Counts:
    """Undo the whole file that this import belongs to, or refuse and name the rows in the way."""
    return undoing.undo_receipt(import_id, actor=actor, now=now)


@transaction.atomic
def _take(
    contents: tables.Contents, source: Import, *, dry_run: bool, good_rows_only: bool
) -> Receipt:
    scope = Scope()
    checked = [check(grid, scope) for grid in contents.grids]
    clean = all(one.is_clean for one in checked)
    stored = not dry_run and (clean or good_rows_only)
    sheets, log = [], Log()
    for one in checked:
        rows = [] if one.is_blocked else [Incoming(row.values, row.number) for row in one.good]
        difference = storing.compare(one.ledger, one.columns, rows) if rows else Difference()
        import_id = _store(one, difference, source, log) if stored else None
        sheets.append(SheetReceipt(one, _counts(difference), import_id))
    receipt = Receipt(source.file_name, source.sha256, tuple(sheets), stored, contents.ignored)
    if stored and receipt.rows:
        _record_import(source, sheets, log)
    return receipt


def _store(checked: Checked, difference: Difference, source: Import, log: Log) -> int | None:
    """One import for each sheet that changes anything; those of a file share the first's number."""
    counts = _counts(difference)
    if not (counts.created or counts.updated):
        return None
    made = Import.objects.create(
        receipt=source.receipt,
        ledger=checked.ledger.key,
        file_name=source.file_name,
        sheet=checked.grid.sheet,
        sha256=source.sha256,
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
        refused=len(checked.bad),
        actor=source.actor,
        at=source.at,
    )
    if source.receipt is None:
        source.receipt = made.pk
        Import.objects.filter(pk=made.pk).update(receipt=made.pk)
    cause = str(say("导入 {file}", file=source.file_name))
    trace = Trace(source.actor, source.at, cause, made.pk, log)
    storing.write(checked.ledger, checked.columns, difference, trace)
    return made.pk


def _record_import(source: Import, sheets: Sequence[SheetReceipt], log: Log) -> None:
    new = {
        "sha256": source.sha256,
        "sheets": [{"ledger": one.ledger.key, **asdict(one.counts)} for one in sheets],
    }
    trace = Trace(source.actor, source.at, source.file_name, source.receipt, log)
    record_action("ledger.import", str(source.receipt or ""), new, trace)


def _counts(difference: Difference) -> Counts:
    return Counts(len(difference.created), len(difference.updated), difference.unchanged)


def _put_batch(
    ledger: Ledger, columns: Sequence[str], batch: Sequence[Incoming], trace: Trace
) -> Counts:
    difference = storing.compare(ledger, columns, batch)
    storing.write(ledger, columns, difference, trace)
    return _counts(difference)


def _known_columns(ledger: Ledger, row: Mapping[str, object]) -> tuple[str, ...]:
    unknown = row.keys() - ledger.by_key.keys()
    missing = {column.key for column in ledger.columns if column.required} - row.keys()
    if unknown or missing:
        raise BadInput(
            say(
                "“{ledger}”的列不对：多出 {unknown}，缺少 {missing}。",
                ledger=ledger.label,
                unknown=sorted(unknown),
                missing=sorted(missing),
            )
        )
    return tuple(row)


def _values(
    ledger: Ledger, columns: Sequence[str], row: Mapping[str, object]
) -> tuple[object, ...]:
    """All rows of one call have the same columns, so that a value left out is never a deletion."""
    if row.keys() != set(columns):
        raise BadInput(say("“{ledger}”各行的列不一致。", ledger=ledger.label))
    for name in columns:
        if row[name] is None and ledger.by_key[name].required:
            raise BadInput(
                say(
                    "“{ledger}”的“{column}”必填，不能为空。",
                    ledger=ledger.label,
                    column=ledger.by_key[name].label,
                )
            )
    return tuple(row[name] for name in columns)
