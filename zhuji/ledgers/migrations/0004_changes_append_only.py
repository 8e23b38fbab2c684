"""The database refuses to change or delete what the trace of rows holds."""

from django.db import migrations

from zhuji.orgs import append_only


def protect(apps, schema_editor):
    for statement in append_only.protecting(schema_editor.connection.vendor, append_only.CHANGES):
        schema_editor.execute(statement)


def lift(apps, schema_editor):
    for statement in append_only.lifting(schema_editor.connection.vendor, append_only.CHANGES):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0003_seal_what_is_stored")]

    operations = [migrations.RunPython(protect, lift)]
