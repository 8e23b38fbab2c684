"""What a plan asks of the columns of a ledger, and the codes of its own that they may hold."""

from collections.abc import Iterator

from sqlglot import exp

from zhuji.indicators.expand import expand
from zhuji.indicators.explain import columns_read
from zhuji.kernel.messages import Label
from zhuji.ledgers.declare import Ledger, Option
from zhuji.ledgers.hints import Guide
from zhuji.ledgers.relations import RELATIONS_BY_KEY
from zhuji.plan.conditions import columns_of, parse_condition
from zhuji.plan.formula import by_stage
from zhuji.plan.model import (
    Batches,
    CoverageGoal,
    Duty,
    FollowUp,
    Indicator,
    Milestone,
    Plan,
    Quota,
)

# Columns that name a line of the plan's money.
_MONEY = "plan_line"


def guide(plan: Plan, ledger: Ledger) -> Guide:
    """For each column the clauses and figures that need it, each once."""
    asked: dict[str, dict[Label, None]] = {}
    for label, columns in _asks(plan, ledger):
        for name in dict.fromkeys(columns):
            if name in ledger.by_key and name != "org":
                asked.setdefault(name, {})[label] = None
    return Guide(
        {name: tuple(labels) for name, labels in asked.items()}, dict(_choices(plan, ledger))
    )


def _asks(plan: Plan, ledger: Ledger) -> Iterator[tuple[Label, list[str]]]:
    for indicator in expand(plan.indicators):
        if indicator.source is not None and _reads(indicator.source, ledger.key):
            yield _named(indicator.clauses[0], indicator.label), _columns(indicator)
    every: list[Duty | Milestone] = [*plan.duties, *plan.milestones]
    for asked in every:
        if asked.evidence.ledger == ledger.key:
            yield _named(asked.clauses[0], asked.label), list(_proving(asked))


def _reads(source: str, ledger: str) -> bool:
    """A relation passes the columns of the ledgers that it is made from on under their names."""
    return source == ledger or (
        source in RELATIONS_BY_KEY and ledger in RELATIONS_BY_KEY[source].needs
    )


def _columns(indicator: Indicator) -> list[str]:
    found = list(columns_read(indicator))
    if isinstance(indicator.goal, CoverageGoal):
        found += columns_of(parse_condition(indicator.goal.lacking))
    return found


def _proving(asked: Duty | Milestone) -> Iterator[str]:
    proof = asked.evidence
    yield from filter(None, (proof.on, proof.subject, proof.distinct))
    conditions = [proof.where]
    match getattr(asked, "cadence", None):
        case Quota(measure=measure, floors=floors):
            yield measure
            conditions += [floor.where for floor in floors]
        case Batches(batch=batch, ends=ends):
            yield from filter(None, (batch, ends))
        case FollowUp(answered=answered):
            yield answered
    for text in filter(None, conditions):
        yield from columns_of(parse_condition(text))


def _choices(plan: Plan, ledger: Ledger) -> Iterator[tuple[str, tuple[Option, ...]]]:
    if _MONEY in ledger.by_key:
        yield _MONEY, tuple(_lines(plan))
    kinds = tuple(Option(kind.id, kind.label) for kind in plan.kinds if kind.ledger == ledger.key)
    if kinds:
        yield "kind", kinds


def _lines(plan: Plan) -> Iterator[Option]:
    """The lines of the plan's money, and those that only its indicators speak of."""
    found = {line.id: line.label for line in plan.money}
    for indicator in plan.indicators:
        for text in by_stage(indicator.where).values():
            for test in parse_condition(text).find_all(exp.EQ):
                if test.this.name == _MONEY:
                    found.setdefault(test.expression.name, indicator.label)
    yield from (Option(word, label) for word, label in found.items())


def _named(clause: str, label: Label) -> Label:
    return Label(f"{clause}“{label.zh}”", f"{label.en} ({clause})")
