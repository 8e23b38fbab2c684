"""What a judgement says of one organisation on one day: one item for each node of the plan."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from zhuji.kernel.errors import Issue
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label, Message, say


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
class Measured:
    """What a goal came to in numbers, rounded only for show.

    Of the value itself, in its unit; or, where each school or town is asked, of the share of
    those that reach it, between 0 and 1.
    """

    basis: Literal["value", "units"] = "value"
    reached: float | None = None  # the share of units, where they are what is asked
    target: float | None = None
    pace: float | None = None  # where it should stand by now to be on time
    interval: tuple[float, float] | None = None  # of a survey


LEAVES = ("indicator", "duty", "milestone")
NOTHING = Measured()


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
    measured: Measured = NOTHING

    @property
    def due(self) -> date | None:
        """The earliest day by which something that is missing is due."""
        return min((lack.due for lack in self.missing if lack.due), default=None)

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
            "basis": self.measured.basis,
            "reached": self.measured.reached,
            "target": self.measured.target,
            "pace": self.measured.pace,
            "interval": list(self.measured.interval) if self.measured.interval else None,
        }


def not_started(starts: date) -> Message:
    return say("方案尚未开始（自 {starts} 起）", starts=starts)


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
    starts: date = date.min  # the plan's first day: before it nothing is judged

    @property
    def not_started(self) -> Message | None:
        """The sentence to say instead of lights on a day before the plan's first."""
        return not_started(self.starts) if self.on < self.starts else None

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

    def first_to_see(self, most: int) -> tuple[Item, ...]:
        """What is not met, then what is behind; of each what is due soonest first.

        A third of the places is kept for what can still be done in time.
        """
        leaves = [item for item in self.items if item.kind in LEAVES]
        missed, behind = (
            sorted((item for item in leaves if item.light is light), key=self._urgency)
            for light in (Light.NOT_MET, Light.BEHIND)
        )
        kept = min(len(behind), most // 3)
        return tuple([*missed[: most - kept], *behind][:most])

    def _urgency(self, item: Item) -> tuple[bool, date, int]:
        """What can still be done in time comes first; then what most are waiting for."""
        due = item.due
        coming = due is not None and due >= self.on
        return (not coming, due or date.max, -sum(lack.count for lack in item.missing))

    def count(self, *kinds: str) -> dict[Light, int]:
        """How many items of these kinds show each light."""
        counts = dict.fromkeys(Light, 0)
        for item in self.items:
            if item.kind in kinds:
                counts[item.light] += 1
        return counts
