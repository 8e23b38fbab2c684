"""One value walked down: requirement, parts, formula, period, and the rows behind it."""

from dataclasses import dataclass, field

from zhuji.indicators import explain as formulas
from zhuji.indicators.cells import PeriodRow
from zhuji.indicators.check import operands
from zhuji.kernel.errors import NotFound
from zhuji.kernel.lights import LABELS
from zhuji.kernel.messages import Label, say
from zhuji.kernel.values import Present
from zhuji.plan.model import ConditionalGoal, Duty, Indicator, ReferenceGoal
from zhuji.plan.reference import cadence_sentence
from zhuji.plan.tree import variants
from zhuji.programme import behind, rows
from zhuji.programme.figures import Figure
from zhuji.programme.judge import Run
from zhuji.programme.judgement import Item, Judgement
from zhuji.programme.owing import Owed
from zhuji.programme.rows import Table
from zhuji.programme.sources import sources
from zhuji.programme.wording import evidence, period, spoken


@dataclass(frozen=True)
class Account:
    """Everything that can be said of one value, in the order in which one asks."""

    item: Item
    judgement: Judgement
    facts: tuple[tuple[Label, object], ...]
    tables: tuple[Table, ...] = ()
    parts: tuple["Account", ...] = field(default=())


def explain(run: Run, asked: str, *, org: str | None, most: int) -> Account:
    """The walk down from an indicator, duty, milestone, or an item of the plan."""
    judgement = run.judgement(org)
    if judgement.not_started is None and asked in run.figures.indicators:
        return _of_indicator(run, judgement, asked, most)
    item = judgement.item(asked)
    if item is None:
        raise _unknown(run, asked)
    if judgement.not_started is not None:
        return Account(item, judgement, tuple(_clause(run, item)))
    if asked in run.owed:
        return _of_duty(run, judgement, item, run.owed[asked], most)
    return Account(item, judgement, tuple(_clause(run, item)), (_children(judgement, item),))


def _unknown(run: Run, asked: str) -> NotFound:
    """An id that has values by stage only is answered with these."""
    staged = next((one for one in run.loaded.plan.indicators if one.id == asked), None)
    if staged is not None:
        ids = tuple(key for key, _ in variants(staged))
        return NotFound(say("“{id}”分学段判定，请写其中之一：{ids}。", id=asked, ids=ids))
    return NotFound(
        say("方案里没有编号为“{id}”的指标、任务、节点或条款；编号见 zhuji judge。", id=asked)
    )


def _clause(run: Run, item: Item) -> list[tuple[Label, object]]:
    """What the plan says, from the node up to its target or action."""
    facts: list[tuple[Label, object]] = []
    by_id = {one.id: one for one in run.loaded.plan.items}
    above: str | None = item.id if item.id in by_id else item.parent
    while above in by_id:
        node = by_id[above]
        facts.append((Label("条款", "Clause"), Label(
            f"{node.clause} {node.label.zh}：{node.says.zh}",
            f"{node.clause} {node.label.en}: {node.says.en}",
        )))  # fmt: skip
        above = node.parent
    return facts


def _children(judgement: Judgement, item: Item) -> Table:
    below = judgement.children(item.id)
    shown = tuple((one.id, one.label, LABELS[one.light], one.value, one.goal) for one in below)
    return Table(
        say("由这些内容得出"), ("id", "label", "light", "value", "goal"), shown, len(shown)
    )


# --- indicators ------------------------------------------------------------------------------


def _of_indicator(run: Run, judgement: Judgement, key: str, most: int) -> Account:
    figure = run.figures.figure(key, judgement.org)
    indicator = figure.indicator
    item = judgement.item(key) or _building_block(run, judgement, key)
    facts = _formula(run, indicator)
    if figure.cell is not None and figure.period is not None:
        cell = figure.cell
        facts += [
            (Label("时期", "Period"), _period(figure.period)),
            (Label("分子", "Numerator"), cell.numerator),
            (Label("分母", "Denominator"), cell.denominator),
            (Label("样本", "n"), cell.n),
            (Label("上报单位", "Units reported"), f"{cell.reported}/{cell.expected}"),
            (Label("口径范围", "Group"), _group(run, indicator.among)),
            (Label("算式版本", "Formula version"), cell.version),
        ]
    facts += _against(run, figure)
    facts += _sources_of(run, indicator)
    if not item.verified:
        facts.append((Label("核实", "Verified"), Label("依据待核实", "basis not verified yet")))
    facts += _clause(run, item)
    tables = [*behind.lacks(item, most)]
    if isinstance(indicator.goal, ReferenceGoal):
        group = indicator.goal.group
        tables += behind.of_group(run, figure, group, _group(run, group), most)
    tables += rows.of_indicator(run, judgement.org, key, most)
    below = _parts(run, judgement, indicator, most)
    return Account(item, judgement, tuple(facts), tuple(tables), below)


def _building_block(run: Run, judgement: Judgement, key: str) -> Item:
    figure = run.figures.figure(key, judgement.org)
    value = figure.cell.value if figure.cell is not None else figure.verdict.value
    parent = run.loaded.parent_of(key.rpartition(".")[0]) or run.loaded.parent_of(key)
    return Item(
        id=key,
        kind="indicator",
        parent=parent,
        clause=figure.indicator.clauses[0],
        label=figure.indicator.label,
        light=figure.verdict.light,
        value=float(value.value) if isinstance(value, Present) else None,
        unit=figure.indicator.unit,
        decimals=figure.indicator.decimals,
        goal=figure.verdict.goal,
        as_of=figure.period.point_on if figure.period else None,
    )


def _formula(run: Run, indicator: Indicator) -> list[tuple[Label, object]]:
    known = run.figures.indicators
    word = spoken(run.loaded.plan, indicator.source or "")
    words = formulas.words(indicator, sources(), lambda name: known[name].label, word)
    facts: list[tuple[Label, object]] = [(Label("算法", "Formula"), words)]
    if indicator.note is not None:
        facts.append((Label("说明", "Note"), indicator.note))
    return [*facts, (Label("SQL", "SQL"), formulas.sql(indicator))]


def _period(row: PeriodRow) -> Label:
    named = period(row.key)
    return Label(f"{named.zh}（截至 {row.point_on}）", f"{named.en} (until {row.point_on})")


def _against(run: Run, figure: Figure) -> list[tuple[Label, object]]:
    """What the value was compared with, and how far it is from there."""
    verdict, goal = figure.verdict, figure.indicator.goal
    found: list[tuple[Label, object]] = []
    if isinstance(goal, ReferenceGoal):
        found += _referred(run, figure, goal)
    if isinstance(goal, ConditionalGoal):
        found.append((Label("前提", "Only where"), _premise(run, figure, goal)))
    if verdict.target is not None:
        found.append((Label("对照值", "Compared with"), verdict.target))
    if verdict.pace is not None:
        found.append((Label("按进度应为", "Pace"), verdict.pace))
    if verdict.shortfall is not None:
        found.append((Label("差距", "Shortfall"), verdict.shortfall))
    if verdict.interval is not None:
        low, high = verdict.interval
        found.append((Label("置信区间", "Interval"), f"{low:.4f} – {high:.4f}"))
    return found


def _referred(run: Run, figure: Figure, goal: ReferenceGoal) -> list[tuple[Label, object]]:
    """The reference group by name, with its value."""
    name, root = _group(run, goal.group), run.scene.county
    if figure.period is None or root is None:
        return []
    value = run.cells.cell(figure.indicator.id, root, figure.period.key, goal.group).value
    shown = value.value if isinstance(value, Present) else value.reason
    return [(Label(f"参照组“{name.zh}”的值", f"Value of “{name.en}”"), shown)]


def _premise(run: Run, figure: Figure, goal: ConditionalGoal) -> Label:
    """What must hold before anything is asked, and what the value of it is."""
    label = run.figures.indicators[goal.when].label
    comparator, wanted = goal.when_comparator.label, f"{goal.when_value.normalize():f}"
    return Label(
        f"{label.zh}（{goal.when}）{comparator.zh} {wanted}",
        f"{label.en} ({goal.when}) {comparator.en} {wanted}",
    )


def _sources_of(run: Run, indicator: Indicator) -> list[tuple[Label, object]]:
    """Where the thresholds come from, and whether anybody has checked them."""
    found: list[tuple[Label, object]] = []
    number = run.loaded.plan.number
    for value in getattr(indicator.goal, "values", ()):
        parts = [f"{value.value.normalize():f}"]
        parts += [value.since.isoformat() + " –"] if value.since else []
        parts.append(value.source or number)
        parts += [] if value.verified else ["?"]
        found.append((Label("依据", "Source"), " · ".join(parts)))
    if isinstance(indicator.goal, ReferenceGoal) and indicator.goal.limit is not None:
        limit = f"{indicator.goal.limit.normalize():f}"
        parts = [limit, indicator.goal.source or number]
        parts += [] if indicator.goal.verified else ["?"]
        found.append((Label("依据", "Source"), " · ".join(parts)))
    return found


def _group(run: Run, group: str | None) -> Label:
    named = next((one.label for one in run.loaded.plan.groups if one.id == group), None)
    return named or Label("全部", "all")


def _parts(run: Run, judgement: Judgement, indicator: Indicator, most: int) -> tuple[Account, ...]:
    """What the formula is made of, and what a condition asks before it applies."""
    keys = [*operands(indicator)] if indicator.source is None else []
    if isinstance(indicator.goal, ConditionalGoal):
        keys.append(indicator.goal.when)
    return tuple(_of_indicator(run, judgement, key, most) for key in dict.fromkeys(keys))


# --- duties ----------------------------------------------------------------------------------


def _of_duty(run: Run, judgement: Judgement, item: Item, owed: Owed, most: int) -> Account:
    asked = owed.asked
    facts: list[tuple[Label, object]] = []
    if isinstance(asked, Duty):
        facts.append((Label("要求", "Required"), cadence_sentence(asked)))
    else:
        facts.append((Label("期限", "Due"), asked.by))
    facts.append((Label("佐证", "Evidence"), evidence(run.loaded.plan, asked.evidence)))
    if asked.note is not None:
        facts.append((Label("说明", "Note"), asked.note))
    facts += _clause(run, item)
    tables = (
        *behind.of_quota(run, judgement.org, owed, most),
        *rows.of_duty(run, judgement.org, owed, most),
    )
    return Account(item, judgement, tuple(facts), tables)
