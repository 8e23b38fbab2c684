"""Readers of the small county, one for each kind of post that matters."""

from datetime import date

from tests.programme.yunxi import COUNTY, FIRST, JUNE, NINE, OFFICE, SAND, STONE, VILLAGE
from zhuji.orgs import roles
from zhuji.orgs.roles import Role
from zhuji.orgs.scope import Grant, Reader

EVERYBODY = frozenset({COUNTY, OFFICE, STONE, SAND, FIRST, VILLAGE, NINE})
BELOW = {
    COUNTY: EVERYBODY,
    OFFICE: EVERYBODY,
    STONE: frozenset({STONE, FIRST, VILLAGE}),
    SAND: frozenset({SAND, NINE}),
}


def reader(role: Role, at: str, today: date = JUNE) -> Reader:
    return Reader(f"{role.key}@{at}", today, (Grant(role, at, BELOW.get(at, frozenset({at}))),))


DIRECTOR = reader(roles.DIRECTOR, COUNTY)
OFFICER = reader(roles.OFFICER, OFFICE)
TOWN_OFFICER = reader(roles.TOWN_OFFICER, STONE)
HEAD = reader(roles.PRINCIPAL, VILLAGE)
PARENT = reader(roles.PARENT, VILLAGE)
SYSTEM_ADMINISTRATOR = reader(roles.SYSTEM_ADMINISTRATOR, OFFICE)
