"""Conditions in words: no code, no SQL, in both languages."""

import pytest

from zhuji.indicators.formula import Allow, parse_formula
from zhuji.indicators.saying import Speech
from zhuji.indicators.units import check_unit
from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import Label

NAMES = {
    "done_on": Label("完成日期", "finished on"),
    "kind": Label("类别", "kind"),
    "rural": Label("乡村学校", "rural school"),
    "hours": Label("学时", "hours"),
}
KINDS = {"visit": Label("家访", "home visit"), "party": Label("联欢", "party")}


def word(column: str, value: str) -> Label | None:
    return KINDS.get(value) if column == "kind" else None


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("NOT done_on IS NULL", "已填完成日期", "finished on is given"),
        ("done_on IS NOT NULL", "已填完成日期", "finished on is given"),
        ("done_on IS NULL", "没有完成日期", "no finished on"),
        ("kind = 'visit'", "类别 为 家访", "kind is home visit"),
        ("kind IN ('visit', 'party')", "类别 为 家访或联欢", "kind is home visit or party"),
        ("kind NOT IN ('visit')", "类别 不为 家访", "kind is not home visit"),
        (
            "kind = 'other' AND rural",
            "类别 为 “other” 且 乡村学校",
            "kind is “other” and rural school",
        ),
        ("NOT rural", "不是乡村学校", "not rural school"),
        ("rural IS TRUE", "乡村学校", "rural school"),
        ("rural IS FALSE", "不是乡村学校", "not rural school"),
        ("hours BETWEEN 30 AND 90", "学时 在 30 至 90 之间", "hours from 30 to 90"),
        ("COALESCE(hours, 0) >= 30", "学时（没有的按 0） 不低于 30", "hours (none: 0) at least 30"),
        (
            "done_on <= DATE '2023-06-30'",
            "完成日期 不超过 “2023-06-30”",
            "finished on at most “2023-06-30”",
        ),
    ],
)
def test_a_condition_is_said_in_words(text: str, zh: str, en: str) -> None:
    said = Speech(NAMES.__getitem__, word=word).tell(parse_formula(text, allow=Allow.ROWS))
    assert (said.zh, said.en) == (zh, en)


def test_a_choice_by_cases_is_said_too() -> None:
    tree = parse_formula("SUM(CASE WHEN rural THEN hours ELSE 0 END)", allow=Allow.AGGREGATE)
    said = Speech(NAMES.__getitem__).tell(tree)
    assert said == Label(
        "合计（乡村学校的取学时，其余取0）", "sum of hours where rural school, else 0"
    )


@pytest.mark.parametrize(
    ("declared", "remedy"),
    [
        ("m2/person", "请把 unit 改为 book/person，或改算式，让两者相符。"),
        ("percent", "请把 unit 改为 book/person，或改算式，让两者相符。"),
        ("book/100 person", "请在算式里乘以 100，或改 unit。"),
    ],
)
def test_a_unit_that_does_not_fit_comes_with_its_remedy(declared: str, remedy: str) -> None:
    units = {"books": "book", "pupils": "person"}
    tree = parse_formula("SUM(books) / SUM(pupils)", allow=Allow.AGGREGATE)
    with pytest.raises(BadInput) as refusal:
        check_unit(tree, declared, units.__getitem__, "")
    assert str(refusal.value.proposal) == remedy
