"""What can be measured of a PostgreSQL database, in the caller's transaction."""

import json
import re
from hashlib import sha256
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from zhuji.programme.keeping import audit
from zhuji.programme.keeping.manifest import Facts, Origin, TableFact

Connection = psycopg.Connection[tuple[Any, ...]]

# One spelling for one value, whatever the server's defaults are.
_SPELLING: tuple[LiteralString, ...] = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'iso_8601'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL search_path = ''",
)
_TABLES: LiteralString = """
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
    AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname COLLATE "C"
"""
_KEY: LiteralString = """
    SELECT a.attname FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(number, place),
    pg_attribute a WHERE i.indrelid = ('public.' || quote_ident(%s))::regclass AND i.indisprimary
    AND a.attrelid = i.indrelid AND a.attnum = k.number ORDER BY k.place
"""
# Defaults from the catalogue: the schema of information shows them to the owner only.
_STRUCTURE: LiteralString = """
    SELECT 'column', table_name, column_name,
      concat_ws(' ', data_type, character_maximum_length, numeric_precision, numeric_scale,
                is_nullable, (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE
                  adrelid = ('public.' || quote_ident(table_name))::regclass
                  AND adnum = ordinal_position), identity_generation)
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname,
      pg_get_constraintdef(oid) || ' ' || convalidated::text
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index', tablename, indexname, indexdef
      FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname,
      pg_get_triggerdef(oid) || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'partition', relname, '', pg_get_expr(relpartbound, oid) FROM pg_class
      WHERE relispartition AND relkind = 'r' AND relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'function', proname, pg_get_function_identity_arguments(oid), prosrc
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'policy', tablename, policyname,
      concat_ws(' ', permissive, roles::text, cmd, qual, with_check)
      FROM pg_policies WHERE schemaname = 'public'
"""
# A list of texts is told in other words once its definition went through a dump.
_LISTS = (
    (r"\(ARRAY\[([^\]]*)\]\)::text\[\]", r"ARRAY[\1]"),
    (r"\(('[^']*'::character varying)\)::text", r"\1"),
)


def origin(connection: Connection) -> Origin:
    number = connection.info.server_version
    shown = connection.info.parameter_status("server_version") or str(number)
    return Origin(vendor="postgresql", major=number // 10_000, server=shown)


def tables(connection: Connection) -> list[str]:
    return [row[0] for row in connection.execute(_TABLES)]


def measure(connection: Connection) -> Facts:
    for statement in _SPELLING:
        connection.execute(statement)
    names = tables(connection)
    return Facts(
        tables={name: _table(connection, name) for name in names},
        structure=_structure(connection),
        faults=_unproven(connection),
        orphans=0,  # the server proves each key when it takes the constraint in
        migrations=_migrations(connection) if "django_migrations" in names else (),
        chain=_chain(connection) if audit.TABLE in names else None,
    )


def _table(connection: Connection, name: str) -> TableFact:
    """Sorted by bytes: the order of text differs from one machine's language to another's."""
    table = sql.Identifier("public", name)
    key = [row[0] for row in connection.execute(_KEY, (name,))]
    spelled = [sql.SQL('t.{}::text COLLATE "C"').format(sql.Identifier(one)) for one in key]
    whole = sql.SQL('t::text COLLATE "C"')
    order: sql.Composable = sql.SQL(", ").join(spelled) if spelled else whole
    query = sql.SQL("COPY (SELECT * FROM {} AS t ORDER BY {}) TO STDOUT").format(table, order)
    digest, rows = sha256(), 0
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for part in copy:
            digest.update(part)
            rows += bytes(part).count(b"\n")  # a line break in a value is written \\n
    return TableFact(rows=rows, digest=digest.hexdigest())


def _structure(connection: Connection) -> str:
    rows = sorted(_one_spelling(json.dumps(row)) for row in connection.execute(_STRUCTURE))
    return sha256("\n".join(rows).encode()).hexdigest()


def _one_spelling(text: str) -> str:
    for found, spelled in _LISTS:
        text = re.sub(found, spelled, text)
    return text


def _unproven(connection: Connection) -> tuple[str, ...]:
    query: LiteralString = (
        "SELECT conname FROM pg_constraint WHERE NOT convalidated ORDER BY conname"
    )
    return tuple(row[0] for row in connection.execute(query))


def _migrations(connection: Connection) -> tuple[str, ...]:
    rows = connection.execute("SELECT app, name FROM public.django_migrations")
    return tuple(sorted(f"{app}.{name}" for app, name in rows))


def _chain(connection: Connection) -> Any:
    connection.execute("SET LOCAL search_path = 'public'")
    return audit.chain(lambda query: connection.execute(query.encode()).fetchall())
