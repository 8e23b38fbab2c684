"""A package is read whole, with its standards, or refused with every reason at once."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.plan.packages import County
from zhuji.kernel.errors import BadInput, NotFound
from zhuji.plan.files import find_package, packages
from zhuji.plan.load import load
from zhuji.plan.loaded import Place
from zhuji.plan.model import ThresholdGoal


def test_a_sound_package_is_read_without_findings(county: County) -> None:
    assert county.issues() == ()


def test_text_becomes_what_the_model_says(county: County) -> None:
    plan = county.load().plan
    assert plan.version == "1"
    assert plan.ends == date(2033, 1, 5)
    [books, *_] = plan.indicators
    assert isinstance(books.goal, ThresholdGoal)
    assert [value.value for value in books.goal.values] == [Decimal(25), Decimal(30), Decimal(40)]


def test_a_key_called_on_and_a_word_called_no_stay_text(county: County) -> None:
    county.edit("xinghe-2030/kinds.yaml", "home_visit:\n", "no:\n")
    county.edit("xinghe-2030/duties/all.yaml", "kind = 'home_visit'", "kind = 'no'")
    loaded = county.load()
    assert [kind.id for kind in loaded.plan.kinds] == ["no", "scheme"]
    assert loaded.plan.examples[0].on == date(2030, 12, 31)


def test_a_standard_hangs_under_the_item_that_the_plan_names(county: County) -> None:
    loaded = county.load()
    size = loaded.plan.indicators[-1]
    assert (size.id, size.clauses) == ("class_size", ("T1", "第三条"))
    assert loaded.parent_of("class_size") == "T1"
    assert loaded.origin["class_size"] == "rules-2029"
    assert loaded.origin["books"] == "xinghe-2030"
    assert loaded.place("indicators", "class_size") == Place("rules-2029/indicators/all.yaml", 1)
    assert [standard.id for standard in loaded.standards] == ["rules-2029"]


def test_the_same_group_in_plan_and_standard_is_one_group(county: County) -> None:
    groups = [group.id for group in county.load().plan.groups]
    assert groups == ["pilot_schools", "good_schools", "all_schools"]


def test_a_group_that_means_something_else_in_the_standard_is_refused(county: County) -> None:
    county.edit("standards/rules-2029/groups.yaml", "pilot AND kind", "NOT pilot AND kind")
    [issue] = county.refusal()
    assert (issue.code, issue.file, issue.line) == (
        "import.clash",
        "xinghe-2030/groups.yaml",
        1,
    )
    assert "“xinghe-2030”和“rules-2029”" in str(issue)


def test_each_standard_is_read_once_however_many_take_it_in(county: County) -> None:
    again = "  - {package: rules-2029, under: T1}\n"
    county.edit("xinghe-2030/plan.yaml", again, again + "  - {package: more, under: S1}\n")
    header = (county.standards / "rules-2029/plan.yaml").read_text(encoding="utf-8")
    county.write(
        "standards/more/plan.yaml",
        header.replace("id: rules-2029", "id: more") + "imports: [{package: rules-2029}]\n",
    )
    loaded = county.load()
    assert [standard.id for standard in loaded.standards] == ["rules-2029", "more"]
    assert [i.id for i in loaded.plan.indicators].count("class_size") == 1


def test_standards_that_take_each_other_in_are_refused(county: County) -> None:
    with (county.standards / "rules-2029/plan.yaml").open("a", encoding="utf-8") as file:
        file.write("imports: [{package: more}]\n")
    header = (county.standards / "rules-2029/plan.yaml").read_text(encoding="utf-8")
    county.write(
        "standards/more/plan.yaml",
        header.replace("id: rules-2029", "id: more").replace(
            "package: more", "package: rules-2029"
        ),
    )
    [issue] = county.refusal()
    assert (issue.code, issue.file, issue.line) == ("import.cycle", "more/plan.yaml", 10)
    assert "rules-2029 → more → rules-2029" in str(issue)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("package: rules-2029", "package: rules-2028", "import.unknown"),
        ("package: rules-2029", "package: not-standard", "import.not_standard"),
    ],
)
def test_an_import_that_is_no_standard_is_refused(
    county: County, old: str, new: str, code: str
) -> None:
    header = (county.standards / "rules-2029/plan.yaml").read_text(encoding="utf-8")
    county.write(
        "standards/not-standard/plan.yaml",
        header.replace("id: rules-2029", "id: not-standard").replace("standard: true\n", ""),
    )
    county.edit("xinghe-2030/plan.yaml", old, new)
    [issue] = county.refusal()
    assert (issue.code, issue.file, issue.line) == (code, "xinghe-2030/plan.yaml", 12)


def test_everything_wrong_is_said_at_once_each_at_its_place(county: County) -> None:
    county.edit("xinghe-2030/plan.yaml", "takes_effect: 2030-01-05", "takes_effect: 2030-1-5")
    county.edit("xinghe-2030/items/all.yaml", "kind: target", "kind: aim")
    county.edit("xinghe-2030/sums.yaml", "total: 90", "total: 九十")
    county.edit("xinghe-2030/duties/all.yaml", "{form: window, every: week}", "{form: windows}")
    county.edit("xinghe-2030/kinds.yaml", "  ledger: documents\n", "")
    county.edit("standards/rules-2029/indicators/all.yaml", "unit: person", "units: person")
    own = {(i.file, i.line, str(i.message), str(i.proposal)) for i in county.refusal()}
    assert own == {
        (
            "xinghe-2030/plan.yaml",
            9,
            "“takes_effect”的“2030-1-5”不是日期。",
            "请写成 2021-09-01 这样的日期。",
        ),
        (
            "xinghe-2030/items/all.yaml",
            2,
            "“kind”不能写“aim”。",
            "请写其中之一：target、action、measure、safeguard。",
        ),
        (
            "xinghe-2030/sums.yaml",
            5,
            "“total”的“九十”不是数。",
            "请写成 0.85 这样的数，不带单位、百分号和千分位。",
        ),
        (
            "xinghe-2030/duties/all.yaml",
            6,
            "“form”不能写“windows”。",
            "是不是想写“window”？",
        ),
        ("xinghe-2030/kinds.yaml", 4, "缺少“ledger”。", "请补上“ledger:”一行。"),
    }


def test_a_standard_that_is_wrong_is_told_of_in_its_own_file(county: County) -> None:
    county.edit("standards/rules-2029/indicators/all.yaml", "unit: person", "units: person")
    found = {(i.file, i.line, str(i.message), str(i.proposal)) for i in county.refusal()}
    assert found == {
        ("rules-2029/indicators/all.yaml", 1, "缺少“unit”。", "请补上“unit:”一行。"),
        ("rules-2029/indicators/all.yaml", 4, "不认识的键“units”。", "是不是想写“unit”？"),
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "sentence"),
    [
        ("plan.yaml", "id: xinghe-2030", "id: Xinghe", 1, "“Xinghe”不能作“id”"),
        ("plan.yaml", "source: 虚构", "sauce: 虚构", 10, "不认识的键“sauce”"),
        ("plan.yaml", "source: 虚构", "items: []", 10, "不认识的键“items”"),
        ("plan.yaml", "source: 虚构", "standard: yes", 10, "请写 true 或 false"),
        ("roles.yaml", "{zh: 教育局, en: Bureau}", "教育局", 2, "要有中文和英文两个名称"),
        ("roles.yaml", "{zh: 教育局, en: Bureau}", "{zh: 教育局}", 2, "缺少“en”"),
        ("roles.yaml", "en: Bureau}", "en: ''}", 2, "要有中文和英文两个名称"),
        ("roles.yaml", "en: Bureau}", "en: Bureau, fr: B}", 2, "不认识的键“fr”"),
        ("roles.yaml", "principal:\n", "Principal:\n", 3, "编号用小写英文字母"),
        ("roles.yaml", "principal:\n", "bureau.:\n", 3, "编号用小写英文字母"),
        ("items/all.yaml", "joint: [principal]", "joint: principal", 20, "应是一个列表"),
        ("items/all.yaml", "S1:\n", "S100:\n", 30, "一个大写字母加一两位数字"),
        ("indicators/all.yaml", "{value: 0.95}", "{value: 95%}", 38, "“value”的“95%”不是数"),
        ("indicators/all.yaml", "{value: 0.95}", "{value: 1_0}", 38, "“value”的“1_0”不是数"),
        ("indicators/all.yaml", "limit: 0.15", "limit: 0", 26, "应大于 0"),
        ("indicators/all.yaml", "    form: rising", "    strictly: true", 63, "没有写“form”"),
        ("indicators/all.yaml", "    form: rising", "", 63, "应是一组“键: 值”"),
        ("indicators/all.yaml", "primary: books,", "primary: '',", 49, "“primary”不能空着"),
        ("indicators/all.yaml", "junior: books * 2", "senior: books", 49, "“value”不能写“senior”"),
        ("indicators/all.yaml", "value: AVG(score)", "value: [a]", 32, "应是一段文字"),
        ("duties/all.yaml", "clauses: [M1]\n  owner: bureau", "clauses: []\n  owner: bureau", 27,
         "“clauses”不能空着"),
        ("duties/all.yaml", "batches: 3", "batches: 0", 30, "应不小于 1"),
        ("duties/all.yaml", "batches: 3", "batches: 3.0", 30, "“batches”的“3.0”不是整数"),
        ("duties/all.yaml", "starts: 2030-09-01", "starts: 2030-02-30", 8, "不是日期"),
        ("duties/all.yaml", "starts: 2030-09-01", "starts: '86400'", 8, "不是日期"),
        ("milestones/all.yaml", "  by: 2030-06-30", "  id: other\n  by: 2030-06-30", 6,
         "不必再写“id”"),
        ("calendar.yaml", ", [2031-02-17, 2031-07-05]]", "]", 4, "缺少“1”"),
        ("orgs.yaml", "xh-03:\n", "xh-03: 学校\nxh-04:\n", 8, "应是一组“键: 值”"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_line_and_remedy(
    county: County, file: str, old: str, new: str, line: int, sentence: str
) -> None:
    county.edit(f"xinghe-2030/{file}", old, new)
    [issue] = county.refusal()
    assert (issue.file, issue.line) == (f"xinghe-2030/{file}", line)
    assert sentence in str(issue)
    assert issue.proposal is not None


def test_an_entry_may_stand_in_one_file_only(county: County) -> None:
    county.write("xinghe-2030/items/more.yaml", (
        "T1:\n  kind: target\n  clause: 一\n  label: {zh: 甲, en: A}\n  says: {zh: 甲, en: A}\n"
    ))  # fmt: skip
    [issue] = county.refusal()
    assert (issue.code, issue.file, issue.line) == ("repeated", "xinghe-2030/items/more.yaml", 1)
    assert "文件“xinghe-2030/items/all.yaml”第 1 行已有" in str(issue)


@pytest.mark.parametrize(
    "file",
    [
        "indicator/a.yaml",
        "duty.yaml",
        "indicators/a.yml",
        "indicators/A.YAML",
        "indicators/deeper/a.yaml",
        "indicators.yaml",
    ],
)
def test_a_file_that_nobody_would_read_is_refused(county: County, file: str) -> None:
    county.write(f"xinghe-2030/{file}", "a: b\n")
    [issue] = county.refusal()
    assert (issue.code, issue.file) == ("file.stray", f"xinghe-2030/{file}")


def test_hidden_files_and_other_kinds_of_files_are_left_alone(county: County) -> None:
    county.write("xinghe-2030/items/._all.yaml", b"\x00\x05")
    county.write("xinghe-2030/README.md", "# 说明")
    assert county.issues() == ()


def test_a_folder_without_a_header_is_no_package(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refusal:
        load(tmp_path, tmp_path)
    assert "没有 plan.yaml" in str(refusal.value)
    assert refusal.value.issues[0].proposal is not None


def test_a_package_is_found_by_path_by_name_and_among_the_standards(county: County) -> None:
    assert find_package("xinghe-2030", county.plans) == county.plans / "xinghe-2030"
    assert find_package("rules-2029", county.plans) == county.standards / "rules-2029"
    whole = str(county.plans / "xinghe-2030")
    assert find_package(whole, county.plans) == Path(whole)
    assert [p.name for p in packages(county.plans)] == ["xinghe-2030", "rules-2029"]


@pytest.mark.parametrize("name", ["nothing", "../plans", "a" * 5000, "a\x00b", ""])
def test_a_package_that_is_not_there_is_a_sentence(county: County, name: str) -> None:
    with pytest.raises(NotFound) as refusal:
        find_package(name, county.plans)
    assert "已知的有：xinghe-2030、rules-2029" in str(refusal.value)
