"""Indicators to wide scans: one SELECT for each source, kind of period and point, all levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlglot import exp

from zhuji.indicators import shares
from zhuji.indicators.atoms import Atom
from zhuji.indicators.sources import (
    PERIOD_DAYS,
    AtPeriod,
    Counted,
    Event,
    Source,
    Valid,
)

Dialect = Literal["duckdb", "spark"]
# For each kind of period the groups that membership must hold.
Asked = Mapping[str, Sequence[str]]
ALL = "*"
# Who stands under whom at the point; and, where something happened, who closed before it too.
MEMBERS, EVENT_MEMBERS = "membership", "event_membership"
# What each row of a scan begins with; the counts of reporting units and the atoms follow.
KEYS = ("period", "ancestor", "grp", "stage")
# Units with rows that closed before the point: nobody expected them, and yet they reported.
CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SplitRule:
    """How rows of stage `shared` are divided; `scale` is the number of decimals kept."""

    weights: Mapping[str, Decimal]
    scale: int = 6


@dataclass(frozen=True)
class Scan:
    """What one statement computes. `reports` holds, for each count of reporting units, the
    atoms that must be 0 for a unit to have reported in full."""

    key: str
    source: Source
    period_kind: str
    at: Literal["point", "census"]
    split: SplitRule | None
    atoms: tuple[Atom, ...]
    reports: tuple[tuple[str, ...], ...]
    stages: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        counts = tuple(f"r{place}" for place in range(len(self.reports)))
        closed = (CLOSED,) if self.of_events else ()
        return (*KEYS, *counts, *closed, *(atom.name for atom in self.atoms))

    @property
    def of_events(self) -> bool:
        return isinstance(self.source.dated, Event)

    @property
    def reads(self) -> frozenset[str]:
        """The columns of the source that the statement reads."""
        columns = (column for column in partials(self).find_all(exp.Column))
        return frozenset(column.name for column in columns if column.table == "s")


def render(tree: exp.Expr, dialect: Dialect) -> str:
    """The only step that knows a dialect."""
    if dialect == "spark":
        tree = tree.transform(_wide_integer)
    return tree.sql(dialect=dialect, pretty=True)


def statement(scan: Scan) -> exp.Select:
    """All cells of a scan: partials by school and stage, rolled up over `membership`."""
    tables = [("base", partials(scan))]
    if scan.split is not None:
        tables += shares.tables(scan.atoms, scan.split.weights, scan.split.scale, scan.period_kind)
    tables.append(("units", _units(scan)))
    tree = _rolled_up(scan)
    for name, table in tables:
        tree = tree.with_(name, as_=table, copy=False)
    return tree


def partials(scan: Scan) -> exp.Select:
    """Stage 1: (period, org, stage), the number of rows and every atom."""
    columns = [
        _named(_period(scan), "period"),
        exp.column("org", table="s"),
        _named(_stage(scan), "stage"),
        _named(exp.Count(this=exp.Star(), big_int=True), "row_count"),
        *(_named(qualified(atom.tree), atom.name) for atom in scan.atoms),
    ]
    tree = placed(exp.select(), scan.source, scan.period_kind, scan.at, days=_names_days(scan))
    if scan.source.has_stage and scan.split is None and ALL not in scan.stages:
        chosen = exp.column("stage", table="s").isin(*_texts(scan.stages))
        tree = tree.where(chosen, copy=False)
    tree = tree.group_by(*(exp.Literal.number(place) for place in (1, 2, 3)), copy=False)
    return tree.select(*columns, copy=False)


def expectations(asked: Asked) -> exp.Query:
    """How many units of each level and stage stand under every ancestor, and whether it is
    alone: nothing stands under it but itself."""
    keys = "m.period_kind, m.period, m.ancestor, m.grp, m.level"
    columns = [exp.column(name.split(".")[1], table="m") for name in keys.split(", ")]
    alone = exp.column("alone", table="m")
    count = exp.alias_(exp.Count(this=exp.Star(), big_int=True), "units")
    members = exp.select().from_("membership AS m").where(_asked(asked))
    every = members.select(*columns, exp.alias_(exp.Literal.string(ALL), "stage"), count, alone)
    staged = (
        members.select(*columns, exp.column("stage", table="w"), count, alone)
        .join(
            "stage_pupils AS w",
            on="w.period_kind = m.period_kind AND w.period = m.period AND w.org = m.org",
        )
        .where("w.pupils > 0")
    )
    every, staged = every.group_by(*columns, alone), staged.group_by(*columns, alone, "w.stage")
    return exp.union(every, staged, distinct=False)


def schools_under(asked: Asked) -> exp.Select:
    """The schools below every town and county, for what is taken over schools."""
    return (
        exp.select("m.period_kind", "m.period", "m.ancestor", "m.grp", "m.org")
        .from_("membership AS m")
        .where(_asked(asked), "m.level = 'school'", "m.ancestor <> m.org")
    )


def placed(
    tree: exp.Select, source: Source, kind: str, at: str, *, days: bool = True
) -> exp.Select:
    """FROM the source (as s) and the periods (as p), each row in the periods where it counts."""
    if isinstance(source.dated, AtPeriod):
        tree = tree.from_(f"{source.key} AS s").where(_is("s.period_kind", kind))
        if days:
            tree = tree.join("periods AS p", on="p.kind = s.period_kind AND p.key = s.period")
        return tree
    tree = tree.from_(_rows(source))
    return tree.join("periods AS p", on=exp.and_(_is("p.kind", kind), *_holds(source, at)))


def qualified(tree: exp.Expr) -> exp.Expr:
    """Columns of the source under `s`, days of the period under `p`."""
    tree = tree.copy()
    for column in list(tree.find_all(exp.Column)):
        day = PERIOD_DAYS.get(column.name)
        column.set("table", exp.to_identifier("p" if day else "s"))
        if day:
            column.set("this", exp.to_identifier(day))
    return tree


def _period(scan: Scan) -> exp.Column:
    if isinstance(scan.source.dated, AtPeriod):
        return exp.column("period", table="s")
    return exp.column("key", table="p")


def _stage(scan: Scan) -> exp.Expr:
    if not scan.source.has_stage or (scan.stages == (ALL,) and scan.split is None):
        return exp.Literal.string(ALL)
    return exp.Coalesce(this=exp.column("stage", table="s"), expressions=[exp.Literal.string("-")])


def _named(tree: exp.Expr, name: str) -> exp.Alias:
    """As `exp.alias_`, without copying what was just made."""
    return exp.Alias(this=tree, alias=exp.to_identifier(name))


def _names_days(scan: Scan) -> bool:
    return any(
        column.name in PERIOD_DAYS
        for atom in scan.atoms
        for column in atom.tree.find_all(exp.Column)
    )


def _rows(source: Source) -> exp.Expr:
    if not isinstance(source.dated, Counted):
        return exp.to_table(source.key, alias="s")
    day = source.dated.on
    following = exp.Window(
        this=exp.Lead(this=exp.column(day)),
        partition_by=[exp.column(name) for name in source.dated.key if name != day],
        order=exp.Order(expressions=[exp.Ordered(this=exp.column(day), nulls_first=False)]),
    )
    with_next = exp.select("*", exp.alias_(following, "superseded_on")).from_(source.key)
    return with_next.subquery("s")


def _holds(source: Source, at: str) -> Iterable[exp.Expr]:
    point = f"p.{at}_on"
    match source.dated:
        case Valid(start, end):
            return _spans(start, end, point)
        case Counted(on):
            return _spans(on, "superseded_on", point)
        case Event(on):
            clauses = (f"s.{on} >= p.start_on", f"s.{on} < p.end_on", f"s.{on} <= p.point_on")
            return [exp.condition(clause) for clause in clauses]
        case _:
            return []


def _spans(start: str, end: str, point: str) -> list[exp.Expr]:
    return [
        exp.condition(f"s.{start} <= {point}"),
        exp.condition(f"(s.{end} IS NULL OR {point} < s.{end})"),
    ]


def _units(scan: Scan) -> exp.Select:
    """One row for each unit and stage asked for, `*` being all stages together."""
    merged = [_named(exp.Sum(this=exp.column("row_count")), "row_count")]
    merged += [_named(atom.merge(this=exp.column(atom.name)), atom.name) for atom in scan.atoms]
    plain = not scan.source.has_stage or scan.stages == (ALL,) or ALL not in scan.stages
    if plain and scan.split is None:
        return exp.select("*").from_("base")
    names = ["row_count", *(atom.name for atom in scan.atoms)]
    return (
        exp.select()
        .from_(_pieces(scan, names).subquery("pieces"))
        .group_by("period", "org", "stage")
        .select("period", "org", "stage", *merged, copy=False)
    )


def _pieces(scan: Scan, names: Sequence[str]) -> exp.Query:
    source = "fixed" if scan.split else "base"
    stages = [stage for stage in scan.stages if stage != ALL]
    every: list[exp.Select] = []
    if ALL in scan.stages:
        whole = _named(exp.Literal.string(ALL), "stage")
        every.append(exp.select("period", "org", whole, *names).from_(source))
    if stages:
        chosen = exp.column("stage").isin(*_texts(stages))
        rows = exp.select("period", "org", "stage", *names)
        every.append(rows.from_(source).where(chosen.copy()))
        if scan.split:
            every.append(rows.from_("shares").where(chosen))
    return every[0] if len(every) == 1 else exp.union(*every, distinct=False)


def _rolled_up(scan: Scan) -> exp.Select:
    counts = [
        _named(exp.CountIf(this=_whole(scan.source, blanks)), f"r{place}")
        for place, blanks in enumerate(scan.reports)
    ]
    if scan.of_events:
        closed = exp.and_(exp.column(CLOSED, table="m"), _whole(scan.source, ()))
        counts.append(_named(exp.CountIf(this=closed), CLOSED))
    merged = [
        _named(atom.merge(this=exp.column(atom.name, table="u")), atom.name) for atom in scan.atoms
    ]
    keys = ["m.period", "m.ancestor", "m.grp", "u.stage"]
    members = EVENT_MEMBERS if scan.of_events else MEMBERS
    return (
        exp.select()
        .from_("units AS u")
        .join(f"{members} AS m", on="m.period = u.period AND m.org = u.org")
        .where(_is("m.period_kind", scan.period_kind), _grouped(scan.groups))
        # Who stands alone has the same values in every group as among all.
        .where(exp.or_(_is("m.grp", ALL), exp.not_("m.alone")))
        .group_by(*keys)
        .select(*keys, *counts, *merged, copy=False)
    )


def _whole(source: Source, blanks: Sequence[str]) -> exp.Expr:
    """A unit of the level that owes the rows, with rows, and none of them blank."""
    clauses: list[exp.Expr] = [exp.condition("u.row_count > 0")]
    if source.level is not None:
        clauses.append(_is("m.level", source.level))
    clauses += [exp.condition(f"COALESCE(u.{name}, 0) = 0") for name in blanks]
    return exp.and_(*clauses)


def _asked(asked: Asked) -> exp.Expr:
    """The rows of membership that some cell may ask for; a plan of duties alone asks for none."""
    return exp.or_(
        exp.false(),
        *(
            exp.and_(_is("m.period_kind", kind), _grouped(groups))
            for kind, groups in sorted(asked.items())
        ),
    )


def _grouped(groups: Sequence[str]) -> exp.Expr:
    return exp.column("grp", table="m").isin(*_texts(groups))


def _is(column: str, text: str) -> exp.Expr:
    table, name = column.split(".")
    return exp.column(name, table=table).eq(exp.Literal.string(text))


def _texts(values: Iterable[str]) -> list[exp.Literal]:
    return [exp.Literal.string(value) for value in values]


def _wide_integer(node: exp.Expr) -> exp.Expr:
    """Spark has no 128-bit integer; its widest decimal holds the same."""
    if isinstance(node, exp.DataType) and node.is_type("int128"):
        return exp.DataType.build("decimal(38, 0)")
    return node
