"""Plan packages by folder or by name, and the version of a plan that judges a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from zhuji.plan.files import find_package
from zhuji.plan.load import load as read
from zhuji.plan.load import load_versions
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import Duty, Group, Milestone, Plan
from zhuji.plan.versions import Binding, bindings, effective, in_force, in_order
from zhuji.programme.amended import closed

STANDARDS = "standards"
Asked = Duty | Milestone


@dataclass(frozen=True)
class Definition:
    """What a version asks, for what falls due on since <= day < until; `id` is the node's."""

    id: str
    asked: Asked
    since: date = date.min
    until: date | None = None

    def binds(self, due: date) -> bool:
        return self.since <= due and (self.until is None or due < self.until)


@dataclass(frozen=True, eq=False)
class Package:
    """The version in force with what older ones had made due, and every definition that binds.

    One is like itself only, so that what is made from it can be kept beside it.
    """

    loaded: Loaded
    definitions: tuple[Definition, ...]


def load(asked: str, plans: Path) -> Loaded:
    """Every fault of the package at once as a BadInput, or the whole of it."""
    return read(find_package(asked, plans), plans / STANDARDS)


def load_for(asked: str, plans: Path, on: date) -> Package:
    """A plan as it judges one day, by the days that its packages name themselves."""
    return of(load_versions(find_package(asked, plans), plans / STANDARDS), on)


def of(versions: Sequence[Loaded], on: date) -> Package:
    """Amended forward: what was due before a version took effect stays with the older one."""
    if len(versions) == 1:
        return alone(versions[0])
    every = [one.plan for one in versions]
    now = in_force(every, on)
    current = next(one for one in versions if one.plan.version == now.version)
    standing = effective(every, on)
    by_version = {one.version: one for one in every if one.takes_effect <= now.takes_effect}
    known = [one for one in bindings(every) if one.version in by_version]
    found = [_definition(one, every, now, on) for one in known]
    groups = [group for _, group in found if group is not None]
    plan = standing.plan.model_copy(update={"groups": (*standing.plan.groups, *groups)})
    definitions = tuple(definition for definition, _ in found if definition is not None)
    return Package(replace(current, plan=plan), definitions)


def alone(loaded: Loaded) -> Package:
    """A plan without other versions: its definitions bind on every day."""
    return Package(loaded, tuple(Definition(one.id, one) for one in _asked(loaded.plan)))


def _definition(
    binding: Binding, every: Sequence[Plan], now: Plan, on: date
) -> tuple[Definition | None, Group | None]:
    """An older definition gets a name of its own, and so does the group it speaks of."""
    plan = next(one for one in every if one.version == binding.version)
    asked = next((one for one in _asked(plan) if one.id == binding.id), None)
    if asked is None or binding.section == "indicators":
        return None, None
    if plan.version == now.version:
        return Definition(binding.id, asked, binding.since, binding.until), None
    mark = f"@{plan.version}"
    update: dict[str, object] = {"id": f"{asked.id}{mark}"}
    group = next((one for one in plan.groups if one.id == asked.among), None)
    if group is not None:
        group = group.model_copy(update={"id": f"{group.id}{mark}"})
        update["among"] = group.id
    older = asked.model_copy(update=update)
    for later in in_order(every):
        newer = next((one for one in _asked(later) if one.id == asked.id), None)
        if plan.takes_effect < later.takes_effect <= now.takes_effect and newer is not None:
            older = closed(older, newer, now, since=later.takes_effect, on=on)
            break
    return Definition(binding.id, older, binding.since, binding.until), group


def _asked(plan: Plan) -> Iterator[Asked]:
    yield from plan.duties
    yield from plan.milestones
