"""Indicators stand on what exists: formulas name indicators, stages agree, no circles."""

from collections.abc import Iterator

from zhuji.kernel.errors import Issue
from zhuji.kernel.messages import Message, say
from zhuji.plan.formula import by_stage, names
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import Indicator, Plan
from zhuji.plan.rules.references import indicator_ids, unknown
from zhuji.plan.strict import Path
from zhuji.plan.tree import variants

_LEAVE = ""  # no id; on the stack it ends the node before


def formulas_name_indicators(loaded: Loaded) -> Iterator[Issue]:
    known = indicator_ids(loaded.plan)
    declared = {indicator.id: indicator for indicator in loaded.plan.indicators}
    for indicator, stage, path, expression in _formulas(loaded.plan):
        for written in sorted(names(expression)):
            if resolve(written, stage, declared, known) is not None:
                continue
            target = declared.get(spelt(written, known))
            if target is None:
                yield unknown(loaded, path, written, known, say("指标"))
            else:
                yield _which_stage(loaded, path, indicator, target)


def _which_stage(loaded: Loaded, path: Path, indicator: Indicator, target: Indicator) -> Issue:
    return loaded.issue(
        path,
        say("“{name}”引用的“{target}”分学段，要写明哪一个。", name=indicator.id, target=target.id),
        say(
            "请写成 {example} 这样。", example=f"{target.id.replace('.', '__')}__{target.stages[0]}"
        ),
        code="formula.stage",
    )


def formulas_make_no_circle(loaded: Loaded) -> Iterator[Issue]:
    graph = formula_graph(loaded.plan)
    for circle in _circles(graph):
        owner = _declared_by(loaded.plan, circle[0])
        yield loaded.issue(
            ("indicators", owner, "value"),
            say("指标互相引用，成了一圈：{circle}。", circle=" → ".join([*circle, circle[0]])),
            say("请改正其中一个的算式。"),
            code="cycle",
        )


def formulas_stand_on_something(loaded: Loaded) -> Iterator[Issue]:
    """Without a source the value comes from other indicators, and rows cannot be chosen."""
    for indicator in loaded.plan.indicators:
        for field, finding, proposal in _groundless(indicator):
            path = ("indicators", indicator.id, field)
            yield loaded.issue(path, finding, proposal, code="formula.source")


def _groundless(indicator: Indicator) -> Iterator[tuple[str, Message, Message]]:
    if indicator.source is not None:
        return
    needs_source = say("请写 source，或删去这一行。")
    if indicator.where is not None:
        yield "where", say("“{name}”没有 source，where 用不上。", name=indicator.id), needs_source
    if indicator.split:
        yield "split", say("“{name}”没有 source，split 用不上。", name=indicator.id), needs_source
    if not any(names(text) for text in by_stage(indicator.value).values()):
        yield (
            "value",
            say("“{name}”没有 source，算式里也没有别的指标。", name=indicator.id),
            say("请写 source，或在算式里写别的指标的编号。"),
        )


def stages_agree(loaded: Loaded) -> Iterator[Issue]:
    """Where an expression is given per stage, it is given for exactly the indicator's stages."""
    for indicator in loaded.plan.indicators:
        if len(set(indicator.stages)) != len(indicator.stages):
            yield loaded.issue(
                ("indicators", indicator.id, "stages"),
                say("“{name}”的学段有重复。", name=indicator.id),
                say("请删去重复的学段。"),
                code="indicator.stages",
            )
        for field, value in (("value", indicator.value), ("where", indicator.where)):
            if isinstance(value, dict) and set(value) != set(indicator.stages):
                yield loaded.issue(
                    ("indicators", indicator.id, field),
                    say("“{name}”按学段写的 {field} 与 stages 不一致。", name=indicator.id,
                        field=field),
                    say("stages 里的每个学段各写一条，不多不少。"),
                    code="indicator.stages",
                )  # fmt: skip


def spelt(written: str, known: set[str]) -> str:
    """In SQL an id's dots are double underscores."""
    return written if written in known else written.replace("__", ".")


def resolve(
    written: str, stage: str | None, declared: dict[str, Indicator], known: set[str]
) -> str | None:
    """The value a name in a formula stands for; None when there is none, or no single one."""
    name = spelt(written, known)
    target = declared.get(name)
    if target is None or not target.stages:
        return name if name in known else None
    return f"{name}.{stage}" if stage in target.stages else None


def formula_graph(plan: Plan) -> dict[str, list[str]]:
    """Which values each computed value needs, by the ids under which they are known."""
    known = indicator_ids(plan)
    declared = {indicator.id: indicator for indicator in plan.indicators}
    graph: dict[str, list[str]] = {}
    for indicator, stage, _, expression in _formulas(plan):
        name = indicator.id if stage is None else f"{indicator.id}.{stage}"
        found = (resolve(written, stage, declared, known) for written in names(expression))
        graph[name] = sorted(target for target in found if target is not None)
    return graph


def _formulas(plan: Plan) -> Iterator[tuple[Indicator, str | None, Path, str]]:
    """Expressions over indicators: one for each stage of an indicator that has stages."""
    for indicator in plan.indicators:
        if indicator.source is not None:
            continue
        texts = by_stage(indicator.value)
        for _, stage in variants(indicator):
            path: Path = ("indicators", indicator.id, "value")
            if stage in texts and stage is not None:
                path = (*path, stage)
            text = texts.get(stage, texts.get(None))
            if text is not None:
                yield indicator, stage, path, text


def _declared_by(plan: Plan, name: str) -> str:
    owners = {
        value_id: indicator.id
        for indicator in plan.indicators
        for value_id, _ in variants(indicator)
    }
    return owners.get(name, name)


def _circles(graph: dict[str, list[str]]) -> Iterator[list[str]]:
    """Each circle once; depth first with a stack of its own."""
    settled: set[str] = set()
    for start in graph:
        chain: list[str] = []
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node == _LEAVE:
                settled.add(chain.pop())
            elif node in chain:
                yield chain[chain.index(node) :]
            elif node not in settled and node in graph:
                chain.append(node)
                waiting += [_LEAVE, *reversed(graph[node])]
