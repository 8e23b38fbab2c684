"""What a difference coefficient amounts to by chance alone, where what is counted comes in pieces.

Teachers and rooms cannot be divided. Suppose the A pieces of a county were handed out pupil by
pupil at random: school i with p_i of P pupils gets a_i, multinomial with shares p_i / P. Then

    A * CV^2 = sum (a_i - A p_i / P)^2 / (A p_i / P)

is Pearson's statistic, with mean n - 1 exactly and close to chi-square with n - 1 degrees of
freedom: the coefficient to expect is sqrt((n - 1) / A), whatever the sizes of the schools. What
it passes once in twenty times follows from Wilson and Hilferty's approximation. No simulation.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

# Of what is measured, not counted, there is no smallest piece.
MEASURED = frozenset(
    {"m2", "yuan", "hour", "clock_hour", "minute", "day", "mbps", "mark", "percent", "ratio"}
)
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Floor:
    """`expected` is the root of the expected square; `upper` is passed once in twenty times."""

    expected: float
    upper: float
    pieces: int
    schools: int


def floor(pieces: int, schools: int) -> Floor | None:
    """None where there is nothing to spread, or nobody to spread it over."""
    freedom = schools - 1
    if pieces < 1 or freedom < 1:
        return None
    part = 2 / (9 * freedom)
    z = NormalDist().inv_cdf(_CONFIDENCE)
    chi_square = freedom * (1 - part + z * sqrt(part)) ** 3
    return Floor(sqrt(freedom / pieces), sqrt(chi_square / pieces), pieces, schools)


def in_pieces(unit: str) -> bool:
    return unit.rpartition("/")[0] == "" and unit not in MEASURED
