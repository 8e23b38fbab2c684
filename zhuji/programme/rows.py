"""The rows behind a value, as the snapshot holds them, with the file and line each came from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from zhuji.duties.lacking import lacking
from zhuji.duties.states import LABELS, State
from zhuji.indicators import explain as formulas
from zhuji.indicators.cells import PeriodRow
from zhuji.indicators.compile import ALL, EVENT_MEMBERS, MEMBERS
from zhuji.indicators.saying import WordOf, no_word
from zhuji.indicators.sources import Event
from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import queries
from zhuji.ledgers.declare import Dated, Valid
from zhuji.ledgers.registry import BY_KEY
from zhuji.ledgers.relations import RELATIONS_BY_KEY
from zhuji.plan.conditions import columns_of, parse_condition, qualified
from zhuji.plan.model import CoverageGoal, Indicator
from zhuji.programme.judge import Run
from zhuji.programme.owing import Owed
from zhuji.programme.sources import sources
from zhuji.programme.wording import declared, period, word_of

Row = tuple[object, ...]
# By what a row of a relation is found again in the ledger that it was made from.
_HANDLES = ("pupil_no", "staff_no", "session_no", "line_no", "org")
_TRACE = ("row_id", "import_id", "sheet_row")
_HEADS = {
    "row_id": Label("台账行号", "Ledger row"),
    "import_id": Label("出自文件", "From the file"),
    "sheet_row": Label("行", "Row"),
    "window": Label("时段", "Window"),
    "org": Label("机构代码", "Organisation"),
    "name": Label("名称", "Name"),
    "count": Label("数量", "Count"),
    "state": Label("状态", "State"),
    "subject": Label("对象", "Subject"),
    "day": Label("期限", "Due"),
    "detail": Label("已有", "So far"),
    "id": Label("编号", "Id"),
    "label": Label("名称", "Name"),
    "light": Label("判定", "Light"),
    "value": Label("数值", "Value"),
    "goal": Label("要求", "Goal"),
}


@dataclass(frozen=True)
class Table:
    """Rows as they stand in the snapshot; `total` counts those not shown too."""

    title: Message
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    source: str = ""  # the ledger or relation that names the columns and the choices
    heads: Mapping[str, Label] = field(default_factory=dict)  # of columns of this table's own
    word: WordOf = no_word  # what the plan calls a code

    def head(self, column: str) -> Label:
        """What people call a column."""
        own = self.heads.get(column)
        known = declared(self.source).get(column)
        return own or (known.label if known else _HEADS.get(column, Label(column, column)))

    def shown(self, column: str, value: object) -> object:
        """A code by what it means; everything else as it is."""
        if not isinstance(value, str):
            return value
        known = declared(self.source).get(column)
        options = known.options if known else ()
        named = next((one.label for one in options if one.value == value), None)
        return named or self.word(column, value) or value


def of_indicator(run: Run, org: str, key: str, most: int) -> Iterator[Table]:
    """The rows that went in; for full coverage, those still lacking first."""
    history = run.figures.history(key)
    if history:
        yield from of_period(run, org, key, history[-1], most)


def of_period(run: Run, org: str, key: str, period: PeriodRow, most: int) -> Iterator[Table]:
    """The same of a period that is known: nothing else is computed."""
    indicator = run.suite.prepared[key].indicator
    if indicator.source is None:
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
        yield from _traced(run, indicator.source, table, period.point_on)


def of_duty(run: Run, org: str, owed: Owed, most: int) -> Iterator[Table]:
    """Where each window stands, and who is behind the first that is short."""
    verdict = owed.verdicts.get(org)
    if verdict is None:
        return
    shown = tuple(
        (period(lack.key), lack.org, run.scene.name(lack.org), lack.n, LABELS[lack.state])
        for lack in verdict.missing[:most]
    )
    columns = ("window", "org", "name", "count", "state")
    if shown:
        yield Table(say("没有完成的"), columns, shown, len(verdict.missing))
    yield _evidence(run, org, owed, most)
    first = next((lack for lack in verdict.missing if lack.state is State.MISSED), None)
    if first is not None and owed.asked.id:
        found = run.scene.engine.run(lacking(owed.asked, key=first.key, org=first.org).limit(most))
        window = period(first.key)
        title = say("{name} {window} 欠缺的对象", name=run.scene.name(first.org), window=window)
        yield Table(title, ("org", "subject", "day", "detail"), tuple(found), first.n)


def _evidence(run: Run, org: str, owed: Owed, most: int) -> Table:
    """The rows that prove a duty, the newest first, with the file and line each came from."""
    proof = owed.asked.evidence
    source = sources()[proof.ledger]
    read = () if proof.where is None else columns_of(parse_condition(proof.where))
    wanted = ("org", proof.subject, proof.on, *read, proof.distinct, *_TRACE)
    columns = tuple(dict.fromkeys(name for name in wanted if name and name in source.fields))
    below = [exp.Literal.string(one) for one in run.scene.ever_below.get(org, (org,))]
    day = exp.cast(exp.Literal.string(run.scene.on.isoformat()), "date")
    tree = exp.select(*(exp.column(name, table="e") for name in columns))
    tree = tree.from_(exp.to_table(proof.ledger, alias="e"))
    tree = tree.where(exp.column("org", table="e").isin(*below))
    tree = tree.where(exp.column(proof.on, table="e") <= day)
    if proof.where is not None:
        tree = tree.where(qualified(parse_condition(proof.where), "e"))
    [(total,)] = run.scene.engine.run(exp.select("COUNT(*)").from_(tree.subquery("t")))
    newest = tree.order_by(exp.column(proof.on, table="e").desc()).limit(most)
    title = say("佐证：{source}", source=source.label)
    word = word_of(run.loaded.plan, proof.ledger)
    found = tuple(run.scene.engine.run(newest))
    return Table(title, columns, found, total, proof.ledger, word=word)


def _members(run: Run, org: str, indicator: Indicator, kind: str, period: str) -> Sequence[str]:
    """Whose rows count: the group's members below, or everybody below; those that closed within
    the period too where something happened."""
    happened = isinstance(sources()[str(indicator.source)].dated, Event)
    wanted = {"period_kind": kind, "period": period, "ancestor": org, "grp": indicator.among or ALL}
    tree = exp.select("org").from_(EVENT_MEMBERS if happened else MEMBERS)
    tree = tree.where(*(exp.column(key).eq(exp.Literal.string(one)) for key, one in wanted.items()))
    return [one for (one,) in run.scene.engine.run(tree)] or [org]


def _table(run: Run, tree: exp.Select, indicator: Indicator, title: Message, most: int) -> Table:
    columns = _columns(indicator)
    named = tree.select(*(exp.column(name, table="s") for name in columns), append=False)
    [(total,)] = run.scene.engine.run(exp.select("COUNT(*)").from_(named.subquery("t")))
    shown = tuple(run.scene.engine.run(named.limit(most)))
    source = str(indicator.source)
    return Table(title, columns, shown, total, source, word=word_of(run.loaded.plan, source))


def _columns(indicator: Indicator) -> tuple[str, ...]:
    """What tells a row, what the formula reads, and where the row came from."""
    fields = sources()[str(indicator.source)].fields
    key = BY_KEY[str(indicator.source)].natural_key if indicator.source in BY_KEY else _HANDLES
    wanted = ("org", *key, *formulas.columns_read(indicator), *_TRACE)
    return tuple(dict.fromkeys(name for name in wanted if name in fields))


def _traced(run: Run, relation: str, table: Table, point: date) -> Iterator[Table]:
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
    orgs = {str(row[table.columns.index("org")]) for row in table.rows}
    tree = exp.select(*columns).from_(base).where(exp.column(handle).isin(*wanted))
    tree = tree.where(exp.column("org").isin(*(exp.Literal.string(org) for org in orgs)))
    tree = tree.where(*_holding(BY_KEY[base].dated, point)).order_by(handle)
    found = run.scene.engine.run(tree.limit(len(table.rows)))
    title = say("这些行出自：{ledger}", ledger=BY_KEY[base].label)
    yield Table(title, columns, tuple(found), len(found), base)


def _holding(dated: Dated, point: date) -> list[exp.Expr]:
    """Rows that hold on the day; rows of another kind are all taken."""
    if not isinstance(dated, Valid):
        return []
    day = exp.cast(exp.Literal.string(point.isoformat()), "date")
    start, end = exp.column(dated.start), exp.column(dated.end)
    return [start <= day, exp.or_(end.is_(exp.null()), end > day)]


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
