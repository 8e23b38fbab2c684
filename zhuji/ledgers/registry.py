"""The ledgers of a county. Adding one: a declaration, a line here, a migration, a glossary word."""

from zhuji.kernel.errors import NotFound
from zhuji.kernel.messages import say
from zhuji.ledgers.declare import Ledger
from zhuji.ledgers.declared import (
    care,
    careers,
    deeds,
    learning,
    orgs,
    papers,
    people,
    places,
    pupils,
    works,
)

# The order is also the order of writing: a row comes after the rows it refers to.
LEDGERS: tuple[Ledger, ...] = (
    *orgs.LEDGERS,
    *places.LEDGERS,
    *people.LEDGERS,
    *careers.LEDGERS,
    *pupils.LEDGERS,
    *care.LEDGERS,
    *learning.LEDGERS,
    *deeds.LEDGERS,
    *papers.LEDGERS,
    *works.LEDGERS,
)

BY_KEY = {ledger.key: ledger for ledger in LEDGERS}


def ledger(key: str) -> Ledger:
    """Find a ledger by its key or by its Chinese name."""
    for found in LEDGERS:
        if key in (found.key, found.label.zh):
            return found
    raise NotFound(say("没有名为“{key}”的台账；可用的台账见 zhuji template --list", key=key))
