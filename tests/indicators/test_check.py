"""Indicators are refused before they run, with a sentence that says which and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from zhuji.indicators.check import check, order
from zhuji.indicators.expand import expand
from zhuji.indicators.prepare import prepare
from zhuji.indicators.sources import Source
from zhuji.indicators.version import formula_version
from zhuji.kernel.errors import BadInput
from zhuji.plan.model import Indicator

Declare = Callable[..., Indicator]
Sources = Mapping[str, Source]
VISITS = {"source": "visits"}
COVERED = {"form": "coverage", "lacking": "lessons = 0"}
WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "an unknown column": ("SUM(lesson)", VISITS, "没有“lesson”这一列"),
    "an unknown source": ("COUNT(*)", {"source": "nowhere"}, "没有名为“nowhere”的台账"),
    "no aggregate": ("1 + 1", VISITS, "要写汇总"),
    "a bare column": ("COUNT(*) + lessons", VISITS, "要放在汇总里"),
    "an aggregate in another": ("SUM(lessons + COUNT(*))", VISITS, "不能再套汇总"),
    "a sum of days": ("SUM(visited_on)", VISITS, "是日期，这里要的是数"),
    "a count of numbers": ("COUNT_IF(lessons)", VISITS, "是数，这里要的是是否"),
    "a day against a text": ("COUNT_IF(done_on > '2021')", VISITS, "把日期和文字放在一起"),
    "an unknown option": (
        "COUNT_IF(sex = 'girl')",
        {"source": "pupils_at"},
        "“sex”没有“girl”这个选项；可选：male、female",
    ),
    "an option in a list": (
        "COUNT(*)",
        {"source": "pupils_at", "where": "sex IN ('male', 'm')"},
        "没有“m”这个选项",
    ),
    "a quotient of each row": ("COUNT_IF(lessons / 2 > 0.85)", VISITS, "逐行相除"),
    "a quotient in where": ("COUNT(*)", {**VISITS, "where": "lessons / 2 > 1"}, "逐行相除"),
    "an aggregate in where": ("COUNT(*)", {**VISITS, "where": "COUNT(*) > 1"}, "不能使用"),
    "a wrong unit": ("SUM(lessons)", {**VISITS, "unit": "visit"}, "应是“lesson”"),
    "a share called percent": (
        "COUNT_IF(lessons > 1) / COUNT(*)",
        {**VISITS, "unit": "percent"},
        "应是“1”",
    ),
    "a hundredfold ratio": (
        "100 * COUNT_IF(lessons > 1) / COUNT(*)",
        {**VISITS, "unit": "ratio"},
        "应是“100 × 1”",
    ),
    "apples and pears": ("SUM(lessons) + COUNT(*)", {**VISITS, "unit": "lesson"}, "不同单位"),
    "stages without a column": ("COUNT(*)", {**VISITS, "stages": ("primary",)}, "没有学段列"),
    "a split without a column": ("COUNT(*)", {**VISITS, "split": True}, "不能按折算学生数"),
    "a census of events": ("COUNT(*)", {**VISITS, "at": "census"}, "取学年初的时点数"),
    "an unknown indicator": ("nothing + 1", {}, "没有名为“nothing”的指标"),
    "rows of a derived one": ("other", {"where": "lessons > 1"}, "不写 where"),
    "coverage of a derived one": ("other", {"goal": COVERED}, "指标须有来源"),
    "a condition on nothing": (
        "COUNT(*)",
        {
            **VISITS,
            "goal": {
                "form": "conditional",
                "when": "nothing",
                "when_value": "1",
                "comparator": "at_least",
                "values": ({"value": "1"},),
            },
        },
        "没有名为“nothing”的指标",
    ),
    "hostile lacking": (
        "COUNT(*)",
        {**VISITS, "goal": {**COVERED, "lacking": "(SELECT TRUE)"}},
        "goal.lacking",
    ),
}


@pytest.mark.parametrize(("value", "more", "said"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_said(
    declare: Declare, sources: Sources, value: str, more: dict[str, Any], said: str
) -> None:
    other = declare("other", "COUNT(*)", source="visits")
    issues = check(expand([declare("wrong", value, **more), other]), sources)
    assert len(issues) == 1, issues
    assert "指标 wrong" in str(issues[0].message)
    assert said in str(issues[0].message)
    with pytest.raises(BadInput):
        prepare([declare("wrong", value, **more), other], sources)


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        ("100 * COUNT_IF(lessons > 1) / NULLIF(COUNT(*), 0)", "percent"),
        ("SUM(lessons) / COUNT(*)", "lesson/visit"),
        ("AVG(lessons)", "lesson"),
        ("100 * SUM(lessons) / COUNT(*)", "lesson/100 visit"),
        ("SUM(lessons) * 45", "minute"),
        ("COUNT_IF(done_on <= point_on)", "visit"),
        ("COUNT(*)", "times"),
    ],
)
def test_units_that_fit_pass(declare: Declare, sources: Sources, value: str, unit: str) -> None:
    assert check([declare("fine", value, source="visits", unit=unit)], sources) == ()


def test_a_circle_of_indicators_is_refused(declare: Declare, sources: Sources) -> None:
    circle = [declare("a", "b + 1"), declare("b", "c"), declare("c", "a")]
    [issue] = check(circle, sources)
    assert "绕成了一圈" in str(issue.message)


def test_operands_come_before_what_is_computed_from_them(declare: Declare) -> None:
    indicators = [declare("a", "b + c__x"), declare("b", "c__x"), declare("c.x", "1")]
    assert order(indicators) == ("c.x", "b", "a")


def test_stages_become_indicators_of_their_own(declare: Declare) -> None:
    values = ({"value": "4.2", "stage": "primary"}, {"value": "5.3", "stage": "junior"})
    goal = {
        "form": "conditional",
        "when": "pupils",
        "when_value": "1",
        "comparator": "at_least",
        "values": (*values, {"value": "1"}),
    }
    both = {"stages": ("primary", "junior")}
    found = expand(
        [
            declare("l1", {"primary": "pupils + one", "junior": "2 * pupils"}, goal=goal, **both),
            declare("pupils", "COUNT(*)", source="pupils_at", **both),
            declare("one", "COUNT(*)", source="visits"),
        ]
    )
    assert [each.id for each in found] == [
        "l1.primary",
        "l1.junior",
        "pupils.primary",
        "pupils.junior",
        "one",
    ]
    assert [each.value for each in found[:2]] == ["pupils__primary + one", "2 * pupils__junior"]
    assert found[0].label.zh == "l1（小学）"
    assert found[1].stages == ("junior",)
    goals = [each.goal for each in found[:2]]
    assert [[str(t.value) for t in g.values] for g in goals if g and g.form == "conditional"] == [
        ["4.2", "1"],
        ["5.3", "1"],
    ]
    assert [g.when for g in goals if g and g.form == "conditional"] == [
        "pupils.primary",
        "pupils.junior",
    ]


def test_a_stage_without_its_formula_is_refused(declare: Declare) -> None:
    with pytest.raises(BadInput, match="没有写学段“初中”"):
        expand([declare("l", {"primary": "1"}, stages=("primary", "junior"))])
    with pytest.raises(BadInput, match="没有写 stages"):
        expand([declare("l", {"primary": "1"})])
    with pytest.raises(BadInput, match="出现了两次"):
        expand([declare("l", "1"), declare("l", "2")])


def test_the_version_follows_the_formula_and_nothing_else(declare: Declare) -> None:
    one = declare("a", "count(*)  +  1", source="visits", where="lessons>1")
    same = declare("b", "COUNT(*) + 1", source="visits", where="lessons > 1", decimals=4)
    assert formula_version(one) == formula_version(same)
    for change in ({"where": "lessons >= 1"}, {"period": "term"}, {"among": "good"}):
        assert formula_version(one) != formula_version(one.model_copy(update=change))
