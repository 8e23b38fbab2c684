"""What a run found, gathered for keeping: every indicator and every duty in detail."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from fractions import Fraction

from sqlglot import exp

from zhuji.duties.occurrences import WINDOWS
from zhuji.duties.states import State
from zhuji.indicators import explain as formulas
from zhuji.indicators.cells import PeriodRow
from zhuji.indicators.check import operands
from zhuji.indicators.expand import STAGES, as_id
from zhuji.indicators.noise import Floor, floor, in_pieces
from zhuji.indicators.saying import no_word
from zhuji.kernel.messages import Label, Message, say
from zhuji.kernel.values import Present
from zhuji.plan.conditions import parse_condition, qualified
from zhuji.plan.model import Duty, FollowUp, Indicator, Milestone
from zhuji.plan.reference import cadence_sentence
from zhuji.programme.detail import (
    PRESENT,
    Declared,
    Dot,
    DutyHead,
    IndicatorHead,
    KeptCell,
    KeptDuty,
    KeptIndicator,
    KeptVerdict,
    KeptWindow,
    Threshold,
    cell_of,
)
from zhuji.programme.judge import Run
from zhuji.programme.judgement import Item
from zhuji.programme.owing import Owed
from zhuji.programme.packages import Definition, Package
from zhuji.programme.sources import sources
from zhuji.programme.wording import evidence, spoken

Counted = Mapping[str, Mapping[str, Mapping[str, int]]]  # duty -> organisation -> window -> rows


# --- indicators ------------------------------------------------------------------------------


def verdict(item: Item) -> KeptVerdict:
    return KeptVerdict(item.light, item.measured.target, item.measured.pace)


def indicator(run: Run, key: str, verdicts: Mapping[str, KeptVerdict]) -> KeptIndicator:
    figures, county = run.figures, run.scene.county
    history = figures.history(key)
    cells = {
        org: tuple(cell_of(run.cells.cell(key, org, row.key)) for row in history)
        for org in run.scene.above
        if figures.is_about(key, org)
    }
    period = history[-1] if history else None
    head = IndicatorHead(
        _declared(run, key),
        history,
        cells.get(county or "", ()),
        verdicts.get(county or ""),
        {} if period is None or not county else dict(_by_group(run, key, county, period.key)),
        None if period is None or not county else _noise(run, key, county, period),
    )
    counted = figures.indicators[key].among or "*"
    schools = () if period is None else run.cells.schools(
        period.kind, period.key, county or "", counted
    )  # fmt: skip
    return KeptIndicator(head, cells, verdicts, tuple(schools))


def _by_group(run: Run, key: str, county: str, period: str) -> Iterator[tuple[str, KeptCell]]:
    """The county's value over those groups for which it was computed."""
    for group in run.loaded.plan.groups:
        try:
            cell = cell_of(run.cells.cell(key, county, period, group.id))
        except ValueError:  # nobody asks for this group
            continue
        if cell.kind == PRESENT:
            yield group.id, cell


def _noise(run: Run, key: str, county: str, period: PeriodRow) -> Floor | None:
    prepared = run.suite.prepared[key]
    if len(prepared.dispersions) != 1:
        return None
    dispersion = prepared.dispersions[0]
    if dispersion.function != "DIFFERENCE_COEFFICIENT":
        return None
    names = [as_id(one.name) if isinstance(one, exp.Column) else "" for one in dispersion.arguments]
    if not all(name in run.suite.prepared for name in names):
        return None
    amount, weight = (run.suite.prepared[name].indicator for name in names)
    if not in_pieces(amount.unit) or {amount.period, weight.period} != {period.kind}:
        return None
    among = prepared.indicator.among or "*"
    pieces, schools = Fraction(0), 0
    for org in run.cells.schools(period.kind, period.key, county, among):
        held = run.cells.cell(amount.id, org, period.key).value
        size = run.cells.cell(weight.id, org, period.key).value
        if isinstance(held, Present) and isinstance(size, Present) and size.value > 0:
            pieces, schools = pieces + Fraction(held.value), schools + 1
    return floor(int(pieces), schools)


def _declared(run: Run, key: str) -> Declared:
    known = run.figures.indicators
    one, goal = known[key], known[key].goal
    source = sources()[one.source] if one.source else None
    return Declared(
        id=key,
        label=one.label,
        clauses=one.clauses,
        unit=one.unit,
        decimals=one.decimals,
        better=one.better,
        levels=one.levels,
        period=one.period,
        words=formulas.words(
            one,
            sources(),
            lambda name: known[name].label,
            spoken(run.loaded.plan, one.source) if one.source else no_word,
        ),
        sql=formulas.sql(one),
        version=run.suite.prepared[key].version,
        source=one.source or "",
        source_label=source.label if source else Label("其他指标", "other indicators"),
        row_unit=source.row_unit if source else "",
        among=one.among or "",
        reference=getattr(goal, "group", ""),
        form=getattr(goal, "form", ""),
        each=getattr(goal, "each", ""),
        comparator=str(getattr(goal, "comparator", "")),
        by=getattr(goal, "by", None),
        note=one.note,
        verified=one.verified and getattr(goal, "verified", True),
        parts=tuple(dict.fromkeys(operands(one))),
        siblings=tuple(_siblings(known, key)),
        thresholds=tuple(_thresholds(run, one)),
    )


def _siblings(known: Mapping[str, Indicator], key: str) -> Iterator[tuple[str, Label]]:
    """The same indicator of other stages, this one among them."""
    base, _, stage = key.rpartition(".")
    if stage in STAGES:
        found = ((f"{base}.{one}", label) for one, label in STAGES.items())
        yield from ((other, label) for other, label in found if other in known)


def _thresholds(run: Run, one: Indicator) -> Iterator[Threshold]:
    for value in getattr(one.goal, "values", ()):
        text = f"{value.value.normalize():f}"
        source = value.source or run.loaded.plan.number
        yield Threshold(text, value.since, value.until, source, value.verified)


# --- duties ----------------------------------------------------------------------------------


def duty(run: Run, key: str, proofs: Mapping[str, Mapping[str, int]]) -> KeptDuty:
    owed = run.owed[key]
    dots: dict[str, dict[str, Dot]] = {}
    for tally in owed.tallies:
        counts = tuple((state, n) for state, n in tally.counts.items() if n)
        before = dots.setdefault(tally.org, {}).get(tally.key)
        rows = proofs.get(tally.org, {}).get(tally.key, 0)
        dots[tally.org][tally.key] = Dot(_added(before, counts), rows)
    used = {name for found in dots.values() for name in found}
    return KeptDuty(_duty_head(run, key, owed, used), dots)


def _added(
    before: Dot | None, counts: tuple[tuple[State, int], ...]
) -> tuple[tuple[State, int], ...]:
    found = dict(before.counts) if before else {}
    for state, n in counts:
        found[state] = found.get(state, 0) + n
    return tuple(found.items())


def _duty_head(run: Run, key: str, owed: Owed, used: set[str]) -> DutyHead:
    asked = owed.asked
    duty_asked = asked if isinstance(asked, Duty) else None
    # A follow-up has a window for each day: those are named that somebody has.
    days = duty_asked is not None and isinstance(duty_asked.cadence, FollowUp)
    shown = [one for one in owed.occurrences if not days or one.key in used]
    proof = asked.evidence
    return DutyHead(
        id=key,
        label=asked.label,
        subject=duty_asked.subject if duty_asked else "org",
        cadence=_cadence(asked),
        ledger=proof.ledger,
        proof=evidence(run.loaded.plan, proof),
        where=proof.where or "",
        source=duty_asked.source if duty_asked else "",
        note=asked.note,
        verified=duty_asked.verified if duty_asked else True,
        windows=tuple(
            KeptWindow(one.key, one.opens, one.due - timedelta(days=1), one.owed) for one in shown
        ),
    )


def _cadence(asked: Duty | Milestone) -> Message:
    if isinstance(asked, Duty):
        return cadence_sentence(asked)
    return say("{day} 前完成", day=asked.by)


def proofs(run: Run, package: Package) -> Counted:
    """How many rows of evidence each organisation has in each window, whatever became of it."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    asked = package.definitions
    for one, rows in zip(asked, run.scene.engine.run_all(map(_proof, asked)), strict=True):
        of_node = found.setdefault(one.id, {})
        for org, key, count in rows:
            windows = of_node.setdefault(org, {})
            windows[key] = windows.get(key, 0) + count
    return found


def _proof(one: Definition) -> exp.Select:
    proof = one.asked.evidence
    on = exp.column(proof.on, table="e")
    tree = exp.select("e.org", "w.key", "COUNT(*)").from_(exp.to_table(proof.ledger, alias="e"))
    tree = tree.join(
        exp.to_table(WINDOWS, alias="w"),
        on=exp.and_(
            on >= exp.column("counts_from", table="w"),
            on < exp.column("due_on", table="w"),
            on <= exp.column("judged_on", table="w"),
        ),
    )
    tree = tree.where(exp.column("duty", table="w").eq(exp.Literal.string(one.asked.id)))
    if proof.where is not None:
        tree = tree.where(qualified(parse_condition(proof.where), "e"))
    return tree.group_by("e.org", "w.key")
