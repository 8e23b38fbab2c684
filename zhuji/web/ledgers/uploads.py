"""Excel comes in: pasted or uploaded, looked through, mended in place, committed, undone."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from zhuji.jobs import actions as jobs
from zhuji.jobs.places import Given
from zhuji.kernel.errors import BadInput, Issue, Level
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import actions, imports, registry, uploads, writing
from zhuji.ledgers import records as rows
from zhuji.ledgers.declare import Column, Ledger, Type
from zhuji.ledgers.listing import Page
from zhuji.ledgers.receipts import SheetReceipt
from zhuji.ledgers.uploads import Standing
from zhuji.orgs.roles import Verb
from zhuji.tasks.queries import names as people
from zhuji.web.asked import Asked, act
from zhuji.web.doors import signed_in
from zhuji.web.ledgers import tables
from zhuji.web.ledgers.filters import YES_NO
from zhuji.web.lists import pages
from zhuji.web.pages import language, page

SMALL = 300_000  # bytes; a larger file is looked through as a job
_CELL = "cell-"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Cell:
    """Text that is right, or a field for what is wrong, with the reason beside it."""

    text: str
    field: str = ""
    fault: Message | None = None
    choices: tuple[tuple[str, Label | str], ...] = ()


@dataclass(frozen=True)
class Line:
    number: int
    cells: tuple[Cell, ...]
    others: tuple[Message, ...]  # what is wrong with the row and with no cell of it


@signed_in("GET", "POST", verb=Verb.ENTER)
def start(asked: Asked, key: str) -> HttpResponseBase:
    """Paste or choose a file; small ones are looked through at once, large ones as a job."""
    ledger = registry.ledger(key)
    rows.blank(asked.moment.reader, key)  # whoever may enter nothing finds no such page
    if asked.method == "GET":
        return _start_page(asked, ledger, None)
    given: Any = asked.FILES.get("file")
    try:
        if given is not None and given.size > SMALL:
            return _as_job(asked, ledger, given)
        number = _take(asked, ledger, given)
    except BadInput as fault:
        return _start_page(asked, ledger, fault)
    return redirect("upload", number)


@signed_in("GET", "POST", verb=Verb.ENTER)
def upload(asked: Asked, number: int) -> HttpResponseBase:
    """Only the wrong rows; mended cells are checked again, good rows may go in alone."""
    reader, now = asked.moment.reader, asked.moment.now
    if asked.method == "GET":
        standing = uploads.look(reader, number, now=now)
        if standing.committed:
            return _committed(standing)
        return _look_page(asked, standing, None)
    cells = {
        name.removeprefix(_CELL): str(value)
        for name, value in asked.POST.items()
        if name.startswith(_CELL) and name.count(":") == 2
    }
    uploads.mend(reader, number, cells, now=now)
    do = asked.POST.get("do", "")
    if do not in ("commit", "good"):
        return redirect("upload", number)
    try:
        uploads.commit(reader, number, now=now, good_rows_only=do == "good")
    except BadInput as fault:
        return _look_page(asked, uploads.look(reader, number, now=now), fault)
    return _committed(uploads.look(reader, number, now=now))


@signed_in("GET", verb=Verb.ENTER)
def refused(asked: Asked, number: int) -> HttpResponseBase:
    """The rows that come back as a workbook, the reason in red beside each."""
    standing = uploads.look(asked.moment.reader, number, now=asked.moment.now)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "refused.xlsx"
        writing.refused(standing.receipt, path, language=language())
        content = BytesIO(path.read_bytes())
    name = f"{Path(standing.file_name).stem or standing.ledger}-退回.xlsx"
    return FileResponse(content, as_attachment=True, filename=name, content_type=_WORKBOOK)


@signed_in("GET")
def receipt(asked: Asked, number: int) -> HttpResponse:
    """What went in, with links to the rows; undone with one click for a day."""
    moment = asked.moment
    found = imports.receipt(moment.reader, number, now=moment.now, route=asked.path)
    called = people([found.actor, found.undone_by])
    sheets = [
        {
            "taken": one,
            "grid": tables.grid(
                asked, one.ledger, Page(one.rows, len(one.rows), _first(one.ledger), 0, 1)
            ),
        }
        for one in found.sheets
    ]
    context = {
        "found": found,
        "by": called.get(found.actor, found.actor),
        "undone_by": called.get(found.undone_by, found.undone_by),
        "sheets": sheets,
        "total": sum(one.created + one.updated for one in found.sheets),
        "undo": reverse("import-undo", args=[found.number]),
        "crumbs": [
            {"label": say("台账"), "href": reverse("ledgers")},
            {"label": say("导入 {number}", number=found.number)},
        ],
    }
    return page(asked, "ledgers/receipt.html", context)


@signed_in("POST")
def undo(asked: Asked, number: int) -> HttpResponseBase:
    """The whole batch, as it was before."""
    moment = asked.moment
    actions.undo_import(moment.reader, number, act(asked, f"undo-{number}"))
    return redirect("import", number)


def _take(asked: Asked, ledger: Ledger, given: Any) -> int:
    reader, now = asked.moment.reader, asked.moment.now
    if given is None:
        return uploads.paste(reader, ledger.key, asked.POST.get("pasted", ""), now=now)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _file_name(given.name)
        with path.open("wb") as file:
            for chunk in given.chunks():
                file.write(chunk)
        return uploads.take_file(reader, ledger.key, path, now=now)


def _as_job(asked: Asked, ledger: Ledger, given: Any) -> HttpResponseBase:
    name = _file_name(given.name)
    arguments = {
        "file": name,
        "ledger": ledger.key,
        "good_rows": asked.POST.get("good") == "yes",
        "language": language(),
    }
    file = Given.uploaded(name, given.chunks)
    return redirect("job", jobs.ask_once("import", arguments, act(asked), file))


def _file_name(name: str) -> str:
    """The last part of what the browser calls it, never a path."""
    return Path(name.replace("\\", "/")).name[-200:] or "file"


def _start_page(asked: Asked, ledger: Ledger, fault: BadInput | None) -> HttpResponse:
    issues = [issue.sentence() for issue in fault.issues] if fault else []
    errors = [{"message": said, "anchor": "file"} for said in issues]
    if fault is not None and not errors:
        errors = [{"message": fault.message, "anchor": "file"}]
    context = {
        "ledger": ledger,
        "errors": errors,
        "pasted": asked.POST.get("pasted", ""),
        "steps": _steps("start"),
        "crumbs": _crumbs(ledger),
    }
    return page(asked, "ledgers/import.html", context, status=422 if fault else 200)


def _look_page(asked: Asked, standing: Standing, fault: BadInput | None) -> HttpResponse:
    receipt = standing.receipt
    ledger = registry.ledger(standing.ledger)
    wrong = [
        (place, sheet, bad) for place, sheet in enumerate(receipt.sheets) for bad in sheet.refused
    ]
    shown = pages(asked.GET, len(wrong))
    first = receipt.sheets[0]
    lines = [_line(place, sheet, bad) for place, sheet, bad in wrong[shown.slice]]
    context = {
        "ledger": ledger,
        "standing": standing,
        "receipt": receipt,
        "good": receipt.rows - receipt.refused_count,
        "heads": [
            {"label": say("行")},
            *({"label": str(one)} for one in first.checked.grid.headings),
        ],
        "lines": lines,
        "pages": shown,
        "notes": [one.sentence() for one in receipt.issues if one.level is not Level.ERROR][:50],
        "blocked": [
            one.sentence()
            for sheet in receipt.sheets
            for one in sheet.checked.sheet_issues
            if one.level is Level.ERROR
        ],
        "errors": _errors(fault),
        "steps": _steps("mend" if receipt.error_count else "commit"),
        "crumbs": _crumbs(ledger),
    }
    return page(asked, "ledgers/preview.html", context, status=422 if fault else 200)


def _errors(fault: BadInput | None) -> list[dict[str, Any]]:
    if fault is None:
        return []
    said = [issue.sentence() for issue in fault.issues[:20]] or [fault.message]
    return [{"message": one, "anchor": ""} for one in said]


def _line(place: int, sheet: SheetReceipt, bad: Any) -> Line:
    headings = [str(heading).strip() for heading in sheet.checked.grid.headings]
    faults: dict[str, Issue] = {}
    for issue in bad.issues:
        faults.setdefault(issue.column or "", issue)
    columns = {c.heading: key for key, c in sheet.checked.grid.header.places.items()}
    cells = []
    for index, heading in enumerate(headings):
        value = bad.cells[index] if index < len(bad.cells) else ""
        fault = faults.pop(heading, None)
        if fault is None:
            cells.append(Cell(str(value)))
        else:
            column = sheet.ledger.by_key.get(columns.get(heading, ""))
            field = f"{_CELL}{place}:{bad.number}:{index}"
            cells.append(Cell(str(value), field, _said(fault), _choices(column)))
    return Line(bad.number, tuple(cells), tuple(_said(one) for one in faults.values()))


def _choices(column: Column | None) -> tuple[tuple[str, Label | str], ...]:
    if column is None:
        return ()
    if column.type is Type.BOOLEAN:
        return YES_NO
    return tuple((option.label.zh, option.label) for option in column.options)


def _said(issue: Issue) -> Message:
    if issue.proposal is None:
        return issue.message
    return say("{finding} {proposal}", finding=issue.message, proposal=issue.proposal)


def _committed(standing: Standing) -> HttpResponseBase:
    if standing.import_id is None:
        return redirect(f"{reverse('ledger', args=[standing.ledger])}?saved=same")
    return redirect("import", standing.import_id)


def _first(ledger: Ledger) -> tuple[Column, ...]:
    """Enough of a row to recognise it."""
    keys = dict.fromkeys((*ledger.natural_key, "name", "title"))
    return tuple(ledger.by_key[key] for key in keys if key in ledger.by_key)


def _crumbs(ledger: Ledger) -> list[dict[str, Any]]:
    return [
        {"label": say("台账"), "href": reverse("ledgers")},
        {"label": ledger.label, "href": reverse("ledger", args=[ledger.key])},
        {"label": say("粘贴或上传")},
    ]


_STEPS = (
    ("start", say("粘贴或上传")),
    ("mend", say("核对、改正")),
    ("commit", say("提交")),
    ("receipt", say("回执")),
)


def _steps(now: str) -> list[dict[str, Any]]:
    return list(_states(now))


def _states(now: str) -> Iterator[dict[str, Any]]:
    state = "done"
    for key, label in _STEPS:
        if key == now:
            yield {"label": label, "state": "now"}
            state = "next"
        else:
            yield {"label": label, "state": state}
