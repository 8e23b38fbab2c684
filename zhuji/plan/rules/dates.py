"""Days agree with each other: the plan's own, its versions', its duties' and its calendar's."""

from collections.abc import Iterator
from datetime import timedelta

from zhuji.kernel.calendar import PeriodKind
from zhuji.kernel.errors import BadInput, Issue, Level
from zhuji.kernel.messages import say
from zhuji.kernel.spans import add_months
from zhuji.kernel.terms import first_year_of, school_year_key
from zhuji.plan.calendar import calendar_of, term_dates
from zhuji.plan.loaded import HEADER, Loaded
from zhuji.plan.model import Batches, Duty, Quota, Window

# Acceptance and the final report come after the last day of a plan; not a policy, a tolerance.
_CLOSING_MONTHS = 6


def plan_days_agree(loaded: Loaded) -> Iterator[Issue]:
    plan = loaded.plan
    if plan.starts >= plan.ends:
        yield loaded.issue(
            (HEADER, "ends"),
            say("规划期的起 {start} 应早于止 {end}。", start=plan.starts, end=plan.ends),
            say("ends 是规划期满的次日，请改正。"),
            code="plan.dates",
        )
    elif plan.takes_effect >= plan.ends:
        yield loaded.issue(
            (HEADER, "takes_effect"),
            say("施行日 {day} 在规划期满之后。", day=plan.takes_effect),
            say("请改正 takes_effect。"),
            code="plan.dates",
        )
    if plan.takes_effect < plan.issued_on:
        yield loaded.issue(
            (HEADER, "takes_effect"),
            say("施行日 {day} 早于发文日 {issued}。", day=plan.takes_effect, issued=plan.issued_on),
            say("请核对；规划一般不溯及既往。"),
            code="plan.dates",
            level=Level.WARNING,
        )


def versions_follow_each_other(loaded: Loaded) -> Iterator[Issue]:
    """An amendment names the version it amends, and takes effect after it."""
    plan = loaded.plan
    known = {sibling.version: sibling for sibling in loaded.siblings}
    if plan.version in known:
        yield loaded.issue(
            (HEADER, "version"),
            say(
                "文件夹“{folder}”里已有版本 {version}。",
                folder=known[plan.version].folder,
                version=plan.version,
            ),
            say("修订请用新的版本号。"),
            code="version",
        )
    if plan.amends is None:
        return
    amended = known.get(plan.amends)
    if amended is None:
        yield loaded.issue(
            (HEADER, "amends"),
            say("旁边没有被修订的版本 {version}。", version=plan.amends),
            say("请把原版本放在同一文件夹下，名为 {id}。", id=plan.id),
            code="version",
        )
    elif plan.takes_effect <= amended.takes_effect:
        yield loaded.issue(
            (HEADER, "takes_effect"),
            say(
                "修订版的施行日 {day} 应晚于原版本的 {before}。",
                day=plan.takes_effect,
                before=amended.takes_effect,
            ),
            say("请改正 takes_effect；之前到期的仍按原版本。"),
            code="version",
        )


def folder_bears_the_name(loaded: Loaded) -> Iterator[Issue]:
    plan = loaded.plan
    if loaded.folder and loaded.folder.partition("@")[0] != plan.id:
        yield loaded.issue(
            (HEADER, "id"),
            say("文件夹叫“{folder}”，方案包叫“{id}”。", folder=loaded.folder, id=plan.id),
            say(
                "请把文件夹改名为 {id}（修订版为 {id}@{version}）。",
                id=plan.id,
                version=plan.version,
            ),
            code="plan.folder",
            level=Level.WARNING,
        )


def duties_run_inside_the_plan(loaded: Loaded) -> Iterator[Issue]:
    plan = loaded.plan
    for duty in plan.duties:
        starts, ends = duty.starts or plan.starts, duty.ends or plan.ends
        if starts >= ends and (duty.starts or duty.ends):
            yield loaded.issue(
                ("duties", duty.id, "ends" if duty.ends else "starts"),
                say("“{name}”的起 {start} 不早于止 {end}。", name=duty.id, start=starts, end=ends),
                say("请改正 starts 或 ends；ends 是期满的次日。"),
                code="duty.dates",
            )
        elif loaded.is_own("duties", duty.id) and (starts < plan.starts or ends > plan.ends):
            yield loaded.issue(
                ("duties", duty.id, "starts" if starts < plan.starts else "ends"),
                say(
                    "“{name}”的起止 {first} 至 {last} 超出规划期 {start} 至 {end}。",
                    name=duty.id,
                    first=starts,
                    last=ends,
                    start=plan.starts,
                    end=plan.ends,
                ),
                say("请核对规划原文，改正 starts 或 ends。"),
                code="duty.dates",
            )


def duties_are_whole(loaded: Loaded) -> Iterator[Issue]:
    """A length needs both of its days; people are chosen only where people owe the duty."""
    for duty in loaded.plan.duties:
        cadence = duty.cadence
        timed = isinstance(cadence, Batches) and (cadence.least_months or cadence.least_days)
        if timed and isinstance(cadence, Batches) and cadence.ends is None:
            yield loaded.issue(
                ("duties", duty.id, "cadence"),
                say("“{name}”要求每批的最短时间，却没有写结束日在哪一列。", name=duty.id),
                say("请在 cadence 里写 ends。"),
                code="duty.batches",
            )
        if duty.subject == "org" and duty.population is not None:
            yield loaded.issue(
                ("duties", duty.id, "population"),
                say("“{name}”由单位承担，population 用不上。", name=duty.id),
                say("请把 subject 写成 staff 或 pupil，或删去 population。"),
                code="duty.population",
            )


def milestones_fall_inside_the_plan(loaded: Loaded) -> Iterator[Issue]:
    plan = loaded.plan
    last = add_months(plan.ends, _CLOSING_MONTHS) if plan.ends.year < 9999 else plan.ends
    for stone in plan.milestones:
        if loaded.is_own("milestones", stone.id) and not plan.starts <= stone.by <= last:
            yield loaded.issue(
                ("milestones", stone.id, "by"),
                say(
                    "“{name}”的期限 {day} 不在规划期 {start} 至 {end} 之内。",
                    name=stone.id,
                    day=stone.by,
                    start=plan.starts,
                    end=plan.ends,
                ),
                say("请核对规划原文，改正 by。"),
                code="milestone.by",
            )


def milestones_name_one_subject(loaded: Loaded) -> Iterator[Issue]:
    for stone in loaded.plan.milestones:
        if (stone.org is None) == (stone.among is None):
            yield loaded.issue(
                ("milestones", stone.id),
                say("“{name}”应写明由哪个单位（org）或哪组单位（among）办成。", name=stone.id),
                say("请二者写一。"),
                code="milestone.subject",
            )


def calendar_fits_together(loaded: Loaded) -> Iterator[Issue]:
    broken = False
    for number, term in enumerate(loaded.plan.calendar.terms):
        try:
            term_dates(term)
        except BadInput as refusal:
            broken = True
            yield loaded.issue(
                ("calendar", "terms", number),
                refusal.message,
                say("请核对校历；各段的止日是结束的次日。"),
                code="calendar",
            )
    if broken or loaded.plan.starts >= loaded.plan.ends:
        return
    try:
        calendar_of(loaded.plan)
    except BadInput as refusal:
        yield loaded.issue(("calendar",), refusal.message, say("请改正校历。"), code="calendar")


def weekly_duties_have_teaching_weeks(loaded: Loaded) -> Iterator[Issue]:
    """Without the school calendar nobody knows in which weeks there was school."""
    plan = loaded.plan
    if plan.standard or plan.starts >= plan.ends:
        return
    known = {term.school_year for term in plan.calendar.terms}
    for duty in plan.duties:
        if not _is_weekly(duty):
            continue
        first = first_year_of(max(duty.starts or plan.starts, plan.starts))
        last = first_year_of(min(duty.ends or plan.ends, plan.ends) - timedelta(days=1))
        for year in range(first, last + 1):
            if school_year_key(year) not in known:
                yield loaded.issue(
                    ("duties", duty.id, "cadence", "every"),
                    say(
                        "“{name}”按周计，但没有 {year} 学年的校历。",
                        name=duty.id,
                        year=school_year_key(year),
                    ),
                    say("请在 calendar.yaml 里补上这一学年。"),
                    code="duty.calendar",
                )


def _is_weekly(duty: Duty) -> bool:
    return isinstance(duty.cadence, Window | Quota) and duty.cadence.every is PeriodKind.WEEK
