"""The plan by which pages are read: that of the newest judgement, read once a process."""

from datetime import date
from functools import lru_cache

from zhuji.orgs import county
from zhuji.plan.loaded import Loaded
from zhuji.programme import enacted, kept


def in_force(today: date) -> Loaded | None:
    """In an invented county that nobody has judged yet, its own; none before the first judgement
    of a real one."""
    judging, invented = kept.latest(), county.invented()
    name = judging.plan if judging else invented.plan if invented else ""
    return _loaded(name, today, enacted.stamp(name)) if name else None


@lru_cache(maxsize=4)
def _loaded(name: str, today: date, stamp: enacted.Stamp) -> Loaded:
    """The stamp only says when what is remembered is old."""
    return enacted.package(name, today).loaded
