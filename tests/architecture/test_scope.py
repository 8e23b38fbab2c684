"""There is one way to ledger rows: `ledgers.visibility`. This lint refuses every other."""

import ast
from pathlib import Path

import pytest

from tests.architecture.test_house import ROOT, files, name

LEDGERS = ROOT / "zhuji" / "ledgers"
# What reads rows for one reader must ask `visibility`; the rest works on snapshots and counts.
FACES = ("web", "api", "cockpit")
READERS = (*FACES, "tasks", "bulletins", "returns", "care")
ROWS = {"rows_of", "MODELS", "Row", "build"}
UNSCOPED = {
    "zhuji.ledgers.queries": {"rows", "history", "imports"},
    "zhuji.ledgers.storing": None,
    "zhuji.ledgers.writing": {"export"},
    "zhuji.ledgers.undoing": None,
    "zhuji.ledgers.models": None,
    "zhuji.ledgers.bulk": None,
}
BEHIND = {"raw", "cursor", "_base_manager", "_default_manager", "objects", "get_model"}


def imported(tree: ast.AST) -> list[tuple[str, str, int]]:
    """(module, name, line) of every import, wherever it stands."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [(node.module, alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [(alias.name, "", node.lineno) for alias in node.names]
    return found


def used(tree: ast.AST, module: str) -> set[str]:
    """Attributes taken of a module that was imported by its last name, e.g. `queries.rows`."""
    last = module.rpartition(".")[2]
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == last
    }


def detours(source: str, package: str) -> list[str]:
    """Ways round the scope in one module of a package outside the ledgers."""
    tree = ast.parse(source)
    found = []
    for module, what, line in imported(tree):
        if module == "zhuji.ledgers.models" and what in ROWS:
            found.append(f"{line}: {what} of ledger models")
        if package in READERS:
            found += _unscoped(tree, module, what, line)
    if package in FACES:
        found += [
            f"{node.lineno}: .{node.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in BEHIND
        ]
    return found


def _unscoped(tree: ast.AST, module: str, what: str, line: int) -> list[str]:
    names = UNSCOPED.get(module, set())
    if module in UNSCOPED and (names is None or what in names or what == "*"):
        return [f"{line}: {module}.{what}"]
    whole = f"{module}.{what}" if what else module
    if whole not in UNSCOPED:
        return []
    forbidden = UNSCOPED[whole]
    taken = used(tree, whole)
    return [f"{line}: {whole}.{each}" for each in sorted(taken & (forbidden or taken))]


def test_nobody_reaches_ledger_rows_but_through_visibility() -> None:
    found = [
        f"{name(path)}:{detour}"
        for path in files(".py")
        if path.is_relative_to(ROOT / "zhuji") and not path.is_relative_to(LEDGERS)
        for detour in detours(path.read_text("utf-8"), path.relative_to(ROOT / "zhuji").parts[0])
    ]
    assert found == [], "ask zhuji.ledgers.visibility: visible_to, one, show, reveal"


def test_people_and_trail_know_nothing_of_ledgers() -> None:
    """So that no rule of scope can hide in a single ledger."""
    orgs = ROOT / "zhuji" / "orgs"
    found = [
        name(path)
        for path in orgs.rglob("*.py")
        if any(module.startswith("zhuji.ledgers") for module, _, _ in imported(_tree(path)))
    ]
    assert found == []


def _tree(path: Path) -> ast.AST:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("source", "package", "refused"),
    [
        ("from zhuji.ledgers.models import rows_of", "programme", True),
        ("from zhuji.ledgers.models import Import", "programme", False),
        ("from zhuji.ledgers.models import Import", "web", True),
        ("from zhuji.ledgers import queries\nqueries.rows('pupils')", "web", True),
        ("from zhuji.ledgers import queries\nqueries.rows('pupils')", "programme", False),
        ("from zhuji.ledgers import queries\nqueries.counts()", "web", False),
        ("from zhuji.ledgers.queries import history", "web", True),
        ("from zhuji.ledgers import writing\nwriting.export(x)", "web", True),
        ("from zhuji.ledgers import writing\nwriting.template(x)", "web", False),
        ("from zhuji.ledgers import storing\nstoring.existing(x)", "web", True),
        ("def f():\n    from zhuji.ledgers import undoing\n    undoing.undo([])", "web", True),
        ("Pupil.objects.all()", "web", True),
        ("Return.objects.all()", "returns", False),
        ("from zhuji.ledgers.queries import rows", "returns", True),
        ("connection.cursor()", "web", True),
        ("apps.get_model('ledgers', 'Pupils')", "web", True),
        ("from zhuji.ledgers import visibility\nvisibility.visible_to(r, k)", "web", False),
    ],
)
def test_a_detour_is_recognised(source: str, package: str, refused: bool) -> None:
    assert bool(detours(source, package)) == refused
