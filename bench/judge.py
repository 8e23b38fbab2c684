"""Full judgement of the reference county against hand-written DuckDB and against pandas.

Each way runs in a process of its own, in turn, so that all feel the same machine; the second run
of a process counts. Results are compared first: a yardstick that computes something else is none.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import county
import hand
import pandas_way
from django.conf import settings

from zhuji.kernel.values import Present
from zhuji.programme import judge, packages, snapshots
from zhuji.programme.packages import Package
from zhuji.programme.ready import ready
from zhuji.warehouse.engine import Engine

ROUNDS = 5
WAYS = ("ours", "hand", "pandas")
GIVEN = "given.pickle"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--way", choices=(*WAYS, "compare"))
    words = asked.parse_args()
    home = county.prepare()
    if words.way == "compare":
        compare(home)
    elif words.way:
        print(json.dumps(measured(home, words.way)))
    else:
        report(words.rounds)


def report(rounds: int) -> None:
    print(_child("compare"), end="")
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            found[way].append(json.loads(_child(way)))
    for way, runs in found.items():
        for what in runs[0]:
            print(f"{way:8}{what:10}{county.Spread(tuple(run[what] for run in runs))}")
    for way, name in (("hand", "ours / hand"), ("pandas", "pandas / ours")):
        pairs = zip(found["ours"], found[way], strict=True)
        times = [(ours["seconds"], theirs["seconds"]) for ours, theirs in pairs]
        ratios = tuple(a / b if way == "hand" else b / a for a, b in times)
        print(f"{name:18}{county.Spread(ratios)}")


def measured(home: Path, way: str) -> dict[str, float]:
    """Seconds of the second run, and the most memory that the process ever held."""
    given = pickle.loads((home / GIVEN).read_bytes())  # noqa: S301 - our own
    times = _ours() if way == "ours" else _theirs(way, given)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**times, "MiB": peak}


def _ours() -> dict[str, float]:
    loading = time.perf_counter()
    package = packages.load_for(county.PLAN, settings.ZHUJI_PLANS, county.ON)
    loaded = time.perf_counter() - loading
    times: dict[str, float] = {}
    for name in ("first", "seconds"):
        started = time.perf_counter()
        with judge.running(package, on=county.ON) as run:
            times[name] = time.perf_counter() - started
    started = time.perf_counter()
    with judge.running(package, on=county.ON) as run:
        within = time.perf_counter()
        for org in run.scene.above:
            run.judgement(org)
        times["lights"] = time.perf_counter() - within
        times["whole"] = time.perf_counter() - started
    return {"plan": loaded, **times}


def _theirs(way: str, given: Any) -> dict[str, float]:
    if way == "hand":
        return {name: _by_hand(given)[0] for name in ("first", "seconds")}
    package = packages.load_for(county.PLAN, settings.ZHUJI_PLANS, county.ON)
    with snapshots.opened(snapshots.chosen(None)) as engine:
        return {"seconds": _by_pandas(given, package, engine)[0]}


def _by_hand(given: Any) -> tuple[float, hand.Answers]:
    started = time.perf_counter()
    found = hand.run(snapshots.store(), snapshots.chosen(None), given)
    return time.perf_counter() - started, found


def _by_pandas(given: Any, package: Package, engine: Engine) -> tuple[float, dict[str, Any]]:
    """The places and periods are a gift: they are there before the clock starts."""
    suite = ready(package).suite
    frames = {name: hand.frame(engine, given, name) for name in ("places", "periods")}
    started = time.perf_counter()
    found = pandas_way.run(engine, suite, frames)
    return time.perf_counter() - started, found


def compare(home: Path) -> None:
    """All cells of all three, and what the yardsticks leave out."""
    package = packages.load_for(county.PLAN, settings.ZHUJI_PLANS, county.ON)
    with judge.running(package, on=county.ON) as run:
        given = hand.given(run)
        (home / GIVEN).write_bytes(pickle.dumps(given))
        _, answers = _by_hand(given)
        _tell("hand: indicators", hand.differences(run, answers))
        _tell("hand: duties", hand.undone(run, answers))
        cells = different = 0
        with snapshots.opened(snapshots.chosen(None)) as engine:
            _, found = _by_pandas(given, package, engine)
        for key, series in found.items():
            for (period, org), value in series.items():
                ours = run.cells.cell(key, org, period).value
                if isinstance(ours, Present):
                    cells += 1
                    zero = math.isnan(value) and ours.value == 0
                    different += not (zero or math.isclose(ours.value, value, rel_tol=1e-9))
        print(f"pandas: indicators {len(found)}, cells {cells}, different {different}")
        sourced = sum(each.scan is not None for each in run.suite.prepared.values())
        print(f"ours: indicators {len(run.suite.prepared)} ({sourced} from a source),", end=" ")
        print(f"duties and milestones {len(run.owed)}, organisations {len(run.scene.above)}")


def _tell(what: str, found: tuple[int, int, list[str]]) -> None:
    things, cells, wrong = found
    print(f"{what} {things}, cells {cells}, different {len(wrong)}", *wrong[:10], sep="\n  ")


def _child(way: str) -> str:
    words = [sys.executable, __file__, "--way", way]
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


if __name__ == "__main__":
    main()
