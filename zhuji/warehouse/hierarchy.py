"""Who belongs to whom at the point of each period: the closure of the dated hierarchy."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from zhuji.kernel.errors import Issue, Level
from zhuji.kernel.messages import say
from zhuji.warehouse.periods import PeriodRow

ADMINISTRATION = "administration"
MEMBERSHIP = "membership"
MEMBERSHIP_TYPES = dict.fromkeys(("period_kind", "period", "ancestor", "org"), "VARCHAR")
PLACES = "org_places"
PLACES_TYPES = dict.fromkeys(("period_kind", "period", "org", "town", "county"), "VARCHAR")


@dataclass(frozen=True, slots=True)
class OrgRow:
    org: str
    kind: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class EdgeRow:
    org: str
    parent: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Closure:
    """`membership`: (period kind, period, ancestor, org), every org its own ancestor too;
    `places`: (period kind, period, org, town, county)."""

    membership: list[tuple[str, str, str, str]] = field(default_factory=list)
    places: list[tuple[str, str, str, str | None, str | None]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def closure(
    orgs: Iterable[OrgRow], edges: Iterable[EdgeRow], periods: Iterable[PeriodRow]
) -> Closure:
    """Built anew only where something begins or ends between two points; a problem of the
    hierarchy is told once."""
    orgs, edges = tuple(orgs), tuple(edges)
    made = Closure()
    told: set[tuple[str, object]] = set()
    rows: tuple[OrgRow | EdgeRow, ...] = (*orgs, *edges)
    changes = sorted({day for row in rows for day in _turns(row)})
    standing: dict[int, _Standing] = {}
    for period_kind, period, _, _, _, point in periods:
        between = bisect_right(changes, point)
        if between not in standing:
            found = _lines(_alive(orgs, point), _parents(edges, point))
            standing[between] = _standing(found, {row.org: row.kind for row in orgs})
            fresh = [issue for issue in found.issues if (issue.code, issue.value) not in told]
            made.issues.extend(fresh)
            told |= {(issue.code, issue.value) for issue in fresh}
        here = standing[between]
        made.membership.extend((period_kind, period, *pair) for pair in here.pairs)
        made.places.extend((period_kind, period, *place) for place in here.places)
    return made


@dataclass(frozen=True, slots=True)
class _Standing:
    """(ancestor, org) and (org, town, county), as long as nothing changes."""

    pairs: list[tuple[str, str]]
    places: list[tuple[str, str | None, str | None]]


def _standing(found: _Lines, kinds: Mapping[str, str]) -> _Standing:
    lines = found.lines
    return _Standing(
        [(ancestor, org) for org, line in lines.items() for ancestor in line],
        [
            (org, nearest(line, kinds, "town"), nearest(line, kinds, "county"))
            for org, line in lines.items()
        ],
    )


def _turns(row: OrgRow | EdgeRow) -> Iterator[date]:
    yield row.valid_from
    if row.valid_to is not None:
        yield row.valid_to


@dataclass(frozen=True, slots=True)
class _Lines:
    lines: dict[str, tuple[str, ...]]  # org -> itself, its parent, its parent's parent ...
    issues: list[Issue]


def _lines(alive: frozenset[str], parents: Mapping[str, tuple[str, ...]]) -> _Lines:
    made = _Lines({}, [])

    def above(org: str) -> list[str]:
        return [parent for parent in parents.get(org, ()) if parent in alive]

    for org in sorted(alive):
        if len(above(org)) > 1:
            made.issues.append(_two_parents(org, above(org)))
        line = tuple(climb(org, above))
        if line[-1] in line[:-1]:
            made.issues.append(_cycle(org, line))
            line = (org,)  # counted on its own rather than in a ring that has no top
        made.lines[org] = line
    return made


def climb(org: str, above: Callable[[str], Sequence[str]]) -> Iterator[str]:
    """Itself and upwards by the first parent; in a cycle the last step repeats an earlier one."""
    seen: set[str] = set()
    while True:
        yield org
        parents = above(org)
        if org in seen or not parents:
            return
        seen.add(org)
        org = parents[0]


def _alive(orgs: Iterable[OrgRow], point: date) -> frozenset[str]:
    return frozenset(row.org for row in orgs if holds(row.valid_from, row.valid_to, point))


def _parents(edges: Iterable[EdgeRow], point: date) -> dict[str, tuple[str, ...]]:
    """The newest edge first, so that a forgotten end date does not keep an org where it was."""
    found: dict[str, list[EdgeRow]] = {}
    for edge in edges:
        if holds(edge.valid_from, edge.valid_to, point):
            found.setdefault(edge.org, []).append(edge)
    return {
        org: tuple(
            dict.fromkeys(
                edge.parent
                for edge in sorted(rows, key=lambda e: (e.valid_from, e.parent), reverse=True)
            )
        )
        for org, rows in found.items()
    }


def holds(start: date, end: date | None, point: date) -> bool:
    return start <= point and (end is None or point < end)


def nearest(line: tuple[str, ...], kinds: Mapping[str, str], kind: str) -> str | None:
    return next((org for org in line if kinds[org] == kind), None)


def _cycle(org: str, line: tuple[str, ...]) -> Issue:
    return Issue(
        Level.ERROR,
        say("行政隶属成环：{line}。", line=" → ".join(line)),
        value=org,
        proposal=say("请在机构关系台账改正其中一条的上级或起止日期。"),
        code="hierarchy.cycle",
    )


def _two_parents(org: str, parents: list[str]) -> Issue:
    return Issue(
        Level.WARNING,
        say(
            "{org} 同时有多个行政上级：{parents}，按最近生效的 {first} 计。",
            org=org,
            parents=tuple(parents),
            first=parents[0],
        ),
        value=org,
        proposal=say("请在机构关系台账给旧的隶属关系填上终止日期。"),
        code="hierarchy.parents",
    )
