"""Indicators and duties in detail, into bytes and back: heads apart from what is of everybody."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from zhuji.duties.states import State
from zhuji.indicators.cells import PeriodRow
from zhuji.indicators.noise import Floor
from zhuji.kernel.messages import Label, Message
from zhuji.kernel.values import Number
from zhuji.programme.detail import (
    MISSING,
    OUTSIDE,
    PRESENT,
    Declared,
    Dot,
    DutyHead,
    IndicatorHead,
    KeptCell,
    KeptDuty,
    KeptIndicator,
    KeptVerdict,
    KeptWindow,
    Threshold,
)
from zhuji.programme.folio import LIGHTS
from zhuji.programme.wire import Json, Packed, Pool, Pooled, pack, plain, unpack, whole

STATES = tuple(State)
_STATE = {state: number for number, state in enumerate(STATES)}
_LIGHT = {light: number for number, light in enumerate(LIGHTS)}
_KINDS = (PRESENT, MISSING, OUTSIDE)


def _number(value: Any) -> Json:
    """A fraction as text; a float stays one, and never turns into an exact number."""
    if value is None or isinstance(value, int | float):
        return value
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else str(exact)


def _read(kept: Json) -> Number | None:
    return Fraction(kept) if isinstance(kept, str) else kept


def _write_cell(cell: KeptCell, pool: Pool) -> Json:
    if cell.kind == PRESENT and cell.lacking is None and cell.reported == cell.expected == 1:
        return [_number(cell.value), _number(cell.numerator), _number(cell.denominator), cell.n]
    return [
        _number(cell.value), _number(cell.numerator), _number(cell.denominator), cell.n,
        cell.reported, cell.expected, cell.lacking, _KINDS.index(cell.kind),
        pool.add(cell.reason),
    ]  # fmt: skip


def _read_cell(kept: list[Any], pool: Pooled) -> KeptCell:
    value, top, bottom, n, *rest = kept
    numbers = (_read(value), _read(top), _read(bottom), n)
    if not rest:
        return KeptCell(PRESENT, *numbers, 1, 1)
    reported, expected, lacking, kind, reason = rest
    return KeptCell(_KINDS[kind], *numbers, reported, expected, lacking, pool[reason])


def _write_verdict(one: KeptVerdict) -> Json:
    return [_LIGHT[one.light], *(_number(part) for part in (one.target, one.pace))]


def _read_verdict(kept: list[Any]) -> KeptVerdict:
    light, *rest = kept
    return KeptVerdict(LIGHTS[light], *(_read(part) for part in rest))


# --- indicators ------------------------------------------------------------------------------


def write_indicator(kept: KeptIndicator) -> tuple[bytes, bytes]:
    head, pool = kept.head, Pool()
    above = {
        "declared": _fields(head.declared),
        "periods": [_fields(row) for row in head.periods],
        "county": [_write_cell(cell, pool) for cell in head.county],
        "verdict": None if head.verdict is None else _write_verdict(head.verdict),
        "groups": {key: _write_cell(cell, pool) for key, cell in head.groups.items()},
        "noise": None if head.noise is None else _fields(head.noise),
        "pool": pool.values,
    }
    pool = Pool()
    body = {
        "cells": {
            org: [_write_cell(cell, pool) for cell in cells] for org, cells in kept.cells.items()
        },
        "verdicts": {org: _write_verdict(one) for org, one in kept.verdicts.items()},
        "schools": list(kept.schools),
        "pool": pool.values,
    }
    return pack(above), pack(body)


def read_head(kept: Packed) -> IndicatorHead:
    told = unpack(kept)
    pool = Pooled(told["pool"])
    declared = _named(Declared, told["declared"])
    thresholds = tuple(Threshold(*row) for row in declared["thresholds"])
    return IndicatorHead(
        Declared(**{**declared, "thresholds": thresholds}),
        tuple(PeriodRow(*whole(row)) for row in told["periods"]),
        tuple(_read_cell(cell, pool) for cell in told["county"]),
        None if told["verdict"] is None else _read_verdict(told["verdict"]),
        {key: _read_cell(cell, pool) for key, cell in told["groups"].items()},
        None if told["noise"] is None else Floor(*whole(told["noise"])),
    )


def read_indicator(head: Packed, body: Packed, orgs: Iterable[str] | None = None) -> KeptIndicator:
    """Of all organisations, or of some."""
    told = unpack(body)
    pool, cells = Pooled(told["pool"]), told["cells"]
    wanted = cells if orgs is None else [org for org in orgs if org in cells]
    return KeptIndicator(
        read_head(head),
        {org: tuple(_read_cell(cell, pool) for cell in cells[org]) for org in wanted},
        {
            org: _read_verdict(told["verdicts"][org])
            for org in wanted if org in told["verdicts"]
        },
        tuple(told["schools"]),
    )  # fmt: skip


# --- duties ----------------------------------------------------------------------------------


def write_duty(kept: KeptDuty) -> tuple[bytes, bytes]:
    dots = {
        org: {
            key: [[[_STATE[state], n] for state, n in dot.counts], dot.evidence]
            for key, dot in found.items()
        }
        for org, found in kept.dots.items()
    }
    return pack(_fields(kept.head)), pack(dots)


def read_duty_head(kept: Packed) -> DutyHead:
    told = _named(DutyHead, unpack(kept))
    windows = tuple(KeptWindow(*row) for row in told["windows"])
    return DutyHead(**{**told, "windows": windows})


def read_duty(head: Packed, body: Packed) -> KeptDuty:
    return KeptDuty(
        read_duty_head(head),
        {
            org: {
                key: Dot(tuple((STATES[state], n) for state, n in counts), evidence)
                for key, (counts, evidence) in found.items()
            }
            for org, found in unpack(body).items()
        },
    )


def _named(kind: Any, kept: Json) -> dict[str, Any]:
    return dict(zip(kind.__dataclass_fields__, whole(kept), strict=True))


def _fields(thing: Any) -> Json:
    """A dataclass by position; those inside it as lists as well."""
    return plain(tuple(_flat(getattr(thing, name)) for name in thing.__dataclass_fields__))


def _flat(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_flat(one) for one in value)
    inner = getattr(value, "__dataclass_fields__", None)
    if inner is None or isinstance(value, Message | Label):
        return value
    return tuple(_flat(getattr(value, name)) for name in inner)
