"""Faults in their long form: 200 kills, every statement, 5,000 writes, 20 drills in a row.

Takes about an hour on two cores. Prints what was tried and what held; fails if anything did not.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = (
    "tests/faults",
    "tests/jobs/test_workers_that_die.py",
    "tests/keeping/test_drill.py",
)


def main(tests: tuple[str, ...] = TESTS) -> int:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.jsonl"
        report.touch()
        env = {**os.environ, "ZHUJI_LONG": "1", "ZHUJI_REPORT": str(report)}
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *tests]
        status = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode  # noqa: S603
        for line in report.read_text(encoding="utf-8").splitlines():
            print(_plain(json.loads(line)))
    return status


def _plain(told: dict[str, object]) -> str:
    what = told.pop("what")
    return f"{what}: " + ", ".join(f"{name} {value}" for name, value in told.items())


if __name__ == "__main__":
    sys.exit(main())
