"""A workbook of 300,000 cells, as 10,000 rows of 30 columns hold: checked and stored.

The widest ledger has 18 columns, so it is 16,667 rows: all good, every twentieth wrong in one
cell, or each wrong in four. The work happens in a child process over a database of its own, whose
peak memory is what counts.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import county
from django.core.management import call_command

from zhuji.invent.paper import Cell, Paper
from zhuji.ledgers import actions, queries
from zhuji.ledgers.cells import cell
from zhuji.ledgers.declare import Column
from zhuji.ledgers.registry import ledger
from zhuji.ledgers.tables import sheet_name

ROUNDS = 5
LEDGER, ROWS = "premises", 16_667
FROM = date(2010, 1, 1)
# Every so many rows one cell that no converter takes.
EVERY = 20
NAMES = ("checked", "checked_errors", "checked_all_wrong", "stored")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--folder", type=Path)
    words = asked.parse_args()
    if words.folder:
        print(json.dumps(measured(words.folder)))
        return
    county.prepare()
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "good.xlsx", lambda number: {})
        write(Path(folder) / "wrong.xlsx", lambda number: {} if number % EVERY else {-2: "若干"})
        write(Path(folder) / "all_wrong.xlsx", all_wrong)
        rounds = [_child(Path(folder), number) for number in range(ROUNDS)]
    for name in rounds[0]:
        print(f"{name:24}{county.Spread(tuple(one[name] for one in rounds))}")


def all_wrong(number: int) -> dict[int, Cell]:
    """Four cells of every row: no such school, no such date, no number twice."""
    return {
        0: f"没有的学校{number % 400}",
        2: f"2021年{13 + number % 80}月",
        -3: f"约{number}",
        -2: "若干",
    }


def write(path: Path, wrong: Callable[[int], dict[int, Cell]]) -> None:
    of = ledger(LEDGER)
    with Paper(path, sheet_name(of)) as paper:
        paper.write(1, [column.label.zh for column in of.columns])
        for number, row in enumerate(invented()):
            cells: list[Cell] = [shown(column, row[column.key]) for column in of.columns]
            for place, word in wrong(number).items():
                cells[place] = word
            paper.write(number + 2, cells)


def invented() -> Iterator[dict[str, object]]:
    """Rows of the county again and again, each time counted on another day."""
    held = list({(row["org"], row["stage"]): row for row in queries.rows(LEDGER)}.values())
    for number in range(ROWS):
        day = FROM + timedelta(days=number // len(held))
        yield {**held[number % len(held)], "counted_on": day}


def shown(column: Column, value: object) -> Cell:
    found = cell(column, value, "zh-hans")
    return found if isinstance(found, str | int | date) or found is None else str(found)


def measured(folder: Path) -> dict[str, float]:
    call_command("migrate", verbosity=0, interactive=False)
    _orgs(folder)
    now = datetime.now(UTC)
    times: dict[str, float] = {}
    for name, file in zip(NAMES, ("good", "wrong", "all_wrong", "good"), strict=True):
        started = county.now()
        path, dry_run = folder / f"{file}.xlsx", name != "stored"
        receipt = actions.import_file(path, actor="bench", now=now, dry_run=dry_run)
        spent = county.now() - started
        times |= {name: spent.wall, f"{name}, CPU": spent.cpu}
        _expect(name, receipt.error_count, receipt.counts.created)
    times["MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return times


def _expect(name: str, errors: int, created: int) -> None:
    some = -(-ROWS // EVERY)
    wanted = {"checked_errors": (some, ROWS - some), "checked_all_wrong": (4 * ROWS, 0)}
    if (errors, created) != wanted.get(name, (0, ROWS)):
        raise SystemExit(f"{name}: {errors} errors, {created} rows")


def _orgs(folder: Path) -> None:
    """The organisations that the sheet names must be on file."""
    rows = json.loads((folder / "orgs.json").read_text(encoding="utf-8"))
    for row in rows:
        for day in ("valid_from", "valid_to"):
            row[day] = date.fromisoformat(row[day]) if row[day] else None
    actions.put("orgs", rows, actor="bench", now=datetime.now(UTC), cause="bench")


def _child(folder: Path, number: int) -> dict[str, float]:
    home = folder / f"home{number}"
    (folder / "orgs.json").write_text(
        json.dumps(list(queries.rows("orgs")), default=str), encoding="utf-8"
    )
    found = subprocess.run(  # noqa: S603 - this very file
        [sys.executable, __file__, "--folder", str(folder)],
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, "ZHUJI_HOME": str(home)},
        text=True,
    )
    made: dict[str, float] = json.loads(found.stdout)
    return made


if __name__ == "__main__":
    main()
