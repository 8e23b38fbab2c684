"""Who asks, when, and what exists for them: the beginning of every request, whatever its face."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from zhuji.cockpit import plans
from zhuji.ledgers import visibility
from zhuji.orgs import county
from zhuji.orgs.clock import database_now
from zhuji.orgs.roles import Verb
from zhuji.orgs.scope import Reader
from zhuji.plan.loaded import Loaded

if TYPE_CHECKING:
    from zhuji.orgs.models import Person


class Moment:
    """Made once for each request and never kept: a change of post is felt at the next one."""

    def __init__(self, person: Person, *, now: datetime | None = None) -> None:
        """`now`: by the database's clock, where it has been asked in this request already."""
        self.person = person
        if now is not None:
            self.now = now

    @cached_property
    def now(self) -> datetime:
        return database_now()

    @cached_property
    def today(self) -> date:
        return county.today(self.now)

    @cached_property
    def reader(self) -> Reader:
        return visibility.reader_of(self.person, now=self.now, today=self.today)

    @cached_property
    def plan(self) -> Loaded | None:
        """By which what is asked today is read."""
        return plans.in_force(self.today)

    def holds(self, verb: Verb) -> bool:
        """Whether any post allows it anywhere; where exactly is for the action to check."""
        return any(verb in grant.role.verbs for grant in self.reader.grants)
