"""Formula text to SQL tree: allowed nodes only, everything else refused with what and where."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

import sqlglot
from sqlglot import TokenType, exp
from sqlglot.errors import SqlglotError

from zhuji.kernel.errors import BadInput, bad_value
from zhuji.kernel.messages import Message, say

LONGEST = 2000
DEEPEST = 60
CANONICAL = "duckdb"

# Each allowed node with the arguments it may carry; a known node with an unknown argument is
# a different construct (COUNT with DISTINCT, IN with a query).
_ROWS: dict[type[exp.Expr], frozenset[str]] = {
    node: frozenset(arguments.split())
    for node, arguments in (
        (exp.Column, "this"),
        (exp.Identifier, "this quoted"),
        (exp.Literal, "this is_string"),
        (exp.Boolean, "this"),
        (exp.Null, ""),
        (exp.Paren, "this"),
        (exp.Neg, "this"),
        (exp.Add, "this expression"),
        (exp.Sub, "this expression"),
        (exp.Mul, "this expression"),
        (exp.Div, "this expression typed safe"),
        (exp.EQ, "this expression"),
        (exp.NEQ, "this expression"),
        (exp.LT, "this expression"),
        (exp.LTE, "this expression"),
        (exp.GT, "this expression"),
        (exp.GTE, "this expression"),
        (exp.And, "this expression"),
        (exp.Or, "this expression"),
        (exp.Not, "this"),
        (exp.In, "this expressions"),
        (exp.Between, "this low high"),
        (exp.Is, "this expression"),
        (exp.Case, "this ifs default"),
        (exp.If, "this true false"),
        (exp.Nullif, "this expression"),
        (exp.Coalesce, "this expressions"),
        (exp.Abs, "this"),
        (exp.Round, "this decimals"),
        (exp.Least, "this expressions ignore_nulls"),
        (exp.Greatest, "this expressions ignore_nulls"),
        (exp.Cast, "this to"),
        (exp.DataType, "this nested"),
    )
}
_AGGREGATES: dict[type[exp.Expr], frozenset[str]] = {
    exp.Count: frozenset(("this", "big_int")),
    exp.Star: frozenset(),
    **{node: frozenset(("this",)) for node in (exp.CountIf, exp.Sum, exp.Avg, exp.Min, exp.Max)},
}
AGGREGATES = (exp.Count, exp.CountIf, exp.Sum, exp.Avg, exp.Min, exp.Max)
# Taken over schools; the number of arguments each asks for.
DISPERSIONS = {
    "DIFFERENCE_COEFFICIENT": 2,
    "GINI": 2,
    "THEIL": 2,
    "BETWEEN_SHARE": 3,
    "SHARE_OF_ORGS": 1,
}
_NUMERAL = re.compile(r"[0-9]{1,18}(\.[0-9]{1,9})?")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_REFUSED_TOKENS = frozenset(
    (TokenType.SEMICOLON, TokenType.PARAMETER, TokenType.PLACEHOLDER, TokenType.DCOLON)
)


class Allow(Enum):
    """Which words a formula may use, by where it stands."""

    ROWS = "rows"  # conditions on the rows of a source
    AGGREGATE = "aggregate"  # the value of an indicator with a source
    INDICATORS = "indicators"  # the value of an indicator over other indicators


@lru_cache(maxsize=4096)
def parse_formula(text: str, *, allow: Allow) -> exp.Expr:
    """Render from the tree that this returns; the text itself goes nowhere.

    The tree is shared between callers: copy it before changing it.
    """
    if not text.strip() or len(text) > LONGEST:
        raise _refused(say("算式长度须在 1 到 {longest} 个字符之间。", longest=LONGEST), text[:40])
    try:
        _check_tokens(text)
        tree = sqlglot.parse_one(text, dialect=CANONICAL)
        _check_nodes(tree, allow)
        # Rendering is part of the promise: whatever passes can be written out again.
        tree.sql(dialect=CANONICAL)
    except BadInput:
        raise
    except RecursionError:
        raise _refused(say("算式嵌套太深。"), text[:40]) from None
    except SqlglotError:
        raise _refused(say("算式“{text}”不是完整的 SQL 表达式。", text=text[:80]), text) from None
    return tree


def column_names(tree: exp.Expr) -> tuple[str, ...]:
    """Names of the columns used, each once, in order."""
    return tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column)))


def _check_tokens(text: str) -> None:
    for token in sqlglot.tokenize(text, dialect=CANONICAL):
        if token.comments:
            raise _refused(say("算式里不能有注释，请写到 note 里。"), text)
        if token.token_type in _REFUSED_TOKENS or token.text.startswith(("@", "$")):
            raise _refused(
                say(
                    "算式第 {place} 个字符处的“{part}”不允许使用。",
                    place=token.start + 1,
                    part=token.text,
                ),
                text,
            )


def _check_nodes(tree: exp.Expr, allow: Allow) -> None:
    allowed = {**_ROWS, **(_AGGREGATES if allow is Allow.AGGREGATE else {})}
    for node in tree.walk():
        if node.depth > DEEPEST:
            raise _refused(say("算式嵌套太深。"), node)
        if node.comments:
            raise _refused(say("算式里不能有注释，请写到 note 里。"), node)
        if allow is Allow.INDICATORS and isinstance(node, exp.Anonymous):
            _check_dispersion(node)
        else:
            _check_arguments(node, allowed.get(type(node)))
        _check_spelling(node)


def _check_arguments(node: exp.Expr, arguments: frozenset[str] | None) -> None:
    if arguments is None:
        raise _refused(
            say("算式里不能使用“{part}”（{kind}）。", part=_show(node), kind=type(node).__name__),
            node,
        )
    extra = {key for key, value in node.args.items() if value not in (None, False, [])} - arguments
    if extra:
        raise _refused(say("“{part}”的写法不允许使用。", part=_show(node)), node)


def _check_dispersion(node: exp.Anonymous) -> None:
    name = str(node.this).upper()
    wanted = DISPERSIONS.get(name)
    if wanted is None:
        raise _refused(say("没有名为“{name}”的函数。", name=node.this), node)
    if len(node.expressions) != wanted:
        raise _refused(say("{name} 需要 {wanted} 个参数。", name=name, wanted=wanted), node)
    if node.find_ancestor(exp.Anonymous):
        raise _refused(say("校际统计“{part}”不能再套校际统计。", part=_show(node)), node)
    node.set("this", name)


def _check_spelling(node: exp.Expr) -> None:
    match node:
        case exp.Identifier() if not _NAME.fullmatch(str(node.this)):
            raise _refused(say("“{name}”不是有效的列名。", name=node.this), node)
        case exp.Literal() if not node.is_string and not _NUMERAL.fullmatch(str(node.this)):
            raise _refused(say("“{part}”不是普通的十进制数。", part=node.this), node)
        case exp.Cast() if not _is_day(node):
            raise _refused(say("不能转换类型：“{part}”。", part=_show(node)), node)
        case exp.Is() if not isinstance(node.expression, exp.Null | exp.Boolean):
            raise _refused(say("IS 后面只能是 NULL、TRUE 或 FALSE。"), node)
        case exp.Star() if not isinstance(node.parent, exp.Count):
            raise _refused(say("“*”只能写在 COUNT(*) 里。"), node)
        case exp.DataType() if not isinstance(node.parent, exp.Cast):
            raise _refused(say("不能转换类型：“{part}”。", part=_show(node)), node)
        case exp.Round() if node.args.get("decimals") and not node.args["decimals"].is_int:
            raise _refused(say("ROUND 的位数须是整数。"), node)
        case _:
            return


def _is_day(node: exp.Cast) -> bool:
    """DATE '2021-09-01', which the parser reads as a cast of a literal."""
    literal = node.this
    return (
        isinstance(literal, exp.Literal)
        and literal.is_string
        and bool(_DAY.fullmatch(literal.name))
        and node.to.is_type("date")
    )


def _show(node: exp.Expr) -> str:
    return node.sql(dialect=CANONICAL)[:80]


def _refused(message: Message, part: object) -> BadInput:
    value = _show(part) if isinstance(part, exp.Expr) else part
    return bad_value(
        message,
        value=value,
        code="formula.refused",
        proposal=say("可用：加减乘除、比较、AND/OR/NOT、CASE、IN、BETWEEN、NULLIF 和规定的汇总。"),
    )
