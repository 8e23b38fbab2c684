"""Putting a version of a plan in force: one proposes, another confirms, nothing past is changed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from zhuji.kernel.errors import BadInput, Issue, Level, NotAllowed, NotFound, Refused
from zhuji.kernel.messages import Message, say
from zhuji.ledgers import visibility
from zhuji.orgs import audit
from zhuji.orgs.audit import About, Change
from zhuji.orgs.roles import Verb
from zhuji.orgs.scope import Reader
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import Indicator, Milestone, Plan
from zhuji.plan.versions import Change as PlanChange
from zhuji.plan.versions import compare, due_on
from zhuji.programme import enacted, library
from zhuji.programme.library import Volume
from zhuji.programme.models import Enactment

_LONGEST = 255


@dataclass(frozen=True)
class Consequences:
    """What it would mean to put a version in force from a day on."""

    volume: Volume
    since: date
    before: Loaded | None  # the version that it would follow
    changes: tuple[PlanChange, ...]
    obstacles: tuple[Message, ...]
    issues: tuple[Issue, ...]  # errors of the package itself

    @property
    def is_possible(self) -> bool:
        return not self.obstacles and not self.issues


# --- looking ---------------------------------------------------------------------------------


def county_of(reader: Reader) -> str:
    """The county for which this reader may put a version in force; nothing where none."""
    rows = visibility.visible_to(reader, "orgs").filter(kind="county")
    codes = rows.values_list("org", flat=True)
    return next((code for code in codes if reader.may(Verb.PUBLISH, code)), "")


def pending() -> tuple[Enactment, ...]:
    found = Enactment.objects.filter(confirmed_at=None, withdrawn_at=None)
    return tuple(found.order_by("plan", "since"))


def history() -> tuple[Enactment, ...]:
    """What was decided, the newest first."""
    found = Enactment.objects.exclude(confirmed_at=None, withdrawn_at=None)
    return tuple(found.order_by("-proposed_at"))


def consequences(one: Volume, since: date, *, today: date) -> Consequences:
    found = library.examine(one)
    errors = tuple(issue for issue in found.issues if issue.level is Level.ERROR)
    if found.loaded is None or errors:
        return Consequences(one, since, None, (), (), errors)
    every = _standing(one)
    before = _follows(every, since)
    new = enacted.taking_effect(found.loaded, since)
    obstacles = (*_of_itself(new.plan, today), *_of_others(every, since, today))
    if before is not None:
        obstacles += _of_the_past(before.plan, new.plan, since)
    changes = compare(before.plan, new.plan) if before is not None else ()
    return Consequences(one, since, before, changes, obstacles, ())


# --- doing -----------------------------------------------------------------------------------


@transaction.atomic
def propose(reader: Reader, key: str, since: date, why: str, *, now: datetime) -> Enactment:
    """Says which version from which day, and why; it judges nobody until another confirms it."""
    county = _must_publish(reader)
    reason = " ".join(why.split())
    if not reason:
        raise BadInput(say("请写明施行这个版本的依据或理由。"))
    if len(reason) > _LONGEST:
        raise BadInput(say("理由最多 {most} 个字。", most=_LONGEST))
    one = library.volume(key)
    _must_be_possible(one, since, reader.today)
    open_ones = Enactment.objects.filter(plan=one.id, confirmed_at=None, withdrawn_at=None)
    if open_ones.exists():
        raise Refused(say("“{plan}”已有一个待确认的施行提议，请先确认或撤回。", plan=one.id))
    made = Enactment.objects.create(
        plan=one.id,
        version=one.version,
        package=one.key,
        digest=one.digest,
        since=since,
        why=reason,
        proposed_by=reader.username,
        proposed_at=now,
    )
    change = Change(new={"version": made.version, "since": since, "digest": made.digest})
    _record("plan.propose", made, county, reader, now, change)
    return made


@transaction.atomic
def confirm(reader: Reader, number: int, *, now: datetime) -> Enactment:
    """From now on the version judges what falls due from its day on."""
    county = _must_publish(reader)
    made = _open(number)
    if made.proposed_by == reader.username:
        raise NotAllowed(say("提出人不能自己确认，请另一位有发布权限的人确认。"))
    one = library.volume(made.package)
    if one.digest != made.digest:
        raise Refused(say("方案包在提出以后改过，请撤回这个提议，重新提出。"))
    _must_be_possible(one, made.since, reader.today)
    made.confirmed_by, made.confirmed_at = reader.username, now
    made.save(update_fields=["confirmed_by", "confirmed_at"])
    change = Change(new={"version": made.version, "since": made.since, "digest": made.digest})
    _record("plan.enact", made, county, reader, now, change)
    return made


@transaction.atomic
def withdraw(reader: Reader, number: int, *, now: datetime) -> Enactment:
    """A proposal that nobody has confirmed yet is taken back; the trace of it stays."""
    county = _must_publish(reader)
    made = _open(number)
    made.withdrawn_by, made.withdrawn_at = reader.username, now
    made.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _record("plan.withdraw", made, county, reader, now, Change())
    return made


def _record(
    verb: str, made: Enactment, county: str, reader: Reader, now: datetime, change: Change
) -> None:
    about = About("enactment", str(made.pk), county)
    audit.record(verb, about, actor=reader.username, now=now, change=change, why=made.why)


def _must_publish(reader: Reader) -> str:
    county = county_of(reader)
    if not county:
        raise NotAllowed(say("只有县级有发布权限的人可以办理方案版本。"))
    return county


def _open(number: int) -> Enactment:
    found = Enactment.objects.select_for_update().filter(pk=number).first()
    if found is None:
        raise NotFound(say("没有这个施行提议。"))
    if found.confirmed_at is not None:
        raise Refused(say("这个版本已经确认施行。"))
    if found.withdrawn_at is not None:
        raise Refused(say("这个提议已经撤回。"))
    return found


def _must_be_possible(one: Volume, since: date, today: date) -> None:
    found = consequences(one, since, today=today)
    if found.issues:
        raise Refused(
            say("方案包有 {count} 处错误，改正以后才能施行。", count=len(found.issues)),
            found.issues,
        )
    if found.obstacles:
        raise Refused(
            found.obstacles[0],
            tuple(Issue(Level.ERROR, one) for one in found.obstacles),
        )


# --- what stands in the way ------------------------------------------------------------------


def _standing(one: Volume) -> tuple[Loaded, ...]:
    """The other versions that count today, each from its day on."""
    every = enacted.versions(one.id)
    return tuple(each for each in every if each.plan.version != one.version)


def _follows(every: tuple[Loaded, ...], since: date) -> Loaded | None:
    earlier = [each for each in every if each.plan.takes_effect < since]
    return max(earlier, key=lambda each: each.plan.takes_effect, default=None)


def _of_itself(new: Plan, today: date) -> tuple[Message, ...]:
    found: list[Message] = []
    if new.standard:
        found.append(say("标准包随引用它的方案生效，不能单独施行。"))
    for each in enacted.versions(new.id):
        same = each.plan.version == new.version
        if same and (each.plan.takes_effect <= today or _is_ruled(each.plan)):
            found.append(
                say("版本 {version} 自 {day} 起已经施行；改动请用新的版本号。",
                    version=new.version, day=each.plan.takes_effect)
            )  # fmt: skip
    if new.takes_effect >= new.ends:
        found.append(say("施行日在规划期满之后。"))
    return tuple(found)


def _of_others(every: tuple[Loaded, ...], since: date, today: date) -> tuple[Message, ...]:
    """A version that judges already, or is due to, keeps what falls due from its day on."""
    return tuple(
        say(
            "版本 {version} 自 {day} 起已经施行；新版本的施行日应晚于这一天。",
            version=each.plan.version,
            day=each.plan.takes_effect,
        )
        for each in every
        if each.plan.takes_effect >= since
        and (each.plan.takes_effect <= today or _is_ruled(each.plan))
    )


def _is_ruled(plan: Plan) -> bool:
    return enacted.confirmed(plan.id).filter(version=plan.version).exists()


def _of_the_past(old: Plan, new: Plan, since: date) -> tuple[Message, ...]:
    """Whatever was due before the day stays as the older version had it."""
    found: list[Message] = []
    if new.starts != old.starts:
        found.append(
            say("新版本把规划期的起点从 {old} 改成 {new}，会改变以前到期的事项。",
                old=old.starts, new=new.starts)
        )  # fmt: skip
    known = {(type(one), one.id): due_on(one) for one in _dated(old)}
    for one in _dated(new):
        due = due_on(one)
        if due is not None and due < since and known.get((type(one), one.id)) != due:
            found.append(
                say("“{id}”的期限 {due} 在施行日之前，原版本不是这样规定的。", id=one.id, due=due)
            )
    if _days_before(old, since) != _days_before(new, since):
        found.append(say("新版本改动了施行日以前的校历，会改变以前的期限。"))
    return tuple(found)


def _dated(plan: Plan) -> tuple[Indicator | Milestone, ...]:
    return (*plan.indicators, *plan.milestones)


def _days_before(plan: Plan, since: date) -> object:
    """Of the calendar what had begun before the day."""
    told = plan.calendar
    return (
        sorted(day for day in told.holidays if day < since),
        sorted(day for day in told.makeup_days if day < since),
        sorted(
            (term.school_year, term.second_term, term.teaching)
            for term in told.terms if term.teaching[0][0] < since
        ),
    )  # fmt: skip
