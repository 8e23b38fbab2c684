"""On which day the evidence of one subject reached what its window asks: one tree per cadence."""

from sqlglot import exp

from zhuji.duties.demand import Demand
from zhuji.duties.sql import Steps, column, literal, plus, present, query, table, when
from zhuji.duties.sums import summed
from zhuji.plan.conditions import parse_condition, qualified
from zhuji.plan.model import Batches, Quota

_ONCE_EACH = """
SELECT subject, part, value, MIN(day) AS day FROM source
WHERE value IS NOT NULL GROUP BY subject, part, value
"""
_RANKED = """
SELECT s.subject, s.part, s.day,
  ROW_NUMBER() OVER (PARTITION BY s.subject, s.part ORDER BY s.day) AS nth
FROM source AS s
"""
_REACHED = """
SELECT r.subject, w.number, MAX(r.nth) AS got,
  MIN(CASE WHEN r.nth = w.needed THEN r.day END) AS done_on
FROM ranked AS r JOIN w ON w.part = r.part
GROUP BY r.subject, w.number
"""


def seen(demand: Demand, place: int) -> exp.Select:
    """Evidence: the number of its duty, its subject, its day and what the cadence counts."""
    evidence = demand.evidence
    day = _day(demand)
    known = [present(day), present(column(evidence.subject, "e"))]
    if evidence.where is not None:
        known.append(qualified(parse_condition(evidence.where), "e"))
    return (
        exp.select(
            exp.alias_(literal(place), "asked"),
            exp.alias_(column(evidence.subject, "e"), "subject"),
            exp.alias_(day, "day"),
            *(exp.alias_(value, name) for name, value in counted(demand).items()),
        )
        .from_(table(evidence.ledger, "e"))
        .where(*known, *_long_enough(demand))
    )


def counted(demand: Demand) -> dict[str, exp.Expression]:
    """What rides along with the day: the value that counts once, the amounts that are summed."""
    cadence = demand.cadence
    found: dict[str, exp.Expression] = {}
    value = cadence.batch if isinstance(cadence, Batches) else demand.evidence.distinct
    if value is not None:
        found["value"] = exp.cast(column(value, "e"), "VARCHAR")
    if isinstance(cadence, Quota):
        amount = exp.Coalesce(this=column(cadence.measure, "e"), expressions=[literal(0)])
        found["amount"] = amount
        for number, floor in enumerate(cadence.floors, start=1):
            part = qualified(parse_condition(floor.where), "e")
            found[f"floor_{number}"] = when(part, amount.copy())
    return found


def carried(demand: Demand, alias: str) -> exp.Select:
    """The columns of `seen`, to be taken on from the relation named `alias`."""
    return exp.select(*(column(key, alias) for key in ("subject", "day", *counted(demand))))


def reached(demand: Demand, source: str, name: str) -> Steps:
    """Steps from `source(subject, part, day, ...)` to `name(subject, number, got, done_on)`."""
    if isinstance(demand.cadence, Quota):
        return summed(demand.cadence, tuple(counted(demand)), source, name)
    once, source = once_each(demand, source)
    order = f"{name}_ranked"
    return [*once, (order, in_order(source)), (name, query(_REACHED, {"ranked": order}))]


def in_order(source: str) -> exp.Select:
    return query(_RANKED, {"source": source})


def once_each(demand: Demand, source: str) -> tuple[Steps, str]:
    """Leave the first row of each value, where the cadence counts values; say what to read."""
    if "value" not in counted(demand):
        return [], source
    return [(f"{source}_once", query(_ONCE_EACH, {"source": source}))], f"{source}_once"


def _day(demand: Demand) -> exp.Expression:
    """A batch that tells its end is evidence from its last day on, not from its first."""
    cadence = demand.cadence
    if isinstance(cadence, Batches) and cadence.ends is not None:
        return plus(column(cadence.ends, "e"), -1)
    return column(demand.evidence.on, "e")


def _long_enough(demand: Demand) -> list[exp.Expression]:
    """Calendar months, as the Civil Code counts them: 1 February to 1 March is one."""
    cadence = demand.cadence
    if not isinstance(cadence, Batches) or cadence.ends is None:
        return []
    lengths = ((cadence.least_months, "MONTH"), (cadence.least_days, "DAY"))
    return [
        exp.GTE(
            this=column(cadence.ends, "e"),
            expression=plus(column(demand.evidence.on, "e"), count, unit),
        )
        for count, unit in lengths
        if count
    ]
