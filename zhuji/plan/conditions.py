"""Conditions over one row, read from a package into a tree; anything but a condition is refused."""

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from zhuji.kernel.errors import BadInput, bad_value
from zhuji.kernel.messages import Message, say

_TRUTHS = (
    exp.And,
    exp.Or,
    exp.Not,
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.In,
    exp.Between,
    exp.Is,
    exp.Boolean,
    exp.Column,
    exp.Paren,
)
# Cast and DataType stand in the tree of a date literal; `_odd` lets no other cast pass.
_PARTS = (
    *_TRUTHS,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Div,
    exp.Neg,
    exp.Coalesce,
    exp.Literal,
    exp.Null,
    exp.Identifier,
    exp.Cast,
    exp.DataType,
)


def parse_condition(text: str) -> exp.Expression:
    """Read comparisons, AND, OR, NOT, IN, BETWEEN, IS NULL, arithmetic, COALESCE, literals."""
    try:
        tree = parse_one(text, dialect="duckdb")
    except (SqlglotError, RecursionError):
        raise _refused(text, say("读不懂")) from None
    if not isinstance(tree, exp.Expression) or not isinstance(tree, _TRUTHS):
        raise _refused(text, say("它不是一个条件"))
    for node in tree.walk():
        node.comments = None
        if not isinstance(node, _PARTS) or _odd(node):
            raise _refused(text, say("条件里不能用“{part}”", part=node.sql("duckdb")))
    return tree


def columns_of(condition: exp.Expression) -> tuple[str, ...]:
    """The columns it speaks of, each once, in the order of their first use."""
    return tuple(dict.fromkeys(column.name.lower() for column in condition.find_all(exp.Column)))


def qualified(condition: exp.Expression, alias: str) -> exp.Expression:
    """The same condition with every column taken from the relation named `alias`."""
    return condition.transform(
        lambda node: (
            exp.column(node.name.lower(), table=alias, quoted=True)
            if isinstance(node, exp.Column)
            else node
        )
    )


def _odd(node: exp.Expression) -> bool:
    match node:
        case exp.Column():
            return len(node.parts) != 1 or not isinstance(node.this, exp.Identifier)
        case exp.In():
            return not node.expressions or bool(
                [name for name in ("query", "unnest", "field") if node.args.get(name)]
            )
        case exp.Cast():
            literal = isinstance(node.this, exp.Literal) and node.this.is_string
            return not (literal and node.to.is_type("date"))
        case _:
            return False


def _refused(text: str, reason: Message) -> BadInput:
    return bad_value(
        say("条件“{text}”不能用：{reason}。", text=text, reason=reason),
        value=text,
        code="condition",
        proposal=say("请只用列名、字面值、比较、AND、OR、NOT、IN、BETWEEN、IS NULL 和 COALESCE。"),
    )
