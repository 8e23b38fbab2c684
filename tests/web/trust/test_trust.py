"""The trust page: proven restores, the chain, open sessions; the yearly package; who may see it."""

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from django.db import connection

from tests.orgs import cast
from tests.web.helpful import build, client
from zhuji.jobs import worker
from zhuji.jobs.models import Job
from zhuji.orgs import audit, maintenance, sealing, trail
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Entry, Person
from zhuji.programme.keeping import shelf
from zhuji.programme.keeping.shelf import Drilled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def county(db: None) -> None:
    build()


def drilled(home: Path, *, passed: bool) -> None:
    at = datetime(2026, 3, 4, 5, 6, tzinfo=UTC).isoformat()
    differing = () if passed else ("audit_entry",)
    shelf.record(
        home / "backups", Drilled("id", "zhuji-1.backup", at, 12.5, passed, 88, differing, "0.3")
    )


@pytest.mark.parametrize("who", ["auditing", "upkeeping", cast.CHIEF])
def test_each_of_the_three_administrators_sees_it(who: str) -> None:
    page = client(who).get("/trust/").content.decode()
    assert "还没有一份备份被证明能恢复" in page
    assert ("生成资料" in page) is (who == "auditing")


@pytest.mark.parametrize("who", ["director", "officer", "head", "clerk", "teacher"])
def test_for_everybody_else_it_does_not_exist(who: str) -> None:
    one = client(who)
    assert one.get("/trust/").status_code == 404
    assert one.post("/trust/verify/").status_code == 404
    assert one.post("/trust/report/", {"year": "2026"}).status_code == 404
    assert 'href="/trust/"' not in one.get("/help/").content.decode()


def test_an_application_that_could_lift_the_protection_is_told() -> None:
    """A server can keep the owner apart; the tests' own does not. A file has no owner."""
    page = client("auditing").get("/trust/").content.decode()
    is_server = connection.vendor == "postgresql"
    assert ("网站所用的数据库用户是留痕表的所有者" in page) is is_server


def test_only_the_audit_administrator_verifies_and_reports() -> None:
    for who in ("upkeeping", cast.CHIEF):
        assert client(who).post("/trust/verify/").status_code == 404
        assert client(who).post("/trust/report/", {"year": "2026"}).status_code == 404
    assert not Job.objects.exists()


def test_a_drill_that_passed_is_proof_and_one_that_failed_is_told(zhuji_home: Path) -> None:
    drilled(zhuji_home, passed=False)
    page = client("auditing").get("/trust/").content.decode()
    assert "还没有一份备份被证明能恢复" in page
    assert "没有通过：audit_entry" in page
    drilled(zhuji_home, passed=True)
    page = client("auditing").get("/trust/").content.decode()
    assert "还没有一份备份被证明能恢复" not in page
    assert "2026年3月4日 13:06" in page


def test_the_head_of_the_chain_and_what_waits_for_a_seal_are_shown() -> None:
    sealing.seal_all(now=cast.NOW)
    assert sealing.waiting() == 0
    audit.record("test", audit.About("test"), actor="x", now=cast.NOW)
    assert sealing.waiting() == 1
    head = sealing.head()
    assert head is not None
    assert head.head in client("auditing").get("/trust/").content.decode()


def test_an_open_maintenance_session_stands_there_with_its_reason_until_it_is_closed() -> None:
    person = Person.objects.get(username="upkeeping")
    now = database_now()
    maintenance.open_session(actor=person, now=now, minutes=10, why="查一处报错")
    assert "查一处报错" in client("auditing").get("/trust/").content.decode()
    maintenance.close_session(actor=person, now=database_now())
    assert "查一处报错" not in client("auditing").get("/trust/").content.decode()


def test_verifying_is_a_job_and_its_outcome_is_kept_in_the_trail() -> None:
    sealing.seal_all(now=cast.NOW)
    answer = client("auditing").post("/trust/verify/")
    worker.serve(until_empty=True)
    assert Job.objects.get(kind__startswith="audit").state == "done", Job.objects.get(
        kind__startswith="audit"
    ).failure
    assert answer.headers["Location"] == f"/jobs/{Job.objects.get(kind__startswith='audit').pk}/"
    kept = trail.last_verified()
    assert kept is not None
    assert (kept.actor, kept.findings) == ("auditing", 0)
    assert kept.records > 0


def test_the_yearly_package_counts_views_and_names_no_child(zhuji_home: Path) -> None:
    head = client("head")
    head.post("/search/", {"q": cast.IN_ONE})
    year = database_now().year
    client("auditing").post("/trust/report/", {"year": str(year)})
    worker.serve(until_empty=True)
    job = Job.objects.get(kind__startswith="audit")
    assert job.state == "done", job.failure
    result = client("auditing").get(f"/jobs/{job.pk}/result/")
    path = zhuji_home / "report.xlsx"
    path.write_bytes(b"".join(result))
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == 10
    views = list(book["访问次数（按月）"].values)
    assert views[0] == ("月份", "台账", "职责", "次数", "人数")
    assert any(row[1:] == ("学生台账", f"principal@{cast.SCHOOL}", 1, 1) for row in views)
    assert ("head", "row.find", "学生台账", 1) in list(book["显示原值与按号查找"].values)
    assert len(list(book["个人信息清单"].values)) > 40
    text = "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row)
    assert cast.IN_ONE not in text
    assert "李小明" not in text
    assert Entry.objects.filter(verb="job.hand_out", actor="auditing").exists()


@pytest.mark.parametrize("year", ["", "99999", "二〇二六", "2026-01"])
def test_a_year_that_is_none_is_refused_in_words(year: str) -> None:
    answer = client("auditing").post("/trust/report/", {"year": year})
    assert answer.status_code == 422
    assert "请写年份" in answer.content.decode()
