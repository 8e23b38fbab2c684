"""Pages at the size of the reference county: server time, statements, growth over years, an export.

The server answers in this process, everything but the socket: middleware, views, templates. Two
times are told, by the clock and of processors; the limits in LIMITS are held against the second,
which others on the machine change least. Beyond one of them the script ends with an error. Growth
is measured between two counties of demo size, one of one year and one of three, in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import county
from django.conf import settings
from django.db import connection
from django.test import Client

from zhuji.invent.world import UNTIL
from zhuji.jobs import worker
from zhuji.ledgers import queries
from zhuji.orgs import accounts, actions, people, sessions
from zhuji.orgs import county as counties
from zhuji.orgs.accounts import Newcomer
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Person
from zhuji.orgs.rules import Seat
from zhuji.programme import kept, packages
from zhuji.project import wsgi  # noqa: F401  # this process is made as one of the site is
from zhuji.web import gate

PAGES = (
    "/", "/plan/", "/plan/M9/", "/indicators/l1.primary/", "/indicators/l1.primary/explain/",
    "/orgs/", "/orgs/370784105/", "/balance/", "/cockpit/", "/ledgers/", "/ledgers/staff/",
    "/ledgers/posts/?page=20", "/returns/", "/notices/",
)  # fmt: skip
LIMITS = {"/plan/": 150.0, "/indicators/l1.primary/": 150.0}  # milliseconds at p95
MOST_STATEMENTS, MOST_GROWTH = 30, 1.3
MOST_TO_ASK, MOST_TO_EXPORT, EXPORTED = 0.5, 15.0, 10_000
WARM, TIMES, ROUNDS = 3, 40, 5
YEARS = {1: date(2022, 6, 30), 3: date(2024, 6, 30)}
SINCE = date(2021, 9, 1)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true", help="only measure, in ZHUJI_HOME")
    parser.add_argument("--no-growth", action="store_true", help="leave the two counties out")
    asked = parser.parse_args()
    if asked.json:
        print(json.dumps(_measured(_told_until())))
        return 0
    county.prepare()
    reader = _signed_in("director", Seat("director", _county(), "county", SINCE))
    faults = list(_pages(_judged(reader, UNTIL)))
    faults += _export(_signed_in("officer", Seat("officer", f"{_county()}000", "office", SINCE)))
    if not asked.no_growth:
        faults += _growth()
    for fault in faults:
        print("TOO MUCH:", fault)
    return 1 if faults else 0


def _told_until() -> date:
    found = counties.invented()
    assert found is not None
    return found.until


def _county() -> str:
    found = counties.invented()
    assert found is not None
    return found.county


def _judged(client: Client, on: date) -> Client:
    kept.judge(packages.load_for(county.PLAN, settings.ZHUJI_PLANS, on), on=on)
    return client


def _signed_in(username: str, seat: Seat) -> Client:
    """A browser with a sign-in of its own; a county without people gets those it needs."""
    now, person = database_now(), people.invented_named(username)
    if person is None:
        person = _made(username, seat)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    session = client.session
    session[gate.KEY] = sessions.begin(person, sessions.How.CHOSEN, now=now)
    session.save()
    return client


def _made(username: str, seat: Seat) -> Person:
    now, newcomer = database_now(), Newcomer(username, "云小溪", invented=True)
    governor = people.governor(seat.valid_from)
    if governor is None:
        chief = Seat("security_administrator", f"{_county()}000", "office", SINCE)
        governor = accounts.found(Newcomer("chief", "云大山", invented=True), "", chief, now=now)
    made = accounts.add_person(newcomer, "", actor=governor, now=now)
    actions.appoint(username, seat, actor=governor, now=now, why="bench")
    return made


# --- pages ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """Milliseconds, in order; a kept answer would not ask the database at all."""

    clock: list[float]
    processors: list[float]
    statements: int
    kib: float


def _pages(client: Client) -> Iterator[str]:
    print(f"{'':36} {'by the clock':>15} {'of processors':>15}")
    print(f"{'page':36} {'p50 ms':>7} {'p95 ms':>7} {'p50 ms':>7} {'p95 ms':>7} statements    KiB")
    for path in PAGES:
        page = _page(client, path)
        times = (_at(kind, share) for kind in (page.clock, page.processors) for share in (50, 95))
        print(
            f"{path:36}", *(f"{one:7.0f}" for one in times), f"{page.statements:10} {page.kib:6.0f}"
        )
        if page.statements > MOST_STATEMENTS:
            yield f"{path}: {page.statements} statements"
        if _at(page.processors, 95) > LIMITS.get(path, float("inf")):
            yield f"{path}: {_at(page.processors, 95):.0f} ms at p95"


def _page(client: Client, path: str) -> Page:
    for _ in range(WARM):
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
    statements = 0

    def counted(execute: Any, *words: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*words)

    with connection.execute_wrapper(counted):
        client.get(path)
    assert statements, f"{path} asked the database nothing"
    taken = [_once(client, path) for _ in range(TIMES)]
    return Page(
        sorted(one.wall * 1000 for one in taken),
        sorted(one.cpu * 1000 for one in taken),
        statements,
        len(answer.content) / 1024,
    )


def _at(ordered: list[float], percent: int) -> float:
    return ordered[min(TIMES - 1, TIMES * percent // 100)]


def _once(client: Client, path: str) -> county.Spent:
    began = county.now()
    client.get(path)
    return county.now() - began


def _measured(until: date) -> dict[str, float]:
    reader = _judged(_signed_in("director", Seat("director", _county(), "county", SINCE)), until)
    return {path: _at(_page(reader, path).processors, 95) for path in PAGES}


# --- an export ------------------------------------------------------------------------------


def _export(client: Client) -> Iterator[str]:
    """The smallest ledger with ten thousand rows; the worker runs in this process."""
    counts = {key: count for key, count in queries.counts().items() if count >= EXPORTED}
    ledger = min(counts, key=lambda key: counts[key])
    began = time.perf_counter()
    answer = client.post(f"/ledgers/{ledger}/export/", {"query": ""})
    asked = time.perf_counter() - began
    assert answer.status_code == 302, answer.status_code
    worker.serve(until_empty=True)
    took = time.perf_counter() - began - asked
    scaled = took * EXPORTED / counts[ledger]
    print(f"export of {ledger}, {counts[ledger]:,} rows: asked {asked:.2f} s, made {took:.1f} s;")
    print(f"  of {EXPORTED:,} rows: {scaled:.1f} s")
    if asked > MOST_TO_ASK:
        yield f"the request of an export was answered in {asked:.2f} s"
    if scaled > MOST_TO_EXPORT:
        yield f"an export of {EXPORTED:,} rows took {scaled:.1f} s"


# --- growth ---------------------------------------------------------------------------------


def _growth() -> Iterator[str]:
    homes = {years: _home(years, until) for years, until in YEARS.items()}
    measured: dict[int, list[dict[str, float]]] = {years: [] for years in YEARS}
    for _ in range(ROUNDS):
        for years, home in homes.items():
            measured[years].append(json.loads(_run(home, __file__, "--json")))
    print(f"{'page':36} {'1 year':>8} {'3 years':>8} {'ratio':>6}   (p95 of processors, ms)")
    for path in PAGES:
        one, three = (county.Spread(tuple(each[path] for each in measured[y])) for y in YEARS)
        ratio = _median(three) / _median(one)
        print(f"{path:36} {_median(one):8.0f} {_median(three):8.0f} {ratio:6.2f}")
        if ratio > MOST_GROWTH:
            yield f"{path}: {ratio:.2f} times as long with three years of data"


def _median(spread: county.Spread) -> float:
    return sorted(spread.values)[len(spread.values) // 2]


def _home(years: int, until: date) -> Path:
    home = county.HOME.parent / f"years-{years}"
    if not (home / "snapshots").exists():
        home.mkdir(parents=True, exist_ok=True)
        day = until.isoformat()
        _run(home, "-m", "zhuji.cli.main", "invent", "--load", "--until", day)
        _run(home, "-m", "zhuji.cli.main", "snapshot", "create", "--as-of", day)
    return home


def _run(home: Path, *words: Any) -> str:
    environment = {**os.environ, "ZHUJI_HOME": str(home)}
    done = subprocess.run(  # noqa: S603  # our own modules
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return done.stdout.strip().splitlines()[-1]


if __name__ == "__main__":
    raise SystemExit(main())
