"""Who closed within a period: where it stood on its last day, so that its deeds are not lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from zhuji.warehouse.hierarchy import EdgeRow, OrgRow, climb, holds, nearest
from zhuji.warehouse.periods import PeriodRow, day_row

CLOSED_TYPES = dict.fromkeys(("period_kind", "period", "ancestor", "org", "last_day"), "VARCHAR")

Lines = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Closed:
    """`membership`: (period kind, period, ancestor, org, its last day), every org its own ancestor
    too; `days` and `places`: these days as periods of their own, and the places above on them."""

    membership: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    days: list[PeriodRow] = field(default_factory=list)
    places: list[tuple[str, str, str, str | None, str | None]] = field(default_factory=list)


def closed(
    orgs: Iterable[OrgRow], edges: Iterable[EdgeRow], periods: Iterable[PeriodRow]
) -> Closed:
    """Those that stood on some day of a period and no more at its point."""
    past = _Past(orgs, edges)
    made, lines = Closed(), {}
    for period_kind, period, start, _, _, point in periods:
        for org, day in past.closed_between(start, point):
            if (org, day) not in lines:
                lines[org, day] = past.line(org, day)
            text = day.isoformat()
            above = lines[org, day]
            made.membership.extend((period_kind, period, one, org, text) for one in above)
    made.days.extend(map(day_row, sorted({day for _, day in lines})))
    for (org, day), above in lines.items():
        kind, key = day_row(day)[:2]
        town, county = (nearest(above, past.kinds, each) for each in ("town", "county"))
        made.places.append((kind, key, org, town, county))
    return made


def last_lines(orgs: Iterable[OrgRow], edges: Iterable[EdgeRow], on: date) -> Lines:
    """The line upwards of each that has closed by a day, as it was on its last day."""
    past = _Past(orgs, edges)
    return {org: past.line(org, day) for org, day in past.closed_between(date.min, on)}


class _Past:
    """The hierarchy by organisation, to be asked about single ones on days long gone."""

    def __init__(self, orgs: Iterable[OrgRow], edges: Iterable[EdgeRow]) -> None:
        self._orgs: dict[str, list[OrgRow]] = defaultdict(list)
        self._edges: dict[str, list[EdgeRow]] = defaultdict(list)
        for row in orgs:
            self._orgs[row.org].append(row)
        for edge in edges:
            self._edges[edge.org].append(edge)
        self.kinds = {org: rows[-1].kind for org, rows in self._orgs.items()}
        self._ended = [org for org, rows in self._orgs.items() if any(row.valid_to for row in rows)]

    def closed_between(self, start: date, point: date) -> Iterator[tuple[str, date]]:
        """(organisation, its last day), where that day is not before the first and it no longer
        stands on the second."""
        for org in self._ended:
            rows = self._orgs[org]
            if any(holds(row.valid_from, row.valid_to, point) for row in rows):
                continue
            day = max(
                (row.valid_to - timedelta(days=1) for row in rows
                 if row.valid_to is not None and row.valid_from < row.valid_to <= point),
                default=None,
            )  # fmt: skip
            if day is not None and day >= start:
                yield org, day

    def line(self, org: str, day: date) -> tuple[str, ...]:
        found = tuple(climb(org, lambda one: self._above(one, day)))
        return (org,) if found[-1] in found[:-1] else found

    def _above(self, org: str, day: date) -> list[str]:
        """The newest edge first."""
        edges = sorted(
            (
                edge
                for edge in self._edges.get(org, ())
                if holds(edge.valid_from, edge.valid_to, day)
            ),
            key=lambda edge: (edge.valid_from, edge.parent),
            reverse=True,
        )
        return [edge.parent for edge in edges if self._stands(edge.parent, day)]

    def _stands(self, org: str, day: date) -> bool:
        rows = self._orgs.get(org, ())
        return any(holds(row.valid_from, row.valid_to, day) for row in rows)
