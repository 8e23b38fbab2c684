"""What the read models have in common: a node's face, its parts, links, changes, figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label, Message

LinkKind = Literal["plan", "node", "indicator", "org", "balance", "ledger", "import"]
Exact = int | Fraction | float


@dataclass(frozen=True, slots=True)
class Link:
    """Where to go from here; the faces know the addresses."""

    kind: LinkKind
    id: str = ""
    org: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation by name; `open` says whether the reader may go in."""

    code: str
    name: str
    kind: str = ""
    open: bool = True


@dataclass(frozen=True)
class Standing:
    """On which judgement everything on the page stands."""

    plan: str
    version: str
    title: Label
    on: date
    made_at: datetime
    facts_until: date
    snapshot: str
    invented: bool
    newest: bool  # False: a later day has been judged
    org: Place
    days: tuple[date, ...] = ()  # every day that can be shown, the newest first

    @property
    def stamp(self) -> str:
        """The same for whatever is made of the same judging for the same organisation."""
        return f"{self.plan} {self.made_at.isoformat()} {self.org.code} {self.newest}"


@dataclass(frozen=True, slots=True)
class Change:
    """A light that differs from the judging before."""

    id: str
    kind: str
    label: Label
    before: Light
    after: Light
    org: Place
    link: Link

    @property
    def better(self) -> bool:
        return _RANK.get(self.after, 0) > _RANK.get(self.before, 0)


_RANK = {Light.NOT_MET: 1, Light.BEHIND: 2, Light.NO_DATA: 3, Light.ON_TRACK: 4, Light.MET: 5}


@dataclass(frozen=True, slots=True)
class Part:
    """One child in the making of a light."""

    id: str
    kind: str
    label: Label
    light: Light
    link: Link


@dataclass(frozen=True)
class Face:
    """A node of the plan with its light, and how the light is made."""

    id: str
    kind: str
    clause: str
    label: Label
    light: Light
    owner: Label
    owner_id: str
    parent: str | None
    value: float | None = None
    unit: str = ""
    decimals: int = 2
    goal: Label | None = None
    n: int | None = None
    as_of: date | None = None
    reason: Message | None = None
    verified: bool = True
    hidden: bool = False  # there is a value, but of too few persons to be shown here
    lacking: int = 0  # subjects that are short, within the reader's reach
    counts: Mapping[Light, int] = field(default_factory=dict)  # of the parts
    parts: tuple[Part, ...] = ()
    rule: Message | None = None  # how the parts make the light
    link: Link = field(default=Link("node"))


@dataclass(frozen=True, slots=True)
class Owing:
    """Who owes what by when."""

    org: Place
    what: Message
    owner: Label
    owner_id: str
    due: date | None
    count: int
    item: str
    label: Label
    link: Link
    days_left: int | None = None  # negative: overdue


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is written, with its parts; `state` says why there is none."""

    state: Literal["present", "missing", "not_applicable", "hidden"]
    value: Exact | None = None
    numerator: Exact | None = None
    denominator: Exact | None = None
    n: int | None = None
    reported: int = 0
    expected: int = 0
    reason: Message | None = None
    light: Light | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a trend."""

    period: str
    label: Label
    on: date
    figure: Figure
    speaks: bool = False  # the period by which the light is judged
