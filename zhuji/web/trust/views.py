"""Backups and trail, for the three administrators: what is proven, since when, and what is open."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from zhuji.cockpit.moment import Moment
from zhuji.jobs import actions as jobs
from zhuji.jobs import auditing
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import directory
from zhuji.orgs import alerts, rights, trail
from zhuji.orgs.roles import Verb
from zhuji.programme.keeping import shelf
from zhuji.web.asked import Asked, act
from zhuji.web.doors import signed_in
from zhuji.web.lists import Head
from zhuji.web.pages import language, page

_SHOWN = 10
_ALERTS_OF = timedelta(days=30)
_BACKUPS = (
    Head(Label("备份文件", "Backup")),
    Head(Label("做成", "Made")),
    Head(Label("大小（MiB）", "Size (MiB)"), number=True),
    Head(Label("通过演练", "Proven")),
)
_DRILLS = (
    Head(Label("演练", "Drill")),
    Head(Label("备份文件", "Backup")),
    Head(Label("用时（秒）", "Seconds"), number=True),
    Head(Label("比对", "Compared"), number=True),
    Head(Label("结果", "Outcome")),
)
_SESSIONS = (
    Head(Label("谁", "Who")),
    Head(Label("机构", "Organisation")),
    Head(Label("开始", "Began")),
    Head(Label("到", "Until")),
    Head(Label("事由", "Reason")),
)


@signed_in("GET", verb=Verb.AUDIT, also=(Verb.MAINTAIN, Verb.APPOINT))
def trust(asked: Asked) -> HttpResponse:
    moment = asked.moment
    last_year = timezone.localtime(moment.now).year - 1
    context = {
        **_backups(moment),
        **_trail(moment),
        "alerts": alerts.frequent_reveals(since=moment.now - _ALERTS_OF),
        "may_audit": moment.holds(Verb.AUDIT),
        "years": [(str(year), str(year)) for year in (last_year, last_year + 1)],
        "year": str(last_year),
        "crumbs": [{"label": say("备份与留痕")}],
    }
    return page(asked, "trust/trust.html", context)


@signed_in("POST", verb=Verb.AUDIT)
def verify(asked: Asked) -> HttpResponseBase:
    return _queued(asked, auditing.VERIFY.key, {})


@signed_in("POST", verb=Verb.AUDIT)
def report(asked: Asked) -> HttpResponseBase:
    """The yearly package, from one click."""
    given = {"year": asked.POST.get("year", ""), "language": language()}
    return _queued(asked, auditing.REPORT.key, given)


def _queued(asked: Asked, kind: str, arguments: dict[str, Any]) -> HttpResponseBase:
    return redirect("job", jobs.ask_once(kind, arguments, act(asked)))


def _backups(moment: Moment) -> dict[str, Any]:
    folder = Path(settings.ZHUJI_HOME) / "backups"
    proven, backups = shelf.last_proven(folder), shelf.listed(folder)
    newest = backups[0].head.made_at if backups else None
    return {
        "proven": proven,
        "proven_age": _age(moment, proven.when) if proven else None,
        "newest": newest,
        "newest_age": _age(moment, newest) if newest else None,
        "backups": [
            {"one": one, "mib": f"{one.bytes / (1 << 20):,.1f}"} for one in backups[:_SHOWN]
        ],
        "drills": list(reversed(shelf.drills(folder)))[:_SHOWN],
        "backup_heads": _BACKUPS,
        "drill_heads": _DRILLS,
    }


def _trail(moment: Moment) -> dict[str, Any]:
    sessions = list(trail.open_sessions(moment.now))
    names = directory.names(one.appointment.org for one in sessions)
    return {
        "trail": trail.standing(),
        "is_open": rights.are_confused(),
        "sessions": [{"one": one, "org": names.get(one.appointment.org, "")} for one in sessions],
        "session_heads": _SESSIONS,
    }


def _age(moment: Moment, then: Any) -> Message:
    hours = int((moment.now - then).total_seconds() // 3600)
    if hours < 48:
        return say("{count} 小时前", count=max(hours, 0))
    return say("{count} 天前", count=hours // 24)
