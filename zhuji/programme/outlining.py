"""What all organisations of a run share, gathered for keeping: tree, directory, groups, money."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from sqlglot import exp

from zhuji.indicators.cells import PeriodRow
from zhuji.indicators.check import operands
from zhuji.kernel.messages import Label
from zhuji.ledgers import relations, visibility
from zhuji.ledgers.registry import BY_KEY
from zhuji.orgs.roles import Subject
from zhuji.plan.conditions import parse_condition, qualified
from zhuji.plan.model import Group
from zhuji.programme.judge import Run
from zhuji.programme.judgement import Judgement
from zhuji.programme.outline import Entry, Exemption, Money, OrgNote, Outline, Planned
from zhuji.programme.outline import Group as Named
from zhuji.programme.scene import ORGS

_YEAR = "school_year"


def outline(run: Run, of_county: Judgement) -> Outline:
    plan = run.loaded.plan
    roles = {role.id: role for role in plan.roles}
    by_place = {item.id: item for item in plan.items}
    owners = {node.id: node.owner for node in run.loaded.tree}
    return Outline(
        plan=of_county.plan,
        version=of_county.version,
        title=of_county.title,
        on=of_county.on,
        snapshot=of_county.snapshot,
        invented=of_county.invented,
        starts=of_county.starts,
        county=of_county.org,
        issuer=plan.issuer,
        entries=tuple(
            Entry(one.id, one.kind, one.parent, one.clause, one.label, one.owner,
                  _owner_of(one.id, owners))
            for one in of_county.items
        ),
        orgs={note.code: note for note in _orgs(run)},
        says={key: item.says for key, item in by_place.items()},
        joint={
            key: tuple(roles[one].label if one in roles else Label(one, one) for one in item.joint)
            for key, item in by_place.items() if item.joint
        },
        holders={key: role.held_by for key, role in roles.items()},
        roles={key: role.label for key, role in roles.items()},
        groups=tuple(_groups(run, plan.groups)),
        planned=tuple(
            Planned(one.id, one.label, one.clause, one.org, one.amount, one.part_of)
            for one in plan.money
        ),
        money=tuple(_money(run)),
        exemptions=tuple(_exemptions(run)),
        persons=frozenset(_persons(run)),
        issues=of_county.issues,
    )  # fmt: skip


def _owner_of(key: str, owners: Mapping[str, str]) -> str:
    """Of an indicator of one stage: that of the indicator."""
    return owners.get(key) or owners.get(key.rpartition(".")[0], "")


def _orgs(run: Run) -> Iterator[OrgNote]:
    year = _year(run)
    pupils: dict[str, list[tuple[str, int]]] = {}
    for org, stage, count in _of_year(run, "stage_pupils", year, "org", "stage", "pupils"):
        pupils.setdefault(org, []).append((stage, count))
    teachers, classes = _counts(run, "teachers_at", year), _counts(run, "class_rolls", year)
    for code in run.scene.above:
        facts = run.scene.orgs[code]
        below = run.scene.below[code]
        yield OrgNote(
            code, facts.name, facts.kind, run.scene.parents[code],
            _summed(pair for one in below for pair in pupils.get(one, ())),
            None if teachers is None else sum(teachers.get(one, 0) for one in below),
            None if classes is None else sum(classes.get(one, 0) for one in below),
        )  # fmt: skip


def _summed(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for stage, count in pairs:
        found[stage] = found.get(stage, 0) + count
    return tuple(found.items())


def _year(run: Run) -> PeriodRow | None:
    years = run.scene.periods_of(_YEAR)
    return years[-1] if years else None


def _of_year(run: Run, table: str, year: PeriodRow | None, *columns: str) -> list[tuple[Any, ...]]:
    if year is None:
        return []
    tree = exp.select(*columns).from_(table).where(*_in_year(year)).order_by(*columns[:2])
    return run.scene.engine.run(tree)


def _counts(run: Run, relation: str, year: PeriodRow | None) -> dict[str, int] | None:
    """Rows of each organisation; None where the plan reads nothing of the kind."""
    if year is None or relation not in {each.source.key for each in run.suite.scans}:
        return None
    tree = exp.select("org", "COUNT(*)").from_(relation).where(*_in_year(year)).group_by("org")
    return dict(run.scene.engine.run(tree))


def _in_year(year: PeriodRow) -> list[exp.Expr]:
    return [
        exp.column("period_kind").eq(exp.Literal.string(year.kind)),
        exp.column("period").eq(exp.Literal.string(year.key)),
    ]


def _groups(run: Run, groups: Iterable[Group]) -> Iterator[Named]:
    """Who belongs where in the school year of the day."""
    year = _year(run)
    if year is None:
        return
    asked = tuple(groups)
    trees = [
        exp.select("org").from_(exp.to_table(ORGS, alias="o"))
        .where(*_in_year(year), qualified(parse_condition(one.where), "o"))
        for one in asked
    ]  # fmt: skip
    for one, rows in zip(asked, run.scene.engine.run_all(trees), strict=True):
        yield Named(one.id, one.label, frozenset(org for (org,) in rows))


def _money(run: Run) -> Iterator[Money]:
    names = ("plan_line", "org", "line_no", "earmark", "budget", "allotted", "paid", "spent",
             "misused", "late_days")  # fmt: skip
    tree = exp.select(*names).from_(relations.relation("fund_lines").tree.subquery("f"))
    tree = tree.where("plan_line IS NOT NULL").order_by("plan_line", "org", "line_no")
    yield from (Money(*row) for row in run.scene.engine.run(tree))


def _exemptions(run: Run) -> Iterator[Exemption]:
    day = exp.cast(exp.Literal.string(run.scene.on.isoformat()), "date")
    tree = exp.select(*(one.name for one in fields(Exemption))).from_("exemptions")
    tree = tree.where(exp.column("valid_from") <= day, exp.column("valid_to") > day)
    yield from (Exemption(*row) for row in run.scene.engine.run(tree.order_by("org", "item")))


# --- whom figures speak of -------------------------------------------------------------------


def _persons(run: Run) -> Iterator[str]:
    """Figures of pupils or staff, or made of such; one taken over schools counts schools."""
    found: set[str] = set()
    for key, prepared in run.suite.prepared.items():  # parts stand before what is made of them
        one = prepared.indicator
        speaks = one.source is not None and Subject.ORG not in subjects(one.source)
        if speaks or (not prepared.dispersions and found & set(operands(one))):
            found.add(key)
    yield from found
    for key, owed in run.owed.items():
        if getattr(owed.asked, "subject", "org") != "org":
            yield key


def subjects(source: str) -> frozenset[Subject]:
    """Whom the rows of a ledger or relation are about; of organisations alone: of these."""
    if source in BY_KEY:
        return frozenset({visibility.rows_about(source).subject})
    relation = relations.RELATIONS_BY_KEY.get(source)
    found = [subjects(need) for need in relation.needs] if relation else []
    every = frozenset[Subject]().union(*found)
    return every - {Subject.ORG} or frozenset({Subject.ORG})
