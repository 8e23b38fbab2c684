"""Lists as one reader sees them: filters, order, pages, addresses, files; nothing masked leaks."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.ledgers.people import NOW, reader
from tests.orgs import cast
from zhuji.kernel.errors import BadInput
from zhuji.ledgers import listing, writing
from zhuji.ledgers.listing import How, Query
from zhuji.ledgers.registry import ledger
from zhuji.orgs.models import View
from zhuji.orgs.roles import Sight
from zhuji.orgs.scope import Reader

pytestmark = pytest.mark.django_db
CLASSES, PUPILS = "classes", "pupils"


@pytest.fixture(autouse=True)
def county(db: None) -> None:
    cast.build_county()


@pytest.fixture
def clerk() -> Reader:
    return reader("clerk", "clerk")


@pytest.fixture
def officer() -> Reader:
    return reader("officer", "officer", cast.COUNTY)


def asked(who: Reader, key: str, **params: str) -> listing.Page:
    query = listing.parse(who, key, {name: [value] for name, value in params.items()})
    return listing.page(who, key, query, now=NOW, route="/ledgers")


def classes(who: Reader, **params: str) -> list[object]:
    return [row["class_no"] for row in asked(who, CLASSES, **params).rows]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, [1, 2, 3]),
        ({"class_no__equals": "２"}, [2]),
        ({"class_no__from": "2"}, [2, 3]),
        ({"class_no__to": "2"}, [1, 2]),
        ({"head_teacher__contains": "s00"}, [1]),
        ({"head_teacher__equals": "S000001"}, [1]),
        ({"stage__equals": "小学"}, [1, 2, 3]),
        ({"stage__in": "初中"}, []),
        ({"interactive__equals": "否"}, []),
        ({"valid_from__from": "二〇二一年九月一日"}, [1, 2, 3]),
        ({"valid_from__to": "2021-08-31"}, []),
        ({"valid_from__to": "2021-09-01"}, [1, 2, 3]),
        ({"mixed_age__blank": ""}, [1, 2, 3]),
        ({"mixed_age__filled": ""}, []),
        ({"org__under": cast.TOWN}, [1, 2, 3]),
        ({"org__equals": f"机构{cast.SCHOOL}"}, [1, 2, 3]),
        ({"q": "S000001"}, [1]),
        ({"q": "小学 S000001"}, [1]),
        ({"q": "初中"}, []),
        ({"sort": "-class_no"}, [3, 2, 1]),
        ({"sort": "stage,-class_no"}, [3, 2, 1]),
    ],
)
def test_filters_by_the_type_of_their_column(
    clerk: Reader, params: dict[str, str], found: list[int]
) -> None:
    assert classes(clerk, **params) == found


def test_pages_cut_one_stable_order(clerk: Reader) -> None:
    for number in range(10, 60):
        cast.put(CLASSES, cast.headed(number, ""))
    one = asked(clerk, CLASSES, size="20", sort="stage")
    two = asked(clerk, CLASSES, size="20", sort="stage", page="2")
    three = asked(clerk, CLASSES, size="20", sort="stage", page="3")
    assert (one.count, len(one.rows), len(two.rows), len(three.rows)) == (53, 20, 20, 13)
    ids = [row["id"] for page in (one, two, three) for row in page.rows]
    assert len(set(ids)) == 53


def test_only_rows_in_scope_are_listed_and_counted() -> None:
    other = reader("other", "clerk", cast.OTHER_SCHOOL)
    assert (asked(other, CLASSES).count, asked(other, CLASSES).rows) == (0, ())
    assert asked(other, PUPILS).count == 1


def test_a_masked_column_can_neither_be_filtered_sorted_nor_searched(officer: Reader) -> None:
    for params in (
        {"name__contains": "李"},
        {"sort": "name"},
        {"guardian_phone__equals": "13900000000"},
        {"pupil_no__equals": cast.IN_ONE},
        {"sort": "-pupil_no"},
        {"no_such__equals": "1"},
        {"org__near": "1"},
    ):
        with pytest.raises(BadInput, match="不能按"):
            asked(officer, PUPILS, **params)
    assert asked(officer, PUPILS, q="李小明").count == 0
    offered = {one.column.key for one in listing.filters_for(officer, PUPILS)}
    assert offered == {"org", "sex", "hukou_town", "hukou_rural"}


def test_a_query_made_by_hand_is_held_to_the_same_columns(officer: Reader) -> None:
    query = Query(filters=(listing.Filter("name", How.CONTAINS, "李"),))
    with pytest.raises(BadInput):
        listing.page(officer, PUPILS, query, now=NOW, route="/x")
    sly = Query(sort=("guardian_phone",))
    listing.page(officer, PUPILS, sly, now=NOW, route="/x")


def test_columns_are_as_clear_as_the_posts_allow(clerk: Reader, officer: Reader) -> None:
    full = {one.column.key: one.sight for one in listing.columns_for(clerk, PUPILS)}
    assert (full["name"], full["pupil_no"], full["id_number"]) == (
        Sight.CLEAR,
        Sight.MASKED,
        Sight.MASKED,
    )
    veiled = {one.column.key: one.sight for one in listing.columns_for(officer, PUPILS)}
    assert veiled["name"] is Sight.MASKED
    assert {"pupil_no", "id_number", "guardian_phone"}.isdisjoint(veiled)


def test_a_page_of_children_is_a_view_of_each(clerk: Reader) -> None:
    page = asked(clerk, PUPILS)
    assert page.count == 3
    assert View.objects.count() == 3
    assert {str(row["guardian_phone"]) for row in page.rows} == {"139****0000"}
    assert {row["version"] for row in page.rows} == {1}


def test_what_cannot_be_read_is_told_by_filter(clerk: Reader) -> None:
    with pytest.raises(BadInput) as refusal:
        asked(clerk, CLASSES, class_no__from="很多", valid_from__to="昨天", org__under="月球")
    assert {issue.column for issue in refusal.value.issues} == {"class_no", "valid_from", "org"}
    for params in ({"size": "7"}, {"page": "0"}, {"page": "x"}, {"page": "9" * 30}):
        with pytest.raises(BadInput):
            asked(clerk, CLASSES, **params)


def test_an_address_says_the_whole_query(clerk: Reader) -> None:
    params = {
        "org__under": cast.TOWN,
        "class_no__from": "2",
        "mixed_age__blank": "1",
        "sort": "-class_no",
        "columns": "org,class_no",
        "q": "小学",
        "size": "20",
        "page": "3",
    }
    query = listing.parse(clerk, CLASSES, {name: [value] for name, value in params.items()})
    assert dict(listing.params_of(query)) == params
    page = listing.page(clerk, CLASSES, query, now=NOW, route="/x")
    assert [column.key for column in page.columns] == ["org", "class_no"]


def test_a_page_takes_few_statements(clerk: Reader) -> None:
    with CaptureQueriesContext(connection) as statements:
        asked(clerk, PUPILS)
    assert len(statements) <= 8


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="只能导出成"):
        writing.export(ledger(CLASSES), tmp_path / "a.pdf")


@pytest.mark.usefixtures("clerk")
def test_a_cell_that_a_spreadsheet_would_calculate_is_guarded(tmp_path: Path) -> None:
    cast.put(CLASSES, cast.headed(9, "=1+1"))
    path = tmp_path / "a.csv"
    writing.export(ledger(CLASSES), path)
    assert ",'=1+1," in path.read_text("utf-8-sig")
