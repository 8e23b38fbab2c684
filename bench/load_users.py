"""What many people at once do, for locust: staff at work (L1), everybody signing in (L3).

Started by load.py, which writes the sessions and the accounts that are used here.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import time
from pathlib import Path
from typing import Any

from locust import HttpUser, constant_throughput, task

GIVEN: dict[str, Any] = json.loads(Path(os.environ["ZHUJI_LOAD"]).read_text(encoding="utf-8"))
TOKEN = "a" * 32  # what a browser is given by any form; here both halves are sent at once
PERIOD = GIVEN["people"] / GIVEN["rate"]  # seconds from one request of somebody to the next
SAVED = "草稿已保存".encode()
_turn = itertools.count()
_chance = random.Random(1)  # noqa: S311  # which page, not a secret


class Staff(HttpUser):
    """One request in a quarter of a minute each; one in five writes.

    Four in six people write at all, so those do 30 times in 100.
    """

    def on_start(self) -> None:
        # Not all at the same moment: they would never again be spread over the time. Locust's own
        # pacing sends the second request at once, and the site begins with twice the load.
        self.next = time.monotonic() + _chance.random() * PERIOD
        time.sleep(self.wait_time())
        number = next(_turn)
        self.who = GIVEN["sessions"][number % len(GIVEN["sessions"])]
        self.client.cookies.set("sessionid", self.who["session"])
        self.client.cookies.set("csrftoken", TOKEN)

    def wait_time(self) -> float:
        """Until its next turn; who was kept waiting is not spared a turn."""
        wait = self.next - time.monotonic()
        self.next += PERIOD
        return max(0.0, wait)

    @task(7)
    def read(self) -> None:
        path = _chance.choice(self.who["pages"])
        with self.client.get(path, name=path, catch_response=True) as answer:
            if answer.history or b"</html>" not in answer.content:
                answer.failure(f"not the page: {answer.status_code}")

    @task(3)
    def write(self) -> None:
        if self.who["writes"] == "round":
            self._write("/returns/keep/", _round(self.who["name"]), "write: round")
        elif self.who["writes"] == "club":
            self._write("/ledgers/clubs/new/", _club(self.who["org"]), "write: club")
        else:
            self.read()

    def _write(self, path: str, body: dict[str, str], name: str) -> None:
        """A form that is shown again with a complaint has not been kept."""
        with self.client.post(
            path, body, headers=_headers(), name=name, allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code != 302 and SAVED not in answer.content:
                answer.failure(f"not kept: {answer.status_code}")


class SigningIn(HttpUser):
    """A password, once for every user name in turn; the hash is what costs."""

    wait_time = constant_throughput(1)

    @task
    def sign_in(self) -> None:
        name = GIVEN["names"][next(_turn) % len(GIVEN["names"])]
        self.client.cookies.clear()
        self.client.cookies.set("csrftoken", TOKEN)
        body = {"username": name, "password": GIVEN["password"]}
        with self.client.post(
            "/sign-in/", body, headers=_headers(), allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code != 302:
                answer.failure(f"not signed in: {answer.status_code}")


def _headers() -> dict[str, str]:
    return {"X-CSRFToken": TOKEN}


def _club(school: str) -> dict[str, str]:
    mark = f"{next(_turn)}-{_chance.random()}"
    return {
        "org": school, "name": f"社团{mark}", "kind": "art", "stage": "primary",
        "counted_on": "2022-03-01", "members": "12", "once": mark,
    }  # fmt: skip


def _round(name: str) -> dict[str, str]:
    """A form that is kept again and again while it is filled in; nobody has more than three."""
    form = f"load-{name}-{_chance.randrange(3)}"
    return {"item": "M11", "ledger": "activities", "title": f"试写{next(_turn)}", "once": form}
