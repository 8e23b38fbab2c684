"""The rows behind a value, as the snapshot holds them, with the file and line each came from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from zhuji.duties.lacking import lacking
from zhuji.duties.states import LABELS, State
from zhuji.indicators import explain as formulas
from zhuji.kernel.messages import Message, say
from zhuji.ledgers import queries
from zhuji.ledgers.registry import BY_KEY
from zhuji.ledgers.relations import RELATIONS_BY_KEY
from zhuji.plan.model import CoverageGoal, Indicator
from zhuji.programme.judge import Run
from zhuji.programme.owing import Owed
from zhuji.programme.sources import sources

Row = tuple[object, ...]
# By what a row of a relation is found again in the ledger that it was made from.
_HANDLES = ("pupil_no", "staff_no", "session_no", "line_no", "org")
_TRACE = ("import_id", "sheet_row")


@dataclass(frozen=True)
class Table:
    """Rows as they stand in the snapshot; `total` counts those not shown too."""

    title: Message
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int


def of_indicator(run: Run, org: str, key: str, most: int) -> Iterator[Table]:
    """The rows that went in; for full coverage, those still lacking first."""
    figure = run.figures.figure(key, org)
    indicator, period = figure.indicator, figure.period
    if indicator.source is None or period is None:
        return
    under = _members(run, org, indicator, period.kind, period.key)
    source = sources()[indicator.source]
    if isinstance(indicator.goal, CoverageGoal):
        tree = formulas.rows(indicator, sources(), under, period.key, lacking=True)
        yield _table(run, tree, indicator, say("尚未覆盖的"), most)
    tree = formulas.rows(indicator, sources(), under, period.key)
    table = _table(run, tree, indicator, say("来源：{source}", source=source.label), most)
    yield table
    if indicator.source in RELATIONS_BY_KEY and table.rows:
        yield from _traced(run, indicator.source, table)


def of_duty(run: Run, org: str, owed: Owed, most: int) -> Iterator[Table]:
    """Where each window stands, and who is behind the first that is short."""
    verdict = owed.verdicts.get(org)
    if verdict is None:
        return
    shown = tuple(
        (lack.key, lack.org, run.scene.name(lack.org), lack.n, LABELS[lack.state])
        for lack in verdict.missing[:most]
    )
    columns = ("window", "org", "name", "count", "state")
    yield Table(say("没有完成的"), columns, shown, len(verdict.missing))
    first = next((lack for lack in verdict.missing if lack.state is State.MISSED), None)
    if first is not None and owed.asked.id:
        found = run.scene.engine.run(lacking(owed.asked, key=first.key, org=first.org).limit(most))
        title = say("{name} {window} 欠缺的对象", name=run.scene.name(first.org), window=first.key)
        yield Table(title, ("org", "subject", "day", "detail"), tuple(found), first.n)


def _members(run: Run, org: str, indicator: Indicator, kind: str, period: str) -> Sequence[str]:
    """Whose rows count: the group's schools below, or everybody below."""
    below = run.cells.schools(kind, period, org, indicator.among or "*")
    if indicator.among:
        return list(below) or [org]
    return run.scene.below.get(org, (org,))


def _table(run: Run, tree: exp.Select, indicator: Indicator, title: Message, most: int) -> Table:
    columns = _columns(indicator)
    named = tree.select(*(exp.column(name, table="s") for name in columns), append=False)
    [(total,)] = run.scene.engine.run(exp.select("COUNT(*)").from_(named.subquery("t")))
    return Table(title, columns, tuple(run.scene.engine.run(named.limit(most))), total)


def _columns(indicator: Indicator) -> tuple[str, ...]:
    """What tells a row, what the formula reads, and where the row came from."""
    fields = sources()[str(indicator.source)].fields
    key = BY_KEY[str(indicator.source)].natural_key if indicator.source in BY_KEY else _HANDLES
    wanted = ("org", *key, *formulas.columns_read(indicator), *_TRACE)
    return tuple(dict.fromkeys(name for name in wanted if name in fields))


def _traced(run: Run, relation: str, table: Table) -> Iterator[Table]:
    """The ledger rows that the shown rows of a relation were made from."""
    base = next((need for need in RELATIONS_BY_KEY[relation].needs if need in BY_KEY), None)
    if base is None:
        return
    handle = next(
        (name for name in _HANDLES if name in table.columns and name in BY_KEY[base].by_key), None
    )
    if handle is None:
        return
    place = table.columns.index(handle)
    wanted = [exp.Literal.string(str(value)) for value in {row[place] for row in table.rows}]
    columns = tuple(dict.fromkeys((*_key_of(base), *_TRACE)))
    tree = exp.select(*columns).from_(base).where(exp.column(handle).isin(*wanted))
    found = run.scene.engine.run(tree.limit(len(table.rows)))
    title = say("这些行出自：{ledger}", ledger=BY_KEY[base].label)
    yield Table(title, columns, tuple(found), len(found))


def _key_of(ledger: str) -> tuple[str, ...]:
    return ("org", *BY_KEY[ledger].natural_key)


def files(tables: Sequence[Table]) -> dict[int, str]:
    """The file and sheet of every import that the rows name."""
    ids = {
        row[table.columns.index("import_id")]
        for table in tables
        if "import_id" in table.columns
        for row in table.rows
    }
    return queries.import_names([one for one in ids if isinstance(one, int)])
