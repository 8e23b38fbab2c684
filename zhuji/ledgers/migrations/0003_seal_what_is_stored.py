"""Encrypts what stands in the clear: sensitive columns, pupils' numbers, and both in the trace."""

import json
from datetime import UTC, datetime

from django.db import migrations

from zhuji.ledgers import vault
from zhuji.ledgers.declare import Type
from zhuji.ledgers.fields import opened, stored
from zhuji.ledgers.registry import LEDGERS
from zhuji.ledgers.tracing import _place, plain

AT_ONCE = 1_000


def seal(apps, schema_editor):
    for ledger in LEDGERS:
        if vault.number_columns(ledger.key) or vault.sealed_columns(ledger.key):
            _rows(schema_editor.connection, ledger)
            _changes(apps, ledger)


def _rows(connection, ledger):
    numbers = sorted(vault.number_columns(ledger.key))
    hidden = [column.key for column in vault.sealed_columns(ledger.key)]
    table = connection.ops.quote_name(vault.table_name(ledger))
    names = list(dict.fromkeys([*ledger.natural_key, *numbers, *hidden]))
    quoted = ", ".join(map(connection.ops.quote_name, names))
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                f"SELECT id, {quoted} FROM {table} WHERE id > %s ORDER BY id LIMIT {AT_ONCE}", [last]
            )
            found = cursor.fetchall()
            if not found:
                return
            last = found[-1][0]
            made = [(row[0], _sealed(ledger, dict(zip(names, row[1:], strict=True)))) for row in found]
            columns = list(made[0][1])
            sets = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in columns)
            cursor.executemany(
                f"UPDATE {table} SET {sets} WHERE id = %s",
                [(*(values[name] for name in columns), row_id) for row_id, values in made],
            )


def _sealed(ledger, row):
    made = {name: _number(ledger, name, row[name]) for name in vault.number_columns(ledger.key)}
    return made | vault.sealed(ledger, {**row, **{name: opened(row[name]) for name in made}})


def _number(ledger, name, value):
    return stored(value, mixed=ledger.by_key[name].type is not Type.PUPIL)


def _changes(apps, ledger):
    Change, Former = apps.get_model("ledgers", "Change"), apps.get_model("ledgers", "Former")
    former, now = {}, datetime.now(UTC)
    batch = []
    for change in Change.objects.filter(ledger=ledger.key).order_by("pk").iterator(AT_ONCE):
        change.row_key = _key(ledger, change.row_key)
        change.before = _image(ledger, change.before, former)
        change.after = _image(ledger, change.after, None)
        batch.append(change)
        if len(batch) == AT_ONCE:
            Change.objects.bulk_update(batch, ["row_key", "before", "after"])
            batch = []
    Change.objects.bulk_update(batch, ["row_key", "before", "after"], batch_size=AT_ONCE)
    Former.objects.bulk_create(
        [Former(digest=name, stored=kept, kept_at=now) for name, kept in former.items()],
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )


def _key(ledger, text):
    numbers = vault.number_columns(ledger.key)
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
