"""How many subjects of each organisation did what was asked, and when: duties alike in one tree.

A row of evidence serves one window only: its own, and once its own window has all it asks,
what is dated later can make good the window before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlglot import exp

from zhuji.duties import followups
from zhuji.duties.demand import Demand, demand_of
from zhuji.duties.late import made_good
from zhuji.duties.population import owing
from zhuji.duties.reach import counted
from zhuji.duties.relief import relief
from zhuji.duties.sql import Steps, chosen, column, literal, query, with_steps
from zhuji.duties.standing import standing
from zhuji.duties.states import Fulfilment
from zhuji.plan.model import Duty, FollowUp, Milestone, Quota


@dataclass(frozen=True, slots=True)
class Signature:
    """What one row of the tree says, column by column: subjects that nothing tells apart."""

    org: str
    key: str  # of the occurrence
    due_on: date  # with the days of suspension
    waived: bool
    fulfilment: Fulfilment
    n: int
    amount: Decimal  # what they have, each counted up to what is needed
    # The first and the last day on which one of them had all of it; of persons only where it
    # is a sum, an answer, or came late.
    first_on: date | None
    last_on: date | None


# Numbered anew, so that a number or a part belongs to one duty; `asked` is the duty as a number.
_WINDOWS = """
SELECT duty, ROW_NUMBER() OVER (ORDER BY duty, number) AS number,
  DENSE_RANK() OVER (ORDER BY duty, part) AS part, key, counts_from, opens_on, due_on, late_on,
  reference_on, judged_on, needed
FROM windows
"""
_PARTS = """
SELECT part, asked, grp, alone, MIN(counts_from) AS counts_from, MIN(due_on) AS due_on,
  MIN(late_on) AS late_on, MIN(reference_on) AS reference_on, MIN(judged_on) AS judged_on
FROM w GROUP BY part, asked, grp, alone
"""
_SUBJECTS = """
SELECT s.org, s.number, s.subject, w.due_on, w.late_on, LEAST(s.got, w.needed) AS amount,
  s.done, s.done_on, m.done_on AS made_good_on,
  GREATEST(COALESCE(a.waived, 0), COALESCE(b.waived, 0)) AS waived,
  GREATEST(COALESCE(a.days, 0), COALESCE(b.days, 0)) AS days
FROM standing AS s
JOIN w ON w.number = s.number
LEFT JOIN made_good AS m ON m.subject = s.subject AND m.number = s.number
LEFT JOIN relief AS a ON a.subject = s.subject AND a.number = s.number
LEFT JOIN relief AS b ON b.subject = s.org AND b.number = s.number
"""
_JUDGED = """
SELECT org, number, due_on, waived, subject, amount, COALESCE(done_on, made_good_on) AS done_on,
  CASE WHEN done = 1 OR made_good_on < due_on THEN 'in_time'
    WHEN made_good_on IS NULL THEN 'none' ELSE 'late' END AS fulfilment
FROM (
  SELECT org, number, subject, amount, done, done_on, made_good_on, waived,
    CASE WHEN days = 0 THEN due_on ELSE LEAST(add_days(due_on, days), late_on) END AS due_on
  FROM subjects) AS s
"""
_SIGNATURES = """
SELECT w.duty, j.org, w.key, j.due_on, j.waived = 1 AS waived, j.fulfilment, j.n, j.amount,
  j.first_on, j.last_on
FROM (
  SELECT org, number, due_on, waived, fulfilment, COUNT(*) AS n, SUM(amount) AS amount,
    MIN(done_on) AS first_on, MAX(done_on) AS last_on
  FROM judged GROUP BY org, number, due_on, waived, fulfilment) AS j
JOIN w ON w.number = j.number
"""


def together(asked: Iterable[Duty | Milestone]) -> tuple[exp.Select, ...]:
    """As few trees as there are kinds of duty. Rows: the duty, then the columns of Signature, in
    its order; the day of judgement is in `windows`."""
    like: dict[tuple[str, ...], list[Demand]] = {}
    for demand in map(demand_of, asked):
        like.setdefault(_kind(demand), []).append(demand)
    return tuple(_signatures(demands) for demands in like.values())


def signatures(asked: Duty | Milestone) -> exp.Select:
    """Rows with the columns of Signature, in its order, of one duty."""
    tree = _signatures([demand_of(asked)])
    return tree.select(*tree.selects[1:], append=False, copy=False)


def judged(demands: Sequence[Demand]) -> Steps:
    """Steps up to `judged`: one row per occurrence and subject, named; `lacking` reads it."""
    windows: Steps = [("w", _windows(demands))]
    if isinstance(demands[0].cadence, FollowUp):
        return [*windows, *followups.judged(demands)]
    return [
        *windows,
        ("parts", query(_PARTS)),
        *owing(demands),
        *standing(demands),
        *made_good(demands),
        *relief(),
        ("subjects", query(_SUBJECTS)),
        ("judged", query(_JUDGED)),
    ]


def _kind(demand: Demand) -> tuple[str, ...]:
    """Demands that one tree can serve: what they count has the same shape."""
    match demand.cadence:
        case FollowUp():
            return ("follow_up",)
        case Quota():
            return ("quota", demand.id)
    person = "org" if demand.subject == "org" else "person"
    return ("count", person, *counted(demand))


def _signatures(demands: Sequence[Demand]) -> exp.Select:
    if isinstance(demands[0].cadence, FollowUp):
        return with_steps(judged(demands), followups.signatures())
    return with_steps(judged(demands), query(_SIGNATURES))


def _windows(demands: Sequence[Demand]) -> exp.Select:
    """Each window with its duty's number, the group of those who owe, or the one who does."""
    duty = column("duty", "windows")
    named: dict[str, list[str | int | None]] = {
        "asked": [*range(len(demands))],
        "grp": [None if demand.org else demand.among for demand in demands],
        "alone": [demand.org for demand in demands],
    }
    ids = [demand.id for demand in demands]
    numbered = (exp.alias_(chosen(duty, ids, values), name) for name, values in named.items())
    return query(_WINDOWS).select(*numbered, copy=False).where(duty.isin(*map(literal, ids)))
