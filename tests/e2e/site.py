"""A site of its own over a data directory: `zhuji serve`, as an operator starts it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds; a machine shared with others starts slowly


@dataclass(frozen=True)
class Site:
    """`said`: what its processes wrote to the terminal."""

    address: str
    home: Path
    process: "subprocess.Popen[bytes]"
    said: Path


def build(home: Path) -> None:
    """Fill an empty data directory with the county of the stories."""
    _said(home, "tests.e2e.build")


def statements(home: Path) -> dict[str, int]:
    """How many statements each page asks, by address."""
    found: dict[str, int] = json.loads(_said(home, "tests.e2e.count").splitlines()[-1])
    return found


def _said(home: Path, module: str) -> str:
    """In a process of its own: this one has no database, and a browser's loop runs in it."""
    done = subprocess.run(  # noqa: S603  # our own module
        [sys.executable, "-m", module],
        cwd=ROOT,
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def start(home: Path) -> Site:
    port = _free_port()
    said = home / "site.log"
    with said.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-m", "zhuji.cli.main", "serve", "--port", str(port)],
            cwd=ROOT,
            env=_environment(home),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    site = Site(f"http://127.0.0.1:{port}", home, process, said)
    try:
        _await(site)
    except BaseException:
        stop(site)
        raise
    return site


def stop(site: Site) -> None:
    site.process.send_signal(signal.SIGTERM)
    try:
        site.process.wait(60)
    except subprocess.TimeoutExpired:
        site.process.kill()
        site.process.wait()


def _environment(home: Path) -> dict[str, str]:
    """Of this machine only what a process needs: nobody's own settings of Zhuji."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHUJI_")}
    ours = {"ZHUJI_HOME": str(home), "ZHUJI_LANGUAGE": "zh-hans", "ZHUJI_SITE_PROCESSES": "1"}
    return {**kept, **ours}


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _await(site: Site) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert site.process.poll() is None, _last_words(site)
        try:
            with urlopen(f"{site.address}/sign-in/", timeout=PATIENCE):  # noqa: S310
                return
        except HTTPError as refusal:
            raise AssertionError(_last_words(site)) from refusal
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"the site did not start: {_last_words(site)}")


def _last_words(site: Site) -> str:
    return site.said.read_text(encoding="utf-8")[-2000:]
