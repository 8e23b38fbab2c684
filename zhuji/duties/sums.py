"""Quotas: the day on which a running sum reaches its total and every one of its floors."""

from decimal import Decimal
from functools import reduce

from sqlglot import exp

from zhuji.duties.sql import Steps, added, column, literal, query
from zhuji.plan.model import Quota

_PER_SUBJECT = "SELECT s.subject, s.part, s.day FROM source AS s GROUP BY s.subject, s.part, s.day"
_REACHED = """
SELECT s.subject, w.number, MAX(:credited) AS got, MIN(CASE WHEN :enough THEN s.day END) AS done_on
FROM so_far AS s JOIN w ON w.part = s.part GROUP BY s.subject, w.number
"""
_ONCE_EACH = "SELECT * FROM source AS s WHERE s.copy = 1"


def summed(quota: Quota, carried: tuple[str, ...], source: str, name: str) -> Steps:
    """Steps from `source(subject, part, day, amount, ...)` to `name(..., got, done_on)`."""
    steps: Steps = []
    amounts = tuple(column for column in carried if column != "value")
    if "value" in carried:
        steps += _once_each(amounts, source, name)
        source = f"{name}_once"
    daily, so_far = f"{name}_daily", f"{name}_so_far"
    sums = [exp.alias_(exp.Sum(this=column(key, "s")), key) for key in amounts]
    steps.append((daily, query(_PER_SUBJECT, {"source": source}).select(*sums)))
    steps.append((so_far, _running(amounts, daily)))
    last = query(_REACHED, {"so_far": so_far}, credited=_credited(quota), enough=_enough(quota))
    return [*steps, (name, last)]


def _once_each(amounts: tuple[str, ...], source: str, name: str) -> Steps:
    """Of rows with the same value the first counts, and of those on one day the largest."""
    order = [exp.Ordered(this=column("day", "s"))]
    order += [exp.Ordered(this=column(key, "s"), desc=True) for key in amounts]
    copy = exp.Window(
        this=exp.RowNumber(),
        partition_by=[column(key, "s") for key in ("subject", "part", "value")],
        order=exp.Order(expressions=order),
    )
    kept = [column(key, "s") for key in ("subject", "part", "day", *amounts)]
    marked = (
        exp.select(*kept, exp.alias_(copy, "copy"))
        .from_(exp.alias_(exp.to_table(source), "s", table=True))
        .where(exp.Not(this=exp.Is(this=column("value", "s"), expression=exp.Null())))
    )
    once = query(_ONCE_EACH, {"source": f"{name}_marked"})
    return [(f"{name}_marked", marked), (f"{name}_once", once)]


def _running(amounts: tuple[str, ...], source: str) -> exp.Select:
    return exp.select(
        *(column(key, "s") for key in ("subject", "part", "day")),
        *(exp.alias_(_so_far(key), key) for key in amounts),
    ).from_(exp.alias_(exp.to_table(source), "s", table=True))


def _so_far(key: str) -> exp.Expression:
    return exp.Window(
        this=exp.Sum(this=column(key, "s")),
        partition_by=[column("subject", "s"), column("part", "s")],
        order=exp.Order(expressions=[exp.Ordered(this=column("day", "s"))]),
        spec=exp.WindowSpec(
            kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"
        ),
    )


def _enough(quota: Quota) -> exp.Expression:
    asked = [("amount", quota.total)]
    asked += [(f"floor_{n}", floor.at_least) for n, floor in enumerate(quota.floors, 1)]
    conditions: list[exp.Expression] = [
        exp.GTE(this=column(key, "s"), expression=literal(least)) for key, least in asked
    ]
    return reduce(lambda left, right: exp.And(this=left, expression=right), conditions)


def _credited(quota: Quota) -> exp.Expression:
    """What counts towards the total: more than a floor asks only where the total leaves room."""
    floors = [
        exp.Least(this=column(f"floor_{n}", "s"), expressions=[literal(floor.at_least)])
        for n, floor in enumerate(quota.floors, start=1)
    ]
    within = added(floors)
    asked = sum((floor.at_least for floor in quota.floors), Decimal())
    free = max(quota.total - asked, Decimal())
    beyond = exp.Sub(this=column("amount", "s"), expression=exp.paren(within.copy()))
    rest = exp.Greatest(
        this=exp.Least(this=beyond, expressions=[literal(free)]), expressions=[literal(0)]
    )
    return exp.Add(this=within, expression=rest)
