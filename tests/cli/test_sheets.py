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
from zhuji.orgs.models import Entry
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
    assert cli.run("undo", "999") == 2
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
        (("template", "clups"), "没有名为“clups”的台账"),
        (("export", "clups"), "没有名为“clups”的台账"),
        (("export", "clubs", "--org", "月球小学"), "机构台账里有 0 个“月球小学”"),
    ],
)
def test_what_does_not_exist_is_a_sentence(
    cli: Terminal, words: tuple[str, ...], sentence: str
) -> None:
    assert cli.run(*words) == 2
    assert sentence in cli.err
    assert "Traceback" not in cli.err + cli.out
    assert "程序内部出错" not in cli.err


def test_a_file_that_is_no_workbook_is_a_sentence(cli: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\x89PNG not a workbook")
    assert cli.run("import", path) == 1
    assert "程序内部出错" not in cli.err
    assert cli.err.strip()


def test_a_refused_file_is_told_once_and_by_name(cli: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\x89PNG not a workbook")
    assert cli.run("import", path) == 1
    [line] = cli.err.splitlines()
    assert line.startswith("文件“照片.xlsx” ")
    assert "建议：" in line


def test_one_refused_file_keeps_no_other_out(cli: Terminal, good: Path, tmp_path: Path) -> None:
    before, bad = len(clubs()), tmp_path / "照片.xlsx"
    bad.write_bytes(b"\x89PNG not a workbook")
    assert cli.run("import", bad, good) == 1
    assert len(clubs()) == before + 4
    assert "照片.xlsx" in cli.err


def test_findings_of_several_files_name_their_file(
    cli: Terminal, practice: Path, good: Path
) -> None:
    assert cli.run("import", practice, good) == 1
    [line] = [line for line in cli.out.splitlines() if "第 7 行" in line]
    assert line.startswith(f"文件“{practice.name}”")


def test_a_text_file_has_rows_but_no_sheet(cli: Terminal, tmp_path: Path) -> None:
    assert cli.run("export", "clubs", "--out", tmp_path / "社团.csv") == 0
    path = tmp_path / "社团.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    cells = lines[1].split(",")
    wrong = ",".join(
        "三月三十二日" if re.fullmatch(r"\d{4}-\d\d-\d\d", one) else one for one in cells
    )
    path.write_text("\n".join([lines[0], wrong]), encoding="utf-8-sig")
    assert cli.run("import", path, "--ledger", "clubs") == 1
    assert "“”" not in cli.out
    assert any(line.startswith("第 2 行") for line in cli.out.splitlines())


def test_a_file_without_rows_leaves_no_import_behind(cli: Terminal, tmp_path: Path) -> None:
    assert cli.run("template", "clubs", "--out", "空.xlsx") == 0
    before = len(queries.imports())
    assert cli.run("import", "空.xlsx") == 0
    assert "没有可导入的行，什么也没有写入" in cli.out
    assert len(queries.imports()) == before


def test_what_is_taken_in_and_out_is_in_the_audit_trail_by_the_account(
    cli: Terminal, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "wang")
    assert cli.run("import", good) == 0
    assert cli.run("export", "clubs", "--org", school(), "--out", "出.csv") == 0
    told = list(Entry.objects.order_by("-sequence").values_list("actor", "verb", "key")[:2])
    assert told[0] == ("cli:wang", "ledger.export", "clubs")
    assert told[1][:2] == ("cli:wang", "ledger.import")


def test_a_template_says_what_columns_mean_and_offers_the_plans_words(cli: Terminal) -> None:
    assert cli.run("template", "funds", "--out", "资金.xlsx") == 0
    made = openpyxl.load_workbook("资金.xlsx")
    help_of = {row[0]: row[3] for row in made["填写说明"].iter_rows(min_row=8, values_only=True)}
    assert all(help_of.values())
    assert "须是“机构台账”里已有的" in str(help_of["用款单位代码"])
    assert "用于M2“大盛镇幼儿园改建资金到位”" in str(help_of["方案资金条目"])
    listed = made["选项"].iter_rows(min_row=2, max_col=2, values_only=True)
    words = {code: meaning for code, meaning in listed if code}
    plan = packages.load("anqiu-2021", ROOT / "plans").plan
    assert {line.id: line.label.zh for line in plan.money}.items() <= words.items()
    assert str(words["operating"]).startswith("公用经费")
    [rule] = [
        rule
        for rule in made.worksheets[0].data_validations.dataValidation
        if rule.formula1 == f"'选项'!$A$2:$A${len(words) + 1}"
    ]
    assert str(rule.sqref).startswith("C2:")
