"""Removes audit records past their term, and says so in the chain, which stays verifiable."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from zhuji.kernel.errors import BadInput, Refused
from zhuji.kernel.messages import say
from zhuji.orgs import append_only, audit, sealing, verify_audit
from zhuji.orgs.audit import About, Change
from zhuji.orgs.models import Seal

# 网络安全法 21: logs at least six months. Views of minors are kept three years, as we promise.
SHORTEST = {"entry": timedelta(days=180), "view": timedelta(days=1096)}
_AT_ONCE = 900


@dataclass(frozen=True)
class Retired:
    kind: str
    count: int
    first: int = 0
    last: int = 0


def retire(kind: str, before: datetime, *, actor: str, now: datetime, why: str) -> Retired:
    """Take away the records that were sealed before a moment. Run by the owner of the tables.

    The seals and the digests in them stay; an entry of the chain names what went, by whom and why.
    """
    _refuse(kind, before, now, why)
    sealing.seal_all(now=now)
    with transaction.atomic():
        numbers = sorted(_sealed(kind, before))
        # Without work to do the protection is not touched: every night nobody need be the owner.
        gone = _delete(kind, numbers) if numbers else 0
        if not gone:
            return Retired(kind, 0)
        done = Retired(kind, gone, numbers[0], numbers[-1])
        told = {
            "kind": kind,
            "before": verify_audit.instant(before),
            "first": done.first,
            "last": done.last,
            "count": done.count,
        }
        about = About("audit", kind)
        audit.record(
            verify_audit.RETIRE, about, actor=actor, now=now, change=Change(new=told), why=why
        )
    sealing.seal_all(now=now)
    return done


def due(kind: str, now: datetime) -> datetime:
    """Before which moment records of a kind are past their term."""
    return now - SHORTEST[kind]


def _refuse(kind: str, before: datetime, now: datetime, why: str) -> None:
    if kind not in SHORTEST:
        raise BadInput(say("没有“{kind}”这一类留痕；可用的有 {known}。", kind=kind,
                           known=sorted(SHORTEST)))  # fmt: skip
    if before > due(kind, now):
        raise Refused(
            say("留痕至少保存 {days} 天，只能清理 {before} 以前的。",
                days=SHORTEST[kind].days, before=due(kind, now).date())
        )  # fmt: skip
    if not why.strip():
        raise BadInput(say("请写明清理留痕的事由。"))


def _sealed(kind: str, before: datetime) -> Iterator[int]:
    """Never the entries that tell of earlier removals: the chain needs them for ever."""
    kept = set(_retirements()) if kind == "entry" else set()
    for leaves in Seal.objects.filter(at__lt=before).values_list("leaves", flat=True).iterator():
        for line in leaves.splitlines():
            found, number, _ = line.split(" ")
            if found == kind and int(number) not in kept:
                yield int(number)


def _retirements() -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequence FROM audit_entry WHERE verb = %s", [verify_audit.RETIRE])
        yield from (number for (number,) in cursor.fetchall())


def _delete(kind: str, numbers: list[int]) -> int:
    """The protection is lifted within the transaction alone; who is not the owner cannot."""
    table = {name: key for name, key in append_only.TRAIL.items() if name == f"audit_{kind}"}
    count = 0
    with connection.cursor() as cursor:
        for statement in append_only.lifting(connection.vendor, table):
            cursor.execute(statement)
        for start in range(0, len(numbers), _AT_ONCE):
            wanted = json.dumps(numbers[start : start + _AT_ONCE])[1:-1]
            cursor.execute(f"DELETE FROM audit_{kind} WHERE sequence IN ({wanted})")  # noqa: S608
            count += cursor.rowcount
        for statement in append_only.protecting(connection.vendor, table):
            cursor.execute(statement)
    return count
