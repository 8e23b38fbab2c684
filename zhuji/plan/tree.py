"""The plan as a tree: items, and the indicators, duties and milestones by which they are known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from zhuji.kernel.messages import Label
from zhuji.plan.model import Duty, Indicator, Item, Milestone, Plan

NodeKind = Literal["target", "action", "measure", "safeguard", "indicator", "duty", "milestone"]
Leaf = Indicator | Duty | Milestone
_LEAF_KINDS: dict[type[Leaf], NodeKind] = {
    Indicator: "indicator",
    Duty: "duty",
    Milestone: "milestone",
}
# The order of a notice, whatever the files are called.
_RANK = {"target": 0, "action": 1, "measure": 1, "safeguard": 2}


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    kind: NodeKind
    parent: str | None
    clause: str
    label: Label
    owner: str


def nodes(plan: Plan) -> tuple[Node, ...]:
    """Every node in the order of the plan (targets, actions, safeguards), parents first.

    What hangs nowhere, or in a circle, still appears, at the end and as a root.
    """
    items = {item.id: item for item in plan.items}
    below = _items_by_parent(plan.items, items)
    hanging = _leaves_by_parent(plan, items)
    found: list[Node] = []
    met: set[str] = set()
    roots = sorted(below.get(None, ()), key=lambda item: _RANK[item.kind])
    for root in [*roots, *plan.items]:
        found += _walk(root, below, hanging, met)
    return (*found, *hanging.get(None, ()))


def leaves(plan: Plan) -> Iterator[Leaf]:
    """What can be known: indicators, duties and milestones, in this order."""
    yield from plan.indicators
    yield from plan.duties
    yield from plan.milestones


def place_in(clauses: Iterable[str], items: Iterable[str]) -> str | None:
    """The item under which something with these clauses stands: the first that is one."""
    known = items if isinstance(items, dict | set | frozenset) else set(items)
    return next((clause for clause in clauses if clause in known), None)


def variants(indicator: Indicator) -> tuple[tuple[str, str | None], ...]:
    """Ids under which an indicator has values, each with its stage."""
    if not indicator.stages:
        return ((indicator.id, None),)
    return tuple((f"{indicator.id}.{stage}", stage) for stage in indicator.stages)


def _items_by_parent(
    items: tuple[Item, ...], known: dict[str, Item]
) -> dict[str | None, list[Item]]:
    below: dict[str | None, list[Item]] = {}
    for item in items:
        below.setdefault(item.parent if item.parent in known else None, []).append(item)
    return below


def _leaves_by_parent(plan: Plan, items: dict[str, Item]) -> dict[str | None, list[Node]]:
    hanging: dict[str | None, list[Node]] = {}
    for leaf in leaves(plan):
        parent = place_in(leaf.clauses, items)
        hanging.setdefault(parent, []).append(_leaf_node(leaf, items.get(parent or "")))
    return hanging


def _walk(
    root: Item,
    below: dict[str | None, list[Item]],
    hanging: dict[str | None, list[Node]],
    met: set[str],
) -> Iterator[Node]:
    """Depth first with a stack of its own; a circle is walked once."""
    waiting = [(root, root.parent if root.parent in met else None)]
    while waiting:
        item, parent = waiting.pop()
        if item.id in met:
            continue
        met.add(item.id)
        yield Node(item.id, item.kind, parent, item.clause, item.label, item.owner)
        yield from hanging.get(item.id, ())
        waiting += [(child, item.id) for child in reversed(below.get(item.id, []))]


def _leaf_node(leaf: Leaf, item: Item | None) -> Node:
    """Its clause is that of its item, in the plan's own numbering."""
    clause = item.clause if item else leaf.clauses[0]
    owner = leaf.owner or (item.owner if item else "")
    parent = item.id if item else None
    return Node(leaf.id, _LEAF_KINDS[type(leaf)], parent, clause, leaf.label, owner)
