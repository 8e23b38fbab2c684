"""Who counts where: each organisation under all that stand above it, in each of its groups."""

from collections.abc import Collection, Iterable, Mapping

from sqlglot import exp

from zhuji.indicators.compile import ALL, EVENT_MEMBERS, MEMBERS
from zhuji.ledgers.derived.orgs import ORGS_AT
from zhuji.plan.conditions import parse_condition, qualified
from zhuji.plan.model import Group
from zhuji.warehouse import hierarchy
from zhuji.warehouse.closing import CLOSED_TYPES, Closed
from zhuji.warehouse.engine import Engine
from zhuji.warehouse.periods import TABLE as PERIODS
from zhuji.warehouse.periods import TYPES as PERIOD_TYPES
from zhuji.warehouse.render import Statement, statement

ORGS = ORGS_AT.key
SCHOOLS = ("school", "kindergarten", "teaching_point")
_CLOSURE, _CLOSED, _UNDER, _CLOSED_MEMBERS = "closure", "closed", "under", "closed_members"
_ORGS_ON_LAST_DAYS = "orgs_on_last_days"
_LAST_DAYS = {PERIODS: "last_days", hierarchy.PLACES: "places_on_last_days"}

Asked = Mapping[str, Collection[str]]


def register(
    engine: Engine, made: hierarchy.Closure, closed: Closed, trees: tuple[Statement, Statement]
) -> None:
    """`membership` of who stands at the point; `event_membership` of who closed before it too."""
    engine.table(_CLOSURE, hierarchy.MEMBERSHIP_TYPES, made.membership)
    engine.table(_CLOSED, CLOSED_TYPES, closed.membership)
    engine.materialise(_UNDER, _UNDER_TREE)
    engine.table(_LAST_DAYS[PERIODS], PERIOD_TYPES, closed.days)
    engine.table(_LAST_DAYS[hierarchy.PLACES], hierarchy.PLACES_TYPES, closed.places)
    engine.materialise(_ORGS_ON_LAST_DAYS, _ORGS_ON_LAST_DAYS_TREE)
    standing, gone = trees
    engine.materialise(MEMBERS, standing)
    engine.materialise(_CLOSED_MEMBERS, gone)
    engine.view(EVENT_MEMBERS, _EVENT_TREE)


def membership(groups: Iterable[Group], asked: Asked, *, closed: bool = False) -> exp.Query:
    """(period_kind, period, ancestor, org, alone, level, grp): each org under all above it, in the
    group `*`, and in every group asked for at a kind of period whose condition it meets then; or,
    of those that closed within the period, met on its last day."""
    selects = [_members(ALL, None, closed=closed)]
    for group in groups:
        kinds = sorted(kind for kind, names in asked.items() if group.id in names)
        if kinds:
            at_kinds = exp.column("period_kind", table="c").isin(*map(exp.Literal.string, kinds))
            tree = _members(group.id, parse_condition(group.where), closed=closed)
            selects.append(tree.where(at_kinds, copy=False))
    return selects[0] if len(selects) == 1 else exp.union(*selects, distinct=False)


def orgs_on(tables: Mapping[str, str]) -> Statement:
    """Organisations at days of their own, which stand in tables beside those of the periods."""

    def renamed(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Table) and node.name in tables:
            return exp.to_table(tables[node.name], alias=node.alias_or_name)
        return node

    tree = ORGS_AT.tree.transform(renamed)
    assert isinstance(tree, exp.Query)
    return statement(tree)


def _members(name: str, condition: exp.Expression | None, *, closed: bool) -> exp.Select:
    level = (
        exp.case()
        .when(exp.column("kind", table="o").isin(*SCHOOLS), exp.Literal.string("school"))
        .else_(exp.column("kind", table="o"))
    )
    tree = (
        exp.select("c.period_kind", "c.period", "c.ancestor", "c.org", "c.alone")
        .select(exp.alias_(level, "level"), exp.alias_(exp.Literal.string(name), "grp"))
        .from_(f"{_UNDER} AS c")
    )
    if closed:
        tree = tree.join(f"{_ORGS_ON_LAST_DAYS} AS o", on="o.period = c.last_day AND o.org = c.org")
    else:
        tree = tree.join(
            f"{ORGS} AS o",
            on="o.period_kind = c.period_kind AND o.period = c.period AND o.org = c.org",
        )
    return tree if condition is None else tree.where(qualified(condition, "o"))


_ORGS_ON_LAST_DAYS_TREE = orgs_on(_LAST_DAYS)
_KEYS = ("period_kind", "period", "ancestor", "org")

# An ancestor is alone when it stands over nobody but itself, and stood over nobody else.
_UNDER_TREE = statement(
    exp.select(
        "*", "COUNT(*) OVER (PARTITION BY period_kind, period, ancestor) = 1 AS alone"
    ).from_(
        exp.union(
            exp.select(*_KEYS, "CAST(NULL AS VARCHAR) AS last_day").from_(_CLOSURE),
            exp.select(*_KEYS, "last_day").from_(_CLOSED),
            distinct=False,
        ).subquery("u")
    )
)
_EVENT_TREE = statement(
    exp.union(
        exp.select("*", "FALSE AS closed").from_(MEMBERS),
        exp.select("*", "TRUE AS closed").from_(_CLOSED_MEMBERS),
        distinct=False,
    )
)
