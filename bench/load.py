"""Many people at once: L1, staff at work, 40 requests a second; L3, 10 sign-ins a second.

A site of its own: ZHUJI_HOME must hold an invented county (county.py makes the reference one), in
SQLite or, with ZHUJI_DATABASE_URL, in PostgreSQL; it is judged here, so that pages have all that
they show. Locust runs beside the site on the same machine, so the load average and the time of
processors that the site took stand beside the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import county
import psutil
from django.conf import settings
from django.db import connection, connections

from zhuji.invent.world import UNTIL
from zhuji.orgs import accounts, actions, people, sessions
from zhuji.orgs.accounts import Newcomer
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Person
from zhuji.orgs.rules import Seat
from zhuji.programme import kept, packages
from zhuji.web import gate

HERE = Path(__file__).resolve().parent
PORT = 8437
PEOPLE, RATE, SIGN_INS, NAMES = 600, 40, 10, 50
SIGNING_IN = 300  # seconds at most; L3 asks no more
# Every page once or more, by few people, before anything is counted.
WARMING, WARMING_PEOPLE = 15, 60
PASSWORD = "槐树下的水井2023年"  # noqa: S105  # of people made up for this
READ = {
    "director": ("/", "/plan/", "/plan/M9/", "/indicators/l1.primary/", "/orgs/", "/balance/"),
    "officer": ("/", "/plan/", "/plan/M9/", "/returns/", "/ledgers/", "/ledgers/staff/"),
    "town_officer": ("/", "/plan/", "/orgs/", "/notices/", "/returns/"),
    "principal": ("/", "/plan/", "/ledgers/staff/", "/returns/", "/notices/"),
    "clerk": ("/", "/ledgers/", "/ledgers/clubs/", "/ledgers/staff/", "/returns/"),
    "teacher": ("/", "/ledgers/", "/ledgers/pupils/", "/notices/"),
}
# What each of them writes; principals and teachers only read.
WRITES = {"director": "round", "officer": "round", "town_officer": "round", "clerk": "club"}
# p95 and p99 in milliseconds, then errors: what is asked, and the floor under it.
LIMITS = {"Staff": ((800, 2000), (1200, 3000)), "SigningIn": ((1500, 99_999), (1500, 99_999))}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--seconds", type=int, default=60, help="of L1, which asks for 1800; of L3 300 at most"
    )
    parser.add_argument("--rate", type=int, default=RATE, help="requests a second by staff")
    asked = parser.parse_args()
    kept.judge(packages.load_for(county.PLAN, settings.ZHUJI_PLANS, UNTIL), on=UNTIL)
    given = county.HOME / "load.json"
    given.write_text(json.dumps(_given(asked.rate), ensure_ascii=False), encoding="utf-8")
    connections.close_all()
    with _site() as site:
        _run("Staff", WARMING_PEOPLE, WARMING, given)
        sound = []
        for kind, users, most in (
            ("Staff", PEOPLE, asked.seconds),
            ("SigningIn", SIGN_INS, SIGNING_IN),
        ):
            before = _processors(site)
            found = _run(kind, users, min(asked.seconds, most), given)
            sound.append(_told(kind, found, _processors(site) - before))
    return 0 if all(sound) else 1


def _given(rate: int) -> dict[str, Any]:
    now = database_now()
    who = [(person, READ[name]) for name in READ if (person := people.invented_named(name))]
    assert who, "a county without people: make it again with `zhuji invent --load`"
    made = [_session(*who[number % len(who)], now) for number in range(PEOPLE)]
    return {
        "people": PEOPLE, "rate": rate, "sessions": made, "names": _names(now),
        "password": PASSWORD,
    }  # fmt: skip


def _session(person: Person, pages: tuple[str, ...], now: Any) -> dict[str, Any]:
    """As the browser of somebody who has signed in holds it."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["_auth_user_id"] = str(person.pk)
    store["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    store["_auth_user_hash"] = person.get_session_auth_hash()
    store[gate.KEY] = sessions.begin(person, sessions.How.CHOSEN, now=now)
    store.save()
    org = person.appointments.values_list("org", flat=True)[0]
    return {
        "session": store.session_key, "pages": pages, "org": org, "name": person.username,
        "writes": WRITES.get(person.username, ""),
    }  # fmt: skip


def _names(now: Any) -> list[str]:
    """Accounts with a password; those of an earlier run are used again."""
    governor = people.governor(date(2023, 6, 30))
    assert governor is not None
    place = governor.appointments.values_list("org", flat=True)[0]
    names = [f"load-{number}" for number in range(NAMES)]
    known = set(Person.objects.filter(username__in=names).values_list("username", flat=True))
    for name in names:
        if name not in known:
            accounts.add_person(Newcomer(name, "云小溪"), PASSWORD, actor=governor, now=now)
            seat = Seat("officer", place, "office", date(2021, 9, 1))
            actions.appoint(name, seat, actor=governor, now=now, why="bench")
    Person.objects.filter(username__in=names).update(password_given_at=None)
    return names


@contextmanager
def _site() -> Iterator[psutil.Process]:
    command = [sys.executable, "-m", "zhuji.cli.main", "serve", "--port", str(PORT)]
    with (county.HOME / "load-site.log").open("wb") as said:
        site = subprocess.Popen(command, stdout=said, stderr=said)  # noqa: S603  # our own module
        try:
            _await()
            yield psutil.Process(site.pid)
        finally:
            site.send_signal(signal.SIGTERM)
            site.wait()


def _processors(site: psutil.Process) -> float:
    """Seconds that the site's processes took until now; those of PostgreSQL are not its own."""
    times = [one.cpu_times() for one in (site, *site.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def _await() -> None:
    for _ in range(600):
        try:
            with urlopen(f"http://127.0.0.1:{PORT}/sign-in/", timeout=60):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the site did not start")


def _run(kind: str, users: int, seconds: int, given: Path) -> list[dict[str, Any]]:
    """Locust in a process of its own: it changes how this one would wait."""
    done = subprocess.run(  # noqa: S603  # our own file
        [sys.executable, "-m", "locust", "-f", str(HERE / "load_users.py"), kind, "--headless",
         "--users", str(users), "--spawn-rate", str(max(1, users // 10)), "--run-time",
         f"{seconds}s", "--host", f"http://127.0.0.1:{PORT}", "--json", "--reset-stats",
         "--skip-log", "--exit-code-on-error", "0"],
        env={**os.environ, "ZHUJI_LOAD": str(given)},
        stdout=subprocess.PIPE,
        check=False,
    )  # fmt: skip
    text = done.stdout.decode()
    found: list[dict[str, Any]] = json.loads(text[text.index("[") :])
    return found


def _told(kind: str, stats: list[dict[str, Any]], processors: float) -> bool:
    times = sorted(
        int(float(at)) for one in stats for at, n in one["response_times"].items() for _ in range(n)
    )
    failed = sum(one["num_failures"] for one in stats)
    first = min(one["start_time"] for one in stats)
    last = max(one["last_request_timestamp"] for one in stats)
    p95, p99 = _at(times, 0.95), _at(times, 0.99)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(
        f"{kind} on {connection.vendor}: {len(times)} answers, {len(times) / (last - first):.1f}/s,"
        f" p50 {_at(times, 0.5)} ms, p95 {p95} ms, p99 {p99} ms, {failed} failed; load {load};"
        f" the site took {processors / len(times) * 1000:.0f} ms of processors for each"
    )
    for one in sorted(stats, key=lambda one: one["name"]):
        own = sorted(int(float(at)) for at, n in one["response_times"].items() for _ in range(n))
        if own:
            failures = one["num_failures"]
            print(f"    {one['name']:32} {len(own):6} p95 {_at(own, 0.95)} ms, {failures} failed")
    for words, (most95, most99) in zip(("target", "floor"), LIMITS[kind], strict=True):
        print(
            f"  {words}: {'held' if not failed and p95 <= most95 and p99 <= most99 else 'MISSED'}"
        )
    floor95, floor99 = LIMITS[kind][1]
    return not failed and p95 <= floor95 and p99 <= floor99


def _at(times: list[int], share: float) -> int:
    return times[min(len(times) - 1, int(len(times) * share))]


if __name__ == "__main__":
    raise SystemExit(main())
