"""A PostgreSQL database: dumped and put back by the tools of the server's own major version."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, LiteralString

import psycopg
from psycopg import sql

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.programme.keeping import postgres_facts
from zhuji.programme.keeping.manifest import Facts, Origin
from zhuji.programme.keeping.meter import Meter

TEMPORARY = "zhuji_drill_"
_TOLD = 400  # characters of what a tool says that a sentence can carry


@dataclass(frozen=True)
class Postgres:
    name: str
    user: str
    password: str
    host: str
    port: str
    vendor: Literal["postgresql"] = "postgresql"

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Postgres":
        names = ("name", "user", "password", "host", "port")
        return cls(**{name: str(settings.get(name.upper()) or "") for name in names})  # type: ignore[arg-type]

    def __repr__(self) -> str:
        return f"Postgres({self.name})"  # the password must not reach a log

    def bytes(self) -> int:
        with self.connected() as connection:
            found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(found[0]) if found else 0

    def save(self, target: Path, meter: Meter) -> tuple[Origin, Facts]:
        """Dump and measure at one moment: the tool reads the snapshot of our own transaction."""
        with self.connected() as connection:
            origin = postgres_facts.origin(connection)
            tool = _tool("pg_dump", origin.major)
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            [(snapshot,)] = connection.execute("SELECT pg_export_snapshot()").fetchall()
            # Limits of rows are declared by requests only, so everything is dumped all the same.
            arguments = ["--format=custom", "--enable-row-security"]
            arguments += [f"--snapshot={snapshot}", f"--file={target}"]
            self._run([tool, *arguments])
            meter.add(target.stat().st_size)
            return origin, postgres_facts.measure(connection)

    def facts(self) -> Facts:
        with self.connected() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return postgres_facts.measure(connection)

    def is_empty(self) -> bool:
        with self.connected() as connection:
            return not postgres_facts.tables(connection)

    def refuse_foreign(self, origin: Origin) -> None:
        if origin.vendor != self.vendor:
            raise Refused(
                say("备份来自 SQLite，这里设置的是 PostgreSQL；请先把 ZHUJI_DATABASE_URL "
                    "改为 sqlite:///文件 再恢复。")
            )  # fmt: skip
        with self.connected() as connection:
            here = postgres_facts.origin(connection)
        if here.major != origin.major:
            raise Refused(
                say("备份来自 PostgreSQL {theirs}，这里的服务器是 {ours}："
                    "主版本不同，恢复后的内容不作保证。"
                    "请在 PostgreSQL {theirs} 上恢复，再按 PostgreSQL 的办法升级。",
                    theirs=origin.major, ours=here.major)
            )  # fmt: skip
        _tool("pg_restore", here.major)

    def beside(self) -> None:
        """The dump waits with the other files: the server takes it in one transaction."""

    def refuse_full(self) -> None:
        if not self.is_empty():
            raise Refused(
                say("数据库 {name} 里已有数据，不覆盖；请新建一个空库再恢复。", name=self.name)
            )

    def load(self, file: Path) -> None:
        """All of the dump or nothing of it; who may do what, `zhuji migrate` says anew."""
        with self.connected() as connection:
            major = postgres_facts.origin(connection).major
        arguments = ["--single-transaction", "--exit-on-error", "--no-owner"]
        arguments += ["--no-privileges"]  # of roles that this server may not have
        self._run([_tool("pg_restore", major), *arguments, f"--dbname={self.name}", str(file)])

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        try:
            connection = psycopg.connect(
                dbname=self.name,
                user=self.user or None,
                password=self.password or None,
                host=self.host or None,
                port=self.port or None,
            )
        except psycopg.Error as error:
            raise Refused(say("连不上数据库：{why}", why=str(error).strip())) from error
        with connection:
            try:
                yield connection
            except psycopg.Error as error:
                raise Refused(say("数据库读不出来：{why}", why=str(error).strip())) from error
            connection.rollback()

    @contextmanager
    def temporary(self) -> Iterator["Postgres"]:
        """An empty database beside this one, gone afterwards."""
        other = replace(self, name=TEMPORARY + secrets.token_hex(8))
        self._administer("CREATE DATABASE {} TEMPLATE template0", other.name)
        try:
            yield other
        finally:
            self._administer("DROP DATABASE IF EXISTS {}", other.name)

    def _administer(self, statement: LiteralString, name: str) -> None:
        with self.connected() as connection:
            connection.autocommit = True  # the server makes databases outside transactions only
            try:
                connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
            except psycopg.errors.InsufficientPrivilege as error:
                raise Refused(
                    say("演练要新建一个临时库，数据库用户 {user} 没有这个权限；"
                        "请执行 ALTER ROLE {user} CREATEDB。", user=self.user or "—")
                ) from error  # fmt: skip

    def _run(self, command: list[str]) -> None:
        """The password goes by the environment: a command line is for all to see."""
        given = {"PGDATABASE": self.name, "PGUSER": self.user, "PGPASSWORD": self.password,
                 "PGHOST": self.host, "PGPORT": self.port}  # fmt: skip
        environment = {**os.environ, **{key: value for key, value in given.items() if value}}
        done = subprocess.run(  # noqa: S603  # a list of our own, no shell
            command, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = done.stderr.strip()[-_TOLD:]
            raise Refused(say("{tool} 没有成功：{why}", tool=Path(command[0]).name, why=said))


def _tool(name: str, major: int) -> str:
    """The tool of the server's own major version: another one may write what cannot go back."""
    found = []
    for path in (f"/usr/lib/postgresql/{major}/bin/{name}", shutil.which(name)):
        if path and Path(path).is_file():
            version = _version(path)
            if version == major:
                return path
            found.append(version)
    if not found:
        raise Refused(
            say("没有找到 {name}；请安装 PostgreSQL {major} 的客户端（Debian：apt install "
                "postgresql-client-{major}）。", name=name, major=major)
        )  # fmt: skip
    raise Refused(
        say("{name} 的主版本是 {found}，服务器是 {major}；请安装 PostgreSQL {major} 的客户端。",
            name=name, found=found[0], major=major)
    )  # fmt: skip


def _version(tool: str) -> int:
    told = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    number = re.search(r"(\d+)", told.stdout)
    return int(number.group(1)) if number else 0
