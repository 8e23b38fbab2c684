"""Duties as the calendar of dots wants them: few rows where there are others, links to proof."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from zhuji.cockpit.faces import Link, Standing
from zhuji.cockpit.node import Dot, DutyBoard
from zhuji.duties.states import State
from zhuji.kernel.messages import Message, say
from zhuji.ledgers.registry import BY_KEY
from zhuji.web.links import href

FEW, MOST = 12, 100  # rows of a duty on the page of its clause, and on its own page


@dataclass(frozen=True)
class Calendar:
    board: DutyBoard
    heads: tuple[Any, ...]
    rows: tuple[dict[str, Any], ...]
    states: tuple[str, ...]
    more: int  # rows that are not shown
    beyond: int
    now: Message | None  # how far the window is that runs or ran last
    ledger: str  # where the proof is entered


def calendar(found: DutyBoard, standing: Standing, most: int) -> Calendar:
    rows = tuple(_row(found, standing, number) for number in range(min(most, len(found.rows))))
    states = {cell["state"] for row in rows for cell in row["cells"] if cell}
    return Calendar(
        found,
        tuple(one.label for one in found.columns),
        rows,
        tuple(one.value for one in State if one.value in states),
        len(found.rows) - len(rows),
        found.beyond,
        _now(found),
        _ledger(found, standing.org.code),
    )


def calendars(boards: Iterable[DutyBoard], standing: Standing, most: int) -> list[Calendar]:
    return [calendar(one, standing, most) for one in boards]


def _row(found: DutyBoard, standing: Standing, number: int) -> dict[str, Any]:
    row = found.rows[number]
    proof = _ledger(found, row.org.code)
    return {
        "label": row.org.name,
        "href": href(Link("org", row.org.code), standing, item=found.face.id),
        "cells": [_cell(dot, proof) for dot in row.dots],
    }


def _cell(dot: Dot, proof: str) -> dict[str, Any]:
    if dot.state is None:
        return {}
    label = dot.label
    told = say("{state}：{done} / {owed}，截止 {due}", state=label, done=dot.done, owed=dot.owed,
               due=dot.due) if dot.owed > 1 and dot.due else label  # fmt: skip
    return {"state": dot.state.value, "label": told, "href": proof if dot.evidence else ""}


def _ledger(found: DutyBoard, org: str) -> str:
    """The rows of this organisation in the ledger that proves it."""
    if found.evidence.ledger not in BY_KEY:
        return ""
    return f"{reverse('ledger', args=[found.evidence.ledger])}?{urlencode({'org__under': org})}"


def _now(found: DutyBoard) -> Message | None:
    """Of the newest window that has begun, over every row."""
    begun = [number for number, one in enumerate(found.columns) if one.open]
    if not begun or not found.rows:
        return None
    dots = [row.dots[begun[-1]] for row in found.rows]
    owed = sum(one.owed for one in dots)
    if not owed:
        return None
    return say(
        "{window}：应完成 {owed}，已完成 {done}。",
        window=found.columns[begun[-1]].label,
        owed=owed,
        done=sum(one.done for one in dots),
    )
