"""Snapshots and judgements as long work, for whoever may ask for them and for the timer."""

import os
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from zhuji.jobs import actions
from zhuji.jobs.kinds import Done, Kind
from zhuji.jobs.models import Job, State
from zhuji.jobs.work import Work
from zhuji.kernel import dates
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import queries
from zhuji.orgs.roles import Verb
from zhuji.programme import enacted, kept, snapshots

# Lights follow the ledgers within minutes; a county that enters all day is not judged all day, but
# for a twentieth of it, and for a sixtieth while more wants to run than there are processors.
PAUSE = timedelta(minutes=2)
SHARE, BUSY_SHARE = 20, 60
_STEERING = frozenset({Verb.INSTRUCT, Verb.REVIEW, Verb.MAINTAIN})


def _day(arguments: Mapping[str, Any], name: str, otherwise: date) -> date:
    given = arguments.get(name)
    return dates.read_date(str(given)) if given else otherwise


def _snapshot_title(arguments: Mapping[str, Any]) -> Message:
    if arguments.get("as_of"):
        return say("建立截至 {day} 的快照", day=dates.read_date(str(arguments["as_of"])))
    return say("建立快照")


def _snapshot(work: Work) -> Done:
    manifest = snapshots.take(
        as_of=_day(work.arguments, "as_of", work.today),
        known_at=work.now,
        full=bool(work.arguments.get("full")),
        progress=work.progress,
    )
    line = say(
        "快照 {id}：{tables} 个台账，{rows} 行，截至 {as_of}",
        id=manifest.id,
        tables=len(manifest.tables),
        rows=f"{manifest.rows:,}",
        as_of=manifest.as_of,
    )
    return Done((line,), {"snapshot": manifest.id})


SNAPSHOT = Kind(
    key="snapshot",
    label=Label("建立快照", "Take a snapshot"),
    title=_snapshot_title,
    run=_snapshot,
    verbs=_STEERING,
)


def _judge_title(arguments: Mapping[str, Any]) -> Message:
    plan = str(arguments["plan"])
    if arguments.get("on"):
        return say("按 {plan} 判定 {day}", plan=plan, day=dates.read_date(str(arguments["on"])))
    return say("按 {plan} 判定今天", plan=plan)


def _judge(work: Work) -> Done:
    """Over the snapshot that is named, or the newest; `fresh`: over one taken now."""
    on = _day(work.arguments, "on", work.today)
    snapshot = work.arguments.get("snapshot")
    if work.arguments.get("fresh"):
        snapshot = snapshots.take(as_of=work.today, known_at=work.now).id
    package = enacted.package(str(work.arguments["plan"]), on)
    judging = kept.judge(package, on=on, snapshot=snapshot, progress=work.progress)
    line = say("判定完成：{plan}，{on}，依据快照 {id}", plan=judging.plan, on=on,
               id=judging.snapshot)  # fmt: skip
    return Done((line,), {"plan": judging.plan, "on": on.isoformat()})


JUDGE = Kind(
    key="judge",
    label=Label("判定", "Judge the plan"),
    title=_judge_title,
    run=_judge,
    verbs=_STEERING,
)


def ask_fresh(now: datetime) -> Job | None:
    """Judge anew what was judged before, when rows were written since."""
    judging = kept.latest()
    if judging is None or now - judging.made_at < _pause():
        return None
    changed = queries.last_change()
    if changed is None or changed <= judging.made_at:
        return None
    arguments = {"plan": judging.plan, "fresh": True}
    return actions.ask_unattended(JUDGE.key, arguments, org=judging.county, now=now)


def _pause() -> timedelta:
    """By how long the last one took."""
    done = Job.objects.filter(kind=JUDGE.key, state=State.DONE).order_by("-finished_at").first()
    if done is None or done.started_at is None or done.finished_at is None:
        return PAUSE
    return max(PAUSE, (done.finished_at - done.started_at) * _share())


def _share() -> int:
    return BUSY_SHARE if os.getloadavg()[0] > (os.cpu_count() or 1) else SHARE
