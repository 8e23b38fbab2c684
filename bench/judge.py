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

from zhuji.indicators.cells import Cells, Results
from zhuji.kernel.values import Present
from zhuji.programme import judge, packages, scene, snapshots
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
    hands = [one["seconds"] for one in found["hand"]]
    frames = [one["seconds"] for one in found["pandas"]]
    for name, above, below in (
        ("sums and duties / hand", [one["seconds"] for one in found["ours"]], hands),
        ("the same with every cell finished / hand", [one["both"] for one in found["ours"]], hands),
        ("pandas / ours, the same cells", frames, [one["subset"] for one in found["ours"]]),
        ("pandas / full judgement", frames, [one["seconds"] for one in found["ours"]]),
    ):
        ratios = tuple(a / b for a, b in zip(above, below, strict=True))
        print(f"{name:42}{county.Spread(ratios)}")


def measured(home: Path, way: str) -> dict[str, float]:
    """Seconds of the second run, and the most memory that the process ever held."""
    given = pickle.loads((home / GIVEN).read_bytes())  # noqa: S301 - our own
    times = _ours() if way == "ours" else _theirs(way, given)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**times, "MiB": peak}


def _ours() -> dict[str, float]:
    loading = time.perf_counter()
    package = packages.load_for(county.PLAN, settings.ZHUJI_PLANS, county.ON)
    times = {"plan": time.perf_counter() - loading}
    for name in ("first", "seconds", "again"):
        if name != "again":
            _forget(package)
        started = time.perf_counter()
        with judge.running(package, on=county.ON) as run:
            times[name] = time.perf_counter() - started
            if name == "seconds":
                times["cells"] = _finish(run.cells, run, pandas=False)
            if name == "again":
                started = time.perf_counter()
                for org in run.scene.above:
                    run.judgement(org)
                times["lights"] = time.perf_counter() - started
    times["both"] = times["seconds"] + times["cells"]
    times["subset"] = _subset(package)
    return times


def _forget(package: Package) -> None:
    """Answers are kept between runs: a first run has none."""
    for _ in range(2):
        ready(package).kept.turn()


def _finish(cells: Cells, run: judge.Run, *, pandas: bool) -> float:
    """Seconds to finish every cell of the indicators that a yardstick computes too."""
    scans = {scan.key: scan for scan in run.suite.scans}
    started = time.perf_counter()
    for key, each in run.suite.prepared.items():
        scan = scans.get(each.scan or "")
        if scan is None or scan.split or (pandas and not pandas_way.covers(scan)):
            continue
        for period in run.scene.periods_of(each.indicator.period):
            for org in run.scene.above:
                cells.cell(key, org, period.key)
    return time.perf_counter() - started


def _subset(package: Package) -> float:
    """Seconds for no more than what is done with pandas: those scans, those cells, no duties."""
    made = ready(package)
    with judge.running(package, on=county.ON) as run:
        pass
    started = time.perf_counter()
    with snapshots.opened(snapshots.chosen(None)) as engine:
        built = scene.build(engine, package.loaded.plan, county.ON, made)
        wanted = [s.key for s in made.suite.scans if not s.split and pandas_way.covers(s)]
        asked = [made.expectations, made.schools, *(made.scans[key] for key in wanted)]
        expectations, schools, *rows = engine.run_all(asked)
        empty = dict.fromkeys(made.scans, ())
        scans = {**empty, **dict(zip(wanted, rows, strict=True))}
        cells = Cells(made.suite, Results(scans, expectations, schools, built.periods))
        _finish(cells, run, pandas=True)
    return time.perf_counter() - started


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
