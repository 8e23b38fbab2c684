"""The cast with the three administrators, and a client for each."""

from django.test import Client

from tests import once
from tests.orgs import cast
from tests.tasks.conftest import POSTS
from zhuji.orgs.models import Person

MORE = {
    "auditing": ("audit_administrator", cast.COUNTY),
    "upkeeping": ("system_administrator", cast.COUNTY),
}


@once.built
def build() -> None:
    cast.build_county()
    for name, (role, org) in {**POSTS, **MORE}.items():
        cast.hold(cast.person(name), cast.seat(role, org))


def client(username: str) -> Client:
    made = Client()
    made.force_login(Person.objects.get(username=username))
    return made
