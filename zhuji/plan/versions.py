"""Versions of one plan: which is in force on a day, and which judges what falls due on it.

An amended plan is a new package beside the old one. What was due before the new version takes
effect stays with the old: a binding says for each node which version judges it on which due days.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from zhuji.kernel.errors import BadInput, NotFound
from zhuji.kernel.messages import say
from zhuji.plan.load import entry_id
from zhuji.plan.model import Declared, Duty, Indicator, Milestone, Plan
from zhuji.plan.tree import Leaf, leaves, place_in

LeafSection = Literal["indicators", "duties", "milestones"]
LEAVES: tuple[LeafSection, ...] = ("indicators", "duties", "milestones")
# Definitions that a node kept from an older version may need.
_NEEDED = ("groups", "roles", "kinds", "orgs")
COMPARED = (
    *("items", "indicators", "duties", "milestones", "groups", "roles", "kinds", "orgs"),
    *("sums", "money", "bodies", "pairings", "examples"),
)


@dataclass(frozen=True, slots=True)
class Binding:
    """A version's definition of a node judges what falls due on since <= day < until."""

    id: str
    section: LeafSection
    version: str
    since: date
    until: date | None

    def binds(self, due: date) -> bool:
        return self.since <= due and (self.until is None or due < self.until)


@dataclass(frozen=True, slots=True)
class Effective:
    """The plan as it stands on a day; `version_of` names the version that judges each node.

    The plan serves to show; a node of an older version is judged with the whole of that version,
    because its groups and kinds may since have changed.
    """

    plan: Plan
    version_of: Mapping[str, str]
    earlier: tuple[Binding, ...] = ()  # due once under an older version, and asked again now


@dataclass(frozen=True, slots=True)
class Change:
    section: str
    id: str
    what: Literal["added", "removed", "changed"]
    fields: tuple[str, ...] = ()


def in_order(plans: Iterable[Plan]) -> tuple[Plan, ...]:
    """Versions by the day they take effect; refused when they are not versions of one plan."""
    ordered = tuple(sorted(plans, key=lambda plan: plan.takes_effect))
    if not ordered:
        raise NotFound(say("没有任何版本。"))
    for earlier, later in pairwise(ordered):
        if earlier.id != later.id:
            raise BadInput(
                say("“{one}”和“{other}”不是同一个规划的版本。", one=earlier.id, other=later.id)
            )
        if earlier.takes_effect == later.takes_effect:
            raise BadInput(
                say(
                    "版本 {one} 和 {other} 同日施行，分不出先后；请改正其中一个的 takes_effect。",
                    one=earlier.version,
                    other=later.version,
                )
            )
    return ordered


def in_force(plans: Iterable[Plan], day: date) -> Plan:
    """The newest version that has taken effect; before the first, there is none."""
    ordered = in_order(plans)
    taken = [plan for plan in ordered if _since(plan, ordered) <= day]
    if not taken:
        first = ordered[0]
        raise NotFound(
            say("“{title}”在 {day} 还没有施行，最早的版本自 {first} 起施行。",
                title=first.title, day=day, first=first.takes_effect)
        )  # fmt: skip
    return taken[-1]


def bindings(plans: Iterable[Plan]) -> tuple[Binding, ...]:
    """For each version its nodes, with the due days on which it judges them."""
    ordered = in_order(plans)
    found: list[Binding] = []
    for plan, following in zip(ordered, [*ordered[1:], None], strict=True):
        since = _since(plan, ordered)
        until = following.takes_effect if following else None
        for section in LEAVES:
            for node in getattr(plan, section):
                found.append(Binding(node.id, section, plan.version, since, until))
    return tuple(found)


def binding_at(known: Iterable[Binding], node_id: str, due: date) -> Binding | None:
    """Who judges what falls due on a day; nobody, where the version of that day asks nothing."""
    return next((one for one in known if one.id == node_id and one.binds(due)), None)


def effective(plans: Iterable[Plan], on: date) -> Effective:
    """The version in force, with what older versions had made due before it took effect."""
    ordered = in_order(plans)
    now = in_force(ordered, on)
    past = [plan for plan in ordered if plan.takes_effect < now.takes_effect]
    update: dict[str, object] = {}
    version_of: dict[str, str] = {}
    earlier: list[Binding] = []
    by_key = {(one.section, one.id, one.version): one for one in bindings(ordered)}
    for section in LEAVES:
        chosen: dict[str, Leaf] = {node.id: node for node in getattr(now, section)}
        version_of.update(dict.fromkeys(chosen, now.version))
        for plan in reversed(past):
            for node in getattr(plan, section):
                binding = by_key[(section, node.id, plan.version)]
                if not _was_due(node, binding):
                    continue
                taken = version_of.get(node.id, now.version) != now.version
                if taken or _asked_again(chosen.get(node.id), now.takes_effect):
                    earlier.append(binding)
                else:
                    chosen[node.id] = node
                    version_of[node.id] = plan.version
        update[section] = tuple(chosen.values())
    update.update(_still_needed(now, past, version_of, update))
    return Effective(now.model_copy(update=update), version_of, tuple(earlier))


def compare(old: Plan, new: Plan) -> tuple[Change, ...]:
    """What a version adds, removes and changes, by section and id; order says nothing."""
    found: list[Change] = []
    for section in COMPARED:
        before = {entry_id(entry): entry for entry in getattr(old, section)}
        after = {entry_id(entry): entry for entry in getattr(new, section)}
        found += [Change(section, name, "added") for name in after if name not in before]
        found += [Change(section, name, "removed") for name in before if name not in after]
        for name in before.keys() & after.keys():
            fields = _different(before[name], after[name])
            if fields:
                found.append(Change(section, name, "changed", fields))
    return tuple(sorted(found, key=lambda change: (COMPARED.index(change.section), change.id)))


def due_on(node: Leaf) -> date | None:
    """The one day on which a node falls due; None for what falls due again and again."""
    match node:
        case Milestone():
            return node.by
        case Indicator(goal=goal) if goal is not None:
            return goal.by
        case _:
            return None


def _since(plan: Plan, ordered: Sequence[Plan]) -> date:
    """The first version also answers for what its own span made due before it was in force."""
    return min(plan.starts, plan.takes_effect) if plan is ordered[0] else plan.takes_effect


def _was_due(node: Leaf, binding: Binding) -> bool:
    """Had this definition made something due while it was the one that judges?"""
    due = due_on(node)
    if due is not None:
        return binding.binds(due)
    if isinstance(node, Duty) and binding.until is not None:
        return (node.starts or binding.since) < binding.until
    return False


def _asked_again(newer: Leaf | None, newest: date) -> bool:
    """Does the version in force ask for the same under the same id, from now on?"""
    if newer is None or (isinstance(newer, Indicator) and newer.goal is None):
        return False
    due = due_on(newer)
    return due is None or due >= newest


def _still_needed(
    now: Plan, past: Sequence[Plan], version_of: Mapping[str, str], kept: Mapping[str, object]
) -> dict[str, tuple[Declared, ...]]:
    """Items, groups and the like that a kept node names and the new version dropped."""
    keeping = [plan for plan in reversed(past) if plan.version in version_of.values()]
    items = {item.id: item for item in now.items}
    for plan in keeping:
        items.update({item.id: item for item in plan.items if item.id not in items})
    wanted = {item.id for item in now.items}
    for leaf in leaves(now.model_copy(update=dict(kept))):
        above = None if wanted & {*leaf.clauses} else place_in(leaf.clauses, items)
        while above in items and above not in wanted:
            wanted.add(above)
            above = items[above].parent
    update: dict[str, tuple[Declared, ...]] = {
        "items": tuple(item for item in items.values() if item.id in wanted)
    }
    for section in _NEEDED:
        entries = {entry_id(entry): entry for entry in getattr(now, section)}
        for plan in keeping:
            for entry in getattr(plan, section):
                entries.setdefault(entry_id(entry), entry)
        update[section] = tuple(entries.values())
    return update


def _different(before: Declared, after: Declared) -> tuple[str, ...]:
    fields = type(before).model_fields
    return tuple(name for name in fields if getattr(before, name) != getattr(after, name))
