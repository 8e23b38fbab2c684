"""How large an invented county is: what a town holds, and how many pupils there are in all."""

from dataclasses import dataclass

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import say


@dataclass(frozen=True)
class Mix:
    """How many schools of each type one town has, besides those that the plan names."""

    junior: int
    primary: int
    nine_year: int
    points: int
    kindergartens: int


@dataclass(frozen=True)
class Size:
    key: str
    pupils: int
    streets: int  # urban towns
    towns: int  # rural towns, the pilots among them
    rural: Mix
    urban: Mix


SIZES = {
    "tiny": Size("tiny", 420, 1, 2, Mix(1, 1, 0, 0, 1), Mix(1, 1, 0, 0, 1)),
    "demo": Size("demo", 19_500, 2, 6, Mix(1, 3, 0, 1, 3), Mix(1, 1, 0, 0, 2)),
    "reference": Size("reference", 100_000, 2, 12, Mix(2, 8, 1, 2, 6), Mix(6, 11, 1, 0, 19)),
}


def size_of(key: str) -> Size:
    if key not in SIZES:
        raise NotFound(
            say("没有名为“{key}”的规模；可用的有 {known}。", key=key, known=tuple(SIZES))
        )
    return SIZES[key]
