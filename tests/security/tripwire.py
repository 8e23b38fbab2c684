"""Whatever reads rows about minors must have them from `visibility`; every other read is caught.

A statement made there bears a mark. One without it is let pass only below a function that the
reviewed file names with its reason.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.db.models import QuerySet

from tests.security.expected import reviewed
from zhuji.ledgers import registry, vault, visibility
from zhuji.ledgers.models import Change
from zhuji.orgs import scope

MARK = "'within scope' = 'within scope'"


class Bypassed(AssertionError):
    """Rows about minors were read without asking what exists for the reader."""


def tables() -> frozenset[str]:
    minors = {
        vault.table_name(ledger)
        for ledger in registry.LEDGERS
        if visibility.rows_about(ledger.key).about_minors
    }
    return frozenset(minors | {Change._meta.db_table})


@contextmanager
def stretched(used: set[str] | None = None) -> Iterator[list[str]]:
    """Yields what was caught; `used`: which of the reviewed exceptions were needed."""
    watched = re.compile("|".join(rf'"{table}"' for table in sorted(tables())))
    allowed, caught = reviewed().unscoped, list[str]()
    visible_to = scope.visible_to

    def marked(*args: Any) -> QuerySet[Any]:
        return visible_to(*args).extra(where=[MARK])  # noqa: S610  # a mark of the test's own

    def look(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("SELECT") and watched.search(sql) and MARK not in sql:
            by = next((name for name in _callers() if name in allowed), "")
            if not by:
                caught.append(f"{_callers()[:6]}: {sql[:200]}")
            elif used is not None:
                used.add(by)
        return execute(sql, *rest)

    with patch.object(scope, "visible_to", marked), connection.execute_wrapper(look):
        yield caught


def _callers() -> list[str]:
    """The functions of the house on the stack, the innermost first."""
    found = []
    frame = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("zhuji."):
            found.append(f"{module}.{frame.f_code.co_name}")
        frame = frame.f_back  # type: ignore[assignment]
    return found
