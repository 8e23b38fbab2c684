"""Taking one row away, getting it back within a month, and undoing one's own import for a day."""

from datetime import timedelta

from zhuji.kernel.errors import NotFound, Refused
from zhuji.kernel.messages import say
from zhuji.ledgers import registry, storing, tracing, undoing, visibility
from zhuji.ledgers.editing import (
    Saved,
    Task,
    answered,
    base_of,
    conflict_of,
    locked,
    record,
)
from zhuji.ledgers.entering import must_enter
from zhuji.ledgers.merging import NoVersion
from zhuji.ledgers.models import Change, Import, rows_of
from zhuji.ledgers.receipts import Counts
from zhuji.ledgers.storing import Difference, Incoming, Kind
from zhuji.orgs import audit
from zhuji.orgs import scope as sights
from zhuji.orgs.idempotency import Act, once
from zhuji.orgs.roles import Verb
from zhuji.orgs.scope import Reader

UNDO_HOURS = 24


def remove_row(reader: Reader, key: str, row_id: int, base: int | None, act: Act) -> Saved:
    """Take one row away; for a month it can be restored, then only the trace knows of it."""
    ledger = registry.ledger(key)

    def do() -> Saved:
        task = Task(reader, ledger, act, locked(reader, ledger, row_id))
        must_enter(reader, ledger, visibility.rows_about(ledger.key), task.old)
        _refuse_stale(task, base)
        return _removed(task)

    return answered(act, "ledger.remove", [ledger.key, row_id, base], do)


def restore_row(reader: Reader, key: str, change_id: int, act: Act) -> Saved:
    """Put a removed row back as it was, if its place is still free."""
    ledger = registry.ledger(key)
    return answered(
        act,
        "ledger.restore",
        [ledger.key, change_id],
        lambda: _restored(Task(reader, ledger, act), change_id),
    )


def undo_import(reader: Reader, import_id: int, act: Act) -> Counts:
    """Take back a whole import within a day: one's own, or one of those one reviews."""

    def do() -> dict[str, int]:
        named = Import.objects.filter(pk=import_id).first()
        if named is None or not _may_undo(reader, named, act):
            raise NotFound(say("没有编号为 {import_id} 的导入。", import_id=import_id))
        if act.now - named.at > timedelta(hours=UNDO_HOURS):
            raise Refused(
                say("导入 {import_id} 已超过 {hours} 小时，不能整批撤销；请逐行更正。",
                    import_id=import_id, hours=UNDO_HOURS)
            )  # fmt: skip
        counts = undoing.undo_receipt(import_id, actor=act.actor, now=act.now, reader=reader)
        return {"created": counts.created, "updated": counts.updated}

    answer, _ = once(act, "ledger.undo", [import_id], do)
    return Counts(**answer)


def may_undo(reader: Reader, import_id: int, act: Act) -> bool:
    """Whether the button is worth showing; undoing asks again."""
    named = Import.objects.filter(pk=import_id, undone_at=None).first()
    if named is None or act.now - named.at > timedelta(hours=UNDO_HOURS):
        return False
    return _may_undo(reader, named, act)


def restorable(change: Change) -> bool:
    """A removal by itself: not the end of a former name, nor a part of an undone import."""
    return change.kind == Kind.DELETED and change.import_id is None and not change.after


def _refuse_stale(task: Task, base: int | None) -> None:
    if base is None:
        raise NoVersion
    assert task.stored is not None
    if base == task.stored.version:
        return
    seen = base_of(task.ledger, task.stored, task.old, base)
    differing = [name for name, value in task.old.items() if seen is None or seen[name] != value]
    raise conflict_of(task, seen, {}, differing)


def _removed(task: Task) -> Saved:
    ledger, stored, old, trace = task.ledger, task.stored, task.old, task.trace
    assert stored is not None
    key = tuple(old[name] for name in ledger.natural_key)
    undoing.refuse_if_referred_to(ledger, [key], task.reader)
    tracing.record([storing.removal(ledger, key, stored, trace)], trace)
    rows_of(ledger.key).filter(pk=stored.id).delete()
    record(task, stored.id, "row.remove", audit.Change(old={"org": old["org"]}), trace)
    return Saved(stored.id, stored.version + 1)


def _restored(task: Task, change_id: int) -> Saved:
    ledger, trace = task.ledger, task.trace
    since = task.act.now - timedelta(days=tracing.RESTORE_DAYS)
    change = Change.objects.filter(pk=change_id, ledger=ledger.key, at__gt=since).first()
    if change is None or not restorable(change):
        raise _no_removal()
    values = tracing.image_of(ledger, change.before)
    about = visibility.rows_about(ledger.key)
    if not sights.windows(task.reader, about, values):
        raise _no_removal()
    must_enter(task.reader, ledger, about, values)
    key = {name: values[name] for name in ledger.natural_key}
    if rows_of(ledger.key).filter(**key).exists():
        raise Refused(say("已经另有一条同样的记录，不能恢复。"))
    columns = tuple(values)
    row = Incoming(tuple(values.values()))
    storing.write(ledger, columns, Difference(created=[row]), trace)
    row_id = rows_of(ledger.key).values_list("id", flat=True).get(**key)
    record(task, row_id, "row.restore", audit.Change(new={"org": values["org"]}), trace)
    return Saved(row_id, 1, created=True)


def _no_removal() -> NotFound:
    return NotFound(
        say("没有可以恢复的这条记录，或者已超过 {days} 天。", days=tracing.RESTORE_DAYS)
    )


def _may_undo(reader: Reader, named: Import, act: Act) -> bool:
    imports = Import.objects.filter(receipt=named.receipt).values("pk")
    touched = Change.objects.filter(import_id__in=imports)
    orgs = {*touched.values_list("org", flat=True), *touched.values_list("former_org", flat=True)}
    verb = Verb.ENTER if named.actor == act.actor else Verb.REVIEW
    subjects = {
        visibility.rows_about(key).subject for key in touched.values_list("ledger", flat=True)
    }
    return all(
        any(
            verb in grant.role.verbs and org in grant.orgs and subjects <= grant.role.windows.keys()
            for grant in reader.grants
        )
        for org in orgs - {""}
    )
