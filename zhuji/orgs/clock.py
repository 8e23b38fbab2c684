"""The clock of the database: deadlines and lock-outs do not trust the clock of one web process."""

from datetime import UTC, datetime

from django.db import connection

_NOW = {
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "SELECT clock_timestamp()",
}


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(_NOW[connection.vendor])
        [value] = cursor.fetchone()
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
