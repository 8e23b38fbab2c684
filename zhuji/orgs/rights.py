"""On PostgreSQL, what the application's role may do where another role owns the tables.

It reads and adds to the trail, works with the rest, and changes no structure: neither the trigger
nor the level of rows can be lifted by who serves the requests.
"""

from django.conf import settings
from django.db import connection

from zhuji.orgs import append_only

_MIGRATIONS = "django_migrations"
_OWNS = "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('audit_entry')"
_TABLES = """SELECT relname, relispartition FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"""
# A number that the database gives nobody else may give.
_GIVEN = """SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_identity = 'NO'"""
# Reading everything is what a backup needs, of the months that upkeep will make as well.
_FIRST = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO {role}",
)


def are_apart() -> bool:
    """Whether this process works as the owner, and the application is somebody else."""
    return connection.vendor == "postgresql" and settings.ZHUJI_APPLICATION_ROLE not in (
        "",
        connection.settings_dict["USER"],
    )


def owns_trail() -> bool:
    """Whether who is connected could lift what protects the trail; with a file everybody could."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(_OWNS)
        return any(owns for (owns,) in cursor.fetchall())


def are_confused() -> bool:
    """Whether a server could keep the owner apart, and does not: then who is asked may do all."""
    return connection.vendor == "postgresql" and owns_trail()


def settle() -> None:
    """After each change of structure: the trail protected anew, the application's rights given."""
    append_only.renew()
    if not are_apart():
        return
    role = connection.ops.quote_name(settings.ZHUJI_APPLICATION_ROLE)
    with connection.cursor() as cursor:
        for statement in _FIRST:
            cursor.execute(statement.format(role=role))
        cursor.execute(_TABLES)
        for table, is_part in cursor.fetchall():
            name = connection.ops.quote_name(table)
            cursor.execute(f"REVOKE ALL ON {name} FROM {role}")
            cursor.execute(f"GRANT {_rights(table, is_part=is_part)} ON {name} TO {role}")


def _rights(table: str, *, is_part: bool) -> str:
    """Of a part nothing but reading: what is added goes by way of the whole."""
    if is_part or table == _MIGRATIONS:
        return "SELECT"
    if table not in append_only.TABLES:
        return "SELECT, INSERT, UPDATE, DELETE"
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN, [table])
        [(columns,)] = cursor.fetchall()
    return f"SELECT, INSERT ({columns})"
