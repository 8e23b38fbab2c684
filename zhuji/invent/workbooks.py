"""Writes the county's ledgers as the Excel files that it would send, in the order of import."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from itertools import chain, islice
from pathlib import Path

from zhuji.invent.chance import below
from zhuji.invent.dirt import Habits, habits_of, heading, may_widen, spelt, tidy, widened
from zhuji.invent.paper import Cell, Paper
from zhuji.invent.rows import rows
from zhuji.invent.told.kinds import Row, Value
from zhuji.invent.world import World
from zhuji.ledgers.cells import cell
from zhuji.ledgers.declare import Column, Ledger, Type
from zhuji.ledgers.registry import LEDGERS, ledger
from zhuji.ledgers.tables import sheet_name

# What one sheet may hold when it is handed in.
MOST_ROWS = 20_000
PRACTICE = "待修正示例.xlsx"

# Whoever is named must be on file before who names them.
_FIRST = ("orgs", "staff", "pupils", "training_sessions", "activities", "exams", "inspections")
_THEN = ("bodies", "works", "funds")
_CHINESE = "zh-hans"
Progress = Callable[[str, int], None]  # a ledger's name, how many of its rows are written


def in_order() -> tuple[Ledger, ...]:
    """The ledgers so that each comes after those it refers to."""
    first = (*_FIRST, *_THEN)
    rest = (each for each in LEDGERS if each.key not in first)
    return (*(ledger(key) for key in first), *rest)


def write_workbooks(
    world: World, folder: Path, progress: Progress | None = None, *, dirty: bool = True
) -> list[Path]:
    """Every ledger, at most 20,000 rows a file; and beside them one small file with real errors."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for number, each in enumerate(in_order(), start=1):
        source = rows(world, each.key)
        part = count = 0
        while first := next(source, None):
            part += 1
            name = f"{number:02d}-{each.label.zh}" + (f"-{part}" if part > 1 else "")
            path = folder / f"{name}.xlsx"
            habits = habits_of(each, world.stream("habits", name)) if dirty else tidy(each)
            held = chain([first], islice(source, MOST_ROWS - 1))
            count += _write(path, each, held, habits, world)
            written.append(path)
        if progress:
            progress(each.label.zh, count)
    write_practice(world, folder / PRACTICE)
    return written


def _write(path: Path, of: Ledger, held: Iterator[Row], habits: Habits, world: World) -> int:
    rng = world.stream("dirt", path.stem)
    columns = [of.columns[index] for index in habits.order]
    shows = [(column.key, _shower(column, habits)) for column in columns]
    odd = 40 + below(rng, 60)
    count = 0
    with Paper(path, sheet_name(of)) as paper:
        line = _head(paper, columns, habits)
        for count, row in enumerate(held, start=1):
            line += 2 if habits.gaps and count % odd == 0 else 1
            cells = [show(row[key]) for key, show in shows]
            if habits.wide and count % odd == 7:
                _widen(cells, columns)
            if habits.extra and count % odd == 3:
                cells.append("已核对")
            paper.write(line, cells)
    return count


def _head(paper: Paper, columns: list[Column], habits: Habits) -> int:
    for line, text in enumerate(habits.heading, start=1):
        paper.write(line, [text])
    line = len(habits.heading) + 1
    extra = [habits.extra] if habits.extra else []
    paper.write(line, [*(heading(column, habits) for column in columns), *extra])
    return line


def _shower(column: Column, habits: Habits) -> Callable[[Value], Cell]:
    """How the values of one column are shown; equal values are looked at once."""
    if column.type in (Type.CHOICE, Type.BOOLEAN):
        return cache(lambda value: cell(column, value, _CHINESE))
    if column.type is Type.DATE and habits.spelling:
        return cache(lambda value: spelt(value, habits.spelling))
    return _as_it_is


def _as_it_is(value: Value) -> Cell:
    return value


def _widen(cells: list[Cell], columns: list[Column]) -> None:
    for place, column in enumerate(columns):
        value = cells[place]
        if may_widen(column) and isinstance(value, int):
            cells[place] = widened(value)
            return


# --- for practice ----------------------------------------------------------------------------

_GOOD: Row = {"kind": "art", "counted_on": date(2023, 3, 10), "members": 32}
# One real error a line, each of the kind that offices make.
_FINE = ("合唱团", "书法社", "足球社", "棋艺社")
_WRONG: tuple[dict[str, Value], ...] = (
    {"name": "航模社", "kind": "科技类"},
    {"name": "晨诵社", "members": "约三十人"},
    {"name": "篮球社", "counted_on": "2023-02-30"},
    {"name": "", "kind": "体育"},
    {"name": "种植园", "org": "大盛小学校"},
)


def write_practice(world: World, path: Path) -> int:
    """Clubs of one school with five errors to find and mend; how many rows it has."""
    school = next(place for place in (*world.pilots, *world.schools) if place.kind == "school")
    of = ledger("clubs")
    lines: list[dict[str, Value]] = [{"name": f"{name}（练习）"} for name in _FINE]
    lines += _WRONG
    good: dict[str, Value] = {**_GOOD, "org": school.code, "stage": school.stages[0]}
    with Paper(path, sheet_name(of)) as paper:
        _head(paper, list(of.columns), tidy(of))
        for line, changed in enumerate(lines, start=2):
            row = {**good, **changed}
            shown = (cell(column, row[column.key], _CHINESE) for column in of.columns)
            paper.write(line, [each or None for each in shown])
    return len(lines)
