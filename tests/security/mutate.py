"""Removes or turns round each permission check and tells how many of these the tests notice.

    python tests/security/mutate.py [part of a file's name [how many]]

With a number, that many are drawn from all of them by a seed (`--seed`). `--only` keeps of these
those in whose line such words stand (`--only "_veiled [not]"`); `--tests` asks these files alone.

Once every test is run to hear which checks it asks. Then each mutant is tried in a process forked
from here, so nothing of it is left, by those tests alone that ask the check it changes. On SQLite
only: a server's connection cannot be forked.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.security import mutants
from tests.security.mutants import Mutant

TESTS = (
    "tests/orgs/test_who_sees_which_rows.py",
    "tests/orgs/test_how_clearly.py",
    "tests/orgs/test_no_row_outside_scope.py",
    "tests/orgs/test_posts.py",
    "tests/ledgers/test_listing.py",
    "tests/ledgers/test_saving.py",
    "tests/ledgers/test_desk.py",
    "tests/jobs/test_approvals.py",
    "tests/api/test_ledgers.py",
    "tests/web/ledgers/test_stories.py",
    "tests/web/sign_in/test_second_factor.py",
    "tests/web/sign_in/test_first_password.py",
    "tests/web/sign_in/test_children.py",
    "tests/cockpit/test_search.py",
    "tests/security/test_matrix.py",
    "tests/security/test_fields.py",
    "tests/security/test_changes.py",
    "tests/security/test_refusals.py",
    "tests/security/test_checks.py",
)
FIRST = "tests/security/test_checks.py"  # asks the checks themselves, and takes no time
# Of the matrix only routes that stand for a kind of their own: doors, rows, writing, the API.
ROUTES = (
    "ledger-row", "ledger-edit", "ledger-reveal", "ledger", "account", "people", "factors",
    "child", "job", "api/ledgers/{key}/rows/{int:row}",
)  # fmt: skip
OPTIONS = ("-o", "addopts=--import-mode=importlib", "-p", "no:cacheprovider", "-q")
SHARE = 0.95
SEED = 2025
SECONDS = 300  # a mutant that never ends is noticed as well
ENOUGH = 6.0  # seconds of tests for one mutant, as they took without it

Heard = dict[str, tuple[float, set[tuple[str, int]]]]  # test -> seconds, places that it asked


@dataclass(frozen=True)
class Wish:
    """Which mutants, and by which tests."""

    part: str = ""
    most: int = 0
    seed: int = SEED
    only: tuple[str, ...] = ()
    tests: tuple[str, ...] = TESTS

    def mutants(self) -> list[Mutant]:
        """So many of them, the same ones each time; 0 is all."""
        found = [one for one in mutants.every() if self.part in one.file]
        if 0 < self.most < len(found):
            found = random.Random(self.seed).sample(found, self.most)  # noqa: S311
        return [one for one in found if not self.only or any(w in str(one) for w in self.only)]


class Runner:
    """Takes the place of pytest's loop over the tests."""

    def __init__(self, wish: Wish) -> None:
        self.wish, self.failed = wish, False
        self.survivors: list[Mutant] = []
        self.tried: list[Mutant] = []
        self.functions: mutants.Live = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        session.config.pluginmanager.unregister(name="terminalreporter")
        items = list(_wanted(session.items))
        plain = [item for item in items if not _has_world(item)]
        worldly = [item for item in items if _has_world(item)]
        self._stand(next(filter(_has_database, plain)), plain[-1])
        self.functions = mutants.live()
        self.tried = self.wish.mutants()
        heard = self._hear(items)
        self.survivors = self._all(self.tried, plain, heard, _mixed)
        if worldly and self.survivors:
            self._stand(worldly[0], worldly[1])  # the world is there from now on
            self.survivors = self._all(self.survivors, worldly, heard, _by_module)
        return True

    def _stand(self, first: pytest.Item, following: pytest.Item) -> None:
        """What the tests stand on, made before the first fork: the database, the world."""
        first.config.hook.pytest_runtest_protocol(item=first, nextitem=following)
        if self.failed:
            pytest.exit(f"{first.nodeid} fails without a mutant", returncode=2)

    def _hear(self, items: Sequence[pytest.Item]) -> Heard:
        """Each test once, in a process of its own: how long it takes, and what it asks."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "heard.json"
            _forked(lambda: file.write_text(json.dumps(self._listened(items))) and 0, 3600)
            told = json.loads(file.read_text())
        if told["failed"]:
            pytest.exit(f"these fail without a mutant: {told['failed']}", returncode=2)
        return {
            name: (seconds, {(file, number) for file, number in asked})
            for name, (seconds, asked) in told["heard"].items()
        }

    def _listened(self, items: Sequence[pytest.Item]) -> dict[str, object]:
        mutants.listen(self.functions)
        heard, failed = {}, []
        _leave(items[0])
        for item, following in pairwise([*items, None]):
            assert item is not None
            mutants.touched.clear()
            mutants.forget()
            began, self.failed = time.monotonic(), False
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            heard[item.nodeid] = (time.monotonic() - began, sorted(mutants.touched))
            if self.failed:
                failed.append(item.nodeid)
        return {"heard": heard, "failed": failed}

    def _all(
        self,
        tried: Iterable[Mutant],
        items: Sequence[pytest.Item],
        heard: Heard,
        order: Callable[[Sequence[pytest.Item], Heard], list[pytest.Item]],
    ) -> list[Mutant]:
        """Those that live through these tests."""
        left = []
        for mutant in tried:
            asking = [i for i in items if (mutant.file, mutant.number) in heard[i.nodeid][1]]
            chosen = list(_enough(order(asking, heard), heard))
            began = time.monotonic()
            lives = not chosen or _forked(lambda: self._noticed(mutant, chosen), SECONDS) == 0  # noqa: B023
            if lives:
                left.append(mutant)
            word = f"lives through {len(chosen)} of {len(asking)}:" if lives else "noticed"
            print(f"{time.monotonic() - began:5.1f} s {word} {mutant}", flush=True)  # noqa: T201
        return left

    def _noticed(self, mutant: Mutant, items: Sequence[pytest.Item]) -> int:
        """In the child: 0 when every test passes all the same."""
        if not mutants.apply(mutant, self.functions):
            return 0
        mutants.forget()
        _leave(items[0])
        for item, following in pairwise([*items, None]):
            assert item is not None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return 1
        return 0


def _forked(do: Callable[[], int], seconds: int) -> int:
    """The status of a process that did this and ended."""
    child = os.fork()
    if child == 0:
        signal.alarm(seconds)
        code = 1
        try:
            code = do()
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def _leave(following: pytest.Item) -> None:
    """What was made for the last test and is of no use to this one is taken down."""
    following.session._setupstate.teardown_exact(following)


def _names(item: pytest.Item) -> Sequence[str]:
    return getattr(item, "fixturenames", ())


def _has_world(item: pytest.Item) -> bool:
    return "world" in _names(item) and "tests/security/" in item.nodeid


def _has_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or "db" in _names(item)


def _wanted(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    for item in items:
        is_matrix = "test_matrix" in item.nodeid
        if not is_matrix or any(item.nodeid.endswith(f"[{route}]") for route in ROUTES):
            yield item


def _mixed(items: Sequence[pytest.Item], heard: Heard) -> list[pytest.Item]:
    """The direct ones. Then the quickest of each module, the second of each: many ways to notice
    come early."""
    ranks: dict[str, int] = {}
    placed: list[tuple[int, float, int, pytest.Item]] = []
    for item in sorted(items, key=lambda item: heard[item.nodeid][0]):
        module = item.nodeid.partition("::")[0]
        ranks[module] = 0 if module == FIRST else ranks.get(module, 0) + 1
        placed.append((ranks[module], heard[item.nodeid][0], len(placed), item))
    return [item for *_, item in sorted(placed, key=lambda one: one[:3])]


def _by_module(items: Sequence[pytest.Item], heard: Heard) -> list[pytest.Item]:
    """In the order of the files, for each builds its world; the quickest of a file first."""
    order = {name: at for at, name in enumerate(TESTS)}
    return sorted(
        items, key=lambda item: (order[item.nodeid.partition("::")[0]], heard[item.nodeid][0])
    )


def _enough(items: Sequence[pytest.Item], heard: Heard) -> Iterator[pytest.Item]:
    spent = 0.0
    for item in items:
        spent += heard[item.nodeid][0]
        yield item
        if spent > ENOUGH:
            return


def main(wish: Wish) -> int:
    runner = Runner(wish)
    tests = [test for test in wish.tests if (mutants.ROOT / test).exists()]
    code = pytest.main([*OPTIONS, *tests], [runner])
    if code not in (0, 1, 5) or not runner.tried:
        return int(code) or 2
    tried, noticed = len(runner.tried), len(runner.tried) - len(runner.survivors)
    for mutant in runner.survivors:
        print(f"survived: {mutant}")  # noqa: T201
    print(f"{noticed} of {tried} mutants noticed, {noticed / tried:.1%}")  # noqa: T201
    return 0 if noticed / tried >= SHARE else 1


def _wished() -> Wish:
    asked = argparse.ArgumentParser(description="Permission checks removed or turned round.")
    asked.add_argument("part", nargs="?", default="")
    asked.add_argument("most", nargs="?", type=int, default=0)
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--only", nargs="+", default=())
    asked.add_argument("--tests", nargs="+", default=TESTS)
    given = asked.parse_args()
    return Wish(given.part, given.most, given.seed, tuple(given.only), tuple(given.tests))


if __name__ == "__main__":
    sys.exit(main(_wished()))
