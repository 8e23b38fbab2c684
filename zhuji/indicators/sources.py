"""What an indicator may read, told from above: columns, units, and how rows are dated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from zhuji.kernel.messages import Label


class Kind(StrEnum):
    """What operators may be applied; codes and choices are text."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    BOOLEAN = "boolean"

    @property
    def is_number(self) -> bool:
        return self in (Kind.INTEGER, Kind.DECIMAL)


@dataclass(frozen=True, slots=True)
class Field:
    kind: Kind
    unit: str = ""
    required: bool = False
    options: tuple[str, ...] = ()  # of a choice: no other text can occur
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Valid:
    """Holds on the days start <= day < end; an empty end is open."""

    start: str = "valid_from"
    end: str = "valid_to"


@dataclass(frozen=True, slots=True)
class Event:
    """Happened on one day."""

    on: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Holds from its day until the next count of the same key (the key without the day)."""

    on: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtPeriod:
    """A relation with `period_kind` and `period` columns of its own."""


Dating = Valid | Event | Counted | AtPeriod | None


@dataclass(frozen=True)
class Source:
    """A ledger or relation; `level` says whose rows it holds, None where anybody may have some."""

    key: str
    label: Label
    fields: Mapping[str, Field]
    dated: Dating = None
    row_unit: str = "row"
    level: str | None = "school"

    @property
    def has_stage(self) -> bool:
        return "stage" in self.fields


Sources = Mapping[str, Source]

# Days of the period itself, which a formula may name beside the columns of its source.
PERIOD_DAYS = {"period_start": "start_on", "period_end": "end_on", "point_on": "point_on"}
