"""A quota taken apart: what each subject has of the whole and of every floor, in one window."""

from sqlglot import exp

from zhuji.duties.demand import demand_of
from zhuji.duties.evidence import judged
from zhuji.duties.reach import counted
from zhuji.duties.sql import column, literal, query, with_steps
from zhuji.plan.model import Duty

_PARTS = """
SELECT j.org, j.subject FROM judged AS j
JOIN w ON w.number = j.number AND w.key = :key
LEFT JOIN source AS e ON e.subject = j.subject AND e.day >= w.counts_from AND e.day <= w.judged_on
WHERE j.waived = 0 GROUP BY j.org, j.subject
"""
_ONCE_EACH = "SELECT subject, MIN(day) AS day FROM seen WHERE value IS NOT NULL GROUP BY 1, value"


def parts(duty: Duty, *, key: str) -> exp.Select:
    """Rows (org, subject, amount, one column for each floor) of everybody who owes."""
    demand = demand_of(duty)
    amounts = [name for name in counted(demand) if name != "value"]
    steps, source = judged([demand]), "seen"
    if "value" in counted(demand):
        # Of rows with the same value the largest stands for all.
        most = [exp.alias_(exp.Max(this=exp.column(name)), name) for name in amounts]
        source = "once_each"
        steps.append((source, query(_ONCE_EACH).select(*most)))
    nothing = [literal(0)]
    sums = [
        exp.alias_(exp.Coalesce(this=exp.Sum(this=column(name, "e")), expressions=nothing), name)
        for name in amounts
    ]
    return with_steps(steps, query(_PARTS, {"source": source}, key=literal(key)).select(*sums))
