"""Goals can be judged: a value in force for each stage, days inside the plan, forms that fit."""

from collections.abc import Iterator
from datetime import date, timedelta

from zhuji.kernel.errors import Issue, Level
from zhuji.kernel.messages import Message, say
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import (
    ConditionalGoal,
    CoverageGoal,
    EstimateGoal,
    Indicator,
    Plan,
    ReferenceGoal,
    RisingGoal,
    Threshold,
    ThresholdGoal,
)
from zhuji.plan.strict import Path

_Dated = ThresholdGoal | EstimateGoal | ConditionalGoal


def thresholds_are_in_force(loaded: Loaded) -> Iterator[Issue]:
    """Each stage has a value on the day when the goal falls due."""
    if loaded.plan.standard:
        return
    for indicator, goal in _dated_goals(loaded):
        due = due_day(loaded.plan, goal.by)
        for stage in indicator.stages or (None,):
            values = for_stage(goal.values, stage)
            if any(_since(value) <= due < _until(value) for value in values):
                continue
            yield _goal_issue(
                loaded,
                indicator,
                ("values",),
                say(
                    "“{name}”在 {day} 没有适用于{stage}的目标值。",
                    name=indicator.id,
                    day=due,
                    stage=_stage_name(stage),
                ),
                say("请补一个当日有效的值，或检查 since、until 和 stage。"),
                "goal.no_value",
            )


def thresholds_do_not_overlap(loaded: Loaded) -> Iterator[Issue]:
    """On any one day one value holds, or nobody can say which."""
    for indicator, goal in _dated_goals(loaded):
        for number, value in enumerate(goal.values):
            path: Path = ("values", number)
            if _since(value) >= _until(value):
                yield _goal_issue(
                    loaded,
                    indicator,
                    path,
                    say("“{name}”的目标值起日不早于止日。", name=indicator.id),
                    say("请改正 since 或 until；until 是失效的第一天。"),
                    "goal.dates",
                )
            elif any(_clash(value, other) for other in goal.values[:number]):
                yield _goal_issue(
                    loaded,
                    indicator,
                    path,
                    say("“{name}”有两个目标值同时有效。", name=indicator.id),
                    say("请用 since、until 或 stage 把它们分开。"),
                    "goal.overlap",
                )


def thresholds_name_stages_of_the_indicator(loaded: Loaded) -> Iterator[Issue]:
    for indicator, goal in _dated_goals(loaded):
        for number, value in enumerate(goal.values):
            if value.stage is not None and value.stage not in indicator.stages:
                yield _goal_issue(
                    loaded,
                    indicator,
                    ("values", number, "stage"),
                    say(
                        "“{name}”不分{stage}学段，这个目标值永远用不上。",
                        name=indicator.id,
                        stage=_stage_name(value.stage),
                    ),
                    say("请在 stages 里加上这个学段，或删去 stage。"),
                    "goal.stage",
                )


def goals_fall_due_inside_the_plan(loaded: Loaded) -> Iterator[Issue]:
    plan = loaded.plan
    for indicator in plan.indicators:
        goal = indicator.goal
        if goal is None or goal.by is None or plan.standard:
            continue
        if not plan.starts <= goal.by <= plan.ends:
            yield _goal_issue(
                loaded,
                indicator,
                ("by",),
                say(
                    "“{name}”的期限 {day} 不在规划期 {start} 至 {end} 之内。",
                    name=indicator.id,
                    day=goal.by,
                    start=plan.starts,
                    end=plan.ends,
                ),
                say("请核对规划原文，改正 by。"),
                "goal.by",
            )


def forms_fit_their_indicators(loaded: Loaded) -> Iterator[Issue]:
    for indicator in loaded.plan.indicators:
        for path, finding, proposal in _misfits(indicator):
            yield _goal_issue(loaded, indicator, path, finding, proposal, "goal.form")


def _misfits(indicator: Indicator) -> Iterator[tuple[Path, Message, Message]]:
    goal, name = indicator.goal, indicator.id
    match goal:
        case ReferenceGoal(test="gap_below", limit=None):
            yield (
                (),
                say("“{name}”要求差距小于某数，却没有写 limit。", name=name),
                say("请补上 limit，例如 limit: 0.15。"),
            )
        case ReferenceGoal(test="not_below") if goal.limit is not None:
            yield (
                ("limit",),
                say("“{name}”要求不低于参照组，limit 用不上。", name=name),
                say("请删去 limit，或把 test 改成 gap_below。"),
            )
        case RisingGoal() if indicator.period == "plan":
            yield (
                (),
                say("“{name}”要求逐期上升，但整个规划期只有一个值。", name=name),
                say("请把 period 改成 school_year 等。"),
            )
        case CoverageGoal() if indicator.source is None:
            yield (
                (),
                say("“{name}”要求全覆盖，却没有写从哪个台账里找出缺的人。", name=name),
                say("请写 source。"),
            )
    if goal is not None and goal.each == "self" and goal.share != 1:
        yield (
            ("share",),
            say("“{name}”只看单位自己，share 用不上。", name=name),
            say("请把 each 写成 school 或 town，或删去 share。"),
        )


def standing_goals_have_no_day(loaded: Loaded) -> Iterator[Issue]:
    for indicator in loaded.plan.indicators:
        goal = indicator.goal
        if goal is not None and goal.standing and goal.by is not None:
            yield loaded.issue(
                ("indicators", indicator.id, "goal", "standing"),
                say("“{name}”既自始有效（standing），又写了期限（by）。", name=indicator.id),
                say("请只留一个。"),
                code="goal.standing",
                level=Level.WARNING,
            )


def due_day(plan: Plan, by: date | None) -> date:
    """The day on which a goal must hold: its own, or the last of the plan."""
    return by or plan.ends - timedelta(days=1)


def for_stage(values: tuple[Threshold, ...], stage: str | None) -> tuple[Threshold, ...]:
    return tuple(value for value in values if value.stage in (None, stage))


def _dated_goals(loaded: Loaded) -> Iterator[tuple[Indicator, _Dated]]:
    for indicator in loaded.plan.indicators:
        if isinstance(indicator.goal, ThresholdGoal | EstimateGoal | ConditionalGoal):
            yield indicator, indicator.goal


def _since(value: Threshold) -> date:
    return value.since or date.min


def _until(value: Threshold) -> date:
    return value.until or date.max


def _clash(one: Threshold, other: Threshold) -> bool:
    same_stage = one.stage is None or other.stage is None or one.stage == other.stage
    start = max(_since(one), _since(other))
    return same_stage and start < min(_until(one), _until(other))


def _stage_name(stage: str | None) -> Message:
    names = {
        "kindergarten": say("学前"),
        "primary": say("小学"),
        "junior": say("初中"),
    }
    return names.get(stage or "", say("全部学段"))


def _goal_issue(
    loaded: Loaded,
    indicator: Indicator,
    path: Path,
    finding: Message,
    proposal: Message,
    code: str,
) -> Issue:
    whole = ("indicators", indicator.id, "goal", *path)
    return loaded.issue(whole, finding, proposal, code=code)
