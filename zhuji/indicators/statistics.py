"""Dispersion between schools, intervals and gaps, in plain Python; moments merge by `+`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import fsum, log, sqrt
from statistics import NormalDist

from zhuji.kernel.values import Exact

# Decimals to which a coefficient with a root or a logarithm is kept: beyond them lies the noise
# of floating point, and a limit met exactly must not fail on it.
KEPT = 12

Pairs = Sequence[tuple[Exact, Exact]]  # amount and weight of each school


@dataclass(frozen=True, slots=True)
class Moments:
    """What a difference coefficient needs of any set of schools: sums, so that sets merge."""

    schools: int = 0
    amount: Fraction = Fraction(0)
    weight: Fraction = Fraction(0)
    square: Fraction = Fraction(0)  # sum of amount^2 / weight

    def __add__(self, other: Moments) -> Moments:
        return Moments(
            self.schools + other.schools,
            self.amount + other.amount,
            self.weight + other.weight,
            self.square + other.square,
        )

    @property
    def mean(self) -> Fraction:
        return self.amount / self.weight

    @property
    def variance(self) -> Fraction:
        """Weighted, population form: no n - 1."""
        return self.square / self.weight - self.mean**2

    @property
    def coefficient(self) -> float:
        return round(sqrt(self.variance / self.mean**2), KEPT)


def moments(pairs: Iterable[tuple[Exact, Exact]]) -> Moments:
    """Exact; schools without weight have nobody to count and stay outside."""
    total = Moments()
    for amount, weight in pairs:
        if weight > 0:
            a, p = Fraction(amount), Fraction(weight)
            total += Moments(1, a, p, a * a / p)
    return total


def difference_coefficient(pairs: Pairs) -> float | None:
    """Weighted standard deviation over the weighted mean (total over total)."""
    known = _floats(pairs)
    total, people = fsum(a for a, _ in known), fsum(p for _, p in known)
    if not known or total == 0:
        return None
    mean = total / people
    variance = fsum(p * (a / p - mean) ** 2 for a, p in known) / people
    return round(sqrt(variance) / abs(mean), KEPT)


def gini(pairs: Pairs) -> Fraction | None:
    """Half the mean difference between any two persons, over the mean; exact."""
    known = [(Fraction(a), Fraction(p)) for a, p in pairs if p > 0]
    total, people = sum(a for a, _ in known), sum(p for _, p in known)
    if not known or total == 0:
        return None
    known.sort(key=lambda pair: pair[0] / pair[1])
    apart = below_amount = below_weight = Fraction(0)
    for amount, weight in known:
        apart += amount * below_weight - weight * below_amount
        below_amount, below_weight = below_amount + amount, below_weight + weight
    return apart / (total * people)


def theil(pairs: Pairs) -> float | None:
    """Sum of amount shares times the logarithm of amount share over weight share."""
    known = _floats(pairs)
    total, people = fsum(a for a, _ in known), fsum(p for _, p in known)
    if not known or total <= 0 or any(a < 0 for a, _ in known):
        return None
    return round(fsum(a / total * log(a / total / (p / people)) for a, p in known if a > 0), KEPT)


def between_share(groups: Iterable[tuple[Exact, Exact, Exact]]) -> Fraction | None:
    """The part of all variance that lies between schools, from n, sum and sum of squares."""
    n = total = squares = means = Fraction(0)
    for size, amount, square in groups:
        if size > 0:
            n, total, squares = (
                n + Fraction(size),
                total + Fraction(amount),
                squares + Fraction(square),
            )
            means += Fraction(amount) ** 2 / Fraction(size)
    if n == 0:
        return None
    whole = squares - total**2 / n
    return (means - total**2 / n) / whole if whole else None


def gap(reference: Exact | float, value: Exact | float) -> Fraction:
    """Distance from the reference, relative to it."""
    return abs(Fraction(reference) - Fraction(value)) / abs(Fraction(reference))


def wilson(successes: Exact, n: Exact, confidence: Decimal) -> tuple[float, float]:
    """The score interval of a share; it stays within 0 and 1 and holds for few answers."""
    z = NormalDist().inv_cdf((1 + float(confidence)) / 2)
    size, share = float(n), float(Fraction(successes) / Fraction(n))
    centre = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return max(0.0, centre - half), min(1.0, centre + half)


def split(
    total: Exact, pupils: Mapping[str, int], weights: Mapping[str, Decimal], *, scale: int
) -> dict[str, Fraction]:
    """Divide what stages share by their equivalent pupils, to `scale` decimals.

    Each part is rounded down and the largest takes the remainder, so the parts make the whole:
    23 226 books over 166 and 210 pupils at 1 : 1.1 are 9711 and 13515.
    """
    shares = {
        stage: Fraction(weights[stage]) * count
        for stage, count in pupils.items()
        if stage in weights and count > 0
    }
    if not shares:
        return {}
    units = round(Fraction(total) * 10**scale)
    all_shares = sum(shares.values())
    parts = {stage: int(units * share / all_shares) for stage, share in shares.items()}
    largest = min(shares, key=lambda stage: (-shares[stage], stage))
    parts[largest] += units - sum(parts.values())
    return {stage: Fraction(part, 10**scale) for stage, part in parts.items()}


def _floats(pairs: Pairs) -> list[tuple[float, float]]:
    return [(float(a), float(p)) for a, p in pairs if p > 0]
