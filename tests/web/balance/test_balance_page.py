"""The balance page as those who read it see it: matrix, ways, filters, workbook, statements."""

from datetime import date
from functools import cache
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import once
from tests.cockpit import test_balance as balanced
from tests.programme.judgings import keep
from tests.programme.yunxi import FIRST, STONE, VILLAGE, Rows
from tests.programme.yunxi import county as yunxi
from tests.web.plan.county import at, build, judge, page
from zhuji.plan.load import load
from zhuji.programme.packages import Package, alone

pytestmark = pytest.mark.django_db
ON = date(2020, 12, 31)
CODES = {balanced.ONE: FIRST, balanced.TWO: VILLAGE}


@cache
def standard_package() -> Package:
    return alone(load(balanced.STANDARDS / "balance-2017", balanced.STANDARDS))


@pytest.fixture
def judged(db: None) -> None:
    """The two schools of the rule's own tests, in the county whose people can sign in."""
    build()
    keep_balanced()


@once.built
def keep_balanced() -> None:
    keep(rows(), ON, by=standard_package())


def rows() -> Rows:
    made: Rows = {
        ledger: [{**row, "org": CODES.get(str(row["org"]), row["org"])} for row in found]
        for ledger, found in balanced.county().items()
    }
    of_county = yunxi()
    return {**made, "orgs": of_county["orgs"], "org_edges": of_county["org_edges"]}


@pytest.mark.usefixtures("judged")
def test_each_school_stands_with_its_seven_values_a_sign_and_a_word() -> None:
    shown = page("officer", "/balance/")
    assert "2 所中 1 所过线" in shown
    assert shown.index("青石小学") < shown.index("青石村小学")  # by code, never by merit
    assert '<span class="matrix-value">0.50</span><span class="light light-not_met">' in shown
    assert "不足 85%</span>" in shown
    assert "85% 底线 ≥ 0.765" in shown
    assert "达标 7/7" in shown
    assert "达标 2/7" in shown


@pytest.mark.usefixtures("judged")
def test_what_brings_a_school_over_the_line_is_told_in_exact_numbers() -> None:
    shown = page("officer", "/balance/")
    ways = shown[shown.index('class="way-list"') :]
    assert "县级以上骨干教师数（小学）：再有 1 人，达到标准（差 50.0%）" in ways
    assert "教学及辅助用房面积（不含室内体育用房）（小学）：再有 1 ㎡，达到标准（差 0.1%）" in ways
    assert "再有 224.5 ㎡，达到标准" in ways
    assert "再有 60,000 元" in ways
    assert "多媒体教室" not in ways[: ways.index("</ul></li></ul>")]  # the one that may stay
    assert 'id="way-2199030001"' not in ways


@pytest.mark.usefixtures("judged")
def test_coefficients_and_reliefs_stand_with_limits_chance_and_evidence() -> None:
    shown = page("officer", "/balance/")
    assert "≤ 0.5" in shown
    assert "约 0.27，不超过 0.52" in shown
    assert "县教〔2020〕9号" in shown
    assert "<td>E1</td>" in shown


@pytest.mark.usefixtures("judged")
@pytest.mark.parametrize(
    ("query", "first", "second"),
    [
        ("state=passes", True, False),
        ("state=short", False, True),
        ("state=below", False, True),
        (f"town={STONE}", True, True),
        ("town=990300102", False, False),
        ("q=村", False, True),
        ("state=nonsense", True, True),
    ],
)
def test_the_matrix_is_narrowed_by_an_address(query: str, first: bool, second: bool) -> None:
    shown = page("officer", f"/balance/?{query}")
    assert (f'id="school-{FIRST}"' in shown, f'id="school-{VILLAGE}"' in shown) == (first, second)
    assert ("没有符合条件的学校" in shown) == (not first and not second)


@pytest.mark.usefixtures("judged")
def test_a_head_sees_the_own_school_and_the_verdict_of_the_county() -> None:
    shown = page("head", "/balance/")
    assert f'id="school-{VILLAGE}"' in shown
    assert f'id="school-{FIRST}"' not in shown
    assert "青石小学" not in shown
    assert "另有 1 所不在您的可见范围内" in shown
    assert "2 所中 1 所过线" in shown


@pytest.mark.usefixtures("judged")
def test_the_workbook_holds_numbers_and_the_ways() -> None:
    answer = at("officer").get("/balance/?format=xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    cells = [
        [cell.value for cell in row] for name in book.sheetnames for row in book[name].iter_rows()
    ]
    assert any(row[0] == VILLAGE and 0.5 in row for row in cells)
    assert any(row[0] == VILLAGE and 224.5 in row for row in cells)


@pytest.mark.usefixtures("judged")
def test_the_page_asks_at_most_thirty_statements() -> None:
    client = at("officer")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/balance/").status_code == 200
    assert len(asked) <= 30


@pytest.mark.usefixtures("judged")
def test_the_part_alone_is_answered_to_a_filter() -> None:
    head = {"HX-Request": "true", "HX-Target": "rows"}
    shown = at("officer").get("/balance/?state=passes", headers=head).content.decode()
    assert "<html" not in shown
    assert f'id="school-{FIRST}"' in shown


def test_a_plan_without_the_rule_says_so() -> None:
    build()
    judge()
    assert "方案里没有优质均衡的规定" in page("officer", "/balance/")


def test_before_anything_was_judged_the_page_offers_to_judge() -> None:
    build()
    assert "还没有判定过" in page("officer", "/balance/")


def test_nobody_unknown_reads_it() -> None:
    build()
    assert at("system").get("/balance/").status_code == 404


@pytest.mark.usefixtures("judged")
def test_it_is_read_in_english() -> None:
    client = at("officer")
    shown = client.get("/balance/", headers={"Accept-Language": "en"}).content.decode()
    assert "persons more" in shown or "person" in shown
    assert "不足" not in shown
