"""What can be wrong with a duty or milestone as the ledgers stand, found before anything runs."""

from collections.abc import Iterator, Mapping

from zhuji.duties.demand import Demand, demand_of
from zhuji.duties.population import POPULATION_COLUMNS
from zhuji.kernel.errors import BadInput, Issue, Level
from zhuji.kernel.messages import Message, say
from zhuji.plan.conditions import columns_of, parse_condition
from zhuji.plan.model import Batches, Duty, FollowUp, Milestone, Quota

# Ledger or relation -> column -> "text", "integer", "decimal", "money", "date" or "boolean".
Tables = Mapping[str, Mapping[str, str]]

_NUMBERS = ("integer", "decimal", "money")
_KINDS = {
    "text": say("文字"),
    "date": say("日期"),
    "number": say("数"),
}


def check(asked: Duty | Milestone, tables: Tables) -> tuple[Issue, ...]:
    """An empty answer means that the trees of this duty run; the caller knows file and line."""
    demand = demand_of(asked)
    columns = tables.get(demand.evidence.ledger)
    if columns is None:
        return (
            _issue(
                say(
                    "“{duty}”的佐证台账“{ledger}”不存在。",
                    duty=demand.id,
                    ledger=demand.evidence.ledger,
                ),
                say("请填写已有台账或关系的名称。"),
            ),
        )
    return (
        *_columns(demand, columns),
        *_conditions(demand, columns),
        *_population(demand),
        *_fit(demand, columns),
    )


def _columns(demand: Demand, columns: Mapping[str, str]) -> Iterator[Issue]:
    """Each column that is named exists and holds what is done with it."""
    for name, wanted in _named(demand):
        kind = columns.get(name)
        if kind is None:
            yield _unknown(demand, name)
        elif not _holds(kind, wanted):
            yield _issue(
                say(
                    "“{duty}”的“{column}”列应当是{kind}。",
                    duty=demand.id,
                    column=name,
                    kind=_KINDS[wanted],
                ),
                say("请换成类型相符的列。"),
            )


def _holds(kind: str, wanted: str) -> bool:
    if wanted == "number":
        return kind in _NUMBERS
    return wanted in ("any", kind)


def _named(demand: Demand) -> Iterator[tuple[str, str]]:
    """Columns with what they must hold; any kind will do where it is only told apart."""
    evidence, cadence = demand.evidence, demand.cadence
    yield evidence.on, "date"
    yield evidence.subject, "text"
    if evidence.distinct is not None:
        yield evidence.distinct, "any"
    match cadence:
        case Batches():
            yield cadence.batch, "any"
            if cadence.ends is not None:
                yield cadence.ends, "date"
        case Quota():
            yield cadence.measure, "number"
        case FollowUp():
            yield cadence.answered, "date"
            yield "org", "text"


def _conditions(demand: Demand, columns: Mapping[str, str]) -> Iterator[Issue]:
    floors = demand.cadence.floors if isinstance(demand.cadence, Quota) else ()
    for text in (demand.evidence.where, *(floor.where for floor in floors)):
        yield from _condition(demand, text, tuple(columns))


def _population(demand: Demand) -> Iterator[Issue]:
    allowed = POPULATION_COLUMNS[demand.subject].values()
    known = tuple(name for names in allowed for name in names)
    if demand.population is not None and isinstance(demand.cadence, FollowUp):
        yield _issue(
            say("“{duty}”按台账的行认定，population 用不上。", duty=demand.id),
            say("请把条件写进 evidence 的 where。"),
        )
    elif demand.population is not None and known:
        yield from _condition(demand, demand.population, known)


def _condition(demand: Demand, text: str | None, known: tuple[str, ...]) -> Iterator[Issue]:
    if text is None:
        return
    try:
        names = columns_of(parse_condition(text))
    except BadInput as refusal:
        yield _issue(
            say("“{duty}”：{finding}", duty=demand.id, finding=refusal.message), refusal.proposal
        )
        return
    for name in names:
        if name not in known:
            yield _unknown(demand, name, known)


def _fit(demand: Demand, columns: Mapping[str, str]) -> Iterator[Issue]:
    if "period_kind" in columns:
        yield _issue(
            say(
                "“{duty}”的佐证“{ledger}”按时期展开，同一件事会出现多次。",
                duty=demand.id,
                ledger=demand.evidence.ledger,
            ),
            say("请改用登记事情的台账。"),
        )
    if demand.subject != "org" and demand.evidence.subject == "org":
        yield _issue(
            say("“{duty}”由个人承担，佐证却按单位登记。", duty=demand.id),
            say("请在 evidence 里把 subject 写成工号或学籍号所在的列。"),
        )


def _unknown(demand: Demand, name: str, known: tuple[str, ...] = ()) -> Issue:
    return _issue(
        say("“{duty}”用到的“{column}”列不存在。", duty=demand.id, column=name),
        say("可用的列：{columns}。", columns=known)
        if known
        else say("请填写台账“{ledger}”已有的列。", ledger=demand.evidence.ledger),
    )


def _issue(message: Message, proposal: Message | None) -> Issue:
    return Issue(Level.ERROR, message, proposal=proposal, code="duty")
