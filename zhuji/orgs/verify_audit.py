"""Verifies the audit trail against heads kept elsewhere; needs nothing but Python 3.11.

Run it on any machine: python verify_audit.py audit.jsonl heads.txt
It defines the format: a record's digest is the SHA-256 of its values, without its number, as JSON;
a seal's head that of its values, leaves and former head. "audit.retire" excuses what is old.
"""

import argparse
import json
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

COLUMNS = {
    "entry": ["at", "actor", "verb", "kind", "key", "org", "old", "new", "why", "source"],
    "view": ["at", "viewer", "subject", "kind", "org", "duty", "reason", "route"],
}
SEAL = ["number", "at", "previous", "first", "last", "through", "leaves", "head"]
START, AT_ONCE, KEPT_DAYS, RETIRE = "0" * 64, 500, 180, "audit.retire"
Line = dict[str, object]
Leaf = tuple[str, int, str]
Run = Callable[[str], Iterable[tuple[object, ...]]]
SAYS = {
    "edited": "被改过", "deleted": "被删除", "inserted": "是后来插入的", "unreadable": "不能读懂",
    "swapped": "与别的记录对调过", "broken": "与前后接不上：封存被改、被删或被插入",
    "cut": "不见了：末尾被截去", "rewritten": "与外存链头不符：此前的记录被整体改写",
}  # fmt: skip


@dataclass
class Report:
    records: int = 0
    seals: int = 0
    head: str = START
    findings: list[tuple[str, str]] = field(default_factory=list)  # what, where
    missing: list[tuple[str, int, str, str]] = field(default_factory=list)
    retiring: list[tuple[str, Line]] = field(default_factory=list)
    heads: dict[object, str] = field(default_factory=dict)
    anchor: int = 0  # the seal at which the chain starts, where earlier ones were retired


def instant(value: object) -> str:
    """One spelling for the same moment, however a database hands it over."""
    with suppress(ValueError):  # no moment at all: the digest will tell
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC).isoformat("T", "microseconds")
    return str(value)


def digest(kind: str, values: Line) -> str:
    names = COLUMNS.get(kind, SEAL[:-1])
    said = [*([kind] if kind in COLUMNS else []), *(values[name] for name in names)]
    return sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


def stream(run: Run) -> Iterator[Line]:
    """A database as lines: each seal and the records it binds, at last those no seal knows."""
    sealed: dict[str, set[int]] = {kind: set() for kind in COLUMNS}
    seal: Line = {"through": ""}
    for (number,) in list(run("SELECT number FROM audit_seal ORDER BY number")):
        [found] = run(f"SELECT {', '.join(SEAL)} FROM audit_seal WHERE number = {number}")  # noqa: S608
        yield (seal := dict(zip(SEAL, found, strict=True), record="seal", at=instant(found[1])))
        for kind, known in sealed.items():
            mine = [n for k, n, _ in _leaves(str(seal["leaves"])) if k == kind]
            known.update(mine)
            yield from _fetch(run, kind, mine)
    parts = map(str.split, str(seal["through"]).splitlines())
    through = {p[0]: [int(n) for n in p[1:] if n.isdigit()] or [0] for p in parts}
    for kind, known in sealed.items():
        last, *late = through.get(kind, [0])  # all up to `last` but those that may still arrive
        rows = run(f"SELECT sequence FROM audit_{kind} WHERE sequence <= {last}")  # noqa: S608
        strays = {int(str(number)) for (number,) in rows} - known - set(late)
        yield from _fetch(run, kind, sorted(strays))


def _fetch(run: Run, kind: str, ids: list[int]) -> Iterator[Line]:
    names = COLUMNS[kind]
    for part in (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)):
        in_row = max(part) - min(part) < len(part)  # then each month is looked into once only
        wanted = f"BETWEEN {min(part)} AND {max(part)}" if in_row else f"IN ({str(part)[1:-1]})"
        query = f"SELECT sequence, {', '.join(names)} FROM audit_{kind} WHERE sequence {wanted}"  # noqa: S608
        for n, *row in run(f"{query} ORDER BY sequence"):
            yield dict(zip(names, row, strict=True), record=kind, sequence=n, at=instant(row[0]))


def verify(lines: Iterable[Line], outside: dict[int, str]) -> Report:
    """Walk the chain once; `outside` are heads by the number of their seal."""
    report, seal = Report(), Line()
    records: list[tuple[Leaf, Line]] = []
    for line in lines:
        if line.get("record") == "seal":
            _check_records(report, seal, records)
            _check_seal(report, seal, line)
            seal, records = line, []
            continue
        try:
            kind = str(line["record"])
            records.append(((kind, int(str(line["sequence"])), digest(kind, line)), line))
        except (KeyError, ValueError):
            report.findings.append(("unreadable", json.dumps(line)[:80]))
    _check_records(report, seal, records)
    _check_missing(report)
    for n, kept in sorted(outside.items()):
        if n >= report.anchor - 1 and report.heads.get(n) != kept:
            report.findings.append(("rewritten" if n in report.heads else "cut", f"seal {n}"))
    return report


def _check_seal(report: Report, before: Line, seal: Line) -> None:
    """After a break it goes on from what it finds, so that one fault is told once."""
    last, number = before.get("number", 0), seal.get("number")
    if not before and isinstance(number, int) and number > 1:
        last, report.head = number - 1, str(seal.get("previous"))
        report.missing.append(("seal", number - 1, str(seal.get("at")), report.head))
    own = digest("seal", seal) if seal.keys() >= set(SEAL) else ""
    follows = isinstance(last, int) and number == last + 1
    if not (follows and own == seal.get("head") and seal.get("previous") == report.head):
        report.findings.append(("broken", f"seal {number}"))
    report.seals, report.head, report.heads[number] = report.seals + 1, own, own


def _check_missing(report: Report) -> None:
    for kind, number, sealed_at, head in sorted(report.missing):
        if not any(_retires(*t, kind, number, sealed_at, head) for t in report.retiring):
            report.findings.append(("deleted", f"{kind} {number}"))
        elif kind == "seal":
            report.anchor, report.heads[number] = number + 1, head


def _retires(at: str, entry: Line, kind: str, number: int, sealed_at: str, head: str) -> bool:
    with suppress(KeyError, TypeError, ValueError):  # what says nothing excuses nothing
        told, moment = json.loads(str(entry["new"])), datetime.fromisoformat
        old = (moment(at) - moment(told["before"])).days >= KEPT_DAYS
        named = (told["kind"], told.get("head", "")) == (kind, head) and sealed_at < told["before"]
        return old and named and told["first"] <= number <= told["last"]
    return False


def _check_records(report: Report, seal: Line, given: list[tuple[Leaf, Line]]) -> None:
    report.records += len(given)
    found = [leaf for leaf, _ in given]
    expected = _leaves(str(seal.get("leaves", "")))
    want, have = ({leaf[:2]: leaf[2] for leaf in leaves} for leaves in (expected, found))
    gone = want.keys() - have.keys()
    changed = [place for place in want.keys() & have.keys() if want[place] != have[place]]
    at = str(seal.get("at"))  # bound by the chain, as an entry's own word is not
    report.retiring += [(at, e) for n, e in given if e.get("verb") == RETIRE and n in expected]
    report.missing += [(*place, at, "") for place in gone]
    findings = [("inserted", place) for place in have.keys() - want.keys()]
    findings += [("swapped" if have[p] in want.values() else "edited", p) for p in changed]
    if found != expected and not findings and not gone:  # twice, or in another order
        findings = [("inserted" if len(found) > len(have) else "swapped", found[0][:2])]
    report.findings += [(what, f"{kind} {number}") for what, (kind, number) in sorted(findings)]


def _leaves(text: str) -> list[Leaf]:
    parts = map(str.split, text.splitlines())
    return [(p[0], int(p[1]), p[2]) for p in parts if len(p) == 3 and p[1].isdigit()]


def lines_of(path: Path) -> Iterator[Line]:
    """An exported .jsonl file, or the SQLite database itself, opened for reading only."""
    if path.suffix != ".jsonl":
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            yield from stream(database.execute)
        return
    with path.open(encoding="utf-8", errors="replace") as text:
        for number, line in enumerate(text, 1):
            try:
                yield dict(json.loads(line))
            except (TypeError, ValueError):
                yield {"record": "line", "sequence": number}


def heads_of(text: str) -> dict[int, str]:
    return {int(line.split()[0]): line.split()[1] for line in text.splitlines() if line.strip()}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path, help="导出的 JSONL，或 SQLite 数据库文件")
    parser.add_argument("heads", type=Path, nargs="?", help="存在别处的链头文件")
    asked = parser.parse_args()
    outside = heads_of(asked.heads.read_text("utf-8")) if asked.heads else {}
    report = verify(lines_of(asked.file), outside)
    said = [f"{where} {SAYS[what]}" for what, where in report.findings]
    said += [] if outside else ["没有给出外存链头：整条链被改写或末尾被截去看不出来"]
    said += [f"链从第 {report.anchor} 次封存起：此前的已到期清理，有记录"] if report.anchor else []
    said += [f"封存 {report.seals} 次，记录 {report.records} 条，链头 {report.head}"]
    sys.stdout.write("\n".join(said) + "\n")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
