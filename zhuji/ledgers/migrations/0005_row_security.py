"""On PostgreSQL, the database itself keeps rows about minors from who has no organisation of theirs."""

from django.db import migrations

from zhuji.orgs import row_security

TABLES = (
    "ledger_pupils",
    "ledger_enrolments",
    "ledger_special_pupils",
    "ledger_absences",
    "ledger_dropout_cases",
    "ledger_aid",
    "ledger_home_visits",
    "ledger_marks",
    "ledger_fitness",
    "ledger_skills",
    "ledger_waivers",
)


def protect(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in row_security.protecting(TABLES):
            schema_editor.execute(statement)


def lift(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in row_security.lifting(TABLES):
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0004_changes_append_only")]

    operations = [migrations.RunPython(protect, lift)]
