"""What every organisation's judgement shares, kept once: the tree, the directory, the money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any

from zhuji.kernel.errors import Issue, Level
from zhuji.kernel.messages import Label
from zhuji.programme.wire import Json, pack, plain, unpack, whole

_ISSUE = tuple(one.name for one in fields(Issue))
# What is a value of its own, in the order in which it is kept.
_HEAD = ("plan", "version", "title", "on", "snapshot", "invented", "starts", "county", "issuer")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as every organisation has it."""

    id: str
    kind: str
    parent: str | None
    clause: str
    label: Label
    owner: Label
    owner_id: str


@dataclass(frozen=True, slots=True)
class OrgNote:
    """An organisation of the day, with what is counted of it."""

    code: str
    name: str
    kind: str
    parent: str | None
    pupils: tuple[tuple[str, int], ...] = ()  # by stage, on the census day
    teachers: int | None = None
    classes: int | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """A line of the county's budget that the plan names, as it has moved so far."""

    plan_line: str
    org: str
    line_no: str
    earmark: str
    budget: Any
    allotted: Any
    paid: Any
    spent: Any
    misused: Any
    late_days: int | None


@dataclass(frozen=True, slots=True)
class Exemption:
    """A relief in force on the day, with what it rests on."""

    org: str
    item: str
    kind: str
    basis: str
    evidence: str | None
    approver: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Planned:
    """A line of the plan's own money."""

    id: str
    label: Label
    clause: str
    org: str
    amount: Any
    part_of: str | None


@dataclass(frozen=True)
class Group:
    """A named set of organisations with those in it on the day."""

    id: str
    label: Label
    orgs: frozenset[str]


@dataclass(frozen=True)
class Outline:
    """What every organisation's judgement shares."""

    plan: str
    version: str
    title: Label
    on: date
    snapshot: str
    invented: bool
    starts: date
    county: str
    issuer: Label
    entries: tuple[Entry, ...]
    orgs: Mapping[str, OrgNote]
    says: Mapping[str, Label] = field(default_factory=dict)  # of each item of the plan
    joint: Mapping[str, tuple[Label, ...]] = field(default_factory=dict)
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # roles that answer
    roles: Mapping[str, Label] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    planned: tuple[Planned, ...] = ()
    money: tuple[Money, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    persons: frozenset[str] = frozenset()  # figures whose `n` counts persons
    issues: tuple[Issue, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def below(self) -> dict[str | None, tuple[Entry, ...]]:
        found: dict[str | None, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.parent, []).append(entry)
        return {parent: tuple(entries) for parent, entries in found.items()}

    @cached_property
    def under(self) -> dict[str, tuple[str, ...]]:
        """Every organisation with all that stand under it, itself included."""
        found: dict[str, list[str]] = {}
        for code in self.orgs:
            for above in self.line(code):
                found.setdefault(above, []).append(code)
        return {code: tuple(orgs) for code, orgs in found.items()}

    def line(self, org: str) -> tuple[str, ...]:
        """An organisation, what stands above it, and so on."""
        found: list[str] = []
        above: str | None = org
        while above is not None and above in self.orgs and above not in found:
            found.append(above)
            above = self.orgs[above].parent
        return tuple(found)

    def name(self, org: str) -> str:
        return self.orgs[org].name if org in self.orgs else org


# --- the outline -----------------------------------------------------------------------------


def write_outline(outline: Outline) -> bytes:
    head = [getattr(outline, name) for name in _HEAD]
    return pack(
        {
            "head": plain(head),
            "entries": _rows(outline.entries),
            "orgs": _rows(outline.orgs.values()),
            "says": {key: plain(one) for key, one in outline.says.items()},
            "joint": {key: plain(one) for key, one in outline.joint.items()},
            "holders": {key: list(one) for key, one in outline.holders.items()},
            "roles": {key: plain(one) for key, one in outline.roles.items()},
            "groups": [[one.id, plain(one.label), sorted(one.orgs)] for one in outline.groups],
            "planned": _rows(outline.planned),
            "money": _rows(outline.money),
            "exemptions": _rows(outline.exemptions),
            "persons": sorted(outline.persons),
            "issues": _rows(outline.issues),
        }
    )


def read_outline(kept: bytes) -> Outline:
    told = unpack(kept)
    return Outline(
        **dict(zip(_HEAD, whole(told["head"]), strict=True)),
        entries=tuple(Entry(*row) for row in map(whole, told["entries"])),
        orgs={row[0]: OrgNote(*row) for row in map(whole, told["orgs"])},
        says={key: whole(one) for key, one in told["says"].items()},
        joint={key: whole(one) for key, one in told["joint"].items()},
        holders={key: tuple(one) for key, one in told["holders"].items()},
        roles={key: whole(one) for key, one in told["roles"].items()},
        groups=tuple(Group(key, whole(label), frozenset(orgs)) for key, label, orgs in
                     told["groups"]),
        planned=tuple(Planned(*row) for row in map(whole, told["planned"])),
        money=tuple(Money(*row) for row in map(whole, told["money"])),
        exemptions=tuple(Exemption(*row) for row in map(whole, told["exemptions"])),
        persons=frozenset(told["persons"]),
        issues=tuple(_issue(whole(row)) for row in told["issues"]),
    )  # fmt: skip


def _rows(things: Iterable[Any]) -> list[Json]:
    return [plain(tuple(getattr(thing, one.name) for one in fields(thing))) for thing in things]


def _issue(row: tuple[Any, ...]) -> Issue:
    told = dict(zip(_ISSUE, row, strict=True))
    return Issue(**{**told, "level": Level(told["level"])})
