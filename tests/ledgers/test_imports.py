"""Importing, undoing and writing rows: all or nothing, once only, and with a trace."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from tests.ledgers.county import NOW, OTHER_SCHOOL, PUPILS, SCHOOL, STAFF, TOWN
from tests.ledgers.workbooks import Rows, book
from zhuji.kernel.errors import BadInput, NotFound, Refused
from zhuji.ledgers import actions, bulk, queries, tables
from zhuji.ledgers.models import MODELS, Change, Import
from zhuji.ledgers.receipts import Counts, Receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]

LATER = NOW + timedelta(days=1)
HEAD = ("镇街代码", "学段", "统计日期", "户籍适龄儿童数", "其中在本镇就读", "残疾适龄儿童数")
ROW = (TOWN, "小学", "2021-09-01", 820, 640, 6)
NEXT = (TOWN, "初中", "2021-09-01", 410, 300, 2)
WRONG = (TOWN, "高中", "2021-09-01", 410, 300, 2)
CENSUS = "child_census"


def take(
    tmp_path: Path, *rows: tuple[object, ...], dry_run: bool = False, good_rows_only: bool = False
) -> Receipt:
    path = book(tmp_path / "适龄儿童.xlsx", {CENSUS: [HEAD, *rows]})
    return actions.import_file(
        path, actor="王五", now=LATER, dry_run=dry_run, good_rows_only=good_rows_only
    )


def census() -> list[tuple[object, ...]]:
    return [(row["stage"], row["children"], row["disabled"]) for row in queries.rows(CENSUS)]


def test_a_clean_file_goes_in_with_its_origin(tmp_path: Path) -> None:
    receipt = take(tmp_path, ROW, NEXT)
    assert receipt.counts == Counts(created=2)
    assert census() == [("junior", 410, 2), ("primary", 820, 6)]
    [made] = Import.objects.all()
    assert (made.pk, made.file_name, made.actor) == (receipt.import_id, "适龄儿童.xlsx", "王五")
    assert (made.created, made.at, len(made.sha256)) == (2, LATER, 64)


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    take(tmp_path, ROW, NEXT)
    changes = Change.objects.count()
    again = take(tmp_path, ROW, NEXT)
    assert again.counts == Counts(unchanged=2)
    assert Change.objects.count() == changes
    assert len(census()) == 2


def test_a_changed_row_is_updated_and_its_former_value_kept(tmp_path: Path) -> None:
    take(tmp_path, ROW, NEXT)
    receipt = take(tmp_path, (*ROW[:3], 830, *ROW[4:]), NEXT)
    assert receipt.counts == Counts(updated=1, unchanged=1)
    change = Change.objects.get(kind="updated")
    assert change.before is not None
    assert (change.before["children"], change.after) == (820, {"children": 830})
    assert (change.actor, change.cause) == ("王五", "导入 适龄儿童.xlsx")


def test_one_error_keeps_every_row_out_and_the_preview_says_what_would_go_in(
    tmp_path: Path,
) -> None:
    before = Change.objects.count()
    receipt = take(tmp_path, ROW, WRONG, NEXT)
    assert (receipt.stored, receipt.import_id) == (False, None)
    assert (receipt.error_count, receipt.refused_count) == (1, 1)
    assert receipt.counts == Counts(created=2)
    assert (census(), Import.objects.count(), Change.objects.count()) == ([], 0, before)


def test_good_rows_can_go_in_alone(tmp_path: Path) -> None:
    receipt = take(tmp_path, ROW, WRONG, NEXT, good_rows_only=True)
    assert [bad.number for bad in receipt.sheets[0].refused] == [3]
    assert len(census()) == 2
    assert Import.objects.get().refused == 1


def test_a_dry_run_stores_nothing(tmp_path: Path) -> None:
    assert take(tmp_path, ROW, dry_run=True).counts == Counts(created=1)
    assert (census(), Import.objects.count()) == ([], 0)


def test_a_column_that_is_not_in_the_file_keeps_its_values(tmp_path: Path) -> None:
    take(tmp_path, ROW)
    path = book(tmp_path / "b.xlsx", {CENSUS: [HEAD[:5], (*ROW[:4], 650)]})
    assert actions.import_file(path, actor="王五", now=LATER).counts == Counts(updated=1)
    assert census() == [("primary", 820, 6)]


def test_an_empty_cell_empties_the_value(tmp_path: Path) -> None:
    take(tmp_path, ROW)
    take(tmp_path, (*ROW[:5], ""))
    assert census() == [("primary", 820, None)]


def test_undoing_restores_what_was_there_and_where_it_came_from(tmp_path: Path) -> None:
    first = take(tmp_path, ROW)
    before = list(queries.rows(CENSUS))
    second = take(tmp_path, (*ROW[:3], 830, 1, ""), NEXT)
    assert second.import_id is not None
    counts = actions.undo(second.import_id, actor="赵六", now=LATER)
    assert counts == Counts(created=1, updated=1)
    assert list(queries.rows(CENSUS)) == before
    assert first.import_id is not None
    actions.undo(first.import_id, actor="赵六", now=LATER)
    assert census() == []
    assert Import.objects.get(pk=second.import_id).undone_by == "赵六"


def test_undoing_is_refused_by_name_when_a_row_was_changed_since(tmp_path: Path) -> None:
    first = take(tmp_path, ROW, NEXT)
    take(tmp_path, (*ROW[:3], 830, *ROW[4:]))
    assert first.import_id is not None
    with pytest.raises(Refused, match="有 1 行在导入之后又改过") as refusal:
        actions.undo(first.import_id, actor="赵六", now=LATER)
    [issue] = refusal.value.issues
    assert str(issue.message).startswith(f"“{TOWN}、primary、2021-09-01”由 ")
    assert len(census()) == 2


def test_undoing_twice_or_what_never_was_is_refused(tmp_path: Path) -> None:
    receipt = take(tmp_path, ROW)
    assert receipt.import_id is not None
    actions.undo(receipt.import_id, actor="赵六", now=LATER)
    with pytest.raises(Refused, match="已经撤销过了"):
        actions.undo(receipt.import_id, actor="赵六", now=LATER)
    with pytest.raises(NotFound):
        actions.undo(99_999, actor="赵六", now=LATER)


STAFF_HEAD = ("人事关系所在单位代码", "教职工号", "姓名", "用人方式", "入职日期")
CARE_HEAD = ("学校标识码", "教职工号", "关爱事项", "日期")


def staff_and_care(tmp_path: Path, hired: str = "2010-09-01") -> Path:
    sheets: dict[str, Rows] = {
        "教师关爱台账": [CARE_HEAD, (SCHOOL, "S000777", "一次查体", "2021-09-01")],
        "教职工台账": [STAFF_HEAD, (SCHOOL, "S000777", "周八", "在编", hired)],
    }
    return book(tmp_path / "教师.xlsx", sheets)


def test_a_row_may_refer_to_another_sheet_of_its_file(tmp_path: Path) -> None:
    receipt = actions.import_file(staff_and_care(tmp_path), actor="王五", now=LATER)
    assert [sheet.ledger.key for sheet in receipt.sheets] == ["staff", "teacher_care"]
    assert receipt.counts == Counts(created=2)
    assert {made.receipt for made in Import.objects.all()} == {receipt.import_id}


def test_a_row_that_refers_to_a_refused_row_is_refused_too(tmp_path: Path) -> None:
    receipt = actions.import_file(
        staff_and_care(tmp_path, hired="去年"), actor="王五", now=LATER, good_rows_only=True
    )
    assert [issue.code for issue in receipt.issues] == ["date", "reference.refused"]
    assert list(queries.rows("teacher_care")) == []


def test_the_whole_file_is_undone_by_any_of_its_imports(tmp_path: Path) -> None:
    receipt = actions.import_file(staff_and_care(tmp_path), actor="王五", now=LATER)
    last = receipt.sheets[-1].import_id
    assert last is not None
    actions.undo(last, actor="赵六", now=LATER)
    assert list(queries.rows("teacher_care")) == []
    assert [row["staff_no"] for row in queries.rows("staff")] == list(STAFF)


def test_undoing_is_refused_while_other_rows_name_the_codes(tmp_path: Path) -> None:
    head = [STAFF_HEAD, (SCHOOL, "S000778", "周八", "在编", "2010-09-01")]
    receipt = actions.import_file(
        book(tmp_path / "a.xlsx", {"staff": head}), actor="王五", now=LATER
    )
    care = {"org": SCHOOL, "staff_no": "S000778", "kind": "birthday", "given_on": date(2021, 9, 1)}
    actions.put("teacher_care", [care], actor="王五", now=LATER, cause="登记")
    assert receipt.import_id is not None
    with pytest.raises(Refused, match="别的台账") as refusal:
        actions.undo(receipt.import_id, actor="赵六", now=LATER)
    assert "教师关爱台账" in str(refusal.value.issues[0].message)


def test_a_failure_half_way_leaves_nothing(tmp_path: Path) -> None:
    """The trace is written last; take its table away and the rows must vanish too."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledgers_change RENAME TO elsewhere")
    try:
        with pytest.raises(Exception, match="ledgers_change"):
            take(tmp_path, ROW)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO ledgers_change")
    assert (census(), Import.objects.count()) == ([], 0)


def test_the_database_itself_keeps_keys_single() -> None:
    row = {"org": SCHOOL, "staff_no": STAFF[0], "name": "x", "employment": "filed"}
    names = (*row, "hired_on", "changed_at")
    with pytest.raises(IntegrityError):
        bulk.insert(MODELS["staff"], names, [(*row.values(), date(2010, 9, 1), NOW)])


def test_pasted_rows_follow_the_same_rules() -> None:
    sheet = tables.Sheet("", ((1, list(HEAD)), (2, list(map(str, ROW)))))
    receipt = actions.import_sheets([sheet], actions.Pasted(CENSUS, "王五", LATER))
    assert receipt.counts == Counts(created=1)


MONEY = {"org": SCHOOL, "pupil_no": PUPILS[0], "item": "boarder", "paid_on": date(2021, 9, 1)}


def test_put_is_idempotent_and_counts_what_it_did() -> None:
    rows = [{**MONEY, "amount": Decimal("625.00")}]
    assert actions.put("aid", rows, actor="x", now=LATER, cause="发放") == Counts(created=1)
    assert actions.put("aid", rows, actor="x", now=LATER, cause="发放") == Counts(unchanged=1)
    changed = [{**MONEY, "amount": Decimal("650.00")}]
    assert actions.put("aid", changed, actor="x", now=LATER, cause="发放") == Counts(updated=1)


@pytest.mark.parametrize(
    "rows",
    [
        [{**MONEY, "amount": Decimal(1), "colour": "red"}],
        [MONEY],
        [{**MONEY, "amount": None}],
        [{**MONEY, "amount": Decimal(1)}, MONEY],
    ],
)
def test_put_refuses_rows_that_do_not_fit(rows: list[dict[str, object]]) -> None:
    with pytest.raises(BadInput):
        actions.put("aid", rows, actor="x", now=LATER, cause="发放")
    assert queries.counts()["aid"] == 0


def test_what_is_removed_stays_in_the_trace() -> None:
    actions.put("aid", [{**MONEY, "amount": Decimal(625)}], actor="x", now=LATER, cause="发放")
    key = (PUPILS[0], "boarder", date(2021, 9, 1))
    assert actions.remove("aid", [key], actor="x", now=LATER, cause="重复") == 1
    assert queries.counts()["aid"] == 0
    change = Change.objects.get(kind="deleted")
    assert change.before is not None
    assert (change.before["amount"], change.before["org"]) == ("625.00", SCHOOL)
    history = queries.history("aid", change.row_key)
    assert [(entry.kind, entry.cause) for entry in history] == [
        ("created", "发放"),
        ("deleted", "重复"),
    ]


def test_changed_orgs_name_both_sides_of_a_move() -> None:
    moved = {"org": OTHER_SCHOOL, "staff_no": STAFF[0], "name": "张三", "employment": "established"}
    rows = [{**moved, "hired_on": date(2010, 9, 1)}]
    actions.put("staff", rows, actor="x", now=LATER, cause="调动")
    assert queries.changed_orgs(LATER) == {"staff": {SCHOOL, OTHER_SCHOOL}}
    assert queries.changed_orgs(LATER + timedelta(seconds=1)) == {}
