"""Seals the audit trail in batches, publishes the head of the chain and exports what is sealed."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction

from zhuji.kernel.errors import BadInput, Refused
from zhuji.kernel.messages import say
from zhuji.orgs import verify_audit
from zhuji.orgs.models import Entry, Seal, View

_MOST = 10_000
# A number that a rolled-back transaction took never arrives; so many are waited for.
_WAIT_FOR = 1_000
# In the order of verify_audit.COLUMNS.
_ROWS: dict[str, Any] = {"entry": Entry.objects, "view": View.objects}


def seal_all(*, now: datetime) -> int:
    """Seal what is not sealed yet, in batches; how many records that were."""
    total = 0
    while count := seal(now=now):
        total += count
    return total


@transaction.atomic
def seal(*, now: datetime) -> int:
    """One batch. Records that commit late, with a lower number, are taken by a later batch."""
    last = Seal.objects.order_by("-number").first()
    sealed = through(last)
    leaves: list[str] = []
    state: list[str] = []
    for kind in _ROWS:
        done, *waiting = sealed.get(kind, [0])
        found = list(_unsealed(kind, done, waiting, _MOST - len(leaves)))
        leaves += [f"{kind} {number} {verify_audit.digest(kind, row)}" for number, row in found]
        state.append(_state(kind, done, waiting, [number for number, _ in found]))
    if not leaves:
        return 0
    _append(last, leaves, state, now)
    return len(leaves)


def _append(last: Seal | None, leaves: list[str], state: list[str], now: datetime) -> None:
    made: dict[str, Any] = {
        "number": last.number + 1 if last else 1,
        "at": verify_audit.instant(now),
        "previous": last.head if last else verify_audit.START,
        "first": leaves[0].rpartition(" ")[0],
        "last": leaves[-1].rpartition(" ")[0],
        "through": "\n".join(state),
        "leaves": "\n".join(leaves),
    }
    made["head"] = verify_audit.digest("seal", made)
    try:
        Seal.objects.create(**{**made, "at": now})
    except IntegrityError as another:
        raise Refused(say("另一个进程正在封存留痕，请稍后再试。")) from another


def _unsealed(
    kind: str, done: int, waiting: list[int], most: int
) -> Iterator[tuple[int, dict[str, object]]]:
    names = verify_audit.COLUMNS[kind]
    rows = _ROWS[kind].order_by("sequence").values_list("sequence", *names)
    late = rows.filter(sequence__in=waiting) if waiting else []
    for number, at, *values in [*late, *rows.filter(sequence__gt=done)[: max(most, 0)]]:
        yield number, dict(zip(names, [verify_audit.instant(at), *values], strict=True))


def _state(kind: str, done: int, waiting: list[int], found: list[int]) -> str:
    """Up to which number all is sealed, and the numbers below it that may still arrive."""
    top = max([done, *found])
    fresh = range(max(done + 1, top - _MOST - _WAIT_FOR), top)
    gaps = (set(waiting) | set(fresh)) - set(found)
    return " ".join(map(str, [kind, top, *sorted(gaps)[-_WAIT_FOR:]]))


def through(seal: Seal | None) -> dict[str, list[int]]:
    """By kind: up to which number everything is sealed, then earlier ones that may still arrive."""
    parts = (line.split(" ") for line in (seal.through if seal else "").splitlines())
    return {part[0]: [int(number) for number in part[1:]] for part in parts}


def head() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def waiting() -> int:
    """How many records no seal binds yet, apart from those that came late."""
    sealed = through(head())
    return sum(
        rows.filter(sequence__gt=sealed.get(kind, [0])[0]).count() for kind, rows in _ROWS.items()
    )


def published(made: Seal) -> str:
    """One line to be kept outside: number, head, moment."""
    return f"{made.number} {made.head} {verify_audit.instant(made.at)}"


def publish(path: Path) -> str:
    """Append the head to a file, once; the file belongs on another machine or on paper."""
    made = head()
    if made is None:
        raise Refused(say("还没有封存过留痕，先执行 zhuji audit seal"))
    line = published(made)
    kept = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if line not in kept:
        with path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    return line


def export(path: Path) -> int:
    """Everything that is sealed, as lines that the stand-alone verifier reads."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for line in lines():
            file.write(json.dumps(line, ensure_ascii=True) + "\n")
            count += 1
    return count


def lines() -> Iterator[dict[str, object]]:
    yield from verify_audit.stream(_run)


def verify(heads: Path | None, exported: Path | None = None) -> verify_audit.Report:
    """Verify an exported file, or the database in use, against heads kept elsewhere."""
    try:
        outside = verify_audit.heads_of(heads.read_text(encoding="utf-8")) if heads else {}
    except (ValueError, IndexError):
        raise BadInput(
            say("链头文件“{path}”不能读懂：每行应为“编号 链头 时间”。", path=heads)
        ) from None
    return verify_audit.verify(verify_audit.lines_of(exported) if exported else lines(), outside)


def _run(query: str) -> Iterable[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
