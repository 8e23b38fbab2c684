"""Trees cut down to what is read: columns nobody asks for and kinds of period are not computed."""

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from sqlglot import exp

from zhuji.warehouse.periods import TABLE as PERIODS

Node = TypeVar("Node", bound=exp.Expr)


def trimmed(tree: exp.Query, columns: Collection[str]) -> exp.Query:
    """The same rows with these columns only.

    A LEFT JOIN of which nothing is read any more goes: in the trees of relations each finds at
    most one row. What a tree says otherwise than those do is left as it is.
    """
    if not isinstance(tree, exp.Select):
        return tree
    tree = tree.copy()
    _trim(tree, columns)
    kept = [tree]
    for step in reversed(tree.ctes):
        if any(table.name == step.alias for table in _within(kept, exp.Table)):
            _trim(step.this, {column.name for column in _within(kept, exp.Column)})
            kept.append(step.this)
        else:
            step.pop()
    if tree.args.get("with_") and not tree.ctes:
        tree.set("with_", None)
    return tree


def at_periods(tree: exp.Query, kinds: Iterable[str]) -> exp.Query:
    """The same tree over periods of these kinds only."""
    wanted = [exp.Literal.string(kind) for kind in sorted(kinds)]

    def only(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Table) or node.name != PERIODS:
            return node
        rows = exp.select("*").from_(PERIODS).where(exp.column("kind").isin(*wanted))
        return rows.subquery(node.alias_or_name)

    made = tree.transform(only)
    assert isinstance(made, exp.Query)
    return made


def _trim(tree: exp.Expr, columns: Collection[str]) -> None:
    if not isinstance(tree, exp.Select) or not _is_plain(tree):
        return
    kept = [each for each in tree.selects if each.is_star or each.alias_or_name in columns]
    tree.set("expressions", kept or tree.selects[:1])
    if all(column.table for column in _within([tree], exp.Column)):
        for join in reversed(tree.args.get("joins") or []):
            if join.side == "LEFT" and not _is_read(tree, join):
                join.pop()


def _is_plain(tree: exp.Select) -> bool:
    """Whether a column more or less changes nothing else."""
    group = tree.args.get("group")
    by_name = group is not None and all(isinstance(one, exp.Column) for one in group.expressions)
    summed = any(each.find(exp.AggFunc) for each in tree.selects)
    return not tree.args.get("distinct") and (by_name or not summed)


def _is_read(tree: exp.Select, join: exp.Join) -> bool:
    own = {id(column) for column in join.find_all(exp.Column)}
    return any(
        column.table == join.alias_or_name and id(column) not in own
        for column in _within([tree], exp.Column)
    )


def _within(trees: Iterable[exp.Expr], kind: type[Node]) -> Iterator[Node]:
    """Nodes of the statements themselves, without the steps before them."""
    for tree in trees:
        for key, value in tree.args.items():
            parts = value if isinstance(value, list) else [value]
            for part in parts:
                if key != "with_" and isinstance(part, exp.Expr):
                    yield from part.find_all(kind)
