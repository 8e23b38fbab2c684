"""The same cells with pandas: read every table, lay it on the periods, group by school, roll up."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
from formulas import Frame, Series, truth, value
from pandas_tables import Tables, laid
from sqlglot import exp, parse_one

from zhuji.indicators.prepare import Prepared, Suite

KEYS = ["key", "org"]
Cells = dict[str, Series]


def run(tables: Tables, suite: Suite) -> Cells:
    """Indicator -> a series over (period, organisation); split property is left out by hand too."""
    found = Cells()
    for scan in suite.scans:
        if scan.split is not None:
            continue
        rows = laid(tables, scan)
        members = _members(tables.given["places"], scan.period_kind)
        mine = {key: each for key, each in suite.prepared.items() if each.scan == scan.key}
        found |= _values(rows, members, mine, staged=scan.source.has_stage)
    return found


# --- partials, then all levels ---------------------------------------------------------------


def _members(places: Frame, kind: str) -> Frame:
    """Each organisation under its school, its town and its county."""
    own = places[places.kind == kind]
    above = [own.assign(above=own[level]) for level in ("school", "town", "county")]
    every = pd.concat(above)
    return every[every.above.notna()]


def _values(rows: Frame, members: Frame, mine: Mapping[str, Prepared], *, staged: bool) -> Cells:
    atoms: dict[str, tuple[Series, str]] = {}
    trees: dict[str, tuple[exp.Expr, str | None]] = {}
    for key, each in mine.items():
        indicator = each.indicator
        mask = pd.Series(True, index=rows.index)
        if indicator.where is not None:
            mask &= truth(parse_one(str(indicator.where), dialect="duckdb"), rows)
        if staged and each.stage != "*":
            mask &= rows.stage == each.stage
        tree = parse_one(str(indicator.value), dialect="duckdb")
        trees[key] = _replaced(tree, rows, mask, atoms), indicator.among
    partials = _grouped(rows[KEYS], atoms, KEYS)
    wide = members.merge(partials, on=KEYS)
    how = {name: merge for name, (_, merge) in atoms.items()}
    return {key: _finished(tree, wide, group, how) for key, (tree, group) in trees.items()}


def _grouped(keys: Frame, atoms: Mapping[str, tuple[Series, str]], by: list[str]) -> Frame:
    frame = pd.concat([keys, *(series.rename(name) for name, (series, _) in atoms.items())], axis=1)
    return frame.groupby(by).agg({name: how for name, (_, how) in atoms.items()}).reset_index()


def _finished(tree: exp.Expr, wide: Frame, group: str | None, how: Mapping[str, str]) -> Series:
    chosen = wide[wide[group].fillna(False).astype(bool)] if group else wide
    names = [column.name for column in tree.find_all(exp.Column)]
    merged = chosen.groupby(["key", "above"]).agg({name: how[name] for name in names})
    return value(tree, merged)


def _replaced(
    tree: exp.Expr, rows: Frame, mask: Series, atoms: dict[str, tuple[Series, str]]
) -> exp.Expr:
    """Each aggregate becomes a column of partials."""

    def kept(series: Series, how: str) -> exp.Column:
        name = f"a{len(atoms)}"
        atoms[name] = series, how
        return exp.column(name)

    def replace(node: exp.Expr) -> exp.Expr:
        counted = _COUNTS.get(type(node))
        if counted is not None:
            return kept(counted(node, rows, mask), "sum")
        if isinstance(node, exp.Sum | exp.Max | exp.Min):
            numbers = pd.to_numeric(value(node.this, rows)).where(mask)
            return kept(numbers, type(node).__name__.lower())
        if isinstance(node, exp.Avg):
            numbers = pd.to_numeric(value(node.this, rows)).where(mask)
            known = kept(numbers.notna().astype("int64"), "sum")
            return exp.Div(this=kept(numbers, "sum"), expression=known)
        return node

    return tree.transform(replace)


def _count(node: exp.Expr, rows: Frame, mask: Series) -> Series:
    if isinstance(node.this, exp.Star):
        return mask.astype("int64")
    return (mask & value(node.this, rows).notna()).astype("int64")


_COUNTS: dict[type[exp.Expr], Callable[[exp.Expr, Frame, Series], Series]] = {
    exp.Count: _count,
    exp.CountIf: lambda node, rows, mask: (mask & truth(node.this, rows)).astype("int64"),
}
