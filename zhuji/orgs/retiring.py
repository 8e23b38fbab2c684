"""Takes away what is past its term, whole months at a time, and says so in the chain.

Records go first. Once all that a seal binds is gone, the seal goes as well, and the chain starts
at an anchor: the last of the spent seals, with what went before it told in an entry. Only the
owner of the tables can do any of this.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet

from zhuji.kernel.errors import BadInput, Refused
from zhuji.kernel.messages import say
from zhuji.orgs import append_only, audit, months, sealing, terms, verify_audit
from zhuji.orgs.audit import About, Change
from zhuji.orgs.models import Entry, Seal, View

KINDS = (*terms.KINDS, terms.SEAL)
_MODELS: dict[str, Any] = {"entry": Entry, "view": View}


@dataclass(frozen=True)
class Retired:
    """`head`: of the last seal that went, which the anchor names as the one before it."""

    kind: str
    count: int
    first: int = 0
    last: int = 0
    head: str = ""


def retire(kind: str, before: datetime, *, actor: str, now: datetime, why: str) -> Retired:
    """Take away the months that ended by a moment; an entry names what went, by whom and why."""
    _refuse(kind, before, now, why)
    sealing.seal_all(now=now)
    with transaction.atomic():
        done = _cut(before) if kind == terms.SEAL else _take(kind, before)
        if not done.count:
            return done
        told = {
            "kind": kind,
            "before": verify_audit.instant(before),
            "first": done.first,
            "last": done.last,
            "count": done.count,
            **({"head": done.head} if done.head else {}),
        }
        about = About("audit", kind)
        audit.record(
            verify_audit.RETIRE, about, actor=actor, now=now, change=Change(new=told), why=why
        )
    sealing.seal_all(now=now)
    return done


def due(kind: str, now: datetime) -> datetime:
    """Before which moment records of a kind are past their term."""
    return now - terms.kept(kind)


def _refuse(kind: str, before: datetime, now: datetime, why: str) -> None:
    if kind not in KINDS:
        raise BadInput(say("没有“{kind}”这一类留痕；可用的有 {known}。", kind=kind,
                           known=sorted(KINDS)))  # fmt: skip
    if before > due(kind, now):
        raise Refused(
            say("留痕至少保存 {days} 天，只能清理 {before} 以前的。",
                days=terms.kept(kind).days, before=due(kind, now).date())
        )  # fmt: skip
    if not why.strip():
        raise BadInput(say("请写明清理留痕的事由。"))


def _take(kind: str, before: datetime) -> Retired:
    """Without work to do the protection is not touched: every night nobody need be the owner."""
    end = _end(kind, before)
    going, table = _records(kind).filter(at__lt=end), _table(kind)
    told = going.aggregate(count=Count("pk"), first=Min("pk"), last=Max("pk"))
    if not told["count"]:
        return Retired(kind, 0)
    staying = _telling().filter(at__lt=end) if kind == "entry" else Entry.objects.none()
    with append_only.lifted(table):
        kept = {months.start_of(at) for at in staying.values_list("at", flat=True)}
        months.drop(table, before=end, but=kept)
        going.delete()
    return Retired(kind, **told)


def _end(kind: str, before: datetime) -> datetime:
    """The end of the last month of which every record was sealed before that moment."""
    seal = Seal.objects.filter(at__lt=before).order_by("-number").first()
    last, *late = sealing.through(seal).get(kind, [0])
    end = months.start_of(before)
    unsealed = _MODELS[kind].objects.filter(Q(pk__gt=last) | Q(pk__in=late), at__lt=end)
    first = unsealed.aggregate(at=Min("at"))["at"]
    return months.start_of(first) if first else end


def _cut(before: datetime) -> Retired:
    """All seals before the anchor, with the entries in them that told of removals."""
    going = Seal.objects.filter(number__lt=_anchor(before))
    told = going.aggregate(count=Count("pk"), first=Min("pk"), last=Max("pk"))
    if not told["count"]:
        return Retired(terms.SEAL, 0)
    head = Seal.objects.get(number=told["last"]).head
    with append_only.lifted(_table(terms.SEAL), _table("entry")):
        _telling().filter(pk__in=_bound(going)).delete()
        going.delete()
    return Retired(terms.SEAL, **told, head=head)


def _anchor(before: datetime) -> int:
    """The last seal of which, as of all before it, every record is gone."""
    living = {kind: _records(kind).aggregate(first=Min("pk"))["first"] for kind in _MODELS}
    found = 0
    for seal in Seal.objects.filter(at__lt=before).order_by("number").defer("leaves").iterator():
        sealed = sealing.through(seal)
        if any(first is not None and sealed[kind][0] >= first for kind, first in living.items()):
            break
        found = seal.number
    return found


def _bound(seals: QuerySet[Seal]) -> Collection[int]:
    """Of the entries that tell of removals those that these seals bind."""
    telling = set(_telling().values_list("pk", flat=True))
    bound: set[int] = set()
    for leaves in seals.values_list("leaves", flat=True).iterator():
        parts = (line.split(" ") for line in leaves.splitlines())
        bound |= {int(number) for kind, number, _ in parts if kind == "entry"} & telling
    return bound


def _records(kind: str) -> QuerySet[Any]:
    """Not the entries that tell of removals: the chain needs them as long as their seals stand."""
    rows: QuerySet[Any] = _MODELS[kind].objects.all()
    return rows.exclude(verb=verify_audit.RETIRE) if kind == "entry" else rows


def _telling() -> QuerySet[Entry]:
    return Entry.objects.filter(verb=verify_audit.RETIRE)


def _table(kind: str) -> str:
    return f"audit_{kind}"
