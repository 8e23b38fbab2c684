"""The two shapes that all tellers share: a row, and who is asked for it."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from random import Random
from typing import NamedTuple

from zhuji.invent.layout import Place
from zhuji.invent.world import World

Value = str | int | Decimal | date | bool | None
Row = dict[str, Value]
Tell = Callable[[World, Place, Random], Iterator[Row]]


class Teller(NamedTuple):
    """`asked` names the kinds of organisation that keep this ledger."""

    tell: Tell
    asked: tuple[str, ...]


SCHOOLS = ("school", "kindergarten", "teaching_point")
COMPULSORY = ("school", "teaching_point")
TOWNS = ("town",)
BUREAU = ("bureau",)
EVERYONE = ("county", "office", "town", *SCHOOLS)


def asks(teller: Teller, world: World) -> Iterator[Place]:
    for place in world.places:
        if place.kind in teller.asked or ("bureau" in teller.asked and place is world.bureau):
            yield place
