"""An expression over columns or indicators as people would say it, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from zhuji.indicators.sources import PERIOD_DAYS, Source
from zhuji.kernel.messages import Label

NameOf = Callable[[str], Label]
WordOf = Callable[[str, str], Label | None]  # of a column, a code that may stand in it

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
_PERIOD = {
    "period_start": Label("时期第一天", "first day of the period"),
    "period_end": Label("时期结束日", "end of the period"),
    "point_on": Label("时点", "day of the figures"),
}
NO_LABEL = Label("", "")
_COMPARED = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)


def no_word(column: str, value: str) -> Label | None:
    """Where nobody knows what a code means."""
    return None


@dataclass(frozen=True)
class Speech:
    """What columns, rows and codes are called."""

    names: NameOf
    rows: Label = NO_LABEL
    word: WordOf = no_word

    def tell(self, tree: exp.Expr) -> Label:
        operator = _OPERATORS.get(type(tree))
        if operator is not None:
            return self._between(tree, operator)
        special = _SPECIAL.get(type(tree))
        return special(self, tree) if special else self._call(tree)

    def _between(self, tree: exp.Expr, words: tuple[str, str]) -> Label:
        left, right = self.tell(tree.this), self.tell(tree.expression)
        if isinstance(tree, _COMPARED):
            left = self.beside(tree.this, tree.expression)
            right = self.beside(tree.expression, tree.this)
        return Label(f"{left.zh} {words[0]} {right.zh}", f"{left.en} {words[1]} {right.en}")

    def beside(self, part: exp.Expr, other: exp.Expr) -> Label:
        """A code means what it means in the column that it is compared with."""
        if isinstance(part, exp.Literal) and isinstance(other, exp.Column):
            return self.word(other.name, part.name) or _literal(self, part)
        return self.tell(part)

    def _call(self, tree: exp.Expr) -> Label:
        name = str(tree.this) if isinstance(tree, exp.Anonymous) else type(tree).__name__
        call = _CALLS.get(name)
        if call is None:
            text = tree.sql(dialect="duckdb")
            return Label(text, text)
        first = [] if isinstance(tree, exp.Anonymous) else [tree.this]
        inner = _joined([self.tell(part) for part in (*first, *tree.expressions)], "、", ", ")
        return Label(f"{call[0]}（{inner.zh}）", f"{call[1]}{inner.en}")


def of_source(source: Source) -> NameOf:
    """The columns of a source by the names of its declaration."""

    def name_of(name: str) -> Label:
        if name in PERIOD_DAYS:
            return _PERIOD[name]
        field = source.fields.get(name)
        return field.label if field and field.label else Label(name, name)

    return name_of


def _column(speech: Speech, tree: exp.Expr) -> Label:
    return speech.names(tree.name)


def _literal(speech: Speech, tree: exp.Expr) -> Label:
    text = tree.name
    return Label(f"“{text}”", f"“{text}”") if tree.args.get("is_string") else Label(text, text)


def _count(speech: Speech, tree: exp.Expr) -> Label:
    if isinstance(tree.this, exp.Star):
        return speech.rows
    inner = speech.tell(tree.this)
    return Label(f"{inner.zh}的{speech.rows.zh}", f"{speech.rows.en} with {inner.en}")


def _paren(speech: Speech, tree: exp.Expr) -> Label:
    inner = speech.tell(tree.this)
    return Label(f"（{inner.zh}）", f"({inner.en})")


def _inner(speech: Speech, tree: exp.Expr) -> Label:
    """What an expression is about, without what guards it against nothing."""
    return speech.tell(tree.this)


def _negated(speech: Speech, tree: exp.Expr) -> Label:
    part = tree.this.unnest()
    if isinstance(part, exp.Is):
        return _is(speech, part, negated=True)
    if isinstance(part, exp.In):
        return _in(speech, part, negated=True)
    inner = speech.tell(tree.this)
    return Label(f"不是{inner.zh}", f"not {inner.en}")


def _is(speech: Speech, tree: exp.Expr, *, negated: bool = False) -> Label:
    inner = speech.tell(tree.this)
    if isinstance(tree.expression, exp.Null):
        if negated:
            return Label(f"已填{inner.zh}", f"{inner.en} is given")
        return Label(f"没有{inner.zh}", f"no {inner.en}")
    holds = isinstance(tree.expression, exp.Boolean) and bool(tree.expression.this)
    return inner if holds != negated else Label(f"不是{inner.zh}", f"not {inner.en}")


def _in(speech: Speech, tree: exp.Expr, *, negated: bool = False) -> Label:
    inner = speech.tell(tree.this)
    words = [speech.beside(part, tree.this) for part in tree.expressions]
    some = _joined(words, "或", " or ")
    if negated:
        return Label(f"{inner.zh} 不为 {some.zh}", f"{inner.en} is not {some.en}")
    return Label(f"{inner.zh} 为 {some.zh}", f"{inner.en} is {some.en}")


def _within(speech: Speech, tree: exp.Expr) -> Label:
    inner, low, high = (speech.tell(tree.args[name]) for name in ("this", "low", "high"))
    return Label(
        f"{inner.zh} 在 {low.zh} 至 {high.zh} 之间", f"{inner.en} from {low.en} to {high.en}"
    )


def _negative(speech: Speech, tree: exp.Expr) -> Label:
    inner = speech.tell(tree.this)
    return Label(f"－{inner.zh}", f"-{inner.en}")


def _boolean(speech: Speech, tree: exp.Expr) -> Label:
    return Label("是", "yes") if tree.this else Label("否", "no")


def _coalesce(speech: Speech, tree: exp.Expr) -> Label:
    inner = speech.tell(tree.this)
    other = speech.tell(tree.expressions[0])
    return Label(f"{inner.zh}（没有的按 {other.zh}）", f"{inner.en} (none: {other.en})")


def _case(speech: Speech, tree: exp.Expr) -> Label:
    zh, en = [], []
    for branch in tree.args["ifs"]:
        when, then = speech.tell(branch.this), speech.tell(branch.args["true"])
        zh.append(f"{when.zh}的取{then.zh}")
        en.append(f"{then.en} where {when.en}")
    if tree.args.get("default") is not None:
        other = speech.tell(tree.args["default"])
        zh.append(f"其余取{other.zh}")
        en.append(f"else {other.en}")
    return Label("，".join(zh), ", ".join(en))


def _nothing(speech: Speech, tree: exp.Expr) -> Label:
    return Label("空", "nothing")


def _joined(labels: list[Label], zh: str, en: str) -> Label:
    return Label(zh.join(one.zh for one in labels), en.join(one.en for one in labels))


_SPECIAL: dict[type[exp.Expr], Callable[[Speech, exp.Expr], Label]] = {
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Count: _count,
    exp.CountIf: _count,
    exp.Paren: _paren,
    exp.Nullif: _inner,
    exp.Cast: _inner,
    exp.Not: _negated,
    exp.Is: _is,
    exp.In: _in,
    exp.Between: _within,
    exp.Neg: _negative,
    exp.Boolean: _boolean,
    exp.Coalesce: _coalesce,
    exp.Case: _case,
    exp.Null: _nothing,
}
