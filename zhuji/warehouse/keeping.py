"""Answers kept between runs, by what they were computed from; forgotten when a run skips them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from zhuji.warehouse.render import Statement

Rows = list[tuple[Any, ...]]


class Kept:
    """What the last two runs asked. A key holds the text and the digest of every table that the
    text reads, so an answer cannot outlive a single changed row."""

    def __init__(self) -> None:
        self._asked: dict[str, Rows] = {}
        self._before: dict[str, Rows] = {}

    def turn(self) -> None:
        """A new run begins: what the one before the last asked is forgotten."""
        self._before, self._asked = self._asked, {}

    def get(self, key: str) -> Rows | None:
        rows = self._asked.get(key, self._before.get(key))
        if rows is not None:
            self._asked[key] = rows
        return rows

    def put(self, key: str, rows: Rows) -> None:
        self._asked[key] = rows


def digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def key_of(asked: Statement, digests: Mapping[str, str]) -> str:
    """Names that are no tables are steps of the statement itself, which its text holds."""
    return digest(asked.text, *(digests.get(name, "") for name in asked.reads))
