"""The trees in DuckDB agree with plain Python on small random counties, for every cadence."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.duties.oracle import expected, extremes
from tests.duties.world import (
    GROUP,
    PARENTS,
    PLAN,
    World,
    fill,
    occurrences,
    run,
    signed,
    tallied,
)
from zhuji.duties.evidence import Signature, signatures, together
from zhuji.duties.states import Fulfilment, State
from zhuji.duties.tally import tallies
from zhuji.duties.verdicts import verdict, verdicts
from zhuji.kernel.calendar import PeriodKind
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label
from zhuji.plan.model import Batches, Duty, Evidence, Floor, FollowUp, Quota, Window

LABEL = Label("责任", "Duty")
KINDS = ("city", "sent", "town")


def duty(cadence: Any, **more: Any) -> Duty:
    evidence = {"ledger": "deeds", "on": "on_day", "subject": "org", **more.pop("evidence", {})}
    return Duty(
        id="d",
        label=LABEL,
        clauses=("M1",),
        owner="school",
        among=GROUP,
        cadence=cadence,
        evidence=Evidence(**evidence),
        **more,
    )


def window(every: PeriodKind, times: int) -> Window:
    return Window(form="window", every=every, times=times)


def floors(*least: str) -> tuple[Floor, ...]:
    return tuple(
        Floor(label=LABEL, where=f"kind = '{kind}'", at_least=Decimal(value))
        for kind, value in zip(KINDS, least, strict=True)
    )


BY_PERSON: dict[str, Any] = {"subject": "staff", "evidence": {"subject": "who"}}
DUTIES = {
    "a school, once a quarter": duty(window(PeriodKind.QUARTER, 1)),
    "a school, twice a school year": duty(window(PeriodKind.SCHOOL_YEAR, 2)),
    "a school, three kinds a calendar year": duty(
        window(PeriodKind.CALENDAR_YEAR, 3), evidence={"distinct": "kind"}
    ),
    "a teacher, once a school year": duty(window(PeriodKind.SCHOOL_YEAR, 1), **BY_PERSON),
    "a teacher, twice a calendar year": duty(window(PeriodKind.CALENDAR_YEAR, 2), **BY_PERSON),
    "a chosen teacher with grace": duty(
        window(PeriodKind.SCHOOL_YEAR, 1),
        population="full_time_teacher AND employment = 'established'",
        grace_days=60,
        **BY_PERSON,
    ),
    "a teacher, two kinds a school year": duty(
        window(PeriodKind.SCHOOL_YEAR, 2),
        subject="staff",
        evidence={"subject": "who", "distinct": "kind"},
    ),
    "a school, three batches of a month": duty(
        Batches(form="batches", batches=3, batch="batch_no", ends="to_day", least_months=1)
    ),
    "a school, four batches of any length": duty(
        Batches(form="batches", batches=4, batch="batch_no")
    ),
    "a teacher, ninety hours with three floors": duty(
        Quota(form="quota", measure="hours", total=Decimal(90), floors=floors("30", "30", "20")),
        **BY_PERSON,
    ),
    "a teacher, hours by the calendar year": duty(
        Quota(form="quota", every=PeriodKind.CALENDAR_YEAR, measure="hours", total=Decimal(40)),
        **BY_PERSON,
    ),
    "an answer within ten days": duty(
        FollowUp(form="follow_up", within_days=10, answered="to_day"), **BY_PERSON
    ),
    "an answer within two working days": duty(
        FollowUp(form="follow_up", within_days=2, working_days=True, answered="to_day")
    ),
}

# Days on which windows open and close, or the day before: where a wrong sign would show.
EDGES = [
    date(year, month, 1) - timedelta(days=back)
    for year in (2021, 2022, 2023, 2024)
    for month in (1, 4, 6, 7, 9, 10)
    for back in (0, 1)
]
DAYS = st.sampled_from(EDGES) | st.dates(
    PLAN.start - timedelta(days=60), PLAN.end + timedelta(days=200)
)
LAST = PLAN.end + timedelta(days=200)
PERSONS = st.sampled_from(["A", "B", "C", "D", "E"])
ORGS = st.sampled_from(["S1", "S2", "S3", "X"])  # X is in no group


@st.composite
def deeds(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(DAYS)
    length = draw(st.none() | st.integers(0, 70))
    return {
        "org": draw(ORGS),
        "who": draw(PERSONS),
        "on_day": start,
        "to_day": None if length is None else start + timedelta(days=length),
        "kind": draw(st.sampled_from([*KINDS, "other"]) | st.none()),
        "hours": Decimal(draw(st.integers(1, 8)) * 5),
        "batch_no": draw(st.none() | st.integers(1, 4)),
    }


@st.composite
def posts(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(st.just(date(2019, 9, 1)) | DAYS.filter(lambda day: day < LAST))
    return {
        "org": draw(ORGS),
        "staff_no": draw(PERSONS),
        "full_time_teacher": draw(st.booleans()),
        "valid_from": start,
        "valid_to": draw(st.none() | DAYS.filter(lambda day: day > start)),
    }


@st.composite
def waivers(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(DAYS.filter(lambda day: day < LAST))
    return {
        "duty": draw(st.sampled_from(["d", "d", "d", "other"])),
        "subject": draw(ORGS | PERSONS),
        "kind": draw(st.sampled_from(["waiver", "suspension"])),
        "valid_from": start,
        "valid_to": draw(DAYS.filter(lambda day: day > start)),
    }


EMPLOYED = [
    {"staff_no": "A", "employment": "established", "hired_on": date(2019, 9, 1)},
    {"staff_no": "B", "employment": "established", "hired_on": date(2019, 9, 1)},
    {"staff_no": "C", "employment": "contract", "hired_on": date(2019, 9, 1)},
    {"staff_no": "D", "employment": "established", "hired_on": date(2019, 9, 1)},
]
WORLDS = st.builds(
    World,
    deeds=st.lists(deeds(), max_size=60),
    posts=st.lists(posts(), max_size=12),
    staff=st.just(EMPLOYED),
    waivers=st.lists(waivers(), max_size=6),
)
STEADY_POSTS = [
    {
        "org": org,
        "staff_no": who,
        "full_time_teacher": True,
        "valid_from": date(2019, 9, 1),
        "valid_to": None,
    }
    for org, who in (("S1", "A"), ("S1", "B"), ("S2", "C"))
]
SEVERAL = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
each_duty = pytest.mark.parametrize("asked", DUTIES.values(), ids=DUTIES.keys())


@pytest.mark.proof
@each_duty
@SEVERAL
@given(world=WORLDS, on=DAYS)
def test_the_tree_finds_what_plain_python_finds(
    db: duckdb.DuckDBPyConnection, asked: Duty, world: World, on: date
) -> None:
    rows = signed(db, world, asked, on)
    found: Counter[tuple[str, str, State]] = Counter()
    for tally in tallies(asked, occurrences(asked, on), rows, on):
        for state, n in tally.counts.items():
            found[tally.org, tally.key, state] += n
    assert found == expected(world, asked, on)
    if asked.subject == "org":
        assert _extremes(rows) == extremes(world, asked, on)


def _extremes(rows: list[Signature]) -> dict[tuple[str, str], tuple[date, date]]:
    days: dict[tuple[str, str], set[date]] = defaultdict(set)
    for row in rows:
        if row.fulfilment is not Fulfilment.NONE and row.first_on and row.last_on:
            days[row.org, row.key] |= {row.first_on, row.last_on}
    return {place: (min(dates), max(dates)) for place, dates in days.items()}


ALL = [asked.model_copy(update={"id": f"d{n}"}) for n, asked in enumerate(DUTIES.values())]
TOGETHER = [tree.sql(dialect="duckdb") for tree in together(ALL)]


@pytest.mark.proof
@SEVERAL
@given(world=WORLDS, on=DAYS)
def test_duties_judged_together_are_judged_like_each_alone(
    db: duckdb.DuckDBPyConnection, world: World, on: date
) -> None:
    world.waivers = [{**row, "duty": one.id} for row in world.waivers for one in ALL]
    fill(db, world, ALL, on)
    found = Counter(row for tree in TOGETHER for row in db.execute(tree).fetchall())
    alone: Counter[tuple[Any, ...]] = Counter()
    for one in ALL:
        rows = run(db, world, one, on, signatures(one))
        alone.update((one.id, *row) for row in rows)
    assert found == alone


BEST_FIRST = (Light.MET, Light.ON_TRACK, Light.BEHIND, Light.NOT_MET)


@pytest.mark.proof
@each_duty
@SEVERAL
@given(world=WORLDS, days=st.tuples(DAYS, DAYS))
def test_time_alone_never_improves_a_light(
    db: duckdb.DuckDBPyConnection, asked: Duty, world: World, days: tuple[date, date]
) -> None:
    earlier, later = sorted(days)
    world.posts = STEADY_POSTS
    world.deeds = [_known(deed, earlier) for deed in world.deeds if deed["on_day"] <= earlier]
    before = verdicts(tallied(db, world, asked, earlier), PARENTS)
    after = verdicts(tallied(db, world, asked, later), PARENTS)
    for org, judged in before.items():
        if judged.light in BEST_FIRST:
            assert BEST_FIRST.index(after[org].light) >= BEST_FIRST.index(judged.light)


def _known(deed: dict[str, Any], on: date) -> dict[str, Any]:
    """What is dated after a day is not known on it."""
    known = deed["to_day"] is not None and deed["to_day"] <= on
    return {**deed, "to_day": deed["to_day"] if known else None}


def test_without_anyone_in_the_group_nothing_applies(db: duckdb.DuckDBPyConnection) -> None:
    found = tallied(db, World(orgs=()), DUTIES["a school, once a quarter"], date(2022, 5, 1))
    assert found == ()
    assert verdict(found).light is Light.NOT_APPLICABLE
