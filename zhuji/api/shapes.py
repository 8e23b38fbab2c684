"""What the API answers, as OpenAPI describes it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from ninja import Schema

from zhuji.kernel.messages import Label

Scalar = str | int | float | Decimal | bool | None
Cell = Scalar | date


class Text(Schema):
    """A name in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, label: Label) -> Self:
        return cls(zh=label.zh, en=label.en)


class ColumnShape(Schema):
    """One column as this reader sees it. `sight`: clear, masked; what is absent is not listed."""

    key: str
    label: Text
    type: str
    unit: str
    required: bool
    options: dict[str, Text]
    sight: str
    writable: bool


class LedgerShape(Schema):
    key: str
    label: Text
    about: Text
    natural_key: list[str]
    columns: list[ColumnShape]


class LedgerName(Schema):
    key: str
    label: Text


class RowShape(Schema):
    """A row of a ledger; `version` is what `If-Match` must carry to change it."""

    id: int
    version: int
    values: dict[str, Cell]


class RowsShape(Schema):
    count: int
    offset: int
    rows: list[RowShape]


class Values(Schema):
    """What to write, by column; raw texts are read as in a workbook. `overwrite`: masked columns
    that are meant to be replaced."""

    values: dict[str, Scalar]
    overwrite: list[str] = []
    why: str = ""


class SavedShape(Schema):
    """`merged`: columns that somebody else had changed meanwhile and that were kept."""

    id: int
    version: int
    created: bool
    unchanged: bool
    merged: list[str]


class FieldShape(Schema):
    column: str
    old: Cell
    new: Cell


class StepShape(Schema):
    """One change in the life of a row."""

    kind: str
    actor: str
    at: datetime
    why: str
    fields: list[FieldShape]


class JudgementShape(Schema):
    """docs/reference/judgement.md describes the items."""

    plan: str
    version: str
    on: date
    org: str
    snapshot: str
    invented: bool
    items: list[dict[str, Any]]


class FigureShape(Schema):
    """A number; `exact`, `numerator` and `denominator` as text, so that nothing is rounded.

    `state`: present, missing, not_applicable, or hidden because it is of too few persons.
    """

    state: str
    light: str | None
    value: float | None
    exact: str | None
    numerator: str | None
    denominator: str | None
    n: int | None
    reported: int
    expected: int
    reason: str | None


class GoalShape(Schema):
    """`pace`: where the value should stand on the day."""

    label: Text
    comparator: str
    target: str | None
    pace: str | None
    by: date | None


class PointShape(Schema):
    period: str
    on: date
    figure: FigureShape


class ClauseShape(Schema):
    id: str
    clause: str
    label: Text


class ThresholdShape(Schema):
    value: str
    since: date | None
    until: date | None
    source: str
    verified: bool


class IndicatorShape(Schema):
    """One indicator of an organisation, explained; `clauses` from the root of the plan down."""

    plan: str
    version: str
    on: date
    org: str
    snapshot: str
    id: str
    label: Text
    unit: str
    figure: FigureShape
    goal: GoalShape | None
    trend: list[PointShape]
    words: Text
    sql: str
    source: str
    formula_version: str
    verified: bool
    parts: list[str]
    clauses: list[ClauseShape]
    thresholds: list[ThresholdShape]


class JobShape(Schema):
    """`state`: held (until somebody else approves), waiting, running, done, failed, cancelled.

    `password` opens the result where it is locked.
    """

    number: int
    kind: str
    title: str
    state: str
    done: int
    total: int
    seconds_left: float | None
    lines: list[str]
    failure: str | None
    has_result: bool
    password: str


class ExportOrder(Schema):
    """`query` is the address part of the list: filters, sort, columns. `why` must be said of many
    children's rows: the job is held until another person approves."""

    ledger: str
    query: str = ""
    why: str = ""
