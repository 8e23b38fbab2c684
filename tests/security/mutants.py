"""Permission checks removed or turned round, one at a time, in the code that runs."""

import ast
import copy
import gc
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

ROOT = Path(__file__).parents[2]
FILES = (
    "zhuji/orgs/scope.py",
    "zhuji/orgs/roles.py",
    "zhuji/ledgers/visibility.py",
    "zhuji/ledgers/entering.py",
    "zhuji/jobs/approvals.py",
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
        tree = _tree(file)
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


Live = Mapping[tuple[str, str], list[FunctionType]]
touched: set[tuple[str, int]] = set()  # the places that were asked since this was last emptied


def live() -> Live:
    """Every function of these files that lives, by file and name."""
    files = {str(ROOT / file): file for file in FILES}
    found: dict[tuple[str, str], list[FunctionType]] = {}
    for one in gc.get_objects():
        # What is lazy must not be woken by asking what it is.
        if type(one) is FunctionType and one.__code__.co_filename in files:
            name = files[one.__code__.co_filename], one.__code__.co_qualname
            found.setdefault(name, []).append(one)
    return found


def apply(mutant: Mutant, functions: Live) -> int:
    """Put the changed code into every function that lives; how many those were."""
    tree = _tree(mutant.file)
    [*places] = _places(tree)
    _Turned(places[mutant.number][1], mutant.way).visit(tree)
    changed = _codes(_compiled(tree, mutant.file))
    found = functions.get((mutant.file, mutant.function), [])
    for one in found:
        one.__code__ = changed[mutant.function]
    return len(found)


def forget() -> None:
    """What was worked out once from a declaration is worked out anew."""
    sys.modules["zhuji.ledgers.visibility"].rows_about.cache_clear()


def listen(functions: Live) -> None:
    """From now on every place that is asked stands in `touched`."""
    for file in FILES:
        tree = _tree(file)
        numbers = {id(node): number for number, (_, node, _) in enumerate(_places(tree))}
        heard = _codes(_compiled(_Heard(file, numbers).visit(tree), file))
        for (of, name), found in functions.items():
            for one in found if of == file else []:
                one.__code__ = heard[name]


class _Heard(ast.NodeTransformer):
    """`condition` becomes `(touched.add(place), condition)[1]`."""

    def __init__(self, file: str, numbers: Mapping[int, int]) -> None:
        self.file, self.numbers = file, numbers

    def visit(self, node: ast.AST) -> ast.AST:
        number = self.numbers.get(id(node))
        made = self.generic_visit(node)
        if number is None:
            return made
        add = ast.parse(
            f"__import__('sys').modules[{__name__!r}].touched.add(({self.file!r}, {number}))"
        ).body[0]
        assert isinstance(add, ast.Expr)
        assert isinstance(made, ast.expr)
        pair = ast.Tuple([add.value, made], ast.Load())
        return ast.copy_location(ast.Subscript(pair, ast.Constant(1), ast.Load()), node)


def _tree(file: str) -> ast.AST:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"))


def _compiled(tree: ast.AST, file: str) -> CodeType:
    made = ast.fix_missing_locations(tree)
    return compile(made, str(ROOT / file), "exec")  # type: ignore[call-overload,no-any-return]


def _codes(code: CodeType) -> dict[str, CodeType]:
    found = {code.co_qualname: code}
    for one in code.co_consts:
        if isinstance(one, CodeType):
            found |= _codes(one)
    return found
