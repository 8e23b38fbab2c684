"""One indicator's last step, made once and used for every cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlglot import exp

from zhuji.indicators.atoms import Atom
from zhuji.indicators.compile import ALL, CLOSED, KEYS, Scan
from zhuji.indicators.dispersion import Dispersion, Spread, spread
from zhuji.indicators.expand import stage_of
from zhuji.indicators.finish import NOTHING, Absent, Read, divide, exact, function_of
from zhuji.indicators.prepare import Prepared

Compute = Callable[[Iterable[Any]], Spread]


@dataclass(frozen=True, slots=True)
class Finisher:
    """Where in a row the parts stand, and the functions over them."""

    id: str
    version: str
    kind: str
    stage: str  # of the scan's rows
    units: str  # the stage whose schools are expected to report
    among: str
    groups: frozenset[str]  # of the scan's rows
    zero: bool
    level: str | None
    finish: Callable[[Any], tuple[Any, Any, Any]]
    scale: int | Fraction = 1
    scan: str | None = None
    some: int = 0  # units with rows
    full: int = 0  # units with rows and no blanks
    closed: int | None = None  # of the units with rows, those that have closed since
    counted: int | None = None
    lacking: int | None = None
    nothing: tuple[Any, ...] = ()
    dispersions: tuple[tuple[Dispersion, Compute], ...] = ()


def finisher_of(
    prepared: Prepared, scans: Mapping[str, Scan], by_column: Mapping[str, str]
) -> Finisher:
    indicator = prepared.indicator
    given = {
        "id": indicator.id,
        "version": prepared.version,
        "kind": indicator.period,
        "stage": prepared.stage,
        "units": stage_of(indicator),
        "among": indicator.among or ALL,
        "groups": frozenset(),
        "zero": indicator.absent == "zero",
        "level": prepared.level,
        "scale": _plain(prepared.parts.scale),
    }
    if prepared.scan is None:
        return _over_indicators(prepared, by_column, given)
    scan = scans[prepared.scan]
    return _over_atoms(prepared, scan, given | {"groups": frozenset(scan.groups)})


def _over_atoms(prepared: Prepared, scan: Scan, given: Mapping[str, Any]) -> Finisher:
    places = {name: place for place, name in enumerate(scan.columns)}
    atoms = {atom.name: atom for atom in scan.atoms}

    def resolve(name: str) -> Read:
        return _atom(atoms[name], places[name], scan)

    parts = prepared.parts
    return Finisher(
        **given,
        finish=_quotient(prepared, resolve),
        scan=scan.key,
        some=len(KEYS),
        full=len(KEYS) + scan.reports.index(parts.blanks),
        closed=places.get(CLOSED),
        counted=places[parts.counted],
        lacking=None if parts.lacking is None else places[parts.lacking],
        nothing=(None,) * len(places),
    )


def _atom(atom: Atom, place: int, scan: Scan) -> Read:
    """A sum over no rows is 0 (whether there should be rows is asked before); no least of none."""
    if atom.merge is not exp.Sum:
        return lambda row: _extreme(row[place])
    if atom.split and scan.split is not None:
        unit = 10**scan.split.scale
        return lambda row: Fraction(row[place] or 0, unit)

    def read(row: Any) -> Any:
        value = row[place]
        return value if type(value) is int else exact(value or 0)

    return read


def _extreme(value: Any) -> Any:
    if value is None:
        raise Absent(NOTHING)
    return exact(value)


def _over_indicators(
    prepared: Prepared, by_column: Mapping[str, str], given: Mapping[str, Any]
) -> Finisher:
    spreads = {
        name: (place, part)
        for place, each in enumerate(prepared.dispersions)
        for part, name in enumerate(each.results)
    }

    def resolve(name: str) -> Read:
        if name in spreads:
            place, part = spreads[name]
            return lambda evaluation: evaluation.spread(place, part)
        identifier = by_column[name]
        return lambda evaluation: evaluation.read(identifier)

    computes = tuple((each, _compute(each, resolve)) for each in prepared.dispersions)
    finish = _quotient(prepared, resolve)
    return Finisher(**given, finish=finish, dispersions=computes)


def _plain(scale: Fraction) -> int | Fraction:
    return scale.numerator if scale.denominator == 1 else scale


def _compute(dispersion: Dispersion, resolve: Callable[[str], Read]) -> Compute:
    reads = [function_of(argument, resolve) for argument in dispersion.arguments]
    return lambda schools: spread(dispersion, reads, schools)


def _quotient(
    prepared: Prepared, resolve: Callable[[str], Read]
) -> Callable[[Any], tuple[Any, Any, Any]]:
    """(value, numerator, denominator); scale stays out of the parts: they are what was counted."""
    parts, scale = prepared.parts, prepared.parts.scale
    above = function_of(parts.numerator, resolve)
    top, bottom = scale.numerator, scale.denominator
    if parts.denominator is None:
        return lambda row: _undivided(above(row), scale)
    below = function_of(parts.denominator, resolve)

    def finish(row: Any) -> tuple[Any, Any, Any]:
        numerator, denominator = above(row), below(row)
        if numerator is None or denominator is None:
            raise Absent(NOTHING)
        return divide(numerator * top, denominator * bottom), numerator, denominator

    return finish


def _undivided(numerator: Any, scale: Fraction) -> tuple[Any, Any, Any]:
    if numerator is None:
        raise Absent(NOTHING)
    if scale == 1:
        return numerator, numerator, None
    return numerator * scale, numerator * scale, None
