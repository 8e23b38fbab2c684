"""Chance that repeats: every stream of numbers is named by a path, and nothing else feeds it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from math import exp
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")

_FRIDAY = 4


def stream(*path: object) -> Random:
    """Not `hash()`: that differs between two runs of Python."""
    digest = sha256("\x1f".join(str(part) for part in path).encode()).digest()
    return Random(int.from_bytes(digest[:16], "big"))  # noqa: S311  # invented data, no secret


def fixed(*path: object) -> float:
    """One number from 0 to 1 that depends on the path alone."""
    digest = sha256("\x1f".join(str(part) for part in path).encode()).digest()
    return int.from_bytes(digest[:6], "big") / float(1 << 48)


def yes(rng: Random, likelihood: float) -> bool:
    return rng.random() < likelihood


def below(rng: Random, limit: int) -> int:
    """A whole number from 0 up to, not including, the limit."""
    return int(rng.random() * limit)


def one_of(rng: Random, things: Sequence[Thing]) -> Thing:
    return things[int(rng.random() * len(things))]


def some_of(rng: Random, things: Sequence[Thing], count: int) -> list[Thing]:
    """Different things in their old order."""
    chosen = sorted(rng.sample(range(len(things)), min(count, len(things))))
    return [things[place] for place in chosen]


def weighted(rng: Random, weights: Mapping[Thing, float]) -> Thing:
    left = rng.random() * sum(weights.values())
    for thing, weight in weights.items():
        left -= weight
        if left < 0:
            return thing
    return list(weights)[-1]


def about(rng: Random, mean: float, spread: float, low: float, high: float) -> float:
    """A bell around the mean, cut at both ends."""
    return min(high, max(low, rng.gauss(mean, spread)))


def count_near(rng: Random, total: int, share: float) -> int:
    """How many of `total` do it when each does with this likelihood."""
    if total < 40:
        return sum(rng.random() < share for _ in range(total))
    spread = (total * share * (1 - share)) ** 0.5
    return min(total, max(0, round(rng.gauss(total * share, spread))))


def at_random(rng: Random, mean: float) -> int:
    """How often a rare thing happens: Poisson."""
    limit, product, times = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        times += 1
    return times


def day_in(rng: Random, start: date, end: date) -> date:
    """A day with start <= day < end; the start when there is no such day."""
    return start + timedelta(days=below(rng, max(1, (end - start).days)))


def workday(rng: Random, start: date, end: date) -> date:
    """As `day_in`, moved to the Friday before when it falls on a weekend."""
    day = day_in(rng, start, end)
    late = day.weekday() - _FRIDAY
    back = day - timedelta(days=late) if late > 0 else day
    return back if back >= start else back + timedelta(days=3)


def tenths(value: float) -> Decimal:
    return Decimal(round(value * 10)).scaleb(-1)


def yuan(value: float, step: int = 1) -> Decimal:
    return Decimal(round(value / step) * step)
