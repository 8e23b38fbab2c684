"""Two editors of one row: different fields merge, the same field shows both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from zhuji.kernel.errors import BadInput, Issue, Level, Refused
from zhuji.kernel.messages import Message, say
from zhuji.ledgers.declare import Ledger


@dataclass(frozen=True)
class Clash:
    """A field that somebody else changed as well; the values are as the reader may see them."""

    column: str
    base: object
    theirs: object
    yours: object
    by: str = ""
    at: datetime | None = None


class Conflict(Refused):
    """The row was changed meanwhile where you change it too; answer with `version` as base."""

    def __init__(self, ledger: Ledger, version: int, clashes: Sequence[Clash]) -> None:
        self.version = version
        self.clashes = tuple(clashes)
        self.merged: tuple[str, ...] = ()
        message = say(
            "这条记录在您打开之后被改过，有 {count} 项需要您决定。", count=len(self.clashes)
        )
        super().__init__(message, tuple(_issue(ledger, clash) for clash in self.clashes))


class NoVersion(BadInput):
    """An existing row is changed only by somebody who says which version they saw."""

    def __init__(self) -> None:
        super().__init__(say("请写明您看到的是这条记录的哪个版本。"))


@dataclass(frozen=True)
class Merge:
    """What of the changes is to be written, what others changed, where both did."""

    take: Mapping[str, object]
    others: tuple[str, ...]
    clashes: tuple[str, ...]


def merge(
    base: Mapping[str, object] | None,
    theirs: Mapping[str, object],
    yours: Mapping[str, object],
) -> Merge:
    """Without a base nothing tells who changed what, so every difference is shown to both."""
    known = theirs if base is None else base
    wanted = {c: v for c, v in yours.items() if v != theirs[c] and (base is None or v != known[c])}
    both = tuple(c for c in wanted if base is None or theirs[c] != known[c])
    others = tuple(c for c in theirs if theirs[c] != known[c] and c not in both)
    return Merge({c: v for c, v in wanted.items() if c not in both}, others, both)


def _issue(ledger: Ledger, clash: Clash) -> Issue:
    return Issue(
        Level.ERROR,
        _told(ledger, clash),
        column=clash.column,
        value=clash.yours,
        proposal=say("请选定一个值，再保存一次。"),
        code="conflict",
    )


def _told(ledger: Ledger, clash: Clash) -> Message:
    return say(
        "“{column}”：{by} 改成了“{theirs}”，您填的是“{yours}”。",
        column=ledger.by_key[clash.column].label,
        by=clash.by or say("别人"),
        theirs="" if clash.theirs is None else clash.theirs,
        yours="" if clash.yours is None else clash.yours,
    )
