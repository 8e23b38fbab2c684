"""A web worker killed in the middle of a write: the request repeated has exactly one result."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.faults.acts import ledgers
from tests.faults.conftest import Standing
from tests.faults.site import GONE, Client, Site, client, served
from tests.lengths import choose, report
from tests.orgs.cast import SCHOOL
from zhuji.jobs.models import Job, State
from zhuji.ledgers.models import Change, rows_of
from zhuji.orgs.models import Done, Entry

pytestmark = pytest.mark.proof

TIMES = choose(5, 200)
LATEST = 0.25  # seconds after which such a write is over, even on a busy machine


@dataclass(frozen=True)
class Write:
    """One request, and what it must have left: of these, exactly one each."""

    method: str
    path: str
    body: object
    left: Callable[[], object]
    once: object
    match: str = ""


def values(number: str) -> dict[str, object]:
    return {
        "org": SCHOOL, "staff_no": number, "name": "李四", "employment": "在编",
        "hired_on": "2020-09-01", "phone": "13900000001",
    }  # fmt: skip


def trace(key: str) -> tuple[int, int]:
    changes = Change.objects.filter(ledger="staff", row_key=f'["{key}"]').count()
    return changes, Entry.objects.filter(new__contains=f'"{key}"').count()


def adding(turn: int) -> Write:
    key = f"K{turn:06}"
    path = "/api/ledgers/staff/rows"

    def left() -> object:
        return rows_of("staff").filter(staff_no=key).count(), trace(key)

    return Write("POST", path, {"values": values(key)}, left, (1, (1, 1)))


def changing(turn: int) -> Write:
    row = ledgers.row()
    path = f"/api/ledgers/staff/rows/{row.pk}"
    version, name = row.version, f"第{turn}次"

    def left() -> object:
        kept = ledgers.row()
        changes = Change.objects.filter(row_key='["S000001"]', version=version + 1).count()
        return kept.name, kept.version - version, changes

    body = {"values": {"name": name}}
    return Write("PATCH", path, body, left, (name, 1, 1), f'"{version}"')


def asking(turn: int) -> Write:
    Job.objects.update(state=State.CANCELLED)  # nobody may have twenty in work
    before = Job.objects.count()
    body = {"ledger": "staff"}
    return Write(
        "POST", "/api/jobs/exports", body, lambda: Job.objects.count() - before, 1
    )  # fmt: skip


WRITES = (adding, changing, asking)


def kill_amid(site: Site, browser: Client, write: Write, delay: float, key: str) -> str:
    """What the first request came to."""
    told: list[str] = []

    def send() -> None:
        try:
            told.append(str(browser.send(write.method, write.path, write.body, **_heads(write, key))
                            .status))  # fmt: skip
        except GONE:
            told.append("cut")

    sending = threading.Thread(target=send)
    sending.start()
    time.sleep(delay)
    site.kill_workers()
    sending.join()
    return told[0]


def _heads(write: Write, key: str) -> dict[str, Any]:
    return {"Idempotency_Key": key, **({"If_Match": write.match} if write.match else {})}


def test_a_write_cut_off_by_a_kill_is_done_once_when_it_is_repeated(standing: Standing) -> None:
    chance = random.Random(7)  # noqa: S311  # any moment will do
    cut = 0
    with served(standing.home, standing.database_url) as site:
        browser = client(site, "clerk")
        assert browser.send("GET", "/api/jobs").status == 200
        for turn in range(TIMES):
            write = WRITES[turn % len(WRITES)](turn)
            key = f"killed-{turn:06}"
            first = kill_amid(site, browser, write, chance.uniform(0, LATEST), key)
            cut += first == "cut"
            again = browser.until(write.method, write.path, write.body, **_heads(write, key))
            assert again.status in (200, 201, 202), again
            assert write.left() == write.once, f"turn {turn}: first {first}, then {again}"
            assert Done.objects.filter(key=key).count() == 1
    report("killed web worker", kills=TIMES, requests_cut=cut)
