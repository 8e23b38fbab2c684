"""A PostgreSQL server of one's own, to be stopped at once and started again."""

import os
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path

SERVER_USER = "postgres"
_ATTEMPTS = 10


def tools() -> Path | None:
    """Where `initdb` is; None where there is no server to try it on."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((one for one in places if (one / "initdb").exists()), None)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


class Cluster:
    """As a county would run it: what is acknowledged is on the disk."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder, self.bin, self.port = folder, bin_folder, free_port()
        self.password = secrets.token_hex(16)
        if os.getuid() == 0:  # the server refuses to run as root
            shutil.chown(folder, SERVER_USER)
        key = folder / "password"
        key.write_text(self.password + "\n", encoding="ascii")
        key.chmod(0o644)
        self._run(
            "initdb", "-D", "data", "-U", "zhuji", "-A", "scram-sha-256", f"--pwfile={key}",
            "-E", "UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
        key.unlink()

    @property
    def url(self) -> str:
        return f"postgres://zhuji:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        listening = f"-k {self.folder} -p {self.port} -c listen_addresses=127.0.0.1"
        start = ("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", listening, "start")
        for _attempt in range(_ATTEMPTS):  # what was stopped at once may hold its memory a moment
            try:
                return self._run(*start)
            except subprocess.CalledProcessError:
                time.sleep(0.5)
        raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])

    def stop(self) -> None:
        """At once: every connection is cut, and what was not committed is lost."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "stop")

    def _run(self, tool: str, *words: str) -> None:
        who = ["setpriv", f"--reuid={SERVER_USER}", f"--regid={SERVER_USER}", "--clear-groups"]
        command = [str(self.bin / tool), *words]
        subprocess.run(  # noqa: S603
            [*who, *command] if os.getuid() == 0 else command,
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
