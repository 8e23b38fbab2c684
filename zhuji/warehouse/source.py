"""Rows of the operational database as Arrow streams, all from one moment. Reads only."""
# ruff: noqa: S608 - names are checked by `quoted`, values go through `literal`

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import adbc_driver_manager.dbapi as adbc
import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.warehouse.tables import ColumnType, Table, TableColumn, literal, quoted

# Smaller batches cost calls, larger ones memory; measured flat between 4,096 and 65,536.
_BATCH_ROWS = "8192"
_CASTS = {
    "sqlite": {
        ColumnType.INTEGER: "INTEGER",
        ColumnType.BOOLEAN: "INTEGER",
        ColumnType.DECIMAL: "REAL",
        ColumnType.MONEY: "REAL",
    },
    "postgresql": {
        ColumnType.INTEGER: "BIGINT",
        ColumnType.BOOLEAN: "INTEGER",
    },
}
# Readable as what the column holds, in case the engine converts before it filters.
_SAMPLES = {
    ColumnType.TEXT: "''",
    ColumnType.DATE: "'2000-01-01'",
    ColumnType.DECIMAL: "'0'",
    ColumnType.MONEY: "'0'",
}


@dataclass(frozen=True)
class Reader:
    """One connection in one transaction: every stream shows the same state of the database."""

    connection: adbc.Connection
    kind: str

    @contextmanager
    def stream(self, table: Table, orgs: Collection[str] | None = None) -> Iterator[Any]:
        """Rows as an Arrow stream, after one row of samples that fixes the types.

        SQLite has no column types, and the driver takes the first rows at their word: a column
        that is empty at first would become an integer. The caller leaves out rows without org.
        """
        cursor = self.connection.cursor()
        try:
            if self.kind == "sqlite":
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": _BATCH_ROWS})
            cursor.execute(_select(table, self.kind, orgs))
            yield cursor.fetch_arrow()
        except adbc.Error as error:
            raise Refused(
                say(
                    "读取数据表 {table} 失败，请先执行 zhuji migrate：{reason}",
                    table=table.db_table,
                    reason=str(error),
                )
            ) from error
        finally:
            cursor.close()  # the stream reads from it: it must outlive the use, not more


@contextmanager
def reading(uri: str) -> Iterator[Reader]:
    """Open `postgresql://...` or the path of a SQLite file."""
    kind = "postgresql" if uri.startswith(("postgresql://", "postgres://")) else "sqlite"
    try:
        connection = _connect(kind, uri)
    except adbc.Error as error:
        raise Refused(say("连不上业务数据库：{reason}", reason=str(error))) from error
    with connection:
        if kind == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Reader(connection, kind)
        connection.rollback()


def _connect(kind: str, uri: str) -> adbc.Connection:
    connection: adbc.Connection
    if kind == "postgresql":
        connection = adbc_driver_postgresql.dbapi.connect(uri)
    else:
        connection = adbc_driver_sqlite.dbapi.connect(f"file:{quote(uri)}?mode=ro")
    return connection


def _select(table: Table, kind: str, orgs: Collection[str] | None) -> str:
    samples = ", ".join(
        f"CAST({_SAMPLES.get(c.type, '0')} AS {_cast(c, kind)}) AS {quoted(c.name)}"
        for c in table.columns
    )
    values = ", ".join(f"CAST({quoted(c.source)} AS {_cast(c, kind)})" for c in table.columns)
    rows = f"SELECT {values} FROM {quoted(table.db_table)}"
    if orgs is not None:
        rows += f" WHERE org IN ({', '.join(literal(org) for org in sorted(orgs)) or 'NULL'})"
    return f"SELECT {samples} UNION ALL {rows}"


def _cast(column: TableColumn, kind: str) -> str:
    return _CASTS[kind].get(column.type, "TEXT")
