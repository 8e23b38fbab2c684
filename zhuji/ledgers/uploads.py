"""A paste or a small file on its way in: kept as it came, mended cell by cell, then taken in.

Nothing of it is a fact before it is committed; it is encrypted and gone after a day.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from zhuji.kernel.errors import BadInput, Issue, Level, NotFound
from zhuji.kernel.messages import say
from zhuji.ledgers import actions, reading, registry, storing, tables, vault, visibility
from zhuji.ledgers.desk import Upload
from zhuji.ledgers.entering import may_enter
from zhuji.ledgers.receipts import Counts, Receipt, SheetReceipt
from zhuji.ledgers.safety import Limits
from zhuji.ledgers.tables import ExcelError, Sheet, TimeOfDay
from zhuji.orgs.ciphers import Place
from zhuji.orgs.roles import Verb
from zhuji.orgs.scope import Reader

KEPT_HOURS = 24
MOST_PASTED = 2_000_000
LONGEST_CELL = 32_767  # as in a spreadsheet
TABLE = "ledgers_upload"
_CELL_NAME = re.compile(r"([0-9]{1,3}):([0-9]{1,7}):([0-9]{1,5})")
Cells = Mapping[str, str]  # "sheet:row:column" -> what stands there instead


@dataclass(frozen=True)
class Standing:
    """An upload looked through: nothing is written by looking."""

    number: int
    ledger: str
    file_name: str
    receipt: Receipt
    mended: Cells
    committed: bool
    import_id: int | None


def paste(reader: Reader, ledger: str, text: str, *, now: datetime) -> int:
    """Cells as a spreadsheet puts them on the clipboard."""
    if len(text) > MOST_PASTED:
        raise BadInput(say("粘贴的内容太多，请存成 Excel 文件再上传。"))
    if not text.strip():
        raise BadInput(say("请粘贴表格，或选择一个文件。"))
    lines = csv.reader(io.StringIO(text.replace("\r\n", "\n")), delimiter="\t")
    rows = [(number, list(cells)) for number, cells in enumerate(lines, start=1)]
    filled = tuple((number, cells) for number, cells in rows if any(cell.strip() for cell in cells))
    return _keep(reader, ledger, "", [Sheet("", _headed(ledger, filled))], now)


def take_file(reader: Reader, ledger: str, path: Path, *, now: datetime) -> int:
    """A workbook or text file, read in a process of its own and refused if it is none."""
    wanted = registry.ledger(ledger)
    sheets = reading.sheets_of(path, Limits(rows=settings.ZHUJI_IMPORT_ROWS))
    tables.find(sheets, wanted)  # refuses a file without the ledger's table
    return _keep(reader, ledger, path.name, sheets, now)


def look(reader: Reader, number: int, *, now: datetime) -> Standing:
    """Check it as it stands now."""
    kept = _mine(reader, number, now)
    mended = _mended(kept)
    receipt = _uncounted(reader, _take(kept, mended, now=now, dry_run=True, good_rows_only=False))
    return Standing(
        kept.pk, kept.ledger, kept.file_name, receipt, mended, kept.committed, kept.receipt
    )


@transaction.atomic
def mend(reader: Reader, number: int, cells: Cells, *, now: datetime) -> None:
    """Write these cells instead of what stood there."""
    kept = _mine(reader, number, now, lock=True)
    _must_stand_there(kept, cells)
    everything = {**_mended(kept), **cells}
    kept.mended = vault.ring().encrypt(json.dumps(everything), _place(kept, "mended"))
    kept.save(update_fields=["mended"])


@transaction.atomic
def commit(
    reader: Reader, number: int, *, now: datetime, good_rows_only: bool = False
) -> int | None:
    """Take it in, once; the number of the receipt, or None when nothing changed by it."""
    kept = _mine(reader, number, now, lock=True)
    if kept.committed:
        return kept.receipt
    mended = _mended(kept)
    must_be_theirs(
        reader, _take(kept, mended, now=now, dry_run=True, good_rows_only=good_rows_only)
    )
    receipt = _take(kept, mended, now=now, dry_run=False, good_rows_only=good_rows_only)
    if not receipt.stored:
        raise BadInput(
            say("还有 {count} 处错误，一行也没有写入。", count=receipt.error_count), receipt.issues
        )
    kept.committed, kept.receipt = True, receipt.import_id
    kept.save(update_fields=["committed", "receipt"])
    return receipt.import_id


def forget(*, now: datetime) -> int:
    """Take away what was not committed within a day, and what was; how many."""
    return Upload.objects.filter(saved_at__lte=now - timedelta(hours=KEPT_HOURS)).delete()[0]


def must_be_theirs(reader: Reader, trial: Receipt) -> None:
    """Neither what a row says it belongs to, nor whom the row it replaces belonged to."""
    issues = tuple(issue for sheet in trial.sheets for issue in _foreign_rows(reader, sheet))
    if issues:
        raise BadInput(
            say("文件里有 {count} 行不属于您可以填报的机构，一行也没有写入。", count=len(issues)),
            issues,
        )


def _uncounted(reader: Reader, trial: Receipt) -> Receipt:
    """How a foreign row compares with what is stored is not told: it would give away its values."""
    sheets = tuple(
        replace(sheet, counts=Counts()) if any(_foreign_rows(reader, sheet)) else sheet
        for sheet in trial.sheets
    )
    return replace(trial, sheets=sheets)


def _foreign_rows(reader: Reader, sheet: SheetReceipt) -> Iterator[Issue]:
    """By the rule for a single row: what stands there and what would stand there are theirs."""
    columns, ledger = sheet.checked.columns, sheet.ledger
    if "org" not in columns or not set(ledger.natural_key) <= set(columns):
        return  # the check has refused the whole sheet already
    at = [columns.index(name) for name in ledger.natural_key]
    keys = {tuple(row.values[i] for i in at) for row in sheet.checked.good}
    with transaction.atomic():  # the rows are locked, which is not wanted for longer
        stored = storing.existing(ledger, keys)
    about = visibility.rows_about(ledger.key)
    for row in sheet.checked.good:
        wanted = dict(zip(columns, row.values, strict=True))
        found = stored.get(tuple(row.values[i] for i in at))
        old = dict(zip(ledger.by_key, found.values, strict=True)) if found else {}
        for whole in (old, {**old, **wanted}) if old else (wanted,):
            if not may_enter(reader, ledger, about, whole):
                yield _foreign(reader, sheet, row.number, wanted)
                break


def _foreign(
    reader: Reader, sheet: SheetReceipt, number: int, wanted: Mapping[str, object]
) -> Issue:
    """By what the file itself says: whose the row is that stands there is not told."""
    owner = str(wanted["org"])
    is_theirs = reader.may(Verb.ENTER, owner)
    return Issue(
        Level.ERROR,
        say("这条记录不在您能填写的范围内。")
        if is_theirs
        else say("您不能填报机构 {org} 的数据。", org=owner),
        sheet=sheet.sheet,
        row=number,
        column=sheet.ledger.by_key["org"].label.zh,
        value=owner,
        proposal=say("请删去这一行，或请该机构填报。"),
        code="org.foreign",
    )


def _headed(
    ledger: str, rows: tuple[tuple[int, list[str]], ...]
) -> tuple[tuple[int, list[object]], ...]:
    """Rows that were copied without their heading are taken in the order of the template."""
    declared = registry.ledger(ledger)
    found: tuple[tuple[int, list[object]], ...] = tuple((n, list(cells)) for n, cells in rows)
    if tables.has_header(Sheet("", found), declared):
        return found
    return ((0, [column.label.zh for column in declared.columns]), *found)


def _keep(
    reader: Reader, ledger: str, file_name: str, sheets: Sequence[Sheet], now: datetime
) -> int:
    declared = registry.ledger(ledger)
    if not any(Verb.ENTER in grant.role.verbs for grant in reader.grants):
        raise NotFound(say("没有这张表单，或者您的岗位不能填写。"))
    kept = Upload(
        username=reader.username, ledger=declared.key, file_name=file_name[:255], saved_at=now
    )
    with transaction.atomic():
        kept.save()
        kept.content = vault.ring().encrypt(_text(sheets), _place(kept, "content"))
        kept.save(update_fields=["content"])
    return int(kept.pk)


def _take(
    kept: Upload, mended: Cells, *, now: datetime, dry_run: bool, good_rows_only: bool
) -> Receipt:
    content = vault.ring().decrypt(kept.content, _place(kept, "content"))
    sheets = [_with(sheet, place, mended) for place, sheet in enumerate(_sheets(content))]
    source = actions.Pasted(kept.ledger, kept.username, now, kept.file_name)
    return actions.import_sheets(sheets, source, dry_run=dry_run, good_rows_only=good_rows_only)


def _with(sheet: Sheet, place: int, mended: Cells) -> Sheet:
    """The sheet with what was mended; an untouched one is given back as it is."""
    own = {
        (int(row), int(column)): text
        for name, text in mended.items()
        for at, row, column in [name.split(":")]
        if int(at) == place
    }
    if not own:
        return sheet
    rows = []
    for number, cells in sheet.rows:
        wanted = {column: text for (row, column), text in own.items() if row == number}
        width = max([len(cells), *(column + 1 for column in wanted)])
        filled = [*cells, *([""] * (width - len(cells)))]
        for column, text in wanted.items():
            filled[column] = text
        rows.append((number, filled))
    return replace(sheet, rows=tuple(rows))


def _mine(reader: Reader, number: int, now: datetime, *, lock: bool = False) -> Upload:
    own = Upload.objects.filter(
        pk=number, username=reader.username, saved_at__gt=now - timedelta(hours=KEPT_HOURS)
    )
    kept = (own.select_for_update() if lock else own).first()
    if kept is None:
        raise NotFound(say("没有这次上传，或者已超过 {hours} 小时。", hours=KEPT_HOURS))
    return kept


def _must_stand_there(kept: Upload, cells: Cells) -> None:
    """Only cells of the upload itself: no other row, and no column beyond its heading."""
    found = _sheets(vault.ring().decrypt(kept.content, _place(kept, "content")))
    widest = [max((len(cells) for _, cells in sheet.rows), default=0) for sheet in found]
    rows = [{number for number, _ in sheet.rows} for sheet in found]
    for name, text in cells.items():
        match = _CELL_NAME.fullmatch(name)
        at, row, column = map(int, match.groups()) if match else (len(found), 0, 0)
        if at >= len(found) or row not in rows[at] or column >= widest[at]:
            raise BadInput(say("上传的表里没有“{cell}”这一格，请刷新后再改。", cell=name))
        if len(text) > LONGEST_CELL:
            raise BadInput(say("一格最多 {most} 个字。", most=LONGEST_CELL))


def _mended(kept: Upload) -> dict[str, str]:
    if not kept.mended:
        return {}
    found: dict[str, str] = json.loads(vault.ring().decrypt(kept.mended, _place(kept, "mended")))
    return found


def _place(kept: Upload, column: str) -> Place:
    return Place(TABLE, column, bound_to(kept.pk, kept.username))


def bound_to(number: int, username: str) -> str:
    """Which upload and whose, as it is bound into its encryption."""
    return json.dumps([number, username])


def _text(sheets: Sequence[Sheet]) -> str:
    return json.dumps(
        [[one.name, one.visible, one.merged, one.rows] for one in sheets],
        ensure_ascii=False,
        default=_told,
    )


def _told(value: object) -> object:
    match value:
        case date():
            return {"d": value.isoformat()}
        case TimeOfDay(text):
            return {"t": text}
        case ExcelError(word):
            return {"e": word}
        case _:
            return str(value)


def _sheets(text: str) -> list[Sheet]:
    found: list[Any] = json.loads(text, object_hook=reading.restored)
    return [
        Sheet(
            name,
            tuple((number, cells) for number, cells in rows),
            visible,
            tuple((tuple(start), tuple(end)) for start, end in merged),
        )
        for name, visible, merged, rows in found
    ]
