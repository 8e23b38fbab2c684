"""Tables as people lay them out: titles, notes, merged cells, several sheets, text files."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.ledgers.county import OTHER_SCHOOL, SCHOOL, TOWN
from tests.ledgers.workbooks import Rows, book, inline, raw
from zhuji.kernel.errors import BadInput
from zhuji.ledgers import reading
from zhuji.ledgers.checking import Checked, check
from zhuji.ledgers.registry import ledger
from zhuji.ledgers.scope import Scope

pytestmark = pytest.mark.django_db

HEAD = ("镇街代码", "学段", "统计日期", "户籍适龄儿童数", "其中在本镇就读")
ROW = (TOWN, "小学", "2021-09-01", 820, 640)
NEXT = (TOWN, "初中", "2021-09-01", 410, 300)
KEPT = {"org": TOWN, "stage": "primary", "children": 820, "local": 640}
CENSUS = "child_census"


@pytest.fixture
def look(county: None, tmp_path: Path) -> Callable[..., Checked]:
    def look(rows: Rows, *, name: str = CENSUS, merged: tuple[str, ...] = ()) -> Checked:
        [grid] = reading.read(book(tmp_path / "a.xlsx", {name: rows}, merged)).grids
        return check(grid, Scope())

    return look


def kept(checked: Checked, place: int = 0) -> dict[str, object]:
    values = dict(zip(checked.columns, checked.good[place].values, strict=True))
    return {name: values[name] for name in KEPT}


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        ([HEAD, ROW], [2]),
        ([("2021年适龄儿童统计表",), HEAD, ROW], [3]),
        ([("统计表",), ("填报单位：大盛镇", "", "单位：人"), (), HEAD, ROW], [5]),
        ([HEAD, (), (), ROW, (), NEXT], [4, 6]),
        ([HEAD, ROW, NEXT, ("注：不含随迁子女。",)], [2, 3]),
        ([HEAD, ROW, (), ("填表人：王五", "", "", "审核：赵六")], [2]),
        ([HEAD, ROW, ("合计", "", "", 820, 640)], [2]),
        ([HEAD, ROW, ("以上数据截至2021年9月，来源为公安户籍登记和学籍系统",)], [2]),
        ([HEAD, ("示例：990101101", "小学", "2021-09-01", 1, 1), ROW], [3]),
        ([HEAD, ROW, HEAD, NEXT], [2, 4]),
        ([("", *HEAD), ("", *ROW)], [2]),
        ([("序号", *HEAD), (1, *ROW)], [2]),
        ([tuple(reversed(HEAD)), tuple(reversed(ROW))], [2]),
        (
            [
                (
                    "*镇街代码",
                    "学段（必填）",
                    " 统计 日期",
                    "户籍适龄儿童数\n（人）",
                    "其中在本镇就读★",
                ),
                ROW,
            ],
            [2],
        ),
        ([("town code", "Stage", "counted on", "registered children", "local"), ROW], [2]),
        (
            [
                ("镇街代码", "学段", "统计日期", "适龄儿童", ""),
                ("", "", "", "户籍适龄儿童数", HEAD[4]),
                ROW,
            ],
            [3],
        ),
    ],
)
def test_a_table_is_found_wherever_it_stands(
    look: Callable[..., Checked], rows: Rows, numbers: list[int]
) -> None:
    checked = look(rows)
    assert [str(issue) for row in checked.bad for issue in row.issues] == []
    assert [row.number for row in checked.good] == numbers
    assert kept(checked) == KEPT


def test_a_note_is_named_and_not_silently_dropped(look: Callable[..., Checked]) -> None:
    checked = look([HEAD, ROW, ("注：不含随迁子女。",)])
    assert [(issue.row, issue.code) for issue in checked.issues] == [(3, "note")]
    assert checked.is_clean


def test_a_cell_merged_downwards_counts_for_every_row(look: Callable[..., Checked]) -> None:
    rows = [HEAD, ROW, ("", *NEXT[1:])]
    checked = look(rows, merged=("A2:A3",))
    assert [row.values[0] for row in checked.good] == [TOWN, TOWN]


def test_a_title_merged_across_is_not_taken_for_data(look: Callable[..., Checked]) -> None:
    checked = look([("统计表", "", "", "", ""), HEAD, ROW], merged=("A1:E1",))
    assert (len(checked.good), len(checked.bad)) == (1, 0)


def test_unknown_columns_are_named_and_left_out(look: Callable[..., Checked]) -> None:
    checked = look([(*HEAD, "联系人", ""), (*ROW, "王五", "x")])
    assert checked.grid.header.unknown == ("联系人", "G:")
    assert kept(checked) == KEPT


def test_a_missing_required_column_keeps_everything_out_and_says_so(
    look: Callable[..., Checked],
) -> None:
    checked = look([HEAD[:4], ROW[:4]])
    assert [column.key for column in checked.missing] == ["local"]
    assert [issue.code for issue in checked.issues] == ["header.missing"]
    assert checked.is_blocked


def test_one_heading_twice_is_refused(look: Callable[..., Checked]) -> None:
    checked = look([(*HEAD, "学段"), (*ROW, "初中")])
    assert [issue.code for issue in checked.issues] == ["header.repeated"]
    assert checked.is_blocked


@pytest.mark.parametrize(
    ("heading", "given", "expected"),
    [
        ("预算金额（万元）", 587, Decimal(5_870_000)),
        ("预算金额(元)", 587, Decimal(587)),
        ("预算金额", "587", Decimal(587)),
        ("预算金额（含配套）", 587, Decimal(587)),
    ],
)
def test_a_unit_in_the_heading_is_heeded(
    look: Callable[..., Checked], heading: str, given: object, expected: Decimal
) -> None:
    head = ("用款单位代码", "资金编号", "方案资金条目", "来源", "专项用途", "预算日期", heading)
    row = (SCHOOL, "ZJ1", "m2", "县级", "校舍建设", "2021-01-01", given)
    checked = look([head, row], name="资金安排台账")
    assert checked.good[0].values[-1] == expected


def test_a_foreign_unit_in_the_heading_is_refused(look: Callable[..., Checked]) -> None:
    checked = look([(*HEAD[:3], "户籍适龄儿童数（亩）", HEAD[4]), ROW])
    assert [issue.code for issue in checked.issues] == ["header.unit"]


def test_the_same_key_twice_is_refused_with_the_first_row_named(
    look: Callable[..., Checked],
) -> None:
    checked = look([HEAD, ROW, NEXT, (*ROW[:3], 1, 1)])
    [bad] = checked.bad
    assert (bad.number, [issue.code for issue in bad.issues]) == (4, ["repeated"])
    assert "第 2 行" in str(bad.issues[0].message)


def test_all_errors_of_all_rows_come_at_once(look: Callable[..., Checked]) -> None:
    checked = look([HEAD, (TOWN, "小学部", "2021-13-01", "多", -1), NEXT, ("", "", "昨天", 1, 1)])
    found = [(issue.row, issue.column, issue.code) for issue in checked.issues]
    assert found == [
        (2, "学段", "choice"),
        (2, "统计日期", "date"),
        (2, "户籍适龄儿童数", "number.unreadable"),
        (2, "其中在本镇就读", "number.negative"),
        (4, "镇街代码", "required"),
        (4, "学段", "required"),
        (4, "统计日期", "date"),
    ]
    assert checked.error_count == 7


def test_an_end_that_is_not_after_the_start_is_refused(look: Callable[..., Checked]) -> None:
    head = ("机构代码", "标记", "起始日期", "终止日期")
    row = (TOWN, "试点", "2021-09-01", "2021-09-01")
    checked = look([head, (row[0], "市级试点", *row[2:])], name="org_marks")
    assert [issue.code for issue in checked.issues] == ["span"]


def test_a_code_nobody_registered_is_refused(look: Callable[..., Checked]) -> None:
    head = ("学校标识码", "教职工号", "关爱事项", "日期")
    checked = look([head, (SCHOOL, "S999999", "一次查体", "2021-09-01")], name="教师关爱")
    assert [(issue.column, issue.code) for issue in checked.issues] == [
        ("教职工号", "reference.unknown")
    ]


def test_hidden_sheets_and_sheets_of_nobody_are_left_out(county: None, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"说明": [("请先看说明",)], "适龄儿童台账": [HEAD, ROW]})
    contents = reading.read(path)
    assert [grid.sheet for grid in contents.grids] == ["适龄儿童台账"]
    assert contents.ignored == ("说明",)


def test_a_sheet_with_any_name_is_known_by_its_header(county: None, tmp_path: Path) -> None:
    [grid] = reading.read(book(tmp_path / "a.xlsx", {"Sheet1": [HEAD, ROW]})).grids
    assert grid.ledger.key == CENSUS


def test_every_sheet_of_one_ledger_is_read_when_the_ledger_is_named(
    county: None, tmp_path: Path
) -> None:
    path = book(tmp_path / "a.xlsx", {"大盛": [HEAD, ROW], "二小": [HEAD, NEXT], "说明": [("x",)]})
    contents = reading.read(path, ledger(CENSUS))
    assert [grid.sheet for grid in contents.grids] == ["大盛", "二小"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("甲", "乙"), (1, 2)], "header.unknown_ledger"),
        ([("学校标识码",), (SCHOOL,)], "header.unknown_ledger"),
        ([], "file.empty"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path, rows: Rows, code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        reading.read(book(tmp_path / "a.xlsx", {"Sheet1": rows}))
    assert [issue.code for issue in refusal.value.issues] == [code]


TEXT = f"{','.join(HEAD)}\r\n{','.join(map(str, ROW))}\r\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("gb18030"),
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace(",", "\t").encode("gb18030"),
        TEXT.replace(",", ";").encode("gb18030"),
        TEXT.replace("\r\n", "\n").encode("gb18030"),
        f"适龄儿童统计表,,,,\n\n{TEXT}".encode("gb18030"),
        TEXT.replace("820", '"1,820"').encode("gb18030").replace(b'"1,820"', b"820"),
    ],
)
def test_text_files_of_every_office_are_read(county: None, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "台账.csv"
    path.write_bytes(content)
    [grid] = reading.read(path).grids
    assert kept(check(grid, Scope())) == KEPT


@pytest.mark.parametrize(("prefix", "with_refs"), [("", True), ("", False), ("x", True)])
def test_workbooks_of_other_programs_are_read(
    county: None, tmp_path: Path, prefix: str, with_refs: bool
) -> None:
    rows = [HEAD, [str(value) for value in ROW]]
    path = raw(tmp_path / "a.xlsx", inline(rows, prefix, with_refs=with_refs), name="适龄儿童台账")
    [grid] = reading.read(path).grids
    assert kept(check(grid, Scope())) == KEPT


def test_rare_characters_survive_a_text_file(county: None, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    head = "机构代码,机构编号,类别,名称,成立日期"
    text = f"所在机构代码,组织编号,类别,名称,成立日期\n{OTHER_SCHOOL},Z1,工会,𬎆工会,2021.9.1\n"
    assert head != text
    path.write_bytes(text.encode("gb18030"))
    [grid] = reading.read(path).grids
    checked = check(grid, Scope())
    assert "𬎆工会" in checked.good[0].values
