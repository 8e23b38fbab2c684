"""Reads a workbook or CSV file into tables, through a parser in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from zhuji.kernel.collecting import uncollected
from zhuji.kernel.errors import BadInput, bad_value
from zhuji.kernel.messages import Message, say
from zhuji.ledgers import parsing, safety
from zhuji.ledgers.declare import Ledger
from zhuji.ledgers.tables import Contents, ExcelError, Sheet, TimeOfDay, find


@uncollected()
def read(
    path: Path, ledger: Ledger | None = None, limits: safety.Limits = safety.LIMITS
) -> Contents:
    """Check, parse and find the tables, or refuse with one sentence."""
    contents = find(sheets_of(path, limits), ledger)
    if any(len(grid.records) > limits.rows for grid in contents.grids):
        raise _refusal(parsing.TOO_MANY_ROWS, limits)
    return contents


def sheets_of(path: Path, limits: safety.Limits = safety.LIMITS) -> list[Sheet]:
    """The sheets of a file as they stand, or the one sentence that refuses it."""
    return sheets(_parsed(path, safety.check(path, limits), limits), limits)


def sheets(answer: bytes, limits: safety.Limits = safety.LIMITS) -> list[Sheet]:
    """What the parser found, or its refusal as a sentence."""
    found = json.loads(answer, object_hook=restored)
    if "refused" in found:
        raise _refusal(found["refused"], limits)
    return [
        Sheet(
            name=sheet["name"],
            rows=tuple((number, cells) for number, cells in sheet["rows"]),
            visible=sheet["visible"],
            merged=tuple((tuple(start), tuple(end)) for start, end in sheet["merged"]),
        )
        for sheet in found["sheets"]
    ]


def _parsed(path: Path, form: safety.Form, limits: safety.Limits) -> bytes:
    words = [str(limits.seconds), str(limits.memory_bytes), str(limits.rows)]
    command = [
        sys.executable,
        "-I",
        "-m",
        "zhuji.ledgers.parsing",
        str(path.resolve()),
        form,
        *words,
    ]
    try:
        done = subprocess.run(  # noqa: S603  # our own module; the path is an argument, not a command
            command, capture_output=True, timeout=2 * limits.seconds, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise _runaway() from late
    if done.returncode != 0:
        raise _runaway()
    return done.stdout


def restored(found: dict[str, Any]) -> object:
    """A cell that JSON has no word for."""
    match found:
        case {"d": str(text)}:
            return date.fromisoformat(text)
        case {"t": str(text)}:
            return TimeOfDay(text)
        case {"e": str(text)}:
            return ExcelError(text)
        case _:
            return found


def _refusal(reason: str, limits: safety.Limits) -> BadInput:
    refusals: Mapping[str, tuple[Message, Message]] = {
        parsing.TOO_MANY_ROWS: (
            say("一张工作表超过了 {most} 行。", most=limits.rows),
            say("请按学校或学年分成几个文件。"),
        ),
        parsing.ENCODING: (
            say("文本文件的编码不是 UTF-8 或 GB18030。"),
            say("请用 WPS 或 Excel 另存为 .xlsx 文件。"),
        ),
        parsing.UNREADABLE: (
            say("读不出工作簿的内容。"),
            say("请用 WPS 或 Excel 打开后另存为新的 .xlsx 文件。"),
        ),
    }
    problem, proposal = refusals[reason]
    return bad_value(problem, value=None, code=f"file.{reason}", proposal=proposal)


def _runaway() -> BadInput:
    return bad_value(
        say("读取这个文件超出了时间或内存的限度。"),
        value=None,
        code="file.runaway",
        proposal=say("请把有用的行和列复制到新的工作簿再上传。"),
    )
