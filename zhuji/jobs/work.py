"""What a kind of work is given while it runs: its arguments, its folder, and how to say how far."""

import threading
import time
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from zhuji.jobs import places
from zhuji.jobs.places import Progress
from zhuji.kernel.errors import NotAllowed
from zhuji.kernel.messages import say
from zhuji.ledgers import visibility
from zhuji.orgs import county, rules
from zhuji.orgs.roles import Verb
from zhuji.orgs.scope import Reader

# Set when the worker is told to leave; work that can be taken up again steps aside.
LEAVING = threading.Event()
_PAUSE = 0.5  # seconds between two writes of how far it is, and two looks at who wants it to stop


class Cancelled(Exception):
    """Whoever asked for it does not want it any more."""


class SteppedAside(Exception):
    """The worker leaves; the next one takes the work up again."""


@dataclass
class Work:
    number: int
    attempt: int
    actor: str
    org: str
    arguments: dict[str, Any]
    now: datetime
    folder: Path
    may_step_aside: bool = True
    told: Progress = field(init=False)
    _looked: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.told = places.begin(self.number, self.attempt)
        places.tell(self.number, self.told)

    def progress(self, done: int, total: int) -> None:
        """As often as one likes; it is written, and looked for a reason to stop, twice a second."""
        self.told = replace(self.told, at=time.time(), done=done, total=total)
        if time.monotonic() - self._looked >= _PAUSE:
            self._looked = time.monotonic()
            places.tell(self.number, self.told)
            self.check()

    def check(self) -> None:
        """Leaves through an exception when there is no more point in going on."""
        if places.is_asked_to_stop(self.number):
            raise Cancelled
        if self.may_step_aside and LEAVING.is_set():
            raise SteppedAside

    @property
    def given(self) -> Path:
        """The file that was handed in with the work."""
        return places.given(self.number, str(self.arguments["file"]))

    @property
    def language(self) -> str:
        return str(self.arguments.get("language") or "zh-hans")

    @cached_property
    def today(self) -> date:
        return county.today(self.now)

    @cached_property
    def reader(self) -> Reader:
        """What exists for whoever asked, as of this attempt and not of when they asked."""
        person = rules.person_named(self.actor)
        return visibility.reader_of(person, now=self.now, today=self.today)

    def acting(self, *verbs: Verb) -> Reader:
        """The reader through those posts only that allow one of these; refused without any."""
        found = self.reader.through(*verbs)
        if not found.grants:
            raise NotAllowed(say("您的岗位已不能做这件事，所以没有执行。"))
        return found
