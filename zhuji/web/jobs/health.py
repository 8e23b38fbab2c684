"""Whether the service lives, for whoever watches machines; nothing of people or of the county."""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from zhuji.jobs import pulse
from zhuji.kernel.messages import Label
from zhuji.orgs.clock import database_now
from zhuji.programme import snapshots
from zhuji.programme.keeping import shelf
from zhuji.warehouse.manifest import FILE_NAME
from zhuji.web.doors import public
from zhuji.web.pages import page

_SLOW_BEAT = 30.0  # seconds without a beat; a worker beats every two


@dataclass(frozen=True)
class Check:
    """`ok`: None where there is nothing to be right or wrong yet."""

    key: str
    label: Label
    ok: bool | None
    age: float | None = None

    @property
    def minutes(self) -> int | None:
        return None if self.age is None else int(self.age // 60)


@public("GET")
def health(request: HttpRequest) -> HttpResponse:
    """503 when the database is gone; without a worker the pages work, so that is told only."""
    checks = _checks()
    database, worker = checks[0].ok, checks[1].ok
    status = "ok" if database and worker else "degraded" if database else "failed"
    code = 200 if database else 503
    if database and request.accepts("text/html") and not request.accepts("application/json"):
        return page(request, "jobs/health.html", {"checks": checks, "status": status})
    told = {one.key: {"ok": one.ok, "age_seconds": _whole(one.age)} for one in checks}
    return JsonResponse({"status": status, **told}, status=code)


def _checks() -> tuple[Check, ...]:
    beat = pulse.last_beat()
    now = timezone.now()  # noqa: TID251  # a face; the database's own clock may be gone
    return (
        Check("database", Label("数据库", "Database"), _answers()),
        Check(
            "worker",
            Label("后台进程", "Worker"),
            beat is not None and beat < _SLOW_BEAT,
            beat,
        ),
        Check("snapshot", Label("最近的快照", "Newest snapshot"), None, _snapshot_age()),
        Check("drill", Label("最近一次证明可恢复", "Last proven restore"), None, _drill_age(now)),
    )


def _answers() -> bool:
    try:
        database_now()
    except Error:
        return False
    return True


def _snapshot_age() -> float | None:
    """By the files alone: reading every manifest for every caller would be a gift to a vandal."""
    made = [path.stat().st_mtime for path in snapshots.store().glob(f"[0-9]*/{FILE_NAME}")]
    return time.time() - max(made) if made else None


def _drill_age(now: datetime) -> float | None:
    proven = shelf.last_proven(Path(settings.ZHUJI_HOME) / "backups")
    return None if proven is None else (now - proven.when).total_seconds()


def _whole(age: float | None) -> int | None:
    return None if age is None else int(age)
