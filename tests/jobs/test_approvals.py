"""Two pairs of eyes: who may agree that many children's rows leave, and who never may."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.jobs.conftest import CLERK, OFFICER, OTHER_CLERK
from tests.orgs import cast
from zhuji.jobs import actions, approvals, queries
from zhuji.jobs.exporting import ALONE
from zhuji.jobs.models import Approval, Job
from zhuji.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from zhuji.orgs.idempotency import Act
from zhuji.orgs.models import Appointment, Entry, Person
from zhuji.orgs.scope import Reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
HEAD, OTHER_HEAD, TOWN_OFFICER, TEACHER = "head", "other_head", "town", "teacher"
WHY = "制作 2022 年春季学籍卡"


@pytest.fixture(autouse=True)
def colleagues(county: None) -> None:
    for name, role, org in (
        (HEAD, "principal", cast.SCHOOL),
        (OTHER_HEAD, "principal", cast.OTHER_SCHOOL),
        (TOWN_OFFICER, "town_officer", cast.TOWN),
        (TEACHER, "teacher", cast.SCHOOL),
    ):
        cast.hold(cast.person(name), cast.seat(role, org))


def reader(username: str) -> Reader:
    return cast.reader(Person.objects.get(username=username))


def fill(count: int) -> None:
    """As many pupils at the clerk's school; three are there already."""
    cast.put("pupils", *(cast.pupil(cast.pupil_no(100 + n), cast.SCHOOL) for n in range(count - 3)))


def ask(ledger: str = "pupils", why: str = WHY, actor: str = CLERK) -> int:
    return actions.ask("export", {"ledger": ledger}, Act(actor, cast.NOW, why=why)).pk


def held() -> int:
    fill(ALONE + 1)
    return ask()


def grant(number: int, username: str = HEAD) -> None:
    approvals.grant(reader(username), number, now=cast.NOW)


# --- what needs another --------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["", "  ", "长" * 256, f"给 {cast.IN_ONE} 的家长"])
def test_without_a_purpose_that_can_be_kept_nothing_is_asked(why: str) -> None:
    fill(ALONE + 1)
    with pytest.raises(BadInput, match="用途"):
        ask(why=why)
    assert not Job.objects.exists()


def test_what_is_held_is_cancelled_and_cannot_be_granted_any_more() -> None:
    number = held()
    actions.cancel(number, actor=CLERK, now=cast.NOW)
    with pytest.raises(Refused, match="已取消"):
        grant(number)
    assert queries.one(CLERK, number).state == "cancelled"


# --- who decides ---------------------------------------------------------------------------------


def test_who_reaches_as_far_decides_and_nobody_else_and_never_the_asker() -> None:
    number = held()
    for name in (CLERK, OTHER_CLERK, OTHER_HEAD, TEACHER):
        assert approvals.waiting(reader(name)) == ()
        with pytest.raises(NotFound):
            grant(number, name)
        with pytest.raises(NotFound):
            approvals.refuse(reader(name), number, "不行", now=cast.NOW)
    for name in (HEAD, TOWN_OFFICER, OFFICER):
        [request] = approvals.waiting(reader(name))
        assert (request.number, request.rows, request.why) == (number, ALONE + 1, WHY)


def test_a_head_does_not_decide_what_the_town_takes_out() -> None:
    fill(ALONE + 1)
    number = ask(actor=TOWN_OFFICER)
    with pytest.raises(NotFound):
        grant(number, HEAD)
    grant(number, OFFICER)


def test_the_nearest_are_named_first() -> None:
    found = approvals.approvers(reader(CLERK), "export")
    assert [person.username for person in found] == [HEAD, TOWN_OFFICER, OFFICER]
    assert approvals.approvers(reader(OFFICER), "export") == ()


def test_the_asker_whose_post_has_ended_gets_no_consent() -> None:
    number = held()
    Appointment.objects.filter(person__username=CLERK).update(valid_to=cast.TODAY)
    with pytest.raises(NotFound):
        grant(number)


def test_one_consent_is_enough_and_a_second_one_comes_too_late() -> None:
    number = held()
    grant(number)
    with pytest.raises(Refused, match="已经有人处理"):
        grant(number, TOWN_OFFICER)


def test_the_database_too_refuses_consent_by_oneself() -> None:
    number = held()
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(job=number).update(decided_by=CLERK)


def name_of(username: str) -> str:
    return Person.objects.get(username=username).name


# --- what leaves ---------------------------------------------------------------------------------


def test_nobody_decides_for_a_week_and_it_is_over() -> None:
    number = held()
    assert approvals.expire(cast.NOW + timedelta(days=7, seconds=-1)) == 0
    assert approvals.expire(cast.NOW + timedelta(days=7)) == 1
    assert "7 天内没有人批准" in str(queries.one(CLERK, number).failure)


def test_who_asked_who_agreed_and_what_for_is_kept() -> None:
    number = held()
    grant(number)
    asked = Entry.objects.get(verb="job.ask", actor=CLERK)
    agreed = Entry.objects.get(verb="job.grant")
    assert (asked.why, agreed.actor) == (WHY, HEAD)


def test_who_may_not_export_asks_for_nothing() -> None:
    with pytest.raises(NotAllowed):
        ask(actor=TEACHER)
