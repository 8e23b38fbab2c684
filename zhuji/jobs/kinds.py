"""What a kind of long work is; which ones there are is a table that the settings name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

from zhuji.jobs.work import Work
from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import Label, Message, say
from zhuji.orgs.roles import Verb
from zhuji.orgs.scope import Reader

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Done:
    """What work leaves: sentences for the page, facts for links, perhaps a file."""

    lines: tuple[Message, ...]
    facts: Mapping[str, int | str] = field(default_factory=dict)
    file: Path | None = None
    type: str = WORKBOOK
    findings: tuple[Any, ...] = ()  # as `said.findings` makes them


Guarded = Callable[[Reader, str, Mapping[str, Any], datetime], int]


def _nothing(reader: Reader, org: str, arguments: Mapping[str, Any], now: datetime) -> int:
    return 0


@dataclass(frozen=True)
class Kind:
    """`verbs`: one of them must be allowed by a post of whoever asks, at the org it is asked for.

    `repeatable`: done twice it leaves what it leaves done once, so a killed one is taken up again.
    `guarded`: how many rows it would let out that another person must agree to.
    """

    key: str
    label: Label
    title: Callable[[Mapping[str, Any]], Message]  # refuses arguments that it cannot name
    run: Callable[[Work], Done]
    verbs: frozenset[Verb]
    repeatable: bool = True
    guarded: Guarded = _nothing

    def is_open_to(self, reader: Reader, org: str) -> bool:
        return any(
            self.verbs & grant.role.verbs and (not org or org in grant.orgs)
            for grant in reader.grants
        )


@cache
def _table(module: str) -> Mapping[str, Kind]:
    kinds: Mapping[str, Kind] = import_module(module).KINDS
    return kinds


def standing_orders() -> tuple[Callable[[datetime], object], ...]:
    """What the worker asks itself every minute whether it is time for."""
    return tuple(getattr(import_module(settings.ZHUJI_JOB_KINDS), "STANDING_ORDERS", ()))


def kind(key: str) -> Kind:
    found = _table(settings.ZHUJI_JOB_KINDS).get(key)
    if found is None:
        raise NotFound(say("没有名为“{key}”的后台工作。", key=key))
    return found
