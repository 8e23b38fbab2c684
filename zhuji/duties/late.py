"""What came late: evidence after a window's end, where a later window does not need it itself."""

from collections.abc import Sequence

from sqlglot import exp

from zhuji.duties.demand import Demand
from zhuji.duties.reach import carried, reached
from zhuji.duties.sql import Steps, column, present, query, table

_SHORT = """
SELECT DISTINCT w.asked, s.subject, w.part
FROM standing AS s JOIN w ON w.number = s.number AND w.due_on <= w.judged_on
WHERE s.done = 0
"""
_DEBTORS = "SELECT DISTINCT asked, subject FROM short"
_FILLED = """
SELECT t.subject, w.part, MAX(t.done_on) AS done_on
FROM theirs_reached AS t JOIN w ON w.number = t.number
GROUP BY t.subject, w.part HAVING COUNT(t.done_on) = COUNT(*)
"""
# Own evidence is looked at again beside the late: only together do they reach what is asked.
_COUNTS = """
e.part = s.part OR (e.day >= p.due_on AND e.day < p.late_on AND e.day <= p.judged_on
  AND (e.part IS NULL OR e.day > f.done_on))
"""


def made_good(demands: Sequence[Demand]) -> Steps:
    """Steps from `standing` to `made_good(subject, number, got, done_on)` for who was short."""
    demand = demands[0]  # they count alike
    theirs = (
        carried(demand, "e")
        .select(column("asked", "e"), column("part", "d"))
        .from_(table("seen", "e"))
        .join(table("debtors", "b"), on="b.asked = e.asked AND b.subject = e.subject")
        .join(table("days", "d"), on="d.asked = e.asked AND d.day = e.day", join_type="left")
    )
    return [
        ("short", query(_SHORT)),
        ("debtors", query(_DEBTORS)),
        ("theirs", theirs),
        ("theirs_placed", _theirs_placed(demand)),
        *reached(demand, "theirs_placed", "theirs_reached"),
        ("filled", query(_FILLED)),
        ("late", _late(demand)),
        *reached(demand, "late", "made_good"),
    ]


def _theirs_placed(demand: Demand) -> exp.Select:
    part = column("part", "e")
    return carried(demand, "e").select(part).from_(table("theirs", "e")).where(present(part))


def _late(demand: Demand) -> exp.Select:
    own = "f.subject = e.subject AND f.part = e.part"
    return (
        carried(demand, "e")
        .select(column("part", "s"))
        .from_(table("short", "s"))
        .join(table("parts", "p"), on="p.part = s.part")
        .join(table("theirs", "e"), on="e.asked = s.asked AND e.subject = s.subject")
        .join(table("filled", "f"), on=own, join_type="left")
        .where(_COUNTS, dialect="duckdb")
    )
