"""Snapshots from the command line: taken, listed, verified; a tampered one is never used."""

import json
from datetime import date

import pytest

from tests.cli.conftest import ON, Terminal
from tests.ledgers.workbooks import book
from zhuji.cli import show
from zhuji.ledgers import queries
from zhuji.ledgers.registry import BY_KEY
from zhuji.programme import snapshots

PREMISES = BY_KEY["premises"].columns


def newest() -> str:
    return snapshots.listed()[0].id


def judged(cli: Terminal, *more: str) -> dict[str, object]:
    assert cli.run("judge", "--plan", cli.plan(), "--on", ON, "--format", "json", *more) == 0
    told = json.loads(cli.out)
    assert isinstance(told, dict)
    return told


def test_without_a_snapshot_the_reader_is_told_what_to_do(cli: Terminal) -> None:
    (cli.home / "snapshots").rename(cli.home / "elsewhere")
    assert cli.run("snapshot", "list") == 0
    assert cli.out == "还没有快照；先执行 zhuji snapshot create\n"
    for words in (("snapshot", "verify"), ("judge", "--on", ON, "--plan", str(cli.plan()))):
        assert cli.run(*words) == 1
        assert cli.err == "还没有快照；请先导入台账，再执行 zhuji snapshot create。\n"


def test_a_snapshot_is_taken_and_listed_newest_first(cli: Terminal) -> None:
    first = newest()
    assert cli.run("snapshot", "create", "--as-of", "2023-07-01") == 0
    second = newest()
    rows = sum(queries.counts().values())
    tables = len(queries.warehouse_tables())
    assert f"快照 {second}：{tables} 个台账，{rows:,} 行，截至 2023-07-01" in cli.out
    assert cli.run("snapshot", "list") == 0
    lines = [line for line in cli.out.splitlines() if first in line or second in line]
    assert len(lines) == 2
    assert "2023-07-01" in lines[0]
    assert first in lines[0]  # its parent
    assert lines[1].strip("│ ").startswith(first)


def test_an_intact_snapshot_is_verified(cli: Terminal) -> None:
    assert cli.run("snapshot", "verify") == 0
    assert cli.out == f"快照 {newest()} 完好：每个文件的摘要值和行数都相符\n"


def test_one_changed_byte_is_found(cli: Terminal) -> None:
    part = max((cli.home / "snapshots" / "objects").iterdir(), key=lambda path: path.stat().st_size)
    part.chmod(0o600)
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    assert cli.run("snapshot", "verify") == 1
    assert part.name in cli.out
    assert "数据文件的内容与登记的摘要不符" in cli.out
    assert f"快照 {newest()} 有 " in cli.out


def test_an_edited_manifest_is_found_and_not_judged_by(cli: Terminal) -> None:
    snapshot = newest()
    path = cli.home / "snapshots" / snapshot / "manifest.json"
    path.chmod(0o600)
    path.write_text(path.read_text(encoding="utf-8").replace(ON, "2023-06-29", 1), encoding="utf-8")
    assert cli.run("snapshot", "verify", snapshot) == 1
    words = ("judge", "--on", ON, "--plan", cli.plan(), "--snapshot", snapshot)
    assert cli.run(*words) == 1
    assert "清单被改动过" in cli.err


def test_only_what_changed_is_written_again_and_the_judgement_is_the_same(cli: Terminal) -> None:
    """A school sends a file; the small snapshot says exactly what a whole one says."""
    before = judged(cli)
    own = [row for row in queries.rows("premises") if row["stage"] == "primary"]
    newest_row = max(own, key=lambda row: str(row["counted_on"]))
    changed = {**newest_row, "books": 1, "counted_on": date(2023, 3, 20), "new_books": 0}
    heads = [column.label.zh for column in PREMISES]
    cells = [_cell(changed[column.key]) for column in PREMISES]
    path = book(cli.home / "一校.xlsx", {"办学条件台账": [heads, cells]})
    assert cli.run("import", path, "--ledger", "premises") == 0
    assert cli.run("snapshot", "create", "--as-of", ON) == 0
    small = judged(cli)
    part = snapshots.listed()[0].tables["premises"].parts[-1]
    assert part.only == (changed["org"],)
    assert cli.run("snapshot", "create", "--as-of", ON, "--full") == 0
    assert snapshots.listed()[0].parent is None
    whole = judged(cli)
    assert small.pop("snapshot") != whole.pop("snapshot")
    before.pop("snapshot")
    assert small == whole
    assert small != before


def test_a_school_is_judged_the_same_from_both_snapshots(cli: Terminal) -> None:
    org = str(next(row["org"] for row in queries.rows("premises") if row["stage"] == "primary"))
    assert cli.run("snapshot", "create", "--as-of", ON) == 0
    small = judged(cli, "--org", org)
    assert cli.run("snapshot", "create", "--as-of", ON, "--full") == 0
    whole = judged(cli, "--org", org)
    assert small["items"] == whole["items"]
    assert small["org"] == whole["org"] == org


def _cell(value: object) -> object:
    match value:
        case None | bool():
            return {None: None, True: "是", False: "否"}[value]
        case "primary":
            return "小学"
        case date() | int() | str():
            return value
        case _:
            return float(str(value))


def test_the_beginning_of_a_number_is_enough_where_it_is_the_only_one(cli: Terminal) -> None:
    first = newest()
    assert cli.run("snapshot", "verify", first[:12]) == 0
    assert first in cli.out
    assert cli.run("snapshot", "create", "--as-of", "2023-07-01") == 0
    assert judged(cli, "--snapshot", "20230630")["snapshot"] == first
    assert cli.run("snapshot", "verify", "2023") == 2
    assert "有 2 个快照的编号以“2023”开头" in cli.err
    assert newest() in cli.err


def test_the_list_never_cuts_a_number(cli: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show.out, "width", 50)
    assert cli.run("snapshot", "list") == 0
    assert newest() in cli.out
