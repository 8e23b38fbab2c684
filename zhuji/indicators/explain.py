"""A formula explained: in words, as SQL, and by the rows that went into it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from zhuji.indicators.compile import placed, qualified, render
from zhuji.indicators.expand import as_id, stage_of
from zhuji.indicators.formula import Allow, parse_formula
from zhuji.indicators.sources import Source, Sources
from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import Label, say
from zhuji.plan.model import CoverageGoal, Indicator

NameOf = Callable[[str], Label]

_OPERATORS: dict[type[exp.Expr], tuple[str, str]] = {
    exp.Add: ("＋", "+"),
    exp.Sub: ("－", "-"),
    exp.Mul: ("×", "×"),
    exp.Div: ("÷", "÷"),
    exp.EQ: ("为", "is"),
    exp.NEQ: ("不为", "is not"),
    exp.LT: ("低于", "below"),
    exp.LTE: ("不超过", "at most"),
    exp.GT: ("超过", "above"),
    exp.GTE: ("不低于", "at least"),
    exp.And: ("且", "and"),
    exp.Or: ("或", "or"),
}
_CALLS: dict[str, tuple[str, str]] = {
    "Sum": ("合计", "sum of "),
    "Avg": ("平均", "mean of "),
    "Min": ("最小", "least of "),
    "Max": ("最大", "greatest of "),
    "Abs": ("绝对值", "absolute value of "),
    "Round": ("四舍五入", "rounded "),
    "Least": ("较小者", "the lesser of "),
    "Greatest": ("较大者", "the greater of "),
    "DIFFERENCE_COEFFICIENT": ("校际差异系数", "difference coefficient between schools of "),
    "GINI": ("校际基尼系数", "Gini coefficient between schools of "),
    "THEIL": ("校际泰尔指数", "Theil index between schools of "),
    "BETWEEN_SHARE": ("校际差异占比", "share of variance between schools of "),
    "SHARE_OF_ORGS": ("符合条件的学校占比", "share of schools with "),
}


def words(indicator: Indicator, sources: Sources, indicators: NameOf) -> Label:
    """The formula as a sentence; `indicators` names the others it is computed from."""
    if indicator.source is None:
        tree = parse_formula(str(indicator.value), allow=Allow.INDICATORS)
        return _say(tree, lambda name: indicators(as_id(name)), Label("", ""))
    source = sources[indicator.source]
    rows = Label(f"{source.label.zh}行数", f"rows of {source.label.en}")
    names = _columns(source)
    whole = _say(parse_formula(str(indicator.value), allow=Allow.AGGREGATE), names, rows)
    if indicator.where is None:
        return whole
    only = _say(parse_formula(str(indicator.where), allow=Allow.ROWS), names, rows)
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


def _columns(source: Source) -> NameOf:
    def name_of(name: str) -> Label:
        field = source.fields.get(name)
        return field.label if field and field.label else Label(name, name)

    return name_of


def _say(tree: exp.Expr, names: NameOf, rows: Label) -> Label:
    def of(part: exp.Expr) -> Label:
        return _say(part, names, rows)

    operator = _OPERATORS.get(type(tree))
    if operator is not None:
        left, right = of(tree.this), of(tree.expression)
        return Label(f"{left.zh} {operator[0]} {right.zh}", f"{left.en} {operator[1]} {right.en}")
    match tree:
        case exp.Column():
            return names(tree.name)
        case exp.Count() | exp.CountIf():
            return _count(tree, of, rows)
        case exp.Paren():
            inner = of(tree.this)
            return Label(f"（{inner.zh}）", f"({inner.en})")
        case exp.Nullif():
            return of(tree.this)
        case _:
            return _call(tree, of)


def _count(tree: exp.Expr, of: Callable[[exp.Expr], Label], rows: Label) -> Label:
    if isinstance(tree.this, exp.Star):
        return rows
    inner = of(tree.this)
    return Label(f"{inner.zh}的{rows.zh}", f"{rows.en} with {inner.en}")


def _call(tree: exp.Expr, of: Callable[[exp.Expr], Label]) -> Label:
    name = str(tree.this) if isinstance(tree, exp.Anonymous) else type(tree).__name__
    call = _CALLS.get(name)
    if call is None:
        text = tree.sql(dialect="duckdb")
        return Label(text, text)
    first = [] if isinstance(tree, exp.Anonymous) else [tree.this]
    inner = [of(part) for part in (*first, *tree.expressions)]
    zh, en = "、".join(each.zh for each in inner), ", ".join(each.en for each in inner)
    return Label(f"{call[0]}（{zh}）", f"{call[1]}{en}")


def _in(table: str, column: str, values: Sequence[str]) -> exp.Expr:
    return exp.column(column, table=table).isin(*(exp.Literal.string(v) for v in values))
