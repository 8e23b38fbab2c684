"""Rows of a form as tables on a page: what is known in words, what is missing as fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import cells, visibility
from zhuji.ledgers.declare import Column, Type
from zhuji.returns import forms
from zhuji.returns.forms import Form
from zhuji.web.asked import Asked
from zhuji.web.pages import language, words

Choice = tuple[str, Label | str]


@dataclass(frozen=True)
class Cell:
    """Text that is known, or a field by its name; `choices` make it a list to choose from."""

    text: str = ""
    field: str = ""
    label: str = ""
    value: str = ""
    choices: tuple[Choice, ...] = ()
    date: bool = False
    excused: bool = False
    error: Message | None = None


@dataclass(frozen=True)
class Grid:
    heads: tuple[dict[str, object], ...]
    lines: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Given:
    """What was typed and ticked before, and what is wrong with it."""

    typed: Mapping[str, str]
    excused: frozenset[str]
    faults: Mapping[str, Message]


NOTHING = Given({}, frozenset(), {})


def percent(share: Fraction) -> str:
    """Whole percents, rounded down: nothing that lacks a cell is at a hundred."""
    return f"{int(share * 100)}%"


def preview(request: Asked, form: Form, rows: Iterable[Mapping[str, object]]) -> Grid:
    """What the asker may see of it; gaps are marked and cannot be filled in here."""
    return _grid(request, form, rows, None)


def fields(request: Asked, form: Form, rows: Iterable[Mapping[str, object]], given: Given) -> Grid:
    """For those who fill in: every missing cell is a field."""
    return _grid(request, form, rows, given)


def _grid(
    request: Asked, form: Form, rows: Iterable[Mapping[str, object]], given: Given | None
) -> Grid:
    """Everything shown goes through the one gate, which records views of minors."""
    kept = list(rows)
    seen = visibility.show(
        request.moment.reader, form.ledger, kept, now=request.moment.now, route=request.path
    )
    shown = {one["id"]: one for one in seen}
    heads = tuple(
        {"label": column.label, "number": column.type in (Type.INTEGER, Type.DECIMAL, Type.MONEY)}
        for column in form.shown
    )
    asked = {column.key for column in form.asked}
    lines = []
    for row in kept:
        visible = shown.get(row["id"], {})
        name = " ".join(_text(c, visible.get(c.key)) for c in form.shown[:2])
        lines.append(
            tuple(
                _cell(column, row, visible, given, name)
                if column.key in asked
                else Cell(_text(column, visible.get(column.key)))
                for column in form.shown
            )
        )
    return Grid(heads, tuple(lines))


def _cell(
    column: Column,
    row: Mapping[str, object],
    visible: Mapping[str, object],
    given: Given | None,
    name: str,
) -> Cell:
    if row[column.key] is not None:
        return Cell(_text(column, visible.get(column.key)))
    if given is None:
        return Cell(words(say("待填")))
    field = forms.cell_name(row["id"], column.key)
    return Cell(
        field=field,
        label=f"{words(column.label)} {name}".strip(),
        value=given.typed.get(field, ""),
        choices=_choices(column),
        date=column.type is Type.DATE,
        excused=field in given.excused,
        error=given.faults.get(field),
    )


def _choices(column: Column) -> tuple[Choice, ...]:
    if column.type is Type.BOOLEAN:
        return (("是", Label("是", "yes")), ("否", Label("否", "no")))
    return tuple((option.value, option.label) for option in column.options)


def _text(column: Column, value: Any) -> str:
    if value is None:
        return "—"
    shown = cells.cell(column, value, language())
    if isinstance(shown, Decimal):
        return f"{shown.normalize():f}"
    return shown.isoformat() if isinstance(shown, date) else str(shown)
