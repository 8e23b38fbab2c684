"""The database refuses to change or delete what the audit trail holds."""

from django.db import migrations

from zhuji.orgs import append_only


def protect(apps, schema_editor):
    for statement in append_only.protecting(schema_editor.connection.vendor, append_only.TRAIL):
        schema_editor.execute(statement)


def lift(apps, schema_editor):
    for statement in append_only.lifting(schema_editor.connection.vendor, append_only.TRAIL):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_people_and_audit")]

    operations = [migrations.RunPython(protect, lift)]
