"""Each of the other roles does what the tutorial tells of it, and finds nothing beyond."""

from typing import Any

import pytest

from tests.e2e.visitor import Visit

NOT_THERE = 404


def test_a_teacher_on_the_phone_sees_the_own_class_and_nobody_else(
    visit: Visit, samples: dict[str, Any]
) -> None:
    teacher = visit("teacher", phone=True).go("/ledgers/pupils/")
    assert f"共 {len(samples['class'])} 行" in teacher.words
    for pupil, found in ((samples["class"][0], 200), (samples["other_pupil"], NOT_THERE)):
        answer = teacher.page.goto(f"{teacher.address}/ledgers/pupils/{pupil}/")
        assert answer is not None
        assert answer.status == found


def test_a_teacher_finds_every_place_from_the_bar_at_the_foot(visit: Visit) -> None:
    teacher = visit("teacher", phone=True).go("/")
    teacher.page.locator("nav.bottom [data-nav]").tap()
    assert teacher.page.locator("#nav").is_visible()
    teacher.page.locator("#nav").get_by_role("link", name="台账").tap()
    teacher.page.wait_for_url("**/ledgers/")


def test_a_town_officer_takes_up_an_instruction_and_reaches_only_the_own_town(
    visit: Visit, samples: dict[str, Any]
) -> None:
    town = visit("town_officer").go("/")
    town.press(town.page.locator(".tasks a").first).link("去办理")
    assert town.path.startswith("/plan/")
    town.go("/orgs/")
    assert "大盛小学" in town.words
    assert "市实验小学" not in town.words
    answer = town.page.goto(f"{town.address}/orgs/2137000001/")
    assert answer is not None
    assert answer.status == NOT_THERE


def test_a_researcher_reads_an_indicator_down_to_its_formula(visit: Visit) -> None:
    researcher = visit("researcher").go("/indicators/l1.primary/").link("这个数怎么来的")
    said = researcher.words
    for word in ("分子 / 分母", "数据来源", "条款", "算法版本"):
        assert word in said
    researcher.press(researcher.page.get_by_text("算法的 SQL").first)
    assert "100 * l1_teachers__primary / " in researcher.words


def test_a_care_officer_reveals_one_number_with_a_reason_that_stays(
    visit: Visit, samples: dict[str, Any]
) -> None:
    care = visit("care_officer").go(f"/ledgers/pupils/{samples['pupil']}/")
    fold = care.page.locator("details.reveal").first
    shown = care.page.locator("span[id^=value-]", has_text="*").first
    masked = shown.inner_text()
    care.press(fold.locator("summary"))
    fold.locator("[name=reason]").fill("核实缺勤原因")
    fold.get_by_role("button", name="查看").click()
    value = care.page.locator("span[id^=value-] b").first
    value.wait_for()
    assert "*" in masked
    assert "*" not in value.inner_text()
    care.go("/children/").type("number", samples["pupil_no"]).button("查询")
    assert "核实缺勤原因" in care.words


def test_an_auditor_reads_everything_and_changes_nothing(
    visit: Visit, samples: dict[str, Any]
) -> None:
    auditor = visit("auditor").go("/indicators/l1.primary/explain/")
    assert "分子 / 分母" in auditor.words
    auditor.go("/ledgers/clubs/")
    assert "合唱团" in auditor.words
    for deed in ("新增一行", "粘贴或上传 Excel", "删除所选"):
        assert auditor.page.get_by_text(deed).count() == 0
    answer = auditor.page.goto(f"{auditor.address}/ledgers/clubs/{samples['club']}/edit/")
    assert answer is not None
    assert answer.status == NOT_THERE


def test_an_audit_administrator_finds_the_last_proven_restore_and_the_head_of_the_trail(
    visit: Visit,
) -> None:
    keeper = visit("audit_administrator").go("/").link("备份与留痕")
    assert keeper.path == "/trust/"
    assert "链头" in keeper.words


@pytest.mark.parametrize("role", ["system_administrator", "audit_administrator"])
def test_who_keeps_the_machines_sees_no_child(
    visit: Visit, role: str, samples: dict[str, Any]
) -> None:
    keeper = visit(role)
    answer = keeper.page.goto(f"{keeper.address}/ledgers/pupils/{samples['pupil']}/")
    assert answer is not None
    assert answer.status == NOT_THERE


def test_a_guardian_opens_the_link_of_the_school_once_and_sees_the_own_child(
    visit: Visit, samples: dict[str, Any]
) -> None:
    guardian = visit(phone=True).go(f"/child/link/{samples['token']}/")
    guardian.press(guardian.page.locator("main form button").first)
    assert guardian.path == "/child/"
    assert samples["pupil_name"] in guardian.words
    again = visit(phone=True).go(f"/child/link/{samples['token']}/")
    again.press(again.page.locator("main form button").first)
    assert samples["pupil_name"] not in again.page.inner_text("body")
