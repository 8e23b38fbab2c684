"""The county on one day, as the engine sees it: periods, places, groups, relations.

Everything that indicators and duties read beside the ledgers is registered here, once.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Protocol

from sqlglot import exp

from zhuji.duties.tally import lineage
from zhuji.indicators import cells
from zhuji.kernel.calendar import Calendar, PeriodKind
from zhuji.kernel.errors import Issue
from zhuji.kernel.spans import Span
from zhuji.ledgers import relations
from zhuji.ledgers.derived.declare import AtPoint
from zhuji.ledgers.derived.orgs import ORGS_AT
from zhuji.plan.calendar import calendar_of
from zhuji.plan.conditions import parse_condition, qualified
from zhuji.plan.model import Plan
from zhuji.programme import members
from zhuji.warehouse import closing, hierarchy, periods
from zhuji.warehouse.engine import Engine
from zhuji.warehouse.render import Statement, statement
from zhuji.warehouse.trimming import at_periods

GROUP_DAYS, ORGS_ON_DAYS = "group_days", "orgs_on_days"
ORGS = ORGS_AT.key
SCHOOLS = members.SCHOOLS
_ON_DAYS = {periods.TABLE: "days", hierarchy.PLACES: "places_on_days"}
_YEARS = frozenset({PeriodKind.SCHOOL_YEAR.value})


class Needs(Protocol):
    """What a run asks of the engine: `kinds` says for each relation at which kinds of period it
    is asked for, `keys` names the ledgers and relations that are read."""

    @property
    def kinds(self) -> Mapping[str, Collection[str]]: ...
    @property
    def keys(self) -> Collection[str]: ...
    @property
    def members(self) -> tuple[Statement, Statement]: ...


@dataclass(frozen=True)
class OrgFacts:
    code: str
    name: str
    kind: str
    valid_from: date
    valid_to: date | None

    @property
    def is_school(self) -> bool:
        return self.kind in SCHOOLS


@dataclass(frozen=True)
class Scene:
    """`above` is the line from an organisation up to the county on the day of judgement, `last`
    that of one which has closed, on its last day."""

    engine: Engine
    plan: Plan
    on: date
    calendar: Calendar
    orgs: Mapping[str, OrgFacts]
    above: Mapping[str, tuple[str, ...]]
    last: closing.Lines
    periods: tuple[cells.PeriodRow, ...]
    issues: tuple[Issue, ...]

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """The next above; of what has closed, on its last day: what it owed is still counted."""
        lines = {**self.last, **self.above}
        return {org: line[1] if len(line) > 1 else None for org, line in lines.items()}

    @cached_property
    def below(self) -> dict[str, tuple[str, ...]]:
        """Every organisation with all that stand under it, itself included."""
        found: dict[str, list[str]] = {}
        for org, line in self.above.items():
            for ancestor in line:
                found.setdefault(ancestor, []).append(org)
        return {org: tuple(under) for org, under in found.items()}

    @cached_property
    def ever_below(self) -> dict[str, tuple[str, ...]]:
        """As `below`, with those that have closed."""
        found: dict[str, list[str]] = {}
        for org in self.parents:
            for ancestor in lineage(org, self.parents):
                found.setdefault(ancestor, []).append(org)
        return {org: tuple(under) for org, under in found.items()}

    @cached_property
    def county(self) -> str | None:
        """The organisation that stands over most others."""
        return max(self.below, key=lambda org: len(self.below[org]), default=None)

    def periods_of(self, kind: str) -> tuple[cells.PeriodRow, ...]:
        return tuple(row for row in self.periods if row.kind == kind)

    def name(self, org: str) -> str:
        return self.orgs[org].name if org in self.orgs else org


def build(engine: Engine, plan: Plan, on: date, needs: Needs) -> Scene:
    """Register what a run needs."""
    calendar = calendar_of(plan)
    span = Span(plan.starts, plan.ends)  # its first period is the one to compare with
    wanted = {PeriodKind(kind) for asked in needs.kinds.values() for kind in asked}
    rows = periods.period_rows(calendar, on, span, sorted(wanted | {PeriodKind.SCHOOL_YEAR}))
    orgs, edges = _orgs(engine), _edges(engine)
    dated = _dated(orgs)
    made = hierarchy.closure(dated, edges, [*rows, periods.day_row(on)])
    _relate(engine, rows, made, needs)
    members.register(engine, made, closing.closed(dated, edges, rows), needs.members)
    engine.materialise("stage_pupils", _STAGE_PUPILS)
    return Scene(
        engine=engine,
        plan=plan,
        on=on,
        calendar=calendar,
        orgs={org.code: org for org in orgs},
        above=_lines(made, on),
        last=closing.last_lines(dated, edges, on),
        periods=tuple(cells.PeriodRow(*row) for row in rows),
        issues=tuple(made.issues),
    )


def register_group_days(scene: Scene, asked: Iterable[tuple[str, date]]) -> None:
    """Fill `group_days(grp, day, org)`: who belonged to a group on each day that a duty names."""
    asked = set(asked)
    days = sorted({day for _, day in asked})
    rows = [periods.day_row(day) for day in days]
    orgs = _dated(scene.orgs.values())
    made = hierarchy.closure(orgs, _edges(scene.engine), rows)
    scene.engine.table(_ON_DAYS[periods.TABLE], periods.TYPES, rows)
    scene.engine.table(_ON_DAYS[hierarchy.PLACES], hierarchy.PLACES_TYPES, made.places)
    scene.engine.materialise(ORGS_ON_DAYS, _ORGS_ON_DAYS_TREE)
    groups = {group.id: group for group in scene.plan.groups}
    names = sorted({name for name, _ in asked if name in groups})
    if names:
        conditions = tuple((name, groups[name].where) for name in names)
        scene.engine.materialise(GROUP_DAYS, _on_days(conditions))
    else:
        types = {"grp": "VARCHAR", "day": "DATE", "org": "VARCHAR"}
        scene.engine.table(GROUP_DAYS, types, ())


@cache
def _on_days(conditions: tuple[tuple[str, str], ...]) -> Statement:
    """(group, day, org) of groups, each given with its condition."""
    selects = [
        exp.select(exp.alias_(exp.Literal.string(name), "grp"))
        .select(exp.alias_(exp.cast("o.period", "date"), "day"), "o.org")
        .from_(f"{ORGS_ON_DAYS} AS o")
        .where(qualified(parse_condition(where), "o"))
        for name, where in conditions
    ]
    return statement(selects[0] if len(selects) == 1 else exp.union(*selects, distinct=False))


_ORGS_ON_DAYS_TREE = members.orgs_on(_ON_DAYS)

# Enrolments are many, the days on which they begin and end are few.
_STAGE_PUPILS = statement(
    exp.select("p.kind AS period_kind", "p.key AS period", "e.org", "e.stage")
    .select("CAST(SUM(e.pupils) AS BIGINT) AS pupils")
    .from_(
        exp.select("org", "stage", "valid_from", "valid_to", "COUNT(*) AS pupils")
        .from_("enrolments")
        .group_by("org", "stage", "valid_from", "valid_to")
        .subquery("e")
    )
    .join(
        "periods AS p",
        on="e.valid_from <= p.census_on AND (e.valid_to IS NULL OR p.census_on < e.valid_to)",
    )
    .group_by("p.kind", "p.key", "e.org", "e.stage")
)


def _relate(
    engine: Engine, rows: list[periods.PeriodRow], made: hierarchy.Closure, needs: Needs
) -> None:
    """Organisations and events are kept; what has a row for each person and period is counted
    where it is asked for, and stands as a view for those who look at single rows."""
    engine.table(hierarchy.PLACES, hierarchy.PLACES_TYPES, made.places)
    engine.table(periods.TABLE, periods.TYPES, rows)
    for key in (name for name in relations.RELATIONS_BY_KEY if name in _with_needs(needs.keys)):
        if isinstance(relations.dating(key), AtPoint) and key != ORGS:
            engine.view(key, _relation(key, frozenset(needs.kinds.get(key, ())) | _YEARS))
        else:
            engine.materialise(key, _relation(key))
    engine.materialise(ORGS, _relation(ORGS))


@cache
def _relation(key: str, kinds: frozenset[str] | None = None) -> Statement:
    tree = relations.relation(key).tree
    return statement(tree if kinds is None else at_periods(tree, kinds))


def _with_needs(keys: Iterable[str]) -> set[str]:
    """The relations among these keys, and those that they are made from."""
    found: set[str] = set()
    open_keys = [key for key in keys if key in relations.RELATIONS_BY_KEY]
    while open_keys:
        key = open_keys.pop()
        if key not in found:
            found.add(key)
            needs = relations.RELATIONS_BY_KEY[key].needs
            open_keys += [need for need in needs if need in relations.RELATIONS_BY_KEY]
    return found


def _orgs(engine: Engine) -> list[OrgFacts]:
    tree = exp.select("org", "name", "kind", "valid_from", "valid_to").from_("orgs")
    return [OrgFacts(*row) for row in engine.run(tree.order_by("org", "valid_from"))]


def _edges(engine: Engine) -> list[hierarchy.EdgeRow]:
    tree = exp.select("org", "parent", "valid_from", "valid_to").from_("org_edges")
    kind = exp.column("hierarchy").eq(exp.Literal.string(hierarchy.ADMINISTRATION))
    return [hierarchy.EdgeRow(*row) for row in engine.run(tree.where(kind))]


def _dated(orgs: Iterable[OrgFacts]) -> list[hierarchy.OrgRow]:
    return [hierarchy.OrgRow(org.code, org.kind, org.valid_from, org.valid_to) for org in orgs]


def _lines(made: hierarchy.Closure, on: date) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for kind, key, ancestor, org in made.membership:
        if kind == periods.DAY and key == on.isoformat():
            found.setdefault(org, []).append(ancestor)
    return {org: tuple(line) for org, line in found.items()}
