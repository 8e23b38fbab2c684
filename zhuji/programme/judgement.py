"""What a judgement says of one organisation on one day: one item for each node of the plan."""

from dataclasses import dataclass, field
from datetime import date

from zhuji.kernel.errors import Issue
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label, Message


@dataclass(frozen=True)
class Lack:
    """Something still missing: whose, what, and who owes it by when."""

    org: str
    org_name: str
    what: Message
    owner: Label
    due: date | None = None
    count: int = 1

    def as_json(self) -> dict[str, object]:
        return {
            "org": self.org,
            "org_name": self.org_name,
            "what": str(self.what),
            "owner": {"zh": self.owner.zh, "en": self.owner.en},
            "due": self.due.isoformat() if self.due else None,
            "count": self.count,
        }


@dataclass(frozen=True)
class Item:
    """One node judged. `value` is a number in `unit`, rounded only for show."""

    id: str
    kind: str
    parent: str | None
    clause: str
    label: Label
    light: Light
    value: float | None = None
    unit: str = ""
    decimals: int = 2
    goal: Label | None = None
    n: int | None = None
    as_of: date | None = None
    missing: tuple[Lack, ...] = ()
    reason: Message | None = None
    owner: Label = field(default=Label("", ""))
    verified: bool = True

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "kind": self.kind,
            "parent": self.parent,
            "clause": self.clause,
            "label": {"zh": self.label.zh, "en": self.label.en},
            "light": self.light.value,
            "value": self.value,
            "goal": {"zh": self.goal.zh, "en": self.goal.en} if self.goal else None,
            "n": self.n,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "missing": [lack.as_json() for lack in self.missing],
            "unit": self.unit,
            "owner": {"zh": self.owner.zh, "en": self.owner.en},
            "reason": str(self.reason) if self.reason else None,
            "verified": self.verified,
        }


@dataclass(frozen=True)
class Judgement:
    plan: str
    version: str
    title: Label
    on: date
    org: str
    org_name: str
    snapshot: str
    invented: bool
    items: tuple[Item, ...]
    issues: tuple[Issue, ...] = ()  # what is wrong in the data that was judged

    def as_json(self) -> dict[str, object]:
        """The stable shape that docs/reference/judgement.md documents."""
        return {
            "plan": self.plan,
            "version": self.version,
            "on": self.on.isoformat(),
            "org": self.org,
            "snapshot": self.snapshot,
            "invented": self.invented,
            "items": [item.as_json() for item in self.items],
        }

    def children(self, parent: str | None) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.parent == parent)

    def item(self, key: str) -> Item | None:
        return next((item for item in self.items if item.id == key), None)

    def count(self, *kinds: str) -> dict[Light, int]:
        """How many items of these kinds show each light."""
        counts = dict.fromkeys(Light, 0)
        for item in self.items:
            if item.kind in kinds:
                counts[item.light] += 1
        return counts
