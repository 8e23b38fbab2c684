"""A worker killed in the middle: its work is taken up again, or given up in a clear sentence."""

import random
import signal
import time
from pathlib import Path

import pytest

from tests.jobs import trials
from tests.jobs.conftest import CLERK, Service
from tests.ledgers.workbooks import book
from tests.lengths import choose
from tests.orgs import cast
from zhuji.jobs import actions, pulse, queries
from zhuji.jobs.places import Given
from zhuji.ledgers.models import Change, rows_of
from zhuji.ledgers.registry import BY_KEY
from zhuji.orgs.idempotency import Act

pytestmark = pytest.mark.proof


def test_a_job_is_done_by_a_worker_of_its_own_and_its_result_kept(service: Service) -> None:
    number = service.ask("walk", count=3)
    assert queries.one(CLERK, number).state == "waiting"
    service.start()
    done = service.ended(number)
    assert (done.state, done.done, done.total, done.facts) == ("done", 3, 3, {"steps": 3})
    assert [str(line) for line in done.lines] == ["走了 3 步"]
    assert done.result is not None
    assert done.result.path.read_text(encoding="ascii") == "done"
    assert done.result.name == "结果.txt"


def test_work_of_a_killed_worker_is_taken_up_again_by_the_next(service: Service) -> None:
    number = service.ask("walk", count=60)
    service.start()
    service.half_way(number)
    service.kill()
    assert queries.one(CLERK, number).state == "running"
    service.start()
    assert service.ended(number).state == "done"
    first, second = ([s for a, s in trials.steps() if a == attempt] for attempt in (1, 2))
    assert 3 < len(first) < 60
    assert second == list(range(60))


def test_a_living_worker_takes_up_what_another_left(service: Service) -> None:
    number = service.ask("walk", count=60)
    service.start()
    service.half_way(number)
    dying = service.workers[0]
    service.start()
    service.until(number, lambda _: (pulse.last_beat() or 9) < 2)
    dying.kill()
    dying.wait(10)
    assert service.ended(number).state == "done"


def test_work_that_must_not_be_repeated_is_given_up_with_what_to_do(service: Service) -> None:
    number = service.ask("walk_once", count=100)
    service.start()
    service.half_way(number)
    service.kill()
    service.start()
    failed = service.ended(number)
    assert failed.state == "failed"
    assert str(failed.failure) == (
        "后台进程在执行中途停止了，这件工作可能只做了一部分，不会自动重做。"
        "请核对结果，需要时重新提交。"
    )
    assert {attempt for attempt, _ in trials.steps()} == {1}


def test_work_that_kills_its_worker_each_time_is_not_tried_for_ever(service: Service) -> None:
    number = service.ask("walk", count=400)
    for attempt in (1, 2, 3):
        service.start()
        service.until(
            number,
            lambda _, n=attempt: sum(a == n for a, _ in trials.steps()) > 3,  # type: ignore[misc]
        )
        service.kill()
    service.start()
    failed = service.ended(number)
    assert str(failed.failure) == "做了 3 次都中途停止，不再重试。请告诉维护人员。"


def test_a_worker_told_to_leave_puts_the_work_back(service: Service) -> None:
    number = service.ask("walk", count=100)
    worker = service.start()
    service.half_way(number)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert queries.one(CLERK, number).state == "waiting"
    assert pulse.last_beat() is None
    service.start()
    assert service.ended(number).state == "done"


def test_a_running_job_stops_soon_after_it_is_cancelled(service: Service) -> None:
    number = service.ask("walk", count=2_000)
    service.start()
    service.half_way(number)
    actions.cancel(number, actor=CLERK, now=service.now)
    assert queries.one(CLERK, number).is_stopping
    started = time.monotonic()
    assert service.ended(number).state == "cancelled"
    assert time.monotonic() - started < 5
    assert len(trials.steps()) < 2_000


def test_progress_and_time_left_are_told_while_it_runs(service: Service) -> None:
    number = service.ask("walk", count=100)
    service.start()
    found = service.until(number, lambda one: one.done > 10)
    assert found.total == 100
    assert found.per_cent == found.done
    assert found.seconds_left is not None
    assert 0 < found.seconds_left < 60


@pytest.mark.parametrize("seed", range(choose(3, 200)))
def test_an_import_killed_at_any_moment_is_whole_and_never_twice(
    service: Service, tmp_path: Path, seed: int
) -> None:
    rows = [[cast.SCHOOL, f"T{n:06}", f"张{n}", "established", cast.SINCE] for n in range(2_000)]
    columns = ["org", "staff_no", "name", "employment", "hired_on"]
    heads = [BY_KEY["staff"].by_key[key].label.zh for key in columns]
    content = book(tmp_path / "教师.xlsx", {BY_KEY["staff"].label.zh: [heads, *rows]})
    given = Given("教师.xlsx", [content.read_bytes()])
    asked = {"ledger": "staff"}
    org = cast.SCHOOL
    number = actions.ask("import", asked, Act(CLERK, service.now), org=org, given=given).pk
    service.start()
    service.until(number, lambda one: one.state != "waiting")
    time.sleep(random.Random(seed).uniform(0, 2.5))  # noqa: S311  # any moment will do
    service.kill()
    imported = rows_of("staff").filter(staff_no__startswith="T")
    assert imported.count() in (0, 2_000)
    service.start()
    done = service.ended(number)
    assert done.state == "done", done.failure
    assert imported.count() == 2_000
    assert Change.objects.filter(ledger="staff", row_key__contains="T0").count() == 2_000
