"""Long work: ask for it, see how far it is, take its result."""

from typing import Any, cast
from urllib.parse import parse_qsl

from django.http import FileResponse, HttpRequest
from django.utils.translation import get_language
from ninja import File, Router, Status
from ninja.files import UploadedFile

from zhuji.api.doors import Asked, Once
from zhuji.api.problems import PROBLEMS, words
from zhuji.api.shapes import ExportOrder, JobShape
from zhuji.jobs import actions, queries
from zhuji.jobs.kinds import WORKBOOK
from zhuji.jobs.places import Given
from zhuji.orgs.idempotency import Act

router = Router(tags=["jobs"])
_FILE = {
    200: {
        "description": "OK",
        "content": {WORKBOOK: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("", response={200: list[JobShape], **PROBLEMS})
def jobs(request: HttpRequest) -> list[JobShape]:
    """One's own, the newest first."""
    return [_shape(one) for one in queries.of(_name(request))]


@router.get("/{int:number}", response={200: JobShape, **PROBLEMS})
def job(request: HttpRequest, number: int) -> JobShape:
    return _shape(queries.one(_name(request), number))


@router.get("/{int:number}/result", response=PROBLEMS, openapi_extra={"responses": _FILE})
def result(request: HttpRequest, number: int) -> FileResponse:
    """The file that the job made, kept for seven days."""
    moment = cast(Asked, request).moment
    found = actions.hand_out(moment.reader, number, now=moment.now)
    return FileResponse(
        found.path.open("rb"), as_attachment=True, filename=found.name, content_type=found.type
    )


@router.post("/exports", response={202: JobShape, **PROBLEMS})
def export(request: HttpRequest, body: ExportOrder, once: Once) -> Any:
    """A ledger as a workbook, as this reader sees it."""
    arguments = {"ledger": body.ledger, "query": parse_qsl(body.query)}
    return Status(202, _asked(request, "export", arguments, once, why=body.why))


def _asked(
    request: HttpRequest,
    kind: str,
    arguments: dict[str, Any],
    once: str,
    given: Given | None = None,
    why: str = "",
) -> JobShape:
    moment = cast(Asked, request).moment
    act = Act(moment.reader.username, moment.now, once, why, "api")
    number = actions.ask_once(kind, arguments, act, given)
    return _shape(queries.one(act.actor, number))


def _name(request: HttpRequest) -> str:
    return cast(Asked, request).moment.reader.username


def _shape(one: queries.Standing) -> JobShape:
    return JobShape(
        number=one.number,
        kind=one.kind,
        title=words(one.title),
        state=one.state,
        done=one.done,
        total=one.total,
        seconds_left=one.seconds_left,
        lines=[words(line) for line in one.lines],
        failure=words(one.failure) if one.failure else None,
        has_result=one.result is not None,
        password=one.password,
    )


@router.post("/imports", response={202: JobShape, **PROBLEMS})
def take_in(
    request: HttpRequest,
    file: File[UploadedFile],
    once: Once,
    ledger: str = "",
    dry_run: bool = False,
    good_rows: bool = False,
) -> Any:
    """A workbook or CSV, checked whole. One error keeps everything out unless `good_rows`."""
    name = str(file.name or "file")
    arguments = {
        "file": name,
        "ledger": ledger,
        "dry_run": dry_run,
        "good_rows": good_rows,
        "language": get_language() or "zh-hans",
    }
    given = Given.uploaded(name, file.chunks)
    return Status(202, _asked(request, "import", arguments, once, given))
