"""Values into bytes and back, exactly: sentences stay templates with parameters, so that English
works on what is kept; days, decimals and fractions come back as what they were.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from zhuji.kernel.messages import Label, Message

_LEVEL = 6  # of compression; more costs time and saves next to nothing
Json = Any
Packed = bytes | memoryview  # as databases give it back


def pack(value: Json) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), _LEVEL)


def unpack(kept: Packed) -> Json:
    return json.loads(zlib.decompress(kept))


def plain(value: object) -> Json:
    """What is not a scalar becomes a list that begins with a mark of its kind."""
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case Message():
            return ["m", value.template, {key: plain(one) for key, one in value.params.items()}]
        case Label():
            return ["l", value.zh, value.en]
        case _:
            return _marked(value)


def _marked(value: object) -> Json:
    match value:
        case datetime():
            return ["t", value.isoformat()]
        case date():
            return ["d", value.isoformat()]
        case Decimal():
            return ["n", str(value)]
        case Fraction():
            return ["f", str(value)]
        case list() | tuple():
            return ["s", [plain(one) for one in value]]
        case _:
            return str(value)


def whole(kept: Json) -> Any:
    """The reverse of `plain`; what was a list comes back as a tuple."""
    return _READ[kept[0]](kept) if isinstance(kept, list) else kept


_READ: Mapping[str, Callable[[list[Any]], object]] = {
    "m": lambda kept: Message(kept[1], {key: whole(one) for key, one in kept[2].items()}),
    "l": lambda kept: Label(kept[1], kept[2]),
    "t": lambda kept: datetime.fromisoformat(kept[1]),
    "d": lambda kept: date.fromisoformat(kept[1]),
    "n": lambda kept: Decimal(kept[1]),
    "f": lambda kept: Fraction(kept[1]),
    "s": lambda kept: tuple(whole(one) for one in kept[1]),
}


def _spelt(value: object) -> str:
    """Not by equality: 1 and 1.0 are equal, and are not written alike."""
    if isinstance(value, Message):
        return f"{value.template}{value.params}"
    return repr(value)


class Pool:
    """What occurs again and again, written once and named by its number."""

    def __init__(self) -> None:
        self.values: list[Json] = []
        self._known: dict[str, int] = {}

    def add(self, value: object) -> int | None:
        """Nothing stays nothing."""
        if value is None:
            return None
        text = _spelt(value)
        number = self._known.setdefault(text, len(self.values))
        if number == len(self.values):
            self.values.append(plain(value))
        return number


class Pooled:
    """Reads a pool; each value is made the first time it is asked for."""

    def __init__(self, values: list[Json]) -> None:
        self._values, self._made = values, dict[int, Any]()

    def __getitem__(self, number: int | None) -> Any:
        if number is None:
            return None
        if number not in self._made:
            self._made[number] = whole(self._values[number])
        return self._made[number]
