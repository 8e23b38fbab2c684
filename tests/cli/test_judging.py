"""Judging and explaining from the command line: four forms of one judgement, down to the file."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import ON, Terminal
from tests.ledgers.workbooks import book
from zhuji.kernel.lights import MARKS, Light
from zhuji.ledgers import queries

COUNTY = "370784"
LEAVES = ("indicator", "duty", "milestone")


def judge(cli: Terminal, *more: str | Path) -> int:
    return cli.run("judge", "--plan", cli.plan(), "--on", ON, *more)


def items(cli: Terminal, *more: str) -> list[dict[str, object]]:
    assert judge(cli, "--format", "json", *more) == 0
    told = json.loads(cli.out)
    found = told["items"]
    assert isinstance(found, list)
    return found


class Page(HTMLParser):
    """What a page consists of: its language, its words, and whatever it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language, self.words, self.fetched = "", "", []  # type: str, str, list[str]
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if tag == "html" and name == "lang":
                self.language = value or ""
            if name == "href" and (value or "").startswith("#"):
                continue  # within the page
            if name in ("src", "href", "data", "poster", "srcset", "action"):
                self.fetched.append(f"{tag} {name}={value}")
        if tag in ("script", "link", "iframe", "object", "embed"):
            self.fetched.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


# --- forms -----------------------------------------------------------------------------------


def test_json_is_written_to_the_screen_and_to_a_file_alike(cli: Terminal) -> None:
    assert judge(cli, "--format", "json") == 0
    text = cli.out
    told = json.loads(text)
    assert (told["plan"], told["org"], told["on"]) == ("yunxi-2022", COUNTY, ON)
    assert told["invented"] is True
    assert judge(cli, "--format", "json", "--out", "判定.json") == 0
    assert Path("判定.json").read_text(encoding="utf-8") == text


def test_the_table_counts_what_the_json_counts(cli: Terminal) -> None:
    found = items(cli)
    assert judge(cli) == 0
    lines = cli.out.splitlines()
    assert lines[0] == "虚构数据：学校、人员和数字均为程序生成，仅供演示"
    for kinds, name in (
        (("target",), "目标"),
        (("measure",), "措施"),
        (LEAVES, "指标、任务、节点"),
    ):
        lights = [item["light"] for item in found if item["kind"] in kinds]
        [line] = [line for line in lines if line.startswith(f"{name} {len(lights)} ")]
        for light in Light:
            count = lights.count(light.value)
            assert (f"{MARKS[light]} " in line) == (count > 0), light
            assert not count or re.search(rf"{re.escape(MARKS[light])} \S+ {count}\b", line)


def test_each_target_shows_how_many_of_its_parts_show_which_light(cli: Terminal) -> None:
    found = items(cli)
    assert judge(cli) == 0
    for target in (item for item in found if item["kind"] == "target"):
        parts = [item["light"] for item in found if item["parent"] == target["id"]]
        [line] = [line for line in cli.out.splitlines() if f" {target['id']} " in line]
        for light in (Light.NOT_MET, Light.BEHIND, Light.NO_DATA, Light.ON_TRACK, Light.MET):
            assert (f"{MARKS[light]}{parts.count(light.value)} " in line) == (light.value in parts)


def test_the_workbook_holds_every_item_and_everything_missing(cli: Terminal) -> None:
    found = items(cli)
    assert judge(cli, "--format", "xlsx", "--out", "判定.xlsx") == 0
    made = openpyxl.load_workbook("判定.xlsx")
    assert made.sheetnames == ["判定", "缺项清单"]
    tree = list(made["判定"].iter_rows(min_row=5, values_only=True))
    assert [(row[0], row[5], row[8]) for row in tree] == [
        (item["id"], item["value"], item["n"]) for item in found
    ]
    lacks = list(made["缺项清单"].iter_rows(min_row=5, values_only=True))
    told = [
        (item["id"], lack["org"], lack["what"], lack["count"])
        for item in found
        for lack in item["missing"]  # type: ignore[attr-defined]
    ]
    assert [(row[0], row[2], row[4], row[5]) for row in lacks] == told
    assert len(told) > 5
    assert "虚构数据" in str(made["判定"]["A3"].value)


def test_the_page_stands_alone_and_shows_every_item(cli: Terminal) -> None:
    found = items(cli)
    assert judge(cli, "--format", "html") == 0
    path = cli.home / "out" / f"judgement-{COUNTY}-{ON}.html"
    assert str(path) in cli.out
    page = Page(path.read_text(encoding="utf-8"))
    assert page.language == "zh-hans"
    assert page.fetched == []
    assert "虚构数据" in page.words
    for item in found:
        label = item["label"]
        assert isinstance(label, dict)
        assert label["zh"] in page.words, item["id"]


# --- whom and when ---------------------------------------------------------------------------


def test_a_school_is_judged_by_code_or_by_name(cli: Terminal) -> None:
    row = next(row for row in queries.rows("orgs") if row["kind"] == "school")
    by_code = items(cli, "--org", str(row["org"]))
    by_name = items(cli, "--org", str(row["name"]))
    assert by_code == by_name
    assert by_code != items(cli)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--org", "月球小学"), "2023-06-30 没有代码或名称为“月球小学”的机构。"),
        (("--snapshot", "20200101-000000"), "20200101-000000"),
        (("--plan", "yuexi-2022"), "yuexi-2022"),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(
    cli: Terminal, words: tuple[str, ...], sentence: str
) -> None:
    assert judge(cli, *words) == 2
    assert sentence in cli.err
    assert len(cli.err) > 10
    assert "Traceback" not in cli.err
    assert "程序内部出错" not in cli.err


def test_a_package_with_mistakes_judges_nobody_and_says_where_they_are(cli: Terminal) -> None:
    path = cli.plan() / "roles.yaml"
    path.write_text("head: {labl: 1}\n", encoding="utf-8")
    assert judge(cli) == 1
    assert "roles.yaml" in cli.err
    assert "第 1 行" in cli.err


# --- explain ---------------------------------------------------------------------------------


def test_a_figure_is_walked_down_to_the_file_and_the_row(cli: Terminal) -> None:
    org = str(next(row["org"] for row in queries.rows("premises") if row["stage"] == "primary"))
    heads = ("学校标识码", "学段", "统计日期", "教学及辅助用房面积", "其中室内体育用房面积",
             "运动场地面积", "教学仪器设备资产值", "图书册数", "教学用计算机台数",
             "网络多媒体教室间数")  # fmt: skip
    cells = (org, "小学", "2023-04-01", 3000, 100, 5000, 900000, 4321, 40, 12)
    path = book(cli.home / "四月条件.xlsx", {"办学条件台账": [heads, cells]})
    assert cli.run("import", path) == 0
    assert cli.run("snapshot", "create", "--as-of", ON) == 0
    words = ("--plan", cli.plan(), "--on", ON, "--org", org)
    assert cli.run("explain", "y_books.primary", *words) == 0
    told = cli.out
    assert "一、1 图书达标：每校生均图书达标" in told  # the clause
    assert "10 · 虚构" in told  # the threshold and its source
    assert "y_book_stock__primary / NULLIF(y_pupils__primary, 0)" in told
    assert "4321" in told  # the row
    assert "四月条件.xlsx" in told  # the file
    [row] = [line for line in told.splitlines() if "四月条件.xlsx" in line]
    assert re.search(r"│\s+2\s+│", row)  # and the line in it


def test_a_duty_is_walked_down_to_who_has_not_done_it(cli: Terminal) -> None:
    assert cli.run("explain", "y_reading_day", "--plan", cli.plan(), "--on", ON) == 0
    assert "没有完成的" in cli.out
    assert "活动台账：活动类别 为 读书日" in cli.out
    assert "2022 年第 1 季度" in cli.out
    assert "reading_day'" not in cli.out
    assert "二、1 每季读书日" in cli.out


def test_an_item_of_the_plan_is_explained_by_its_parts(cli: Terminal) -> None:
    assert cli.run("explain", "T1", "--plan", cli.plan(), "--on", ON) == 0
    assert "y_books.primary" in cli.out
    assert "y_books.junior" in cli.out


def test_an_unknown_item_is_a_sentence(cli: Terminal) -> None:
    assert cli.run("explain", "y_boks", "--plan", cli.plan(), "--on", ON) == 2
    assert "方案里没有编号为“y_boks”的指标、任务、节点或条款" in cli.err


def test_an_indicator_judged_by_stage_is_answered_with_its_variants(cli: Terminal) -> None:
    assert cli.run("explain", "y_books", "--plan", cli.plan(), "--on", ON) == 2
    assert "y_books.primary、y_books.junior" in cli.err


def test_before_the_plan_starts_nothing_is_judged_and_it_is_said(cli: Terminal) -> None:
    sentence = "方案尚未开始（自 2022-01-01 起）"
    words = ("--plan", cli.plan(), "--on", "2021-12-31")
    assert cli.run("judge", *words) == 0
    assert sentence in cli.out
    assert "任务目标" not in cli.out
    assert cli.run("explain", "y_books.primary", *words) == 0
    assert sentence in cli.out
    assert cli.run("judge", *words, "--format", "html", "--out", "早.html") == 0
    assert sentence in Path("早.html").read_text(encoding="utf-8")
    assert cli.run("judge", *words, "--format", "json") == 0
    told = json.loads(cli.out)["items"]
    assert {(item["light"], item["reason"]) for item in told} == {("not_applicable", sentence)}
    assert [item["id"] for item in told] == [item["id"] for item in items(cli)]


def test_the_table_shows_owner_goal_and_what_is_not_verified(cli: Terminal) -> None:
    books = cli.plan() / "indicators" / "all.yaml"
    text = books.read_text(encoding="utf-8")
    assert judge(cli) == 0
    [line] = [line for line in cli.out.splitlines() if " T1 " in line]
    assert "县教育局" in line
    assert "，要求 逐期上升" in cli.out
    assert "标 * 的 1 项，依据待核实" in cli.out
    books.write_text(text.replace("y_books:\n", "y_books:\n  verified: false\n", 1), "utf-8")
    assert judge(cli) == 0
    assert "标 * 的 2 项，依据待核实" in cli.out


def test_the_table_ends_with_what_to_look_at_first(cli: Terminal) -> None:
    found = {item["id"]: item for item in items(cli)}
    assert judge(cli) == 0
    closing = cli.out.split("\n先看这些\n")[1].splitlines()
    heads = [line.split() for line in closing if line[1:2].strip()]
    assert 1 <= len(heads) <= 9
    lights = [found[words[1]]["light"] for words in heads]
    assert set(lights) <= {"not_met", "behind"}
    assert lights == sorted(lights, key=lambda light: ("not_met", "behind").index(str(light)))
    for words, facts in zip(heads, closing[1::2], strict=True):
        owner = found[words[1]]["owner"]
        assert isinstance(owner, dict)
        assert facts.strip().startswith(owner["zh"])


@pytest.mark.proof
def test_the_sums_and_floors_of_a_quota_are_told(cli: Terminal) -> None:
    assert cli.run("explain", "m9_hours", "--on", ON, "--rows", "3") == 0
    told = cli.out
    assert "合计 90，其中市直学校培训不少于 30、送教下乡不少于 30、镇域集中培训不少于 30" in told
    [total] = re.findall(r"│ 合计 +│ 90 +│ (\d+) +│ (\d+) +│", told)
    floors = re.findall(
        r"│ (?:市直学校培训|送教下乡|镇域集中培训) +│ 30 +│ (\d+) +│ (\d+) +│", told
    )
    assert len(floors) == 3
    assert {owed for _, owed in floors} == {total[1]}
    assert int(total[0]) <= min(int(reached) for reached, _ in floors)
    for own in re.findall(r"│ (\d+) +│ (\d+) +│ (\d+) +│ (\d+) +│\n", told):
        if own[3] != own[0]:
            assert sum(map(int, own[:3])) == int(own[3])


@pytest.mark.proof
def test_a_condition_and_a_reference_group_are_walked_too(cli: Terminal) -> None:
    assert cli.run("explain", "m25_resource_teachers", "--on", ON) == 0
    assert "残疾学生数（m25_disabled）不低于 5" in cli.out
    assert cli.out.count("m25_disabled") > 1
    assert cli.run("explain", "t2_score_maths.primary", "--on", ON) == 0
    assert "参照组“城区优质学校”的值" in cli.out
    assert "参照组“城区优质学校”的学校" in cli.out
    assert "0.15 · 安教体字〔2021〕13号" in cli.out
    assert "依据待核实" not in cli.out


@pytest.mark.proof
def test_the_reference_plan_is_judged_whole_from_the_snapshot(cli: Terminal) -> None:
    assert cli.run("judge", "--on", ON, "--format", "json") == 0
    told = json.loads(cli.out)
    kinds = [item["kind"] for item in told["items"]]
    assert (told["plan"], told["org"]) == ("anqiu-2021", COUNTY)
    assert (kinds.count("target"), kinds.count("action"), kinds.count("measure")) == (7, 11, 37)
    known = {item["light"] for item in told["items"] if item["kind"] in LEAVES}
    assert known >= {"met", "on_track", "behind", "not_met", "not_applicable"}
    assert sum(item["value"] is not None for item in told["items"]) > 300
