"""Measures the audit trail: a million entries sealed, exported and verified from both forms."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

ENTRIES = 1_000_000
RUNS = 3
SECONDS_ALLOWED = 60
NOW = datetime(2022, 3, 1, tzinfo=UTC)
FILL = """
INSERT INTO audit_entry (at, actor, verb, kind, key, org, old, new, why, source)
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)
SELECT datetime('2022-03-01', n || ' seconds'), 'clerk', 'row.change', 'staff',
       printf('S%%07d', n), '2199000101', '{"sex": "male"}', '{"sex": "female"}', '更正', 'web'
FROM numbers
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"ZHUJI_HOME": home, "DJANGO_SETTINGS_MODULE": "zhuji.project.settings"}
        os.environ.pop("ZHUJI_DATABASE_URL", None)
        import django

        django.setup()
        status = measure(Path(home))
    sys.exit(status)


def measure(home: Path) -> int:
    from django.core.management import call_command
    from django.db import connection

    from zhuji.orgs import sealing, verify_audit

    call_command("migrate", "orgs", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(FILL, [ENTRIES])
    timed("seal", lambda: sealing.seal_all(now=NOW))
    exported, heads = home / "audit.jsonl", home / "heads.txt"
    sealing.publish(heads)
    timed("export", lambda: sealing.export(exported))
    slowest = 0.0
    for path in (exported, home / "zhuji.sqlite3"):
        command = [sys.executable, "-I", verify_audit.__file__, str(path), str(heads)]
        run = partial(subprocess.run, command, check=True, capture_output=True)
        took = [seconds(run) for _ in range(RUNS)]
        slowest = max(slowest, *took)
        print(f"verify {path.name}: {median(took):.1f} s ({min(took):.1f} to {max(took):.1f})")
    print(f"load average {os.getloadavg()[0]:.1f}, CPU of the verifiers {os.times()[2]:.1f} s")
    return 0 if slowest <= SECONDS_ALLOWED else 1


def timed(what: str, act: Callable[[], object]) -> None:
    print(f"{what} {ENTRIES:,} entries: {seconds(act):.1f} s")


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
