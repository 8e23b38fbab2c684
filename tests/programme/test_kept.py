"""What is kept of a judgement says what the run said, and goes when it is no longer true."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.programme.judgings import keep
from tests.programme.yunxi import (
    COUNTY,
    FIRST,
    JUNE,
    NINE,
    SAND,
    STONE,
    VILLAGE,
    activity,
    county,
    package,
    plan,
    premises,
    second_year,
)
from zhuji.duties.states import State
from zhuji.kernel.errors import NotFound
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import CHINESE, Label, say, translated
from zhuji.programme import kept, wire
from zhuji.programme.detail import KeptDuty, KeptIndicator
from zhuji.programme.judge import Run
from zhuji.programme.models import JudgedItem, JudgedOrg, Judging
from zhuji.programme.packages import alone

pytestmark = pytest.mark.django_db
ORGS = (COUNTY, STONE, SAND, FIRST, VILLAGE, NINE)
BOOKS = "y_books.primary"


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        7,
        1.5,
        "字",
        date(2025, 6, 30),
        Decimal("1.50"),
        Fraction(2, 3),
        Label("书", "books"),
        say("{day} 前 {what} 共 {n}", day=date(2025, 6, 30), what=Label("书", "books"), n=(1, 2)),
        (say("一"), (Decimal("0.1"), None)),
    ],
)
def test_every_kind_of_value_comes_back_as_what_it_was(value: object) -> None:
    found = wire.whole(wire.unpack(wire.pack(wire.plain(value))))
    assert (type(found), found) == (type(value), value)


def test_equal_numbers_of_different_kinds_are_not_written_alike() -> None:
    pool = wire.Pool()
    numbers = [pool.add(say("{n}", n=n)) for n in (1, 1.0, Decimal("1.0"), True, 1)]
    assert numbers == [0, 1, 2, 3, 0]


@pytest.mark.parametrize("org", ORGS)
def test_a_kept_judgement_is_the_one_that_the_run_made(org: str) -> None:
    run, judging = keep(county())
    made = run.judgement(org)
    found = kept.judgement(judging, org)
    assert found == made
    assert found.as_json() == made.as_json()


def test_english_works_on_what_was_kept() -> None:
    run, judging = keep(county())
    [lack] = kept.lacks(judging, COUNTY)["y_reading_day"]
    [made] = next(one for one in run.judgement().items if one.id == "y_reading_day").missing
    english = {"{window} {state}": "{window}: {state}"}
    for language in ("en", CHINESE):
        told = [
            translated(one.what, lambda text: english.get(text, text), language)
            for one in (lack, made)
        ]
        assert told[0] == told[1]
        assert ("Due soon" in told[0]) is (language == "en")


def test_what_is_computed_of_every_organisation_and_period_is_kept_exactly() -> None:
    run, judging = keep(second_year(county()), date(2026, 6, 30))
    found = kept.item(judging, BOOKS)
    assert isinstance(found, KeptIndicator)
    assert [row.key for row in found.head.periods] == ["2025", "2026"]
    assert [cell.value for cell in found.cells[VILLAGE]] == [Fraction(8), Fraction(9)]
    now = found.now(STONE)
    assert now is not None
    assert (now.numerator, now.denominator, now.value) == (195, 15, 13)
    assert found.schools == (FIRST, VILLAGE, NINE)
    assert found.verdicts[VILLAGE].light is Light.BEHIND
    for org, cells in found.cells.items():
        for row, cell in zip(found.head.periods, cells, strict=True):
            made = run.cells.cell(BOOKS, org, row.key)
            assert (cell.numerator, cell.denominator, cell.reported, cell.expected) == (
                made.numerator, made.denominator, made.reported, made.expected,
            )  # fmt: skip


def test_a_gap_is_kept_with_its_reason_and_is_no_zero() -> None:
    rows = county()
    rows["premises"] = [row for row in rows["premises"] if row["org"] != FIRST]
    rows["premises"].append(premises(VILLAGE, 2025, "primary", 0))
    _, judging = keep(rows)
    found = kept.item(judging, BOOKS)
    assert isinstance(found, KeptIndicator)
    first, village = found.now(FIRST), found.now(VILLAGE)
    assert first is not None
    assert village is not None
    assert (first.kind, first.value, str(first.reason)) == ("missing", None, "没有上报数据。")
    assert (village.kind, village.value) == ("present", 0)


def test_windows_keep_who_stands_where_and_how_many_rows_speak_of_it() -> None:
    rows = county()
    rows["activities"].append(activity(FIRST, "reading_day", "2025-05-21"))
    _, judging = keep(rows)
    found = kept.item(judging, "y_reading_day")
    assert isinstance(found, KeptDuty)
    second = next(one for one in found.head.windows if one.key == "2025Q2")
    assert (second.opens, second.due) == (date(2025, 4, 1), JUNE)
    dots = {org: dots["2025Q2"] for org, dots in found.dots.items()}
    assert dots[FIRST].counts == ((State.DONE, 1),)
    assert dots[FIRST].evidence == 2
    assert dots[VILLAGE].counts == ((State.DUE_SOON, 1),)
    assert dots[VILLAGE].evidence == 0


def test_what_is_not_in_the_plan_or_the_county_is_not_found() -> None:
    _, judging = keep(county())
    with pytest.raises(NotFound, match="没有编号为“nothing”"):
        kept.item(judging, "nothing")
    with pytest.raises(NotFound, match="没有代码为“2100000000”"):
        kept.items(judging, "2100000000")


# --- which judging is the newest --------------------------------------------------------------


def test_the_same_judged_again_is_one_and_the_same_row() -> None:
    _, first = keep(county())
    _, again = keep(county())
    assert again.pk == first.pk
    assert JudgedOrg.objects.count() == 7


def test_the_newest_day_speaks_and_other_days_can_be_asked_for() -> None:
    _, june = keep(county())
    _, may = keep(county(), date(2025, 5, 1))
    assert kept.latest() == june
    assert kept.latest("another-plan") is None
    assert kept.on_day("yunxi-2025", date(2025, 5, 1)) == may
    assert kept.on_day("yunxi-2025", date(2025, 5, 2)) is None
    assert kept.days("yunxi-2025") == (JUNE, date(2025, 5, 1))
    assert kept.before(june) == may
    assert kept.before(may) is None


def test_another_snapshot_sweeps_the_old_judging_down_to_its_lights() -> None:
    _, old = keep(county())
    richer = county()
    richer["premises"].append(
        {**premises(VILLAGE, 2025, "primary", 60), "counted_on": "2025-06-01"}
    )
    _, new = keep(richer, snapshot="two")
    assert kept.latest() == new
    assert set(JudgedOrg.objects.values_list("judging", flat=True)) == {new.pk}
    assert set(JudgedItem.objects.values_list("judging", flat=True)) == {new.pk}
    before = kept.before(new)
    assert before == old
    assert kept.lights(old, [VILLAGE])[VILLAGE][BOOKS] is Light.BEHIND
    assert kept.lights(new, [VILLAGE])[VILLAGE][BOOKS] is Light.MET
    assert kept.days("yunxi-2025") == (JUNE,)


def test_what_was_swept_is_made_again_when_it_is_asked_for() -> None:
    run, old = keep(county())
    keep(county(), snapshot="two")
    _, again = keep(county(), snapshot="one")
    assert again.pk != old.pk
    assert kept.judgement(again, FIRST) == run.judgement(FIRST)


def test_what_a_bulletin_stands_on_is_not_swept() -> None:
    run, old = keep(county())
    kept.freeze(old)
    keep(county(), snapshot="two")
    assert kept.judgement(old, COUNTY) == run.judgement()


def test_another_text_of_the_package_is_another_judging() -> None:
    loaded = plan()
    duty = loaded.plan.duties[0].model_copy(update={"soon_days": 1})
    changed = alone(
        type(loaded)(
            loaded.plan.model_copy(update={"duties": (duty, *loaded.plan.duties[1:])}),
            loaded.positions, sources=loaded.sources, standards=loaded.standards,
            ledgers=loaded.ledgers,
        )
    )  # fmt: skip
    assert kept.digest(changed) != kept.digest(package())
    assert kept.digest(alone(loaded)) == kept.digest(package())
    _, old = keep(county())
    _, new = keep(county(), by=changed)
    assert old.pk != new.pk
    assert Judging.objects.get(pk=old.pk).whole is False


def test_one_board_is_read_with_one_statement_and_then_remembered(
    june: tuple[Run, Judging],
) -> None:
    _, judging = june
    kept.outline(judging)
    with CaptureQueriesContext(connection) as asked:
        first = kept.items(judging, COUNTY)
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        assert kept.items(judging, COUNTY) is first
    assert len(asked) == 0


def test_a_judging_that_takes_the_number_of_another_is_not_taken_for_it() -> None:
    _, old = keep(county())
    assert {one.id: one for one in kept.items(old, COUNTY)}[BOOKS].light is Light.BEHIND
    number = old.pk
    old.delete()
    richer = county()
    richer["premises"].append(
        {**premises(VILLAGE, 2025, "primary", 60), "counted_on": "2025-06-01"}
    )
    _, new = keep(richer, snapshot="two")
    Judging.objects.filter(id=new.pk).update(id=number)
    for part in (JudgedOrg, JudgedItem):
        part.objects.filter(judging=new.pk).update(judging=number)
    again = Judging.objects.get(pk=number)
    assert {one.id: one for one in kept.items(again, COUNTY)}[BOOKS].light is Light.MET


def test_lights_are_counted_as_the_items_show_them(june: tuple[Run, Judging]) -> None:
    run, judging = june
    for kinds in (("indicator", "duty", "milestone"), ("target",)):
        found = kept.tallies(judging, kinds)
        for org in ORGS:
            lit = [one.light for one in run.judgement(org).items if one.kind in kinds]
            assert found[org] == {light: lit.count(light) for light in Light}


@pytest.fixture
def june() -> tuple[Run, Judging]:
    return keep(county())
