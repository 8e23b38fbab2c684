"""What one reader sees at a glance: boards, nodes, figures, tiles, and what is owed today."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import once
from tests.cockpit.readers import (
    DIRECTOR,
    HEAD,
    OFFICER,
    PARENT,
    SYSTEM_ADMINISTRATOR,
    TOWN_OFFICER,
)
from tests.programme.judgings import keep
from tests.programme.yunxi import (
    COUNTY,
    FIRST,
    JUNE,
    NINE,
    SAND,
    STONE,
    VILLAGE,
    county,
    premises,
    second_year,
)
from zhuji.cockpit.board import Asked, board
from zhuji.cockpit.day import NotJudged
from zhuji.cockpit.home import home
from zhuji.cockpit.indicator import indicator
from zhuji.cockpit.node import node
from zhuji.cockpit.school import school
from zhuji.cockpit.tiles import tiles
from zhuji.duties.states import State
from zhuji.kernel.errors import NotFound
from zhuji.kernel.lights import Light
from zhuji.orgs.scope import Reader
from zhuji.programme.models import Judging

pytestmark = pytest.mark.django_db
BOOKS = "y_books.primary"
READING = "y_reading_day"
MET, ON, BEHIND, NONE = Light.MET, Light.ON_TRACK, Light.BEHIND, Light.NO_DATA


@pytest.fixture(autouse=True)
def june(db: None) -> Judging:
    return judged_in_june()


@once.built
def judged_in_june() -> Judging:
    return keep(county())[1]


# --- the plan board ---------------------------------------------------------------------------


def test_the_board_shows_every_target_measure_and_safeguard_with_its_light() -> None:
    found = board(OFFICER)
    assert [(one.id, one.light) for one in found.targets] == [
        ("T1", BEHIND), ("T2", MET), ("T3", MET),
    ]  # fmt: skip
    assert [(one.face.id, [part.id for part in one.measures]) for one in found.actions] == [
        ("A1", ["M1", "M2", "M3"]), ("A2", ["M4", "M5"]),
    ]  # fmt: skip
    assert [one.id for one in found.safeguards] == ["S1", "S2"]
    assert found.standing.org.name == "云溪县"
    assert found.standing.on == JUNE
    assert sum(found.totals["measure"].values()) == 5


def test_a_light_says_of_which_parts_it_is_made() -> None:
    [target] = [one for one in board(OFFICER).targets if one.id == "T1"]
    assert [(part.id, part.light) for part in target.parts] == [
        (BOOKS, BEHIND), ("y_books.junior", MET),
    ]  # fmt: skip
    assert target.counts == {BEHIND: 1, MET: 1}
    assert str(target.rule) == ("取下面各项中最差的一个：2 项参与，其中 1 项为这盏灯，0 项不适用。")


def test_the_board_can_be_narrowed_by_light_owner_and_town() -> None:
    met = board(OFFICER, asked=Asked(light="met"))
    assert [one.id for one in met.targets] == ["T2", "T3"]
    heads = board(OFFICER, asked=Asked(owner="head"))
    assert heads.targets == ()
    assert [part.id for one in heads.actions for part in one.measures] == ["M1", "M5"]
    town = board(OFFICER, asked=Asked(town=STONE))
    assert town.standing.org.code == STONE
    assert [one.code for one in town.towns] == [STONE, SAND]
    assert {one.id for one in town.owners} == {"bureau", "head", "town_office"}
    # What is counted is everything, whatever is shown.
    assert met.totals == board(OFFICER).totals


def test_any_day_that_was_judged_can_be_opened_again() -> None:
    keep(county(), date(2025, 3, 31))
    found = board(OFFICER, on=date(2025, 3, 31))
    assert found.standing.newest is False
    assert found.standing.days == (JUNE, date(2025, 3, 31))
    with pytest.raises(NotJudged, match="2025-04-01 还没有判定过") as refused:
        board(OFFICER, on=date(2025, 4, 1))
    assert refused.value.on == date(2025, 4, 1)


def test_what_changed_since_the_judging_before_is_told_light_by_light() -> None:
    richer = county()
    richer["premises"].append(
        {**premises(VILLAGE, 2025, "primary", 60), "counted_on": "2025-06-01"}
    )
    keep(richer, snapshot="two")
    found = {one.id: one for one in board(OFFICER).changes}
    assert (found[BOOKS].before, found[BOOKS].after) == (BEHIND, MET)
    assert found["T1"].better
    assert READING not in found


# --- scope ------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [PARENT, SYSTEM_ADMINISTRATOR], ids=lambda one: one.username)
def test_who_may_not_read_has_no_board_at_all(reader: Reader) -> None:
    with pytest.raises(NotFound, match="没有您可以查看的判定"):
        board(reader)
    with pytest.raises(NotFound):
        school(reader, VILLAGE)


@pytest.mark.parametrize("org", [FIRST, STONE, SAND, NINE, "2199999999"])
def test_what_is_out_of_reach_looks_like_what_is_not_there(org: str) -> None:
    for page in (lambda: board(HEAD, org=org), lambda: node(HEAD, "M1", org=org),
                 lambda: indicator(HEAD, BOOKS, org=org), lambda: school(HEAD, org)):  # fmt: skip
        with pytest.raises(NotFound, match=f"没有代码为“{org}”的机构，或者它不在"):
            page()


def test_everyone_opens_at_their_own_highest_organisation() -> None:
    opened = [board(reader).standing.org.code for reader in (DIRECTOR, TOWN_OFFICER, HEAD)]
    assert opened == [COUNTY, STONE, VILLAGE]


def test_the_totals_of_the_county_are_open_but_not_the_rows_of_other_schools() -> None:
    found = node(HEAD, "M1", org=COUNTY)
    [duty] = found.duties
    assert [row.org.code for row in duty.rows] == [VILLAGE]
    assert duty.beyond == 2
    assert {one.org.code for one in found.owing} == {VILLAGE}
    assert found.face.light is board(OFFICER).actions[0].measures[0].light
    with pytest.raises(NotFound):
        school(HEAD, COUNTY)


def test_of_fewer_than_ten_persons_nothing_is_shown_to_those_outside() -> None:
    inside, outside = indicator(OFFICER, "y_disabled"), indicator(HEAD, "y_disabled", org=COUNTY)
    assert (inside.figure.state, inside.figure.value) == ("present", 2)
    assert (outside.figure.state, outside.figure.value) == ("hidden", None)
    assert all(one.figure.state == "hidden" for one in outside.trend)


# --- nodes ------------------------------------------------------------------------------------


def test_a_measure_shows_each_school_and_window_as_a_dot() -> None:
    found = node(OFFICER, "M1")
    [duty] = found.duties
    assert duty.face.id == READING
    assert duty.subject == "org"
    states = {row.org.code: {dot.key: dot.state for dot in row.dots} for row in duty.rows}
    assert states[FIRST]["2025Q1"] is State.DONE
    assert states[VILLAGE]["2025Q1"] is State.DONE
    assert states[VILLAGE]["2025Q2"] is State.DUE_SOON
    assert states[VILLAGE]["2025Q3"] is State.NOT_YET_OPEN
    [dot] = [dot for row in duty.rows if row.org.code == FIRST for dot in row.dots
             if dot.key == "2025Q2"]  # fmt: skip
    assert (dot.done, dot.owed, dot.evidence, dot.due) == (1, 1, 1, JUNE)
    [owing] = found.owing
    assert (owing.org.code, owing.owner_id, owing.due, owing.days_left) == (
        VILLAGE, "head", JUNE, 0,
    )  # fmt: skip
    assert [one.id for one in found.above] == ["A1"]
    assert found.says is not None
    assert found.says.zh == "每校每季办一次读书日"


def test_a_leaf_has_a_page_as_well() -> None:
    found = node(OFFICER, READING)
    assert [one.face.id for one in found.duties] == [READING]
    assert [one.id for one in found.above] == ["A1", "M1"]
    with pytest.raises(NotFound, match="没有编号为“M99”的条款"):
        node(OFFICER, "M99")


# --- indicators -------------------------------------------------------------------------------


def test_an_indicator_explains_itself() -> None:
    found = indicator(OFFICER, BOOKS)
    assert found.figure.value == Fraction(290, 25)
    explain = found.explain
    assert (explain.numerator, explain.denominator) == (290, 25)
    assert [one.id for one in explain.clauses] == ["T1"]
    assert [(one.value, one.source, one.verified) for one in explain.thresholds] == [
        ("10", "虚构", True)
    ]
    assert {one.id for one in explain.parts} == {"y_book_stock.primary", "y_pupils.primary"}
    assert explain.sql == "y_book_stock__primary / NULLIF(y_pupils__primary, 0)"
    assert explain.words.zh == "图书（小学） ÷ 学生（小学）"
    assert found.goal is not None
    assert found.goal.label.zh == "100% 的学校不低于 10"
    assert [(one.id, one.chosen) for one in found.stages] == [
        (BOOKS, True), ("y_books.junior", False),
    ]  # fmt: skip
    assert indicator(OFFICER, "y_books.junior").explain.verified is False


def test_schools_stand_side_by_side_in_the_order_of_the_directory() -> None:
    found = indicator(OFFICER, BOOKS).distribution
    assert found is not None
    assert [(one.org.code, one.figure.value) for one in found.schools] == [
        (FIRST, 15), (VILLAGE, 8), (NINE, 10),
    ]  # fmt: skip
    assert (found.least, found.median, found.most) == (8, 10, 15)
    assert (found.q1, found.q3) == (9, Fraction(25, 2))
    assert sum(one.schools for one in found.bins) == 3


def test_quantiles_of_a_handful_of_schools_are_not_shown_to_those_outside() -> None:
    found = indicator(HEAD, BOOKS, org=COUNTY).distribution
    assert found is not None
    assert [one.org.code for one in found.schools] == [VILLAGE]
    assert (found.n, found.beyond, found.median, found.bins) == (3, 2, None, ())


def test_towns_are_shown_to_those_who_govern_them() -> None:
    assert [(one.org.code, one.figure.value) for one in indicator(OFFICER, BOOKS).towns] == [
        (STONE, Fraction(190, 15)), (SAND, 10),
    ]  # fmt: skip
    assert indicator(HEAD, BOOKS, org=COUNTY).towns == ()


def test_a_group_narrows_the_schools_and_an_unknown_one_is_refused() -> None:
    found = indicator(OFFICER, BOOKS, group="village_schools")
    assert found.distribution is None  # one school is no distribution
    assert [one.id for one in found.groups if one.chosen] == ["village_schools"]
    with pytest.raises(NotFound, match="没有名为“nobody”的学校范围"):
        indicator(OFFICER, BOOKS, group="nobody")


def test_a_trend_has_a_point_for_each_period_and_names_the_one_that_speaks() -> None:
    keep(second_year(county()), date(2026, 6, 30), snapshot="two")
    found = indicator(OFFICER, "y_new_books", org=NINE)
    assert [(one.period, one.figure.value, one.speaks) for one in found.trend] == [
        ("2025", 20, False), ("2026", 20, True),
    ]  # fmt: skip


# --- one school, tiles, home ------------------------------------------------------------------


def test_a_school_sees_its_whole_promise_on_one_page() -> None:
    found = school(HEAD, VILLAGE)
    assert [place.code for place in found.line] == [COUNTY, STONE, VILLAGE]
    assert [place.open for place in found.line] == [False, False, True]
    assert [(fact.label.zh, fact.value) for fact in found.facts] == [("在校生", 5)]
    assert {block.face.id for block in found.blocks} == {"T1", "T2", "T3", "M1", "M3", "S1"}
    assert (found.next[0].item, found.next[0].due) == (READING, JUNE)
    assert found.overdue == ()


def test_a_town_names_the_schools_below_it() -> None:
    found = school(TOWN_OFFICER, STONE)
    assert [one.org.code for one in found.below] == [FIRST, VILLAGE]
    assert found.below[1].lights[BEHIND] == 2


def test_tiles_have_an_owner_a_day_a_light_and_a_way_down() -> None:
    found = tiles(OFFICER)
    by_id = {one.id: one for one in found.tiles}
    assert {"T1", "T2", "T3", "measure", "duty"} <= by_id.keys()
    first = by_id["T1"]
    assert (first.light, first.owner.zh, first.link.id) == (BEHIND, "县教育局", "T1")
    assert first.value == pytest.approx(11.6)
    assert all(one.as_of is not None and one.owner.zh for one in found.tiles)
    assert [(row.org.code, row.lights) for row in found.towns.rows] == [
        (STONE, (BEHIND, MET, Light.NOT_APPLICABLE)),
        (SAND, (MET, MET, Light.NOT_APPLICABLE)),
    ]  # fmt: skip


def test_no_tile_speaks_of_fewer_than_ten() -> None:
    found = {one.id: one for one in tiles(HEAD).tiles}
    assert (found["pupils"].value, found["pupils"].hidden) == (None, True)


def test_home_lists_what_the_readers_own_role_owes_by_its_day() -> None:
    now = datetime(2025, 6, 30, 1, tzinfo=UTC)
    heads = home(HEAD, now=now, today=JUNE)
    assert [(one.item, one.due, one.days_left, one.count) for one in heads.todo] == [
        (READING, JUNE, 0, 1)
    ]
    assert str(heads.todo[0].what).endswith("即将到期")
    bureau = home(OFFICER, now=now, today=JUNE)
    assert BOOKS in [one.item for one in bureau.todo]
    assert READING not in [one.item for one in bureau.todo]
    days = [one.due for one in bureau.todo if one.due]
    assert days == sorted(days)


def test_home_tells_which_lights_changed_since_the_last_visit(june: Judging) -> None:
    richer = county()
    richer["premises"].append(
        {**premises(VILLAGE, 2025, "primary", 60), "counted_on": "2025-06-01"}
    )
    _, new = keep(richer, snapshot="two")
    visit = june.made_at + (new.made_at - june.made_at) / 2
    found = home(HEAD, now=new.made_at, today=JUNE, since=visit)
    assert (BOOKS, BEHIND, MET) in [(one.id, one.before, one.after) for one in found.changes]
    later = home(HEAD, now=new.made_at, today=JUNE, since=new.made_at + timedelta(days=1))
    assert later.changes == ()


def test_before_anything_is_judged_home_is_empty_and_says_so() -> None:
    Judging.objects.all().delete()
    found = home(HEAD, now=datetime(2025, 6, 30, tzinfo=UTC), today=JUNE)
    assert (found.standing, found.todo) == (None, ())
    with pytest.raises(NotJudged):
        board(HEAD)


def test_no_page_asks_the_database_more_than_ten_times() -> None:
    board(OFFICER)  # the outline is read once for all
    for page in (
        lambda: board(OFFICER), lambda: node(OFFICER, "M1"), lambda: indicator(OFFICER, BOOKS),
        lambda: school(OFFICER, STONE), lambda: tiles(OFFICER),
        lambda: home(OFFICER, now=datetime(2025, 7, 1, tzinfo=UTC), today=JUNE),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            page()
        assert len(asked) <= 10
