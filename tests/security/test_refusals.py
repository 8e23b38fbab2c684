"""A refusal tells of no record that does not exist for whoever is refused."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.programme.yunxi import FIRST, STONE
from tests.security import knocking, rows
from tests.security.rows import pupil_no
from tests.security.world import FAR, World, clerk
from zhuji.kernel.errors import BadInput, Refused
from zhuji.ledgers import actions as ledgers
from zhuji.ledgers import registry, uploads, visibility
from zhuji.ledgers.models import rows_of
from zhuji.orgs import county
from zhuji.orgs.clock import database_now
from zhuji.orgs.idempotency import Act
from zhuji.orgs.models import Person

pytestmark = pytest.mark.django_db
FAR_CHILD = pupil_no(5)


@pytest.fixture
def clients(world: World) -> dict[str, Client]:
    return knocking.clients(world)


def asked(client: Client, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    return client.generic(
        method, path, json.dumps(body or {}), content_type="application/json",
        headers={"If-Match": '"1"', "Idempotency-Key": "only-once"},
    )  # fmt: skip


def findings(found: Any) -> list[str]:
    return [one["message"] for one in found.json()["findings"]]


@pytest.mark.parametrize(("actor", "told"), [("clerk", True), ("officer", False)])
def test_that_a_child_stands_in_a_ledger_of_hardship_is_not_told_by_refusing_its_removal(
    world: World, clients: dict[str, Client], actor: str, told: bool
) -> None:
    path = f"/api/ledgers/pupils/rows/{world.rows['pupils']['own']}"
    found = asked(clients[actor], "DELETE", path)
    assert found.status_code == 409
    said = " ".join(findings(found))
    assert registry.ledger("enrolments").label.zh in said
    assert (registry.ledger("special_pupils").label.zh in said) is told


def test_rows_of_other_schools_are_not_counted_for_whoever_is_refused(
    world: World, clients: dict[str, Client]
) -> None:
    before = rows_of("enrolments").get(pupil_no=pupil_no(1))
    rows_of("enrolments").create(
        org=FAR, pupil_no=pupil_no(1), stage="junior", grade=7, class_no=1,
        valid_from=rows.SINCE, changed_at=before.changed_at,
    )  # fmt: skip
    path = f"/api/ledgers/pupils/rows/{world.rows['pupils']['own']}"
    said = [one for one in findings(asked(clients["clerk"], "DELETE", path)) if "2 行" in one]
    assert said == []


def test_to_which_school_a_child_of_another_belongs_is_not_told_by_an_upload(
    world: World,
) -> None:
    reader, now = clerk(world, "own"), database_now()
    number = uploads.paste(reader, "pupils", rows.pasted(FIRST, 5), now=now)
    with pytest.raises(BadInput) as refused:
        uploads.commit(reader, number, now=now)
    [issue] = refused.value.issues
    assert (str(issue.message), issue.value) == ("这条记录不在您能填写的范围内。", FIRST)
    assert FAR not in str(refused.value) + repr(issue)


def test_an_upload_for_another_school_is_refused_by_the_school_it_names(world: World) -> None:
    reader, now = clerk(world, "own"), database_now()
    number = uploads.paste(reader, "pupils", rows.pasted(FAR, 800), now=now)
    with pytest.raises(BadInput) as refused:
        uploads.commit(reader, number, now=now)
    [issue] = refused.value.issues
    assert str(issue.message) == f"您不能填报机构 {FAR} 的数据。"


def test_which_child_was_changed_since_is_not_told_by_refusing_to_undo(
    world: World, clients: dict[str, Client]
) -> None:
    child = rows_of("pupils").get(pupil_no=pupil_no(201))
    path = f"/api/ledgers/pupils/rows/{child.pk}"
    changed = asked(clients["clerk"], "PATCH", path, {"values": {"name": "改名"}, "why": "更正"})
    assert changed.status_code == 200
    now = database_now()
    officer = Person.objects.get(username="officer")
    reader = visibility.reader_of(officer, now=now, today=county.today(now))
    with pytest.raises(Refused, match="有 1 行在导入之后又改过") as refused:
        ledgers.undo_import(reader, world.numbers["import"]["own"], Act("officer", now, "undo-one"))
    assert refused.value.issues == ()


@pytest.mark.parametrize("ledger", ["pupils", "special_pupils"])
def test_who_may_not_write_a_row_does_not_hear_whether_a_number_exists(
    world: World, clients: dict[str, Client], ledger: str
) -> None:
    """Alike for a number of another county and for one that nobody bears."""
    said = []
    for number in (FAR_CHILD, pupil_no(900)):
        values = {"org": FIRST, "pupil_no": number}
        if ledger == "special_pupils":
            values |= {"category": "poor", "valid_from": rows.SINCE.isoformat()}
        found = asked(
            clients["principal"], "POST", f"/api/ledgers/{ledger}/rows", {"values": values}
        )
        assert found.status_code == 422
        said.append(found.content)
    assert said[0] == said[1]


def test_who_may_write_the_row_hears_that_its_number_is_taken(
    world: World, clients: dict[str, Client]
) -> None:
    values = {
        "org": FIRST, "pupil_no": FAR_CHILD, "name": "学生", "sex": "男", "born_on": "2013-01-01",
        "hukou_town": STONE,
    }  # fmt: skip
    found = asked(clients["clerk"], "POST", "/api/ledgers/pupils/rows", {"values": values})
    assert findings(found) == ["已经有一条学籍号都相同的记录。"]
