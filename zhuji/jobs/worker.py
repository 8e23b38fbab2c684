"""The process that does the work: it takes from the queue, and looks after what others left."""

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.db import Error, connection
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from zhuji.jobs import kinds, pulse, recovery
from zhuji.jobs.work import LEAVING
from zhuji.orgs.clock import database_now

log = logging.getLogger("zhuji.jobs")
_IDLE = 0.5  # seconds between two looks into an empty queue
_AFTER_A_FAULT = 5.0
_LOOKS_BETWEEN_SWEEPS = 7_200  # about an hour of looks
_LOOKS_BETWEEN_ORDERS = 120  # about a minute


def serve(*, until_empty: bool = False, parent: int | None = None) -> None:
    """Work until told to leave; `parent`: leave when the process that started this one is gone."""
    LEAVING.clear()
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
    logging.getLogger("django_tasks").setLevel(logging.ERROR)
    worker = _worker(pulse.name())
    if parent is not None:
        threading.Thread(target=_watch, args=(parent, worker), daemon=True).start()
    with _hearing(worker), pulse.beating(worker.worker_id):
        looks = 0
        while not LEAVING.is_set():
            taken = _look(worker, looks)
            looks += 1
            if until_empty and taken == 0:
                return


def _look(worker: Worker, looks: int) -> int:
    """One look at what was left and one at the queue; a fault of the database is waited out."""
    try:
        now = database_now()
        if looks % _LOOKS_BETWEEN_SWEEPS == 0:
            recovery.sweep(now)
        if looks % _LOOKS_BETWEEN_ORDERS == 0:
            for order in kinds.standing_orders():
                order(now)
        taken = recovery.take_up(now, idle=worker.worker_id)
        # Looked at first: the worker's own look takes the write lock of the whole database.
        while DBTaskResult.objects.ready().exists() and not LEAVING.is_set():
            worker.run()
            taken += 1
    except (Error, OSError):
        log.exception("the worker cannot reach the database or its disk")
        connection.close()
        LEAVING.wait(_AFTER_A_FAULT)
        return 1
    LEAVING.wait(0 if taken else _IDLE)
    return taken


def _worker(name: str) -> Worker:
    return Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )


def _leave(worker: Worker) -> None:
    LEAVING.set()
    worker.running = False


@contextmanager
def _hearing(worker: Worker) -> Iterator[None]:
    """To be told to leave is no accident: what runs is put aside, and nothing is lost."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def heard(number: int, frame: FrameType | None) -> None:
        _leave(worker)

    before = {one: signal.signal(one, heard) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _watch(parent: int, worker: Worker) -> None:
    while not LEAVING.wait(1.0):
        if os.getppid() != parent:
            _leave(worker)
