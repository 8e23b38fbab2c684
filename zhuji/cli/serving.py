"""`zhuji serve | worker`: the site and its worker as one tree of processes, or each for itself."""

import argparse
import errno
import io
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import Error, ProgrammingError, connection, connections
from django.db.migrations.exceptions import MigrationSchemaMissing
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from zhuji.cli import show
from zhuji.cli.arguments import does
from zhuji.cli.outcome import OK
from zhuji.cli.parser import Parser
from zhuji.jobs import worker as jobs
from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.orgs import rights

_THREADS = 4  # that wait for the database, in each process of the site
_YIELDS = 19  # all there is: who waits at a page goes before long work where processors are few
_PATIENCE = 30  # seconds a worker is given to finish what cannot be put aside
_WHY = {
    errno.EADDRINUSE: say("端口已被占用"),
    errno.EACCES: say("没有使用这个端口的权限"),
    errno.EADDRNOTAVAIL: say("本机没有这个地址"),
}
_PAUSE = 1.0  # between the death of a worker and the next one


def serve(parser: Parser) -> None:
    does(parser, _serve, "serve", "serve --port 8080", "serve --bind 0.0.0.0 --web-only")
    parser.add_argument("--bind", default=settings.ZHUJI_BIND, help=_("监听的地址"))
    parser.add_argument("--port", type=_port, default=settings.ZHUJI_PORT, help=_("监听的端口"))
    parser.add_argument("--web-only", action="store_true", help=_("只要网站，不带后台进程"))


def work(parser: Parser) -> None:
    does(parser, _work, "worker", "worker --until-empty")
    parser.add_argument("--until-empty", action="store_true", help=_("做完排队的工作就结束"))
    parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(show.words(say("请写 1 到 65535 之间的整数")))
    return int(text)


def _serve(asked: argparse.Namespace) -> int:
    _refuse_taken(asked.bind, asked.port)
    _prepare()
    _warn_of_owner()
    connections.close_all()  # no process of the tree inherits a connection
    with _attended(wanted=not asked.web_only):
        _site(asked.bind, asked.port)
    show.line(say("已停止"))
    return OK


def _work(asked: argparse.Namespace) -> int:
    _prepare()
    if asked.parent is None:  # beside a site, that has said it
        _warn_of_owner()
    else:
        os.nice(_YIELDS)
    jobs.serve(until_empty=asked.until_empty, parent=asked.parent)
    return OK


def _refuse_taken(bind: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((bind, port))
            trial.listen(1)
        except OSError as refusal:
            raise Refused(
                say(
                    "不能在 {bind} 的端口 {port} 上监听（{why}）；"
                    "可能已有一个网站在运行，或用 --port 换一个端口。",
                    bind=bind,
                    port=port,
                    why=_WHY.get(refusal.errno or 0, refusal.strerror),
                )
            ) from None


def _prepare() -> None:
    """The database's structure is brought up to this version, or its absence is told plainly."""
    try:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
        if not settings.ZHUJI_MIGRATE:
            raise Refused(say("数据库结构不是这一版的；请先备份，再执行 zhuji migrate。"))
        call_command("migrate", verbosity=0, interactive=False, stdout=io.StringIO())
    except (ProgrammingError, MigrationSchemaMissing) as fault:
        raise Refused(
            say("数据库结构不是这一版的，这个数据库用户无权升级；请先备份，再执行 zhuji migrate。")
        ) from fault
    except Error as fault:
        log_free = str(fault).strip().splitlines()[0] if str(fault).strip() else ""
        raise Refused(
            say("连不上数据库（{why}）；请核对 ZHUJI_DATABASE_URL。", why=log_free)
        ) from fault
    show.line(say("数据库结构已升级"), "dim")


def _warn_of_owner() -> None:
    if rights.are_confused():
        user = connection.settings_dict["USER"]
        show.line(
            say("数据库用户 {user} 是留痕表的所有者，能自己解除“只增不改”；正式运行请分开两个用户，"
                "见 docs/howto/operate.md", user=user),
            "yellow",
        )  # fmt: skip


def _site(bind: str, port: int) -> None:
    """Returns when it is told to stop; its own processes are gone by then."""
    server = Granian(
        "zhuji.project.wsgi:application",
        address=bind,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.ZHUJI_SITE_PROCESSES,
        blocking_threads=_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=_PATIENCE,
        log_level=LogLevels.warning,
    )
    server.on_startup(lambda: _tell(bind, port))
    server.serve()


def _tell(bind: str, port: int) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(bind, f"[{bind}]" if ":" in bind else bind)  # noqa: S104
    show.line(
        say("筑基：http://{host}:{port}/  按 Ctrl-C 停止", host=host, port=port), "bold green"
    )


@contextmanager
def _attended(*, wanted: bool) -> Iterator[None]:
    """A worker beside the site; one that dies is replaced, and takes up what it left."""
    if not wanted:
        yield
        return
    enough = threading.Event()
    # Started before the site's processes are forked: one forked in the midst of it would hold its
    # pipe open, and this thread would wait for that for ever.
    attendant = threading.Thread(target=_attend, args=(_started(), enough), daemon=True)
    attendant.start()
    try:
        yield
    finally:
        enough.set()
        attendant.join()


def _started() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "zhuji.cli.main", "worker", "--parent", str(os.getpid())]
    return subprocess.Popen(command)  # noqa: S603  # our own module


def _attend(worker: "subprocess.Popen[bytes]", enough: threading.Event) -> None:
    while True:
        while worker.poll() is None and not enough.wait(_PAUSE / 4):
            pass
        _end(worker)
        if enough.wait(_PAUSE):
            return
        worker = _started()


def _end(worker: "subprocess.Popen[bytes]") -> None:
    if worker.poll() is not None:
        return
    worker.send_signal(signal.SIGTERM)
    try:
        worker.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        worker.kill()  # what it was at is taken up again at the next start
        worker.wait()
