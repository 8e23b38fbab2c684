"""Values on demand: the merged rows of the scans are kept, a cell is made when it is asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhuji.indicators.compile import ALL, KEYS
from zhuji.indicators.finish import Absent
from zhuji.indicators.finisher import Finisher, finisher_of
from zhuji.indicators.prepare import Suite
from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import say
from zhuji.kernel.values import Exact, Missing, NotApplicable, Present, Value

Row = tuple[Any, ...]
_NOBODY = NotApplicable(say("这里没有需要计算的单位。"))
_UNREPORTED = Missing(say("没有上报数据。"))
_BLANK = Missing(say("有数据行，但需要的数没有填。"))


@dataclass(slots=True)
class Cell:
    """value = scale x numerator / denominator. `reported` of `expected` units gave their data;
    `n` rows were counted, or schools where something is taken over schools."""

    indicator: str
    org: str
    stage: str
    grp: str
    period: str
    value: Value
    numerator: Exact | None
    denominator: Exact | None
    n: int
    reported: int
    expected: int
    version: str
    snapshot: str
    lacking: int | None = None

    @property
    def is_whole(self) -> bool:
        return self.reported >= self.expected

    def of(self, snapshot: str) -> Cell:
        """The same as it stands in another snapshot."""
        return Cell(
            self.indicator, self.org, self.stage, self.grp, self.period, self.value,
            self.numerator, self.denominator, self.n, self.reported, self.expected,
            self.version, snapshot, self.lacking,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A row of the table `periods`."""

    kind: str
    key: str
    start_on: date
    end_on: date
    census_on: date
    point_on: date


@dataclass(frozen=True)
class Results:
    """What the statements of a suite returned, row by row, in the order of their columns."""

    scans: Mapping[str, Iterable[Row]]
    expectations: Iterable[Row]
    schools: Iterable[Row]
    periods: Sequence[PeriodRow]
    snapshot: str = ""


def unchanged(suite: Suite, now: Results, before: Results) -> frozenset[str]:
    """Indicators whose cells are what they were: the answers they are made of are the very same."""
    shared = (now.expectations is before.expectations, now.schools is before.schools)
    if not all(shared) or now.periods != before.periods:
        return frozenset()
    same: set[str] = set()
    for identifier, each in suite.prepared.items():
        if each.scan is None:
            is_same = same.issuperset(suite.operands[identifier])
        else:
            is_same = now.scans[each.scan] is before.scans[each.scan]
        if is_same:
            same.add(identifier)
    return frozenset(same)


class Cells:
    """Looks a cell up, making it the first time. Not for several threads at once.

    What the cells of an earlier run were made of may have stayed the same: they are taken over.
    """

    def __init__(self, suite: Suite, results: Results, before: Cells | None = None) -> None:
        self.suite, self.results, self.snapshot = suite, results, results.snapshot
        self._same = unchanged(suite, results, before.results) if before else frozenset()
        self._before = before.made if before else {}
        width = len(KEYS)
        self._rows = {
            key: {row[:width]: row for row in rows} for key, rows in results.scans.items()
        }
        self._expected: dict[tuple[Any, ...], int] = {}
        self._alone: set[tuple[Any, ...]] = set()
        for row in results.expectations:
            self._expected[row[:6]] = row[6]
            if row[7]:
                self._alone.add(row[:4])
        self._schools: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for *under, org in results.schools:
            self._schools[tuple(under)].append(org)
        self._periods = {(row.kind, row.key): row for row in results.periods}
        self.made: dict[tuple[str, str, str, str], Cell] = {}
        scans = {scan.key: scan for scan in suite.scans}
        self._finishers = {
            identifier: finisher_of(each, scans, suite.by_column)
            for identifier, each in suite.prepared.items()
        }

    def cell(self, indicator: str, org: str, period: str, grp: str = ALL) -> Cell:
        """`grp` stands instead of the indicator's own `among` when it is given."""
        key = (indicator, org, period, grp)
        made = self.made.get(key)
        if made is None:
            earlier = self._before.get(key) if indicator in self._same else None
            made = earlier.of(self.snapshot) if earlier else self._make(*key)
            self.made[key] = made
        return made

    def has_rows(self, indicator: str, org: str, period: str) -> bool:
        """Whether a single row speaks of the place, whatever the formula makes of it."""
        finisher = self._finishers[indicator]
        if finisher.scan is None:
            return self.cell(indicator, org, period).reported > 0
        return self._row(finisher, period, org, finisher.among) is not None

    def schools(self, kind: str, period: str, ancestor: str, grp: str = ALL) -> Sequence[str]:
        return self._schools.get((kind, period, ancestor, grp), ())

    def has_members(self, kind: str, period: str, org: str, grp: str) -> bool:
        """Whether the organisation, or anything under it, belongs to a group."""
        levels = ("school", "town", "county")
        return any((kind, period, org, grp, level, ALL) in self._expected for level in levels)

    def period_like(self, kind: str, period: str, wanted: str) -> str | None:
        """The period of another kind in which this one's point lies."""
        own = self._periods.get((kind, period))
        if own is None:
            return None
        for row in self._periods.values():
            if row.kind == wanted and row.start_on <= own.point_on < row.end_on:
                return row.key
        return None

    def _make(self, indicator: str, org: str, period: str, grp: str) -> Cell:
        finisher = self._finishers.get(indicator)
        if finisher is None:
            raise NotFound(say("没有名为“{id}”的指标。", id=indicator))
        group = finisher.among if grp == ALL else grp
        if finisher.scan is None:
            return self._computed(finisher, org, period, (grp, group))
        if group not in finisher.groups:
            raise ValueError(f"{indicator} is not computed for the group {group!r}")
        row = self._row(finisher, period, org, group)
        reported, expected = self._coverage(finisher, row, (period, org, group))
        cell = self._cell(finisher, (org, period, grp), reported, expected)
        absence = _absence(finisher, row, reported, expected)
        if absence is not None:
            cell.value = absence
        else:
            _fill(cell, finisher, row if row is not None else finisher.nothing)
        return cell

    def _row(self, finisher: Finisher, period: str, org: str, group: str) -> Row | None:
        """The merged parts; who stands alone has one row for all groups that it belongs to."""
        if group != ALL and (finisher.kind, period, org, group) in self._alone:
            group = ALL
        return self._rows[str(finisher.scan)].get((period, org, group, finisher.stage))

    def _coverage(
        self, finisher: Finisher, row: Row | None, place: tuple[str, str, str]
    ) -> tuple[int, int]:
        """How many units reported in full, of how many."""
        some = row[finisher.some] if row is not None else 0
        full = row[finisher.full] if row is not None else 0
        if finisher.level is None:
            return full, some
        period, org, group = place
        key = (finisher.kind, period, org, group, finisher.level, finisher.units)
        expected = self._expected.get(key, 0)
        if row is not None and finisher.closed is not None:
            expected += row[finisher.closed]
        if finisher.zero:
            return expected - (some - full), expected
        return full, expected

    def _computed(self, finisher: Finisher, org: str, period: str, groups: tuple[str, str]) -> Cell:
        cell = self._cell(finisher, (org, period, groups[0]), 0, 0)
        evaluation = Evaluation(self, finisher, org, period, groups[1])
        try:
            _fill(cell, finisher, evaluation)
        finally:
            cell.reported, cell.expected = evaluation.reported, evaluation.expected
            cell.n = evaluation.n
        return cell

    def _cell(
        self, finisher: Finisher, place: tuple[str, str, str], reported: int, expected: int
    ) -> Cell:
        org, period, grp = place
        return Cell(
            finisher.id, org, finisher.units, grp, period, _NOBODY, None, None,
            0, reported, expected, finisher.version, self.snapshot,
        )  # fmt: skip


class Evaluation:
    """What a formula over indicators reads: other cells of one organisation and period."""

    __slots__ = ("cells", "expected", "finisher", "group", "n", "org", "period", "reported", "seen")

    def __init__(self, cells: Cells, finisher: Finisher, org: str, period: str, group: str) -> None:
        self.cells, self.finisher = cells, finisher
        self.org, self.period, self.group = org, period, group
        self.reported = self.expected = self.n = 0
        self.seen: dict[str, tuple[Any, ...]] = {}

    def read(self, indicator: str) -> Any:
        cell = self.cells.cell(indicator, self.org, self._period_of(indicator), self.group)
        self._note(cell.reported, cell.expected)
        if not isinstance(cell.value, Present):
            raise Absent(cell.value)
        self.n = cell.n
        return cell.value.value

    def spread(self, place: int, part: int) -> Any:
        """A result of the aggregate over schools; computed once however often it is read."""
        dispersion, compute = self.finisher.dispersions[place]
        if dispersion.name not in self.seen:
            below = self.cells.schools(self.finisher.kind, self.period, self.org, self.group)
            schools = (
                Evaluation(self.cells, self.finisher, org, self.period, ALL) for org in below
            )
            found = compute(schools)
            self._note(found.counted, found.counted + found.lacking)
            self.n, self.seen[dispersion.name] = found.counted, found.results
        return self.seen[dispersion.name][part]

    def _note(self, reported: int, expected: int) -> None:
        """The operand with the widest gap speaks for the whole."""
        first = self.expected == 0
        if first or expected - reported > self.expected - self.reported:
            self.reported, self.expected = reported, expected

    def _period_of(self, indicator: str) -> str:
        """An operand of another kind of period: the one that holds this period's point."""
        wanted = self.cells.suite.prepared[indicator].indicator.period
        if wanted == self.finisher.kind:
            return self.period
        found = self.cells.period_like(self.finisher.kind, self.period, wanted)
        if found is None:
            raise Absent(Missing(say("没有与 {period} 对应的时期。", period=self.period)))
        return found


def _absence(finisher: Finisher, row: Row | None, reported: int, expected: int) -> Value | None:
    if row is None and expected == 0 and finisher.level is not None:
        return _NOBODY
    if reported > 0 or (finisher.zero and expected == 0):
        return None
    if finisher.zero and row is None:
        return None
    return _BLANK if row is not None and row[finisher.some] > 0 else _UNREPORTED


def _fill(cell: Cell, finisher: Finisher, row: Any) -> None:
    """Finish the formula; where it has no number, the reason becomes the value."""
    if finisher.counted is not None:
        cell.n = row[finisher.counted] or 0
        cell.lacking = None if finisher.lacking is None else row[finisher.lacking] or 0
    try:
        value, cell.numerator, cell.denominator = finisher.finish(row)
    except Absent as absent:
        cell.value = absent.value
        return
    above: Any = cell.numerator
    if cell.denominator is not None and finisher.scale != 1:
        above = above * finisher.scale
    cell.value = Present(value, above, cell.denominator, cell.n)
