"""An older version's definition beside a newer one: a deed done late serves one of them only."""

from datetime import date, timedelta

from zhuji.duties.occurrences import Occurrence, windows
from zhuji.kernel.spans import Span
from zhuji.plan.calendar import calendar_of
from zhuji.plan.model import Duty, Milestone, Plan

Asked = Duty | Milestone
_DAY = timedelta(days=1)


def closed(older: Asked, newer: Asked, plan: Plan, *, since: date, on: date) -> Asked:
    """The older definition without what the newer one counts, from `since` on, as its own.

    Of the older only what was due before `since` is judged, of the newer only what is due after.
    """
    own = [one.due for one in _laid(older, plan, on) if one.due - _DAY < since]
    asked_again = [one.opens for one in _laid(newer, plan, on) if one.due - _DAY >= since]
    if not own or not asked_again:
        return older
    day = max(max(own), min(asked_again))
    proof = older.evidence
    late = f"{proof.on} < DATE '{day.isoformat()}'"
    where = late if proof.where is None else f"({proof.where}) AND {late}"
    return older.model_copy(update={"evidence": proof.model_copy(update={"where": where})})


def _laid(asked: Asked, plan: Plan, on: date) -> tuple[Occurrence, ...]:
    return windows(asked, calendar_of(plan), Span(plan.starts, plan.ends), on)
