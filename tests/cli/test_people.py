"""The first person of an installation."""

import io
import sys

import pytest

from tests.cli.conftest import Terminal
from zhuji.ledgers import actions
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Appointment, Person

ORG = {"org": "990102", "name": "示例县", "kind": "county", "valid_from": "2020-01-01"}


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("大盛镇的春天来了2022\n"))


@pytest.mark.usefixtures("typed")
def test_the_first_person_is_a_security_administrator_and_there_is_no_second(cli: Terminal) -> None:
    chief = Appointment.objects.filter(role="security_administrator")
    chief.update(role="system_administrator")  # as before anybody was let in
    county = {**ORG, "valid_from": database_now().date()}
    actions.put("orgs", [county], actor="测试", now=database_now(), cause="示例县")
    assert cli.run("found", "anquan", "--name", "王安全", "--org", "990102") == 0
    made = Person.objects.get(username="anquan")
    assert made.check_password("大盛镇的春天来了2022")
    assert [post.role for post in made.appointments.all()] == ["security_administrator"]
    assert cli.run("found", "second", "--name", "李二", "--org", "990102") == 1
    assert cli.err == "已经有安全管理员，新的任命由安全管理员作出。\n"


@pytest.mark.usefixtures("typed")
def test_an_org_that_is_not_there_is_named(cli: Terminal) -> None:
    assert cli.run("found", "anquan", "--name", "王安全", "--org", "000000") == 2
    assert cli.err == "机构台账里没有 000000；请先导入机构台账。\n"
