"""A form in parts, as paper forms are: who or what, the facts, the dates, what proves it."""

from collections.abc import Sequence

from zhuji.kernel.messages import Label
from zhuji.ledgers.declare import Column, Counted, Event, Ledger, Level, Type, Valid

_WHO = Label("是谁、是什么", "Who or what")
_FACTS = Label("内容", "Facts")
_PERSONAL = Label("个人信息", "Personal")
_WHEN = Label("时间", "When")
_PROOF = Label("佐证与备注", "Evidence and remarks")
_PROOFS = ("evidence", "document", "basis", "remark", "note", "file", "approver", "reason")
Section = tuple[Label, Sequence[Column]]


def sections(ledger: Ledger) -> list[Section]:
    """Every column once, in the order of the declaration within each part."""
    parts: dict[Label, list[Column]] = {
        part: [] for part in (_WHO, _FACTS, _PERSONAL, _WHEN, _PROOF)
    }
    for column in ledger.columns:
        parts[_part(ledger, column)].append(column)
    return [(part, columns) for part, columns in parts.items() if columns]


def _part(ledger: Ledger, column: Column) -> Label:
    if column.key in _days(ledger):
        return _WHEN
    if column.key in ledger.natural_key or column.key in ("org", "name", "title"):
        return _WHO
    if column.level in (Level.PERSONAL, Level.SENSITIVE):
        return _PERSONAL
    if any(word in column.key for word in _PROOFS):
        return _PROOF
    return _WHEN if column.type is Type.DATE else _FACTS


def _days(ledger: Ledger) -> tuple[str, ...]:
    match ledger.dated:
        case Valid(start, end):
            return (start, end)
        case Event(on) | Counted(on):
            return (on,)
        case _:
            return ()
