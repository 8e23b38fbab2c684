"""Small trees from which the trees of this package are put together."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, reduce

from sqlglot import exp, parse_one

Steps = list[tuple[str, exp.Query]]


def query(
    template: str, reads: Mapping[str, str] | None = None, **values: exp.Expression
) -> exp.Select:
    """A statement of ours with its relations renamed and its `:names` replaced, on the tree."""
    tree = exp.replace_placeholders(_parsed(template), **values)
    for named in tree.find_all(exp.Table):
        if reads and named.name in reads:
            named.set("this", exp.to_identifier(reads[named.name]))
    assert isinstance(tree, exp.Select)
    return tree


def with_steps(steps: Steps, last: exp.Select) -> exp.Select:
    """The last statement, reading the named ones before it."""
    for name, step in steps:
        last = last.with_(name, as_=step, copy=False)
    return last


def literal(value: str | int | Decimal | date) -> exp.Expression:
    match value:
        case date():
            return exp.cast(exp.Literal.string(value.isoformat()), "DATE")
        case str():
            return exp.Literal.string(value)
        case _:
            return exp.Literal.number(str(value))


def chosen(
    subject: exp.Expression, keys: Iterable[str], values: Iterable[str | int | None]
) -> exp.Expression:
    """The value that stands beside the key that the subject equals; empty where there is none."""
    ifs = [
        exp.If(this=literal(key), true=literal(value))
        for key, value in zip(keys, values, strict=True)
        if value is not None
    ]
    if not ifs:
        return exp.cast(exp.Null(), "VARCHAR")
    return exp.Case(this=subject.copy(), ifs=ifs)


def union(trees: Sequence[exp.Select]) -> exp.Query:
    """The rows of all of them."""
    if len(trees) == 1:
        return trees[0]
    return exp.union(*trees, distinct=False, copy=False)


def column(name: str, alias: str) -> exp.Column:
    """Quoted, so that a name is a name whatever it contains."""
    return exp.column(name, table=alias, quoted=True)


def table(name: str, alias: str) -> exp.Table:
    return exp.Table(
        this=exp.to_identifier(name, quoted=True),
        alias=exp.TableAlias(this=exp.to_identifier(alias)),
    )


def plus(day: exp.Expression, count: int, unit: str = "DAY") -> exp.Expression:
    return _shifted(day, literal(count), unit)


def present(value: exp.Expression) -> exp.Expression:
    return exp.Not(this=exp.Is(this=value, expression=exp.Null()))


def when(condition: exp.Expression, value: exp.Expression) -> exp.Expression:
    """The value where the condition holds, zero elsewhere."""
    return exp.Case(ifs=[exp.If(this=condition, true=value)], default=literal(0))


def added(parts: Iterable[exp.Expression]) -> exp.Expression:
    return reduce(lambda whole, part: exp.Add(this=whole, expression=part), parts, literal(0))


@cache
def _parsed(template: str) -> exp.Expression:
    """`add_days(day, n)` has no spelling that the dialects share, so it becomes a node."""
    return parse_one(template, dialect="duckdb").transform(_add_days)


def _add_days(node: exp.Expression) -> exp.Expression:
    if not (isinstance(node, exp.Anonymous) and node.name.lower() == "add_days"):
        return node
    day, count = node.expressions
    return _shifted(day, count, "DAY")


def _shifted(day: exp.Expression, count: exp.Expression, unit: str) -> exp.Expression:
    """Cast back to a day: DuckDB makes an instant of it."""
    return exp.cast(exp.DateAdd(this=day, expression=count, unit=exp.var(unit)), "DATE")
