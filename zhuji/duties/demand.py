"""Duties and milestones in the one form that windows, trees and verdicts are made of."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from zhuji.kernel.calendar import PeriodKind
from zhuji.plan.model import AnyCadence, Batches, Duty, Evidence, FollowUp, Milestone, Quota, Window

SubjectKind = Literal["org", "staff", "pupil"]


@dataclass(frozen=True, slots=True)
class Demand:
    """Who owes what: each organisation of `among` (or `org` alone), or each person in them."""

    id: str
    subject: SubjectKind
    among: str | None
    org: str | None
    population: str | None
    cadence: AnyCadence
    evidence: Evidence
    starts: date | None
    ends: date | None
    soon_days: int
    grace_days: int = 0
    once: bool = False  # a milestone: what was done before the plan began counts too

    @property
    def needed(self) -> Decimal:
        """How much one subject owes in one window; batches count up to it one by one."""
        match self.cadence:
            case Window():
                return Decimal(self.cadence.times)
            case Batches():
                return Decimal(self.cadence.batches)
            case Quota():
                floors = sum((floor.at_least for floor in self.cadence.floors), Decimal())
                return max(self.cadence.total, floors)
            case _:
                return Decimal(1)

    @property
    def paced(self) -> bool:
        """A row that must be answered knows no half-way."""
        return not isinstance(self.cadence, FollowUp)


def demand_of(asked: Duty | Milestone) -> Demand:
    return _of_milestone(asked) if isinstance(asked, Milestone) else _of_duty(asked)


def _of_duty(duty: Duty) -> Demand:
    return Demand(
        id=duty.id,
        subject=duty.subject,
        among=duty.among,
        org=None,
        population=duty.population,
        cadence=duty.cadence,
        evidence=duty.evidence,
        starts=duty.starts,
        ends=duty.ends,
        soon_days=duty.soon_days,
        grace_days=duty.grace_days,
    )


def _of_milestone(milestone: Milestone) -> Demand:
    """`by` is the last good day; the reminder comes as early as a duty's does by default."""
    return Demand(
        id=milestone.id,
        subject="org",
        among=milestone.among,
        org=milestone.org,
        population=None,
        cadence=Window(form="window", every=PeriodKind.PLAN, times=milestone.least),
        evidence=milestone.evidence,
        starts=None,
        ends=milestone.by + timedelta(days=1),
        soon_days=Duty.model_fields["soon_days"].default,
        once=True,
    )
