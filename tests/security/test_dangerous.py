"""No text of anybody is run: no eval, no shell, no pickles, no YAML that makes objects."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"eval", "exec", "__import__"}
MODULES = {"pickle", "marshal", "shelve", "dill", "xml", "lxml"}
CALLS = {"os.system", "os.popen", "subprocess.getoutput", "yaml.unsafe_load", "yaml.full_load"}
# Of the XML modules: nothing is parsed by these.
HARMLESS = {"Element", "ParseError", "escape", "quoteattr"}
SAFE = {"SafeLoader", "CSafeLoader", "BaseLoader"}


def dangers(source: str) -> list[str]:
    return list(_found(ast.parse(source)))


def _found(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.partition(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom):
            taken = {alias.name for alias in node.names} - HARMLESS
            if (node.module or "").partition(".")[0] in MODULES and taken:
                yield str(node.module)
        elif isinstance(node, ast.Call):
            yield from _call(node)


def _call(node: ast.Call) -> Iterator[str]:
    said = ast.unparse(node.func)
    if said in NAMES | CALLS:
        yield said
    for given in node.keywords:
        if given.arg == "shell" and not (
            isinstance(given.value, ast.Constant) and given.value.value is False
        ):
            yield f"{said}(shell=…)"
    if said == "yaml.load" and not any(name in ast.unparse(node) for name in SAFE):
        yield said


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "zhuji").rglob("*.py")),
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_a_module_runs_no_text(path: Path) -> None:
    assert dangers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "eval(text)",
        "import pickle",
        "from xml.etree import ElementTree",
        "os.system(text)",
        "subprocess.run(text, shell=True)",
        "yaml.load(text)",
        "yaml.load(text, Loader=yaml.Loader)",
    ],
)
def test_what_would_run_it_is_noticed(source: str) -> None:
    assert len(dangers(source)) == 1
