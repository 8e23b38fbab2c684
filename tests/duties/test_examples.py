"""The plan's own duties in small: batches, quotas, waivers, late visits, milestones, lists."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pytest

from tests.duties.world import PARENTS, World, run, signed, tallied
from zhuji.duties.lacking import lacking
from zhuji.duties.states import State
from zhuji.duties.tally import Tally, roll
from zhuji.duties.verdicts import DutyVerdict, Lack, verdict, verdicts
from zhuji.kernel.calendar import PeriodKind
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label
from zhuji.plan.model import Batches, Duty, Evidence, Floor, FollowUp, Milestone, Quota, Window

NAME = Label("责任", "Duty")
EVIDENCE = Evidence(ledger="deeds", on="on_day")
OF_PERSONS = Evidence(ledger="deeds", on="on_day", subject="who")


def duty(cadence: Any, **more: Any) -> Duty:
    given = {"evidence": EVIDENCE, **more}
    return Duty(
        id="d", label=NAME, clauses=("M1",), owner="school", among="g", cadence=cadence, **given
    )


VISIT = duty(Window(form="window", every=PeriodKind.QUARTER))
SECONDMENT = duty(
    Batches(form="batches", batches=3, batch="batch_no", ends="to_day", least_months=1)
)
FLOORS = tuple(
    Floor(label=NAME, where=f"kind = '{kind}'", at_least=Decimal(30))
    for kind in ("city", "sent", "town")
)
HOURS = duty(
    Quota(form="quota", measure="hours", total=Decimal(90), floors=FLOORS),
    subject="staff",
    evidence=OF_PERSONS,
)
YEARLY = duty(
    Window(form="window", every=PeriodKind.SCHOOL_YEAR), subject="staff", evidence=OF_PERSONS
)


def deed(org: str, on_day: date, **more: Any) -> dict[str, Any]:
    return {"org": org, "on_day": on_day, **more}


def post(who: str, org: str = "S1", since: date = date(2019, 9, 1)) -> dict[str, Any]:
    return {"org": org, "staff_no": who, "valid_from": since, "full_time_teacher": True}


def states(found: tuple[Tally, ...], org: str = "S1") -> dict[str, dict[State, int]]:
    return {tally.key: dict(tally.counts) for tally in found if tally.org == org}


def light(db: duckdb.DuckDBPyConnection, world: World, asked: Any, on: date) -> Light:
    return verdict(tallied(db, world, asked, on)).light


@pytest.mark.parametrize(
    ("ends", "expected"),
    [(date(2022, 3, 1), State.DONE), (date(2022, 2, 28), State.OPEN), (None, State.OPEN)],
)
def test_a_batch_of_february_lasts_a_month_only_to_the_first_of_march(
    db: duckdb.DuckDBPyConnection, ends: date | None, expected: State
) -> None:
    world = World(deeds=[deed("S1", date(2022, 2, 1), to_day=ends, batch_no=1)])
    found = tallied(db, world, SECONDMENT, date(2022, 3, 5))
    assert states(found)["1"] == {expected: 1}


def test_a_batch_counts_from_its_last_day(db: duckdb.DuckDBPyConnection) -> None:
    world = World(
        orgs=("S1",), deeds=[deed("S1", date(2022, 2, 1), to_day=date(2022, 3, 1), batch_no=1)]
    )
    [first, *_] = signed(db, world, SECONDMENT, date(2022, 2, 28))
    assert first.first_on == date(2022, 2, 28)
    assert states(tallied(db, world, SECONDMENT, date(2022, 2, 27)))["1"] == {State.OPEN: 1}


def test_the_same_batch_twice_is_one_batch(db: duckdb.DuckDBPyConnection) -> None:
    rows = [deed("S1", date(2022, 2, 1), to_day=date(2022, 3, 1), batch_no=n) for n in (1, 1, 2)]
    found = states(tallied(db, World(deeds=rows), SECONDMENT, date(2022, 4, 1)))
    assert [found[key] for key in "123"] == [{State.DONE: 1}, {State.DONE: 1}, {State.OPEN: 1}]


@pytest.mark.parametrize(
    ("batches", "on", "expected"),
    [
        (0, date(2022, 5, 31), Light.ON_TRACK),
        (0, date(2022, 6, 1), Light.BEHIND),
        (1, date(2022, 6, 1), Light.ON_TRACK),
        (1, date(2023, 6, 1), Light.BEHIND),
        (2, date(2024, 5, 31), Light.BEHIND),
        (2, date(2024, 6, 1), Light.NOT_MET),
        (3, date(2022, 6, 1), Light.MET),
    ],
)
def test_batches_are_behind_the_pace_before_they_are_missed(
    db: duckdb.DuckDBPyConnection, batches: int, on: date, expected: Light
) -> None:
    rows = [
        deed("S1", date(2021, 9, 1), to_day=date(2021, 11, 1), batch_no=n) for n in range(batches)
    ]
    assert light(db, World(orgs=("S1",), deeds=rows), SECONDMENT, on) is expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ({"city": 30, "sent": 30, "town": 30}, State.DONE),
        ({"city": 60, "sent": 30, "town": 29}, State.MISSED),
        ({"city": 30, "sent": 30, "town": 29}, State.MISSED),
        ({"city": 30, "sent": 30, "other": 30}, State.MISSED),
    ],
)
def test_ninety_hours_need_each_of_three_floors(
    db: duckdb.DuckDBPyConnection, hours: dict[str, int], expected: State
) -> None:
    rows = [
        deed("S2", date(2022, 1, 1), who="A", kind=kind, hours=Decimal(n))
        for kind, n in hours.items()
    ]
    found = tallied(db, World(deeds=rows, posts=[post("A")]), HOURS, date(2024, 6, 1))
    assert states(found) == {"plan": {expected: 1}}


def test_hours_beyond_a_floor_do_not_count_towards_another(db: duckdb.DuckDBPyConnection) -> None:
    rows = [deed("S1", date(2022, 1, 1), who="A", kind="city", hours=Decimal(80))]
    [row] = signed(db, World(deeds=rows, posts=[post("A")]), HOURS, date(2023, 6, 1))
    assert row.amount == 30
    world = World(deeds=rows, posts=[post("A")])
    # A third is the pace after the first year, two thirds after the second.
    assert light(db, world, HOURS, date(2023, 5, 31)) is Light.ON_TRACK
    assert light(db, world, HOURS, date(2023, 6, 1)) is Light.BEHIND


def test_a_late_visit_makes_good_the_quarter_before(db: duckdb.DuckDBPyConnection) -> None:
    visits = [deed("S1", date(2022, 4, 2)), deed("S1", date(2022, 4, 20))]
    world = World(orgs=("S1",), deeds=visits)
    found = states(tallied(db, world, VISIT, date(2022, 5, 1)))
    assert found["2022Q2"] == {State.DONE: 1}
    assert found["2022Q1"] == {State.DONE_LATE: 1}
    assert found["2021Q4"] == {State.MISSED: 1}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2021, 12, 31), State.MISSED),
        (date(2022, 1, 1), State.DONE),
        (date(2022, 3, 31), State.DONE),
    ],
)
def test_a_visit_counts_from_the_first_day_to_the_last(
    db: duckdb.DuckDBPyConnection, day: date, expected: State
) -> None:
    found = tallied(db, World(deeds=[deed("S1", day)]), VISIT, date(2022, 4, 1))
    assert states(found)["2022Q1"] == {expected: 1}


@pytest.mark.parametrize(("until", "n"), [(date(2022, 8, 31), 0), (date(2022, 9, 1), 1)])
def test_who_left_before_the_last_day_is_not_counted(
    db: duckdb.DuckDBPyConnection, until: date, n: int
) -> None:
    world = World(posts=[{**post("A"), "valid_to": until}])
    found = tallied(db, world, YEARLY, date(2022, 9, 1))
    assert sum(tally.count(State.MISSED) for tally in found) == n


def test_one_visit_never_serves_two_quarters(db: duckdb.DuckDBPyConnection) -> None:
    world = World(orgs=("S1",), deeds=[deed("S1", date(2022, 4, 2))])
    found = states(tallied(db, world, VISIT, date(2022, 5, 1)))
    assert found["2022Q2"] == {State.DONE: 1}
    assert found["2022Q1"] == {State.MISSED: 1}


def test_one_activity_serves_several_duties(db: duckdb.DuckDBPyConnection) -> None:
    other = VISIT.model_copy(update={"id": "other"})
    world = World(orgs=("S1",), deeds=[deed("S1", date(2022, 5, 1))])
    for asked in (VISIT, other):
        assert states(tallied(db, world, asked, date(2022, 5, 1)))["2022Q2"] == {State.DONE: 1}


@pytest.mark.parametrize(
    ("until", "expected"),
    [(date(2022, 4, 1), State.WAIVED), (date(2022, 3, 31), State.MISSED)],
)
def test_a_waiver_that_expired_before_the_last_day_excuses_nothing(
    db: duckdb.DuckDBPyConnection, until: date, expected: State
) -> None:
    granted = {
        "duty": "d",
        "subject": "S1",
        "kind": "waiver",
        "valid_from": date(2022, 1, 1),
        "valid_to": until,
    }
    found = tallied(db, World(waivers=[granted]), VISIT, date(2022, 5, 1))
    assert states(found)["2022Q1"] == {expected: 1}
    assert states(found)["2022Q2"] == {State.OPEN: 1}
    assert states(found, "S2")["2022Q1"] == {State.MISSED: 1}


def test_two_overlapping_suspensions_count_their_days_once(db: duckdb.DuckDBPyConnection) -> None:
    rows = [
        {"duty": "d", "subject": "S1", "kind": "suspension", "valid_from": start, "valid_to": end}
        for start, end in (
            (date(2022, 1, 1), date(2022, 1, 21)),
            (date(2022, 1, 11), date(2022, 1, 31)),
        )
    ]
    for on, expected in ((date(2022, 4, 30), State.DUE_SOON), (date(2022, 5, 1), State.MISSED)):
        found = tallied(db, World(waivers=rows), VISIT, on)
        assert states(found)["2022Q1"] == {expected: 1}


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2024, 5, 31), State.DUE_SOON), (date(2024, 6, 1), State.MISSED)],
)
def test_a_year_of_suspension_ends_with_the_next_window(
    db: duckdb.DuckDBPyConnection, on: date, expected: State
) -> None:
    away = {
        "duty": "d",
        "subject": "A",
        "kind": "suspension",
        "valid_from": date(2022, 9, 1),
        "valid_to": date(2023, 9, 1),
    }
    found = tallied(db, World(posts=[post("A")], waivers=[away]), YEARLY, on)
    assert states(found)["2022-2023"] == {expected: 1}


def test_evidence_counts_wherever_it_was_recorded(db: duckdb.DuckDBPyConnection) -> None:
    world = World(deeds=[deed("S2", date(2021, 10, 1), who="A")], posts=[post("A", "S1")])
    assert states(tallied(db, world, YEARLY, date(2022, 5, 1))) == {"2021-2022": {State.DONE: 1}}


def test_a_teacher_with_two_posts_owes_once(db: duckdb.DuckDBPyConnection) -> None:
    world = World(posts=[post("A", "S1"), post("A", "S2"), post("A", "S1", date(2021, 9, 1))])
    found = tallied(db, world, YEARLY, date(2022, 5, 1))
    assert [(tally.org, dict(tally.counts)) for tally in found] == [("S1", {State.OPEN: 1})]


@pytest.mark.parametrize(("since", "n"), [(date(2022, 7, 3), 1), (date(2022, 7, 4), 0)])
def test_who_came_within_the_days_of_grace_owes_nothing(
    db: duckdb.DuckDBPyConnection, since: date, n: int
) -> None:
    asked = YEARLY.model_copy(update={"grace_days": 60})
    found = tallied(db, World(posts=[post("A", since=since)]), asked, date(2022, 9, 1))
    assert sum(tally.count(State.MISSED) for tally in found) == n


def test_absences_must_be_answered_in_time(db: duckdb.DuckDBPyConnection) -> None:
    asked = duty(FollowUp(form="follow_up", within_days=2, answered="to_day"))
    rows = [
        deed("S1", date(2022, 3, 1), to_day=date(2022, 3, 3)),
        deed("S1", date(2022, 3, 1), to_day=date(2022, 3, 10)),  # today
        deed("S1", date(2022, 3, 1)),
        deed("S1", date(2022, 3, 9)),
        deed("S1", date(2022, 3, 9), to_day=date(2022, 3, 11)),  # not known yet
        deed("X", date(2022, 3, 1)),
    ]
    found = tallied(db, World(deeds=rows), asked, date(2022, 3, 10))
    assert states(found) == {
        "plan": {State.DONE: 1, State.DONE_LATE: 1, State.MISSED: 1, State.DUE_SOON: 2}
    }
    assert run(
        db, World(deeds=rows), asked, date(2022, 3, 10), lacking(asked, key="", org="S1")
    ) == [
        ("S1", "S1", date(2022, 3, 1), date(2022, 3, 4)),
        ("S1", "S1", date(2022, 3, 9), date(2022, 3, 12)),
        ("S1", "S1", date(2022, 3, 9), date(2022, 3, 12)),
    ]


def test_an_open_answer_is_no_delay(db: duckdb.DuckDBPyConnection) -> None:
    asked = duty(FollowUp(form="follow_up", within_days=2, answered="to_day"))
    world = World(deeds=[deed("S1", date(2022, 3, 9))])
    assert light(db, world, asked, date(2022, 3, 11)) is Light.ON_TRACK
    assert light(db, world, asked, date(2022, 3, 12)) is Light.NOT_MET


MILESTONE = Milestone(
    id="d",
    label=NAME,
    clauses=("M18",),
    owner="school",
    among="g",
    by=date(2022, 12, 31),
    evidence=Evidence(ledger="deeds", on="on_day", where="kind = 'charter'"),
)


@pytest.mark.parametrize(
    ("filed_on", "on", "expected"),
    [
        (date(2015, 3, 1), date(2021, 6, 1), Light.MET),
        (date(2022, 10, 1), date(2022, 9, 30), Light.ON_TRACK),
        (date(2022, 12, 31), date(2022, 12, 20), Light.BEHIND),
        (date(2022, 12, 31), date(2022, 12, 31), Light.MET),
        (date(2023, 2, 1), date(2023, 1, 1), Light.NOT_MET),
        (date(2023, 2, 1), date(2023, 2, 1), Light.MET),
    ],
)
def test_a_milestone_is_met_from_the_day_its_evidence_stands(
    db: duckdb.DuckDBPyConnection, filed_on: date, on: date, expected: Light
) -> None:
    rows = [deed("S1", filed_on, kind="charter"), deed("S1", date(2021, 1, 1), kind="other")]
    assert light(db, World(orgs=("S1",), deeds=rows), MILESTONE, on) is expected


def test_a_milestone_of_one_organisation_asks_no_group(db: duckdb.DuckDBPyConnection) -> None:
    alone = MILESTONE.model_copy(update={"among": None, "org": "S9", "least": 2})
    rows = [deed("S9", day, kind="charter") for day in (date(2022, 1, 1), date(2022, 5, 1))]
    [row] = signed(db, World(orgs=(), deeds=rows), alone, date(2022, 6, 1))
    assert (row.org, row.n, row.first_on) == ("S9", 1, date(2022, 5, 1))


def test_the_lacking_are_named_and_no_others(db: duckdb.DuckDBPyConnection) -> None:
    waived = {
        "duty": "d",
        "subject": "C",
        "kind": "waiver",
        "valid_from": date(2022, 1, 1),
        "valid_to": date(2023, 1, 1),
    }
    world = World(
        deeds=[deed("S1", date(2022, 1, 1), who="A")],
        posts=[post("A"), post("B"), post("C"), post("D", "S2")],
        waivers=[waived],
    )
    on = date(2022, 10, 1)
    found = run(db, world, YEARLY, on, lacking(YEARLY, key="2021-2022", org="S1"))
    assert found == [("S1", "B", date(2022, 9, 1), Decimal(0))]


def test_tallies_roll_up_by_addition(db: duckdb.DuckDBPyConnection) -> None:
    visits = [deed("S1", date(2022, 2, 1)), deed("S3", date(2022, 2, 1))]
    leaves = tallied(db, World(deeds=visits), VISIT, date(2022, 4, 1))
    rolled = {
        tally.org: dict(tally.counts) for tally in roll(leaves, PARENTS) if tally.key == "2022Q1"
    }
    assert rolled["T1"] == {State.DONE: 1, State.MISSED: 1}
    assert rolled["C"] == {State.DONE: 2, State.MISSED: 1}


def test_a_verdict_says_how_much_and_who_is_short(db: duckdb.DuckDBPyConnection) -> None:
    asked = VISIT.model_copy(update={"starts": date(2022, 1, 1)})
    visits = [
        deed("S1", date(2022, 2, 1)),
        deed("S1", date(2022, 4, 9)),
        deed("S2", date(2022, 2, 1)),
    ]
    world = World(orgs=("S1", "S2"), deeds=visits)
    found = verdicts(tallied(db, world, asked, date(2022, 4, 10)), PARENTS)
    assert found["S1"] == DutyVerdict(Light.MET, 2, 2, Fraction(1))
    lack = Lack("S2", "2022Q2", 1, State.OPEN)
    assert found["C"] == DutyVerdict(Light.ON_TRACK, 3, 4, Fraction(3, 4), (lack,))


def test_half_the_schools_visited_is_too_few_when_the_quarter_ends(
    db: duckdb.DuckDBPyConnection,
) -> None:
    asked = VISIT.model_copy(update={"starts": date(2022, 1, 1)})
    world = World(orgs=("S1", "S2"), deeds=[deed("S1", date(2022, 2, 1))])
    assert light(db, world, asked, date(2022, 3, 17)) is Light.ON_TRACK
    assert light(db, world, asked, date(2022, 3, 18)) is Light.BEHIND
    assert light(db, world, asked, date(2022, 4, 1)) is Light.NOT_MET


def test_a_ledger_nobody_keeps_is_no_data_not_a_failure(db: duckdb.DuckDBPyConnection) -> None:
    found = tallied(db, World(), VISIT, date(2022, 5, 1))
    assert verdict(found, known=False).light is Light.NO_DATA
    assert verdict(found).light is Light.NOT_MET


def test_where_all_are_waived_nothing_applies(db: duckdb.DuckDBPyConnection) -> None:
    granted = {
        "duty": "d",
        "subject": "S1",
        "kind": "waiver",
        "valid_from": date(2021, 1, 1),
        "valid_to": date(2030, 1, 1),
    }
    world = World(orgs=("S1",), waivers=[granted])
    assert light(db, world, VISIT, date(2022, 5, 1)) is Light.NOT_APPLICABLE
