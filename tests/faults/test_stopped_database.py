"""A PostgreSQL server stopped at once and started again while programs write: nothing is lost."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.faults import cluster, posts
from tests.faults.cluster import Cluster
from tests.faults.site import GONE, Client, client, served
from tests.faults.test_killed_site import values
from tests.lengths import choose, report
from zhuji.ledgers.models import Change, rows_of
from zhuji.project import environment

pytestmark = pytest.mark.proof

WRITES = choose(120, 5_000)
STOPS = choose(2, 10)
WRITERS = 4
BACK_WITHIN = 10.0
MIGRATE = "import django; django.setup()\nfrom django.core.management import call_command\n"
MIGRATE += 'call_command("migrate", verbosity=0, interactive=False)'


@pytest.fixture
def server() -> Iterator[Cluster]:
    found = cluster.tools()
    if found is None:
        pytest.skip("没有 PostgreSQL 服务器（找不到 initdb），没有试停库")
    place = Path(mkdtemp(prefix="zhuji-pg-"))  # the server's own user must come through to it
    made = Cluster(place, found)
    made.start()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def opened(
    server: Cluster, zhuji_home: Path, monkeypatch: pytest.MonkeyPatch,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:  # fmt: skip
    """The county on that server, open in this process as well."""
    monkeypatch.setenv("ZHUJI_DATABASE_URL", server.url)
    env = {**os.environ, "ZHUJI_HOME": str(zhuji_home),
           "DJANGO_SETTINGS_MODULE": "zhuji.project.settings"}  # fmt: skip
    subprocess.run([sys.executable, "-c", MIGRATE], env=env, check=True)  # noqa: S603
    usual = connections["default"]
    described = {**usual.settings_dict, **environment.database(zhuji_home), "OPTIONS": {}}
    other = connections.configure_settings({"default": described})["default"]
    connections.settings["default"], before = other, connections.settings["default"]
    connections["default"] = connections.create_connection("default")
    try:
        with django_db_blocker.unblock():
            posts.build()
            yield
            connections["default"].close()
    finally:
        connections.settings["default"] = before
        connections["default"] = usual


class Writer(threading.Thread):
    """Writes rows and keeps a ledger of its own of what was acknowledged."""

    def __init__(self, browser: Client, name: str, count: int) -> None:
        super().__init__(daemon=True)
        self.browser, self.mark, self.count = browser, name, count
        self.acknowledged: list[str] = []
        self.refused: list[str] = []

    def run(self) -> None:
        for turn in range(self.count):
            number = f"{self.mark}{turn:05}"
            body = {"values": values(number)}
            try:
                found = self.browser.until(
                    "POST", "/api/ledgers/staff/rows", body, Idempotency_Key=f"write-{number}"
                )
            except TimeoutError as late:
                self.refused.append(str(late))
                return
            if found.status in (200, 201):
                self.acknowledged.append(number)
            else:
                self.refused.append(str(found))


def back_after(browser: Client) -> float:
    began = time.monotonic()
    while time.monotonic() - began < 60:
        try:
            if browser.send("GET", "/api/ledgers/staff").status == 200:
                return time.monotonic() - began
        except GONE:
            pass
        time.sleep(0.05)
    return 60.0


@pytest.mark.usefixtures("opened")
def test_what_was_acknowledged_is_there_after_the_database_was_stopped_at_once(
    server: Cluster, zhuji_home: Path
) -> None:
    back: list[float] = []
    with served(zhuji_home, server.url) as site:
        browser = client(site, "clerk")
        writers = [Writer(browser, f"W{n}", WRITES // WRITERS) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        for turn in range(STOPS):
            part = (turn + 1) * WRITES // (STOPS + 1)
            while sum(len(one.acknowledged) for one in writers) < part:
                assert any(one.is_alive() for one in writers), [one.refused for one in writers]
                time.sleep(0.02)
            server.stop()
            time.sleep(0.3)
            server.start()
            back.append(back_after(browser))
        for writer in writers:
            writer.join(300)
    connections["default"].close()
    assert [one.refused for one in writers] == [[]] * WRITERS
    kept = set(rows_of("staff").values_list("staff_no", flat=True))
    acknowledged = [number for one in writers for number in one.acknowledged]
    assert len(acknowledged) == WRITES
    assert [number for number in acknowledged if number not in kept] == []
    told = Change.objects.filter(ledger="staff", row_key__startswith='["W')
    assert told.count() == WRITES
    assert max(back) <= BACK_WITHIN
    report("database stopped", writes=WRITES, stops=STOPS, missing=0,
           back_seconds=[round(one, 2) for one in back])  # fmt: skip
