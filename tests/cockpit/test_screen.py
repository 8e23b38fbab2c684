"""What the cockpit shows beside its tiles: clauses behind, who owes, no school by name."""

import pytest

from tests.cockpit.readers import DIRECTOR, HEAD
from tests.programme.judgings import keep
from tests.programme.yunxi import county
from zhuji.cockpit.board import board
from zhuji.cockpit.screen import screen
from zhuji.kernel.lights import Light

pytestmark = pytest.mark.django_db


def test_progress_holds_every_measure_once_with_the_light_of_the_board() -> None:
    keep(county())
    shown = {one.id: one.light for line in screen(DIRECTOR).progress for one in line.measures}
    on_board = {one.id: one.light for action in board(DIRECTOR).actions for one in action.measures}
    assert shown == on_board
    assert shown


def test_warnings_are_what_is_not_met_and_then_what_is_behind() -> None:
    keep(county())
    found = screen(DIRECTOR).warnings
    assert found
    lights = [one.face.light for one in found]
    assert set(lights) <= {Light.NOT_MET, Light.BEHIND}
    assert lights == sorted(lights, key=[Light.NOT_MET, Light.BEHIND].index)
    assert all(0 <= one.overdue <= one.orgs for one in found)


def test_what_is_owed_is_counted_at_every_clause_above_it() -> None:
    keep(county())
    found = screen(DIRECTOR)
    for one in found.warnings:
        assert found.owing.get(one.face.id, 0) == one.orgs


def test_a_head_counts_only_the_own_school() -> None:
    keep(county())
    assert set(screen(HEAD).owing.values()) <= {1}


def test_trends_of_surveys_are_those_of_targets_that_speak_of_them() -> None:
    keep(county())
    found = screen(DIRECTOR)
    assert all(one.unit == "percent" for one in (*found.satisfaction, *found.staffing))
    assert len(found.satisfaction) <= 4
