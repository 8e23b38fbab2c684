"""怎样过线: the least that brings a school over the line, in exact numbers."""

from fractions import Fraction

from zhuji.cockpit.balance import BalanceCell, BalanceSchool, Resource, State
from zhuji.cockpit.faces import Place
from zhuji.cockpit.ways import Step, way
from zhuji.kernel.messages import Label

PUPILS = Fraction(200)


def resource(key: str, standard: int, floor: int) -> Resource:
    told = Label(key, key)
    return Resource(
        key, told, "person/person", 2, told, "person", Fraction(standard), Fraction(floor), True,
        None,
    )  # fmt: skip


RESOURCES = tuple(resource(f"l{number}", 10, 8) for number in range(1, 8))


def school(*amounts: int | None, least: int = 6) -> BalanceSchool:
    """Of each resource so much a pupil, in tenths of what the standard asks."""
    cells = tuple(cell(f"l{no}", amount) for no, amount in enumerate(amounts, start=1))
    met = sum(one.state == "met" for one in cells)
    states = [one.state for one in cells]
    failed = "below" in states or met + states.count("missing") < least
    passes = False if failed else None if "missing" in states else True
    return BalanceSchool(Place("1", "甲"), PUPILS, cells, met, passes, False, max(0, least - met))


def cell(key: str, amount: int | None) -> BalanceCell:
    if amount is None:
        return BalanceCell(key, "missing", None, None, None, None)
    state: State = "met" if amount >= 10 else "floor" if amount >= 8 else "below"
    whole = PUPILS * amount
    return BalanceCell(
        key, state, Fraction(amount), whole,
        max(Fraction(0), PUPILS * 10 - whole), max(Fraction(0), PUPILS * 8 - whole),
    )  # fmt: skip


def told(steps: tuple[Step, ...]) -> list[tuple[object, ...]]:
    return [(one.id, one.aim, one.short) for one in steps]


def test_a_school_that_passes_needs_nothing() -> None:
    assert way(school(10, 10, 10, 10, 10, 10, 8), RESOURCES) == ()


def test_one_may_stay_at_the_floor_and_it_is_the_one_that_saves_most() -> None:
    """The first lacks 100 to the standard, the second 400: the second may stay where it is."""
    steps = way(school(Fraction("9.5"), 8, 10, 10, 10, 10, 10), RESOURCES)  # type: ignore[arg-type]
    assert told(steps) == [("l1", "standard", 100)]
    assert steps[0].share == Fraction(100, 2000)


def test_what_is_below_its_floor_leaves_it_in_any_case() -> None:
    """Six are met; the seventh need only reach the floor: 200 x 8 - 200 x 5."""
    [step] = way(school(10, 10, 10, 10, 10, 10, 5), RESOURCES)
    assert told((step,)) == [("l7", "floor", 600)]
    assert step.other == 1000


def test_with_two_below_the_floor_one_reaches_the_standard_and_one_the_floor() -> None:
    steps = way(school(5, 7, 10, 10, 10, 10, 10), RESOURCES)
    # From the floor on both need 400 more; whichever is spared, the rest goes to the standard.
    assert told(steps) == [("l1", "floor", 600), ("l2", "standard", 600)]


def test_nothing_at_all_is_measured_against_what_the_standard_asks() -> None:
    [step] = way(school(10, 10, 10, 10, 10, 10, 0), RESOURCES)
    assert step.short == 1600
    assert step.share == Fraction(1600, 2000)


def test_what_is_missing_has_to_be_reported_first() -> None:
    steps = way(school(None, 10, 10, 10, 10, 10, 9), RESOURCES)
    assert told(steps) == [("l1", "report", None), ("l7", "standard", 200)]
