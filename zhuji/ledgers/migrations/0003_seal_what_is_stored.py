"""Encrypts what stands in the clear: sensitive columns, pupils' numbers, and both in the trace.

All or nothing: it runs in one transaction, so that what was broken off is simply started again.
Millions of rows are read by ranges of the primary key, and only what changes is written.
"""

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache

from django.db import migrations
from django.db.models import Max, Min

from zhuji.ledgers import vault
from zhuji.ledgers.declare import Type
from zhuji.ledgers.fields import opened, stored
from zhuji.ledgers.registry import LEDGERS
from zhuji.ledgers.tracing import _place, plain

AT_ONCE = 10_000
# The same pupil stands in many rows and in the trace of each of them.
NUMBERS_AT_HAND = 200_000
# Sealed numbers fall anywhere into an index, so SQLite keeps more of it at hand: in KiB, 256 MiB.
CACHE = 262_144


def seal(apps, schema_editor):
    _number_of.cache_clear()
    touched = [
        one for one in LEDGERS if vault.number_columns(one.key) or vault.sealed_columns(one.key)
    ]
    with _cached(schema_editor.connection):
        for ledger in touched:
            _rows(schema_editor.connection, ledger)
        _changes(apps, schema_editor, {ledger.key: ledger for ledger in touched})
    _number_of.cache_clear()


@contextmanager
def _cached(connection):
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        [(before,)] = cursor.fetchall()
        cursor.execute(f"PRAGMA cache_size = {-CACHE}")
        yield
        cursor.execute(f"PRAGMA cache_size = {before}")


def _rows(connection, ledger):
    numbers = sorted(vault.number_columns(ledger.key))
    hidden = [column.key for column in vault.sealed_columns(ledger.key)]
    table = connection.ops.quote_name(vault.table_name(ledger))
    key = ledger.natural_key if hidden else ()
    names = list(dict.fromkeys([*key, *numbers, *hidden]))
    quoted = ", ".join(map(connection.ops.quote_name, names))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MIN(id), MAX(id) FROM {table}")
        for after, until in _ranges(*cursor.fetchone()):
            cursor.execute(
                f"SELECT id, {quoted} FROM {table} WHERE id > %s AND id <= %s", [after, until]
            )
            found = ((row[0], dict(zip(names, row[1:], strict=True))) for row in cursor.fetchall())
            made = [(row_id, row, _sealed(ledger, row)) for row_id, row in found]
            changed = [
                (*new.values(), row_id)
                for row_id, row, new in made
                if any(new[name] != row.get(name) for name in new)
            ]
            if changed:
                _write(connection, cursor, table, made[0][2], changed)


def _ranges(first, last):
    """Half-open at the lower end; none where the table is empty."""
    if first is not None:
        for after in range(first - 1, last, AT_ONCE):
            yield after, min(after + AT_ONCE, last)


def _write(connection, cursor, table, names, rows):
    """The same columns of many rows, each row ending in its number."""
    sets = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in names)
    cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", rows)


def _sealed(ledger, row):
    made = {name: _number(ledger, name, row[name]) for name in vault.number_columns(ledger.key)}
    if not vault.sealed_columns(ledger.key):
        return made
    return made | vault.sealed(ledger, {**row, **{name: opened(row[name]) for name in made}})


def _number(ledger, name, value):
    return _number_of(value, ledger.by_key[name].type is not Type.PUPIL)


@lru_cache(maxsize=NUMBERS_AT_HAND)
def _number_of(value, mixed):
    return stored(value, mixed=mixed)


def _changes(apps, schema_editor, ledgers):
    """Keys of most rows change, so their index is made anew instead of entry by entry."""
    Change, Former = apps.get_model("ledgers", "Change"), apps.get_model("ledgers", "Former")
    ends = Change.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return
    [by_key] = [one for one in Change._meta.indexes if one.fields == ["ledger", "row_key"]]
    schema_editor.remove_index(Change, by_key)
    now = datetime.now(UTC)
    for after, until in _ranges(ends["first"], ends["last"]):
        former = {}
        found = Change.objects.filter(pk__gt=after, pk__lte=until).values_list(
            "pk", "ledger", "row_key", "before", "after"
        )
        _trace(schema_editor.connection, Change, ledgers, found, former)
        Former.objects.bulk_create(
            [Former(digest=name, stored=kept, kept_at=now) for name, kept in former.items()],
            ignore_conflicts=True,
        )
    schema_editor.add_index(Change, by_key)


def _trace(connection, Change, ledgers, found, former):
    keys, images = [], []
    for pk, key, row_key, before, after in found.iterator(AT_ONCE):
        ledger = ledgers.get(key)
        if ledger is None:
            continue
        text = _key(ledger, row_key)
        if before or after:
            made = _image(ledger, before, former), _image(ledger, after, None)
            images.append((text, *made, pk))
        elif text != row_key:
            keys.append((text, pk))
    table = connection.ops.quote_name(Change._meta.db_table)
    as_json = Change._meta.get_field("before")
    with connection.cursor() as cursor:
        if keys:
            _write(connection, cursor, table, ["row_key"], keys)
        if images:
            rows = [
                (text, *(as_json.get_db_prep_save(one, connection) for one in made), pk)
                for text, *made, pk in images
            ]
            _write(connection, cursor, table, ["row_key", "before", "after"], rows)


def _key(ledger, text):
    numbers = vault.number_columns(ledger.key)
    if numbers.isdisjoint(ledger.natural_key):
        return text
    values = json.loads(text)
    for place, name in enumerate(ledger.natural_key):
        if name in numbers:
            values[place] = _number(ledger, name, values[place])
    return json.dumps(values, ensure_ascii=False)


def _image(ledger, image, former):
    if not image:
        return image
    made = dict(image)
    for name in vault.number_columns(ledger.key) & made.keys():
        made[name] = _number(ledger, name, made[name])
    for column in vault.sealed_columns(ledger.key):
        value = made.get(column.key)
        if value is None:
            continue
        made[column.key] = str(plain(ledger, column, value))
        if former is not None:
            former[made[column.key]] = vault.ring().encrypt(value, _place(made[column.key]))
    return made


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0002_versions_and_sealed_fields")]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop, elidable=False)]
