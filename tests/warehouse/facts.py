"""Facts written by hand, and the relations that an engine derives from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from sqlglot import exp

from zhuji.kernel.calendar import Calendar, PeriodKind, Span
from zhuji.ledgers.registry import LEDGERS
from zhuji.ledgers.relations import prepare, table_of
from zhuji.warehouse import hierarchy
from zhuji.warehouse.engine import Engine, Row, engine_from_rows
from zhuji.warehouse.periods import TABLE, TYPES, PeriodRow, period_rows

TABLES = tuple(table_of(ledger, f"ledgers_{ledger.key}") for ledger in LEDGERS)
PLAN = Span(date(2021, 9, 1), date(2024, 9, 1))
TODAY = date(2023, 3, 15)
PERIODS = period_rows(Calendar(plan=PLAN), TODAY, PLAN, [PeriodKind.SCHOOL_YEAR])
OLD = date(2000, 1, 1)
MOVED = date(2022, 9, 1)

Fact = dict[str, object]
Facts = Mapping[str, Sequence[Fact]]
PLACES: dict[str, list[Fact]] = {
    "orgs": [
        {"org": "c", "kind": "county", "valid_from": OLD},
        {"org": "t1", "kind": "town", "valid_from": OLD},
        {"org": "t2", "kind": "town", "valid_from": OLD},
        {"org": "s1", "kind": "school", "school_type": "nine_year", "valid_from": OLD},
        {"org": "s2", "kind": "school", "school_type": "primary", "valid_from": OLD},
    ],
    "org_edges": [
        {"org": "t1", "parent": "c", "valid_from": OLD},
        {"org": "t2", "parent": "c", "valid_from": OLD},
        {"org": "s1", "parent": "t1", "valid_from": OLD},
        {"org": "s2", "parent": "t1", "valid_from": OLD, "valid_to": MOVED},
        {"org": "s2", "parent": "t2", "valid_from": MOVED},
    ],
}


def tabular(facts: Facts) -> dict[str, tuple[Sequence[str], Sequence[Sequence[object]]]]:
    return {
        table.name: (
            table.names,
            [[row.get(column) for column in table.names] for row in facts.get(table.name, ())],
        )
        for table in TABLES
    }


@contextmanager
def opened(facts: Facts, periods: Sequence[PeriodRow] = PERIODS) -> Iterator[Engine]:
    facts = {**PLACES, **facts}
    made = hierarchy.closure(
        [hierarchy.OrgRow(*_picked(row, "org kind valid_from valid_to")) for row in facts["orgs"]],
        [
            hierarchy.EdgeRow(*_picked(row, "org parent valid_from valid_to"))
            for row in facts["org_edges"]
        ],
        periods,
    )
    with engine_from_rows(tabular(facts), TABLES) as engine:
        engine.table(TABLE, TYPES, periods)
        engine.table(hierarchy.PLACES, hierarchy.PLACES_TYPES, made.places)
        yield engine


def _picked(row: Fact, names: str) -> tuple[str, str, date, date | None]:
    first, second, start, end = (row.get(name) for name in names.split())
    assert isinstance(start, date)
    assert end is None or isinstance(end, date)
    return str(first), str(second), start, end


def asked(facts: Facts, key: str, columns: str) -> list[Row]:
    with opened(facts) as engine:
        prepare(engine, [key])
        rows = engine.run(exp.select(*columns.split()).from_(key))
    return sorted(rows, key=repr)
