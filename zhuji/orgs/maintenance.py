"""Maintenance sessions: what a system administrator may see, for how long, and why."""

from datetime import datetime, timedelta

from django.db import transaction

from zhuji.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from zhuji.kernel.messages import say
from zhuji.orgs import audit, county, queries
from zhuji.orgs.audit import About, Change
from zhuji.orgs.models import LONGEST_MAINTENANCE, MaintenanceSession, Person
from zhuji.orgs.roles import ROLES_BY_KEY, Verb


@transaction.atomic
def open_session(*, actor: Person, now: datetime, minutes: int, why: str) -> MaintenanceSession:
    """Let a system administrator see masked rows for at most half an hour, and say why."""
    posts = queries.in_force(actor, county.today(now)).select_for_update(of=("self",))
    post = next((one for one in posts if Verb.MAINTAIN in ROLES_BY_KEY[one.role].verbs), None)
    if post is None:
        raise NotAllowed(say("只有系统管理员可以打开维护时段。"))
    if not 1 <= minutes <= LONGEST_MAINTENANCE:
        raise BadInput(say("维护时段为 1 至 {longest} 分钟。", longest=LONGEST_MAINTENANCE))
    if not why.strip():
        raise BadInput(say("请写明打开维护时段的事由。"))
    if queries.open_session(actor, now) is not None:
        raise Refused(say("已有打开的维护时段，请先结束它。"))
    made = MaintenanceSession.objects.create(
        appointment=post,
        reason=why,
        started_at=now,
        ends_at=now + timedelta(minutes=minutes),
        minutes=minutes,
    )
    about = About("maintenance_session", str(made.pk), post.org)
    change = Change(new={"ends_at": made.ends_at})
    audit.record("maintenance.open", about, actor=actor.username, now=now, change=change, why=why)
    return made


@transaction.atomic
def close_session(*, actor: Person, now: datetime) -> None:
    """End one's own open session before its time."""
    kept = queries.open_session(actor, now)
    if kept is None:
        raise NotFound(say("没有打开的维护时段。"))
    kept.ends_at = now
    kept.save(update_fields=["ends_at"])
    about = About("maintenance_session", str(kept.pk), kept.appointment.org)
    audit.record("maintenance.close", about, actor=actor.username, now=now)
