"""How long a test runs: short within the suite, long when a script of bench/ asks for it."""

import json
import os
from pathlib import Path
from typing import TypeVar

LONG, REPORT = "ZHUJI_LONG", "ZHUJI_REPORT"
T = TypeVar("T")


def is_long() -> bool:
    return bool(os.environ.get(LONG))


def choose(short: T, long: T) -> T:
    return long if is_long() else short


def report(what: str, **facts: object) -> None:
    """A line for the script that asked; within the suite nobody reads it."""
    path = os.environ.get(REPORT)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"what": what, **facts}, ensure_ascii=False, default=str) + "\n")
