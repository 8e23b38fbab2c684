"""Lights follow from facts, dates and the plan; time alone never improves one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from zhuji.indicators.cells import Cell
from zhuji.indicators.goals import Case, Light, Place, Verdict, goal_label, judge
from zhuji.kernel.messages import Label, say
from zhuji.kernel.spans import Span
from zhuji.kernel.values import Missing, NotApplicable, Present, Value
from zhuji.plan.model import AnyGoal, Indicator, ThresholdGoal

PLAN = Span(date(2021, 9, 1), date(2024, 9, 1))
YEARS = tuple(
    (f"{year}-{year + 1}", Span(date(year, 9, 1), date(year + 1, 9, 1)))
    for year in (2021, 2022, 2023)
)
NOW = date(2024, 3, 1)
GOAL: TypeAdapter[AnyGoal] = TypeAdapter(AnyGoal)
GONE = Missing(say("没有上报数据。"))
OUTSIDE = NotApplicable(say("这里没有需要计算的单位。"))
Known = Mapping[tuple[str, str], Any]  # (org, year) -> a cell, a value or a number


def cell(value: Any, **more: Any) -> Cell:
    if isinstance(value, Cell):
        return value
    known: Value = value if isinstance(value, Missing | NotApplicable) else Present(value)
    given = {"numerator": None, "denominator": None, "n": 1, "reported": 1, "expected": 1, **more}
    return Cell("i", "C", "*", "*", "", known, version="", snapshot="", **given)


def share(good: int, answers: int) -> Cell:
    return cell(Fraction(100 * good, answers), numerator=good, denominator=answers)


def place(on: date = NOW, years: int = 3, **indicator: Any) -> Place:
    given = {"unit": "percent", **indicator}
    declared = Indicator(id="i", label=Label("甲", "A"), clauses=("T1",), value="a", **given)
    return Place(declared, "C", "C", on, YEARS[:years])


def ask(
    goal: Mapping[str, Any], known: Known, *, units: tuple[str, ...] = (), **more: Any
) -> Verdict:
    def read(indicator: str, org: str, period: str, group: str) -> Cell:
        names = (
            (f"{org}/{group}", period[:4]),
            (f"{indicator}:{org}", period[:4]),
            (org, period[:4]),
        )
        return cell(next((known[name] for name in names if name in known), GONE))

    return judge(GOAL.validate_python(goal), Case(place(**more), PLAN, units), read)


def at_least(value: str, **more: Any) -> dict[str, Any]:
    values = more.pop("values", ({"value": value},))
    return {"form": "threshold", "comparator": "at_least", "values": values, **more}


def test_the_number_itself_is_included_and_compared_exactly() -> None:
    assert ask(at_least("85"), {("C", "2023"): share(34, 40)}).light is Light.MET
    third = {("C", "2023"): Fraction(100, 3)}
    assert ask({**at_least("33.33"), "comparator": "above"}, third).light is Light.MET
    assert ask(at_least("33.34", standing=True), third).light is Light.NOT_MET
    verdict = ask(at_least("90"), {("C", "2023"): share(34, 40)})
    assert (verdict.light, verdict.shortfall) == (Light.BEHIND, 5)
    assert str(verdict.goal) == "不低于 90%"


def test_pace_is_the_line_from_the_first_period_to_the_day() -> None:
    known = {("C", "2021"): 60, ("C", "2023"): 84}
    # 912 of 1096 days are gone: the line from 60 to 90 stands at 84.96
    assert ask(at_least("90"), known).light is Light.BEHIND
    verdict = ask(at_least("90"), {**known, ("C", "2023"): 85})
    assert (verdict.light, verdict.pace) == (Light.ON_TRACK, 60 + 30 * Fraction(912, 1096))
    assert ask(at_least("90"), known, on=date(2024, 9, 1)).light is Light.NOT_MET
    assert ask(at_least("90", by="2024-01-01"), known).light is Light.NOT_MET
    assert ask(at_least("90"), {("C", "2021"): 85}, years=1).light is Light.BEHIND


def test_missing_is_no_data_and_not_applicable_stays_so() -> None:
    assert ask(at_least("1"), {}).light is Light.NO_DATA
    assert ask(at_least("1"), {("C", "2023"): OUTSIDE}).light is Light.NOT_APPLICABLE
    partly = cell(99, reported=2, expected=3)
    verdict = ask(at_least("1"), {("C", "2023"): partly})
    assert verdict.light is Light.NO_DATA
    assert str(verdict.reason) == "3 个单位中只有 2 个数据齐全。"


def test_the_rule_then_in_force_judges_a_past_period() -> None:
    values = (
        {"value": "60", "until": "2022-09-01"},
        {"value": "80", "since": "2022-09-01", "until": "2023-01-01"},
        {"value": "95", "since": "2023-01-01"},
    )
    known = {("C", year): 70 for year in ("2021", "2022", "2023")}
    assert ask(at_least("", values=values), known, years=1).light is Light.MET
    assert ask(at_least("", values=values), known, years=2).target == 95
    assert ask(at_least("", values=values), known, years=2, on=date(2022, 10, 1)).target == 80
    gone = ({"value": "60", "until": "2021-01-01"},)
    assert ask(at_least("", values=gone), known).light is Light.NOT_APPLICABLE


def test_a_reference_group_is_matched_or_neared() -> None:
    known = {("C", "2023"): Fraction(68), ("C/good", "2023"): Fraction(80)}
    goal = {"form": "reference", "group": "good", "standing": True}
    assert ask({**goal, "test": "not_below"}, known).light is Light.NOT_MET
    assert ask({**goal, "test": "not_below"}, known, better="lower").light is Light.MET
    gap = {**goal, "test": "gap_below"}
    assert ask({**gap, "limit": "0.15"}, known).light is Light.NOT_MET
    assert ask({**gap, "limit": "0.16"}, known).light is Light.MET
    alone = {("C", "2023"): Fraction(68)}
    unknown = {**alone, ("C/good", "2023"): GONE}
    assert ask({**gap, "limit": "0.16"}, unknown).light is Light.NO_DATA


def test_rising_looks_at_every_pair_of_periods() -> None:
    goal = {"form": "rising"}
    rising = {("C", "2021"): 1, ("C", "2022"): 2, ("C", "2023"): 3}
    assert ask(goal, rising).light is Light.MET
    assert ask(goal, {**rising, ("C", "2023"): 2}).light is Light.BEHIND
    assert ask({**goal, "strictly": False}, {**rising, ("C", "2023"): 2}).light is Light.MET
    assert ask(goal, {**rising, ("C", "2022"): 1}).light is Light.NOT_MET
    assert ask(goal, {**rising, ("C", "2022"): GONE}).light is Light.NO_DATA
    assert ask(goal, rising, years=1).light is Light.NO_DATA
    assert ask(goal, rising, better="lower").light is Light.NOT_MET


def test_an_estimate_needs_answers_enough() -> None:
    goal = {**at_least("90"), "form": "estimate", "least_n": 30, "standing": True}
    few = ask(goal, {("C", "2023"): share(29, 29)})
    assert few.light is Light.NO_DATA
    enough = ask(goal, {("C", "2023"): share(29, 30)})
    assert enough.light is Light.MET
    assert enough.interval is not None
    assert 83 < enough.interval[0] < 84
    asked = {**goal, "least_response": "0.8", "invited": "asked"}
    known = {("C", "2023"): share(29, 30), ("asked:C", "2023"): 38}
    assert ask(asked, known).light is Light.NO_DATA
    assert ask(asked, {**known, ("asked:C", "2023"): 37}).light is Light.MET


def test_coverage_is_lost_by_one_and_won_only_by_all() -> None:
    goal = {"form": "coverage", "lacking": "NOT done", "standing": True}
    assert ask(goal, {("C", "2023"): cell(100, lacking=0)}).light is Light.MET
    assert ask(goal, {("C", "2023"): cell(99, lacking=1)}).light is Light.NOT_MET
    some = cell(100, lacking=0, reported=2, expected=3)
    assert ask(goal, {("C", "2023"): some}).light is Light.NO_DATA
    less = cell(99, lacking=1, reported=2, expected=3)
    assert ask(goal, {("C", "2023"): less}).light is Light.NOT_MET


def test_a_condition_decides_whether_anything_is_asked() -> None:
    goal = {
        **at_least("1"),
        "form": "conditional",
        "when": "special",
        "when_value": "5",
        "standing": True,
    }
    rooms = {("C", "2023"): 0}
    assert ask(goal, {**rooms, ("special:C", "2023"): 4}).light is Light.NOT_APPLICABLE
    assert ask(goal, {**rooms, ("special:C", "2023"): 5}).light is Light.NOT_MET
    assert ask(goal, {**rooms, ("special:C", "2023"): GONE}).light is Light.NO_DATA
    assert ask(goal, {("C", "2023"): 1, ("special:C", "2023"): 5}).light is Light.MET


def test_each_school_counts_once_and_the_short_are_listed() -> None:
    units = ("S1", "S2", "S3", "S4")
    goal = at_least("10", each="school", share="0.75", standing=True)
    known = {("S1", "2023"): 10, ("S2", "2023"): 12, ("S3", "2023"): 9, ("S4", "2023"): OUTSIDE}
    verdict = ask(goal, known, units=units)
    assert (verdict.light, verdict.units_short, verdict.units) == (Light.NOT_MET, ("S3",), 3)
    assert verdict.shortfall == 1
    assert isinstance(verdict.value, Present)
    assert verdict.value.value == Fraction(2, 3)
    assert ask(goal, {**known, ("S4", "2023"): 10}, units=units).light is Light.MET
    unknown = ask(goal, {**known, ("S4", "2023"): GONE}, units=units)
    assert (unknown.light, unknown.units_missing) == (Light.NO_DATA, ("S4",))
    lost = ask({**goal, "share": "1"}, {**known, ("S4", "2023"): GONE}, units=units)
    assert lost.light is Light.NOT_MET
    assert str(lost.goal) == "100% 的学校不低于 10%"


def test_the_county_of_seven_coefficients_fails_on_l2_alone() -> None:
    mean = (5.515273, 0.887611, 0.879277, 4.563288, 7.925946, 2496.674864, 2.784743)
    deviation = (1.643162, 0.445392, 0.353427, 1.316139, 2.975795, 780.914372, 1.097759)
    published = (0.297929, 0.501787, 0.401952, 0.288419, 0.37545, 0.312782, 0.394205)
    found = [s / x for s, x in zip(deviation, mean, strict=True)]
    assert [round(each, 6) for each in found] == list(published)
    goal = {**at_least("0.50", standing=True), "comparator": "at_most"}
    lights = [ask(goal, {("C", "2023"): each}, unit="ratio").light for each in found]
    assert lights == [Light.MET, Light.NOT_MET, *[Light.MET] * 5]
    composite = sum(found) / 7
    assert round(composite, 6) == 0.367503
    assert ask(goal, {("C", "2023"): composite}, unit="ratio").light is Light.MET


RANK = [Light.NOT_MET, Light.BEHIND, Light.ON_TRACK, Light.MET]
NUMBERS = st.integers(0, 100) | st.just(GONE) | st.just(OUTSIDE)
GOALS: tuple[dict[str, Any], ...] = (
    at_least("60"),
    at_least("60", by="2023-12-31"),
    {**at_least("40"), "comparator": "below"},
    {**at_least("50"), "comparator": "equal"},
    {"form": "rising"},
    {"form": "reference", "group": "good", "test": "gap_below", "limit": "0.15"},
    {"form": "reference", "group": "good", "test": "not_below"},
    at_least("60", each="school", share="0.5"),
)


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: f"{goal['form']}-{goal.get('comparator')}")
@given(
    numbers=st.lists(NUMBERS, min_size=9, max_size=9),
    first=st.integers(0, 1500),
    later=st.integers(0, 600),
)
def test_a_light_never_improves_by_time_alone(
    goal: dict[str, Any], numbers: list[Any], first: int, later: int
) -> None:
    names = [(org, str(year)) for org in ("C", "S1", "S2") for year in (2021, 2022, 2023)]
    known = {**dict(zip(names, numbers, strict=True)), ("C/good", "2023"): numbers[4]}
    on = date(2021, 9, 1) + timedelta(days=first)

    def light(day: date) -> Light:
        return ask(goal, known, units=("S1", "S2"), on=day).light

    before, after = light(on), light(on + timedelta(days=later))
    if before in RANK:
        assert after in RANK
        assert RANK.index(after) <= RANK.index(before)
    else:
        assert after is before


@given(value=st.integers(0, 100), more=st.integers(0, 50), base=st.integers(0, 100))
def test_a_higher_value_never_worsens_a_light_that_asks_for_more(
    value: int, more: int, base: int
) -> None:
    def light(number: int) -> int:
        known = {("C", "2021"): base, ("C", "2023"): number}
        return RANK.index(ask(at_least("60"), known).light)

    assert light(value + more) >= light(value)


def test_the_sentence_of_a_goal_is_in_both_languages() -> None:
    labels: dict[str, Callable[[], Verdict]] = {
        "rises every period": lambda: ask({"form": "rising"}, {}),
        "gap to good below 0.15": lambda: ask(GOALS[5], {}),
        "50% of schools: at least 60%": lambda: ask(GOALS[7], {}),
        "at least 0.85": lambda: ask(at_least("0.850"), {}, unit="ratio"),
    }
    for wanted, verdict in labels.items():
        assert verdict().goal.en == wanted


def test_an_amount_is_written_as_each_reader_writes_amounts() -> None:
    indicator = Indicator(
        id="m", label=Label("到位", "paid"), clauses=("M2",), unit="yuan", value="SUM(x)"
    )
    goal = ThresholdGoal.model_validate(
        {"form": "threshold", "comparator": "at_least", "values": [{"value": "5870000"}]}
    )
    span = Span(date(2023, 1, 1), date(2024, 1, 1))
    place = Place(indicator, "1", "1", date(2023, 6, 30), (("2023", span),))
    label = goal_label(goal, Case(place, span))
    assert (label.zh, label.en) == ("不低于 587万元", "at least 5.87 million yuan")
