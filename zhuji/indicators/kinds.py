"""Whether operators fit what they are given: numbers add, dates compare with dates."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from sqlglot import exp

from zhuji.indicators.formula import CANONICAL
from zhuji.indicators.sources import Field
from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import Label, say

FieldOf = Callable[[str], Field]
_NAMES = {
    "number": Label("数", "number"),
    "text": Label("文字", "text"),
    "date": Label("日期", "date"),
    "boolean": Label("是否", "yes or no"),
}
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Abs, exp.Round)
_COMPARED = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Between)
_ALIKE = (exp.Nullif, exp.Coalesce, exp.Least, exp.Greatest)


def kind_of(tree: exp.Expr, field_of: FieldOf) -> str | None:
    """number, text, date or boolean; None for NULL. What does not fit is refused."""
    match tree:
        case exp.Column():
            kind = field_of(tree.name).kind
            return "number" if kind.is_number else kind.value
        case exp.Literal():
            return "text" if tree.is_string else "number"
        case exp.Boolean() | exp.Null() | exp.Cast():
            return {exp.Boolean: "boolean", exp.Null: None}.get(type(tree), "date")
        case exp.Paren():
            return kind_of(tree.this, field_of)
        case exp.Case():
            return _case(tree, field_of)
        case _:
            return _operator(tree, field_of)


def demand(tree: exp.Expr, wanted: str, field_of: FieldOf) -> None:
    found = kind_of(tree, field_of)
    if found not in (wanted, None):
        raise BadInput(
            say(
                "“{part}”是{found}，这里要的是{wanted}。",
                part=tree.sql(dialect=CANONICAL)[:80],
                found=_NAMES[found or "text"],
                wanted=_NAMES[wanted],
            )
        )


def _operator(tree: exp.Expr, field_of: FieldOf) -> str | None:
    parts = parts_of(tree)
    if isinstance(tree, _ARITHMETIC):
        _demand_all(parts, "number", field_of)
        return "number"
    if isinstance(tree, _COMPARED):
        _alike(tree, parts, field_of)
        _check_options(parts, field_of)
        return "boolean"
    if isinstance(tree, exp.And | exp.Or | exp.Not):
        _demand_all(parts, "boolean", field_of)
        return "boolean"
    if isinstance(tree, _ALIKE):
        return _alike(tree, parts, field_of)
    return _aggregate(tree, field_of)


def _aggregate(tree: exp.Expr, field_of: FieldOf) -> str:
    match tree:
        case exp.CountIf():
            demand(tree.this, "boolean", field_of)
        case exp.Sum() | exp.Avg() | exp.Min() | exp.Max():
            demand(tree.this, "number", field_of)
        case exp.Anonymous(this="SHARE_OF_ORGS"):
            demand(tree.expressions[0], "boolean", field_of)
        case exp.Anonymous():
            _demand_all(tree.expressions, "number", field_of)
        case exp.Count() if not isinstance(tree.this, exp.Star):
            kind_of(tree.this, field_of)
        case exp.Is():
            kind_of(tree.this, field_of)
            return "boolean"
    return "number"


def parts_of(tree: exp.Expr) -> list[exp.Expr]:
    named = (tree.args.get(key) for key in ("this", "expression", "low", "high"))
    return [part for part in named if part is not None] + tree.expressions


def _case(tree: exp.Case, field_of: FieldOf) -> str | None:
    results: list[exp.Expr] = []
    for branch in tree.args["ifs"]:
        if tree.this is not None:
            _alike(tree, [tree.this, branch.this], field_of)
        else:
            demand(branch.this, "boolean", field_of)
        results.append(branch.args["true"])
    if tree.args.get("default") is not None:
        results.append(tree.args["default"])
    return _alike(tree, results, field_of)


def _demand_all(parts: list[exp.Expr], wanted: str, field_of: FieldOf) -> None:
    for part in parts:
        demand(part, wanted, field_of)


def _alike(tree: exp.Expr, parts: list[exp.Expr], field_of: FieldOf) -> str | None:
    kinds = [kind for part in parts if (kind := kind_of(part, field_of)) is not None]
    for one, other in pairwise(kinds):
        if one != other:
            raise BadInput(
                say(
                    "“{part}”把{one}和{other}放在一起比较。",
                    part=tree.sql(dialect=CANONICAL)[:80],
                    one=_NAMES[one],
                    other=_NAMES[other],
                )
            )
    return kinds[0] if kinds else None


def _check_options(parts: list[exp.Expr], field_of: FieldOf) -> None:
    """A value that a choice cannot take would make a condition false for ever, in silence."""
    columns = [part for part in parts if isinstance(part, exp.Column)]
    texts = [part.name for part in parts if isinstance(part, exp.Literal) and part.is_string]
    for column in columns:
        options = field_of(column.name).options
        for text in texts:
            if options and text not in options:
                raise BadInput(
                    say(
                        "“{column}”没有“{text}”这个选项；可选：{options}。",
                        column=column.name,
                        text=text,
                        options=tuple(options),
                    )
                )
