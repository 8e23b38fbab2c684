"""House rules that no linter knows."""

import ast
import os
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

import zhuji

ROOT = Path(__file__).resolve().parents[2]
MADE = {".git", ".venv", "var", "build", "dist", "node_modules", "__pycache__", ".hypothesis"}
FACES = ("web", "api", "cli")
PURE = ("kernel", "plan", "duties", "indicators", "analysis")
LONGEST = 400
STORING = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create"}


@cache
def everything() -> tuple[Path, ...]:
    """What belongs to the project; what tools make is not even walked through."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(f for f in folders if f not in MADE and not f.endswith("_cache"))
        found += [Path(folder, each) for each in sorted(names)]
    return tuple(found)


def files(*suffixes: str) -> list[Path]:
    return [path for path in everything() if not suffixes or path.suffix in suffixes]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def packages() -> set[str]:
    return {path.parent.name for path in (ROOT / "zhuji").glob("*/__init__.py")}


def contract(key: str) -> dict[str, list[str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return next(c for c in settings["tool"]["importlinter"]["contracts"] if c["id"] == key)


def test_no_module_is_longer_than_one_can_hold_in_mind() -> None:
    long = {
        name(path): lines
        for path in files(".py")
        if "migrations" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_every_module_opens_with_a_sentence() -> None:
    silent = [
        name(path)
        for path in files(".py")
        if "migrations" not in path.parts
        and (text := path.read_text(encoding="utf-8")).strip()
        and ast.get_docstring(ast.parse(text)) is None
    ]
    assert silent == []


def test_migrations_are_named_by_what_they_do() -> None:
    nameless = [
        name(path)
        for path in files(".py")
        if path.parent.name == "migrations"
        and path.name != "__init__.py"
        and (not re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", path.name) or "_auto_" in path.name)
    ]
    assert nameless == []


def writes(path: Path) -> list[str]:
    """Calls that store rows. Those of a query take no argument by place: a dict's `update` and a
    router's `delete` do. `actions.save` is an action."""
    return [
        f"{path.name}:{call.lineno}: .{call.func.attr}("
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in STORING
        and not (call.func.attr in ("update", "delete") and call.args)
        and not (isinstance(call.func.value, ast.Name) and call.func.value.id == "actions")
    ]


def test_faces_never_write_rows_themselves() -> None:
    faces = [ROOT / "zhuji" / face for face in FACES]
    found = [
        call
        for path in files(".py")
        if any(path.is_relative_to(face) for face in faces)
        for call in writes(path)
    ]
    assert found == [], "a face calls an action; the action writes and leaves the trace"


def test_a_write_is_told_from_a_change_in_memory(tmp_path: Path) -> None:
    view = tmp_path / "view.py"
    view.write_text(
        "bar.update(task, total=2)\nrows.update(open=False)\nrow.save()\n"
        "router.delete('/x')\nactions.save(1)\n",
        "utf-8",
    )
    assert writes(view) == ["view.py:2: .update(", "view.py:3: .save("]


def test_every_package_has_its_place_in_the_layers() -> None:
    listed = re.findall(r"\w+", " ".join(contract("layers")["layers"]))
    assert packages() - set(listed) == set(), "decide its layer: docs/decisions/, pyproject.toml"


@pytest.mark.parametrize(
    ("key", "layers"), [("pure", PURE), ("doors", FACES)], ids=["pure", "doors"]
)
def test_a_contract_covers_every_package_it_speaks_of(key: str, layers: tuple[str, ...]) -> None:
    written = {f"zhuji.{layer}" for layer in layers if layer in packages()}
    assert written - set(contract(key)["source_modules"]) == set(), (
        f"add it to source_modules of the contract “{key}” in pyproject.toml"
    )


def test_lock_files_hold_hashes_and_no_addresses() -> None:
    locks = sorted(ROOT.glob("requirements*.lock"))
    assert [path.name for path in locks] == [
        "requirements-dev.lock",
        "requirements-uv.lock",
        "requirements.lock",
    ]
    for path in locks:
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        pins = re.findall(r"^[a-z0-9][^\s=]*==", text, flags=re.MULTILINE)
        assert text.count(" \\\n    --hash=sha256:") >= len(pins) > 0


def test_no_file_names_a_machine_or_a_registry() -> None:
    tell = re.compile(
        "|".join(
            [
                r"(?<![\w./])/(?:work|root|home/\w+)/",
                r"(?<![\w./])/tmp/\w+",
                r"py" + r"pi\.org|python" + r"hosted|npm" + r"js\.org",
            ]
        )
    )
    found = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a workbook
        found += [f"{name(path)}: {match.group()}" for match in tell.finditer(text)]
    assert found == []


def test_the_version_is_the_newest_in_the_change_log() -> None:
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\d+\.\d+\.\d+)", log, flags=re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == zhuji.__version__
