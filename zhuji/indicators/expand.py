"""Stage expansion: `l1` for primary and junior becomes `l1.primary` and `l1.junior`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlglot import exp

from zhuji.indicators.formula import CANONICAL, Allow, parse_formula
from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import Label, say
from zhuji.plan.model import AnyGoal, ConditionalGoal, EstimateGoal, Indicator, ThresholdGoal

STAGES: Mapping[str, Label] = {
    "kindergarten": Label("学前", "kindergarten"),
    "primary": Label("小学", "primary"),
    "junior": Label("初中", "lower secondary"),
}


def expand(indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """One indicator for each stage it names; the others unchanged, in the order given."""
    stages = {indicator.id: indicator.stages for indicator in indicators}
    every: list[Indicator] = []
    for indicator in indicators:
        if not indicator.stages:
            _refuse_by_stage(indicator)
            every.append(indicator)
            continue
        every.extend(_for_stage(indicator, stage, stages) for stage in indicator.stages)
    _refuse_repeated(every)
    return tuple(every)


def as_column(identifier: str) -> str:
    """How an id is written in SQL: l1.primary as l1__primary."""
    return identifier.replace(".", "__")


def as_id(column: str) -> str:
    return column.replace("__", ".")


def stage_of(indicator: Indicator) -> str:
    """The stage whose rows it counts; `*` for all of them."""
    return indicator.stages[0] if len(indicator.stages) == 1 else "*"


def _for_stage(
    indicator: Indicator, stage: str, stages: Mapping[str, Collection[str]]
) -> Indicator:
    value = _chosen(indicator, "value", stage)
    assert value is not None
    if indicator.source is None:
        value = _bound(value, stage, stages)
    return indicator.model_copy(
        update={
            "id": f"{indicator.id}.{stage}",
            "label": _label(indicator.label, STAGES[stage]),
            "value": value,
            "where": _chosen(indicator, "where", stage),
            "stages": (stage,),
            "goal": _goal(indicator.goal, stage, stages),
        }
    )


def _label(label: Label, stage: Label) -> Label:
    return Label(f"{label.zh}（{stage.zh}）", f"{label.en} ({stage.en})")


def _chosen(indicator: Indicator, name: str, stage: str) -> str | None:
    text: str | Mapping[str, str] | None = getattr(indicator, name)
    if text is None or isinstance(text, str):
        return text
    if stage not in text:
        raise BadInput(
            say(
                "指标 {id} 的 {field} 没有写学段“{stage}”。",
                id=indicator.id,
                field=name,
                stage=STAGES[stage],
            )
        )
    return text[stage]


def _bound(value: str, stage: str, stages: Mapping[str, Collection[str]]) -> str:
    """A bare id means the same stage's variant where there is one."""
    tree = parse_formula(value, allow=Allow.INDICATORS).copy()
    for column in list(tree.find_all(exp.Column)):
        column.this.set("this", as_column(_variant(as_id(column.name), stage, stages)))
    return tree.sql(dialect=CANONICAL)


def _variant(identifier: str, stage: str, stages: Mapping[str, Collection[str]]) -> str:
    return f"{identifier}.{stage}" if stage in stages.get(identifier, ()) else identifier


def _goal(
    goal: AnyGoal | None, stage: str, stages: Mapping[str, Collection[str]]
) -> AnyGoal | None:
    if not isinstance(goal, ThresholdGoal | EstimateGoal | ConditionalGoal):
        return goal
    changes: dict[str, object] = {
        "values": tuple(each for each in goal.values if each.stage in (None, stage))
    }
    if isinstance(goal, ConditionalGoal):
        changes["when"] = _variant(goal.when, stage, stages)
    if isinstance(goal, EstimateGoal) and goal.invited:
        changes["invited"] = _variant(goal.invited, stage, stages)
    return goal.model_copy(update=changes)


def _refuse_by_stage(indicator: Indicator) -> None:
    if not isinstance(indicator.value, str) or isinstance(indicator.where, dict):
        raise BadInput(
            say("指标 {id} 按学段写了算式，但没有写 stages。", id=indicator.id),
        )


def _refuse_repeated(indicators: Sequence[Indicator]) -> None:
    seen: set[str] = set()
    for indicator in indicators:
        if indicator.id in seen:
            raise BadInput(say("指标 {id} 出现了两次。", id=indicator.id))
        seen.add(indicator.id)
