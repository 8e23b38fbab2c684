"""Removes or turns round each permission check and tells how many of these the tests notice.

    make mutants        (or: python tests/security/mutate.py [part of a file's name])

The tests are loaded and the world is built once; each mutant is tried in a process forked from
there, so nothing of it is left. On SQLite only: a server's connection cannot be forked.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.security import mutants

# The quickest to notice first; the world of the matrix is built before the first fork.
TESTS = (
    "tests/security/test_matrix.py",
    "tests/security/test_fields.py",
    "tests/security/test_changes.py",
    "tests/orgs/test_who_sees_which_rows.py",
    "tests/orgs/test_how_clearly.py",
    "tests/orgs/test_no_row_outside_scope.py",
    "tests/orgs/test_posts.py",
    "tests/ledgers/test_listing.py",
    "tests/ledgers/test_saving.py",
)
# Of the matrix only routes that stand for a kind of their own: doors, rows, writing, the API.
ROUTES = (
    "ledger-row", "ledger-edit", "ledger-reveal", "ledger", "account", "people", "factors",
    "child", "job", "api/ledgers/{key}/rows/{int:row}",
)  # fmt: skip
SHARE = 0.95
SECONDS = 300


class Runner:
    """Takes the place of pytest's loop over the tests."""

    def __init__(self, part: str) -> None:
        self.part, self.failed = part, False
        self.survivors: list[mutants.Mutant] = []
        self.tried = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = list(_wanted(session.items))
        _run(items[0], items[1])  # the database and the world are there from now on
        if self.failed:
            pytest.exit("the tests fail without a mutant", returncode=2)
        for mutant in mutants.every():
            if self.part in mutant.file:
                self._try(mutant, items)
        return True

    def _try(self, mutant: mutants.Mutant, items: list[pytest.Item]) -> None:
        self.tried += 1
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            os._exit(self._noticed(mutant, items))
        _, status = os.waitpid(child, 0)
        is_noticed = status != 0
        if not is_noticed:
            self.survivors.append(mutant)
        word = "noticed " if is_noticed else "SURVIVED"
        print(f"{word} {time.monotonic() - began:5.1f} s {mutant}", flush=True)  # noqa: T201

    def _noticed(self, mutant: mutants.Mutant, items: list[pytest.Item]) -> int:
        """In the child: 0 when every test passes all the same."""
        signal_after(SECONDS)
        if not mutants.apply(mutant):
            return 0
        for item, following in zip(items, [*items[1:], None], strict=True):
            _run(item, following)
            if self.failed:
                return 1
        return 0


def signal_after(seconds: int) -> None:
    """A mutant that never ends is noticed as well: the signal ends the child."""
    import signal

    signal.alarm(seconds)


def _wanted(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    for item in items:
        is_matrix = "test_matrix" in item.nodeid
        if not is_matrix or any(item.nodeid.endswith(f"[{route}]") for route in ROUTES):
            yield item


def _run(item: pytest.Item, following: pytest.Item | None) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def main(part: str = "") -> int:
    runner = Runner(part)
    code = pytest.main(
        ["-q", "-x", "-p", "no:cacheprovider", "--show-capture=no", *TESTS], [runner]
    )
    if code not in (0, 1) or not runner.tried:
        return int(code) or 2
    share = 1 - len(runner.survivors) / runner.tried
    for mutant in runner.survivors:
        print(f"survived: {mutant}")  # noqa: T201
    print(f"{runner.tried} mutants, {share:.1%} noticed")  # noqa: T201
    return 0 if share >= SHARE else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
