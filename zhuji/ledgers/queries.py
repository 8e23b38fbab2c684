"""What can be read of the ledgers: rows, counts, what changed, and the warehouse's tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import say
from zhuji.ledgers import vault
from zhuji.ledgers.models import Change, Import, rows_of, table_name
from zhuji.ledgers.registry import LEDGERS, ledger
from zhuji.ledgers.relations import table_of
from zhuji.warehouse.tables import Table

_READ_AT_ONCE = 2_000


@dataclass(frozen=True)
class Entry:
    """One change of one row, as the trace tells it."""

    kind: str
    before: dict[str, object]
    after: dict[str, object]
    actor: str
    cause: str
    at: datetime
    import_id: int | None


def rows(key: str, *, orgs: Sequence[str] | None = None) -> Iterator[dict[str, object]]:
    """The rows of a ledger in the order of their keys, by column; `orgs` limits whose."""
    declared = ledger(key)
    names = [column.key for column in declared.columns]
    query = rows_of(declared.key).order_by(*declared.natural_key)
    if orgs is not None:
        query = query.filter(org__in=orgs)
    opened = vault.opener(declared, names)
    for values in query.values_list(*names).iterator(_READ_AT_ONCE):
        yield dict(zip(names, opened(values), strict=True))


def under(org: str, on: date) -> tuple[str, ...]:
    """An organisation, by code or by unique name, with all below it on a day."""
    found = set(rows_of("orgs").filter(Q(org=org) | Q(name=org)).values_list("org", flat=True))
    if len(found) != 1:
        raise NotFound(
            say("机构台账里有 {count} 个“{org}”，请写准确的机构代码。", count=len(found), org=org)
        )
    edges = rows_of("org_edges").filter(hierarchy="administration", valid_from__lte=on)
    standing = edges.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    pairs = list(standing.values_list("parent", "org"))
    while fresh := {child for parent, child in pairs if parent in found} - found:
        found |= fresh
    return tuple(sorted(found))


def counts() -> dict[str, int]:
    """How many rows each ledger holds."""
    return {declared.key: rows_of(declared.key).count() for declared in LEDGERS}


def last_change() -> datetime | None:
    """When any row of any ledger was last written."""
    return Change.objects.order_by("-pk").values_list("at", flat=True).first()


def changed_orgs(since: datetime) -> dict[str, set[str]]:
    """Whose rows changed at or after an instant, by ledger; a row that moved changes two."""
    found: dict[str, set[str]] = {}
    changes = Change.objects.filter(at__gte=since)
    # As an expression: for the bare column SQLite walks its index over all changes ever made.
    whose = Coalesce("ledger", Value(""))
    for name in ("org", "former_org"):
        for key, org in changes.values_list(whose, name).distinct():
            if org:
                found.setdefault(key, set()).add(org)
    return found


def history(key: str, row_key: str) -> tuple[Entry, ...]:
    """Every change of one row, the oldest first."""
    changes = Change.objects.filter(ledger=ledger(key).key, row_key=row_key).order_by("pk")
    return tuple(
        Entry(
            kind=change.kind,
            before=change.before or {},
            after=change.after or {},
            actor=change.actor,
            cause=change.cause,
            at=change.at,
            import_id=change.import_id,
        )
        for change in changes
    )


def imports(limit: int = 50) -> tuple[Import, ...]:
    """The newest imports first."""
    return tuple(Import.objects.order_by("-pk")[:limit])


def import_names(ids: Sequence[int]) -> dict[int, str]:
    """File and sheet of imports by their numbers."""
    found = Import.objects.filter(pk__in=ids).values_list("pk", "file_name", "sheet")
    return {number: f"{file}#{sheet}" if sheet else file for number, file, sheet in found}


def warehouse_tables() -> tuple[Table, ...]:
    """One table for each ledger: the columns that may leave, and where each row came from."""
    return tuple(table_of(declared, table_name(declared)) for declared in LEDGERS)
