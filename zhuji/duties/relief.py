"""Waivers and suspensions, each for its own days only."""

from zhuji.duties.sql import Steps, query

# The running maximum keeps days from counting twice where two suspensions overlap.
_GRANTED = """
SELECT duty, subject, kind, valid_from, valid_to, MAX(valid_to) OVER (
    PARTITION BY duty, subject, kind ORDER BY valid_from, valid_to
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS counted_to
FROM (
  SELECT duty, subject, kind, valid_from, COALESCE(valid_to, DATE '9999-12-31') AS valid_to
  FROM waivers WHERE duty IN (SELECT duty FROM w)) AS v
"""
# A waiver frees from a window whose last day it covers. A subject may be an organisation:
# that frees everyone in it.
_RELIEF = """
SELECT g.subject, w.number,
  MAX(CASE WHEN g.kind = 'waiver' AND g.valid_to >= w.due_on THEN 1 ELSE 0 END) AS waived,
  CAST(SUM(CASE WHEN g.kind = 'suspension' THEN GREATEST(0, DATE_DIFF('DAY',
      GREATEST(g.valid_from, w.opens_on, COALESCE(g.counted_to, w.opens_on)),
      LEAST(g.valid_to, w.due_on))) ELSE 0 END) AS INTEGER) AS days
FROM granted AS g
JOIN w ON w.duty = g.duty AND g.valid_from < w.due_on AND g.valid_to > w.opens_on
GROUP BY g.subject, w.number
"""


def relief() -> Steps:
    """Steps up to `relief(subject, number, waived, days)`; they read the step `w`."""
    return [("granted", query(_GRANTED)), ("relief", query(_RELIEF))]
