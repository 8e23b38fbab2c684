"""Where each subject stands in each window by the evidence dated in that window."""

from collections.abc import Sequence

from sqlglot import exp

from zhuji.duties.demand import Demand
from zhuji.duties.reach import carried, in_order, once_each, reached, seen
from zhuji.duties.sql import Steps, column, query, table, union
from zhuji.plan.model import Quota

# Days are few and rows are many: only the days are compared with the windows.
_DAYS = """
SELECT d.asked, d.day, p.part FROM (SELECT DISTINCT asked, day FROM seen) AS d
JOIN parts AS p
  ON p.asked = d.asked AND d.day >= p.counts_from AND d.day < p.due_on AND d.day <= p.judged_on
"""
# Those who owe and their evidence in one grouping, which costs a third of joining them. Whoever
# is on two rolls at once owes once, at the first by code; evidence of others falls away.
_COUNTED = """
SELECT part, subject, MIN(org) AS org, COUNT(day) AS got
FROM (
  SELECT part, subject, org, CAST(NULL AS DATE) AS day FROM owing
  UNION ALL
  SELECT part, subject, CAST(NULL AS VARCHAR) AS org, day FROM source) AS u
GROUP BY part, subject HAVING MIN(org) IS NOT NULL
"""
_STANDING = """
SELECT w.number, c.org, c.subject, c.got, CASE WHEN c.got >= w.needed THEN 1 ELSE 0 END AS done,
  r.day AS done_on
FROM counted AS c
JOIN w ON w.part = c.part
LEFT JOIN ranked AS r ON r.subject = c.subject AND r.part = c.part AND r.nth = w.needed
"""
# On which day a person had done enough would cost more than all the rest, and nobody asks.
_STANDING_OF_PERSONS = """
SELECT w.number, c.org, c.subject, c.got, CASE WHEN c.got >= w.needed THEN 1 ELSE 0 END AS done,
  CAST(NULL AS DATE) AS done_on
FROM counted AS c
JOIN w ON w.part = c.part
"""
_STANDING_BY_SUM = """
SELECT w.number, o.org, o.subject, COALESCE(r.got, 0) AS got,
  CASE WHEN r.done_on IS NULL THEN 0 ELSE 1 END AS done, r.done_on
FROM (SELECT part, subject, MIN(org) AS org FROM owing GROUP BY part, subject) AS o
JOIN w ON w.part = o.part
LEFT JOIN summed AS r ON r.subject = o.subject AND r.number = w.number
"""


def standing(demands: Sequence[Demand]) -> Steps:
    """Steps from `owing` to `standing(number, org, subject, got, done, done_on)`."""
    demand = demands[0]  # they count alike
    evidence = union([seen(each, place) for place, each in enumerate(demands)])
    steps: Steps = [("seen", evidence), ("days", query(_DAYS)), ("placed", _placed(demand))]
    if isinstance(demand.cadence, Quota):
        steps += reached(demand, "placed", "summed")
        return [*steps, ("standing", query(_STANDING_BY_SUM))]
    once, source = once_each(demand, "placed")
    steps += [*once, ("counted", query(_COUNTED, {"source": source}))]
    if demand.subject != "org":
        return [*steps, ("standing", query(_STANDING_OF_PERSONS))]
    return [*steps, ("ranked", in_order(source)), ("standing", query(_STANDING))]


def _placed(demand: Demand) -> exp.Select:
    """Each row of evidence in the window it is dated in."""
    return (
        carried(demand, "e")
        .select(column("part", "d"))
        .from_(table("seen", "e"))
        .join(table("days", "d"), on="d.asked = e.asked AND d.day = e.day")
    )
