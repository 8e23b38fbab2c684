"""After a run of everything: each test that proves an invariant was there, ran, and passed.

A run without the long proofs (`make check`) is none of everything, and is not held to them.
"""

from functools import cache
from pathlib import Path

import pytest
import yaml

FILE = Path(__file__).resolve().parents[1] / "docs" / "security" / "invariants.yaml"
_passed: set[str] = set()


@cache
def proofs() -> dict[str, tuple[str, ...]]:
    """The tests of each invariant, by its number; none where it says that it is not built."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {number: tuple(one.get("tests", ())) for number, one in told.items()}


def unproved(passed: set[str]) -> list[str]:
    return [
        f"{number}: {test}"
        for number, tests in proofs().items()
        for test in tests
        if test not in passed
    ]


def noted(report: pytest.TestReport) -> None:
    """A parametrised test counts when any of its cases passed; one that failed fails the run."""
    if report.when == "call" and report.passed:
        _passed.add(report.nodeid.partition("[")[0])


def is_whole(config: pytest.Config) -> bool:
    """Everything was asked for, by the process that gathers what the workers say."""
    chosen = config.option.keyword or config.option.markexpr or config.option.collectonly
    asked_for_all = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    again = getattr(config.option, "lf", False) or getattr(config.option, "failedfirst", False)
    return asked_for_all and not chosen and not again and not hasattr(config, "workerinput")


def judge(session: pytest.Session, status: int) -> None:
    """Turns a run that passed, but left something unproved, into one that failed."""
    if status != pytest.ExitCode.OK or not is_whole(session.config):
        return
    missing = unproved(_passed)
    if missing:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line("invariants without proof in this run:", red=True)
            for line in missing:
                reporter.write_line(f"  {line}", red=True)
