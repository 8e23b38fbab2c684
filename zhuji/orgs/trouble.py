"""What the machine runs out of, as sentences: no space left, a database that does not answer."""

import errno
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# As SQLite, PostgreSQL and DuckDB say it.
_FULL_WORDS = ("disk is full", "no space left", "could not extend file", "file too large")
# "disk I/O error": what SQLite says when the file that its readers share cannot grow.
_AWAY_WORDS = (
    "connection", "server closed", "terminating", "starting up", "shutting down",
    "unable to open", "disk i/o error",
)  # fmt: skip


class Full(Refused):
    """There is no space left; everything can still be read."""


class Away(Refused):
    """The database does not answer at this moment."""


def told(error: BaseException) -> Refused | None:
    """The refusal to be shown, or None where the fault is the program's own."""
    if any(_is_full(one) for one in _chain(error)):
        return Full(
            say("磁盘空间已满，这次没有写入，已有的数据不受影响；请告诉维护人员，腾出空间后重试。")
        )
    if any(_is_away(one) for one in _chain(error)):
        return Away(say("数据库暂时连不上，这次可能没有写入；请稍后重试，重试不会重复写入。"))
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, once each."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        yield at
        at = at.__cause__ or at.__context__


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    return any(word in str(error).casefold() for word in _FULL_WORDS)


def _is_away(error: BaseException) -> bool:
    if isinstance(error, InterfaceError):
        return True
    said = str(error).casefold()
    return isinstance(error, OperationalError) and any(word in said for word in _AWAY_WORDS)
