"""Rows that must be answered: each row of a ledger owes for itself, with a due day of its own."""

from collections.abc import Sequence

from sqlglot import exp

from zhuji.duties.demand import Demand
from zhuji.duties.relief import relief
from zhuji.duties.sql import Steps, column, literal, present, query, table, union
from zhuji.kernel.calendar import PeriodKind
from zhuji.plan.conditions import parse_condition, qualified
from zhuji.plan.model import FollowUp

# A row is answered by its own organisation; where an organisation is the subject, by that one.
_IN_GROUP = """
SELECT w.duty, e.org, e.subject, e.happened_on, w.number, w.due_on, w.judged_on,
  CASE WHEN e.answered_on <= w.judged_on THEN e.answered_on END AS done_on
FROM events AS e
JOIN w ON w.asked = e.asked AND w.opens_on = e.happened_on
JOIN group_days AS g ON g.grp = w.grp AND g.day = w.reference_on AND g.org = e.org
"""
_JUDGED = """
SELECT duty, org, due_on, waived, subject, happened_on, done_on, judged_on,
  CASE WHEN done_on IS NULL THEN 'none' WHEN done_on < due_on THEN 'in_time' ELSE 'late' END
    AS fulfilment
FROM (
  SELECT e.duty, e.org, e.subject, e.happened_on, e.done_on, e.judged_on,
    GREATEST(COALESCE(a.waived, 0), COALESCE(b.waived, 0)) AS waived,
    add_days(e.due_on, GREATEST(COALESCE(a.days, 0), COALESCE(b.days, 0))) AS due_on
  FROM asked AS e
  LEFT JOIN relief AS a ON a.subject = e.subject AND a.number = e.number
  LEFT JOIN relief AS b ON b.subject = e.org AND b.number = e.number) AS s
"""
# What is settled or past due needs no due day of its own, so that such rows group.
_SIGNATURES = """
SELECT duty, org, :key AS key, due_on, waived = 1 AS waived, fulfilment, COUNT(*) AS n,
  COUNT(done_on) AS amount, MIN(done_on) AS first_on, MAX(done_on) AS last_on
FROM (
  SELECT duty, org, waived, fulfilment, done_on,
    CASE WHEN done_on IS NULL THEN GREATEST(due_on, judged_on) ELSE judged_on END AS due_on
  FROM judged) AS j
GROUP BY duty, org, due_on, waived, fulfilment
"""


def judged(demands: Sequence[Demand]) -> Steps:
    """Steps from `w` to `judged`: one row per row that must be answered."""
    return [
        ("events", union([_events(demand, place) for place, demand in enumerate(demands)])),
        ("asked", query(_IN_GROUP)),
        *relief(),
        ("judged", query(_JUDGED)),
    ]


def signatures() -> exp.Select:
    return query(_SIGNATURES, key=literal(PeriodKind.PLAN.value))


def _events(demand: Demand, place: int) -> exp.Select:
    evidence, cadence = demand.evidence, demand.cadence
    assert isinstance(cadence, FollowUp)
    conditions = [present(column(evidence.subject, "e"))]
    if evidence.where is not None:
        conditions.append(qualified(parse_condition(evidence.where), "e"))
    owner = evidence.subject if demand.subject == "org" else "org"
    named = {
        "org": owner,
        "subject": evidence.subject,
        "happened_on": evidence.on,
        "answered_on": cadence.answered,
    }
    return (
        exp.select(exp.alias_(literal(place), "asked"))
        .select(*(exp.alias_(column(key, "e"), name) for name, key in named.items()))
        .from_(table(evidence.ledger, "e"))
        .where(*conditions)
    )
