"""Masking by level, revealing with a reason, and the record that every view leaves."""

from datetime import timedelta
from typing import Any

import pytest

from tests.orgs import cast
from tests.orgs.cast import COUNTY, IN_ONE, IN_TWO, NOW, SCHOOL
from zhuji.kernel.errors import BadInput, NotAllowed, NotFound
from zhuji.ledgers import visibility
from zhuji.ledgers.declare import Level
from zhuji.ledgers.models import rows_of
from zhuji.ledgers.registry import LEDGERS
from zhuji.orgs import audit, scope
from zhuji.orgs.models import Entry, View
from zhuji.orgs.roles import MAINTENANCE, MINORS, NUMBER, ROLES, Sight
from zhuji.orgs.scope import Reader

LONG_AGO = NOW - timedelta(days=365)


def test_every_role_decides_on_every_level() -> None:
    levels = {level.value for level in Level} | {NUMBER}
    for role in (*ROLES, MAINTENANCE):
        for window in role.windows.values():
            assert window.levels.keys() == levels


def test_the_roles_that_need_a_second_factor_are_these() -> None:
    needing = {role.key for role in ROLES if role.needs_second_factor}
    assert needing == {role.key for role in ROLES} - {"researcher", "parent"}
    for role in ROLES:
        if any(subject in MINORS for subject in role.windows):
            assert role.needs_second_factor


def test_every_ledger_with_a_pupil_in_it_is_about_minors() -> None:
    with_pupils = {
        ledger.key for ledger in LEDGERS if any(c.type.value == "pupil" for c in ledger.columns)
    }
    minors = {ledger.key for ledger in LEDGERS if visibility.rows_about(ledger.key).about_minors}
    assert minors == with_pupils | {"waivers"}
    assert minors >= visibility.CARE


def row_of(number: str, ledger: str = "pupils") -> dict[str, Any]:
    return dict(rows_of(ledger).filter(pupil_no=number).values().get())


def holding(role: str, org: str, staff_no: str = "") -> Reader:
    who = cast.person("someone", staff_no)
    cast.hold(who, cast.seat(role, org))
    return cast.reader(who)


def shown(reading: Reader, number: str = IN_ONE, ledger: str = "pupils") -> dict[str, object]:
    [row] = visibility.show(reading, ledger, [row_of(number, ledger)], now=NOW, route="/pupils")
    return row


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
class TestTheCast:
    def test_a_principal_sees_names_and_masked_numbers(self) -> None:
        row = shown(holding("principal", SCHOOL))
        assert (row["name"], row["guardian_phone"]) == ("李小明", "139****0000")
        assert row["pupil_no"] == IN_ONE[:7] + "********" + IN_ONE[-4:]
        assert row["address"] is None

    def test_a_director_sees_neither_name_nor_number(self) -> None:
        row = shown(holding("director", COUNTY))
        assert row["name"] == "***"
        assert row.keys().isdisjoint({"pupil_no", "id_number", "guardian_phone", "address"})

    def test_a_row_out_of_scope_is_not_shown_even_when_handed_in(self) -> None:
        reading = holding("teacher", SCHOOL, "S000001")
        assert visibility.show(reading, "pupils", [row_of(IN_TWO)], now=NOW, route="/") == []
        assert not View.objects.exists()

    def test_a_teacher_is_shown_the_own_staff_row_and_no_colleagues(self) -> None:
        reading = holding("teacher", SCHOOL, "S000001")
        rows = list(rows_of("staff").order_by("staff_no").values())
        shown_rows = visibility.show(reading, "staff", rows, now=NOW, route="/staff")
        assert [row["staff_no"] for row in shown_rows] == ["S000001"]
        assert not View.objects.exists()

    def test_another_post_does_not_clear_the_pupils_of_other_classes(self) -> None:
        """Veiled from the town, clear in one's own class: the class decides row by row."""
        who = cast.person("both", "S000001")
        cast.hold(who, cast.seat("town_officer", cast.TOWN))
        cast.hold(who, cast.seat("teacher", SCHOOL))
        reading = cast.reader(who)
        assert shown(reading, IN_ONE)["name"] == "李小明"
        assert shown(reading, IN_TWO)["name"] == "***"
        about = visibility.rows_about("pupils")
        assert not scope.may_reveal(reading, about, row_of(IN_TWO), "name")
        assert "name" not in scope.open_columns(reading, about)

    def test_one_searches_only_by_what_one_sees(self) -> None:
        open_ones = scope.open_columns(
            holding("principal", SCHOOL), visibility.rows_about("pupils")
        )
        assert "name" in open_ones
        assert open_ones.isdisjoint({"pupil_no", "id_number", "guardian_phone", "address"})

    def test_a_view_is_recorded_with_viewer_pseudonym_and_duty(self) -> None:
        shown(holding("teacher", SCHOOL, "S000001"))
        [view] = audit.views_of(IN_ONE, since=LONG_AGO)
        assert (view.viewer, view.kind, view.org) == ("someone", "pupils", SCHOOL)
        assert (view.duty, view.route) == (f"teacher@{SCHOOL}", "/pupils")
        assert IN_ONE not in view.subject
        assert not audit.views_of(IN_TWO, since=LONG_AGO).exists()

    def test_who_saw_this_child_forgets_nobody(self) -> None:
        shown(holding("principal", SCHOOL))
        other = cast.person("deputy")
        post = cast.hold(other, cast.seat("care_officer", SCHOOL))
        shown(cast.reader(other), ledger="special_pupils")
        assert post.org == SCHOOL
        assert [v.viewer for v in audit.views_of(IN_ONE, since=LONG_AGO)] == ["deputy", "someone"]

    def test_facts_about_orgs_leave_no_record_of_a_minor(self) -> None:
        reading = holding("principal", SCHOOL)
        rows = visibility.visible_to(reading, "classes").values()
        assert len(visibility.show(reading, "classes", rows, now=NOW, route="/classes")) == 3
        assert not View.objects.exists()

    def test_a_masked_value_is_revealed_for_a_reason(self) -> None:
        reading, row = holding("principal", SCHOOL), row_of(IN_ONE)
        where = ("pupils", row["id"], "guardian_phone")
        said = visibility.reveal(reading, where, now=NOW, route="/pupils/1", reason="联系家长")
        assert said == "13900000000"
        [view] = audit.views_of(IN_ONE, since=LONG_AGO)
        assert view.reason == "联系家长"
        entry = Entry.objects.get(verb="row.reveal")
        assert (entry.actor, entry.why) == ("someone", "联系家长")
        assert "13900000000" not in f"{entry.key}{entry.old}{entry.new}"

    def test_without_a_reason_nothing_is_revealed(self) -> None:
        where = ("pupils", row_of(IN_ONE)["id"], "guardian_phone")
        reading = holding("principal", SCHOOL)
        with pytest.raises(BadInput, match="事由"):
            visibility.reveal(reading, where, now=NOW, route="/", reason="  ")
        assert not View.objects.exists()

    def test_what_is_absent_cannot_be_revealed(self) -> None:
        where = ("pupils", row_of(IN_ONE)["id"], "guardian_phone")
        reading = holding("director", COUNTY)
        with pytest.raises(NotAllowed):
            visibility.reveal(reading, where, now=NOW, route="/", reason="想看看")
        assert not View.objects.exists()

    def test_the_right_to_reveal_does_not_reveal_what_is_absent(self) -> None:
        """A class teacher knows of the hardship, not on what evidence it was found."""
        reading = holding("teacher", SCHOOL, "S000001")
        row = row_of(IN_ONE, "special_pupils")
        where = ("special_pupils", row["id"], "basis")
        with pytest.raises(NotAllowed):
            visibility.reveal(reading, where, now=NOW, route="/", reason="想看看")
        where = ("special_pupils", row["id"], "pupil_no")
        said = visibility.reveal(reading, where, now=NOW, route="/", reason="核对学籍")
        assert said == IN_ONE

    def test_what_is_out_of_scope_cannot_be_revealed(self) -> None:
        where = ("pupils", row_of(IN_ONE)["id"], "guardian_phone")
        reading = holding("principal", cast.OTHER_SCHOOL)
        with pytest.raises(NotFound):
            visibility.reveal(reading, where, now=NOW, route="/", reason="想看看")

    def test_a_waiver_hides_a_pupil_and_names_a_school(self) -> None:
        why = {"kind": "waiver", "reason": "灾后", "approver": "基教科"}
        term = {"valid_from": cast.SINCE, "valid_to": cast.TODAY}
        for subject in (IN_ONE, SCHOOL):
            row = {"org": SCHOOL, "duty": "m27", "subject": subject, **why, **term}
            cast.put("waivers", row)
        reading = holding("director", COUNTY)
        rows = visibility.visible_to(reading, "waivers").order_by("id").values()
        hidden, named = visibility.show(reading, "waivers", rows, now=NOW, route="/waivers")
        assert "subject" not in hidden
        assert named["subject"] == SCHOOL
        assert View.objects.count() == 1
        teacher = cast.person("teacher", "S000002")
        cast.hold(teacher, cast.seat("teacher", SCHOOL))
        assert cast.seen(cast.reader(teacher), "waivers", "subject") == {SCHOOL}


def test_a_level_nobody_decided_on_is_hidden() -> None:
    windows = [window for role in ROLES for window in role.windows.values()]
    assert {window.sight("secret") for window in windows} == {Sight.ABSENT}
