"""The state of one occurrence for one subject: a pure function of occurrence, evidence and day.

| applies | on         | evidence                 | waived | state          |
|---------|------------|--------------------------|--------|----------------|
| no      | any        | any                      | any    | not_applicable |
| yes     | < opens    | any                      | any    | not_yet_open   |
| yes     | >= opens   | before due               | any    | done           |
| yes     | >= opens   | none, or late            | yes    | waived         |
| yes     | >= due     | from due, in late span   | no     | done_late      |
| yes     | < soon     | none                     | no     | open           |
| yes     | soon..due  | none                     | no     | due_soon       |
| yes     | >= due     | none, or after late span | no     | missed         |

Evidence dated after `on` does not exist yet. A suspension moves `due` and `soon` by its days,
never past the end of the late span.
"""

from datetime import date, timedelta
from enum import StrEnum

from zhuji.duties.occurrences import Occurrence
from zhuji.kernel.messages import Label


class State(StrEnum):
    NOT_YET_OPEN = "not_yet_open"
    OPEN = "open"
    DUE_SOON = "due_soon"
    DONE = "done"
    DONE_LATE = "done_late"
    MISSED = "missed"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"


LABELS = {
    State.NOT_YET_OPEN: Label("未到时间", "Not yet open"),
    State.OPEN: Label("进行中", "Open"),
    State.DUE_SOON: Label("即将到期", "Due soon"),
    State.DONE: Label("已完成", "Done"),
    State.DONE_LATE: Label("逾期完成", "Done late"),
    State.MISSED: Label("逾期未完成", "Missed"),
    State.WAIVED: Label("已豁免", "Waived"),
    State.NOT_APPLICABLE: Label("不适用", "Not applicable"),
}


class Fulfilment(StrEnum):
    """What the evidence amounts to; the trees group subjects by it."""

    NONE = "none"
    IN_TIME = "in_time"
    LATE = "late"


def state(
    occurrence: Occurrence,
    done_on: date | None,
    on: date,
    *,
    waived: bool = False,
    suspended_days: int = 0,
    applies: bool = True,
) -> State:
    due = extended(occurrence, suspended_days)
    return settled(
        occurrence,
        fulfilment(occurrence, done_on, on, due=due),
        on,
        due=due,
        waived=waived,
        applies=applies,
    )


def fulfilment(occurrence: Occurrence, done_on: date | None, on: date, *, due: date) -> Fulfilment:
    """The step that `evidence` takes in SQL for whole ledgers at once."""
    if done_on is None or done_on > on or done_on >= occurrence.late_until:
        return Fulfilment.NONE
    return Fulfilment.IN_TIME if done_on < due else Fulfilment.LATE


def settled(
    occurrence: Occurrence,
    found: Fulfilment,
    on: date,
    *,
    due: date,
    waived: bool = False,
    applies: bool = True,
) -> State:
    if not (applies and occurrence.owed):
        return State.NOT_APPLICABLE
    if on < occurrence.opens:
        return State.NOT_YET_OPEN
    if found is Fulfilment.IN_TIME:
        return State.DONE
    if waived:
        return State.WAIVED
    return State.DONE_LATE if found is Fulfilment.LATE else _undone(occurrence, on, due)


def extended(occurrence: Occurrence, suspended_days: int) -> date:
    """The due day after a suspension, which expires at the latest with the late span."""
    room = (occurrence.late_until - occurrence.due).days
    return occurrence.due + timedelta(days=min(suspended_days, room))


def _undone(occurrence: Occurrence, on: date, due: date) -> State:
    if on >= due:
        return State.MISSED
    soon_from = due - (occurrence.due - occurrence.soon_from)
    return State.DUE_SOON if on >= soon_from else State.OPEN
