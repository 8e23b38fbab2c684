"""The cast of the county, each at their post."""

import pytest

from tests import once
from tests.orgs import cast
from zhuji.orgs.scope import Reader

POSTS = {
    "director": ("director", cast.COUNTY),
    "officer": ("officer", cast.OFFICE),
    "town": ("town_officer", cast.TOWN),
    "head": ("principal", cast.SCHOOL),
    "clerk": ("clerk", cast.SCHOOL),
    "teacher": ("teacher", cast.SCHOOL),
    "other_head": ("principal", cast.OTHER_SCHOOL),
}


@pytest.fixture
def people(db: None, zhuji_home: object) -> dict[str, Reader]:
    return build()


@once.built
def build() -> dict[str, Reader]:
    cast.build_county()
    found = {}
    for name, (role, org) in POSTS.items():
        who = cast.person(name)
        cast.hold(who, cast.seat(role, org))
        found[name] = cast.reader(who)
    return found
