"""The page and the workbook of a judgement: whole, safe, and honest about what is not verified."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation

from tests.programme.yunxi import COUNTY, FIRST, VILLAGE, county, judged
from zhuji.bulletins import book, page
from zhuji.cli import show
from zhuji.kernel.lights import LABELS, MARKS
from zhuji.programme.judge import Run
from zhuji.programme.judgement import Judgement

BAD = '<img src=x onerror="alert(1)">校'
FORMULA = '=HYPERLINK("x","y")'
VOID = {"meta", "br", "img", "input", "link", "hr"}


class Outline(HTMLParser):
    """Tags in their nesting, and what stands in each table row that has an id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.rows: dict[str, str] = {}
        self.row = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        named = dict(attrs).get("id")
        if tag == "tr":
            self.row = named or ""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.row:
            self.rows[self.row] = self.rows.get(self.row, "") + data


@pytest.fixture(scope="module")
def june() -> Run:
    rows = county()
    names = {VILLAGE: BAD, FIRST: FORMULA}
    rows["orgs"] = [
        {**row, "name": names.get(str(row["org"]), row["name"])} for row in rows["orgs"]
    ]
    with judged(rows) as run:
        return run


@pytest.fixture
def judgement(june: Run) -> Judgement:
    return june.judgement()


@pytest.fixture(params=["zh-hans", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


def text_of(judgement: Judgement, language: str) -> str:
    return page.html(judgement, language=language, read=show.words)


def test_every_leaf_has_a_row_with_its_light_value_and_goal(
    judgement: Judgement, language: str
) -> None:
    outline = Outline(text_of(judgement, language))
    assert outline.open == []
    leaves = [item for item in judgement.items if item.kind in ("indicator", "duty", "milestone")]
    assert set(outline.rows) == {item.id for item in leaves}
    for item in leaves:
        row = outline.rows[item.id]
        assert MARKS[item.light] + LABELS[item.light].get(language) in row
        assert item.label.get(language) in row
        assert item.goal is None or item.goal.get(language) in row


def test_a_figure_is_written_with_its_unit(judgement: Judgement) -> None:
    rows = Outline(text_of(judgement, "zh-hans")).rows
    assert "11.6 册/人" in rows["y_books.primary"]
    assert "98%" in rows["y_content"]
    assert "83.3%" in rows["y_reading_day"]
    assert "0 间" in rows["y_resource_rooms"]


def test_only_what_is_not_verified_bears_the_flag(judgement: Judgement) -> None:
    rows = Outline(text_of(judgement, "zh-hans")).rows
    assert [key for key, row in rows.items() if "依据待核实" in row] == ["y_books.junior"]


def test_a_name_can_be_no_markup(judgement: Judgement, language: str) -> None:
    text = text_of(judgement, language)
    assert "<img" not in text
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;校" in text
    assert {"script", "img", "link", "iframe"}.isdisjoint(Outline(text).seen)


def test_the_page_fetches_nothing_and_says_its_language(
    judgement: Judgement, language: str
) -> None:
    text = text_of(judgement, language)
    assert text.startswith("<!doctype html>")
    assert f'<html lang="{language}">' in text
    assert re.findall(r"(?:https?:)?//\w|url\(|@import", text) == []


def test_the_banner_is_there_when_and_only_when_all_is_invented(june: Run) -> None:
    real = june.judgement()
    made_up = Judgement(**{**vars(real), "invented": True})
    assert 'class="banner"' not in text_of(real, "zh-hans")
    assert "虚构数据：本页的学校、人员和数字均为程序生成，仅供演示" in text_of(made_up, "zh-hans")


def test_a_name_in_the_workbook_is_no_formula(judgement: Judgement, tmp_path: Path) -> None:
    path = tmp_path / "判定.xlsx"
    book.write(judgement, path, language="zh-hans", read=show.words)
    made = openpyxl.load_workbook(path)
    cells = [cell for sheet in made for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert FORMULA in [cell.value for cell in cells]
    assert [cell.coordinate for cell in cells if cell.hyperlink] == []


def test_the_workbook_names_whom_it_judges_and_leaves_gaps_empty(june: Run, tmp_path: Path) -> None:
    path = tmp_path / "判定.xlsx"
    book.write(june.judgement(VILLAGE), path, language="zh-hans", read=show.words)
    sheet = openpyxl.load_workbook(path)["判定"]
    assert VILLAGE in str(sheet["A2"].value)
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=5)}
    assert rows["y_books.primary"][5].value == 8
    assert rows["y_books.junior"][5].value is None  # does not apply: no number, and no zero
    assert rows["y_violations"][5].value == 0
    assert rows["T1"][4].value == "! 进度滞后"


def test_the_workbook_is_whole_in_english(june: Run, tmp_path: Path) -> None:
    path = tmp_path / "judgement.xlsx"
    with translation.override("en"):
        book.write(june.judgement(COUNTY), path, language="en", read=show.words)
    made = openpyxl.load_workbook(path)
    heads = [str(cell.value) for sheet in made for cell in sheet[4] if cell.value]
    assert len(heads) == 21
    assert [head for head in [*heads, *made.sheetnames] if re.search("[\u4e00-\u9fff]", head)] == []
