"""A county of three schools with trainings, people at their posts and a keyring."""

from tests.orgs import cast
from tests.orgs.cast import OTHER_SCHOOL, SCHOOL
from tests.returns import conftest as returns_county
from zhuji.orgs.models import Person
from zhuji.orgs.scope import Reader

People = dict[str, Reader]


def build() -> None:
    """A county of three schools with trainings, people at their posts and a keyring."""
    cast.build_county()
    cast.put("training_sessions", *map(returns_county.session, returns_county.SESSIONS))
    for org, staff in ((SCHOOL, ("S000001", "S000002")), (OTHER_SCHOOL, ("S000003",))):
        sessions_of = returns_county.SESSIONS
        rows = (returns_county.record(org, no, px) for no in staff for px in sessions_of)
        cast.put("training_records", *rows)
    for name, (role, org) in returns_county.POSTS.items():
        cast.hold(cast.person(name), cast.seat(role, org))


def people() -> People:
    named = {one.username: one for one in Person.objects.all()}
    return {name: cast.reader(named[name]) for name in returns_county.POSTS}
