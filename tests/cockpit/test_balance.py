"""优质均衡: the rule read off the package, each school against it, and what is still needed."""

from datetime import date
from fractions import Fraction
from math import sqrt

import pytest

from tests.cockpit.readers import reader
from tests.programme.judgings import keep
from tests.programme.yunxi import Row, Rows
from zhuji.cockpit.balance import BalanceSchool, balance
from zhuji.indicators import noise
from zhuji.indicators.expand import expand
from zhuji.indicators.several import several_of
from zhuji.kernel.lights import Light
from zhuji.orgs import roles
from zhuji.orgs.scope import Grant, Reader
from zhuji.plan.load import load
from zhuji.programme.packages import Package, alone
from zhuji.project.environment import ROOT

STANDARDS = ROOT / "plans" / "standards"
COUNTY, ONE, TWO = "990400", "2199040001", "2199040002"
ON = date(2020, 12, 31)
BASIS = "县教〔2020〕9号"
# Rules.md 1.1: standard and 85 % floor of the seven resources, L1 to L7.
PRIMARY = ["4.2", "1", "0.9", "4.5", "7.5", "2000", "2.3"]
PRIMARY_FLOORS = ["3.57", "0.85", "0.765", "3.825", "6.375", "1700", "1.955"]
JUNIOR = ["5.3", "1", "0.9", "5.8", "10.2", "2500", "2.4"]
JUNIOR_FLOORS = ["4.505", "0.85", "0.765", "4.93", "8.67", "2125", "2.04"]


@pytest.fixture(scope="module")
def standard() -> Package:
    return alone(load(STANDARDS / "balance-2017", STANDARDS))


def county() -> Rows:
    """100 pupils in one school, 200 in the other."""
    since = {"valid_from": "2010-09-01"}
    teachers = [*_teachers(ONE, 5, key=1, arts=1), *_teachers(TWO, 9, key=1, arts=2, first=100)]
    return {
        "orgs": [
            {"org": COUNTY, "name": "测试县", "kind": "county", **since},
            *(
                {"org": org, "name": name, "kind": "school", "school_type": "primary", **since}
                for org, name in ((ONE, "甲小学"), (TWO, "乙小学"))
            ),
        ],
        "org_edges": [
            {"org": org, "hierarchy": "administration", "parent": COUNTY, **since}
            for org in (ONE, TWO)
        ],
        "enrolments": [
            {"org": org, "stage": "primary", "grade": 3, "class_no": 1, "pupil_no": f"{org}{no}",
             "valid_from": "2020-09-01"}
            for org, count in ((ONE, 100), (TWO, 200)) for no in range(count)
        ],
        "staff": [{**one["staff"]} for one in teachers],
        "posts": [{**one["post"]} for one in teachers],
        "qualifications": [{**one["degree"]} for one in teachers],
        "honours": [{**one["honour"]} for one in teachers if one["honour"]],
        "premises": [
            _premises(ONE, teaching=500, sport=750, value=200000, rooms=3),
            _premises(TWO, teaching=899, sport="1275.5", value=340000, rooms=4),
        ],
        "exemptions": [
            {"org": TWO, "item": "l5.primary", "kind": "dense_city_sports", "basis": BASIS,
             "evidence": "E1", "approver": "督导室", "valid_from": "2020-09-01",
             "valid_to": "2021-09-01"}
        ],
    }  # fmt: skip


def _teachers(
    org: str, count: int, *, key: int, arts: int, first: int = 0
) -> list[dict[str, dict[str, object]]]:
    found: list[dict[str, dict[str, object]]] = []
    for number in range(count):
        common: dict[str, object] = {"org": org, "staff_no": f"S{first + number:06}"}
        subject = "pe" if number < arts else "chinese"
        found.append({
            "staff": {**common, "employment": "established", "hired_on": "2010-09-01"},
            "post": {**common, "stage": "primary", "role": "teacher", "full_time_teacher": True,
                     "subject": subject, "valid_from": "2010-09-01"},
            "degree": {**common, "kind": "degree", "level": "bachelor", "gained_on": "2010-07-01"},
            "honour": {**common, "title": "key_teacher", "level": "county",
                       "valid_from": "2015-09-01"} if number < key else {},
        })  # fmt: skip
    return found


def _premises(org: str, **told: object) -> Row:
    return {
        "org": org, "stage": "primary", "counted_on": "2020-09-01",
        "teaching_area": told["teaching"], "indoor_sport_area": 0,
        "outdoor_sport_area": told["sport"], "instrument_value": told["value"],
        "multimedia_rooms": told["rooms"],
    }  # fmt: skip


def officer() -> Reader:
    return Reader("officer", ON, (Grant(roles.OFFICER, COUNTY, frozenset({COUNTY, ONE, TWO})),))


@pytest.mark.parametrize(
    ("stage", "standards", "floors"),
    [("primary", PRIMARY, PRIMARY_FLOORS), ("junior", JUNIOR, JUNIOR_FLOORS)],
)
def test_the_rule_is_read_off_the_expression_of_the_package(
    standard: Package, stage: str, standards: list[str], floors: list[str]
) -> None:
    by_id = {one.id: one for one in expand(standard.loaded.plan.indicators)}
    rule = several_of(by_id[f"six_of_seven.{stage}"])
    assert rule is not None
    assert rule.least == 6
    hundred = [100, 100, 100, 1, 1, 1, 100]
    assert [line.standard * n for line, n in zip(rule.lines, hundred, strict=True)] == [
        Fraction(one) for one in standards
    ]
    assert [
        (line.floor or 0) * n for line, n in zip(rule.lines, hundred, strict=True)
    ] == [Fraction(one) for one in floors]  # fmt: skip
    assert {line.weight for line in rule.lines} == {f"balance_pupils.{stage}"}
    assert several_of(by_id[f"cv_l1.{stage}"]) is None
    assert several_of(by_id["g4_plain"]) is None


@pytest.mark.django_db
def test_each_school_is_held_against_seven_standards_and_told_what_it_lacks(
    standard: Package,
) -> None:
    keep(county(), ON, by=standard)
    page = balance(officer())
    primary = next(one for one in page.stages if one.stage == "primary")
    one, two = primary.schools
    assert [resource.id for resource in primary.resources] == [
        f"l{number}.primary" for number in range(1, 8)
    ]
    assert [resource.standard for resource in primary.resources] == [Fraction(x) for x in PRIMARY]
    assert [resource.floor for resource in primary.resources] == [
        Fraction(x) for x in PRIMARY_FLOORS
    ]
    assert (one.org.code, one.met, one.passes) == (ONE, 7, True)
    assert one.pupils == 100
    assert [cell.state for cell in two.cells] == [
        "met", "below", "met", "floor", "floor", "floor", "floor",
    ]  # fmt: skip
    assert needed(two) == {
        "l2.primary": (1, 1),  # 1 of 2 key teachers
        "l4.primary": (1, 0),  # 899 of 900 m2, the floor at 765
        "l5.primary": (Fraction("224.5"), 0),  # 1275.5 of 1500 m2, the floor at 1275
        "l6.primary": (60000, 0),
        "l7.primary": (1, 0),  # 4 of 4.6 rooms: a whole one more
    }
    assert (two.met, two.passes, two.to_bring, two.excused) == (2, False, 4, False)
    assert (primary.passing, primary.counted) == (1, 2)
    assert primary.verdict is not None
    assert primary.verdict.value == 50.0


def needed(school: BalanceSchool) -> dict[str, tuple[object, object]]:
    return {
        cell.id: (cell.to_standard, cell.to_floor) for cell in school.cells if cell.state != "met"
    }


@pytest.mark.django_db
def test_reliefs_stand_beside_the_figure_with_what_they_rest_on(standard: Package) -> None:
    keep(county(), ON, by=standard)
    page = balance(officer())
    [relief] = page.exemptions
    assert (relief.org, relief.item, relief.basis, relief.evidence) == (
        TWO, "l5.primary", BASIS, "E1",
    )  # fmt: skip
    [cell] = [
        cell for one in page.stages[0].schools if one.org.code == TWO for cell in one.cells
        if cell.exemption
    ]  # fmt: skip
    assert (cell.id, cell.state) == ("l5.primary", "floor")


@pytest.mark.django_db
def test_a_school_is_excused_when_a_relief_makes_up_for_what_it_lacks(standard: Package) -> None:
    rows = county()
    rows["premises"] = [
        rows["premises"][0],
        _premises(TWO, teaching=900, sport="1200", value=400000, rooms=5),
    ]
    rows["honours"] = [*rows["honours"], {**rows["honours"][1], "staff_no": "S000101"}]
    keep(rows, ON, by=standard)
    two = next(one for one in balance(officer()).stages[0].schools if one.org.code == TWO)
    assert (two.met, two.passes, two.excused) == (6, False, True)  # below the floor of l5


@pytest.mark.django_db
def test_what_is_missing_is_neither_met_nor_failed(standard: Package) -> None:
    rows = county()
    rows["premises"] = [row for row in rows["premises"] if row["org"] == TWO]
    keep(rows, ON, by=standard)
    one = next(one for one in balance(officer()).stages[0].schools if one.org.code == ONE)
    assert (one.met, one.passes) == (3, None)
    assert [cell.state for cell in one.cells] == ["met"] * 3 + ["missing"] * 4


@pytest.mark.django_db
def test_coefficients_stand_beside_their_limits_and_what_chance_makes_of_them(
    standard: Package,
) -> None:
    keep(county(), ON, by=standard)
    first, *_, fourth, _, _, _ = balance(officer()).stages[0].resources
    assert first.coefficient is not None
    assert (first.coefficient.limit, first.coefficient.light) == ("0.5", Light.MET)
    # 5 per 100 against 4.5 per 100, the mean being 14 of 300.
    mean, apart = 14 / 300, (100 * (0.05 - 14 / 300) ** 2 + 200 * (0.045 - 14 / 300) ** 2) / 300
    assert first.coefficient.value == pytest.approx(sqrt(apart) / mean)
    assert first.coefficient.noise is not None
    assert first.coefficient.noise.expected == pytest.approx(sqrt(1 / 14))
    assert fourth.coefficient is not None
    assert fourth.coefficient.noise is None  # square metres do not come in pieces


@pytest.mark.django_db
def test_a_head_sees_the_own_school_and_the_totals(standard: Package) -> None:
    keep(county(), ON, by=standard)
    page = balance(reader(roles.PRINCIPAL, TWO, ON))
    primary = page.stages[0]
    assert [one.org.code for one in primary.schools] == [TWO]
    assert (primary.beyond, primary.passing, primary.counted) == (1, 1, 2)


# --- the noise floor --------------------------------------------------------------------------


def test_the_expected_square_is_exact_for_every_way_to_hand_out_the_pieces() -> None:
    """Two schools of 1 and 3 pupils, 4 pieces: all outcomes of the lot, each with its chance."""
    chances = {0: 81, 1: 108, 2: 54, 3: 12, 4: 1}  # of 256: pieces that fall to the smaller
    squares = Fraction(0)
    for small, chance in chances.items():
        given = ((small, 1), (4 - small, 3))
        squares += Fraction(chance, 256) * sum(
            Fraction(p, 4) * (Fraction(a, p) - 1) ** 2 for a, p in given
        )
    assert squares == Fraction(1, 4)
    found = noise.floor(4, 2)
    assert found is not None
    assert found.expected**2 == pytest.approx(float(squares))


def test_the_upper_bound_follows_the_chi_square() -> None:
    found = noise.floor(1000, 11)
    assert found is not None
    # The 95 % point of chi-square with 10 degrees of freedom is 18.307.
    assert found.upper == pytest.approx(sqrt(18.307 / 1000), rel=1e-3)


@pytest.mark.parametrize(("pieces", "schools"), [(0, 5), (5, 1), (5, 0)])
def test_without_pieces_or_schools_there_is_no_floor(pieces: int, schools: int) -> None:
    assert noise.floor(pieces, schools) is None


@pytest.mark.parametrize(
    ("unit", "whole"), [("person", True), ("room", True), ("m2", False), ("yuan", False),
                        ("person/100 person", False)],
)  # fmt: skip
def test_people_and_rooms_come_in_pieces_areas_and_money_do_not(unit: str, whole: bool) -> None:
    assert noise.in_pieces(unit) is whole
