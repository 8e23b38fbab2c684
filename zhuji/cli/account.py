"""An account of one value in the terminal: facts first, then rows, then the parts it is made of."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from rich.table import Table as Grid

from zhuji.bulletins import words as figures
from zhuji.cli import show
from zhuji.cli.board import light
from zhuji.kernel.messages import Label, Message, say
from zhuji.programme.explain import Account
from zhuji.programme.rows import Table, files

_MOST_PARTS = 8


def account(found: Account, depth: int = 0) -> None:
    _head(found, depth)
    grid = Grid(box=None, show_header=False, padding=(0, 1))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for label, fact in found.facts:
        grid.add_row(show.words(label), _text(fact))
    show.out.print(grid)
    names = files(found.tables)
    for table in found.tables:
        _table(table, names)
    for part in found.parts[:_MOST_PARTS]:
        account(part, depth + 1)


def _head(found: Account, depth: int) -> None:
    item, judgement = found.item, found.judgement
    show.out.print()
    text = light(item.light)
    text.append(f"  {item.id} {item.label.get(show.language())}", style="bold")
    show.out.print("  " * depth, text, sep="")
    goal = item.goal.get(show.language()) if item.goal else "—"
    show.line(
        say(
            "{org}（{code}） 截至 {on}：{value}，要求 {goal}",
            org=judgement.org_name,
            code=judgement.org,
            on=judgement.on,
            value=figures.value(item, show.language()),
            goal=goal,
        )
    )
    if item.reason is not None:
        show.line(item.reason, "dim")


def _table(table: Table, names: dict[int, str]) -> None:
    shown = len(table.rows)
    title = show.words(table.title)
    if table.total > shown:
        title += show.words(
            say("（共 {total} 行，列出 {shown} 行）", total=table.total, shown=shown)
        )
    if not table.rows:
        show.out.print(title, style="dim", markup=False)
        return
    keep = [
        column
        for place, column in enumerate(table.columns)
        if any(row[place] is not None for row in table.rows)
    ]
    places = [table.columns.index(column) for column in keep]
    rows = [
        [
            _cell(table, column, row[place], names)
            for column, place in zip(keep, places, strict=True)
        ]
        for row in table.rows
    ]
    show.table(title, [show.words(table.head(column)) for column in keep], rows)


def _cell(table: Table, column: str, value: object, names: dict[int, str]) -> str:
    if column == "import_id" and isinstance(value, int):
        return names.get(value, str(value))
    return _text(table.shown(column, value))


def _text(value: object) -> str:
    if isinstance(value, Message | Label):
        return show.words(value)
    if isinstance(value, bool):
        return show.words(say("是") if value else say("否"))
    return _number(value) if isinstance(value, Fraction | Decimal | float) else _plain(value)


def _number(value: Fraction | Decimal | float) -> str:
    """Exact as far as it can be written; what must be rounded is shown beside the fraction."""
    match value:
        case Fraction() if value.denominator != 1:
            return f"{value} ({float(value):.6g})"
        case Fraction():
            return str(value.numerator)
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return f"{value:.6g}"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else "—" if value is None else str(value)
