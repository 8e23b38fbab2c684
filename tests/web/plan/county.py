"""The small county of the plan's tests as people sign in to it, judged on its last day."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from tests import once
from tests.orgs import cast
from tests.programme.judgings import keep
from tests.programme.yunxi import COUNTY, JUNE, OFFICE, STONE, VILLAGE, Rows, county
from zhuji.ledgers import actions as ledgers
from zhuji.orgs import accounts, actions
from zhuji.orgs.accounts import Newcomer
from zhuji.orgs.models import Person
from zhuji.orgs.rules import Seat

NOW = datetime(2025, 6, 30, 1, tzinfo=UTC)
SINCE = date(2015, 9, 1)
POSTS = {
    "director": ("director", COUNTY),
    "officer": ("officer", OFFICE),
    "town": ("town_officer", STONE),
    "head": ("principal", VILLAGE),
    "teacher": ("teacher", VILLAGE),
    "system": ("system_administrator", OFFICE),
}


def build(rows: Rows | None = None) -> None:
    """People at their posts; time stands still on the day that is judged."""
    if rows is None:
        _usual()
    else:
        _build(rows)


@once.built
def _usual() -> None:
    _build(county())


def _build(given: Rows) -> None:
    told = {"county": "云溪县", "plan": "yunxi-2025", "until": JUNE.isoformat()}
    (Path(settings.ZHUJI_HOME) / "invented.json").write_text(json.dumps(told), encoding="utf-8")
    for ledger in ("orgs", "org_edges"):
        every = [{**row, "valid_from": SINCE, "valid_to": None} for row in given[ledger]]
        ledgers.put(ledger, every, actor="测试", now=NOW, cause="示例县")
    kinds = {str(row["org"]): str(row["kind"]) for row in given["orgs"]}
    seat = Seat("security_administrator", COUNTY, kinds[COUNTY], SINCE, None)
    chief = accounts.found(Newcomer("security", "安全管理员"), cast.PASSWORD, seat, now=NOW)
    for name, (role, org) in POSTS.items():
        made = Newcomer(name, f"{name}某", "")
        accounts.add_person(made, cast.PASSWORD, actor=chief, now=NOW)
        Person.objects.filter(username=name).update(password_given_at=None)
        post = Seat(role, org, kinds[org], SINCE, None)
        actions.appoint(name, post, actor=chief, now=NOW, why="任免文件")


def judge(rows: Rows | None = None, on: date = JUNE, snapshot: str = "one") -> None:
    if (rows, on, snapshot) == (None, JUNE, "one"):
        _usually_judged()
    else:
        keep(rows or county(), on, snapshot)


@once.built
def _usually_judged() -> None:
    keep(county(), JUNE, "one")


def at(username: str) -> Client:
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(Person.objects.get(username=username))
    return client


def page(username: str, address: str, **more: Any) -> str:
    answer = at(username).get(address, **more)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()
