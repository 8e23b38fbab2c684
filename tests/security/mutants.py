"""Permission checks removed or turned round, one at a time, in the code that runs."""

import ast
import copy
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

ROOT = Path(__file__).parents[2]
FILES = (
    "zhuji/orgs/scope.py",
    "zhuji/orgs/roles.py",
    "zhuji/ledgers/visibility.py",
    "zhuji/ledgers/entering.py",
    "zhuji/web/doors.py",
    "zhuji/api/doors.py",
)


@dataclass(frozen=True)
class Mutant:
    """`number`: which place of the file, in the order of the tree; `way`: what becomes of it."""

    file: str
    number: int
    way: str
    function: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.function} [{self.way}] {self.text}"


def every() -> Iterator[Mutant]:
    for file in FILES:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        for number, (function, node, is_and) in enumerate(_places(tree)):
            for way in _ways(is_and):
                yield Mutant(file, number, way, function, node.lineno, ast.unparse(node)[:70])


def _ways(is_and: bool | None) -> tuple[str, ...]:
    """A whole condition is turned round and made true; of a part of one, what makes it count."""
    if is_and is None:
        return ("not", "always", "never")
    return ("always",) if is_and else ("never",)


def _places(tree: ast.AST) -> Iterator[tuple[str, ast.expr, bool | None]]:
    """Every condition inside a function: (function, expression, whether a part of `and`/`or`)."""
    for name, function in _functions(tree, ""):
        for node in _own(function):
            for whole in _conditions(node):
                yield name, whole, None
                if isinstance(whole, ast.BoolOp):
                    for part in whole.values:
                        yield name, part, isinstance(whole.op, ast.And)


def _functions(tree: ast.AST, prefix: str) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield prefix + node.name, node
            yield from _functions(node, f"{prefix}{node.name}.<locals>.")
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")
        else:
            yield from _functions(node, prefix)


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """What belongs to this function and not to one inside it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node
            yield from _own(node)


def _conditions(node: ast.AST) -> list[ast.expr]:
    """What a branch, a filter, an answer or a sum of answers hangs on."""
    match node:
        case ast.If() | ast.IfExp():
            return [node.test]
        case ast.comprehension():
            return node.ifs
        case ast.Call(func=ast.Name(id="any" | "all"), args=[ast.GeneratorExp(elt=value)]):
            return [value]
        case ast.Return(value=value) | ast.Assign(value=value) if _is_truth(value):
            return [value] if value is not None else []
        case _:
            return []


def _is_truth(value: ast.expr | None) -> bool:
    match value:
        case ast.BoolOp() | ast.Compare():
            return True
        case ast.Call(func=ast.Name(id="any" | "all" | "bool")):
            return True
        case _:
            return False


class _Turned(ast.NodeTransformer):
    def __init__(self, wanted: ast.expr, way: str) -> None:
        self.wanted, self.way = wanted, way

    def visit(self, node: ast.AST) -> ast.AST:
        if node is not self.wanted:
            return self.generic_visit(node)
        old = copy.deepcopy(self.wanted)
        made: ast.expr
        match self.way:
            case "not":
                made = ast.UnaryOp(ast.Not(), old)
            case "always":
                made = ast.BoolOp(ast.Or(), [old, ast.Constant(True)])
            case _:
                made = ast.BoolOp(ast.And(), [old, ast.Constant(False)])
        return ast.copy_location(made, self.wanted)


def apply(mutant: Mutant) -> int:
    """Put the changed code into every function that lives; how many those were."""
    path = ROOT / mutant.file
    source = path.read_text(encoding="utf-8")
    plain = compile(source, str(path), "exec")
    tree = ast.parse(source)
    [*places] = _places(tree)
    _Turned(places[mutant.number][1], mutant.way).visit(tree)
    changed = compile(ast.fix_missing_locations(tree), str(path), "exec")
    old, new = _codes(plain), _codes(changed)
    return sum(
        _replaced(one, new[mutant.function])
        for one in gc.get_objects()
        if isinstance(one, FunctionType)
        and one.__code__.co_filename == str(path)
        and one.__code__.co_qualname == mutant.function
        and mutant.function in old
    )


def _replaced(function: FunctionType, code: CodeType) -> int:
    function.__code__ = code
    return 1


def _codes(code: CodeType) -> dict[str, CodeType]:
    found = {code.co_qualname: code}
    for one in code.co_consts:
        if isinstance(one, CodeType):
            found |= _codes(one)
    return found
