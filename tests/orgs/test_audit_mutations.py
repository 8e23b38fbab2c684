"""A thousand ways to rewrite history, each one found with a head that was kept elsewhere."""

import json
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.orgs.cast import IN_ONE, IN_TWO, NOW, SCHOOL
from zhuji.orgs import audit, sealing, verify_audit
from zhuji.orgs.audit import About, Change, Seen
from zhuji.orgs.verify_audit import COLUMNS, SEAL, lines_of, verify

Lines = list[dict[str, Any]]
VERIFIER = Path(verify_audit.__file__)
MUTATIONS = 1_000


@pytest.fixture
def chain(db: None) -> Lines:
    """Five seals over sixty entries and thirty views."""
    for batch in range(5):
        for number in range(12):
            about = About("staff", f"S{batch:03}{number:03}", SCHOOL)
            change = Change(new={"n": number})
            audit.record("row.change", about, actor="clerk", now=NOW, change=change)
        seen = [Seen(number, "pupils", SCHOOL, "principal@1") for number in (IN_ONE, IN_TWO)]
        for route in ("/a", "/b", "/c"):
            audit.record_views(seen, viewer="principal", now=NOW, route=route)
        sealing.seal_all(now=NOW)
    return list(sealing.lines())


def heads(lines: Lines) -> dict[int, str]:
    last = [line for line in lines if line["record"] == "seal"][-1]
    return {last["number"]: last["head"]}


def places(lines: Lines, *, seals: bool = False) -> list[int]:
    return [at for at, line in enumerate(lines) if (line["record"] == "seal") == seals]


def edit(lines: Lines, chance: random.Random) -> str:
    line = lines[chance.choice(places(lines))]
    name = chance.choice(COLUMNS[line["record"]])
    line[name] = f"{line[name]}x"
    return "edited"


def edit_a_seal(lines: Lines, chance: random.Random) -> str:
    line = lines[chance.choice(places(lines, seals=True))]
    name = chance.choice(SEAL)
    line[name] = line[name] + 1 if isinstance(line[name], int) else f"{line[name]}0"
    return "broken"


def delete(lines: Lines, chance: random.Random) -> str:
    del lines[chance.choice(places(lines))]
    return "deleted"


def delete_a_seal(lines: Lines, chance: random.Random) -> str:
    at = chance.choice(places(lines, seals=True))
    del lines[at]
    if at == 0:  # nobody told that the chain now starts later
        return "deleted"
    return "cut" if at > places(lines, seals=True)[-1] else "broken"


def insert(lines: Lines, chance: random.Random) -> str:
    forged = dict(lines[chance.choice(places(lines))])
    forged["sequence"] = chance.choice([forged["sequence"], 10**6 + chance.randrange(10**6)])
    lines.insert(chance.randrange(len(lines) + 1), forged)
    return "inserted"


def swap_contents(lines: Lines, chance: random.Random) -> str:
    entries = [at for at in places(lines) if lines[at]["record"] == "entry"]
    one, other = chance.sample(entries, 2)
    for name in COLUMNS["entry"]:
        lines[one][name], lines[other][name] = lines[other][name], lines[one][name]
    return "edited swapped"


def swap_lines(lines: Lines, chance: random.Random) -> str:
    one, other = chance.sample(places(lines), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return "swapped deleted"


def cut(lines: Lines, chance: random.Random) -> str:
    at = chance.choice(places(lines, seals=True))
    del lines[at:]
    return "cut"


def rewrite(lines: Lines, chance: random.Random) -> str:
    """Edit a record, then forge every digest and every head from there on."""
    edit(lines, chance)
    reforge(lines)
    return "rewritten"


def rewrite_shorter(lines: Lines, chance: random.Random) -> str:
    delete(lines, chance)
    reforge(lines)
    return "rewritten"


def reforge(lines: Lines) -> None:
    previous = verify_audit.START
    seals = places(lines, seals=True)
    for at, end in zip(seals, [*seals[1:], len(lines)], strict=True):
        leaves = [
            f"{r['record']} {r['sequence']} {verify_audit.digest(r['record'], r)}"
            for r in lines[at + 1 : end]
        ]
        lines[at] |= {"previous": previous, "leaves": "\n".join(leaves)}
        previous = lines[at]["head"] = verify_audit.digest("seal", lines[at])


ATTACKS = [
    edit,
    edit_a_seal,
    delete,
    delete_a_seal,
    insert,
    swap_contents,
    swap_lines,
    cut,
    rewrite,
    rewrite_shorter,
]


def test_an_untouched_chain_is_whole(chain: Lines) -> None:
    report = verify(chain, heads(chain))
    assert (report.findings, report.records, report.seals) == ([], 90, 5)


def test_a_thousand_random_mutations_are_all_found(chain: Lines) -> None:
    chance, outside, missed = random.Random(4), heads(chain), []  # noqa: S311  # reproducible
    text = json.dumps(chain)
    for number in range(MUTATIONS):
        attack = ATTACKS[number % len(ATTACKS)]
        lines: Lines = json.loads(text)
        named = attack(lines, chance).split()
        found = {what for what, _ in verify(lines, outside).findings}
        if found.isdisjoint(named):
            missed.append((number, attack.__name__, named, found))
    assert missed == []


def test_without_an_outside_head_a_whole_rewriting_is_not_seen(chain: Lines) -> None:
    """Why the head must be kept elsewhere."""
    rewrite(chain, random.Random(1))  # noqa: S311  # reproducible
    assert verify(chain, {}).findings == []


def test_the_place_of_an_edit_is_named(chain: Lines) -> None:
    chain[3]["actor"] = "nobody"
    assert verify(chain, heads(chain)).findings == [("edited", f"entry {chain[3]['sequence']}")]


@pytest.fixture
def database(chain: Lines, tmp_path: Path) -> Path:
    """The same trail as a database file, without the triggers that an attacker would drop."""
    path = tmp_path / "zhuji.sqlite3"
    with closing(sqlite3.connect(path)) as db, db:
        for kind, names in COLUMNS.items():
            db.execute(f"CREATE TABLE audit_{kind} (sequence INTEGER, {', '.join(names)})")
        db.execute(f"CREATE TABLE audit_seal ({', '.join(SEAL)})")
        for line in chain:
            names = SEAL if line["record"] == "seal" else ["sequence", *COLUMNS[line["record"]]]
            marks = ", ".join("?" * len(names))
            query = f"INSERT INTO audit_{line['record']} VALUES ({marks})"  # noqa: S608
            db.execute(query, [line[name] for name in names])
    return path


@pytest.mark.parametrize(
    ("attack", "found"),
    [
        ("UPDATE audit_entry SET actor = 'x' WHERE rowid = 7", "edited"),
        ("UPDATE audit_view SET at = 'never' WHERE rowid = 7", "edited"),
        ("DELETE FROM audit_entry WHERE rowid = 7", "deleted"),
        ("DELETE FROM audit_view", "deleted"),
        ("INSERT INTO audit_entry SELECT * FROM audit_entry WHERE rowid = 7", "inserted"),
        ("DELETE FROM audit_seal WHERE number = 3", "broken"),
        ("DELETE FROM audit_seal WHERE number = 3", "inserted"),
        ("DELETE FROM audit_seal WHERE number > 3", "cut"),
        ("DELETE FROM audit_seal", "cut"),
        ("UPDATE audit_seal SET leaves = ''", "broken"),
        ("UPDATE audit_seal SET through = 'entry x'", "broken"),
        ("UPDATE audit_seal SET at = 'never'", "broken"),
    ],
)
def test_raw_sql_against_the_file_is_found(
    database: Path, chain: Lines, attack: str, found: str
) -> None:
    assert verify(lines_of(database), heads(chain)).findings == []
    with closing(sqlite3.connect(database)) as db, db:
        db.execute(attack)
    assert found in {what for what, _ in verify(lines_of(database), heads(chain)).findings}


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", str(VERIFIER), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def test_the_verifier_stands_alone(chain: Lines, tmp_path: Path) -> None:
    """In an isolated interpreter without site-packages, and in at most two hundred lines."""
    assert len(VERIFIER.read_text(encoding="utf-8").splitlines()) <= 200
    exported, kept = tmp_path / "audit.jsonl", tmp_path / "heads.txt"
    assert sealing.export(exported) == len(chain)
    sealing.publish(kept)
    sealing.publish(kept)
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 1
    whole = run(exported, kept)
    assert (whole.returncode, whole.stderr) == (0, "")
    lines = exported.read_text(encoding="utf-8").splitlines()
    exported.write_text("\n".join([*lines[:4], "{]", *lines[5:]]), encoding="utf-8")
    torn = run(exported, kept)
    assert torn.returncode == 1
    assert f"entry {chain[4]['sequence']} 被删除" in torn.stdout
    assert "不能读懂" in torn.stdout
