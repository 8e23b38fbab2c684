"""Each invariant of the design names its tests, and these exist; a full run sees that they ran."""

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import ran

ROOT = Path(__file__).resolve().parents[2]
TOLD: dict[str, Any] = yaml.safe_load(ran.FILE.read_text(encoding="utf-8"))
NAMED = [(number, test) for number, tests in ran.proofs().items() for test in tests]


def test_all_ten_are_there_each_proved_or_said_to_be_unbuilt() -> None:
    assert list(TOLD) == [str(number) for number in range(1, 11)]
    for one in TOLD.values():
        assert one["says"]
        assert bool(one.get("tests")) is not bool(one.get("unbuilt"))


@pytest.mark.parametrize(("number", "test"), NAMED)
def test_a_test_that_an_invariant_names_exists(number: str, test: str) -> None:
    path, _, name = test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert name in functions, number


def test_a_run_that_left_one_out_is_told_which() -> None:
    everything = {test for _, test in NAMED}
    assert ran.unproved(everything) == []
    number, left_out = NAMED[0]
    assert ran.unproved(everything - {left_out}) == [f"{number}: {left_out}"]


def test_what_is_unbuilt_today_is_no_package_yet() -> None:
    """Once it is built, its proof is due."""
    assert bool(TOLD["5"].get("unbuilt")) is not (ROOT / "zhuji" / "ballots").exists()
    assert bool(TOLD["7"].get("unbuilt")) is not (ROOT / "zhuji" / "analysis").exists()


def test_a_run_without_the_proofs_is_not_held_to_them(pytestconfig: pytest.Config) -> None:
    """And neither the gate nor `make test` leaves any out."""
    left_out, worker = pytestconfig.option.markexpr, getattr(pytestconfig, "workerinput", None)
    try:
        pytestconfig.option.markexpr = "not proof"
        assert not ran.is_whole(pytestconfig)
    finally:
        pytestconfig.option.markexpr = left_out
    assert worker is None or not ran.is_whole(pytestconfig)
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ntest: ")[2]
    assert "-m " not in recipe.partition("\n\n")[0]
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert {"make lint", 'make test 2>&1 | tee "$log"'} <= set(gate)
