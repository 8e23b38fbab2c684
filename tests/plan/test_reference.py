"""The page of a plan says what the package says, in the reader's language."""

import pytest

from tests.plan.packages import County
from zhuji.kernel.messages import Label, Message
from zhuji.plan.reference import page


@pytest.mark.parametrize(
    "line",
    [
        "# 星河县三年方案",
        "- 规划期: 2030-01-05 – 2033-01-05",
        "- 目标 `T1` 条件改善",
        "  - 指标 `class_size` 班额 (rules-2029)",
        "  - 措施 `M1` 培训教师",
        "    - 责任 `visit` 每周走访",
        "| `books` | 生均图书 | T1 | book/person | "
        "不低于 25 (primary) [, 2031-01-01); 30 (primary) [2031-01-01, ); 40 (junior) "
        "| xinghe-2030 |",
        "| `books_gap` | 图书差距 | T1 | ratio | 与“good_schools”的差距小于 0.15 | xinghe-2030 |",
        "| `large` | 大校图书 | T1 | book | invited ≥ 5 时，不低于 1 | xinghe-2030 |",
        "| `visit` | 每周走访 | M1 | principal | 每教学周 1 次 | activities |",
        "| `shadow` | 跟岗 | M1 | bureau | 共 3 批，每批至少 1 个月 0 天 | trainings |",
        "| `scheme` | 印发方案 | S1 | bureau | 2030-06-30 | documents |",
        "| hours_total | 学时合计 | M1 | 30 + 30 + 30 | = 90 |",
    ],
)
def test_the_page_has_a_line_for_everything(county: County, line: str) -> None:
    assert line in page(county.load()).splitlines()


def test_the_page_speaks_the_language_of_its_words(county: County) -> None:
    def english(text: Message | Label) -> str:
        return text.en if isinstance(text, Label) else "word"

    text = page(county.load(), english)
    assert "# Three-year programme of Xinghe county" in text
    assert "- word `T1` Better conditions" in text


def test_a_bar_in_a_name_does_not_break_the_table(county: County) -> None:
    county.edit("xinghe-2030/milestones/all.yaml", "zh: 印发方案", 'zh: "印发|方案"')
    assert "| `scheme` | 印发\\|方案 |" in page(county.load())
