"""An amended plan is a new version from a day on; what was due before stays with the old."""

import shutil
from datetime import date

import pytest

from tests.plan.packages import County
from zhuji.kernel.errors import BadInput, NotFound
from zhuji.plan.load import load_versions
from zhuji.plan.model import Plan
from zhuji.plan.versions import (
    Change,
    binding_at,
    bindings,
    compare,
    effective,
    in_force,
)

AMENDED = "xinghe-2030@2"
TAKES_EFFECT = date(2031, 3, 1)


@pytest.fixture
def amended(county: County) -> County:
    """The second version, from March 2031: another scheme date, no weekly visits, a new duty."""
    shutil.copytree(county.plans / county.name, county.plans / AMENDED)
    header = f"{AMENDED}/plan.yaml"
    county.edit(header, 'version: "1"', 'version: "2"\namends: "1"')
    county.edit(header, "takes_effect: 2030-01-05", "takes_effect: 2031-03-01")
    return county


def plans(county: County) -> list[Plan]:
    return [one.plan for one in load_versions(county.plans / AMENDED, county.standards)]


def test_a_version_beside_the_one_it_amends_is_sound(amended: County) -> None:
    second = County(amended.plans, AMENDED)
    assert second.issues() == ()
    assert amended.issues() == ()
    [sibling] = second.load().siblings
    assert (sibling.version, sibling.folder) == ("1", "xinghe-2030")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('version: "2"', 'version: "1"', 2, "已有版本 1"),
        ('amends: "1"', 'amends: "0"', 3, "没有被修订的版本 0"),
        ("effect: 2031-03-01", "effect: 2030-01-05", 10, "应晚于原版本的 2030-01-05"),
    ],
)
def test_a_version_that_does_not_follow_is_refused(
    amended: County, old: str, new: str, line: int, says: str
) -> None:
    amended.edit(f"{AMENDED}/plan.yaml", old, new)
    [issue] = County(amended.plans, AMENDED).issues()
    assert (issue.file, issue.line) == (f"{AMENDED}/plan.yaml", line)
    assert says in str(issue)


def test_a_version_beside_that_cannot_be_read_is_a_warning_here(amended: County) -> None:
    amended.write(f"{AMENDED}/plan.yaml", "")
    [issue] = amended.issues()
    assert (issue.code, issue.level) == ("versions.unreadable", "warning")


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2030, 1, 5), "1"),
        (date(2031, 2, 28), "1"),
        (date(2031, 3, 1), "2"),
        (date(2040, 1, 1), "2"),
    ],
)
def test_the_version_in_force_changes_on_the_day_named(
    amended: County, day: date, version: str
) -> None:
    assert in_force(plans(amended), day).version == version


def test_before_the_first_version_nothing_is_in_force(amended: County) -> None:
    with pytest.raises(NotFound) as refusal:
        in_force(plans(amended), date(2030, 1, 4))
    assert "最早的版本自 2030-01-05 起施行" in str(refusal.value)


def test_versions_of_the_same_day_or_of_different_plans_have_no_order(county: County) -> None:
    plan = county.load().plan
    with pytest.raises(BadInput, match="同日施行"):
        in_force([plan, plan.model_copy(update={"version": "2"})], date(2031, 1, 1))
    other = plan.model_copy(update={"id": "other", "takes_effect": TAKES_EFFECT})
    with pytest.raises(BadInput, match="不是同一个规划"):
        in_force([plan, other], date(2031, 1, 1))


def test_each_version_judges_what_falls_due_while_it_is_in_force(amended: County) -> None:
    known = bindings(plans(amended))
    before, after = date(2031, 2, 28), TAKES_EFFECT
    for node in ("visit", "books", "scheme"):
        old, new = binding_at(known, node, before), binding_at(known, node, after)
        assert old is not None
        assert new is not None
        assert (old.version, old.until, new.version, new.until) == ("1", after, "2", None)
    assert binding_at(known, "visit", date(2030, 1, 4)) is None


def test_what_a_version_drops_binds_until_the_day_and_not_after(amended: County) -> None:
    text = (amended.plans / f"{AMENDED}/duties/all.yaml").read_text(encoding="utf-8")
    amended.write(f"{AMENDED}/duties/all.yaml", text[text.index("hours:") :])
    known = bindings(plans(amended))
    assert binding_at(known, "visit", date(2031, 2, 28)) is not None
    assert binding_at(known, "visit", TAKES_EFFECT) is None
    seen = effective(plans(amended), date(2031, 6, 1))
    assert seen.version_of["visit"] == "1"
    assert seen.version_of["hours"] == "2"
    assert [duty.id for duty in seen.plan.duties] == ["hours", "shadow", "visit"]


def test_a_milestone_that_was_due_stays_with_the_version_that_asked(amended: County) -> None:
    seen = effective(plans(amended), date(2032, 1, 1))
    assert seen.version_of["scheme"] == "1"
    assert {one.id for one in seen.earlier} == {"visit", "hours", "shadow"}


def test_a_milestone_loosened_after_its_day_stays_due_on_its_day(amended: County) -> None:
    amended.edit(f"{AMENDED}/milestones/all.yaml", "by: 2030-06-30", "by: 2031-01-31")
    seen = effective(plans(amended), date(2032, 1, 1))
    [stone] = seen.plan.milestones
    assert (stone.by, seen.version_of["scheme"]) == (date(2030, 6, 30), "1")


def test_a_milestone_asked_again_binds_anew_and_its_first_day_is_kept(amended: County) -> None:
    amended.edit(f"{AMENDED}/milestones/all.yaml", "by: 2030-06-30", "by: 2031-06-30")
    seen = effective(plans(amended), date(2032, 1, 1))
    assert [stone.by for stone in seen.plan.milestones] == [date(2031, 6, 30)]
    assert seen.version_of["scheme"] == "2"
    first = [one for one in seen.earlier if one.id == "scheme"]
    assert [(one.version, one.until) for one in first] == [("1", TAKES_EFFECT)]


def test_a_dropped_milestone_that_was_due_stays_with_its_item(amended: County) -> None:
    amended.write(f"{AMENDED}/milestones/all.yaml", "other:\n" + "".join(
        line + "\n" for line in (
            "  label: {zh: 甲, en: A}", "  clauses: [M1]", "  owner: bureau", "  org: xh-01",
            "  by: 2032-01-01", "  evidence: {ledger: documents, on: issued_on}",
        )
    ))  # fmt: skip
    items = (amended.plans / f"{AMENDED}/items/all.yaml").read_text(encoding="utf-8")
    amended.write(f"{AMENDED}/items/all.yaml", items[: items.index("S1:")])
    for file in ("money", "bodies"):
        (amended.plans / f"{AMENDED}/{file}.yaml").unlink()
    seen = effective(plans(amended), date(2032, 1, 1))
    assert [stone.id for stone in seen.plan.milestones] == ["other", "scheme"]
    assert seen.version_of["scheme"] == "1"
    assert [item.id for item in seen.plan.items] == ["T1", "A1", "M1", "M2", "S1"]


def test_a_dropped_milestone_that_was_not_yet_due_is_gone(amended: County) -> None:
    amended.edit("xinghe-2030/milestones/all.yaml", "by: 2030-06-30", "by: 2031-06-30")
    (amended.plans / f"{AMENDED}/milestones/all.yaml").unlink()
    assert effective(plans(amended), date(2032, 1, 1)).plan.milestones == ()


@pytest.mark.parametrize(
    ("due", "by", "version"),
    [("2030-06-30", date(2030, 6, 30), "1"), ("2031-06-30", date(2031, 6, 30), "2")],
)
def test_a_goal_that_was_due_stays_with_the_version_that_set_it(
    amended: County, due: str, by: date, version: str
) -> None:
    for name in ("xinghe-2030", AMENDED):
        amended.edit(f"{name}/indicators/all.yaml", "by: 2031-06-30", f"by: {due}")
    seen = effective(plans(amended), date(2032, 1, 1))
    books = next(one for one in seen.plan.indicators if one.id == "books")
    assert books.goal is not None
    assert (books.goal.by, seen.version_of["books"]) == (by, version)


def test_a_goal_that_was_due_and_then_dropped_still_stands(amended: County) -> None:
    amended.edit("xinghe-2030/indicators/all.yaml", "by: 2031-06-30", "by: 2030-06-30")
    path = f"{AMENDED}/indicators/all.yaml"
    text = (amended.plans / path).read_text(encoding="utf-8")
    goal = text[text.index("  goal:\n    form: threshold") : text.index("books_gap:")]
    amended.edit(path, goal, "")
    seen = effective(plans(amended), date(2032, 1, 1))
    books = next(one for one in seen.plan.indicators if one.id == "books")
    assert books.goal is not None
    assert seen.version_of["books"] == "1"


def test_versions_are_compared_entry_by_entry(amended: County) -> None:
    amended.edit(f"{AMENDED}/sums.yaml", "hours_total:", "hours_sum:")
    amended.edit(f"{AMENDED}/duties/all.yaml", "total: 90", "total: 120")
    amended.edit(f"{AMENDED}/roles.yaml", "en: Bureau", "en: Education bureau")
    old, new = plans(amended)
    assert compare(old, new) == (
        Change("duties", "hours", "changed", ("cadence",)),
        Change("roles", "bureau", "changed", ("label",)),
        Change("sums", "hours_sum", "added"),
        Change("sums", "hours_total", "removed"),
    )
    assert compare(old, old) == ()
