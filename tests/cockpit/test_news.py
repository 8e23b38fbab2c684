"""What was entered since the last visit, and when that was."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.orgs.cast import COUNTY, KINDS, OTHER_SCHOOL, SCHOOL, build_county, edge, pupil_no
from zhuji.cockpit.home import home, previous_visit
from zhuji.ledgers import actions
from zhuji.orgs import audit, roles
from zhuji.orgs.audit import About
from zhuji.orgs.scope import Grant, Reader

pytestmark = pytest.mark.django_db
VISIT = datetime(2022, 3, 2, 1, tzinfo=UTC)
NOW = VISIT + timedelta(days=1)
TODAY = date(2022, 3, 3)
OFFICER = Reader("officer", TODAY, (Grant(roles.OFFICER, COUNTY, frozenset(KINDS)),))
HEAD = Reader("head", TODAY, (Grant(roles.PRINCIPAL, SCHOOL, frozenset({SCHOOL})),))
TEACHER = Reader(
    "teacher", TODAY, (Grant(roles.TEACHER, SCHOOL, frozenset({SCHOOL}), staff_no="S000001"),)
)


@pytest.fixture(autouse=True)
def county() -> None:
    build_county()  # before the visit
    later = VISIT + timedelta(hours=2)
    for org in (SCHOOL, OTHER_SCHOOL):
        row = {"org": org, "kind": "music", "room_no": "1", "area": 96, "valid_from": TODAY}
        actions.put("rooms", [row], actor="clerk", now=later, cause="登记")
    poor = {"org": SCHOOL, "pupil_no": pupil_no(1), "category": "orphan", "basis": "民政认定",
            "valid_from": TODAY}  # fmt: skip
    actions.put("special_pupils", [poor], actor="clerk", now=later, cause="登记")
    moved = {**edge(SCHOOL, COUNTY, start=date(2022, 3, 3)), "hierarchy": "school_district"}
    actions.put("org_edges", [moved], actor="officer", now=later, cause="调整")


def told(reader: Reader, since: datetime = VISIT) -> dict[str, tuple[int, list[str]]]:
    found = home(reader, now=NOW, today=TODAY, since=since).news
    return {one.ledger: (one.created, [org.code for org in one.orgs]) for one in found}


def test_what_was_entered_in_the_readers_scope_is_told_by_ledger() -> None:
    assert told(OFFICER) == {"rooms": (2, [SCHOOL, OTHER_SCHOOL])}
    assert told(HEAD) == {
        "org_edges": (1, [SCHOOL]),
        "rooms": (1, [SCHOOL]),
        "special_pupils": (1, [SCHOOL]),
    }


def test_a_count_of_hardship_is_not_told_to_those_who_see_own_pupils_only() -> None:
    assert "special_pupils" not in told(TEACHER)
    assert "rooms" in told(TEACHER)


def test_nothing_is_new_after_the_last_change_or_at_the_first_visit() -> None:
    assert told(OFFICER, NOW) == {}
    assert home(OFFICER, now=NOW, today=TODAY).news == ()


def test_the_last_visit_is_the_sign_in_before_the_present_one() -> None:
    assert previous_visit("officer", now=NOW) is None
    for moment in (VISIT, NOW):
        audit.record("sign_in", About("person", "officer"), actor="officer", now=moment)
    assert previous_visit("officer", now=NOW) == VISIT
    assert previous_visit("head", now=NOW) is None
