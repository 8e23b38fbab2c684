"""What is plausible in a county: sizes, seasons, who does better, what the plan changes."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from statistics import mean

import pytest

from zhuji.invent.layout import Place
from zhuji.invent.rows import rows
from zhuji.invent.told.kinds import Row
from zhuji.invent.world import World, build
from zhuji.kernel.errors import NotFound
from zhuji.plan.model import Plan


@pytest.fixture(scope="module")
def demo(plan: Plan) -> World:
    return build(plan, "demo", seed="test")


@pytest.fixture(scope="module")
def marks(demo: World) -> list[Row]:
    return list(rows(demo, "marks"))


def scores(marks: Iterable[Row], demo: World, who: Callable[[Place], bool], year: int) -> float:
    return mean(
        float(row["score"])
        for row in marks
        if isinstance(row["score"], Decimal)
        and isinstance(row["held_on"], date)
        and row["held_on"].year == year
        and who(demo.by_code[str(row["org"])])
    )


def test_a_demo_county_has_about_sixty_schools_and_twenty_thousand_pupils(demo: World) -> None:
    assert 55 <= len(demo.schools) <= 65
    for year in demo.clock.years:
        assert 18_500 <= sum(demo.pupils(place, year) for place in demo.schools) <= 21_000
    assert 1_500 <= sum(len(demo.employed(p, date(2023, 3, 1))) for p in demo.places) <= 2_000


def test_the_city_does_better_and_the_pilots_catch_up(demo: World, marks: list[Row]) -> None:
    def good(place: Place) -> bool:
        return place in demo.good

    def pilot(place: Place) -> bool:
        return place.pilot

    def village(place: Place) -> bool:
        return place.residence == "village" and not place.pilot

    assert scores(marks, demo, good, 2021) > scores(marks, demo, village, 2021) + 8
    gaps = [
        1 - scores(marks, demo, pilot, year) / scores(marks, demo, good, year)
        for year in (2021, 2022, 2023)
    ]
    assert gaps[0] > 0.13 > gaps[2]
    assert gaps[0] > gaps[1] > gaps[2]


def test_a_childs_marks_hang_together(marks: list[Row]) -> None:
    by_pupil: dict[object, list[float]] = {}
    for row in marks:
        if row["exam_no"] in ("KS2023-ZLJC-chinese6", "KS2023-ZLJC-maths6") and row["score"]:
            by_pupil.setdefault(row["pupil_no"], []).append(float(str(row["score"])))
    pairs = [scores for scores in by_pupil.values() if len(scores) == 2]
    first, second = (mean(pair[side] for pair in pairs) for side in (0, 1))
    together = mean((a - first) * (b - second) for a, b in pairs)
    spread = mean((a - first) ** 2 for a, _ in pairs) * mean((b - second) ** 2 for _, b in pairs)
    assert 0.5 < together / spread**0.5 < 0.95


def test_children_come_back_to_the_pilot_towns_and_drift_away_elsewhere(demo: World) -> None:
    shares: dict[tuple[bool, int], list[float]] = {}
    for row in rows(demo, "child_census"):
        town, day = demo.by_code[str(row["org"])], row["counted_on"]
        if not town.urban and isinstance(day, date):
            local, children = row["local"], row["children"]
            assert isinstance(local, int)
            assert isinstance(children, int)
            shares.setdefault((town.pilot, day.year), []).append(local / children)
    assert mean(shares[True, 2022]) > mean(shares[True, 2020]) + 0.02
    assert mean(shares[False, 2022]) < mean(shares[False, 2020]) + 0.01


def test_more_are_ill_in_december_than_in_september(demo: World) -> None:
    months = Counter(
        row["absent_from"].month
        for row in rows(demo, "absences")
        if isinstance(row["absent_from"], date)
    )
    assert months[12] > 1.8 * months[9]
    assert months[7] == months[8] == 0


def test_few_drop_out_and_most_come_back(demo: World) -> None:
    cases = list(rows(demo, "dropout_cases"))
    dropped = [row for row in cases if row["status"] == "dropped"]
    assert 5 <= len(cases) <= 60
    assert len(dropped) <= 4


def test_some_classes_are_too_large_and_most_are_not(demo: World) -> None:
    sizes = Counter(
        (spell.school.code, spell.grade, spell.class_no)
        for place in demo.schools
        if "primary" in place.stages
        for spell in demo.present(place, date(2022, 10, 1), "primary")
    )
    large = sum(size > 45 for size in sizes.values())
    assert 0 < large < 0.2 * len(sizes)


def test_one_pool_does_not_add_up_and_all_others_do(demo: World) -> None:
    wrong = [
        row
        for row in rows(demo, "pay_pools")
        if row["total"]
        != sum(row[part] for part in ("december", "class_management", "after_school", "increment"))  # type: ignore[misc]
    ]
    assert [(row["org"], row["valid_from"]) for row in wrong] == [("3137000103", date(2022, 1, 1))]


def test_a_vote_in_force_had_its_eighty_five_per_cent(demo: World) -> None:
    votes = [row for row in rows(demo, "votes") if row["subject"] == "pay_scheme"]
    for row in votes:
        agreed, eligible = row["yes"], row["eligible"]
        assert isinstance(agreed, int)
        assert isinstance(eligible, int)
        assert (agreed * 100 >= 85 * eligible) == (row["in_force_on"] is not None)
    assert any(row["in_force_on"] is None for row in votes)


def test_an_unknown_size_is_refused_with_the_known_ones(plan: Plan) -> None:
    with pytest.raises(NotFound, match="tiny、demo、reference"):
        build(plan, "huge")
