"""What one reader may write into one row, and what they typed made into values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from zhuji.kernel.errors import BadInput, Issue, Level, NotAllowed, bad_value
from zhuji.kernel.messages import say
from zhuji.ledgers import checking, registry
from zhuji.ledgers.converters import Names, convert
from zhuji.ledgers.declare import Column, Ledger
from zhuji.ledgers.scope import Scope
from zhuji.orgs import scope as sights
from zhuji.orgs.roles import Sight, Subject, Verb
from zhuji.orgs.scope import Grant, Reader, Rows

# Who may enter what a ledger's owner enters, by where their role is held.
_HELD = {
    "county": frozenset({"county", "office"}),
    "town": frozenset({"county", "office", "town"}),
}
# Whoever heads a class sees its pupils, so only who sees all of them may say who does.
_OPENING = frozenset({"classes"})


@dataclass(frozen=True)
class Edit:
    """What was typed, by column. `base`: the version that was seen; `overwrite`: masked columns
    that are knowingly replaced."""

    values: Mapping[str, object]
    base: int | None = None
    overwrite: frozenset[str] = frozenset()


@dataclass
class Typed:
    """Values as the ledger keeps them, and everything that is wrong, by column."""

    values: dict[str, object] = field(default_factory=dict)
    faults: dict[str, BadInput] = field(default_factory=dict)

    def refuse(self, given: Mapping[str, object]) -> None:
        found = self.issues(given)
        if found:
            raise BadInput(say("有 {count} 处需要改正。", count=len(found)), found)

    def issues(self, given: Mapping[str, object]) -> tuple[Issue, ...]:
        return tuple(_issue(key, fault, given.get(key)) for key, fault in self.faults.items())


def may_enter(reader: Reader, ledger: Ledger, about: Rows, row: Mapping[str, object]) -> bool:
    """By one post that sees the row, may enter, and is held where the ledger is kept."""
    return any(_enters(grant, ledger) and grant.covers(about, row) for grant in reader.grants)


def must_enter(reader: Reader, ledger: Ledger, about: Rows, row: Mapping[str, object]) -> None:
    if not may_enter(reader, ledger, about, row):
        raise NotAllowed(say("您的岗位不能填写“{ledger}”的这条记录。", ledger=ledger.label))


def may_add(reader: Reader, ledger: Ledger, about: Rows) -> bool:
    """Whether any row at all could be entered; which one, `must_enter` says."""
    return any(_enters(g, ledger) and about.subject in g.role.windows for g in reader.grants)


def enters(grant: Grant, key: str) -> bool:
    """Whether this post enters rows of the ledger at all."""
    return _enters(grant, registry.ledger(key))


def _enters(grant: Grant, ledger: Ledger) -> bool:
    held = _HELD.get(ledger.owner)
    if ledger.key in _OPENING and not grant.role.reaches_all(Subject.PUPIL):
        return False
    return Verb.ENTER in grant.role.verbs and (held is None or bool(held & grant.role.held_at))


def typed(
    reader: Reader, ledger: Ledger, about: Rows, edit: Edit, old: Mapping[str, object]
) -> Typed:
    """Convert what was typed; what is shown masked and came back as shown was not touched."""
    result = Typed()
    names = Scope().names()
    for key, given in edit.values.items():
        column = ledger.by_key.get(key)
        if column is None:
            result.faults[key] = bad_value(
                say("台账里没有“{heading}”这一列。", heading=key), value=given, code="column"
            )
            continue
        refusal = _veiled(reader, about, column, edit, old)
        if refusal is not None:
            result.faults[key] = refusal
        elif not _untouched(reader, about, column, given, old):
            _convert(result, column, given, names)
    return result


def _convert(result: Typed, column: Column, given: object, names: Names) -> None:
    plain = float(given) if isinstance(given, Decimal) else given
    [value], faults = convert(column, ["" if plain is None else plain], orgs=names)
    if faults:
        result.faults[column.key] = faults[0]
    else:
        result.values[column.key] = value


def _sight(reader: Reader, about: Rows, column: Column, old: Mapping[str, object]) -> Sight:
    """Of a row that is not there yet: as the reader's posts would see it."""
    if old:
        return sights.sight(reader, about, old, column.key)
    return sights.general_sight(reader, about, column.key)


def _veiled(
    reader: Reader, about: Rows, column: Column, edit: Edit, old: Mapping[str, object]
) -> BadInput | None:
    seen = _sight(reader, about, column, old)
    given = edit.values[column.key]
    if seen is Sight.ABSENT:
        return bad_value(
            say("您的岗位看不到这一项，不能填写。"), value=None, code="absent",
            proposal=say("请留空，由能看到的人填写。"),
        )  # fmt: skip
    stored = old.get(column.key)
    if seen is Sight.CLEAR or stored is None or column.key in edit.overwrite:
        return None
    if given == sights.veil(stored):
        return None
    return bad_value(
        say("这一项打了码，您没有看到原值。"), value=None, code="masked",
        proposal=say("要改写，请先注明改写这一项；不改就保持原样。"),
    )  # fmt: skip


def _untouched(
    reader: Reader, about: Rows, column: Column, given: object, old: Mapping[str, object]
) -> bool:
    stored = old.get(column.key)
    if stored is None or _sight(reader, about, column, old) is not Sight.MASKED:
        return False
    return given == sights.veil(stored)


def check_whole(
    ledger: Ledger, result: Typed, whole: Mapping[str, object], changed: frozenset[str]
) -> None:
    """What must hold within the row and towards what it refers to; faults join the others."""
    columns = {key: [whole.get(key)] for key in ledger.by_key}
    faults: checking.AllFaults = {
        key: {0: result.faults[key]} if key in result.faults else {} for key in columns
    }
    checking.require(ledger, columns, faults)
    checking.check_span(ledger, columns, faults)
    named = {key: columns[key] for key in ledger.by_key if key in changed}
    checking.check_references(ledger, named, faults, Scope())
    for key, found in faults.items():
        if found:
            result.faults.setdefault(key, found[0])


def _issue(key: str, fault: BadInput, given: object) -> Issue:
    [found] = fault.issues
    return Issue(
        Level.ERROR,
        found.message,
        column=key,
        value=None if found.code in ("absent", "masked") else given,
        proposal=found.proposal,
        code=found.code,
    )
