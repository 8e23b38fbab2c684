"""What a clause of the plan in force is called, and which ledgers it is known by."""

from zhuji.kernel.messages import Label
from zhuji.plan.loaded import Loaded
from zhuji.returns import proposing
from zhuji.returns.proposing import Source


def clause(item: str, loaded: Loaded | None) -> tuple[Label | None, tuple[Source, ...]]:
    if loaded is None or not item:
        return None, ()
    return proposing.label_of(loaded.plan, item), proposing.sources(loaded.plan, item)
