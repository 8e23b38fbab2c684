"""Whatever a text begins with, no file that leaves the house makes a spreadsheet calculate it."""

import csv
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import openpyxl
import pytest

from tests.lengths import choose, report
from tests.orgs import cast
from zhuji.ledgers import parsing, registry, writing
from zhuji.ledgers.models import rows_of

COUNT = choose(2_000, 10_000)
STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'=", "''=", " =", "\n=", '"=')
BODIES = (
    "1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"file:///x\",\"y\")", "SUM(1+1)*cmd|'/c'!A0",
    'WEBSERVICE("//x/"&A1)', 'IMPORTXML("a","b")', "-2+3", 'DDE("a";"b";"c")', "2;3", "",
)  # fmt: skip
STATED = -12


def strings() -> Iterator[str]:
    """Each start with each body first, then chance."""
    yield from (start + body for start in STARTS for body in BODIES)
    chance = Random(5)  # noqa: S311
    while True:
        tail = "".join(chance.choice("=+-@\t'\",;|!()A1$&%") for _ in range(chance.randint(0, 12)))
        yield chance.choice(STARTS) + chance.choice(BODIES) + tail


@pytest.fixture
def filled(db: None) -> list[str]:
    """Staff whose names are formulas, and a budget below zero."""
    made = strings()
    names = [next(made)[:60] for _ in range(COUNT)]
    cast.put(
        "orgs", {"org": cast.SCHOOL, "name": "学校", "kind": "school", "valid_from": cast.SINCE}
    )
    cast.put(
        "staff",
        *({**cast.staff(f"S{n:06}", cast.SCHOOL), "name": name} for n, name in enumerate(names)),
    )
    line = {"org": cast.SCHOOL, "line_no": "ZJ1", "plan_line": "m2", "source": "county",
            "earmark": "premises", "budgeted_on": date(2021, 1, 1), "budget": STATED}  # fmt: skip
    cast.put("funds", line)
    return names


def cells_of(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [cell for row in csv.reader(file) for cell in row]


def test_a_text_file_holds_no_cell_that_would_be_calculated(
    filled: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "staff.csv"
    writing.export(registry.ledger("staff"), path)
    assert [cell for cell in cells_of(path) if cell.startswith(tuple("=+-@\t\r＝＋－＠"))] == []


def test_a_workbook_holds_no_formula_and_each_text_as_it_was(
    filled: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "staff.xlsx"
    writing.export(registry.ledger("staff"), path)
    with zipfile.ZipFile(path) as archive:
        assert [name for name in archive.namelist() if b"<f>" in archive.read(name)] == []
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    heads = [cell.value for cell in sheet[1]]
    at = heads.index(registry.ledger("staff").by_key["name"].label.zh)
    kinds = {row[at].data_type for row in sheet.iter_rows(min_row=2)}
    assert kinds == {"s"}
    kept = list(rows_of("staff").order_by("staff_no").values_list("name", flat=True))
    read = [row["name"] for row in _parsed(path)]
    assert len(read) == len(kept) == COUNT


def _parsed(path: Path) -> list[dict[str, object]]:
    [sheet] = parsing.parse(path, "workbook", COUNT)["sheets"]
    heads = sheet["rows"][0][1]
    at = heads.index("姓名")
    return [{"name": cells[at]} for _, cells in sheet["rows"][1:]]


def test_a_number_below_zero_stays_a_number(filled: list[str], tmp_path: Path) -> None:
    for name in ("funds.xlsx", "funds.csv"):
        writing.export(registry.ledger("funds"), tmp_path / name)
    sheet = openpyxl.load_workbook(tmp_path / "funds.xlsx").active
    assert sheet is not None
    assert STATED in {cell.value for row in sheet.iter_rows(min_row=2) for cell in row}
    assert any(cell.startswith(str(STATED)) for cell in cells_of(tmp_path / "funds.csv"))


@pytest.mark.proof
def test_the_office_suite_itself_sees_texts_only(filled: list[str], tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("没有 LibreOffice（找不到 soffice），没有用它打开导出的文件")
    for name in ("a.xlsx", "b.csv"):
        writing.export(registry.ledger("staff"), tmp_path / name)
    for name, reads in (("a.xlsx", ""), ("b.csv", "CSV:44,34,76,1,,0,false,true,false")):
        command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
        command += [f"--infilter={reads}"] if reads else []
        command += ["--convert-to", "fods", "--outdir", str(tmp_path), str(tmp_path / name)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)  # noqa: S603
        opened = (tmp_path / name).with_suffix(".fods").read_text(encoding="utf-8")
        assert opened.count("<table:table-row") >= COUNT
        assert "table:formula" not in opened, name
    report("formula injection", strings=COUNT, formulas=0)
