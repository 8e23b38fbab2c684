"""A formula explained: in words, as SQL, and by the rows that went into it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from zhuji.indicators.compile import placed, qualified, render
from zhuji.indicators.expand import as_id, stage_of
from zhuji.indicators.formula import Allow, parse_formula
from zhuji.indicators.saying import NameOf, Speech, WordOf, no_word, of_source
from zhuji.indicators.sources import Sources
from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import Label, say
from zhuji.plan.model import CoverageGoal, Indicator


def words(
    indicator: Indicator, sources: Sources, indicators: NameOf, word: WordOf = no_word
) -> Label:
    """The formula as a sentence; `indicators` names the others it is computed from, `word` says
    what a code means in a column."""
    if indicator.source is None:
        tree = parse_formula(str(indicator.value), allow=Allow.INDICATORS)
        return Speech(lambda name: indicators(as_id(name))).tell(tree)
    source = sources[indicator.source]
    rows = Label(f"{source.label.zh}行数", f"rows of {source.label.en}")
    speech = Speech(of_source(source), rows, word)
    whole = speech.tell(parse_formula(str(indicator.value), allow=Allow.AGGREGATE))
    if indicator.where is None:
        return whole
    only = speech.tell(parse_formula(str(indicator.where), allow=Allow.ROWS))
    return Label(f"{whole.zh}（限{only.zh}）", f"{whole.en} (where {only.en})")


def sql(indicator: Indicator) -> str:
    """The formula as SQL, rendered from the tree."""
    allow = Allow.AGGREGATE if indicator.source else Allow.INDICATORS
    text = render(parse_formula(str(indicator.value), allow=allow), "duckdb")
    if indicator.source is None:
        return text
    text = f"{text} FROM {indicator.source}"
    if indicator.where is None:
        return text
    where = render(parse_formula(str(indicator.where), allow=Allow.ROWS), "duckdb")
    return f"{text} WHERE {where}"


def rows(
    indicator: Indicator,
    sources: Sources,
    orgs: Sequence[str],
    period: str,
    *,
    lacking: bool = False,
) -> exp.Select:
    """The rows of the source behind a value, or those that full coverage still lacks."""
    if indicator.source is None:
        raise BadInput(say("指标 {id} 由其他指标算出，没有自己的数据行。", id=indicator.id))
    source = sources[indicator.source]
    tree = exp.select("s.*")
    tree = placed(tree, source, indicator.period, indicator.at)
    tree = tree.where(_in("p", "key", [period]), _in("s", "org", orgs))
    stage = stage_of(indicator)
    if source.has_stage and stage != "*":
        tree = tree.where(_in("s", "stage", [stage, "shared"] if indicator.split else [stage]))
    for text in _conditions(indicator, lacking):
        tree = tree.where(qualified(parse_formula(text, allow=Allow.ROWS)))
    return tree


def columns_read(indicator: Indicator) -> tuple[str, ...]:
    """The columns of the source that the formula and its condition name."""
    trees = [parse_formula(str(indicator.value), allow=Allow.AGGREGATE)]
    if indicator.where is not None:
        trees.append(parse_formula(str(indicator.where), allow=Allow.ROWS))
    found = (column.name for tree in trees for column in tree.find_all(exp.Column))
    return tuple(dict.fromkeys(found))


def _conditions(indicator: Indicator, lacking: bool) -> list[str]:
    found = [] if indicator.where is None else [str(indicator.where)]
    if lacking and isinstance(indicator.goal, CoverageGoal):
        found.append(indicator.goal.lacking)
    return found


def _in(table: str, column: str, values: Sequence[str]) -> exp.Expr:
    return exp.column(column, table=table).isin(*(exp.Literal.string(v) for v in values))
