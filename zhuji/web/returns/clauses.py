"""Which ledgers a clause of the plan in force is known by."""

from datetime import date

from zhuji.cockpit import plans
from zhuji.kernel.messages import Label
from zhuji.returns import proposing
from zhuji.returns.proposing import Source


def sources(item: str, today: date) -> tuple[Source, ...]:
    loaded = plans.in_force(today)
    return proposing.sources(loaded.plan, item) if loaded else ()


def label(item: str, today: date) -> Label | None:
    loaded = plans.in_force(today)
    return proposing.label_of(loaded.plan, item) if loaded and item else None
