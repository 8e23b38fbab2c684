"""Ledgers as workbooks: templates, imports that keep out what is wrong, export, undo."""

import csv
import re
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tests.cli.conftest import Terminal
from tests.ledgers.workbooks import book
from zhuji.invent import workbooks
from zhuji.invent.world import build
from zhuji.ledgers import queries
from zhuji.ledgers.registry import LEDGERS
from zhuji.programme import packages

ROOT = Path(__file__).resolve().parents[2]


def clubs() -> list[dict[str, object]]:
    return list(queries.rows("clubs"))


def school() -> str:
    return str(next(row["org"] for row in clubs()))


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    """Four good rows and five wrong ones, as `zhuji demo` hands them out."""
    plan = packages.load("anqiu-2021", ROOT / "plans").plan
    path = tmp_path / workbooks.PRACTICE
    assert workbooks.write_practice(build(plan, "tiny", seed="1"), path) == 9
    return path


@pytest.fixture
def good(cli: Terminal, practice: Path, tmp_path: Path) -> Path:
    """The first four rows of the practice file alone."""
    source = CalamineWorkbook.from_path(str(practice)).get_sheet_by_index(0)
    return book(tmp_path / "社团.xlsx", {source.name: source.to_python()[:5]})


def test_a_template_has_every_column_of_its_ledger(cli: Terminal) -> None:
    assert cli.run("template", "clubs", "--out", "模板.xlsx") == 0
    assert cli.out == "模板已写入 模板.xlsx\n"
    sheet = openpyxl.load_workbook("模板.xlsx").worksheets[0]
    heads = [str(cell.value).rstrip("*") for cell in sheet[1] if cell.value]
    declared = next(one for one in LEDGERS if one.key == "clubs")
    assert [head.rstrip("＊ ") for head in heads] == [one.label.zh for one in declared.columns]


def test_all_templates_are_listed(cli: Terminal) -> None:
    assert cli.run("template", "--list") == 0
    for one in LEDGERS:
        assert f" {one.key} " in cli.out


def test_good_rows_are_stored_and_counted(cli: Terminal, good: Path) -> None:
    before = len(clubs())
    assert cli.run("import", good) == 0
    assert "新增 4 行，更新 0 行，未变 0 行，退回 0 行" in cli.out
    assert len(clubs()) == before + 4


def test_the_same_file_twice_changes_nothing(cli: Terminal, good: Path) -> None:
    assert cli.run("import", good) == 0
    stored = clubs()
    assert cli.run("import", good) == 0
    assert "新增 0 行，更新 0 行，未变 4 行，退回 0 行" in cli.out
    assert clubs() == stored


def test_one_error_keeps_the_whole_file_out_and_tells_all_of_them(
    cli: Terminal, practice: Path
) -> None:
    before = clubs()
    assert cli.run("import", practice) == 1
    assert clubs() == before
    assert re.search(r"有 \d+ 处错误，一行也没有写入；加 --good-rows 可先写入正确的行", cli.out)
    for row, wrong in ((6, "科技类"), (7, "约三十"), (8, "2023-02-30"), (10, "大盛小学校")):
        [line] = [line for line in cli.out.splitlines() if f"第 {row} 行" in line]
        assert wrong in line
    assert any("第 9 行" in line for line in cli.out.splitlines())  # the club without a name


def test_a_dry_run_writes_nothing_even_when_all_is_well(cli: Terminal, good: Path) -> None:
    before = clubs()
    assert cli.run("import", good, "--dry-run") == 0
    assert "只做了检查，没有写入；共 0 处错误" in cli.out
    assert clubs() == before


def test_good_rows_go_in_and_the_others_come_back_with_reasons(
    cli: Terminal, practice: Path
) -> None:
    before = len(clubs())
    assert cli.run("import", practice, "--good-rows") == 1
    assert len(clubs()) == before + 4
    assert "新增 4 行，更新 0 行，未变 0 行，退回 5 行" in cli.out
    back = cli.home / "out" / f"{practice.stem}-退回.xlsx"
    rows = list(openpyxl.load_workbook(back).worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 6
    assert any("科技类" in str(cell) for cell in rows[1])


def test_an_import_is_undone_as_a_whole_and_only_once(cli: Terminal, good: Path) -> None:
    before = clubs()
    assert cli.run("import", good) == 0
    number = re.search(r"导入编号 (\d+)", cli.out)
    assert number is not None
    assert cli.run("undo", number[1]) == 0
    assert "撤回 4 行新增，恢复 0 行原值" in cli.out
    assert clubs() == before
    assert cli.run("undo", number[1]) == 1
    assert "已经撤销过了" in cli.err


def test_an_undo_of_nothing_is_a_sentence(cli: Terminal) -> None:
    assert cli.run("undo", "999") == 1
    assert cli.err == "没有编号为 999 的导入。\n"


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
@pytest.mark.parametrize("ledger", ["clubs", "staff", "premises", "orgs"])
def test_what_is_exported_is_taken_in_again_unchanged(
    cli: Terminal, ledger: str, suffix: str
) -> None:
    before = list(queries.rows(ledger))
    assert before
    assert cli.run("export", ledger, "--out", f"出.{suffix}") == 0
    assert cli.out == f"已导出 {len(before)} 行到 出.{suffix}\n"
    assert cli.run("import", f"出.{suffix}", "--ledger", ledger) == 0
    assert f"新增 0 行，更新 0 行，未变 {len(before)} 行，退回 0 行" in cli.out
    assert list(queries.rows(ledger)) == before


def test_an_export_may_be_of_one_school(cli: Terminal) -> None:
    own = [row for row in clubs() if row["org"] == school()]
    assert cli.run("export", "clubs", "--org", school(), "--out", "一校.csv") == 0
    with Path("一校.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == len(own) + 1
    assert {row[0] for row in rows[1:]} == {school()}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", "没有.xlsx"), "没有.xlsx"),
        (("template", "clups"), "没有名为“clups”的台账"),
        (("export", "clups"), "没有名为“clups”的台账"),
    ],
)
def test_what_does_not_exist_is_a_sentence(
    cli: Terminal, words: tuple[str, ...], sentence: str
) -> None:
    assert cli.run(*words) == 1
    assert sentence in cli.err
    assert "Traceback" not in cli.err + cli.out
    assert "程序内部出错" not in cli.err


def test_a_file_that_is_no_workbook_is_a_sentence(cli: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\x89PNG not a workbook")
    assert cli.run("import", path) == 1
    assert "程序内部出错" not in cli.err
    assert cli.err.strip()
