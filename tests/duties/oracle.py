"""What a duty comes to, written plainly: one subject, one row, one day at a time."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.duties.world import World, occurrences
from zhuji.duties.occurrences import Occurrence
from zhuji.duties.states import State, state
from zhuji.kernel.calendar import add_months
from zhuji.plan.model import Batches, Duty, FollowUp, Quota, Window

Deed = dict[str, Any]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Found:
    org: str
    subject: str
    key: str
    state: State
    done_on: date | None


def expected(world: World, duty: Duty, on: date) -> Counter[tuple[str, str, State]]:
    return Counter((one.org, one.key, one.state) for one in everyone(world, duty, on))


def extremes(world: World, duty: Duty, on: date) -> dict[tuple[str, str], tuple[date, date]]:
    """First and last day on which somebody had done it, per organisation and window."""
    days: dict[tuple[str, str], set[date]] = defaultdict(set)
    for one in everyone(world, duty, on):
        if one.done_on is not None and one.done_on <= on:
            days[one.org, one.key].add(one.done_on)
    return {place: (min(dates), max(dates)) for place, dates in days.items()}


def everyone(world: World, duty: Duty, on: date) -> Iterable[Found]:
    laid = [one for one in occurrences(duty, on) if one.owed and one.opens <= on]
    if isinstance(duty.cadence, FollowUp):
        yield from _rows(world, duty, laid, on)
        return
    for one in laid:
        for subject, org in _population(world, duty, one).items():
            deeds = [deed for deed in world.deeds if deed[duty.evidence.subject] == subject]
            done_on = _done_on(duty, one, laid, deeds, on)
            told = _state(world, duty, one, (subject, org), done_on, on)
            yield Found(org, subject, one.key, told, done_on)


def _rows(world: World, duty: Duty, laid: list[Occurrence], on: date) -> Iterable[Found]:
    assert isinstance(duty.cadence, FollowUp)
    by_day = {one.opens: one for one in laid}
    for deed in world.deeds:
        one = by_day.get(deed[duty.evidence.on])
        if one is None or deed["org"] not in world.orgs:
            continue
        subject = deed[duty.evidence.subject]
        answered = deed[duty.cadence.answered]
        told = _state(world, duty, one, (subject, deed["org"]), answered, on)
        yield Found(deed["org"], subject, "plan", told, answered)


def _state(
    world: World,
    duty: Duty,
    one: Occurrence,
    subjects: tuple[str, str],
    done_on: date | None,
    on: date,
) -> State:
    waived, days = _relief(world, duty, one, subjects)
    return state(one, done_on, on, waived=waived, suspended_days=days)


def _population(world: World, duty: Duty, one: Occurrence) -> dict[str, str]:
    if duty.subject == "org":
        return {org: org for org in world.orgs}
    found: dict[str, str] = {}
    day = one.reference
    assert day is not None
    for post in world.posts:
        here = post["valid_from"] <= day and (post["valid_to"] is None or day < post["valid_to"])
        if here and post["org"] in world.orgs and _chosen(world, duty, post):
            if _arrived(world, post) + timedelta(days=duty.grace_days) <= one.due:
                subject = post["staff_no"]
                found[subject] = min(found.get(subject, post["org"]), post["org"])
            elif duty.grace_days == 0:
                raise AssertionError("nobody is excused without days of grace")
    return found


def _arrived(world: World, post: Deed) -> date:
    key = (post["staff_no"], post["org"])
    stays = [other for other in world.posts if (other["staff_no"], other["org"]) == key]
    first: date = min(other["valid_from"] for other in stays)
    return first


def _chosen(world: World, duty: Duty, post: Deed) -> bool:
    """The only population these tests know: established full-time teachers."""
    if duty.population is None:
        return True
    persons = [one for one in world.staff if one["staff_no"] == post["staff_no"]]
    established = any(one["employment"] == "established" for one in persons)
    return bool(post["full_time_teacher"]) and established


def _relief(
    world: World, duty: Duty, one: Occurrence, subjects: tuple[str, ...]
) -> tuple[bool, int]:
    waived, days = False, 0
    for subject in dict.fromkeys(subjects):
        rows = [row for row in world.waivers if (row["duty"], row["subject"]) == (duty.id, subject)]
        last = one.due - DAY
        waived |= any(
            row["kind"] == "waiver" and row["valid_from"] <= last < row["valid_to"] for row in rows
        )
        suspended = {
            day
            for row in rows
            if row["kind"] == "suspension"
            for day in _days(max(row["valid_from"], one.opens), min(row["valid_to"], one.due))
        }
        days = max(days, len(suspended))
    return waived, days


def _days(start: date, end: date) -> Iterable[date]:
    while start < end:
        yield start
        start += DAY


def _done_on(
    duty: Duty, one: Occurrence, laid: list[Occurrence], deeds: list[Deed], on: date
) -> date | None:
    dated = [(day, deed) for deed in deeds if (day := _day(duty, deed)) and day <= on]
    own = [(day, deed) for day, deed in dated if one.opens <= day < one.due]
    done = _first(duty, one, own)
    if done is not None or on < one.due:
        return done
    late = [
        (day, deed)
        for day, deed in dated
        if one.due <= day < one.late_until and _spare(duty, laid, dated, day)
    ]
    return _first(duty, one, own + late)


def _spare(duty: Duty, laid: list[Occurrence], dated: list[tuple[date, Deed]], day: date) -> bool:
    """Whether the window this day lies in already had all it asked before it."""
    for one in laid:
        if one.opens <= day < one.due:
            own = [(other, deed) for other, deed in dated if one.opens <= other < one.due]
            done = _first(duty, one, own)
            if done is None or day <= done:
                return False
    return True


def _day(duty: Duty, deed: Deed) -> date | None:
    cadence = duty.cadence
    start: date | None = deed[duty.evidence.on]
    if not isinstance(cadence, Batches) or cadence.ends is None or start is None:
        return start
    end: date | None = deed[cadence.ends]
    if end is None or end < add_months(start, cadence.least_months):
        return None
    return end - DAY if (end - start).days >= cadence.least_days else None


def _first(duty: Duty, one: Occurrence, dated: list[tuple[date, Deed]]) -> date | None:
    for day in sorted({day for day, _ in dated}):
        if _enough(duty, one, [deed for other, deed in dated if other <= day]):
            return day
    return None


def _enough(duty: Duty, one: Occurrence, deeds: list[Deed]) -> bool:
    match duty.cadence:
        case Window(times=times):
            value = duty.evidence.distinct
            if value is None:
                return len(deeds) >= times
            return len({deed[value] for deed in deeds} - {None}) >= times
        case Batches(batch=batch):
            return len({deed[batch] for deed in deeds} - {None}) >= one.needed
        case Quota() as quota:
            parts = [
                sum(
                    (deed["hours"] for deed in deeds if f"kind = '{deed['kind']}'" == part.where),
                    Decimal(),
                )
                >= part.at_least
                for part in quota.floors
            ]
            return all(parts) and sum((deed["hours"] for deed in deeds), Decimal()) >= quota.total
        case _:
            raise AssertionError
