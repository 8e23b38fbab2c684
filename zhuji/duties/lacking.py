"""Who has not done it: the persons or organisations behind one number, for those who may see."""

from sqlglot import exp

from zhuji.duties.demand import demand_of
from zhuji.duties.evidence import judged
from zhuji.duties.sql import literal, query, with_steps
from zhuji.plan.model import Duty, FollowUp, Milestone

_LACKING = """
SELECT j.org, j.subject, j.due_on, j.amount
FROM judged AS j JOIN w ON w.number = j.number AND w.key = :key
WHERE j.org = :org AND j.fulfilment = 'none' AND j.waived = 0
ORDER BY j.subject
"""
_UNANSWERED = """
SELECT org, subject, happened_on, due_on FROM judged
WHERE org = :org AND fulfilment = 'none' AND waived = 0
ORDER BY happened_on, subject
"""


def lacking(asked: Duty | Milestone, *, key: str, org: str) -> exp.Select:
    """Rows (org, subject, due_on, amount so far); the subject is a code, number or pseudonym.

    For a follow-up rows (org, subject, happened_on, due_on); `key` does not matter there.
    """
    demand = demand_of(asked)
    if isinstance(demand.cadence, FollowUp):
        last = query(_UNANSWERED, org=literal(org))
    else:
        last = query(_LACKING, key=literal(key), org=literal(org))
    return with_steps(judged([demand]), last)
