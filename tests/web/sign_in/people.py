"""Who knocks in these tests, and what they hold in their hands."""

from typing import Any

from allauth.mfa.totp.internal.auth import hotp_value
from django.test import Client

from tests.orgs import cast
from tests.orgs.cast import OFFICE, PASSWORD, SCHOOL
from zhuji.orgs import second_factor
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Person

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  # of invented people


def researcher() -> Person:
    """Sees no child at all, so needs no second factor."""
    made = cast.person("researcher")
    cast.hold(made, cast.seat("researcher", OFFICE))
    return made


def clerk() -> Person:
    """Sees pupils in the clear, so needs one."""
    made = cast.person("clerk")
    cast.hold(made, cast.seat("clerk", SCHOOL))
    return made


def enrolled(person: Person) -> Person:
    """With an app; the code of the half minute before was the one shown when enrolling."""
    now = database_now()
    second_factor.enrol_app(person, SECRET, code(-1), now=now)
    return person


def code(steps: int = 0) -> str:
    counter = int(database_now().timestamp()) // 30 + steps
    return f"{hotp_value(SECRET, counter):06}"


def enter(browser: Client, person: Person, password: str = PASSWORD, **more: Any) -> Any:
    return browser.post("/sign-in/", {"username": person.username, "password": password, **more})
