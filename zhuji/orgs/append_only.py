"""What keeps the audit tables append-only in the database itself, against raw SQL as well."""

from collections.abc import Mapping

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
# The trigger holds for everybody, the owner included; the REVOKE for a role that is not the owner.
_POSTGRESQL = (
    """CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$""",
    """CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
    "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER",
)
_POSTGRESQL_LIFT = (
    "GRANT UPDATE, DELETE, TRUNCATE ON {table} TO CURRENT_USER",
    "DROP TRIGGER {table}_append_only ON {table}",
    "DROP FUNCTION {table}_refuse()",
)
_PROTECT = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_LIFT = {"sqlite": _SQLITE_LIFT, "postgresql": _POSTGRESQL_LIFT}


def protecting(vendor: str, tables: Mapping[str, str] = TABLES) -> list[str]:
    """Statements that make these tables append-only."""
    return _for_each_table(_PROTECT[vendor], tables)


def lifting(vendor: str, tables: Mapping[str, str] = TABLES) -> list[str]:
    """Their reverse; only a migration backwards has a use for it."""
    return _for_each_table(_LIFT[vendor], tables)


def _for_each_table(statements: tuple[str, ...], tables: Mapping[str, str]) -> list[str]:
    return [
        statement.format(table=table, key=key, refusal=REFUSAL)
        for table, key in tables.items()
        for statement in statements
    ]
