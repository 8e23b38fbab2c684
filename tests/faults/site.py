"""The real site as processes, a person already signed in, and programs that write through it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.middleware.csrf import _get_new_csrf_string

from tests.faults.cluster import free_port
from zhuji.orgs import sessions
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Person
from zhuji.web import gate

ROOT = Path(__file__).resolve().parents[2]
GONE = (urllib.error.URLError, HTTPException, ConnectionError, TimeoutError)


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]


@dataclass
class Client:
    """A program that is signed in; it speaks to the API as any other would."""

    port: int
    cookies: str
    token: str

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Raises what a cut connection raises."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={
                "Cookie": self.cookies,
                "X-CSRFToken": self.token,
                "Content-Type": "application/json",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return Answer(answer.status, json.load(answer))
        except urllib.error.HTTPError as refusal:
            try:
                return Answer(refusal.code, json.load(refusal))
            except ValueError:
                return Answer(refusal.code, {})

    def until(
        self, method: str, path: str, body: object, seconds: float = 60, **more: str
    ) -> Answer:
        """The same request again and again, with the same key, until it is answered for good."""
        end = time.monotonic() + seconds
        while True:
            try:
                found = self.send(method, path, body, **more)
                if found.status < 500:
                    return found
            except GONE:
                pass
            if time.monotonic() > end:
                raise TimeoutError(f"{method} {path} was not answered for {seconds} s")
            time.sleep(0.1)


@dataclass
class Site:
    home: Path
    database_url: str
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self, *words: str) -> None:
        env = {
            **os.environ,
            "ZHUJI_HOME": str(self.home),
            "ZHUJI_DATABASE_URL": self.database_url,
            "ZHUJI_SITE_PROCESSES": "1",
            "ZHUJI_SECRET_KEY": settings.SECRET_KEY,
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "zhuji.cli.main", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(  # noqa: S603
            [*command, *words], env=env, cwd=ROOT, start_new_session=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def until_up(self, seconds: float = 90) -> float:
        """How long it took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            try:
                address = f"http://127.0.0.1:{self.port}/health/"
                with urllib.request.urlopen(address, timeout=5) as answer:
                    if answer.status == 200:
                        return time.monotonic() - began
            except GONE:
                time.sleep(0.1)
        raise TimeoutError("the site did not come up")

    def workers(self) -> list[int]:
        """The processes of the site that answer requests: children of the one we started."""
        assert self.process is not None
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = status.read_text().rpartition(")")[2].split()[1]
                words = (status.parent / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(parent) == self.process.pid and b"resource_tracker" not in words:
                found.append(int(status.parent.name))
        return found

    def kill_workers(self) -> None:
        """As the out-of-memory killer does."""
        for pid in self.workers():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


@contextmanager
def served(home: Path, database_url: str) -> Iterator[Site]:
    site, enough = Site(home, database_url), threading.Event()
    attendant = threading.Thread(target=_attend, args=(site, enough), daemon=True)
    try:
        site.start("--web-only")
        site.until_up()
        attendant.start()
        yield site
    finally:
        enough.set()
        site.stop()


def _attend(site: Site, enough: threading.Event) -> None:
    """As systemd does: a site whose workers die one after the other is started anew."""
    while not enough.wait(0.1):
        if site.process is not None and site.process.poll() is not None:
            site.start("--web-only")


def client(site: Site, username: str) -> Client:
    """Somebody who has signed in and shown the second factor; in the database that is open here."""
    person = Person.objects.get(username=username)
    now = database_now()
    key = sessions.begin(person, sessions.How.PASSWORD, now=now)
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store[gate.KEY] = sessions.pass_second(key, person, now=now)
    store.create()
    token = _get_new_csrf_string()
    name = settings.SESSION_COOKIE_NAME
    return Client(site.port, f"{name}={store.session_key}; csrftoken={token}", token)
