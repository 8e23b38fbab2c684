"""What no line of the program may do: load what can run, put text into SQL, fetch what is named."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = sorted((ROOT / "zhuji").rglob("*.py"))
# Calls that make code or objects of data (ruff S301, S307, S506 and their like).
LOADERS = {
    "eval", "exec", "compile", "pickle.load", "pickle.loads", "marshal.load", "marshal.loads",
    "yaml.load", "yaml.unsafe_load", "yaml.full_load", "shelve.open",
}  # fmt: skip
# Whoever sends a request; each stands here with why no user can say whither.
SENDERS = {
    "zhuji/orgs/oidc.py": "to the issuer that the settings name, over HTTPS",
}
FETCHING = ("urllib.request", "requests", "httpx", "http.client", "aiohttp", "ftplib", "smtplib",
            "socket", "telnetlib", "urllib3")  # fmt: skip
# These listen, name the machine or ask whether a port is free; they send nothing.
LISTENING = {"zhuji/cli/serving.py", "zhuji/jobs/pulse.py"}
# SQL put together from the program's own names. Each file says so in a `noqa` of its own.
RAW = ("raw", "extra", "RawSQL")


def name_of(call: ast.expr) -> str:
    match call:
        case ast.Name():
            return call.id
        case ast.Attribute():
            return f"{name_of(call.value)}.{call.attr}"
        case _:
            return ""


def calls(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node.lineno, name_of(node.func)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_nothing_that_can_run_is_loaded_from_data() -> None:
    found = [
        f"{place(p)}:{line} {name}" for p in PROGRAM for line, name in calls(p) if name in LOADERS
    ]
    assert found == []


def test_no_query_is_written_by_hand_through_the_models() -> None:
    found = [
        f"{place(path)}:{line} {name}"
        for path in PROGRAM
        if "migrations" not in path.parts
        for line, name in calls(path)
        if name.rpartition(".")[2] in RAW and ("objects" in name or name in RAW)
    ]
    assert found == []


def test_only_whom_the_settings_name_is_ever_asked_over_the_network() -> None:
    senders = {
        place(path)
        for path in PROGRAM
        if any(
            one == kind or one.startswith(f"{kind}.") for one in imports(path) for kind in FETCHING
        )
    }
    assert senders - LISTENING == set(SENDERS)


def test_faces_and_actions_give_the_database_no_text_of_their_own() -> None:
    """Cursors are for the program's own statements, in files that are named here."""
    found = {
        place(path)
        for path in PROGRAM
        if "migrations" not in path.parts
        and any(name.endswith("connection.cursor") for _, name in calls(path))
    }
    assert found == {
        "zhuji/ledgers/bulk.py",
        "zhuji/orgs/append_only.py",
        "zhuji/orgs/clock.py",
        "zhuji/orgs/months.py",
        "zhuji/orgs/rights.py",
        "zhuji/orgs/row_security.py",
        "zhuji/orgs/sealing.py",
        "zhuji/programme/keeping/postgres_facts.py",
        "zhuji/warehouse/engine.py",
        "zhuji/warehouse/source.py",
    }


@pytest.mark.parametrize("rules", ["S301,S302,S307,S506,S608,S610,S611"])
def test_the_linter_agrees(rules: str) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--select", rules, "--quiet", "zhuji"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout


def test_a_statement_from_given_text_would_be_noticed(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text('def f(c, x):\n    c.execute(f"SELECT * FROM t WHERE a = {x}")\n')
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "S608", str(bad)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1  # noqa: S603
