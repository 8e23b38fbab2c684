"""How schools spread: quantiles of all of them, and the single values that the reader may see."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from zhuji.cockpit.day import Board
from zhuji.cockpit.faces import Exact, Figure, Place
from zhuji.programme.detail import PRESENT, KeptCell, KeptIndicator, KeptVerdict

# Of fewer schools than this quantiles would give single schools away to those outside.
_LEAST_SCHOOLS = 5
_BINS = 12
Show = Callable[[KeptCell | None, KeptVerdict | None], Figure]


@dataclass(frozen=True, slots=True)
class PlaceFigure:
    org: Place
    figure: Figure


@dataclass(frozen=True, slots=True)
class Bin:
    """Schools with low <= value < high; the last bin takes its upper end in."""

    low: Exact
    high: Exact
    schools: int


@dataclass(frozen=True)
class Distribution:
    """`schools` stand in the order of the directory: no ranking."""

    n: int  # with a value
    without: int
    least: Exact | None
    q1: Exact | None
    median: Exact | None
    q3: Exact | None
    most: Exact | None
    bins: tuple[Bin, ...]
    schools: tuple[PlaceFigure, ...]
    beyond: int  # schools counted, but not for this reader to see


def distribution(
    seen: Board, found: KeptIndicator, schools: Sequence[str], show: Show
) -> Distribution | None:
    if len(schools) < 2:
        return None
    cells = {org: found.now(org) for org in schools}
    values = sorted(
        cell.value for cell in cells.values()
        if cell is not None and cell.kind == PRESENT and cell.value is not None
    )  # fmt: skip
    shown = [org for org in schools if org in seen.readable]
    open_to_all = len(shown) == len(schools) or len(values) >= _LEAST_SCHOOLS
    known: list[Exact] = values if open_to_all else []  # type: ignore[assignment]
    least, q1, median, q3, most = (_quantile(known, Fraction(part, 4)) for part in range(5))
    return Distribution(
        n=len(values),
        without=len(schools) - len(values),
        least=least,
        q1=q1,
        median=median,
        q3=q3,
        most=most,
        bins=tuple(_bins(known)),
        schools=tuple(
            PlaceFigure(seen.place(org), show(cells[org], found.verdicts.get(org)))
            for org in shown
        ),
        beyond=len(schools) - len(shown),
    )  # fmt: skip


def _quantile(ordered: Sequence[Exact], share: Fraction) -> Exact | None:
    """Between neighbours in proportion, the way Excel's QUARTILE.INC does it; exact."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    rest = place - low
    if rest == 0:
        return ordered[low]
    below, above = ordered[low], ordered[low + 1]
    if isinstance(below, float) or isinstance(above, float):
        return float(below) + float(rest) * (float(above) - float(below))
    return below + rest * (above - below)


def _bins(ordered: Sequence[Exact]) -> Iterable[Bin]:
    """Equal steps from the least to the most; one bin when all are alike."""
    if not ordered:
        return
    low, high = ordered[0], ordered[-1]
    if low == high:
        yield Bin(low, high, len(ordered))
        return
    count = min(_BINS, len(ordered))
    step = (high - low) / count if isinstance(high - low, float) else Fraction(high - low) / count
    edges = [low + step * number for number in range(count)] + [high]
    found = [0] * count
    for value in ordered:
        found[min(count - 1, int((value - low) / step))] += 1
    for number, schools in enumerate(found):
        yield Bin(edges[number], edges[number + 1], schools)
