"""How each package stands on a day: in force, to be in force, over, proposed, or on the shelf."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from zhuji.kernel.errors import BadInput, Refused
from zhuji.programme import enacted, enacting
from zhuji.programme.library import Volume

State = Literal["in_force", "coming", "over", "proposed", "shelved"]


@dataclass(frozen=True, slots=True)
class Standing:
    state: State
    since: date | None = None


def now(volumes: Iterable[Volume], today: date) -> dict[str, Standing]:
    """By the key of the package; a plan that cannot be read stands on the shelf."""
    plans = [one for one in volumes if not one.is_standard]
    proposed = {one.package: one.since for one in enacting.pending()}
    found: dict[str, Standing] = {}
    for plan in dict.fromkeys(one.id for one in plans):
        days = days_of(plan)
        taken = [since for since in days.values() if since <= today]
        newest = max(taken, default=None)
        for one in plans:
            if one.id == plan:
                found[one.key] = _of(one, days.get(one.version), newest, today)
                if found[one.key].state == "shelved" and one.key in proposed:
                    found[one.key] = Standing("proposed", proposed[one.key])
    return found


def days_of(plan: str) -> dict[str, date]:
    """Each version that counts with the day from which it judges."""
    try:
        return {one.plan.version: one.plan.takes_effect for one in enacted.versions(plan)}
    except (BadInput, Refused):
        return {one.version: one.since for one in enacted.confirmed(plan)}


def _of(one: Volume, since: date | None, newest: date | None, today: date) -> Standing:
    if since is None or not one.is_readable:
        return Standing("shelved")
    if since > today:
        return Standing("coming", since)
    return Standing("in_force" if since == newest else "over", since)
