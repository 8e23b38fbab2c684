"""Who sees which rows and how clearly. Functions of posts, the dated hierarchy and declarations.

What is not granted here does not exist for the reader; there is no other way to a row.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, Q, QuerySet

from zhuji.kernel.codes import masked
from zhuji.orgs.roles import MINORS, Reach, Role, Sight, Subject, Verb, Window, best
from zhuji.warehouse.hierarchy import EdgeRow, OrgRow, closure

AnyModel = TypeVar("AnyModel", bound=Model)


class ClassKey(NamedTuple):
    """A class as enrolments name it."""

    org: str
    stage: str
    grade: int
    class_no: int


@dataclass(frozen=True)
class Rows:
    """What scope must know of a ledger: whom its rows are about, and the level of each column."""

    ledger: str
    subject: Subject
    levels: Mapping[str, str] = field(hash=False)
    person: str = ""  # the column that names the person
    person_like: str = ""  # where that column may also name an org: what a pupil's number is like
    org: str = "org"

    @property
    def about_minors(self) -> bool:
        return self.subject in MINORS

    def names_minor(self, row: Mapping[str, object]) -> bool:
        named = str(row.get(self.person) or "")
        return self.about_minors and bool(re.fullmatch(self.person_like or ".+", named))

    def level(self, column: str, row: Mapping[str, object]) -> str:
        if column == self.person and self.person_like and not self.names_minor(row):
            return "work"
        return self.levels.get(column, "")


@dataclass(frozen=True)
class Grant:
    """One post in force: its role, the orgs it reaches, the pupils of its classes."""

    role: Role
    at: str
    orgs: frozenset[str]
    pupils: frozenset[str] = frozenset()
    staff_no: str = ""
    deputy_of: str = ""

    @property
    def duty(self) -> str:
        """Why a view was due, as the access record keeps it."""
        deputy = f" deputy:{self.deputy_of}" if self.deputy_of else ""
        return f"{self.role.key}@{self.at}{deputy}"

    @property
    def own(self) -> frozenset[str]:
        """The pupils of one's classes; a row may also name oneself or the org as its subject."""
        return self.pupils | ({self.staff_no, self.at} - {""})

    def covers(self, rows: Rows, row: Mapping[str, object]) -> Window | None:
        """The window through which this post sees the row, if it does."""
        window = self.role.windows.get(rows.subject)
        if window is None:
            return None
        person = row.get(rows.person)
        if window.reach is Reach.OWN and rows.subject is Subject.STAFF:
            seen = bool(self.staff_no) and person == self.staff_no
        else:
            seen = row[rows.org] in self.orgs
            if window.reach is Reach.OWN and rows.about_minors:
                seen = seen and person in self.own
        return window if seen else None

    def condition(self, rows: Rows) -> Q | None:
        """The same as a condition of the database."""
        window = self.role.windows.get(rows.subject)
        if window is None:
            return None
        if window.reach is Reach.OWN and rows.subject is Subject.STAFF:
            return Q(**{rows.person: self.staff_no}) if self.staff_no else None
        here = Q(**{f"{rows.org}__in": sorted(self.orgs)})
        if window.reach is Reach.OWN and rows.about_minors:
            return here & Q(**{f"{rows.person}__in": sorted(self.own)})
        return here


@dataclass(frozen=True)
class Reader:
    """One person as of one moment. Made for each request, so a change of post is felt at once."""

    username: str
    today: date
    grants: tuple[Grant, ...] = ()

    @property
    def orgs(self) -> frozenset[str]:
        """Every org of which something can be seen."""
        return frozenset[str]().union(*(grant.orgs for grant in self.grants))

    def through(self, *verbs: Verb) -> "Reader":
        """The same person through those posts only that allow one of these."""
        kept = tuple(grant for grant in self.grants if grant.role.verbs & set(verbs))
        return replace(self, grants=kept)

    @property
    def needs_second_factor(self) -> bool:
        return any(grant.role.needs_second_factor for grant in self.grants)

    def may(self, verb: Verb, org: str) -> bool:
        return any(verb in grant.role.verbs and org in grant.orgs for grant in self.grants)


NOBODY = Reader("", date.min)


@dataclass(frozen=True)
class Tree:
    """The administration hierarchy on one day."""

    kinds: Mapping[str, str]
    lines: Mapping[str, tuple[str, ...]]  # org -> itself, its parent, its parent's parent ...
    below: Mapping[str, frozenset[str]]

    def reach(self, org: str) -> frozenset[str]:
        """The org and all below it; a section of the bureau reaches what the bureau reaches."""
        line = self.lines.get(org, (org,))
        root = line[1] if self.kinds.get(org) == "office" and len(line) > 1 else org
        return self.below.get(root, frozenset()) | {org}


def tree_on(orgs: Iterable[OrgRow], edges: Iterable[EdgeRow], today: date) -> Tree:
    """A closed org stays where it last was, so that its records do not vanish with it."""
    orgs = tuple(orgs)
    closed = {row.org: row.valid_to for row in orgs if row.valid_to and row.valid_to <= today}
    kept = tuple(replace(row, valid_to=None) if row.org in closed else row for row in orgs)
    last = tuple(_as_last_seen(edge, closed.get(edge.org)) for edge in edges)
    tomorrow = today + timedelta(days=1)
    made = closure(kept, last, [("day", "today", today, tomorrow, today, today)])
    lines: dict[str, list[str]] = {}
    below: dict[str, set[str]] = {}
    for _, _, ancestor, org in made.membership:
        lines.setdefault(org, []).append(ancestor)
        below.setdefault(ancestor, set()).add(org)
    return Tree(
        {row.org: row.kind for row in orgs},
        {org: tuple(line) for org, line in lines.items()},
        {ancestor: frozenset(members) for ancestor, members in below.items()},
    )


def _as_last_seen(edge: EdgeRow, closed_on: date | None) -> EdgeRow:
    if closed_on is None:
        return edge
    last_day = closed_on - timedelta(days=1)
    held = edge.valid_from <= last_day and (edge.valid_to is None or last_day < edge.valid_to)
    return replace(edge, valid_to=None) if held else replace(edge, valid_to=edge.valid_from)


def visible_to(reader: Reader, queryset: QuerySet[AnyModel], rows: Rows) -> QuerySet[AnyModel]:
    """The rows that exist for this reader."""
    conditions = [
        condition for grant in reader.grants if (condition := grant.condition(rows)) is not None
    ]
    if not conditions:
        return queryset.none()
    anyone = Q()
    for condition in conditions:
        anyone |= condition
    return queryset.filter(anyone)


def windows(reader: Reader, rows: Rows, row: Mapping[str, object]) -> list[Window]:
    """Those of the reader's windows through which this very row is seen."""
    found = (grant.covers(rows, row) for grant in reader.grants)
    return [window for window in found if window is not None]


def duty(reader: Reader, rows: Rows, row: Mapping[str, object]) -> str:
    """The post that makes seeing this row a duty; the first one when there are several."""
    return next((g.duty for g in reader.grants if g.covers(rows, row) is not None), "")


def sight(reader: Reader, rows: Rows, row: Mapping[str, object], column: str) -> Sight:
    level = rows.level(column, row)
    return best([window.sight(level) for window in windows(reader, rows, row)])


def general_sight(reader: Reader, rows: Rows, column: str) -> Sight:
    """How a row that is not there yet will be seen, as far as the reader's posts tell."""
    level = rows.levels.get(column, "")
    through = (grant.role.windows.get(rows.subject) for grant in reader.grants)
    return best([window.sight(level) for window in through if window is not None])


def may_reveal(reader: Reader, rows: Rows, row: Mapping[str, object], column: str) -> bool:
    """Only by one post that sees this row, sees the column at least masked, and may reveal."""
    level = rows.level(column, row)
    return any(
        window.sight(level) is not Sight.ABSENT
        for grant in reader.grants
        if Verb.REVEAL in grant.role.verbs and (window := grant.covers(rows, row)) is not None
    )


def shown(reader: Reader, rows: Rows, row: Mapping[str, object]) -> dict[str, object]:
    """Clear, masked or left out; only declared columns, and nothing of a row out of scope."""
    through = windows(reader, rows, row)
    result: dict[str, object] = {}
    for column in rows.levels:
        if column not in row:
            continue
        level = rows.level(column, row)
        seen = best([window.sight(level) for window in through])
        if seen is not Sight.ABSENT:
            result[column] = row[column] if seen is Sight.CLEAR else veil(row[column])
    return result


def veil(value: Any) -> str | None:
    """An empty value stays empty: that nothing was entered is not a secret."""
    return None if value is None else masked(str(value))


def open_columns(reader: Reader, rows: Rows) -> frozenset[str]:
    """Columns to search, filter and sort by: any other would tell what is masked, bit by bit."""
    through = [
        window for grant in reader.grants if (window := grant.role.windows.get(rows.subject))
    ]
    if not through:
        return frozenset()
    return frozenset(
        column
        for column, level in rows.levels.items()
        if all(window.sight(level) is Sight.CLEAR for window in through)
    )
