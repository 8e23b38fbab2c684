"""`zhuji serve` as somebody starts it: one tree of processes that comes up, heals and goes down."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests import databases
from tests.cli.conftest import Terminal
from zhuji.jobs import pulse

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "zhuji.db"


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


class Site:
    def __init__(self, home: Path, *words: str, **settings: str) -> None:
        self.port = free_port()
        env = {
            **os.environ,
            "ZHUJI_HOME": str(home),
            "ZHUJI_DATABASE_URL": databases.url(home / DATABASE),
            "PYTHONPATH": str(ROOT),
            **settings,
        }
        command = [sys.executable, "-m", "zhuji.cli.main", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(  # noqa: S603
            [*command, *words],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def health(self) -> dict[str, object]:
        address = f"http://127.0.0.1:{self.port}/health/"
        with urllib.request.urlopen(address, timeout=10) as answer:
            found: dict[str, object] = json.load(answer)
            return found

    def until(self, status: str, seconds: float = 90) -> dict[str, object]:
        end, told = time.monotonic() + seconds, {}
        while time.monotonic() < end and self.process.poll() is None:
            try:
                told = self.health()
            except OSError:
                told = {}
            if told.get("status") == status:
                return told
            time.sleep(0.2)
        pytest.fail(f"never {status}: {told} {self.process.poll()}")

    def stop(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        said, _ = self.process.communicate(timeout=60)
        return said


@pytest.fixture
def empty(zhuji_home: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    with databases.opened(zhuji_home / DATABASE, django_db_blocker, new=True):
        yield zhuji_home
    databases.drop(zhuji_home / DATABASE)


def living(home: Path) -> list[int]:
    names = [path.name for path in (home / "jobs" / ".workers").glob("*")]
    return [int(name.rsplit("-", 2)[1]) for name in names if pulse.is_alive(name)]


@pytest.mark.proof
def test_one_command_brings_up_site_and_worker_and_takes_both_down(empty: Path) -> None:
    site = Site(empty)
    try:
        site.until("ok")
        [first] = living(empty)
        os.kill(first, signal.SIGKILL)
        end, second = time.monotonic() + 90, set[int]()
        while not second and time.monotonic() < end:
            time.sleep(0.2)
            second = set(living(empty)) - {first}
        assert second
        site.until("ok")
    finally:
        said = site.stop()
    assert site.process.returncode == 0
    assert f"http://127.0.0.1:{site.port}/" in said
    assert said.endswith("已停止\n")
    assert living(empty) == []
    with socket.socket() as trial:
        assert trial.connect_ex(("127.0.0.1", site.port)) != 0


def test_a_database_of_another_version_is_not_touched_without_leave(empty: Path) -> None:
    site = Site(empty, "--web-only", ZHUJI_MIGRATE="no")
    said, _ = site.process.communicate(timeout=60)
    assert site.process.returncode == 1
    assert said == "数据库结构不是这一版的；请先备份，再执行 zhuji migrate。\n"


def test_a_port_that_is_taken_is_refused_with_what_to_do(cli: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = str(taken.getsockname()[1])
        assert cli.run("serve", "--port", port) == 1
    assert cli.err == (
        f"不能在 127.0.0.1 的端口 {port} 上监听（端口已被占用）；"
        "可能已有一个网站在运行，或用 --port 换一个端口。\n"
    )


@pytest.mark.parametrize("port", ["0", "70000", "八千"])
def test_a_port_that_is_none_is_refused(cli: Terminal, port: str) -> None:
    assert cli.run("serve", "--port", port) == 2
    assert "请写 1 到 65535 之间的整数" in cli.err
