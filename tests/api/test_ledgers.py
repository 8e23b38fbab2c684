"""Ledgers through the API: the same scope and words as the pages, with versions and keys."""

import json
from itertools import count
from typing import Any

import pytest
from django.test import Client

from tests.orgs.cast import OTHER_SCHOOL, SCHOOL
from zhuji.ledgers.models import rows_of
from zhuji.orgs.models import Person

CLUBS = "/api/ledgers/clubs/rows"
CLUB = {
    "org": SCHOOL,
    "name": "合唱团",
    "kind": "艺术",
    "stage": "小学",
    "counted_on": "2022.3.1",
    "members": "４０",
}
_KEYS = count()


class Caller:
    """Somebody's program: signed in, with a new key for each write unless one is given."""

    def __init__(self, username: str) -> None:
        self.client = Client()
        if username:
            self.client.force_login(Person.objects.get(username=username))

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        given = {"Idempotency-Key": f"key-{next(_KEYS):08}", **headers}
        return self.client.generic(
            method,
            path,
            json.dumps(body if body is not None else {}),
            content_type="application/json",
            headers={name: value for name, value in given.items() if value},
        )

    def add(self, **changes: object) -> Any:
        return self.send("POST", CLUBS, {"values": {**CLUB, **changes}})


@pytest.fixture
def clerk() -> Caller:
    return Caller("clerk")


def test_a_row_is_added_read_and_listed(clerk: Caller) -> None:
    added = clerk.add()
    assert added.status_code == 201
    number = added.json()["id"]
    read = clerk.get(f"{CLUBS}/{number}")
    assert read.headers["ETag"] == '"1"'
    assert read.json()["values"]["members"] == 40
    listed = clerk.get(f"{CLUBS}?kind__equals=art&sort=-members").json()
    assert (listed["count"], listed["rows"][0]["id"]) == (1, number)


def test_every_fault_is_told_at_once_by_its_column(clerk: Caller) -> None:
    refused = clerk.add(members="很多", kind="音乐", name="")
    assert refused.status_code == 422
    assert {one["column"] for one in refused.json()["findings"]} == {"members", "kind", "name"}
    assert rows_of("clubs").count() == 0


def test_a_change_needs_the_version_that_was_read(clerk: Caller) -> None:
    path = f"{CLUBS}/{clerk.add().json()['id']}"
    change = {"values": {"members": 41}}
    assert clerk.send("PATCH", path, change).status_code == 428
    first = clerk.send("PATCH", path, change, **{"If-Match": '"1"'})
    assert (first.status_code, first.json()["version"]) == (200, 2)
    stale = clerk.send("PATCH", path, {"values": {"members": 42}}, **{"If-Match": '"1"'})
    assert stale.status_code == 412
    assert rows_of("clubs").get().members == 41


def test_different_fields_merge(clerk: Caller) -> None:
    path = f"{CLUBS}/{clerk.add().json()['id']}"
    clerk.send("PATCH", path, {"values": {"members": 41}}, **{"If-Match": '"1"'})
    other = clerk.send("PATCH", path, {"values": {"kind": "体育"}}, **{"If-Match": '"1"'})
    assert other.json()["merged"] == ["members"]
    row = rows_of("clubs").get()
    assert (row.members, row.kind) == (41, "sport")


def test_a_retry_is_answered_and_not_applied_twice(clerk: Caller) -> None:
    key = {"Idempotency-Key": "the-same-key"}
    answers = [clerk.send("POST", CLUBS, {"values": CLUB}, **key).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert rows_of("clubs").count() == 1
    other = clerk.send("POST", CLUBS, {"values": {**CLUB, "name": "另一个"}}, **key)
    assert other.status_code == 409


def test_a_write_without_a_key_is_refused(clerk: Caller) -> None:
    assert clerk.send("POST", CLUBS, {"values": CLUB}, **{"Idempotency-Key": ""}).status_code == 422


def test_removing_needs_the_version_and_leaves_a_history(clerk: Caller) -> None:
    path = f"{CLUBS}/{clerk.add().json()['id']}"
    assert clerk.send("DELETE", path).status_code == 428
    clerk.send("PATCH", path, {"values": {"members": 41}}, **{"If-Match": '"1"'})
    [changed, created] = clerk.get(f"{path}/history").json()
    assert (changed["fields"][0]["old"], changed["fields"][0]["new"]) == (40, 41)
    assert created["kind"] == "created"
    assert clerk.send("DELETE", path, **{"If-Match": '"2"'}).status_code == 200
    assert clerk.get(path).status_code == 404


def test_another_school_finds_nothing(clerk: Caller) -> None:
    path = f"{CLUBS}/{clerk.add().json()['id']}"
    other = Caller("other_clerk")
    assert other.get(CLUBS).json()["count"] == 0
    for answer in (
        other.get(path),
        other.get(f"{path}/history"),
        other.send("PATCH", path, {"values": {"members": 1}}, **{"If-Match": '"1"'}),
        other.send("DELETE", path, **{"If-Match": '"1"'}),
    ):
        assert answer.status_code == 404
        assert answer.json()["message"] == "没有这条记录，或者它不在您的可见范围内。"


def test_rows_for_another_school_cannot_be_added(clerk: Caller) -> None:
    refused = clerk.add(org=OTHER_SCHOOL)
    assert refused.status_code == 422
    assert [one["column"] for one in refused.json()["findings"]] == ["org"]
    assert rows_of("clubs").count() == 0


def test_nobody_is_answered_without_signing_in() -> None:
    answer = Caller("").get("/api/ledgers")
    assert (answer.status_code, answer.json()["message"]) == (401, "请先登录。")


def test_words_come_in_the_language_that_is_asked_for(clerk: Caller) -> None:
    answer = clerk.client.get(f"{CLUBS}/999999", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "您" not in answer.json()["message"]


def test_a_forged_request_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(Person.objects.get(username="clerk"))
    headers = {"Idempotency-Key": "a-forged-one"}
    body = {"values": CLUB}
    answer = client.post(CLUBS, body, content_type="application/json", headers=headers)
    assert answer.status_code == 403
    assert rows_of("clubs").count() == 0


def test_the_description_names_every_operation_without_signing_in() -> None:
    described = Client().get("/api/openapi.json").json()
    assert "/api/ledgers/{key}/rows/{row}" in described["paths"]


def test_a_ledger_tells_its_columns_as_this_reader_sees_them(clerk: Caller) -> None:
    columns = {one["key"]: one for one in clerk.get("/api/ledgers/pupils").json()["columns"]}
    assert columns["id_number"]["sight"] == "masked"
    assert columns["sex"]["options"]["male"] == {"zh": "男", "en": "Male"}
