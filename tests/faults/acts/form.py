"""What an action that is tried to its end consists of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.faults.posts import People
from tests.orgs.cast import NOW
from zhuji.orgs.idempotency import Act as By

LATER = NOW + timedelta(hours=1)


@dataclass(frozen=True)
class Act:
    """`prepare` makes ready and gives what `do` needs. `told`: of an action of several steps, each
    whole, what must be true in the end, after it was done again."""

    name: str
    do: Callable[[People, Any], object]
    prepare: Callable[[People], Any] = lambda people: None
    told: Callable[[People, Any], object] | None = None


def by(name: str, once: str = "") -> By:
    return By(name, LATER, once, "更正", "/test")
