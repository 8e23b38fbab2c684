"""What is done every night: what is past its term goes, the audit trail is sealed.

Nobody's wish: the worker asks for it once a day, and repeating it finds nothing more to do.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from zhuji.jobs import actions, recovery
from zhuji.jobs.kinds import Done, Kind
from zhuji.jobs.models import Job
from zhuji.jobs.work import Work
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import desk, tracing, uploads
from zhuji.orgs import idempotency, months, retiring, rights, sealing, sessions
from zhuji.orgs.roles import Verb

KEY = "upkeep"
ACTOR = "system:upkeep"
WHY = "到期清理"
NIGHT = 2  # o'clock, where the county is
SIGN_INS_KEPT = timedelta(days=30)  # so that their owner may look back; the trail keeps them
Step = Callable[[datetime], Message]


def everything(now: datetime) -> tuple[Message, ...]:
    """Each step in its own transaction; what each did, in one line."""
    return tuple(step(now) for step in _STEPS)


def ask_daily(now: datetime) -> Job | None:
    """Once a night; after a night in which nobody was up, as soon as somebody is."""
    local = timezone.localtime(now)
    due = local.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    if local < due:
        due -= timedelta(days=1)
    if Job.objects.filter(kind=KEY, asked_by="", asked_at__gte=due).exists():
        return None
    return actions.ask_unattended(KEY, {}, org="", now=now)


def _keys(now: datetime) -> Message:
    return say("过期的幂等键：删去 {count} 个", count=idempotency.forget(now=now))


def _drafts(now: datetime) -> Message:
    return say("过期的草稿：删去 {count} 份", count=desk.forget(now=now))


def _uploads(now: datetime) -> Message:
    return say("过期的上传：删去 {count} 份", count=uploads.forget(now=now))


def _former(now: datetime) -> Message:
    return say("过了恢复期的旧敏感值：删去 {count} 个", count=tracing.forget_former(now=now))


def _sign_ins(now: datetime) -> Message:
    with transaction.atomic():
        count = sessions.forget(before=now - SIGN_INS_KEPT)
        Session.objects.filter(expire_date__lt=now).delete()
    return say("旧的登录记录：删去 {count} 条", count=count)


def _results(now: datetime) -> Message:
    return say("过期的后台结果：删去 {count} 份", count=recovery.sweep(now))


def _months(now: datetime) -> Message:
    if not rights.owns_trail():
        return _left(Label("留痕以后几个月的分区", "Parts of the trail for months to come"))
    return say("留痕以后几个月的分区：新建 {count} 个", count=months.make_ahead(now))


def _left(what: Label) -> Message:
    """The application may not: the owner's own timer runs the same upkeep."""
    return say("{what}：由数据表的所有者每夜执行 zhuji upkeep", what=what)


def _retired(kind: str, label: Label) -> Step:
    def step(now: datetime) -> Message:
        if not rights.owns_trail():
            return _left(label)
        before = retiring.due(kind, now)
        done = retiring.retire(kind, before, actor=ACTOR, now=now, why=WHY)
        return say("{what}：清理 {count} 条", what=label, count=done.count)

    return step


def _sealed(now: datetime) -> Message:
    return say("新封存 {count} 条留痕", count=sealing.seal_all(now=now))


_STEPS: tuple[Step, ...] = (
    _keys,
    _drafts,
    _uploads,
    _former,
    _sign_ins,
    _results,
    _months,
    _retired("view", Label("到期的查阅记录", "Views past their term")),
    _retired("entry", Label("到期的其他留痕", "Other records of the trail past their term")),
    _retired("seal", Label("到期的封存", "Seals past their term")),
    _sealed,
)


def _title(arguments: Mapping[str, Any]) -> Message:
    return say("夜间维护")


def _run(work: Work) -> Done:
    return Done(everything(work.now))


UPKEEP = Kind(
    key=KEY,
    label=Label("夜间维护", "Nightly upkeep"),
    title=_title,
    run=_run,
    verbs=frozenset({Verb.MAINTAIN}),
)
