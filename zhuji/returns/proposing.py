"""Proposes a form for a clause: the ledger that its indicators and duties read, columns chosen."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet, Value
from sqlglot import exp

from zhuji.kernel.errors import NotAllowed, Refused
from zhuji.kernel.messages import Label, say
from zhuji.kernel.terms import first_year_of, school_year_span
from zhuji.ledgers import visibility
from zhuji.ledgers.declare import Counted, Event, Ledger
from zhuji.ledgers.registry import BY_KEY
from zhuji.ledgers.registry import ledger as ledger_of
from zhuji.ledgers.relations import RELATIONS_BY_KEY
from zhuji.orgs.scope import Reader
from zhuji.plan.conditions import parse_condition
from zhuji.plan.model import Duty, Milestone, Plan
from zhuji.returns import forms
from zhuji.returns.forms import Form, Measure
from zhuji.returns.rules import stands_above

# Our own aim, not the plan's: a form most of whose cells are known is worth sending.
WELL_KNOWN = Fraction(9, 10)
# An optional column emptier than this is one that seldom applies: its gaps are no questions.
SELDOM = Fraction(1, 2)
_ENTERED_AT = {
    "school": ("school", "kindergarten", "teaching_point"),
    "town": ("town",),
}


Reach = Mapping[str, tuple[str, ...]]  # ledger -> who can be asked for it


@dataclass(frozen=True)
class Source:
    """A ledger that a clause is known by, narrowed as the clause narrows it."""

    ledger: str
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A form, whom it can be sent to, and how much of it is known."""

    form: Form
    orgs: tuple[str, ...]
    measure: Measure

    @property
    def ledger(self) -> Ledger:
        return self.form.declared


@dataclass(frozen=True)
class Area:
    """A town, or whatever else stands directly above those who fill in, with these."""

    org: str
    name: str
    members: tuple[tuple[str, str], ...]


def sources(plan: Plan, item: str) -> tuple[Source, ...]:
    """What a clause, or one duty or indicator of it, is known by; each ledger once."""
    found = [*_read_by(plan, item), *(Source(key) for key in _registers(plan, item))]
    first: dict[str, Source] = {}
    for source in found:
        if source.ledger in BY_KEY:
            first.setdefault(source.ledger, source)
    return tuple(first.values())


def label_of(plan: Plan, item: str) -> Label | None:
    """What the clause, duty or indicator is called."""
    every = (plan.items, plan.indicators, plan.duties, plan.milestones)
    labels = {one.id: one.label for part in every for one in part}
    return labels.get(item)


def _read_by(plan: Plan, item: str) -> Iterator[Source]:
    every: tuple[Duty | Milestone, ...] = (*plan.duties, *plan.milestones)
    for asked in every:
        if item in (asked.id, *asked.clauses):
            yield from _declared(asked.evidence.ledger, asked.evidence.where)
    for indicator in plan.indicators:
        if indicator.source and item in (indicator.id, *indicator.clauses):
            condition = indicator.where if isinstance(indicator.where, str) else None
            yield from _declared(indicator.source, condition)


def _registers(plan: Plan, item: str) -> Iterator[str]:
    for one in plan.items:
        if one.id == item:
            yield from one.ledgers
    for ledger in BY_KEY.values():
        if item in ledger.clauses:
            yield ledger.key


def _declared(source: str, condition: str | None) -> Iterator[Source]:
    """A relation is asked for where its rows are entered: in the ledgers that it joins."""
    joined = RELATIONS_BY_KEY.get(source)
    for key in joined.needs if joined else (source,):
        if key in BY_KEY:
            yield Source(key, _equalities(BY_KEY[key], condition))


def _equalities(ledger: Ledger, condition: str | None) -> tuple[tuple[str, str], ...]:
    """Of `a = 'x' AND …` what can be said with this ledger's columns of choices."""
    if not condition:
        return ()
    found = []
    tree = parse_condition(condition)
    for part in tree.flatten() if isinstance(tree, exp.And) else (tree,):
        if isinstance(part, exp.EQ) and isinstance(part.this, exp.Column):
            column = ledger.by_key.get(part.this.name)
            given = part.expression
            options = {option.value for option in column.options} if column else set()
            if isinstance(given, exp.Literal) and given.this in options:
                found.append((part.this.name, str(given.this)))
    return tuple(found)


def best(reader: Reader, found: tuple[Source, ...], today: date) -> Proposal | None:
    """The first that is well known with something left to ask; else the best known of the rest."""
    askable = [source for source in found if _may_ask(reader, source.ledger)]
    reach = _reach(reader, [ledger_of(source.ledger) for source in askable])
    made = [one for one in (_attempt(reader, source, reach, today) for source in askable) if one]
    worth = [one for one in made if WELL_KNOWN <= one.measure.share < 1]
    rest = sorted(made, key=lambda one: (one.measure.share == 1, -one.measure.share))
    return next(iter(worth or rest), None)


def _may_ask(reader: Reader, ledger: str) -> bool:
    try:
        must_be_askable(reader, ledger)
    except (NotAllowed, Refused):
        return False
    return True


def _attempt(reader: Reader, source: Source, reach: Reach, today: date) -> Proposal | None:
    try:
        return _propose(reader, source, reach[source.ledger], today)
    except Refused:
        return None


def propose(reader: Reader, source: Source, today: date) -> Proposal:
    """Every column that may be asked for, but those that are nearly always empty."""
    must_be_askable(reader, source.ledger)
    return _propose(reader, source, within_reach(reader, ledger_of(source.ledger)), today)


def _propose(reader: Reader, source: Source, orgs: tuple[str, ...], today: date) -> Proposal:
    declared = ledger_of(source.ledger)
    columns = tuple(column.key for column in forms.open_columns(reader, declared.key))
    form = Form(declared.key, columns, dict(source.where), today, _since(declared, today))
    if not orgs or not columns:
        raise Refused(say("您所管的单位里没有要填“{ledger}”的。", ledger=declared.label))
    found = forms.measure(reader, form, orgs)
    form = replace(form, columns=_mostly_known(form, found))
    return Proposal(form, orgs, found.narrowed(form.columns))


def must_be_askable(reader: Reader, ledger: str) -> None:
    declared = ledger_of(ledger)
    if declared.owner not in _ENTERED_AT:
        raise Refused(
            say("“{ledger}”由县里登记，不向下级要数。请直接在台账里填。", ledger=declared.label)
        )
    if not forms.sees_all(reader, declared.key):
        raise NotAllowed(
            say("您的岗位看不到“{ledger}”的内容，不能据它发起填报。", ledger=declared.label)
        )


def within_reach(reader: Reader, ledger: Ledger) -> tuple[str, ...]:
    """Who enters such rows and stands below the reader; of their kinds only those that ever did."""
    return _reach(reader, [ledger])[ledger.key]


def _reach(reader: Reader, ledgers: Collection[Ledger]) -> Reach:
    """`within_reach` of several ledgers, in two statements."""
    open_now = visibility.visible_to(reader, "orgs").filter(valid_to=None)
    kinds = {kind for ledger in ledgers for kind in _ENTERED_AT[ledger.owner]}
    standing = open_now.filter(kind__in=kinds).values_list("org", "kind")
    below = {org: kind for org, kind in standing if stands_above(reader, org)}
    entering: dict[str, set[str]] = {ledger.key: set() for ledger in ledgers}
    asked = [_entering(reader, ledger, below) for ledger in ledgers]
    for key, org in asked[0].union(*asked[1:]) if asked else ():
        entering[key].add(below[org])
    return {
        ledger.key: tuple(
            sorted(
                org
                for org, kind in below.items()
                if kind in (entering[ledger.key] or _ENTERED_AT[ledger.owner])
            )
        )
        for ledger in ledgers
    }


def _entering(reader: Reader, ledger: Ledger, orgs: Mapping[str, str]) -> QuerySet[Any, Any]:
    """Ledger and org, once for each org that has such rows."""
    at = {org for org in orgs if orgs[org] in _ENTERED_AT[ledger.owner]}
    found = visibility.visible_to(reader, ledger.key).filter(org__in=sorted(at)).order_by()
    named: QuerySet[Any, Any] = found.annotate(of=Value(ledger.key))
    return named.values_list("of", "org").distinct()


def areas(reader: Reader, orgs: tuple[str, ...], today: date) -> tuple[Area, ...]:
    """Those who can be asked, by the town that stands above them."""
    tree = visibility.tree(today)
    names = dict(visibility.visible_to(reader, "orgs").values_list("org", "name"))
    found: dict[str, list[tuple[str, str]]] = {}
    for org in orgs:
        line = tree.lines.get(org, (org,))
        above = org if tree.kinds.get(org) == "town" or len(line) < 2 else line[1]
        found.setdefault(above, []).append((org, names.get(org, org)))
    return tuple(
        Area(above, names.get(above, above), tuple(members))
        for above, members in sorted(found.items())
    )


def _since(declared: Ledger, today: date) -> date | None:
    """What happens or is counted is asked for by school year."""
    if isinstance(declared.dated, Event | Counted):
        return school_year_span(first_year_of(today)).start
    return None


def _mostly_known(form: Form, found: Measure) -> tuple[str, ...]:
    """Leave out the emptiest optional columns until most of the form is known."""
    columns = list(form.columns)
    optional = [key for key in columns if not form.declared.by_key[key].required]
    share = {key: found.known_of([key]) for key in optional}
    for key in sorted(optional, key=lambda one: share[one]):
        if share[key] < SELDOM or found.known_of(columns) < WELL_KNOWN:
            columns.remove(key)
    return tuple(columns)
