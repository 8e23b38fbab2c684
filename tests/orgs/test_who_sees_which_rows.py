"""Scope: what exists for each of the cast, day by day."""

from datetime import UTC, date, datetime

import pytest

from tests.orgs import cast
from tests.orgs.cast import (
    COUNTY,
    ELSEWHERE,
    IN_ONE,
    IN_THREE,
    IN_TWO,
    MOVED_ON,
    MOVER,
    MOVING,
    OFFICE,
    OTHER_SCHOOL,
    OTHER_TOWN,
    SCHOOL,
    TODAY,
    TOWN,
)
from zhuji.kernel.errors import NotFound
from zhuji.ledgers import visibility
from zhuji.ledgers.models import rows_of
from zhuji.orgs import accounts, actions, maintenance
from zhuji.orgs.actions import Class

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
EVERY_PUPIL = set(cast.ROLL)


@pytest.mark.parametrize(
    ("role", "org", "pupils"),
    [
        ("director", COUNTY, EVERY_PUPIL),
        ("officer", OFFICE, EVERY_PUPIL),
        ("town_officer", TOWN, {IN_ONE, IN_TWO, IN_THREE}),
        ("town_officer", OTHER_TOWN, {ELSEWHERE, MOVER}),
        ("principal", SCHOOL, {IN_ONE, IN_TWO, IN_THREE}),
        ("clerk", OTHER_SCHOOL, {ELSEWHERE}),
        ("care_officer", TOWN, {IN_ONE, IN_TWO, IN_THREE}),
        ("auditor", COUNTY, EVERY_PUPIL),
        ("researcher", OFFICE, set()),
        ("parent", SCHOOL, set()),
        ("system_administrator", COUNTY, set()),
        ("audit_administrator", COUNTY, set()),
    ],
)
def test_a_role_sees_the_pupils_of_its_org_and_below(role: str, org: str, pupils: set[str]) -> None:
    who = cast.person("someone")
    cast.hold(who, cast.seat(role, org))
    assert cast.seen(cast.reader(who), "pupils", "pupil_no") == pupils


@pytest.mark.parametrize(
    ("role", "org", "pupils"),
    [
        ("director", COUNTY, set()),
        ("officer", OFFICE, set()),
        ("town_officer", TOWN, set()),
        ("auditor", COUNTY, set()),
        ("principal", SCHOOL, {IN_ONE, IN_TWO, IN_THREE}),
        ("care_officer", TOWN, {IN_ONE, IN_TWO, IN_THREE}),
    ],
)
def test_hardship_stays_with_the_school_and_the_care_officer(
    role: str, org: str, pupils: set[str]
) -> None:
    who = cast.person("someone")
    cast.hold(who, cast.seat(role, org))
    assert cast.seen(cast.reader(who), "special_pupils", "pupil_no") == pupils


def test_someone_without_a_post_sees_nothing() -> None:
    nobody = cast.reader(cast.person("nobody"))
    for ledger in ("orgs", "staff", "pupils", "special_pupils", "classes"):
        assert not visibility.visible_to(nobody, ledger).exists()


def test_a_record_out_of_scope_looks_like_one_that_never_was() -> None:
    clerk = cast.person("clerk")
    cast.hold(clerk, cast.seat("clerk", OTHER_SCHOOL))
    reading = cast.reader(clerk)
    theirs = rows_of("pupils").get(pupil_no=IN_ONE)
    with pytest.raises(NotFound) as foreign:
        visibility.one(reading, "pupils", theirs.pk)
    with pytest.raises(NotFound) as never:
        visibility.one(reading, "pupils", 10**9)
    assert str(foreign.value) == str(never.value)


def test_a_teacher_sees_the_class_the_ledger_gives_and_the_one_in_charge() -> None:
    teacher = cast.person("teacher", "S000001")
    post = cast.hold(teacher, cast.seat("teacher", SCHOOL))
    assert cast.seen(cast.reader(teacher), "pupils", "pupil_no") == {IN_ONE}
    actions.charge(post.pk, Class("primary", 3, 2), None, actor=cast.chief(), now=cast.NOW)
    reading = cast.reader(teacher)
    assert cast.seen(reading, "pupils", "pupil_no") == {IN_ONE, IN_TWO}
    assert cast.seen(reading, "special_pupils", "pupil_no") == {IN_ONE, IN_TWO}
    assert cast.seen(reading, "staff", "staff_no") == {"S000001"}


def test_a_class_is_seen_only_while_it_is_in_charge() -> None:
    teacher = cast.person("teacher")
    post = cast.hold(teacher, cast.seat("teacher", SCHOOL))
    until, taught = date(2022, 3, 15), Class("primary", 3, 2)
    actions.charge(post.pk, taught, until, actor=cast.chief(), now=cast.NOW)
    eve = date(2022, 2, 28)
    assert cast.seen(cast.reader(teacher, eve), "pupils", "pupil_no") == set()
    assert cast.seen(cast.reader(teacher), "pupils", "pupil_no") == {IN_TWO}
    assert cast.seen(cast.reader(teacher, until), "pupils", "pupil_no") == set()


def test_heading_a_class_elsewhere_opens_none_here() -> None:
    """3-2 of the other school is theirs; 3-2 of this one is not."""
    cast.put("classes", {**cast.headed(2, "S000002"), "org": OTHER_SCHOOL})
    teacher = cast.person("teacher", "S000002")
    cast.hold(teacher, cast.seat("teacher", SCHOOL))
    assert cast.seen(cast.reader(teacher), "pupils", "pupil_no") == set()


def test_last_years_head_teacher_sees_the_class_no_more() -> None:
    teacher = cast.person("teacher", "S000001")
    cast.hold(teacher, cast.seat("teacher", SCHOOL))
    assert cast.seen(cast.reader(teacher, date(2022, 8, 31)), "pupils", "pupil_no") == {IN_ONE}
    assert cast.seen(cast.reader(teacher, date(2022, 9, 1)), "pupils", "pupil_no") == set()


def test_a_class_number_alone_is_not_a_class() -> None:
    """3-1 of another school is somebody else's."""
    teacher = cast.person("teacher", "S000009")
    post = cast.hold(teacher, cast.seat("teacher", SCHOOL))
    actions.charge(post.pk, Class("primary", 3, 1), None, actor=cast.chief(), now=cast.NOW)
    assert cast.seen(cast.reader(teacher), "pupils", "pupil_no") == {IN_ONE}
    assert ELSEWHERE not in cast.seen(cast.reader(teacher), "enrolments", "pupil_no")


def test_a_pupil_who_left_the_class_is_gone_the_next_day() -> None:
    teacher = cast.person("teacher", "S000001")
    cast.hold(teacher, cast.seat("teacher", SCHOOL))
    cast.put("enrolments", {**cast.enrolment(IN_ONE, SCHOOL, 1), "valid_to": TODAY})
    assert cast.seen(cast.reader(teacher, date(2022, 2, 28)), "pupils", "pupil_no") == {IN_ONE}
    assert cast.seen(cast.reader(teacher, TODAY), "pupils", "pupil_no") == set()


def test_a_transferred_pupil_belongs_to_the_new_school_at_once() -> None:
    old, new = cast.person("old"), cast.person("new")
    cast.hold(old, cast.seat("principal", SCHOOL))
    cast.hold(new, cast.seat("principal", OTHER_SCHOOL))
    cast.put("pupils", cast.pupil(IN_ONE, OTHER_SCHOOL))
    assert IN_ONE not in cast.seen(cast.reader(old), "pupils", "pupil_no")
    assert IN_ONE in cast.seen(cast.reader(new), "pupils", "pupil_no")


def test_a_post_that_ended_yesterday_shows_nothing_today() -> None:
    """The end is not included: to 1 March means that 28 February was the last day."""
    principal = cast.person("principal")
    cast.hold(principal, cast.seat("principal", SCHOOL, end=TODAY))
    assert cast.reader(principal, date(2022, 2, 28)).orgs == {SCHOOL}
    assert cast.reader(principal).orgs == set()
    assert cast.seen(cast.reader(principal), "pupils", "pupil_no") == set()


def test_a_post_of_tomorrow_shows_nothing_yet() -> None:
    clerk = cast.person("clerk")
    cast.hold(clerk, cast.seat("clerk", SCHOOL, start=date(2022, 3, 2)))
    assert cast.reader(clerk).orgs == set()
    assert cast.reader(clerk, date(2022, 3, 2)).orgs == {SCHOOL}


def test_a_school_that_moves_changes_towns_on_the_day() -> None:
    before, after = cast.person("before"), cast.person("after")
    cast.hold(before, cast.seat("town_officer", TOWN))
    cast.hold(after, cast.seat("town_officer", OTHER_TOWN))
    eve = date(2022, 1, 31)
    assert MOVING in cast.reader(before, eve).orgs
    assert MOVING not in cast.reader(after, eve).orgs
    assert MOVING not in cast.reader(before, MOVED_ON).orgs
    assert MOVING in cast.reader(after, MOVED_ON).orgs


def test_a_pairing_opens_no_doors() -> None:
    """The lead school of an urban-rural pair is not above its partner."""
    principal = cast.person("principal")
    cast.hold(principal, cast.seat("principal", OTHER_SCHOOL))
    assert cast.reader(principal).orgs == {OTHER_SCHOOL}


def test_a_deputy_sees_what_the_holder_sees_while_it_lasts() -> None:
    teacher, deputy = cast.person("teacher", "S000001"), cast.person("deputy", "S000002")
    post = cast.hold(teacher, cast.seat("teacher", SCHOOL))
    until = date(2022, 3, 15)
    actions.deputise(post.pk, "deputy", until, actor=teacher, now=cast.NOW, why="产假")
    reading = cast.reader(deputy)
    assert cast.seen(reading, "pupils", "pupil_no") == {IN_ONE}
    assert [grant.deputy_of for grant in reading.grants] == ["teacher"]
    assert cast.reader(deputy, date(2022, 3, 14)).orgs == {SCHOOL}
    assert cast.reader(deputy, until).orgs == set()


def test_a_deputy_falls_with_the_post() -> None:
    principal, deputy = cast.person("principal"), cast.person("deputy")
    post = cast.hold(principal, cast.seat("principal", SCHOOL))
    until = date(2022, 6, 1)
    actions.deputise(post.pk, "deputy", until, actor=principal, now=cast.NOW, why="外出学习")
    actions.end(post.pk, TODAY, actor=cast.chief(), now=cast.NOW, why="调离")
    assert cast.reader(deputy).orgs == set()


def test_whoever_is_suspended_sees_nothing_from_then_on() -> None:
    principal = cast.person("principal")
    cast.hold(principal, cast.seat("principal", SCHOOL))
    accounts.suspend("principal", actor=cast.chief(), now=cast.NOW, why="调查")
    assert cast.reader(principal).orgs == set()
    accounts.restore("principal", actor=cast.chief(), now=cast.NOW, why="查清")
    assert cast.reader(principal).orgs == {SCHOOL}


def test_several_posts_add_up() -> None:
    both = cast.person("both", "S000001")
    cast.hold(both, cast.seat("clerk", OTHER_SCHOOL))
    cast.hold(both, cast.seat("teacher", SCHOOL))
    assert cast.seen(cast.reader(both), "pupils", "pupil_no") == {ELSEWHERE, IN_ONE}


def test_maintenance_ends_by_itself() -> None:
    system = cast.person("system")
    cast.hold(system, cast.seat("system_administrator", COUNTY))
    maintenance.open_session(actor=system, now=cast.NOW, minutes=30, why="导入失败排查")
    assert cast.seen(cast.reader(system), "pupils", "pupil_no") == EVERY_PUPIL
    assert cast.seen(cast.reader(system), "special_pupils", "pupil_no") == set()
    later = datetime(2022, 3, 1, 1, 30, tzinfo=UTC)
    closed = visibility.reader_of(system, now=later, today=TODAY)
    assert cast.seen(closed, "pupils", "pupil_no") == set()


def test_maintenance_falls_with_the_post() -> None:
    system = cast.person("system")
    post = cast.hold(system, cast.seat("system_administrator", COUNTY))
    maintenance.open_session(actor=system, now=cast.NOW, minutes=30, why="导入失败排查")
    actions.end(post.pk, TODAY, actor=cast.chief(), now=cast.NOW, why="调离")
    assert cast.reader(system).orgs == set()


def test_the_records_of_a_closed_school_stay_with_its_town() -> None:
    cast.put(
        "orgs",
        {
            "org": SCHOOL,
            "name": "撤并小学",
            "kind": "school",
            "valid_from": cast.SINCE,
            "valid_to": MOVED_ON,
        },
    )
    cast.put("org_edges", cast.edge(SCHOOL, TOWN, end=MOVED_ON))
    officer, other = cast.person("officer"), cast.person("other")
    cast.hold(officer, cast.seat("town_officer", TOWN))
    cast.hold(other, cast.seat("town_officer", OTHER_TOWN))
    assert SCHOOL in cast.reader(officer).orgs
    assert SCHOOL not in cast.reader(other).orgs
