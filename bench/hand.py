"""The yardstick: `hand.sql` over the same snapshot, and whether its cells are the same as ours."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from sqlglot import exp

from zhuji.duties.occurrences import WINDOW_COLUMNS, WINDOWS
from zhuji.kernel.values import Present
from zhuji.programme.judge import Run
from zhuji.warehouse.engine import Engine, open_engine
from zhuji.warehouse.manifest import Manifest

FILE = Path(__file__).with_name("hand.sql")
Answers = Mapping[str, tuple[Sequence[str], Sequence[tuple[Any, ...]]]]
_DAYS = {"kind": "VARCHAR", "key": "VARCHAR", "point_on": "DATE"}
_PERIODS = {
    "kind": "VARCHAR",
    "key": "VARCHAR",
    **dict.fromkeys(("start_on", "end_on", "census_on", "point_on"), "DATE"),
}


def statements() -> dict[str, str]:
    """By name, in order; the first makes the table of places."""
    parts = FILE.read_text(encoding="utf-8").split("\n\n-- ")[1:]
    return {name: text for name, _, text in (part.partition("\n") for part in parts)}


def run(store: Path, manifest: Manifest, given: Mapping[str, list[tuple[Any, ...]]]) -> Answers:
    """Every statement, from opening the snapshot to rows in Python."""
    found: dict[str, tuple[Sequence[str], Sequence[tuple[Any, ...]]]] = {}
    with open_engine(store, manifest) as engine:
        _fill(engine, given)
        for name, text in statements().items():
            engine.connection.execute(text)
            if name != "places":
                names = [column[0] for column in engine.connection.description or ()]
                found[name] = names, engine.connection.fetchall()
    return found


def given(run: Run) -> dict[str, list[tuple[Any, ...]]]:
    """Periods, days and windows of a judgement: the calendar is the same for both."""
    windows = run.scene.engine.run(exp.select(*WINDOW_COLUMNS).from_(WINDOWS))
    rows = [astuple(row) for row in run.scene.periods]
    days = {("day", str(row[8]), row[8]) for row in windows}
    return {
        "periods": rows,
        "days": [*((row[0], row[1], row[5]) for row in rows), *sorted(days)],
        "windows": windows,
    }


def _fill(engine: Engine, given: Mapping[str, list[tuple[Any, ...]]]) -> None:
    engine.table("periods", _PERIODS, given["periods"])
    engine.table("days", _DAYS, given["days"])
    engine.table("windows", WINDOW_COLUMNS, given["windows"])
    for name in given:
        engine.run(exp.select("1").from_(name).limit(1))  # tables are made when they are asked for


def frame(engine: Engine, given: Mapping[str, list[tuple[Any, ...]]], name: str) -> Any:
    """`places` or `periods` as a data frame, for those who bring no SQL."""
    _fill(engine, given)
    engine.connection.execute(statements()["places"])
    engine.connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - one of ours
    return engine.connection.df()


def differences(
    run: Run, answers: Answers
) -> tuple[list[tuple[str, str, str]], int, int, list[str]]:
    """The cells that have a value; indicators compared, cells compared, and what differs."""
    names: set[str] = set()
    keys, wrong = [], []
    for name, (columns, rows) in answers.items():
        if name.startswith("duties"):
            continue
        names.update(columns[3:])
        for row in rows:
            period, org = row[0], row[1]
            for column, value in zip(columns[3:], row[3:], strict=True):
                ours = run.cells.cell(column, org, period).value
                if not isinstance(ours, Present):
                    continue
                keys.append((column, org, period))
                if not _same(float(ours.value), value):
                    wrong.append(f"{column} {org} {period}: {float(ours.value)} / {value}")
    return keys, len(names), len(keys), wrong


def undone(run: Run, answers: Answers) -> tuple[int, int, list[str]]:
    """Duties compared, subjects that owed, and schools where more is done here than by our count.

    The yardstick knows what was done in time; reliefs and what came late are ours only.
    """
    done: Counter[tuple[str, str]] = Counter()
    owed = 0
    for name in ("duties.org", "duties.persons"):
        for duty, _, org, count, fulfilled in answers[name][1]:
            owed += count
            done[duty, org] += fulfilled
    wrong = []
    for (duty, org), count in done.items():
        verdict = run.owed[duty].verdicts.get(org)
        if count and (verdict is None or verdict.done < count):
            wrong.append(f"{duty} {org}: {count}")
    return len({duty for duty, _ in done}), owed, wrong


def unlike(frame: Any, answers: Answers) -> tuple[int, int, list[str]]:
    """The duties of a data frame (duty, key, org, owed, done) beside those of the yardstick."""
    theirs = {tuple(row) for row in frame.itertuples(index=False, name=None)}
    rows = {tuple(row) for name in ("duties.org", "duties.persons") for row in answers[name][1]}
    wrong = [str(row) for row in rows ^ theirs]
    return int(frame.duty.nunique()), int(frame.owed.sum()), wrong


def _same(ours: float, theirs: Any) -> bool:
    if theirs is None:
        return ours == 0
    return math.isclose(ours, float(theirs), rel_tol=1e-9, abs_tol=1e-9)
