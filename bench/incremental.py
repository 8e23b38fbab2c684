"""One school's record changed: an incremental snapshot, then the lights of school, town and county.

The process has judged the county once before, as a server has. Every round changes a value,
measures, and puts the value back; the snapshots made are removed again.
"""

from __future__ import annotations

import operator
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import reduce
from itertools import pairwise

import county
from django.conf import settings

from zhuji.ledgers import actions, queries
from zhuji.programme import judge, packages, snapshots
from zhuji.programme.packages import Package

ROUNDS = 5
# A record of each kind: of the school itself, of a class, of a teacher; and the column to change.
CHANGES = {"premises": "books", "classes": "interactive", "posts": "full_time_teacher"}
Row = Mapping[str, object]


def main() -> None:
    county.prepare()
    package = packages.load_for(county.PLAN, settings.ZHUJI_PLANS, county.ON)
    with judge.running(package, on=county.ON) as run:
        school = next(org for org in run.scene.above if run.scene.orgs[org].kind == "school")
        line = run.scene.above[school]
        for org in line:
            run.judgement(org)
    known = {one.id for one in snapshots.listed()}
    try:
        for ledger, column in CHANGES.items():
            told(ledger, [one_round(package, ledger, column, line) for _ in range(ROUNDS)])
    finally:
        for one in snapshots.listed():
            if one.id not in known:
                shutil.rmtree(snapshots.store() / one.id)


def one_round(
    package: Package, ledger: str, column: str, line: tuple[str, ...]
) -> tuple[county.Spent, ...]:
    """The snapshot, the run, and the judgements."""
    row = next(iter(queries.rows(ledger, orgs=[line[0]])))
    put(ledger, {**row, column: changed(row[column])})
    times = [county.now()]
    taken = snapshots.take(as_of=county.ON, known_at=datetime.now(UTC))
    times.append(county.now())
    with judge.running(package, on=county.ON, snapshot=taken.id) as run:
        times.append(county.now())
        for org in line:
            run.judgement(org)
        times.append(county.now())
    put(ledger, row)
    snapshots.take(as_of=county.ON, known_at=datetime.now(UTC))
    return tuple(after - before for before, after in pairwise(times))


def changed(value: object) -> object:
    if isinstance(value, bool):
        return not value
    return (value if isinstance(value, int) else 0) + 1


def put(ledger: str, row: Row) -> None:
    actions.put(ledger, [row], actor="bench", now=datetime.now(UTC), cause="bench")


def told(ledger: str, rounds: list[tuple[county.Spent, ...]]) -> None:
    whole = [reduce(operator.add, each) for each in rounds]
    parts = zip(("snapshot", "run", "lights"), zip(*rounds, strict=True), strict=True)
    for name, spent in (*parts, ("whole", whole)):
        wall = county.Spread(tuple(each.wall for each in spent))
        cpu = county.Spread(tuple(each.cpu for each in spent))
        print(f"{ledger:12}{name:10}{wall}   CPU {cpu}")


if __name__ == "__main__":
    main()
