"""A package is proved or refused: every mistake is told with its file, its line and its reason."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.programme.yunxi import PLANS
from zhuji.kernel.errors import BadInput, Issue, Level
from zhuji.plan.load import load
from zhuji.plan.loaded import Loaded
from zhuji.programme import packages, proof

ROOT = Path(__file__).resolve().parents[2]
Edit = Callable[[str, str, str], None]


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    shutil.copytree(PLANS, tmp_path / "plans")

    def change(file: str, old: str, new: str) -> None:
        path = tmp_path / "plans" / "yunxi-2025" / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def line_of(file: str, text: str) -> int:
    lines = (PLANS / "yunxi-2025" / file).read_text(encoding="utf-8").splitlines()
    return lines.index(text) + 1


def errors(folder: Path) -> list[Issue]:
    report = proof.prove(load(folder / "plans" / "yunxi-2025", folder / "plans" / "standards"))
    return [issue for issue in report.issues if issue.level is Level.ERROR]


def test_a_wrong_expectation_is_told_with_both_numbers(edit: Edit, tmp_path: Path) -> None:
    edit("examples/all.yaml", '"990300": "100"}', '"990300": "101"}')
    [issue] = errors(tmp_path)
    assert str(issue) == (
        "文件“yunxi-2025/examples/all.yaml”，第 1 行：算例“小学部分按一比二分”的 990300："
        "应为 101，算出 100.0"
    )


def test_a_value_where_none_is_expected_is_told(edit: Edit, tmp_path: Path) -> None:
    edit("examples/all.yaml", '"990300": "100"}', '"990300": ""}')
    [issue] = errors(tmp_path)
    assert str(issue.message).endswith("应为没有数值，却算出 100")


def test_an_example_may_be_near_enough_when_it_says_how_near(edit: Edit, tmp_path: Path) -> None:
    edit("examples/all.yaml", '"990300": "100"}', '"990300": "101"}\n  tolerance: "1"')
    assert errors(tmp_path) == []


class Mistake(NamedTuple):
    file: str
    old: str
    new: str
    line: str  # where it is told
    said: str


INDICATORS = "indicators/all.yaml"
MISTAKES = {
    "an unknown column": Mistake(
        INDICATORS, "SUM(books)", "SUM(boks)", "  value: SUM(books)", "没有“boks”这一列"
    ),
    "a unit that does not fit": Mistake(
        INDICATORS,
        "unit: book/person",
        "unit: m2/person",
        "  value: y_book_stock / NULLIF(y_pupils, 0)",
        "单位写的是“m2/person”",
    ),
    "a broken formula": Mistake(
        INDICATORS,
        "SUM(new_books)",
        "SUM(new_books",
        "  value: SUM(new_books)",
        "不是完整的 SQL 表达式",
    ),
    "an unknown column in a condition": Mistake(
        INDICATORS, "lacking: dangerous", "lacking: danger", "    lacking: dangerous", "“danger”"
    ),
    "an unknown column of evidence": Mistake(
        "duties/all.yaml",
        "where: kind = 'town_review'}",
        "where: sort = 'town_review'}",
        "y_town_review:",
        "“sort”列不存在",
    ),
    "evidence dated by no date": Mistake(
        "milestones/all.yaml", "on: valid_from", "on: title", "y_scheme:", "“title”列应当是日期"
    ),
    "an unknown group": Mistake(
        INDICATORS,
        "group: town_schools",
        "group: city_schools",
        "    group: town_schools",
        "city_schools",
    ),
    "a sum that does not add up": Mistake("sums.yaml", "total: 4", "total: 5", "  total: 4", "5"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_file_and_line(edit: Edit, tmp_path: Path, name: str) -> None:
    mistake = MISTAKES[name]
    edit(mistake.file, mistake.old, mistake.new)
    found = errors(tmp_path)[0]
    assert mistake.said in str(found)
    assert found.file == f"yunxi-2025/{mistake.file}"
    assert found.line == line_of(mistake.file, mistake.line)


def test_a_measure_that_nothing_speaks_of_is_an_error(edit: Edit, tmp_path: Path) -> None:
    edit("indicators/all.yaml", "clauses: [M3]", "clauses: [T1]")
    [issue] = errors(tmp_path)
    assert issue.code == "coverage.item"
    assert str(issue.message) == "条款 M3“逐年添书”没有办法知道办没办成。"


def test_what_cannot_be_read_is_refused_whole(edit: Edit, tmp_path: Path) -> None:
    edit("roles.yaml", "head:\n", "head:\n  labels: {zh: 一, en: one}\n")
    with pytest.raises(BadInput) as refusal:
        errors(tmp_path)
    assert refusal.value.issues[0].file == "yunxi-2025/roles.yaml"
    assert refusal.value.issues[0].line is not None


# --- the packages that we ship ---------------------------------------------------------------


def shipped(name: str) -> Loaded:
    return packages.load(str(ROOT / "plans" / name), ROOT / "plans")


STANDARDS = sorted(
    path.parent.relative_to(ROOT / "plans").as_posix()
    for path in (ROOT / "plans").glob("standards/*/plan.yaml")
)


def test_every_standard_is_among_those_proved() -> None:
    assert len(STANDARDS) >= 8


@pytest.mark.proof
@pytest.mark.parametrize("name", STANDARDS)
def test_a_shipped_standard_proves_with_every_example(name: str) -> None:
    report = proof.prove(shipped(name))
    assert [str(issue) for issue in report.issues if issue.level is not Level.INFO] == []


def test_the_reference_plan_proves_with_every_example_of_its_own() -> None:
    """What standards bring is proved with them, above."""
    loaded = shipped("anqiu-2021")
    own = tuple(one for one in loaded.plan.examples if loaded.is_own("examples", one.name))
    assert len(own) >= 25
    plan = loaded.plan.model_copy(update={"examples": own})
    report = proof.prove(type(loaded)(**{**vars(loaded), "plan": plan}))
    assert [str(issue) for issue in report.issues if issue.level is Level.ERROR] == []
    assert {label.en: count for label, count in report.counts}["Measures"] == 37
