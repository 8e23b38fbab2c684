"""What a warehouse table is: typed columns read from one database table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


class ColumnType(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    BOOLEAN = "boolean"


_DUCKDB = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.MONEY: "DECIMAL(18,2)",
    ColumnType.DATE: "DATE",
    ColumnType.BOOLEAN: "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """`pseudonym` values leave only as keyed pseudonyms; `only_like` limits that to values
    that match a pattern, for columns that name a pupil or something else."""

    name: str
    type: ColumnType = ColumnType.TEXT
    pseudonym: bool = False
    scale: int = 2
    only_like: str = ""
    reads: str = ""  # the database column, where it is called otherwise

    def __post_init__(self) -> None:
        if not all(IDENTIFIER.fullmatch(name) for name in (self.name, self.source)):
            raise ValueError(f"not a column name: {self.name!r} {self.reads!r}")
        if self.pseudonym and self.type is not ColumnType.TEXT:
            raise ValueError(f"{self.name}: only text can be replaced by a pseudonym")

    @property
    def source(self) -> str:
        return self.reads or self.name

    @property
    def duckdb_type(self) -> str:
        return _DUCKDB.get(self.type) or f"DECIMAL(18,{self.scale})"


@dataclass(frozen=True, slots=True)
class Table:
    """`db_table` is where the rows come from; `org` is the column that parts are cut by."""

    name: str
    db_table: str
    columns: tuple[TableColumn, ...]

    def __post_init__(self) -> None:
        if not (IDENTIFIER.fullmatch(self.name) and IDENTIFIER.fullmatch(self.db_table)):
            raise ValueError(f"not a table name: {self.name!r} {self.db_table!r}")
        if len(set(self.names)) != len(self.columns) or "org" not in self.names:
            raise ValueError(f"{self.name}: repeated columns, or none called org")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def types(self) -> dict[str, str]:
        """Column name -> DuckDB type, in order."""
        return {column.name: column.duckdb_type for column in self.columns}

    @property
    def pseudonyms(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.pseudonym)


def quoted(name: str) -> str:
    """A name as SQL writes it; only names that we declare pass."""
    if not IDENTIFIER.fullmatch(name):
        raise ValueError(f"not a name: {name!r}")
    return f'"{name}"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
