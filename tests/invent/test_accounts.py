"""The invented people: one for each role, in places where there is something for them to see."""

import json
from pathlib import Path

import pytest

from zhuji.invent import accounts
from zhuji.invent.marker import FILE, marker
from zhuji.invent.rows import rows
from zhuji.invent.world import World
from zhuji.kernel.errors import Refused
from zhuji.ledgers import actions as ledgers
from zhuji.ledgers import visibility
from zhuji.orgs import people
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Appointment, Person
from zhuji.orgs.roles import PARENT, ROLES

pytestmark = pytest.mark.django_db


@pytest.fixture
def marked(world: World, zhuji_home: Path) -> World:
    (zhuji_home / FILE).write_text(json.dumps(marker(world)), encoding="utf-8")
    return world


def test_there_is_somebody_for_each_role_and_twice_makes_nobody_twice(marked: World) -> None:
    now = database_now()
    made = accounts.settle(marked, now=now)
    assert made == Person.objects.count() == 16
    roles = set(Appointment.objects.values_list("role", flat=True))
    assert roles == {role.key for role in ROLES} - {PARENT.key}
    assert accounts.settle(marked, now=now) == 0
    assert Person.objects.count() == 16
    assert Appointment.objects.count() == 17  # the deputy holds two


def test_they_have_no_password_and_say_that_they_are_invented(marked: World) -> None:
    accounts.settle(marked, now=database_now())
    assert not any(person.has_usable_password() for person in Person.objects.all())
    assert all(person.invented for person in Person.objects.all())


def test_in_a_real_county_none_is_made(world: World) -> None:
    with pytest.raises(Refused, match="虚构县"):
        accounts.settle(world, now=database_now())
    assert not Person.objects.exists()


def test_the_teacher_has_a_class_and_the_deputy_stands_in(marked: World) -> None:
    until = marked.clock.until
    for key in ("orgs", "org_edges", "staff", "classes", "pupils", "enrolments"):
        ledgers.put(key, rows(marked, key), actor="测试", now=database_now(), cause="invent")
    accounts.settle(marked, now=database_now())
    teacher = people.invented_named("teacher")
    deputy = people.invented_named("deputy")
    assert teacher is not None
    assert deputy is not None
    reader = visibility.reader_of(teacher, now=database_now(), today=until)
    [grant] = reader.grants
    assert 5 < len(grant.pupils) < 60
    assert visibility.visible_to(reader, "pupils").count() == len(grant.pupils)
    standing = visibility.reader_of(deputy, now=database_now(), today=until)
    assert {(one.role.key, one.deputy_of) for one in standing.grants} == {
        ("teacher", ""),
        ("principal", "principal_2"),
    }
