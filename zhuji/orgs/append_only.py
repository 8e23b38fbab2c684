"""What keeps the audit tables append-only in the database itself, against raw SQL as well."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection

TRAIL = {"audit_entry": "sequence", "audit_view": "sequence", "audit_seal": "number"}
# The trace of ledger rows: what the digests in the trail stand for.
CHANGES = {"ledgers_change": "id"}
TABLES = TRAIL | CHANGES
REFUSAL = "audit records are append-only"

# Replacing a row deletes it without a trigger's notice, so a number that exists is refused too.
_SQLITE = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
    """CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
    BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
)
_SQLITE_LIFT = (
    "DROP TRIGGER {table}_no_update",
    "DROP TRIGGER {table}_no_delete",
    "DROP TRIGGER {table}_no_replace",
)
# Statements reach a table through its parent or through the partition itself; both must refuse.
_EACH_PART = """DO $$ DECLARE part regclass; BEGIN
    FOR part IN SELECT '{table}'::regclass UNION SELECT relid FROM pg_partition_tree('{table}')
    LOOP EXECUTE %s; END LOOP; END $$"""
# The trigger holds for everybody, the owner included; the REVOKE for a role that is not the owner.
# Both may be repeated: a partition that is new is protected by doing it again.
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$""",
    _EACH_PART
    % """'CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON '
    || part || ' FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()'""",
    _EACH_PART
    % """'REVOKE UPDATE, DELETE, TRUNCATE ON ' || part || ' FROM PUBLIC, CURRENT_USER'""",
)
_POSTGRESQL_LIFT = (
    _EACH_PART % "'GRANT UPDATE, DELETE, TRUNCATE ON ' || part || ' TO CURRENT_USER'",
    "DROP FUNCTION {table}_refuse() CASCADE",
)
_PROTECT = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_LIFT = {"sqlite": _SQLITE_LIFT, "postgresql": _POSTGRESQL_LIFT}


def protecting(vendor: str, tables: Mapping[str, str] = TABLES) -> list[str]:
    """Statements that make these tables append-only."""
    return _for_each_table(_PROTECT[vendor], tables)


def lifting(vendor: str, tables: Mapping[str, str] = TABLES) -> list[str]:
    """Their reverse, for migrations and for what is past its term."""
    return _for_each_table(_LIFT[vendor], tables)


@contextmanager
def lifted(*tables: str) -> Iterator[None]:
    """Within the caller's transaction alone; who is not the owner of the tables cannot."""
    mine = {table: TABLES[table] for table in tables}
    _execute(lifting(connection.vendor, mine))
    yield
    _execute(protecting(connection.vendor, mine))


def renew() -> None:
    """Protect what the migrations protect: a restored table has no rights, a new part no trigger.

    Tables that nothing protects yet are left to their migration.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_proc WHERE proname LIKE '%_refuse'")
        known = {name for (name,) in cursor.fetchall()}
    mine = {table: key for table, key in TABLES.items() if f"{table}_refuse" in known}
    _execute(protecting(connection.vendor, mine))


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _for_each_table(statements: tuple[str, ...], tables: Mapping[str, str]) -> list[str]:
    return [
        statement.format(table=table, key=key, refusal=REFUSAL)
        for table, key in tables.items()
        for statement in statements
    ]
