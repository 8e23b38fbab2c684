"""To come in, to hold a post, to let a parent look."""

from datetime import date
from typing import Any

from tests.faults.acts.form import LATER, Act
from tests.faults.posts import People
from tests.orgs import cast
from tests.orgs.cast import OTHER_SCHOOL, PASSWORD, SCHOOL
from zhuji.orgs import accounts, actions, attempts, links, sessions, sign_in
from zhuji.orgs.accounts import Newcomer
from zhuji.orgs.models import Appointment, ChildLink, Person


def enter(people: People, _: Any) -> object:
    who = sign_in.sign_in("clerk", PASSWORD, now=LATER)
    return sessions.begin(who, sessions.How.PASSWORD, now=LATER)


def signed_in(people: People, _: Any) -> object:
    """One sign-in that lasts, and nothing that keeps the name from coming again."""
    who = Person.objects.get(username="clerk")
    return len(sessions.lasting(who, LATER)) >= 1, attempts.waits("sign_in", "clerk", LATER)


def _chief() -> Person:
    return Person.objects.get(username=cast.CHIEF)


def add_person(people: People, _: Any) -> object:
    return accounts.add_person(Newcomer("new", "新某"), PASSWORD, actor=_chief(), now=LATER)


def appoint(people: People, _: Any) -> object:
    seat = cast.seat("teacher", OTHER_SCHOOL)
    return actions.appoint("clerk", seat, actor=_chief(), now=LATER, why="任免文件")


def end_post(people: People, _: Any) -> object:
    post = Appointment.objects.get(person__username="clerk")
    return actions.end(post.pk, date(2022, 3, 2), actor=_chief(), now=LATER, why="任免文件")


def deputise(people: People, _: Any) -> object:
    post = Appointment.objects.get(person__username="head")
    until = date(2022, 4, 1)
    return actions.deputise(post.pk, "teacher", until, actor=_chief(), now=LATER, why="出差")


def issue_link(people: People, _: Any) -> object:
    who = Person.objects.get(username="clerk")
    return links.issue(SCHOOL, 1, actor=who, now=LATER, why="家长申请")


def _link(people: People) -> ChildLink:
    issue_link(people, None)
    return ChildLink.objects.get()


def ask_correction(people: People, link: ChildLink) -> object:
    return links.ask_correction(link, "姓名有误", now=LATER)


ACTS = (
    Act("sign in", enter, told=signed_in),
    Act("add a person", add_person),
    Act("appoint", appoint),
    Act("end a post", end_post),
    Act("deputise", deputise),
    Act("issue a link", issue_link),
    Act("ask for a correction", ask_correction, _link),
)
