"""One indicator or duty over all organisations, as kept: values by period, states by window."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from zhuji.duties.states import State
from zhuji.indicators.cells import Cell, PeriodRow
from zhuji.indicators.noise import Floor
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label, Message
from zhuji.kernel.values import Missing, Number, Present

PRESENT, MISSING, OUTSIDE = "present", "missing", "not_applicable"


@dataclass(frozen=True, slots=True)
class KeptCell:
    """value = scale x numerator / denominator, exactly; a coefficient with a root is a float."""

    kind: str
    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    n: int = 0
    reported: int = 0
    expected: int = 0
    lacking: int | None = None
    reason: Message | None = None


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    light: Light
    target: Number | None = None
    pace: Number | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    value: str
    since: date | None
    until: date | None
    source: str
    verified: bool


@dataclass(frozen=True)
class Declared:
    """What the package says of an indicator."""

    id: str
    label: Label
    clauses: tuple[str, ...]
    unit: str
    decimals: int
    better: str
    levels: tuple[str, ...]
    period: str
    words: Label
    sql: str
    version: str
    source: str
    source_label: Label
    row_unit: str
    among: str
    reference: str
    form: str
    each: str
    comparator: str
    by: date | None
    note: Label | None
    verified: bool
    parts: tuple[str, ...]
    siblings: tuple[tuple[str, Label], ...]
    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True)
class IndicatorHead:
    declared: Declared
    periods: tuple[PeriodRow, ...]  # up to the one that speaks
    county: tuple[KeptCell, ...]
    verdict: KeptVerdict | None
    groups: Mapping[str, KeptCell]
    noise: Floor | None = None

    @property
    def speaks(self) -> PeriodRow | None:
        return self.periods[-1] if self.periods else None


@dataclass(frozen=True)
class KeptIndicator:
    head: IndicatorHead
    cells: Mapping[str, tuple[KeptCell, ...]]  # of those it is about, aligned with the periods
    verdicts: Mapping[str, KeptVerdict]
    schools: tuple[str, ...] = ()  # those that are counted in the period that speaks

    def now(self, org: str) -> KeptCell | None:
        found = self.cells.get(org)
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class KeptWindow:
    """One occurrence; `due` is the last good day."""

    key: str
    opens: date
    due: date
    owed: bool


@dataclass(frozen=True)
class DutyHead:
    id: str
    label: Label
    subject: str
    cadence: Message
    ledger: str
    proof: Label  # which rows prove it, in words
    where: str
    source: str
    note: Label | None
    verified: bool
    windows: tuple[KeptWindow, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """How many subjects of one organisation stand where in one window; `evidence` counts rows."""

    counts: tuple[tuple[State, int], ...]
    evidence: int = 0


@dataclass(frozen=True)
class KeptDuty:
    head: DutyHead
    dots: Mapping[str, Mapping[str, Dot]] = field(default_factory=dict)  # by organisation, window


def cell_of(cell: Cell) -> KeptCell:
    value: Number | None = None
    reason: Message | None = None
    kind = PRESENT
    if isinstance(cell.value, Present):
        value = cell.value.value
    else:
        reason = cell.value.reason
        kind = MISSING if isinstance(cell.value, Missing) else OUTSIDE
    return KeptCell(
        kind, value, cell.numerator, cell.denominator, cell.n, cell.reported, cell.expected,
        cell.lacking, reason,
    )  # fmt: skip
