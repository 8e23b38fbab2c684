"""Templates explain themselves, exports are safe to open, refused rows come back mendable."""

import csv
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledgers.county import NOW, SCHOOL, TOWN, put
from tests.ledgers.workbooks import book
from zhuji.kernel.errors import BadInput
from zhuji.ledgers import actions, cells, queries, reading, writing
from zhuji.ledgers.checking import check
from zhuji.ledgers.declare import Ledger, Type
from zhuji.ledgers.registry import LEDGERS, ledger
from zhuji.ledgers.scope import Scope
from zhuji.ledgers.tables import Sheet, find, letter

IDS = [declared.key for declared in LEDGERS]


@pytest.mark.django_db
@pytest.mark.parametrize("declared", LEDGERS, ids=IDS)
def test_the_example_of_every_ledger_would_pass_if_its_references_existed(
    declared: Ledger,
) -> None:
    head: list[object] = [column.label.zh for column in declared.columns]
    example: list[object] = [column.example for column in declared.columns]
    [grid] = find([Sheet(declared.key, ((1, head), (2, example)))]).grids
    faults = {issue.code for issue in check(grid, Scope()).issues}
    assert faults <= {"org.unknown", "reference.unknown"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("key", ["org_edges", "staff", "marks"])
def test_a_template_is_recognised_and_its_example_is_not_read(
    tmp_path: Path, key: str, language: str
) -> None:
    declared = ledger(key)
    writing.template(declared, tmp_path / "a.xlsx", language=language)
    [grid] = reading.read(tmp_path / "a.xlsx").grids
    assert (grid.ledger, grid.records) == (declared, ())
    assert len(grid.header.places) == len(declared.columns)


def test_a_template_offers_lists_notes_and_text_cells(tmp_path: Path) -> None:
    staff = ledger("staff")
    writing.template(staff, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["教职工台账"]
    lists = {str(rule.sqref).split(":")[0] for rule in sheet.data_validations.dataValidation}
    wanted = [i for i, c in enumerate(staff.columns) if c.type in (Type.CHOICE, Type.BOOLEAN)]
    assert lists == {f"{letter(i)}2" for i in wanted}
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].comment is not None
    assert "必填" in sheet["A1"].comment.text
    assert sheet["A2"].value == "示例：2137000101"
    assert sheet.column_dimensions["B"].width >= 12
    assert sheet["B2"].number_format == "@"


def test_a_listed_choice_is_read_from_the_sheet_of_options(tmp_path: Path) -> None:
    writing.template(ledger("staff"), tmp_path / "a.xlsx")
    options = openpyxl.load_workbook(tmp_path / "a.xlsx")["选项"]
    assert [cell.value for cell in options["B"]][:4] == [
        "用人方式",
        "在编",
        "人员控制总量备案",
        "合同",
    ]


MEAN = ("=1+1", "+86", "-5", "@SUM(A1)", "＝和", "＋加", "－减", "＠你", "=cmd|' /C calc'!A0")


@pytest.mark.django_db
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_no_exported_text_is_ever_a_formula(county: None, tmp_path: Path, suffix: str) -> None:
    rows = [
        {"org": SCHOOL, "document_no": None, "kind": "charter", "title": text, "valid_from": day}
        for text, day in zip(MEAN, (date_of(n) for n in range(len(MEAN))), strict=True)
    ]
    put("documents", *rows)
    path = tmp_path / f"a{suffix}"
    assert writing.export(ledger("documents"), path) == len(MEAN)
    if suffix == ".xlsx":
        shown_cells = [cell for row in openpyxl.load_workbook(path)["方案制度台账"] for cell in row]
        assert [cell.value for cell in shown_cells if cell.data_type == "f"] == []
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        shown = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in shown if cell.startswith(tuple("=+-@＝＋－＠\t\r"))] == []


def date_of(serial: int) -> object:
    return NOW.date().replace(day=serial + 1)


@given(st.sampled_from("=+-@\t\r＝＋－＠"), st.text(max_size=20))
def test_whatever_follows_a_formula_sign_is_guarded(sign: str, rest: str) -> None:
    column = ledger("documents").by_key["title"]
    assert cells.text_cell(column, sign + rest).startswith("'")


@pytest.mark.django_db
def test_long_codes_keep_their_digits_and_numbers_stay_numbers(
    county: None, tmp_path: Path
) -> None:
    writing.export(ledger("orgs"), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["机构台账"]
    assert {type(sheet.cell(row, 1).value) for row in range(2, 5)} == {str}
    assert sheet["A2"].number_format == "@" or sheet.column_dimensions["A"].number_format == "@"
    assert sheet["J2"].is_date


def test_only_known_forms_of_file_are_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="只能导出成"):
        writing.export(ledger("orgs"), tmp_path / "a.pdf")


HEAD = ("镇街代码", "学段", "统计日期", "户籍适龄儿童数", "其中在本镇就读", "联系人")


@pytest.mark.django_db
def test_refused_rows_come_back_with_reasons_and_go_in_once_mended(
    county: None, tmp_path: Path
) -> None:
    rows = [
        (TOWN, "小学", "2021-09-01", 820, 640, "甲"),
        (TOWN, "高中", "2021.13.1", 410, 300, "乙"),
        (TOWN, "学前", NOW.date(), "约200", 100, "丙"),
    ]
    path = book(tmp_path / "a.xlsx", {"child_census": [HEAD, *rows]})
    receipt = actions.import_file(path, actor="王五", now=NOW, good_rows_only=True)
    back = tmp_path / "退回.xlsx"
    assert writing.refused(receipt, back) == 2
    workbook = openpyxl.load_workbook(back)
    sheet = workbook["适龄儿童台账"]
    assert [cell.value for cell in sheet[1]] == ["原因", *HEAD]
    assert sheet["A2"].value.splitlines()[0].startswith("“学段”列：“高中”不在可选项里。")
    assert len(sheet["A2"].value.splitlines()) == 2
    assert sheet["A2"].font.color.rgb == "FFC00000"
    assert (sheet["D3"].is_date, sheet["C2"].fill.fgColor.rgb) == (True, "FFFFD9D9")

    sheet["C2"], sheet["D2"], sheet["E3"] = "初中", "2021.12.1", 200
    workbook.save(back)
    mended = actions.import_file(back, actor="王五", now=NOW)
    assert (mended.error_count, mended.counts.created) == (0, 2)
    assert mended.sheets[0].unknown_columns == ("联系人",)
    assert queries.counts()["child_census"] == 3
