"""How long a name must wait after failed sign-ins. Pure: counts and moments in, seconds out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

DELAY_FROM = 5
LOCK_FROM = 10
LOCK = timedelta(minutes=15)
# So that a slip a week never adds up to a lock.
FORGET_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Failures:
    count: int = 0
    last_at: datetime | None = None


NONE = Failures()


def current(failures: Failures, now: datetime) -> Failures:
    """After a day all is forgotten; after a lock the next failures are delayed at once."""
    if failures.last_at is None or now - failures.last_at >= FORGET_AFTER:
        return NONE
    if failures.count >= LOCK_FROM and now - failures.last_at >= LOCK:
        return Failures(DELAY_FROM, failures.last_at)
    return failures


def wait(failures: Failures, now: datetime) -> timedelta:
    """None before five failures; then 1, 2, 4, 8, 16 seconds; from ten on a quarter of an hour."""
    held = current(failures, now)
    if held.count < DELAY_FROM or held.last_at is None:
        return timedelta()
    is_locked = held.count >= LOCK_FROM
    pause = LOCK if is_locked else timedelta(seconds=2 ** (held.count - DELAY_FROM))
    return max(held.last_at + pause - now, timedelta())


def after_failure(failures: Failures, now: datetime) -> Failures:
    return Failures(current(failures, now).count + 1, now)
