"""Nodes of the plan into judged items: leaves first, then the lights of what they make up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from zhuji.duties.states import LABELS as STATES
from zhuji.duties.states import State
from zhuji.kernel.lights import Light, whole
from zhuji.kernel.messages import Label, Message, say
from zhuji.kernel.values import Missing, NotApplicable, Present
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import Duty, EstimateGoal, Indicator
from zhuji.plan.tree import Node, variants
from zhuji.programme.figures import Figure, Figures
from zhuji.programme.judgement import LEAVES, Item, Lack, Measured, not_started
from zhuji.programme.owing import Owed
from zhuji.programme.scene import Scene
from zhuji.programme.wording import period

_NOTHING_OWED = say("这里现在没有要办的事")
_ALL_OWED = Label("应办尽办", "all that is owed")


@dataclass(frozen=True)
class Outline:
    """The tree as every organisation is judged by it: nodes with their owners and, where a node
    is an indicator, the ids under which it has values; what stands below each node; and which
    indicators nobody has checked against their sources."""

    nodes: tuple[tuple[Node, Label, tuple[str, ...]], ...]
    below: Mapping[str | None, tuple[Node, ...]]
    doubtful: frozenset[str]


def outline(loaded: Loaded, figures: Figures) -> Outline:
    roles = {role.id: role.label for role in loaded.plan.roles}
    declared = {one.id: one for one in loaded.plan.indicators}
    below: dict[str | None, list[Node]] = {}
    for node in loaded.tree:
        below.setdefault(node.parent, []).append(node)

    def keys(node: Node) -> tuple[str, ...]:
        if node.kind != "indicator":
            return ()
        named = (key for key, _ in variants(declared[node.id]))
        return tuple(key for key in named if key not in figures.building_blocks)

    return Outline(
        tuple(
            (node, roles.get(node.owner, Label(node.owner, node.owner)), keys(node))
            for node in loaded.tree
        ),
        {parent: tuple(nodes) for parent, nodes in below.items()},
        frozenset(key for key, one in figures.indicators.items() if not _verified(one)),
    )


def of(
    outline: Outline, figures: Figures, scene: Scene, owed: Mapping[str, Owed], org: str
) -> tuple[Item, ...]:
    """Every node in the order of the plan, children after their parents."""
    leaves: dict[str, tuple[Item, ...]] = {}
    for node, owner, keys in outline.nodes:
        if node.kind == "indicator":
            leaves[node.id] = tuple(
                _indicator(figures.figure(key, org), figures, node, owner, key in outline.doubtful)
                for key in keys
            )
        elif node.kind in LEAVES:
            leaves[node.id] = (_owed(node, owed[node.id], scene, owner, org),)
    lights = _lights(outline, leaves)
    found: list[Item] = []
    for node, owner, _ in outline.nodes:
        if node.id in leaves:
            found += leaves[node.id]
        else:
            found.append(_branch(node, lights[node.id], owner))
    return tuple(found)


def before(outline: Outline, figures: Figures, starts: date) -> tuple[Item, ...]:
    """The same items on a day before the plan's first: nothing is asked of anybody yet."""
    reason = not_started(starts)
    return tuple(
        Item(
            key, node.kind, node.parent, node.clause,
            node.label if key == node.id else figures.indicators[key].label,
            Light.NOT_APPLICABLE, reason=reason, owner=owner,
        )
        for node, owner, keys in outline.nodes
        for key in (keys if node.kind == "indicator" else (node.id,))
    )  # fmt: skip


def _lights(outline: Outline, leaves: Mapping[str, tuple[Item, ...]]) -> dict[str, Light]:
    lights: dict[str, Light] = {}
    for node, _, _ in reversed(outline.nodes):  # children stand after their parents
        if node.id not in leaves:
            parts = [
                light
                for child in outline.below.get(node.id, ())
                for light in (
                    [item.light for item in leaves[child.id]]
                    if child.id in leaves
                    else [lights[child.id]]
                )
            ]
            lights[node.id] = whole(parts)
    return lights


def _branch(node: Node, light: Light, owner: Label) -> Item:
    return Item(node.id, node.kind, node.parent, node.clause, node.label, light, owner=owner)


# --- indicators ------------------------------------------------------------------------------


def _indicator(figure: Figure, figures: Figures, node: Node, owner: Label, doubtful: bool) -> Item:
    verdict, cell, indicator = figure.verdict, figure.cell, figure.indicator
    value = cell.value if cell is not None else verdict.value
    return Item(
        id=indicator.id,
        kind=node.kind,
        parent=node.parent,
        clause=node.clause,
        label=indicator.label,
        light=verdict.light,
        value=float(value.value) if isinstance(value, Present) else None,
        unit=indicator.unit,
        decimals=indicator.decimals,
        goal=verdict.goal,
        n=_n(figure),
        as_of=figure.period.point_on if figure.period else None,
        missing=tuple(_short(figure, figures, owner)),
        reason=_reason(figure),
        owner=owner,
        verified=not doubtful,
        measured=_measured(figure),
    )


def _measured(figure: Figure) -> Measured:
    verdict, goal = figure.verdict, figure.indicator.goal
    each = goal is not None and goal.each != "self"
    share = verdict.value if each and isinstance(verdict.value, Present) else None
    return Measured(
        basis="units" if each else "value",
        reached=None if share is None else float(share.value),
        target=None if verdict.target is None else float(verdict.target),
        pace=None if verdict.pace is None else float(verdict.pace),
        interval=verdict.interval,
    )


def _n(figure: Figure) -> int | None:
    """Answers for a survey, rows counted for the rest."""
    cell = figure.cell
    if cell is None:
        return None
    if isinstance(figure.indicator.goal, EstimateGoal) and cell.denominator is not None:
        return int(cell.denominator)
    return cell.n


def _short(figure: Figure, figures: Figures, owner: Label) -> Iterator[Lack]:
    scene, indicator = figures.scene, figure.indicator
    due = indicator.goal.by if indicator.goal else None
    for unit in figure.verdict.units_short:
        yield Lack(unit, scene.name(unit), _stands(figure, figures, unit), owner, due)
    for unit in figure.verdict.units_missing:
        # Of one's own value the reason is known: answers may be there, but too few.
        what = figure.verdict.reason or say("没有上报数据")
        yield Lack(unit, scene.name(unit), what, owner, due)


def _stands(figure: Figure, figures: Figures, unit: str) -> Message:
    """What the unit has, beside the goal that it is short of."""
    assert figure.period is not None
    cell = figures.cells.cell(figure.indicator.id, unit, figure.period.key)
    if not isinstance(cell.value, Present):
        return say("没有达到要求")
    return say("现为 {value}", value=f"{float(cell.value.value):.{figure.indicator.decimals}f}")


def _reason(figure: Figure) -> Message | None:
    verdict = figure.verdict
    if verdict.reason is not None:
        return verdict.reason
    if verdict.units:
        known = verdict.units - len(verdict.units_missing)
        reached = known - len(verdict.units_short)
        return say("{units} 个单位中 {reached} 个达到", units=verdict.units, reached=reached)
    for value in (figure.cell.value if figure.cell is not None else None, verdict.value):
        if isinstance(value, Missing | NotApplicable):
            return value.reason
    return _standing(figure)


def _standing(figure: Figure) -> Message | None:
    """How sure a survey is, or where a value that is short should stand by now."""
    verdict, decimals = figure.verdict, figure.indicator.decimals
    if verdict.interval is not None:
        low, high = (f"{100 * end:.1f}%" for end in verdict.interval)
        return say("置信区间 {low} 至 {high}", low=low, high=high)
    if verdict.pace is not None:
        return say("按进度现在应为 {pace}", pace=f"{float(verdict.pace):.{decimals}f}")
    return None


def _verified(indicator: Indicator) -> bool:
    values = getattr(indicator.goal, "values", ())
    goal = getattr(indicator.goal, "verified", True)
    return indicator.verified and goal and all(value.verified for value in values)


# --- duties and milestones -------------------------------------------------------------------


def _owed(node: Node, owed: Owed, scene: Scene, owner: Label, org: str) -> Item:
    verdict = owed.verdicts.get(org)
    asked = owed.asked
    if verdict is None or verdict.light is Light.NOT_APPLICABLE:
        return Item(
            node.id, node.kind, node.parent, node.clause, node.label, Light.NOT_APPLICABLE,
            reason=_NOTHING_OWED, owner=owner,
        )  # fmt: skip
    return Item(
        id=node.id,
        kind=node.kind,
        parent=node.parent,
        clause=node.clause,
        label=node.label,
        light=verdict.light,
        value=float(100 * verdict.value) if verdict.value is not None else None,
        unit="percent",
        decimals=1,
        goal=_ALL_OWED,
        n=verdict.owed,
        as_of=scene.on,
        missing=tuple(
            Lack(
                lack.org, scene.name(lack.org), _what(owed, lack.key, lack.state), owner,
                _due(owed, lack.key), lack.n,
            )
            for lack in verdict.missing
        ),
        reason=say("应办 {owed} 件，已办 {done} 件", owed=verdict.owed, done=verdict.done),
        owner=owner,
        verified=asked.verified if isinstance(asked, Duty) else True,
    )  # fmt: skip


def _what(owed: Owed, key: str, state: State) -> Message:
    return say("{window} {state}", window=period(key), state=STATES[state])


def _due(owed: Owed, key: str) -> date | None:
    one = owed.occurrence(key)
    return one.due - timedelta(days=1) if one else None
