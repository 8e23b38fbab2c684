"""Readers of the cast's county, and the acts they do."""

from datetime import datetime

from tests.orgs import cast
from zhuji.orgs.idempotency import Act
from zhuji.orgs.scope import Reader

NOW = cast.NOW


def reader(username: str, role: str, org: str = cast.SCHOOL) -> Reader:
    who = cast.person(username)
    cast.hold(who, cast.seat(role, org))
    return cast.reader(who)


def act(actor: str = "clerk", *, once: str = "", why: str = "更正", now: datetime = NOW) -> Act:
    return Act(actor, now, once, why, "/test")
