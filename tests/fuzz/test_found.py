"""What fuzzing or reading for it has found, kept for ever: each was a fault of the server once."""

import pytest
from django.test import Client

from tests.orgs import cast
from tests.returns import conftest as county
from zhuji.ledgers import uploads
from zhuji.ledgers.models import rows_of
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]
people = county.people
LONG = "9" * 5_000  # longer than Python makes into a number


@pytest.fixture
def clerk(people: object) -> Client:
    browser = Client()
    browser.force_login(Person.objects.get(username="clerk"))
    return browser


def row() -> int:
    return int(rows_of("staff").get(staff_no="S000001").pk)


@pytest.mark.parametrize("base", [LONG, "٣", "-1", "²"])
def test_a_version_that_is_none_is_refused(clerk: Client, base: str) -> None:
    given = {"base": base, "name": "李四", "once": "x"}
    assert clerk.post(f"/ledgers/staff/{row()}/edit/", given).status_code in (409, 422)
    assert clerk.post(f"/ledgers/staff/{row()}/remove/", {"base": base}).status_code in (409, 422)


@pytest.mark.parametrize("number", [LONG, "٣", "²", "x"])
@pytest.mark.parametrize("do", ["", "forget"])
def test_a_draft_of_a_row_that_is_none_is_of_a_new_one(clerk: Client, number: str, do: str) -> None:
    answer = clerk.post("/ledgers/staff/draft/", {"row": number, "do": do, "name": "李"})
    assert answer.status_code in (200, 302, 422)


@pytest.mark.parametrize(
    "cell", ["a:b:c", "0:1:999999999", "0:99:0", "9:1:0", "-1:1:0", "0:1:-1", f"0:1:{LONG}"]
)
def test_a_cell_that_is_not_there_is_refused_and_the_upload_stays_whole(
    clerk: Client, cell: str
) -> None:
    reader = cast.reader(Person.objects.get(username="clerk"))
    now = database_now()
    number = uploads.paste(reader, "staff", "机构\t工号\n1\t2", now=now)
    answer = clerk.post(f"/uploads/{number}/", {f"cell-{cell}": "x", "do": "commit"})
    assert answer.status_code in (400, 422)  # a name so long Django itself refuses
    assert clerk.get(f"/uploads/{number}/").status_code == 200


@pytest.mark.parametrize("path", ["ledgers/staff/rows/x", "nothing", "jobs/x/result"])
def test_a_program_that_errs_is_told_so_in_its_own_form(clerk: Client, path: str) -> None:
    answer = clerk.get(f"/api/{path}")
    assert answer.status_code == 404
    assert answer.json()["message"] == "没有这个地址，或者它不在您的可见范围内。"


def test_an_export_asked_for_twice_with_one_key_is_one_job(clerk: Client) -> None:
    given = {"data": {"ledger": "staff"}, "content_type": "application/json"}
    head = {"Idempotency-Key": "once-and-only"}
    first, second = (clerk.post("/api/jobs/exports", headers=head, **given) for _ in range(2))  # type: ignore[arg-type]
    assert first.status_code == second.status_code == 202
    assert first.json()["number"] == second.json()["number"]
    assert clerk.post("/api/jobs/exports", **given).status_code == 422  # type: ignore[arg-type]
