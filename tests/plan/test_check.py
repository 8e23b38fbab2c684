"""Every rule has a package that breaks it and only it, told at the very line."""

from dataclasses import dataclass

import pytest

from tests.plan.packages import LEDGERS, County
from zhuji.kernel.errors import Level
from zhuji.plan.check import RULES, check, examine, sound
from zhuji.plan.load import load

ERROR, WARNING, INFO = Level.ERROR, Level.WARNING, Level.INFO


@dataclass(frozen=True)
class Break:
    """One edit of the sound package, and the finding it must lead to."""

    rule: str
    file: str
    old: str
    new: str
    line: int
    says: str
    level: Level = ERROR


BREAKS = (
    Break("plan_days_agree", "plan.yaml", "2030-01-05\nsource", "2030-01-04\nsource", 9,
          "施行日 2030-01-04 早于发文日 2030-01-05", WARNING),
    Break("plan_days_agree", "plan.yaml", "2030-01-05\nsource", "2033-01-05\nsource", 9,
          "在规划期满之后"),
    Break("versions_follow_each_other", "plan.yaml", "source: 虚构", 'amends: "0"', 10,
          "没有被修订的版本 0"),
    Break("folder_bears_the_name", "plan.yaml", "id: xinghe-2030", "id: xinghe", 1,
          "文件夹叫“xinghe-2030”，方案包叫“xinghe”", WARNING),
    Break("calendar_fits_together", "calendar.yaml", "2031-02-15", "2031-09-15", 2,
          "第二学期开始日不在本学年内"),
    Break("calendar_fits_together", "calendar.yaml", "[2030-09-28]", "[2030-10-01]", 1,
          "既是放假日又是补班日"),
    Break("calendar_fits_together", "calendar.yaml", "[2030-09-02, 2031-01-18]",
          "[2031-01-18, 2030-09-02]", 2, "的起 2031-01-18 应早于止 2030-09-02"),
    Break("node_ids_are_unique", "milestones/all.yaml", "scheme:\n  label", "books:\n  label", 1,
          "文件“xinghe-2030/indicators/all.yaml”第 1 行已有"),
    Break("node_ids_are_unique", "duties/all.yaml", "shadow:\n", "books.primary:\n", 25,
          "“books.primary”重复"),
    Break("imports_hang_under_items", "plan.yaml", "under: T1", "under: T9", 12,
          "没有名为“T9”的条目"),
    Break("imports_hang_under_items", "plan.yaml", ", under: T1", "", 12, "没有写 under"),
    Break("parents_exist", "items/all.yaml", "T1:\n  kind: target\n",
          "T1:\n  kind: target\n  parent: A9\n", 3, "没有名为“A9”的条目"),
    Break("parents_make_no_circle", "items/all.yaml", "A1:\n  kind: action\n",
          "A1:\n  kind: action\n  parent: M1\n", 9, "A1 → M1 → A1"),
    Break("clauses_exist", "sums.yaml", "clause: M1", "clause: M7", 3, "没有名为“M7”的条款"),
    Break("clauses_exist", "duties/all.yaml", "clauses: [M1]\n  owner: bureau",
          "clauses: [M1, M9]\n  owner: bureau", 27, "没有名为“M9”的条款"),
    Break("leaves_hang_under_items", "duties/all.yaml", "clauses: [M1]\n  owner: bureau",
          "clauses: [M1.2]\n  owner: bureau", 27, "“shadow”的条款里没有条目编号"),
    Break("every_item_can_be_known", "items/all.yaml",
          "  ledgers: [devices]\n  systems: [platform]\n", "", 21,
          "条款 M2“建平台”没有办法知道办没办成"),
    Break("every_item_can_be_known", "items/all.yaml", "  ledgers: [devices]\n", "", 21,
          "只写了系统（platform）", WARNING),
    Break("every_action_has_something_below", "items/all.yaml", "S1:\n",
          "A2:\n  kind: action\n  clause: 二（二）\n  label: {zh: 甲, en: A}\n"
          "  says: {zh: 甲, en: A}\nS1:\n", 30, "行动 A2“甲”下面什么也没有"),
    Break("roles_exist", "items/all.yaml", "joint: [principal]", "joint: [principal, head]", 20,
          "没有名为“head”的角色"),
    Break("groups_exist", "duties/all.yaml", "among: pilot_schools\n  population",
          "among: pilot_school\n  population", 15, "是不是想写“pilot_schools”"),
    Break("groups_exist", "indicators/all.yaml", "value: AVG(score)\n",
          "value: AVG(score)\n  among: nobody\n", 33, "没有名为“nobody”的单位组"),
    Break("organisations_exist", "orgs.yaml", "marks: [pilot]", "marks: [pilot]\n  town: xh-77", 8,
          "没有名为“xh-77”的单位"),
    Break("ledgers_exist", "duties/all.yaml", "{ledger: trainings, on: starts_on}",
          "{ledger: training, on: starts_on}", 31, "是不是想写“trainings”"),
    Break("ledgers_exist", "indicators/all.yaml", "source: teachers_at", "source: teachers", 69,
          "没有名为“teachers”的台账或关系"),
    Break("kinds_exist", "duties/all.yaml", "where: kind = 'home_visit'",
          'where: "kind IN (\'home_visit\', \'home_visits\')"', 7,
          "没有名为“home_visits”的活动或材料的种类"),
    Break("indicators_named_by_goals_exist", "indicators/all.yaml", "invited: invited",
          "invited: asked", 36, "没有名为“asked”的指标"),
    Break("indicators_named_by_goals_exist", "indicators/all.yaml", "when: invited",
          "when: asked", 53, "没有名为“asked”的指标"),
    Break("examples_name_something", "examples/books.yaml", "of: books.primary", "of: book", 2,
          "没有名为“book”的指标或责任"),
    Break("formulas_name_indicators", "indicators/all.yaml", "value: large__primary + invited",
          "value: large__primary + inviting", 62, "没有名为“inviting”的指标"),
    Break("formulas_name_indicators", "indicators/all.yaml", "value: large__primary + invited",
          "value: large + invited", 62, "要写明哪一个。 请写成 large__primary 这样"),
    Break("formulas_make_no_circle", "indicators/all.yaml", "{primary: books, junior: books * 2}",
          "{primary: books, junior: books * steady + large__junior}", 49,
          "large.junior → large.junior"),
    Break("formulas_stand_on_something", "indicators/all.yaml", "value: large__primary + invited",
          "value: large__primary + invited\n  split: true", 63, "split 用不上"),
    Break("formulas_stand_on_something", "indicators/all.yaml", "value: large__primary + invited",
          "value: 1 + 1", 62, "算式里也没有别的指标"),
    Break("stages_agree", "indicators/all.yaml", "{primary: books, junior: books * 2}",
          "{primary: books}", 49, "按学段写的 value 与 stages 不一致"),
    Break("thresholds_are_in_force", "indicators/all.yaml", ", since: 2031-01-01, source: 新标准",
          ", since: 2032-01-01, source: 新标准", 12, "“books”在 2031-06-30 没有适用于小学的目标值"),
    Break("thresholds_do_not_overlap", "indicators/all.yaml", "until: 2031-01-01",
          "until: 2031-01-02", 14, "有两个目标值同时有效"),
    Break("thresholds_do_not_overlap", "indicators/all.yaml", "{value: 0.95}",
          "{value: 0.9, since: 2031-01-01, until: 2031-01-01}\n      - {value: 0.95}", 38,
          "起日不早于止日"),
    Break("thresholds_name_stages_of_the_indicator", "indicators/all.yaml",
          "{value: 40, stage: junior}",
          "{value: 40, stage: junior}\n      - {value: 9, stage: kindergarten}", 16,
          "不分学前学段"),
    Break("goals_fall_due_inside_the_plan", "indicators/all.yaml", "by: 2031-06-30",
          "by: 2033-01-06", 11, "不在规划期 2030-01-05 至 2033-01-05 之内"),
    Break("forms_fit_their_indicators", "indicators/all.yaml", "    limit: 0.15\n", "", 22,
          "没有写 limit"),
    Break("forms_fit_their_indicators", "indicators/all.yaml", "test: gap_below",
          "test: not_below", 26, "limit 用不上"),
    Break("forms_fit_their_indicators", "indicators/all.yaml", "    form: rising",
          "    form: rising\n    share: 0.5", 65, "share 用不上"),
    Break("forms_fit_their_indicators", "indicators/all.yaml", "value: large__primary + invited",
          "value: large__primary + invited\n  period: plan", 64, "整个规划期只有一个值"),
    Break("standing_goals_have_no_day", "indicators/all.yaml", "by: 2031-06-30",
          "by: 2031-06-30\n    standing: true", 12, "既自始有效", WARNING),
    Break("duties_run_inside_the_plan", "duties/all.yaml", "starts: 2030-09-01\n  ends: 2031-09-01",
          "starts: 2031-09-01\n  ends: 2031-09-01", 9, "的起 2031-09-01 不早于止 2031-09-01"),
    Break("duties_run_inside_the_plan", "duties/all.yaml",
          "evidence: {ledger: trainings, on: starts_on}",
          "evidence: {ledger: trainings, on: starts_on}\n  ends: 2033-02-01", 32, "超出规划期"),
    Break("duties_are_whole", "duties/all.yaml", ", ends: ends_on", "", 30, "没有写结束日在哪一列"),
    Break("duties_are_whole", "duties/all.yaml", "  subject: staff\n", "", 15, "population 用不上"),
    Break("weekly_duties_have_teaching_weeks", "duties/all.yaml", "ends: 2031-09-01",
          "ends: 2031-09-02", 6, "没有 2031-2032 学年的校历"),
    Break("milestones_fall_inside_the_plan", "milestones/all.yaml", "by: 2030-06-30",
          "by: 2029-06-30", 6, "期限 2029-06-30 不在规划期"),
    Break("milestones_name_one_subject", "milestones/all.yaml", "  org: xh-01\n", "", 1,
          "应写明由哪个单位（org）或哪组单位（among）"),
    Break("sums_reconcile", "sums.yaml", "[30, 30, 30]", "[30, 30, 30.01]", 5,
          "30 + 30 + 30.01 = 90.01，应等于 90"),
    Break("money_parts_add_up", "money.yaml", "720000", "720000.01", 5,
          "是 6590000 元，分项合计 6590000.01 元（building、equipment）"),
    Break("money_makes_no_circle", "money.yaml", "equipment:\n",
          "loop:\n  label: {zh: 甲, en: A}\n  clause: S1\n  org: xh-01\n  amount: 1\n"
          "  part_of: loop\nequipment:\n", 17, "上下级成了一圈：loop → loop"),
    Break("floors_fit_in_quotas", "duties/all.yaml", "total: 90", "total: 59", 20,
          "各项下限合计 60，超过总量 59", WARNING),
    Break("groups_are_used", "groups.yaml", "good_schools:\n",
          "lonely:\n  label: {zh: 甲, en: A}\n  where: 'TRUE'\ngood_schools:\n", 4,
          "“lonely”声明了，但没有用到", WARNING),
    Break("roles_are_used", "roles.yaml", "principal:\n",
          "idle:\n  label: {zh: 甲, en: A}\nprincipal:\n", 3, "“idle”声明了，但没有用到", WARNING),
    Break("kinds_are_used", "kinds.yaml", "scheme:\n",
          "idle:\n  ledger: documents\n  label: {zh: 甲, en: A}\nscheme:\n", 4,
          "“idle”声明了，但没有用到", WARNING),
    Break("organisations_are_used", "orgs.yaml", "xh-03:\n",
          "xh-09:\n  label: {zh: 甲, en: A}\n  kind: school\nxh-03:\n", 8,
          "“xh-09”声明了，但没有用到", WARNING),
    Break("unverified_things_are_listed", "indicators/all.yaml", "source: 旧标准",
          "source: 旧标准, verified: false", 13, "“books”尚未对照原件核实，出处：旧标准", INFO),
    Break("unverified_things_are_listed", "calendar.yaml", "source: 虚构校历",
          "source: 虚构校历\nverified: false", 8,
          "“calendar”尚未对照原件核实，出处：虚构校历", INFO),
)  # fmt: skip


@pytest.mark.parametrize("broken", BREAKS, ids=[f"{b.rule}-{b.line}" for b in BREAKS])
def test_one_break_is_one_finding_of_its_own_rule(county: County, broken: Break) -> None:
    county.edit(f"xinghe-2030/{broken.file}", broken.old, broken.new)
    [issue] = county.issues()
    place = (issue.level, issue.file, issue.line)
    assert place == (broken.level, f"xinghe-2030/{broken.file}", broken.line), str(issue)
    assert broken.says in str(issue)
    assert issue.proposal is not None
    [rule] = [rule for rule in RULES if rule.__name__ == broken.rule]
    assert check(county.load(), LEDGERS, rules=(rule,)) == (issue,)


def test_every_rule_has_a_package_that_breaks_it() -> None:
    assert {rule.__name__ for rule in RULES} == {broken.rule for broken in BREAKS}


def test_findings_come_with_errors_first(county: County) -> None:
    county.edit("xinghe-2030/sums.yaml", "total: 90", "total: 91")
    county.edit("xinghe-2030/duties/all.yaml", "total: 90", "total: 59")
    county.edit(
        "xinghe-2030/calendar.yaml", "source: 虚构校历", "source: 虚构校历\nverified: false"
    )
    found = county.issues()
    assert [issue.level for issue in found] == [ERROR, WARNING, INFO]
    assert not sound(found)
    assert sound(found[1:])


def test_a_plan_whose_end_comes_before_its_start_is_refused_without_a_crash(
    county: County,
) -> None:
    county.edit("xinghe-2030/plan.yaml", "ends: 2033-01-05", "ends: 2030-01-05")
    first = county.issues()[0]
    assert "规划期" in str(first)
    assert {issue.line for issue in county.issues() if issue.code == "plan.dates"} == {8}


def test_a_part_of_unknown_money_is_told_and_leaves_its_sum_short(county: County) -> None:
    county.edit("xinghe-2030/money.yaml", "part_of: kindergartens\n  quant", "part_of: k\n  quant")
    assert [(issue.code, issue.line) for issue in county.issues()] == [
        ("money.sum", 5),
        ("reference", 17),
    ]


def test_money_that_is_part_of_itself_is_refused(county: County) -> None:
    county.edit("xinghe-2030/money.yaml", "amount: 6590000", "amount: 6590000\n  part_of: building")
    assert {(i.code, i.line) for i in county.issues()} == {
        ("cycle", 6),
        ("money.sum", 11),
    }


def test_the_sums_of_the_notice_reconcile(county: County) -> None:
    county.write(
        "xinghe-2030/sums.yaml",
        "".join(
            f"{name}:\n  label: {{zh: 甲, en: A}}\n  clause: M1\n  unit: wan\n"
            f"  total: {total}\n  parts: {parts}\n"
            for name, total, parts in (
                ("dasheng", "659", "[587, 72]"),
                ("guanzhuang", "15.2", "[13.2, 2]"),
                ("hours", "90", "[30, 30, 30]"),
            )
        ),
    )
    assert county.issues() == ()


def test_a_value_that_was_in_force_on_the_day_due_is_enough(county: County) -> None:
    county.edit("xinghe-2030/indicators/all.yaml", "by: 2031-06-30", "by: 2030-12-31")
    assert county.issues() == ()
    county.edit("xinghe-2030/indicators/all.yaml", "until: 2031-01-01", "until: 2030-12-31")
    assert [issue.line for issue in county.issues()] == [12]


def test_ledger_names_are_checked_only_against_a_list(county: County) -> None:
    county.edit("xinghe-2030/indicators/all.yaml", "source: teachers_at", "source: teachers")
    assert check(county.load()) == ()
    assert len(county.issues()) == 1


def test_a_standard_alone_is_sound(county: County) -> None:
    assert check(load(county.standards / "rules-2029", county.standards), LEDGERS) == ()


def test_examining_what_cannot_be_read_gives_the_reasons(county: County) -> None:
    county.write("xinghe-2030/sums.yaml", "")
    loaded, issues = examine(county.plans / "xinghe-2030", county.standards)
    assert loaded is None
    assert [str(issue.message) for issue in issues] == ["文件是空的。"]
