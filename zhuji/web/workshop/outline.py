"""A package as it is read: branches with their leaves, each with its file and line."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers.registry import LEDGERS
from zhuji.ledgers.relations import RELATIONS_BY_KEY
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import Duty, Indicator, Milestone
from zhuji.plan.reference import cadence_sentence, goal_sentence
from zhuji.plan.tree import Leaf, Node
from zhuji.web.pages import words

KINDS = {
    "indicator": Label("指标", "Indicator"),
    "duty": Label("责任", "Duty"),
    "milestone": Label("里程碑", "Milestone"),
}
_SECTIONS = {"indicator": "indicators", "duty": "duties", "milestone": "milestones"}


@dataclass(frozen=True)
class Spot:
    """Where something stands in the files of a package."""

    text: str
    href: str


@dataclass(frozen=True)
class LeafRow:
    kind: Label
    id: str
    label: Label
    asks: Message | str
    evidence: str
    owner: Label | str
    spot: Spot | None
    is_verified: bool
    home: str  # the standard it came from, where it is not the plan's own


@dataclass(frozen=True)
class Branch:
    kind: str
    id: str
    clause: str
    label: Label
    says: Label | str
    owner: Label | str
    depth: int
    leaves: tuple[LeafRow, ...]
    ledgers: tuple[str, ...]
    spot: Spot | None
    is_covered: bool


def outline(loaded: Loaded, wanted: str = "", kind: str = "") -> tuple[Branch, ...]:
    """Branches in the order of the plan. Narrowed, only those in which something is left."""
    leaves = {
        one.id: one for section in _SECTIONS.values() for one in getattr(loaded.plan, section)
    }
    rows: dict[str | None, list[LeafRow]] = {}
    for node in loaded.tree:
        if node.kind in KINDS and _wanted(node, wanted, kind):
            rows.setdefault(node.parent, []).append(_leaf(loaded, node, leaves[node.id]))
    branches = _branches(loaded, rows)
    if not wanted and not kind:
        return tuple(branches)
    return tuple(
        one for one in branches
        if one.leaves or (not kind and _speaks((one.id, one.clause, words(one.label)), wanted))
    )  # fmt: skip


def spot(loaded: Loaded, *path: str) -> Spot | None:
    place = loaded.place(*path)
    if place is None:
        return None
    folder, _, name = place.file.partition("/")
    address = reverse("workshop-source", args=[folder])
    return Spot(
        f"{place.file}:{place.line}", f"{address}?file={name}&line={place.line}#l{place.line}"
    )


def _branches(loaded: Loaded, rows: dict[str | None, list[LeafRow]]) -> list[Branch]:
    items = {one.id: one for one in loaded.plan.items}
    depth: dict[str, int] = {}
    found: list[Branch] = []
    has_below = {one.parent for one in loaded.plan.items}
    for node in loaded.tree:
        if node.kind in KINDS:
            continue
        item, own = items[node.id], tuple(rows.get(node.id, ()))
        depth[node.id] = depth.get(node.parent or "", -1) + 1
        found.append(
            Branch(
                node.kind, node.id, node.clause, node.label, item.says,
                role(loaded, node.owner), depth[node.id], own,
                tuple(ledger(name) for name in item.ledgers),
                spot(loaded, "items", node.id),
                bool(own or item.ledgers or item.systems or node.id in has_below),
            )
        )  # fmt: skip
    return found


def _leaf(loaded: Loaded, node: Node, leaf: Leaf) -> LeafRow:
    home = loaded.origin.get(node.id, loaded.plan.id)
    return LeafRow(
        kind=KINDS[node.kind],
        id=node.id,
        label=node.label,
        asks=_asks(leaf),
        evidence=_evidence(leaf),
        owner=role(loaded, node.owner),
        spot=spot(loaded, _SECTIONS[node.kind], node.id),
        is_verified=getattr(leaf, "verified", True),
        home="" if home == loaded.plan.id else home,
    )


def _asks(leaf: Leaf) -> Message | str:
    match leaf:
        case Indicator(goal=None):
            return say("只看数，不作要求")
        case Indicator(goal=goal) if goal is not None:
            return goal_sentence(goal)
        case Duty():
            return cadence_sentence(leaf)
        case Milestone():
            return say("在 {day} 前", day=leaf.by)
    return ""


def _evidence(leaf: Leaf) -> str:
    if isinstance(leaf, Indicator):
        return ledger(leaf.source) if leaf.source else words(say("由其他指标算出"))
    return ledger(leaf.evidence.ledger)


def ledger(name: str) -> str:
    """The ledger or relation by its label; what nobody declares keeps the name it was given."""
    known = next((one.label for one in LEDGERS if one.key == name), None)
    if known is None and name in RELATIONS_BY_KEY:
        known = RELATIONS_BY_KEY[name].label
    return words(known) if known else name


def role(loaded: Loaded, key: str) -> Label | str:
    return next((one.label for one in loaded.plan.roles if one.id == key), key)


def _wanted(node: Node, wanted: str, kind: str) -> bool:
    said = (node.id, node.clause, words(node.label))
    return (not kind or node.kind == kind) and _speaks(said, wanted)


def _speaks(said: Iterable[str], wanted: str) -> bool:
    return any(wanted.casefold() in one.casefold() for one in said)
