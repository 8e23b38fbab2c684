"""A plan as a page of Markdown, in the language of the one who writes the words."""

from collections.abc import Callable, Iterable, Iterator

from zhuji.kernel.messages import Label, Message, say
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import (
    Batches,
    ConditionalGoal,
    Duty,
    EstimateGoal,
    FollowUp,
    Goal,
    Indicator,
    Milestone,
    Plan,
    Quota,
    ReferenceGoal,
    RisingGoal,
    Threshold,
    ThresholdGoal,
    Window,
)
from zhuji.plan.tree import Node

Words = Callable[[Message | Label], str]


def page(loaded: Loaded, words: Words = str) -> str:
    """The whole page; `words` turns a sentence or a label into text, Chinese unless told."""
    plan = loaded.plan
    parts = [
        [f"# {words(plan.title)}"],
        _facts(plan, words),
        _outline(loaded, words),
        _table(
            words,
            say("指标"),
            (say("编号"), say("名称"), say("条款"), say("单位"), say("目标"), say("来自")),
            (_indicator_row(loaded, indicator, words) for indicator in plan.indicators),
        ),
        _table(
            words,
            say("责任"),
            (say("编号"), say("名称"), say("条款"), say("谁"), say("多少"), say("凭")),
            (_duty_row(duty, words) for duty in plan.duties),
        ),
        _table(
            words,
            say("里程碑"),
            (say("编号"), say("名称"), say("条款"), say("谁"), say("期限"), say("凭")),
            (_milestone_row(stone, words) for stone in plan.milestones),
        ),
        _table(
            words,
            say("应对上的数"),
            (say("编号"), say("名称"), say("条款"), say("分项"), say("合计")),
            (
                (stated.id, words(stated.label), stated.clause,
                 " + ".join(map(str, stated.parts)),
                 f"{stated.comparator.symbol} {stated.total}")
                for stated in plan.sums
            ),
        ),
    ]  # fmt: skip
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _facts(plan: Plan, words: Words) -> list[str]:
    facts = [
        (say("编号"), f"{plan.id} {plan.version}"),
        (say("发文"), " ".join(filter(None, (words(plan.issuer), plan.number)))),
        (say("规划期"), f"{plan.starts} – {plan.ends}"),
        (say("施行"), str(plan.takes_effect)),
        (say("修订"), plan.amends or ""),
        (say("引用"), "、".join(wanted.package for wanted in plan.imports)),
        (say("出处"), plan.source),
    ]
    return [f"- {words(name)}: {text}" for name, text in facts if text]


def _outline(loaded: Loaded, words: Words) -> list[str]:
    """The tree as nested points; what a standard brought says so."""
    depth: dict[str, int] = {}
    lines = [f"## {words(say('目录'))}", ""]
    for node in loaded.tree:
        depth[node.id] = depth.get(node.parent or "", -1) + 1
        lines.append("  " * depth[node.id] + _point(loaded, node, words))
    return lines if loaded.tree else []


def _point(loaded: Loaded, node: Node, words: Words) -> str:
    home = loaded.origin.get(node.id, loaded.plan.id)
    brought = "" if home == loaded.plan.id else f" ({home})"
    return f"- {words(_KINDS[node.kind])} `{node.id}` {words(node.label)}{brought}"


def _table(
    words: Words, title: Message, heads: Iterable[Message], rows: Iterable[Iterable[str]]
) -> list[str]:
    body = [_line(row) for row in rows]
    if not body:
        return []
    columns = [words(head) for head in heads]
    rule = "|" + "---|" * len(columns)
    return [f"## {words(title)}", "", _line(columns), rule, *body]


def _line(cells: Iterable[str]) -> str:
    clean = (" ".join(cell.replace("|", "\\|").split()) for cell in cells)
    return "| " + " | ".join(clean) + " |"


def _indicator_row(loaded: Loaded, indicator: Indicator, words: Words) -> Iterator[str]:
    yield f"`{indicator.id}`"
    yield words(indicator.label)
    yield "、".join(indicator.clauses)
    yield indicator.unit
    yield words(goal_sentence(indicator.goal)) if indicator.goal else ""
    yield loaded.origin.get(indicator.id, loaded.plan.id)


def _duty_row(duty: Duty, words: Words) -> tuple[str, ...]:
    return (
        f"`{duty.id}`",
        words(duty.label),
        "、".join(duty.clauses),
        duty.owner,
        words(cadence_sentence(duty)),
        duty.evidence.ledger,
    )


def _milestone_row(stone: Milestone, words: Words) -> tuple[str, ...]:
    return (
        f"`{stone.id}`",
        words(stone.label),
        "、".join(stone.clauses),
        stone.owner,
        str(stone.by),
        stone.evidence.ledger,
    )


def goal_sentence(goal: Goal) -> Message:
    """A goal in words; values carry their stage and days."""
    match goal:
        case ThresholdGoal() | EstimateGoal() | ConditionalGoal():
            return _valued(goal, _compared(goal.comparator.label, goal.values))
        case ReferenceGoal(test="gap_below"):
            return say("与“{group}”的差距小于 {limit}", group=goal.group, limit=goal.limit)
        case ReferenceGoal():
            return say("不低于“{group}”", group=goal.group)
        case RisingGoal():
            return say("逐期上升") if goal.strictly else say("逐期不降")
        case _:
            return say("全覆盖")


def _valued(goal: ThresholdGoal | EstimateGoal | ConditionalGoal, claim: Message) -> Message:
    match goal:
        case EstimateGoal():
            return say("抽样估计{claim}，至少 {n} 份", claim=claim, n=goal.least_n)
        case ConditionalGoal():
            return say(
                "{when} {symbol} {value} 时，{claim}",
                when=goal.when,
                symbol=goal.when_comparator.symbol,
                value=goal.when_value,
                claim=claim,
            )
        case _:
            return claim


def _compared(comparator: Label, values: tuple[Threshold, ...]) -> Message:
    return say(
        "{comparator} {values}",
        comparator=comparator,
        values="; ".join(_value(value) for value in values),
    )


def _value(value: Threshold) -> str:
    days = f" [{value.since or ''}, {value.until or ''})" if value.since or value.until else ""
    stage = f" ({value.stage})" if value.stage else ""
    return f"{value.value}{stage}{days}"


def cadence_sentence(duty: Duty) -> Message:
    match duty.cadence:
        case Window(every=every, times=times):
            return say("每{period} {times} 次", period=_PERIODS[every.value], times=times)
        case Batches(batches=batches, least_months=months, least_days=days):
            return say(
                "共 {batches} 批，每批至少 {months} 个月 {days} 天",
                batches=batches,
                months=months,
                days=days,
            )
        case Quota(every=every, total=total, floors=floors):
            whole = say("每{period}合计 {total}", period=_PERIODS[every.value], total=total)
            parts = [say("{part}不少于 {least}", part=one.label, least=one.at_least)
                     for one in floors]  # fmt: skip
            return say("{whole}，其中{parts}", whole=whole, parts=parts) if parts else whole
        case FollowUp(within_days=days, working_days=True):
            return say("{days} 个工作日内答复", days=days)
        case FollowUp(within_days=days):
            return say("{days} 天内答复", days=days)


_KINDS = {
    "target": say("目标"),
    "action": say("行动"),
    "measure": say("措施"),
    "safeguard": say("保障"),
    "indicator": say("指标"),
    "duty": say("责任"),
    "milestone": say("里程碑"),
}
_PERIODS = {
    "school_year": Label("学年", "school year"),
    "term": Label("学期", "term"),
    "week": Label("教学周", "teaching week"),
    "quarter": Label("季度", "quarter"),
    "month": Label("月", "month"),
    "calendar_year": Label("年", "year"),
    "plan_year": Label("规划年度", "plan year"),
    "plan": Label("规划期", "plan"),
    "day": Label("日", "day"),
}
