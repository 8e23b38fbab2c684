"""The trace of rows: what a change was, who made it, and the digest that binds it to the audit."""

import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.ledgers import bulk, fields, vault
from zhuji.ledgers.declare import Column, Ledger, Level, Type
from zhuji.ledgers.models import Change, Former
from zhuji.ledgers.scope import CHUNK, Key, chunks
from zhuji.orgs import audit
from zhuji.orgs.ciphers import Place
from zhuji.orgs.models import Entry

DIGEST = "hmac:"
FORMER = "ledgers_former"
# In a created row's image: the key by which it was called before; a new key is a new name.
WAS, BECAME = "was", "became"
RESTORE_DAYS = 30
_CHANGE_FIELDS = (
    "import_id",
    "ledger",
    "row_key",
    "org",
    "former_org",
    "kind",
    "before",
    "after",
    "actor",
    "cause",
    "at",
    "version",
    "batch",
)


class Log:
    """The changes of one action: their number, and a digest over all of them in their order."""

    def __init__(self) -> None:
        self.batch = secrets.randbits(62) or 1
        self.count = 0
        self.former: dict[str, str] = {}
        self._running = sha256()

    def add(self, change: Change) -> Change:
        change.batch = self.batch
        self.count += 1
        self._running.update(digest(change))
        return change

    @property
    def told(self) -> dict[str, object]:
        """As the audit entry of the action keeps it."""
        return {"batch": self.batch, "count": self.count, "digest": self._running.hexdigest()}


@dataclass(frozen=True)
class Trace:
    """Who changes rows, when, why and by which import."""

    actor: str
    at: datetime
    cause: str
    import_id: int | None = None
    log: Log = field(default_factory=Log, compare=False)


def digest(change: Change) -> bytes:
    """Over everything that a change says, however a database hands it back."""
    said = [
        change.import_id,
        change.ledger,
        change.row_key,
        change.org,
        change.former_org,
        str(change.kind),
        change.before,
        change.after,
        change.actor,
        change.cause,
        change.at.astimezone(UTC).isoformat(timespec="microseconds"),
        change.version,
    ]
    return sha256(json.dumps(said, sort_keys=True).encode()).digest()


def record(changes: Iterable[Change], trace: Trace) -> None:
    """Append to the trace, and keep what went away of sensitive values."""
    changes = list(changes)
    Former.objects.bulk_create(
        (
            Former(digest=name, stored=stored, kept_at=trace.at)
            for name, stored in trace.log.former.items()
        ),
        batch_size=CHUNK // 3,
        update_conflicts=True,
        unique_fields=["digest"],
        update_fields=["stored", "kept_at"],
    )
    trace.log.former.clear()
    bulk.insert(
        Change,
        _CHANGE_FIELDS,
        (
            tuple(getattr(change, name) for name in _CHANGE_FIELDS)
            for change in map(trace.log.add, changes)
        ),
    )


def record_action(verb: str, key: str, new: Mapping[str, object], trace: Trace) -> None:
    """One audit entry for each action; what became of each row is in the changes it binds."""
    audit.record(
        verb,
        audit.About("ledger", key),
        actor=trace.actor,
        now=trace.at,
        change=audit.Change(new={**new, "changes": trace.log.told} if trace.log.count else new),
        why=trace.cause,
    )


def change_of(ledger: Ledger, key: Key, trace: Trace, *, kind: Change.Kind, org: str) -> Change:
    return Change(
        import_id=trace.import_id,
        ledger=ledger.key,
        row_key=key_text(ledger, key),
        org=org,
        kind=kind,
        actor=trace.actor,
        cause=trace.cause,
        at=trace.at,
    )


def key_text(ledger: Ledger, key: Key) -> str:
    """A key as one text, from which it can be read back."""
    columns = [ledger.by_key[name] for name in ledger.natural_key]
    plain_key = [plain(ledger, column, value) for column, value in zip(columns, key, strict=True)]
    return json.dumps(plain_key, ensure_ascii=False)


def key_of(ledger: Ledger, text: str) -> Key:
    columns = [ledger.by_key[name] for name in ledger.natural_key]
    values = json.loads(text)
    return tuple(restored(column, value) for column, value in zip(columns, values, strict=True))


def plain(ledger: Ledger, column: Column, value: object) -> object:
    """A value as JSON can say it; what is encrypted in its table is not said in the clear here."""
    match value:
        case None:
            return None
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _ if column.level is Level.SENSITIVE:
            return audit.digest_of(f"{ledger.key}.{column.key}", value)
        case _ if column.key in vault.number_columns(ledger.key):
            return fields.stored(value, mixed=column.type is not Type.PUPIL)
        case _:
            return value


def restored(column: Column, value: object) -> object:
    """What `plain` made of a value, made back."""
    match column.type, value:
        case Type.DATE, str():
            return date.fromisoformat(value)
        case ((Type.DECIMAL | Type.MONEY), str()):
            return Decimal(value)
        case _ if column.level is Level.SENSITIVE and isinstance(value, str):
            return _former(value)
        case ((Type.PUPIL | Type.TEXT), str()):
            return fields.opened(value)
        case _:
            return value


def keep_former(
    ledger: Ledger, row: Mapping[str, object], names: Collection[str], log: Log
) -> None:
    """Put sensitive values that go away where undoing and restoring find them."""
    for column in vault.sealed_columns(ledger.key):
        value = row.get(column.key)
        if column.key in names and value is not None:
            name = str(plain(ledger, column, value))
            log.former[name] = vault.ring().encrypt(str(value), _place(name))


def forget_former(*, now: datetime) -> int:
    """Take away sensitive values that were replaced more than a month ago; how many."""
    return Former.objects.filter(kept_at__lte=now - timedelta(days=RESTORE_DAYS)).delete()[0]


def as_of(
    ledger: Ledger, key: Key, version: int, current: Mapping[str, object]
) -> dict[str, object] | None:
    """The row as it was at an earlier version, by walking back what was changed since."""
    values = dict(current)
    text, before = key_text(ledger, key), None
    while text:
        changes = Change.objects.filter(ledger=ledger.key, row_key=text, version__gt=version)
        if before is not None:
            changes = changes.filter(pk__lte=before)
        text = ""
        for change in changes.order_by("-pk"):
            if change.kind == Change.Kind.CREATED:
                was = (change.before or {}).get(WAS)
                if not isinstance(was, str):
                    return None
                text, before = was, change.pk
                break
            values |= image_of(ledger, change.before)
    return values


def image_of(ledger: Ledger, image: Mapping[str, object] | None) -> dict[str, object]:
    """The columns among what a change kept, in their types."""
    return {
        name: restored(ledger.by_key[name], value)
        for name, value in (image or {}).items()
        if name in ledger.by_key
    }


def _former(name: str) -> str:
    if not name.startswith(DIGEST):
        return name
    kept = Former.objects.filter(pk=name).first()
    if kept is None:
        raise Refused(say("原来的敏感值已过保存期，不能恢复。"))
    return vault.ring().decrypt(kept.stored, _place(name))


def _place(name: str) -> Place:
    return Place(FORMER, "stored", name)


def told_batches(entries: Iterable[Entry]) -> dict[int, tuple[int, str]]:
    """Batch -> number and digest of its changes, as the audit entries tell them."""
    found = {}
    for entry in entries:
        told = json.loads(entry.new or "{}").get("changes")
        if isinstance(told, dict):
            found[int(told["batch"])] = (int(told["count"]), str(told["digest"]))
    return found


def tampered(batches: Mapping[int, tuple[int, str]]) -> Iterator[int]:
    """Those batches whose changes are not any more what the audit trail says they were."""
    for chunk in chunks(sorted(batches), CHUNK):
        logs: dict[int, Log] = {}
        for change in Change.objects.filter(batch__in=chunk).order_by("pk").iterator():
            logs.setdefault(change.batch, Log()).add(change)
        for batch in chunk:
            told = logs.get(batch, Log()).told
            if (told["count"], told["digest"]) != batches[batch]:
                yield batch
