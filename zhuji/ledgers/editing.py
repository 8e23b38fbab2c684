"""Saving one row: the form, the API and a cell mended in place all come here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction

from zhuji.kernel.errors import Issue, NotFound, Refused, bad_value
from zhuji.kernel.messages import Label, say
from zhuji.ledgers import registry, storing, tracing, undoing, vault, visibility
from zhuji.ledgers.declare import Ledger
from zhuji.ledgers.entering import Edit, Typed, check_whole, may_enter, must_enter, typed
from zhuji.ledgers.merging import Clash, Conflict, NoVersion, merge
from zhuji.ledgers.models import Change, rows_of
from zhuji.ledgers.storing import Difference, Incoming, Kind, Stored
from zhuji.ledgers.tracing import Trace
from zhuji.orgs import audit
from zhuji.orgs import scope as sights
from zhuji.orgs.audit import About
from zhuji.orgs.idempotency import Act, once
from zhuji.orgs.roles import Sight
from zhuji.orgs.scope import Reader

Values = dict[str, object]


@dataclass(frozen=True)
class Saved:
    """What became of the row; `merged`: columns others changed meanwhile, which were kept."""

    row_id: int
    version: int
    created: bool = False
    unchanged: bool = False
    merged: tuple[str, ...] = ()
    replayed: bool = False


@dataclass(frozen=True)
class Task:
    """One row of one ledger in one reader's hands."""

    reader: Reader
    ledger: Ledger
    act: Act
    stored: Stored | None = None

    @property
    def old(self) -> Values:
        names = self.ledger.by_key
        return dict(zip(names, self.stored.values, strict=True)) if self.stored else {}

    @property
    def trace(self) -> Trace:
        return Trace(self.act.actor, self.act.now, self.act.why[:255])


def save(reader: Reader, key: str, row_id: int | None, edit: Edit, act: Act) -> Saved:
    """Write one row, new or changed. All faults at once; nothing of anybody's is overwritten."""
    ledger = registry.ledger(key)
    content = [ledger.key, row_id, edit.base, dict(edit.values), sorted(edit.overwrite)]
    return answered(
        act, "ledger.save", content, lambda: _save(_task(reader, ledger, row_id, act), edit)
    )


def check_row(
    reader: Reader, key: str, row_id: int | None, edit: Edit, act: Act
) -> tuple[Issue, ...]:
    """What saving would find wrong; nothing is written."""
    with transaction.atomic():
        task = _task(reader, registry.ledger(key), row_id, act)
        return _checked(task, edit)[0].issues(edit.values)


def answered(act: Act, verb: str, content: object, do: Callable[[], Saved]) -> Saved:
    """Once for each key: a repetition hears the first answer."""

    def doing() -> dict[str, Any]:
        done = do()
        return {
            "row_id": done.row_id,
            "version": done.version,
            "created": done.created,
            "unchanged": done.unchanged,
            "merged": list(done.merged),
        }

    answer, replayed = once(act, verb, content, doing)
    return replace(Saved(**{**answer, "merged": tuple(answer["merged"])}), replayed=replayed)


def locked(reader: Reader, ledger: Ledger, row_id: int) -> Stored:
    """The row, held until the transaction ends; out of scope it does not exist."""
    query = visibility.visible_to(reader, ledger.key).filter(pk=row_id).select_for_update()
    found = next(storing.fetched(ledger, query), None)
    if found is None:
        raise NotFound(say("没有这条记录，或者它不在您的可见范围内。"))
    return found


def _task(reader: Reader, ledger: Ledger, row_id: int | None, act: Act) -> Task:
    stored = None if row_id is None else locked(reader, ledger, row_id)
    task = Task(reader, ledger, act, stored)
    if stored is not None:
        must_enter(reader, ledger, visibility.rows_about(ledger.key), task.old)
    return task


def _save(task: Task, edit: Edit) -> Saved:
    storing.refuse_foreign_ring()
    result, whole = _checked(task, edit)
    result.refuse(edit.values)
    if task.stored is None:
        return _created(task, whole)
    take, others = _merged(task, edit, result.values)
    if not take:
        return Saved(task.stored.id, task.stored.version, unchanged=True, merged=others)
    return replace(_changed(task, task.stored, {**task.old, **take}), merged=others)


def _checked(task: Task, edit: Edit) -> tuple[Typed, Values]:
    """Every fault of what was typed, and the row as it would be."""
    about = visibility.rows_about(task.ledger.key)
    old = task.old
    result = typed(task.reader, task.ledger, about, edit, old)
    whole = dict.fromkeys(task.ledger.by_key) | old | result.values
    changed = frozenset(k for k, v in result.values.items() if k not in old or old[k] != v)
    is_theirs = may_enter(task.reader, task.ledger, about, whole)
    # Which numbers exist in the county is told to nobody who may not write this very row.
    check_whole(task.ledger, result, whole, changed if is_theirs else frozenset())
    key = tuple(whole[name] for name in task.ledger.natural_key)
    if is_theirs and None not in key and (not old or changed & set(task.ledger.natural_key)):
        _check_key(task, result, key)
    if not is_theirs and "org" not in result.faults:
        result.faults["org"] = bad_value(
            say("这条记录不在您能填写的范围内。"), value=whole["org"], code="scope",
            proposal=say("请核对所属单位和对象。"),
        )  # fmt: skip
    return result, whole


def _check_key(task: Task, result: Typed, key: tuple[object, ...]) -> None:
    """The identity of a row is free, and nobody calls it by the name it gives up."""
    ledger = task.ledger
    wanted = dict(zip(ledger.natural_key, key, strict=True))
    others = rows_of(ledger.key).filter(**wanted)
    if task.stored:
        others = others.exclude(pk=task.stored.id)
    if others.exists():
        columns = [ledger.by_key[name].label for name in ledger.natural_key]
        labels = Label("、".join(c.zh for c in columns), ", ".join(c.en for c in columns))
        result.faults[ledger.natural_key[-1]] = bad_value(
            say("已经有一条{columns}都相同的记录。", columns=labels),
            value=key[-1],
            code="taken",
            proposal=say("请核对，或改那一条。"),
        )
    if task.stored:
        old = tuple(task.old[name] for name in ledger.natural_key)
        undoing.refuse_if_referred_to(ledger, [old], task.reader)


def _merged(task: Task, edit: Edit, yours: Values) -> tuple[Mapping[str, object], tuple[str, ...]]:
    stored, old = task.stored, task.old
    assert stored is not None
    if edit.base is None:
        raise NoVersion
    if edit.base == stored.version:
        return merge(old, old, yours).take, ()
    base = base_of(task.ledger, stored, old, edit.base)
    found = merge(base, old, yours)
    if found.clashes:
        conflict = conflict_of(task, base, yours, found.clashes)
        conflict.merged = found.others
        raise conflict
    return found.take, found.others


def base_of(ledger: Ledger, stored: Stored, old: Values, version: int) -> Values | None:
    """What the editor had before them, if the trace can tell."""
    if version > stored.version:
        return None
    key = tuple(old[name] for name in ledger.natural_key)
    return tracing.as_of(ledger, key, version, old)


def conflict_of(
    task: Task, base: Values | None, yours: Mapping[str, object], columns: Sequence[str]
) -> Conflict:
    """Told no more than the reader may see."""
    assert task.stored is not None
    about, old = visibility.rows_about(task.ledger.key), task.old
    by = _last_by(task, columns)

    def seen(column: str, value: object) -> object:
        sight = sights.sight(task.reader, about, old, column)
        if sight is Sight.CLEAR:
            return value
        return None if sight is Sight.ABSENT else sights.veil(value)

    clashes = [
        Clash(
            column,
            seen(column, base[column]) if base else None,
            seen(column, old[column]),
            yours.get(column),
            *(by.get(column) or ("", None)),
        )
        for column in columns
    ]
    return Conflict(task.ledger, task.stored.version, clashes)


def _last_by(task: Task, columns: Sequence[str]) -> dict[str, tuple[str, Any]]:
    key = tuple(task.old[name] for name in task.ledger.natural_key)
    text = tracing.key_text(task.ledger, key)
    changes = Change.objects.filter(ledger=task.ledger.key, row_key=text).order_by("pk")
    found: dict[str, tuple[str, Any]] = {}
    for change in changes:
        for column in (change.after or {}).keys() & set(columns):
            found[column] = (change.actor, change.at)
    return found


def _created(task: Task, whole: Values) -> Saved:
    trace, columns = task.trace, tuple(task.ledger.by_key)
    row = Incoming(tuple(whole[name] for name in columns))
    storing.write(task.ledger, columns, Difference(created=[row]), trace)
    key = {name: whole[name] for name in task.ledger.natural_key}
    mine = visibility.visible_to(task.reader, task.ledger.key)
    row_id = mine.values_list("id", flat=True).get(**key)
    record(task, row_id, "row.create", audit.Change(new=whole), trace)
    return Saved(row_id, 1, created=True)


def _changed(task: Task, stored: Stored, whole: Values) -> Saved:
    """A changed key is a new name: the trace then tells of an end and of a beginning."""
    ledger, old, trace = task.ledger, task.old, task.trace
    names = [name for name in whole if whole[name] != old[name]]
    values = {**whole, **vault.sealed(ledger, whole)}
    try:
        with transaction.atomic():
            rows_of(ledger.key).filter(pk=stored.id).update(
                **values,
                version=stored.version + 1,
                changed_at=trace.at,
                import_id=None,
                sheet_row=None,
            )
    except IntegrityError as taken:
        raise Refused(say("“{ledger}”刚被别人改过，请重试。", ledger=ledger.label)) from taken
    if any(name in ledger.natural_key for name in names):
        tracing.record(_renamed(ledger, stored, whole, trace), trace)
    else:
        tracing.record([storing.updated(ledger, old, whole, stored, trace)], trace)
    change = audit.Change({n: old[n] for n in names}, {n: whole[n] for n in names})
    record(task, stored.id, "row.change", change, trace)
    return Saved(stored.id, stored.version + 1)


def _renamed(ledger: Ledger, stored: Stored, whole: Values, trace: Trace) -> list[Change]:
    old = dict(zip(ledger.by_key, stored.values, strict=True))
    was = tuple(old[name] for name in ledger.natural_key)
    ended = storing.removal(ledger, was, stored, trace)
    now = tuple(whole[name] for name in ledger.natural_key)
    begun = tracing.change_of(ledger, now, trace, kind=Kind.CREATED, org=str(whole["org"]))
    begun.former_org, begun.version = str(old["org"]), stored.version + 1
    begun.before = {tracing.WAS: ended.row_key}
    begun.after = {
        name: tracing.plain(ledger, ledger.by_key[name], whole[name])
        for name in whole
        if whole[name] != old[name]
    }
    ended.after = {tracing.BECAME: begun.row_key}
    return [ended, begun]


def record(task: Task, row_id: int, verb: str, change: audit.Change, trace: Trace) -> None:
    """The audit entry of one row, bound to its changes; nothing sensitive in the clear."""
    hidden = {c.key for c in vault.sealed_columns(task.ledger.key)}
    hidden |= vault.number_columns(task.ledger.key)
    org = str(change.new.get("org") or task.old.get("org") or "")
    audit.record(
        verb,
        About("row", f"{task.ledger.key} {row_id}", org, task.act.source),
        actor=trace.actor,
        now=trace.at,
        change=audit.Change(change.old, {**change.new, "changes": trace.log.told}, hidden),
        why=task.act.why,
    )
