"""Judgements of the small county, kept in the database as a job would keep them."""

from datetime import date

from tests.programme.yunxi import JUNE, Rows, given, package
from zhuji.ledgers import queries
from zhuji.programme import judge, kept
from zhuji.programme.judge import Run
from zhuji.programme.models import Judging
from zhuji.programme.packages import Package
from zhuji.warehouse.engine import engine_from_rows


def keep(
    rows: Rows, on: date = JUNE, snapshot: str = "one", by: Package | None = None
) -> tuple[Run, Judging]:
    """The run, and what was kept of it; what the run has computed outlives the engine."""
    judged_by = by or package()
    with engine_from_rows(given(rows), queries.warehouse_tables()) as engine:
        run = judge.run(judged_by, engine, on=on, snapshot=snapshot, invented=True)
        return run, kept.keep(run, judged_by, facts_until=on)
