"""Checks asked directly: what a page would show only after a long way, told by its own name."""

from collections.abc import Mapping
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tests.orgs import cast
from zhuji.api.doors import Door
from zhuji.cockpit.moment import Moment
from zhuji.kernel.errors import NotAllowed, NotFound, bad_value
from zhuji.kernel.messages import say
from zhuji.ledgers import entering, registry
from zhuji.ledgers.entering import Edit, Typed
from zhuji.ledgers.visibility import rows_about
from zhuji.orgs import scope
from zhuji.orgs.models import Person
from zhuji.orgs.roles import (
    CLERK,
    DIRECTOR,
    PRINCIPAL,
    RESEARCHER,
    ROLES,
    TEACHER,
    Role,
    Subject,
    role,
)
from zhuji.orgs.scope import Grant, Reader, tree_on
from zhuji.warehouse.hierarchy import EdgeRow, OrgRow
from zhuji.web import doors

BEGUN, MOVED, CLOSED = date(2010, 9, 1), date(2015, 9, 1), date(2020, 9, 1)
LATER = date(2025, 3, 1)
KEPT: Mapping[str, object] = {
    "org": cast.SCHOOL,
    "pupil_no": cast.IN_ONE,
    "name": "李小明",
    "guardian_phone": "13900000000",
}


def test_every_role_is_found_by_its_key_and_no_other_word_is_a_role() -> None:
    assert [role(one.key) for one in ROLES] == list(ROLES)
    with pytest.raises(NotFound, match="没有名为“superuser”的角色"):
        role("superuser")


def above(closed: date | None, *edges: EdgeRow) -> set[str]:
    """The towns that reach a school, as of a later day."""
    orgs = (
        OrgRow("one", "town", BEGUN, None),
        OrgRow("other", "town", BEGUN, None),
        OrgRow("school", "school", BEGUN, closed),
    )
    tree = tree_on(orgs, edges, LATER)
    return {town for town in ("one", "other") if "school" in tree.reach(town)}


def below(town: str, start: date, end: date | None = None) -> EdgeRow:
    return EdgeRow("school", town, start, end)


def test_a_school_is_below_the_town_of_the_day() -> None:
    assert above(None, below("one", BEGUN, MOVED), below("other", MOVED)) == {"other"}
    assert above(None, below("one", BEGUN, MOVED)) == set()


def test_a_school_that_will_move_and_then_close_is_still_where_it_was() -> None:
    coming, closing = date(2025, 9, 1), date(2026, 9, 1)
    assert above(closing, below("one", BEGUN, coming), below("other", coming)) == {"one"}


def test_a_closed_school_stays_below_its_last_town_and_no_earlier_one() -> None:
    assert above(CLOSED, below("one", BEGUN, CLOSED)) == {"one"}
    assert above(CLOSED, below("one", BEGUN, MOVED), below("other", MOVED)) == {"other"}
    lent = below("other", MOVED, date(2016, 9, 1))
    assert above(CLOSED, below("one", BEGUN), lent) == {"one"}


def test_a_closed_school_does_not_come_below_a_town_after_its_end() -> None:
    assert above(CLOSED, below("one", BEGUN), below("other", date(2021, 9, 1))) == {"one"}


def post(of: Role, org: str = cast.SCHOOL, **more: Any) -> Grant:
    return Grant(of, org, frozenset({org}), **more)


def test_a_post_held_as_deputy_names_whose_it_is() -> None:
    assert post(PRINCIPAL, "s", deputy_of="wang").duty == "principal@s deputy:wang"
    assert post(PRINCIPAL, "s").duty == "principal@s"


def covered(grant: Grant, ledger: str, *rows: tuple[str, str]) -> list[bool]:
    """Whether the post sees rows of (org, person)."""
    about = rows_about(ledger)
    made = ({"org": org, about.person or "nobody": person} for org, person in rows)
    return [grant.covers(about, row) is not None for row in made]


def test_a_teacher_sees_their_own_rows_wherever_kept_and_no_colleagues() -> None:
    own, moved = (cast.SCHOOL, "S000001"), (cast.OTHER_SCHOOL, "S000001")
    colleague, nameless = (cast.SCHOOL, "S000002"), (cast.SCHOOL, "")
    teacher = post(TEACHER, staff_no="S000001")
    assert covered(teacher, "posts", own, moved, colleague) == [True, True, False]
    assert covered(post(TEACHER), "posts", own, nameless) == [False, False]
    assert covered(post(PRINCIPAL), "posts", own, moved, colleague) == [True, False, True]


def test_a_teacher_sees_the_pupils_of_their_classes_and_no_others() -> None:
    own, other = (cast.SCHOOL, cast.IN_ONE), (cast.SCHOOL, cast.IN_TWO)
    moved = (cast.OTHER_SCHOOL, cast.IN_ONE)
    teacher = post(TEACHER, pupils=frozenset({cast.IN_ONE}))
    for ledger in ("pupils", "special_pupils"):
        assert covered(teacher, ledger, own, other, moved) == [True, False, False]
        assert covered(post(PRINCIPAL), ledger, own, other, moved) == [True, True, False]
        assert covered(post(RESEARCHER), ledger, own) == [False]
    assert covered(teacher, "funds", (cast.SCHOOL, ""), (cast.OTHER_SCHOOL, "")) == [True, False]


def test_a_reach_of_ones_own_is_no_limit_to_rows_about_nobody() -> None:
    narrow = Role(
        "narrow", TEACHER.label, TEACHER.held_at, {Subject.ORG: TEACHER.windows[Subject.PUPIL]}
    )
    here, there = (cast.SCHOOL, ""), (cast.OTHER_SCHOOL, "")
    assert covered(post(narrow), "funds", here, there) == [True, False]


def test_one_enters_by_a_post_that_both_sees_the_row_and_may_enter() -> None:
    sees, writes = post(PRINCIPAL), post(CLERK, cast.OTHER_SCHOOL)
    reader = Reader("both", cast.TODAY, (sees, writes))
    ledger, about = registry.ledger("pupils"), rows_about("pupils")
    here, there = ({"org": org, "pupil_no": cast.IN_ONE} for org in (sees.at, writes.at))
    assert not entering.may_enter(reader, ledger, about, here)
    assert entering.may_enter(reader, ledger, about, there)
    with pytest.raises(NotAllowed):
        entering.must_enter(reader, ledger, about, here)


def test_one_reveals_by_a_post_that_both_sees_the_row_and_may_reveal() -> None:
    director = Grant(DIRECTOR, cast.COUNTY, frozenset({cast.SCHOOL, cast.OTHER_SCHOOL}))
    reader = Reader("both", cast.TODAY, (director, post(CLERK, cast.OTHER_SCHOOL)))
    about = rows_about("pupils")
    found = {
        (org, column): scope.may_reveal(reader, about, {**KEPT, "org": org}, column)
        for org in (cast.SCHOOL, cast.OTHER_SCHOOL)
        for column in ("name", "no_such_column")
    }
    assert [asked for asked, may in found.items() if may] == [(cast.OTHER_SCHOOL, "name")]


def test_who_is_named_in_a_row_is_whom_it_is_about_only_by_its_key() -> None:
    found = {key: rows_about(key) for key in ("housing", "bodies", "posts", "home_visits", "funds")}
    assert {key: (rows.subject, rows.person) for key, rows in found.items()} == {
        "housing": (Subject.ORG, ""),  # a flat has a tenant
        "bodies": (Subject.ORG, ""),  # a body has a head
        "posts": (Subject.STAFF, "staff_no"),
        "home_visits": (Subject.PUPIL, "pupil_no"),  # and not the teacher who went
        "funds": (Subject.ORG, ""),
    }


@doors.public("GET", "HEAD")
def for_anybody(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("shown")


def test_a_public_page_answers_only_by_the_methods_of_its_door() -> None:
    request = RequestFactory().generic
    answers = {way: for_anybody(request(way, "/")) for way in ("GET", "HEAD", "POST", "DELETE")}
    found = {way: answer.status_code for way, answer in answers.items()}
    assert found == {"GET": 200, "HEAD": 200, "POST": 405, "DELETE": 405}


@pytest.mark.django_db
def test_the_api_opens_to_who_may_read_and_has_shown_the_second_factor() -> None:
    cast.build_county()
    clerk, chief = cast.person("clerk"), cast.chief()
    cast.hold(clerk, cast.seat("clerk", cast.SCHOOL))
    assert calls(AnonymousUser(), None) is None
    opened = calls(clerk, cast.NOW)
    assert opened is not None
    assert opened.person == clerk
    with pytest.raises(NotAllowed, match="二次验证"):
        calls(clerk, None)
    clerk.password_given_at = cast.NOW
    with pytest.raises(NotAllowed, match="首次口令"):
        calls(clerk, cast.NOW)
    with pytest.raises(NotFound, match="没有这个地址"):
        calls(chief, cast.NOW)


def calls(who: Person | AnonymousUser, second_at: datetime | None) -> Moment | None:
    request = RequestFactory().get("/api/")
    request.user = who
    vars(request)["signed_in"] = SimpleNamespace(second_at=second_at, how="password")
    vars(request)["now"] = cast.NOW
    return Door().authenticate(request, None)


def entered(overwrite: frozenset[str] = frozenset(), **values: object) -> Typed:
    """What a clerk typed into the row of a pupil of their school."""
    clerk = Reader("clerk", cast.TODAY, (post(CLERK),))
    edit = Edit(values, 1, overwrite)
    return entering.typed(clerk, registry.ledger("pupils"), rows_about("pupils"), edit, KEPT)


def codes(found: Typed) -> dict[str, str]:
    return {key: fault.issues[0].code for key, fault in found.faults.items()}


@pytest.mark.django_db
def test_a_masked_value_that_comes_back_as_it_was_shown_was_not_typed() -> None:
    shown = entered(guardian_phone="139****0000")
    assert (shown.values, codes(shown)) == ({}, {})


@pytest.mark.django_db
def test_a_masked_value_is_replaced_only_knowingly() -> None:
    blind = entered(guardian_phone="13911112222")
    assert (blind.values, codes(blind)) == ({}, {"guardian_phone": "masked"})
    knowing = entered(frozenset({"guardian_phone"}), guardian_phone="13911112222")
    assert (knowing.values, codes(knowing)) == ({"guardian_phone": "13911112222"}, {})


@pytest.mark.django_db
def test_a_column_that_the_ledger_has_not_is_a_fault_like_any_other() -> None:
    unknown = entered(version=9, name="李小红")
    assert (unknown.values, codes(unknown)) == ({"name": "李小红"}, {"version": "column"})


@pytest.mark.django_db
def test_stars_typed_over_a_clear_value_are_what_was_typed() -> None:
    starred = entered(name="***")
    assert (starred.values, codes(starred)) == ({"name": "***"}, {})


@pytest.mark.parametrize("code", ["absent", "masked"])
def test_the_fault_of_a_value_one_may_not_see_does_not_repeat_it(code: str) -> None:
    faults = {
        "phone": bad_value(say("不能填写。"), value=None, code=code),
        "name": bad_value(say("不能填写。"), value=None, code="required"),
    }
    issues = Typed(faults=faults).issues({"phone": "13911112222", "name": "李小明"})
    assert {one.column: one.value for one in issues} == {"phone": None, "name": "李小明"}


@pytest.mark.django_db
@pytest.mark.parametrize(("changed", "code"), [("pupil_no", "reference.unknown"), ("grade", None)])
def test_what_a_row_newly_refers_to_must_be_there(changed: str, code: str | None) -> None:
    whole = cast.enrolment(cast.pupil_no(99), cast.SCHOOL, 1)
    found = Typed()
    entering.check_whole(registry.ledger("enrolments"), found, whole, frozenset({changed}))
    assert codes(found).get("pupil_no") == code
