"""Full judgement of the reference county against hand-written DuckDB and against pandas.

Each way runs in a process of its own, in turn, so that all feel the same machine; the second run
of a process counts. Results are compared first: a yardstick that computes something else is none.
Judged is the run up to where any cell may be asked for: all sums, all duties with their verdicts.
Finished are then exactly the cells that the yardsticks compute. Beside the clock stands the time
of processors, all threads of a process together: a shared machine disturbs it less.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import county
import hand
import pandas_duties
import pandas_way
from django.conf import settings
from pandas_tables import Tables

from zhuji.kernel.collecting import uncollected
from zhuji.kernel.values import Present
from zhuji.programme import judge, packages, snapshots
from zhuji.programme.packages import Package
from zhuji.programme.ready import ready
from zhuji.warehouse.engine import Engine

ROUNDS = 5
WAYS = ("ours", "hand", "pandas")
GIVEN, KEYS = "given.pickle", "keys.pickle"
Key = tuple[str, str, str]  # indicator, organisation, period
Times = dict[str, list[float]]  # seconds by the clock, and of processors


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
    found: dict[str, list[Times]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            found[way].append(json.loads(_child(way)))
    for way, runs in found.items():
        for what in runs[0]:
            told = [county.Spread(each) for each in zip(*(run[what] for run in runs), strict=True)]
            print(f"{way:8}{what:12}", "   CPU ".join(map(str, told)))
    for name, above, below in (
        ("judged / hand", ("ours", "judged"), ("hand", "second")),
        ("judged, the same cells finished / hand", ("ours", "whole"), ("hand", "second")),
        ("pandas / judged, the same cells finished", ("pandas", "once"), ("ours", "whole")),
    ):
        pairs = zip(_of(found, *above), _of(found, *below), strict=True)
        ratios = [[a / b for a, b in zip(*pair, strict=True)] for pair in pairs]
        told = [county.Spread(each) for each in zip(*ratios, strict=True)]
        print(f"{name:42}", "   CPU ".join(map(str, told)))


def _of(found: dict[str, list[Times]], way: str, what: str) -> list[list[float]]:
    return [run[what] for run in found[way]]


def measured(home: Path, way: str) -> Times:
    """Seconds, and the most memory that the process ever held."""
    given = pickle.loads((home / GIVEN).read_bytes())  # noqa: S301 - our own
    keys = pickle.loads((home / KEYS).read_bytes())  # noqa: S301 - our own
    times = _ours(keys) if way == "ours" else _theirs(way, given)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {name: [spent.wall, spent.cpu] for name, spent in times.items()}
    return {**told, "MiB": [peak]}


def _ours(keys: list[Key]) -> dict[str, county.Spent]:
    started = county.now()
    package = packages.load_for(county.PLAN, settings.ZHUJI_PLANS, county.ON)
    times = {"plan": county.now() - started}
    for name in ("first", "judged", "again"):
        if name != "again":
            ready(package).forget()
        started = county.now()
        with judge.running(package, on=county.ON) as run:
            times[name] = county.now() - started
            if name == "judged":
                times["cells"] = _spent(lambda run=run: _finish(run, keys))
            if name == "again":
                times["lights"] = _spent(lambda run=run: _lights(run))
    times["whole"] = times["judged"] + times["cells"]
    return times


def _spent(work: Callable[[], None]) -> county.Spent:
    """Without the collector of cycles, as a judging is kept (`kept.keep`): for each way alike."""
    started = county.now()
    with uncollected():
        work()
    return county.now() - started


def _finish(run: judge.Run, keys: list[Key]) -> None:
    for indicator, org, period in keys:
        run.cells.cell(indicator, org, period)


def _lights(run: judge.Run) -> None:
    for org in run.scene.above:
        run.judgement(org)


def _theirs(way: str, given: Any) -> dict[str, county.Spent]:
    """Pandas runs once: it keeps nothing that a second run could be quicker by."""
    if way == "hand":
        return {name: _spent(lambda: _by_hand(given)) for name in ("first", "second")}
    package = packages.load_for(county.PLAN, settings.ZHUJI_PLANS, county.ON)
    with snapshots.opened(snapshots.chosen(None)) as engine:
        tables = _tables(given, engine)
        ready(package)
        return {"once": _spent(lambda: _by_pandas(package, tables))}


def _by_hand(given: Any) -> hand.Answers:
    return hand.run(snapshots.store(), snapshots.chosen(None), given)


def _tables(given: Any, engine: Engine) -> Tables:
    """Places, periods and windows are a gift: they are there before the clock starts."""
    names = ("places", "periods", "windows")
    return Tables(engine, {name: hand.frame(engine, given, name) for name in names})


def _by_pandas(package: Package, tables: Tables) -> tuple[pandas_way.Cells, Any]:
    cells = pandas_way.run(tables, ready(package).suite)
    return cells, pandas_duties.run(tables, [one.asked for one in package.definitions])


def compare(home: Path) -> None:
    """All cells of all three, and what the yardsticks leave out."""
    package = packages.load_for(county.PLAN, settings.ZHUJI_PLANS, county.ON)
    with judge.running(package, on=county.ON) as run:
        given = hand.given(run)
        answers = _by_hand(given)
        with snapshots.opened(snapshots.chosen(None)) as engine:
            cells, duties = _by_pandas(package, _tables(given, engine))
        keys, *told = hand.differences(run, answers)
        _tell("hand: indicators", *told)
        _tell("hand: duties", *hand.undone(run, answers))
        _tell("pandas: indicators", *_differences(run, cells, keys))
        _tell("pandas: duties", *hand.unlike(duties, answers))
        sourced = sum(each.scan is not None for each in run.suite.prepared.values())
        print(f"ours: indicators {len(run.suite.prepared)} ({sourced} from a source),", end=" ")
        print(f"duties and milestones {len(run.owed)}, organisations {len(run.scene.above)}")
    (home / GIVEN).write_bytes(pickle.dumps(given))
    (home / KEYS).write_bytes(pickle.dumps(keys))


def _differences(
    run: judge.Run, cells: pandas_way.Cells, keys: list[Key]
) -> tuple[int, int, list[str]]:
    """The cells that were computed by hand; where nothing is there to add up, pandas has no row."""
    found = {
        (indicator, org, period): value
        for indicator, series in cells.items()
        for (period, org), value in series.items()
        if not math.isnan(value)
    }
    wrong = []
    for key in {*keys, *found}:
        ours, value = run.cells.cell(*key).value, found.get(key, 0)
        if isinstance(ours, Present) and not math.isclose(ours.value, value, rel_tol=1e-9):
            wrong.append(f"{key}: {float(ours.value)} / {value}")
    return len(cells), len(keys), wrong


def _tell(what: str, things: int, cells: int, wrong: list[str]) -> None:
    print(f"{what} {things}, cells {cells}, different {len(wrong)}", *wrong[:10], sep="\n  ")


def _child(way: str) -> str:
    words = [sys.executable, __file__, "--way", way]
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


if __name__ == "__main__":
    main()
