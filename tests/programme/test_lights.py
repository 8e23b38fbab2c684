"""How one light comes about: reliefs, gaps, references, moves, and the parts of a whole."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.programme.yunxi import (
    COUNTY,
    FIRST,
    JUNE,
    NINE,
    OFFICE,
    SAND,
    STONE,
    VILLAGE,
    Rows,
    county,
    finding,
    item,
    judged,
    lights,
    premises,
    second_year,
)
from zhuji.kernel.errors import NotFound
from zhuji.kernel.lights import Light, whole
from zhuji.programme.judge import Run

MET, ON, BEHIND, NOT = Light.MET, Light.ON_TRACK, Light.BEHIND, Light.NOT_MET
NONE, OUT = Light.NO_DATA, Light.NOT_APPLICABLE
BOOKS = "y_books.primary"


@pytest.fixture(scope="module")
def june() -> Run:
    with judged(county()) as run:
        return run


def without(rows: Rows, ledger: str, gone: Callable[[Any], bool]) -> Rows:
    return {**rows, ledger: [row for row in rows[ledger] if not gone(row)]}


# --- the whole and its parts -----------------------------------------------------------------


@pytest.mark.parametrize("org", [COUNTY, OFFICE, STONE, SAND, FIRST, VILLAGE, NINE])
def test_every_node_shows_the_worst_light_of_what_stands_below_it(june: Run, org: str) -> None:
    judgement = june.judgement(org)
    leaves = {"indicator", "duty", "milestone"}
    branches = [one for one in judgement.items if one.kind not in leaves]
    assert len(branches) == 12
    for one in branches:
        assert one.light is whole(part.light for part in judgement.children(one.id)), one.id


def test_one_kind_of_light_is_used_throughout(june: Run) -> None:
    """Faces tell lights apart by identity; a second enumeration with equal values would be lost."""
    assert all(isinstance(one.light, Light) for one in june.judgement().items)
    counts = june.judgement().count("indicator", "duty", "milestone")
    assert counts == {MET: 7, ON: 1, BEHIND: 3, NOT: 0, NONE: 1, OUT: 0}


def test_what_is_unknown_lets_nothing_pass_for_met_and_hides_no_failure() -> None:
    assert whole([MET, NONE, ON]) is NONE
    assert whole([BEHIND, NONE, NOT]) is NOT
    assert whole([NONE, BEHIND, ON]) is BEHIND
    assert whole([MET, OUT, ON]) is ON
    assert whole([OUT, OUT]) is OUT
    assert whole([]) is OUT


# --- reliefs ---------------------------------------------------------------------------------


def relieved(until: str) -> Rows:
    relief = {"org": VILLAGE, "item": BOOKS, "kind": "small_school", "valid_from": "2025-06-01"}
    return {**county(), "exemptions": [{**relief, "valid_to": until}]}


def test_an_exemption_excuses_a_school_and_the_county_for_it() -> None:
    with judged(relieved("2025-07-01")) as run:
        excused = item(run, VILLAGE, BOOKS)
        assert (excused.light, excused.value) == (OUT, 8.0)
        assert str(excused.reason) == "有生效的豁免，不作要求。"
        of_county = item(run, COUNTY, BOOKS)
        assert (of_county.light, of_county.missing) == (MET, ())
        assert str(of_county.reason) == "2 个单位中 2 个达到"
        # The figure itself is what it is: nobody is left out of the sum.
        assert of_county.value == pytest.approx(290 / 25)


def test_an_exemption_ends_on_its_day() -> None:
    with judged(relieved("2025-06-30")) as run:
        assert lights(run, VILLAGE)[BOOKS] is BEHIND
        assert lights(run, COUNTY)[BOOKS] is BEHIND


def test_an_exemption_from_one_thing_excuses_nothing_else() -> None:
    with judged(relieved("2025-07-01")) as run:
        assert lights(run, VILLAGE)["y_reading_day"] is BEHIND
        assert lights(run, FIRST)[BOOKS] is MET


# --- three values ----------------------------------------------------------------------------


def test_no_report_is_no_data_and_names_the_school() -> None:
    rows = without(county(), "premises", lambda row: row["org"] in (FIRST, VILLAGE))
    rows["premises"].append(premises(VILLAGE, 2025, "primary", 60))
    with judged(rows) as run:
        alone, all_of_them = item(run, FIRST, BOOKS), item(run, COUNTY, BOOKS)
        assert (alone.light, alone.value) == (NONE, None)
        assert str(alone.reason) == "1 个单位中 0 个达到"
        assert all_of_them.light is NONE
        assert [(lack.org, str(lack.what)) for lack in all_of_them.missing] == [
            (FIRST, "没有上报数据")
        ]


def test_no_books_at_all_is_the_value_zero() -> None:
    rows = without(county(), "premises", lambda row: row["org"] == FIRST)
    rows["premises"].append(premises(FIRST, 2025, "primary", 0))
    with judged(rows) as run:
        found = item(run, FIRST, BOOKS)
        assert (found.light, found.value) == (BEHIND, 0.0)


def test_where_no_rows_mean_none_the_value_is_zero(june: Run) -> None:
    found = item(june, FIRST, "y_resource_rooms")
    assert (found.light, found.value, found.n) == (BEHIND, 0.0, 0)


def test_too_few_answers_are_no_data_and_say_so(june: Run) -> None:
    found = item(june, VILLAGE, "y_content")
    assert (found.light, found.value) == (NONE, 100.0)
    assert str(found.reason) == "有效答卷 10 份，少于 15 份。"
    assert [str(lack.what) for lack in found.missing] == ["有效答卷 10 份，少于 15 份。"]


def test_what_does_not_apply_says_why(june: Run) -> None:
    assert str(item(june, STONE, "y_computers").reason) == "本指标不涉及这个机构。"
    assert str(item(june, NINE, "y_resource_rooms").reason) == "没有可比较的单位。"
    assert str(item(june, FIRST, "y_town_review").reason) == "这里现在没有要办的事"


# --- who owes --------------------------------------------------------------------------------


def test_what_is_missing_names_school_window_owner_and_last_day(june: Run) -> None:
    [lack] = item(june, COUNTY, "y_reading_day").missing
    assert lack.as_json() == {
        "org": VILLAGE,
        "org_name": "青石村小学",
        "what": "2025 年第 2 季度 即将到期",
        "owner": {"zh": "校长", "en": "Head teacher"},
        "due": "2025-06-30",
        "count": 1,
    }


def test_a_short_figure_names_the_school_its_value_and_the_day_of_the_goal(june: Run) -> None:
    [lack] = item(june, COUNTY, BOOKS).missing
    assert (lack.org, str(lack.what)) == (VILLAGE, "现为 8.00")
    assert (lack.owner.zh, lack.due) == ("县教育局", date(2026, 12, 31))


def test_what_nobody_has_verified_is_flagged(june: Run) -> None:
    flags = {one.id: one.verified for one in june.judgement().items}
    assert [key for key, verified in flags.items() if not verified] == ["y_books.junior"]


# --- reference and neighbours ----------------------------------------------------------------


def test_a_village_school_is_held_against_the_town_schools(june: Run) -> None:
    assert lights(june, VILLAGE)["y_computers"] is MET  # 1 of 5 against 6 of 30
    rows = county()
    rows["premises"].append(
        {**premises(NINE, 2025, "shared", 300, computers=5), "counted_on": "2025-06-01"}
    )
    with judged(rows) as run:  # 1 of 5 against 7 of 30
        found = item(run, VILLAGE, "y_computers")
        assert (found.light, found.value) == (BEHIND, 20.0)
        assert found.goal is not None
        assert found.goal.zh == "不差于镇区学校"
    gone = without(county(), "premises", lambda row: row["org"] == NINE)
    with judged(gone) as run:  # half of the group has not reported: nothing to be held against
        assert lights(run, VILLAGE)["y_computers"] is NONE


def test_a_figure_that_must_rise_is_held_against_the_year_before(june: Run) -> None:
    first = item(june, COUNTY, "y_new_books")
    assert (first.light, str(first.reason)) == (NONE, "还没有上一期可比。")
    with judged(second_year(county()), date(2026, 6, 30)) as run:
        of_county, nine = item(run, COUNTY, "y_new_books"), item(run, NINE, "y_new_books")
        assert (of_county.light, of_county.value) == (MET, 40.0)
        assert (nine.light, nine.value) == (BEHIND, 20.0)
        assert str(nine.reason) == "2026 没有比上一期好。"
        assert lights(run, SAND)["y_new_books"] is BEHIND
        assert lights(run, STONE)["y_new_books"] is MET


def test_a_finished_year_that_did_not_rise_cannot_be_made_good() -> None:
    with judged(second_year(county()), date(2027, 1, 1)) as run:
        assert lights(run, NINE)["y_new_books"] is NOT
        assert lights(run, COUNTY)["y_new_books"] is MET


# --- organisations change --------------------------------------------------------------------


def moved() -> Rows:
    """On 1 April the village school goes from one town to the other."""
    rows = without(county(), "org_edges", lambda row: row["org"] == VILLAGE)
    edge = {"org": VILLAGE, "hierarchy": "administration"}
    rows["org_edges"] += [
        {**edge, "parent": STONE, "valid_from": "2000-01-01", "valid_to": "2025-04-01"},
        {**edge, "parent": SAND, "valid_from": "2025-04-01"},
    ]
    return rows


def test_a_school_counts_for_the_town_it_belongs_to_on_the_day() -> None:
    with judged(moved(), date(2025, 3, 31)) as run:
        assert item(run, STONE, BOOKS).value == pytest.approx(190 / 15)
        assert item(run, SAND, BOOKS).value == pytest.approx(10)
    with judged(moved(), date(2025, 4, 1)) as run:
        assert item(run, STONE, BOOKS).value == pytest.approx(15)
        assert item(run, SAND, BOOKS).value == pytest.approx(140 / 15)
        assert [lack.org for lack in item(run, STONE, "y_reading_day").missing] == [FIRST]
        assert [lack.org for lack in item(run, SAND, "y_reading_day").missing] == [VILLAGE, NINE]
        assert lights(run, SAND)["T1"] is BEHIND
        assert item(run, COUNTY, BOOKS).value == pytest.approx(290 / 25)


def test_a_closed_school_is_no_longer_judged_nor_counted() -> None:
    rows = county()
    rows["orgs"] = [
        {**row, "valid_to": "2025-05-01"} if row["org"] == NINE else row for row in rows["orgs"]
    ]
    with judged(rows, date(2025, 4, 30)) as run:
        assert item(run, COUNTY, BOOKS).value == pytest.approx(290 / 25)
    with judged(rows, JUNE) as run:
        assert item(run, COUNTY, BOOKS).value == pytest.approx(190 / 15)
        with pytest.raises(NotFound, match="2025-06-30 没有代码或名称为“2199030003”的机构。"):
            run.judgement(NINE)


def test_an_organisation_is_found_by_its_name(june: Run) -> None:
    assert june.judgement("青石村小学").org == VILLAGE
    assert june.judgement().org == COUNTY
    with pytest.raises(NotFound, match="没有代码或名称为“月球小学”的机构"):
        june.judgement("月球小学")


def test_a_violation_in_one_school_is_the_countys_and_the_schools() -> None:
    rows = {**county(), "findings": [finding(FIRST, "2025-04-02", violation=True)]}
    with judged(rows) as run:
        assert lights(run, FIRST)["y_violations"] is NOT
        assert lights(run, VILLAGE)["y_violations"] is MET
        assert lights(run, COUNTY)["S1"] is NOT
        assert [lack.org for lack in item(run, COUNTY, "y_violations").missing] == [FIRST]
