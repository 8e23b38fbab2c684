"""A version is put in force by two people, and judges from its day on; nothing past is changed."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.cockpit.readers import DIRECTOR, HEAD, OFFICER
from tests.programme.yunxi import COUNTY, PLANS
from zhuji.kernel.errors import BadInput, NotAllowed, Refused
from zhuji.ledgers import actions as ledgers
from zhuji.orgs import audit
from zhuji.orgs.scope import Reader
from zhuji.programme import enacted, enacting, library, standing
from zhuji.programme.models import Enactment

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 6, 30, 1, tzinfo=UTC)
TODAY, JULY = date(2025, 6, 30), date(2025, 7, 1)
SECOND = "yunxi-2025@2"


@pytest.fixture(autouse=True)
def shelf(settings: Settings, tmp_path: Path, zhuji_home: Path) -> Path:
    """The plan of the county ships; its second version was uploaded."""
    ledgers.put(
        "orgs",
        [{"org": COUNTY, "name": "云溪县", "kind": "county", "valid_from": date(2000, 1, 1)}],
        actor="测试", now=NOW, cause="示例县",
    )  # fmt: skip
    settings.ZHUJI_PLANS = tmp_path / "plans"
    shutil.copytree(PLANS, settings.ZHUJI_PLANS)
    second = zhuji_home / "plans" / SECOND
    shutil.copytree(PLANS / "yunxi-2025", second)
    edit(second / "plan.yaml", 'version: "1"', 'version: "2"\namends: "1"')
    edit(second / "plan.yaml", "takes_effect: 2025-01-01", "takes_effect: 2026-01-01")
    edit(second / "duties" / "all.yaml", "times: 2", "times: 1")
    return second


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8")


def propose(since: date = JULY, by: Reader = DIRECTOR) -> Enactment:
    return enacting.propose(by, SECOND, since, "云教〔2025〕3号", now=NOW)


def put_in_force(since: date = JULY) -> None:
    enacting.confirm(OFFICER, propose(since).pk, now=NOW)


def version_on(day: date) -> str:
    return enacted.package("yunxi-2025", day).loaded.plan.version


def test_an_upload_judges_nobody_before_it_is_put_in_force() -> None:
    assert version_on(date(2026, 6, 30)) == "1"
    propose()
    assert version_on(date(2026, 6, 30)) == "1"


def test_it_judges_from_the_day_that_was_decided_not_from_its_own() -> None:
    put_in_force()
    assert version_on(TODAY) == "1"
    assert version_on(JULY) == "2"
    package = enacted.package("yunxi-2025", JULY)
    bound = {
        (one.since, one.until) for one in package.definitions if one.asked.id.startswith("y_town")
    }
    assert (JULY, None) in bound
    assert any(until == JULY for _since, until in bound)


def test_two_people_decide_and_both_leave_a_trace() -> None:
    made = propose()
    with pytest.raises(NotAllowed, match="提出人不能自己确认"):
        enacting.confirm(DIRECTOR, made.pk, now=NOW)
    enacting.confirm(OFFICER, made.pk, now=NOW)
    trail = audit.entries_about("enactment", str(made.pk))
    assert [(one.verb, one.actor, one.org) for one in trail] == [
        ("plan.propose", DIRECTOR.username, COUNTY),
        ("plan.enact", OFFICER.username, COUNTY),
    ]
    with pytest.raises(Refused, match="已经确认施行"):
        enacting.confirm(OFFICER, made.pk, now=NOW)


def test_a_school_decides_nothing() -> None:
    with pytest.raises(NotAllowed):
        propose(by=HEAD)
    made = propose()
    for act in (enacting.confirm, enacting.withdraw):
        with pytest.raises(NotAllowed):
            act(HEAD, made.pk, now=NOW)


def test_a_proposal_says_why_and_there_is_one_at_a_time() -> None:
    with pytest.raises(BadInput, match="请写明"):
        enacting.propose(DIRECTOR, SECOND, JULY, "  ", now=NOW)
    made = propose()
    with pytest.raises(Refused, match="待确认"):
        propose()
    enacting.withdraw(DIRECTOR, made.pk, now=NOW)
    assert enacting.pending() == ()
    assert propose().pk != made.pk


def test_files_changed_after_the_proposal_are_not_what_was_proposed(shelf: Path) -> None:
    made = propose()
    edit(shelf / "duties" / "all.yaml", "times: 1", "times: 3")
    with pytest.raises(Refused, match="提出以后改过"):
        enacting.confirm(OFFICER, made.pk, now=NOW)


def test_files_changed_after_the_decision_judge_nobody(shelf: Path) -> None:
    put_in_force()
    edit(shelf / "duties" / "all.yaml", "times: 1", "times: 3")
    with pytest.raises(Refused, match="批准施行后改过"):
        version_on(JULY)


def test_a_package_with_errors_is_refused_with_all_of_them(shelf: Path) -> None:
    edit(shelf / "plan.yaml", 'amends: "1"', 'amends: "0"')
    with pytest.raises(Refused, match="1 处错误") as refusal:
        propose()
    assert refusal.value.issues[0].file == f"{SECOND}/plan.yaml"


def test_a_day_on_which_another_version_judges_already_is_refused() -> None:
    for day in (date(2024, 12, 31), date(2025, 1, 1)):
        with pytest.raises(Refused, match="自 2025-01-01 起已经施行"):
            propose(day)


def test_a_version_that_is_in_force_is_not_put_in_force_again() -> None:
    with pytest.raises(Refused, match="已经施行"):
        enacting.propose(DIRECTOR, "yunxi-2025", JULY, "重来", now=NOW)
    put_in_force()
    with pytest.raises(Refused, match="已经施行"):
        propose(date(2025, 8, 1))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("starts: 2025-01-01", "starts: 2025-02-01", "规划期的起点"),
        ("by: 2025-03-31", "by: 2025-04-30", "期限 2025-04-30 在施行日之前"),
    ],
)
def test_what_was_due_before_the_day_cannot_be_changed(
    shelf: Path, old: str, new: str, told: str
) -> None:
    [changed] = [path for path in shelf.rglob("*.yaml") if old in path.read_text("utf-8")]
    edit(changed, old, new)
    found = enacting.consequences(library.volume(SECOND), JULY, today=TODAY)
    assert any(told in str(one) for one in found.obstacles), (found.obstacles, found.issues)


@pytest.mark.parametrize(("holiday", "is_possible"), [("2025-05-01", False), ("2025-10-01", True)])
def test_a_calendar_is_changed_from_the_day_on_only(
    shelf: Path, holiday: str, is_possible: bool
) -> None:
    (shelf / "calendar.yaml").write_text(f"holidays: [{holiday}]\nsource: 校历\n", "utf-8")
    found = enacting.consequences(library.volume(SECOND), JULY, today=TODAY)
    assert found.issues == ()
    assert found.is_possible is is_possible


def test_how_each_package_stands_is_told() -> None:
    def told() -> dict[str, str]:
        every = library.volumes()
        return {key: one.state for key, one in standing.now(every, TODAY).items()}

    assert told() == {"yunxi-2025": "in_force", SECOND: "shelved"}
    made = propose()
    assert told()[SECOND] == "proposed"
    enacting.confirm(OFFICER, made.pk, now=NOW)
    assert told() == {"yunxi-2025": "in_force", SECOND: "coming"}


def test_consequences_name_what_changes_before_anybody_decides() -> None:
    found = enacting.consequences(library.volume(SECOND), JULY, today=TODAY)
    assert found.is_possible
    assert found.before is not None
    assert found.before.plan.version == "1"
    assert [(one.section, one.what, one.fields) for one in found.changes] == [
        ("duties", "changed", ("cadence",))
    ]
