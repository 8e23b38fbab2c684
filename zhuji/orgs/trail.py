"""How the audit trail stands: its newest seal, what waits for one, when it was last verified."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from zhuji.orgs import audit, sealing
from zhuji.orgs.audit import About, Change
from zhuji.orgs.models import Entry, MaintenanceSession, Seal
from zhuji.orgs.verify_audit import Report

VERIFIED = "audit.verify"


@dataclass(frozen=True)
class Verified:
    """One verification of the trail in use, without heads kept elsewhere."""

    at: datetime
    actor: str
    records: int
    seals: int
    findings: int


@dataclass(frozen=True)
class Trail:
    seal: Seal | None
    waiting: int
    verified: Verified | None


def standing() -> Trail:
    return Trail(sealing.head(), sealing.waiting(), last_verified())


def verify(*, actor: str, now: datetime, source: str) -> Report:
    """Verify the trail in use and tell what came out."""
    report = sealing.verify(None)
    tell(report, actor=actor, now=now, source=source)
    return report


def tell(report: Report, *, actor: str, now: datetime, source: str) -> None:
    """That the trail was verified, and what came out, is kept in the trail itself."""
    told = {
        "records": report.records,
        "seals": report.seals,
        "head": report.head,
        "findings": len(report.findings),
    }
    about = About("audit", "chain", source=source)
    audit.record(VERIFIED, about, actor=actor, now=now, change=Change(new=told))


def last_verified() -> Verified | None:
    kept = Entry.objects.filter(kind="audit", key="chain", verb=VERIFIED).last()
    if kept is None:
        return None
    told = json.loads(kept.new)
    return Verified(kept.at, kept.actor, told["records"], told["seals"], told["findings"])


def open_sessions(now: datetime) -> QuerySet[MaintenanceSession]:
    """Maintenance that goes on at this moment, by whom, where and why."""
    going_on = MaintenanceSession.objects.filter(started_at__lte=now, ends_at__gt=now)
    return going_on.select_related("appointment__person").order_by("started_at")
