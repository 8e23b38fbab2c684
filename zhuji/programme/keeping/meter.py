"""How far a long piece of work is, in bytes of a total known before it begins."""

from collections.abc import Callable
from dataclasses import dataclass

Step = Callable[[int, int], None]
_MIB = 1 << 20


@dataclass
class Meter:
    total: int
    step: Step | None = None
    done: int = 0

    def add(self, count: int) -> None:
        self.done += count
        if self.step:
            self.step(min(self.done, self.total) // _MIB, max(self.total // _MIB, 1))
