"""Pages of long work: one's own only, as it goes on and when it ended; and the health page."""

import json

import pytest
from django.test import Client

from tests.jobs.conftest import CLERK, OTHER_CLERK, build
from tests.orgs import cast
from zhuji.jobs import actions, places, pulse, worker
from zhuji.jobs.models import Job, State
from zhuji.jobs.places import Progress
from zhuji.orgs.idempotency import Act
from zhuji.orgs.models import Person

# Committed, as the worker has it: it drops any connection that it finds in a transaction.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def county(db: None, settings: object) -> None:
    settings.ZHUJI_JOB_KINDS = "tests.jobs.trials"  # type: ignore[attr-defined]
    build()


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=username))
    return client


def ask(kind: str = "walk") -> int:
    asked = {"count": 3}
    return actions.ask(kind, asked, Act(CLERK, cast.NOW), org=cast.SCHOOL).pk


def running() -> int:
    number = ask()
    Job.objects.filter(pk=number).update(state=State.RUNNING, attempts=1)
    places.cleared(number, 1)
    places.tell(number, Progress(1, began=0, at=90, done=30, total=120))
    return number


def test_a_running_job_shows_rows_done_and_time_left_and_asks_again() -> None:
    number = running()
    page = signed_in(CLERK).get(f"/jobs/{number}/").content.decode()
    assert "已完成 30 / 120" in page
    assert "大约还要 5 分钟" in page
    assert f'hx-get="/jobs/{number}/"' in page
    assert "取消这件工作" in page


def test_the_part_alone_is_answered_while_it_runs_and_the_page_anew_at_its_end() -> None:
    number = running()
    client, head = signed_in(CLERK), {"HX-Request": "true", "HX-Target": f"job-{number}"}
    part = client.get(f"/jobs/{number}/", headers=head)
    assert "<html" not in part.content.decode()
    assert "HX-Refresh" not in part.headers
    Job.objects.filter(pk=number).update(state=State.DONE)
    assert client.get(f"/jobs/{number}/", headers=head).headers["HX-Refresh"] == "true"


def test_a_result_is_downloaded_under_its_own_name_by_its_owner_only() -> None:
    number = ask()
    worker.serve(until_empty=True)
    client = signed_in(CLERK)
    assert "走了 3 步" in client.get(f"/jobs/{number}/").content.decode()
    answer = client.get(f"/jobs/{number}/result/")
    assert b"".join(answer) == b"done"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    stranger = signed_in(OTHER_CLERK)
    for address in (f"/jobs/{number}/", f"/jobs/{number}/result/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"/jobs/{number}/cancel/").status_code == 404
    assert "走" not in stranger.get("/jobs/").content.decode()


def test_a_waiting_job_is_cancelled_by_a_button() -> None:
    number = ask()
    client = signed_in(CLERK)
    assert client.get(f"/jobs/{number}/cancel/").status_code == 405
    page = client.post(f"/jobs/{number}/cancel/", follow=True).content.decode()
    assert "已取消" in page
    assert client.post(f"/jobs/{number}/cancel/").status_code == 409


def test_a_failure_is_told_on_the_page_and_in_the_list() -> None:
    number = ask("refuse")
    worker.serve(until_empty=True)
    client = signed_in(CLERK)
    for address in (f"/jobs/{number}/", "/jobs/"):
        assert "第 3 行不对。" in client.get(address).content.decode()


def test_without_jobs_the_list_says_what_would_be_there() -> None:
    assert "还没有后台任务" in signed_in(CLERK).get("/jobs/").content.decode()


def test_nobody_unknown_sees_jobs() -> None:
    assert Client().get("/jobs/").status_code == 302


def test_health_is_public_and_tells_of_database_and_worker() -> None:
    told = json.loads(Client().get("/health/").content)
    assert (told["status"], told["database"]["ok"], told["worker"]["ok"]) == (
        "degraded",
        True,
        False,
    )
    with pulse.beating("one"):
        told = json.loads(Client().get("/health/").content)
    assert (told["status"], told["worker"]["ok"]) == ("ok", True)
    assert told.keys() == {"status", "database", "worker", "snapshot", "drill"}


def test_health_is_a_page_for_a_browser() -> None:
    page = Client().get("/health/", headers={"Accept": "text/html"}).content.decode()
    assert "后台进程没有运行" in page
