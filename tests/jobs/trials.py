"""Kinds of work to be killed, cancelled and refused: they leave a line for each step they take."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from zhuji.jobs.kinds import Done, Kind
from zhuji.jobs.work import Work
from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import Label, Message, say
from zhuji.orgs.roles import Verb
from zhuji.project import kinds

LABEL = Label("试做", "Trial")


def trace() -> Path:
    return Path(settings.ZHUJI_HOME) / "trace.txt"


def steps() -> list[tuple[int, int]]:
    """(attempt, step) of every step that was taken."""
    if not trace().exists():
        return []
    lines = trace().read_text(encoding="ascii").splitlines()
    return [(int(line.split()[0]), int(line.split()[1])) for line in lines]


def _title(arguments: Mapping[str, Any]) -> Message:
    return say("试做 {count} 步", count=arguments["count"])


def _walk(work: Work) -> Done:
    count = int(work.arguments["count"])
    for step in range(count):
        with trace().open("a", encoding="ascii") as file:
            file.write(f"{work.attempt} {step}\n")
        work.progress(step, count)
        time.sleep(float(work.arguments.get("pause", 0)))
    work.progress(count, count)
    path = work.folder / "结果.txt"
    path.write_text("done", encoding="ascii")
    return Done((say("走了 {count} 步", count=count),), {"steps": count}, path, "text/plain")


def _refuse(work: Work) -> Done:
    raise BadInput(say("第 {row} 行不对。", row=3))


def _break(work: Work) -> Done:
    return Done((say("{n}", n=1 // int(work.arguments["count"])),))


def _kind(key: str, run: Any, *, repeatable: bool = True) -> Kind:
    return Kind(key, LABEL, _title, run, frozenset({Verb.ENTER}), repeatable)


KINDS = {
    **kinds.KINDS,
    "walk": _kind("walk", _walk),
    "walk_once": _kind("walk_once", _walk, repeatable=False),
    "refuse": _kind("refuse", _refuse),
    "break": _kind("break", _break),
}
