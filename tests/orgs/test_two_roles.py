"""Owner and application as two roles of a PostgreSQL server, made by what we hand out for it.

Skipped, and saying so, where there is no server.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from tests.keeping.test_postgres import server, tools  # noqa: F401  # the server that it starts
from zhuji.orgs.append_only import REFUSAL, TABLES
from zhuji.programme.keeping.postgres import Postgres

pytestmark = pytest.mark.proof  # a server is made for it

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("audit_view_rest", "audit_entry_rest")
ATTACKS = (
    "UPDATE {table} SET at = at",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} ADD COLUMN x int",
    "DROP TRIGGER {whole}_append_only ON {table}",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION audit_entry_refuse()",
    "GRANT ALL ON {table} TO CURRENT_USER; DELETE FROM {table}",
    "DROP TABLE {table}",
    "DELETE FROM ONLY {table}",
)
ONE_VIEW = """INSERT INTO audit_view (at, viewer, subject, kind, org, duty, reason, route)
    VALUES (now(), 'a', 'b', 'pupils', '1', 'd', '', '/')"""
NUMBERED = ONE_VIEW.replace("(at,", "(sequence, at,").replace("(now()", "(7, now()")


@dataclass(frozen=True)
class County:
    """One database, and the command line as the application and as the owner."""

    host: str
    home: Path
    role: str = "county"
    name: str = "county"

    def url(self, role: str) -> str:
        return f"postgres://{role}@{self.host.replace('/', '%2F')}/{self.name}"

    def run(self, *words: str, owner: bool = False) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "ZHUJI_DATABASE_URL": self.url(self.role),
            "ZHUJI_HOME": str(self.home),
            "ZHUJI_MIGRATE": "no",
            **({"ZHUJI_OWNER_DATABASE_URL": self.url(f"{self.role}_owner")} if owner else {}),
        }
        command = [sys.executable, "-m", "zhuji.cli.main", *words]
        return subprocess.run(  # noqa: S603
            command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )

    def told(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url(self.role)) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def execute_handed_out(server: Postgres, file: str, name: str, database: str) -> None:  # noqa: F811
    """One of our files, with roles and database of another name: the server has a `zhuji`."""
    bin_ = tools()
    assert bin_ is not None
    text = (ROOT / "deploy" / file).read_text(encoding="utf-8")
    psql = (bin_ / "initdb").resolve().parent / "psql"
    command = [str(psql), "-h", server.host, "-U", "zhuji", "-d", database, "-q"]
    for each in ("ON_ERROR_STOP=1", "owner_password='x'", "password='x'"):
        command += ["-v", each]
    subprocess.run(  # noqa: S603
        command, input=re.sub(r"\bzhuji(?=\b|_)", name, text), text=True, check=True
    )


@pytest.fixture(scope="module")
def county(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:  # noqa: F811
    """As the guide says: the roles by `deploy/postgres.sql`, then `zhuji migrate` as the owner."""
    execute_handed_out(server, "postgres.sql", "county", "postgres")
    made = County(server.host, tmp_path_factory.mktemp("two"))
    done = made.run("migrate", "-v0", owner=True)
    assert done.returncode == 0, done.stderr[-2000:]
    yield made
    with psycopg.connect(host=server.host, user="zhuji", dbname="postgres", autocommit=True) as by:
        by.execute("DROP DATABASE county")
        by.execute("DROP ROLE county")
        by.execute("DROP ROLE county_owner")


def test_the_application_adds_to_the_trail_and_reads_it(county: County) -> None:
    before = county.told("SELECT count(*) FROM audit_view")
    county.told(ONE_VIEW)
    [(count,)] = county.told("SELECT count(*) FROM audit_view")
    assert count == before[0][0] + 1  # type: ignore[operator]


@pytest.mark.parametrize("table", [*TABLES, *PARTS])
@pytest.mark.parametrize("attack", ATTACKS)
def test_the_application_can_neither_change_the_trail_nor_lift_what_protects_it(
    county: County, table: str, attack: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        county.told(attack.format(table=table, whole=table.removesuffix("_rest")))


@pytest.mark.parametrize(
    "attack",
    [
        NUMBERED,
        NUMBERED.replace("audit_view", "audit_view_rest"),
        ONE_VIEW.replace("audit_view", "audit_view_rest"),
        "DROP FUNCTION audit_view_refuse() CASCADE",
        "SET session_replication_role = replica",
        "SET ROLE county_owner",
        "DELETE FROM django_migrations",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE ledger_pupils DISABLE ROW LEVEL SECURITY",
        "DROP POLICY ledger_pupils_net ON ledger_pupils",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
    ],
)
def test_it_can_neither_choose_a_number_nor_become_the_owner(county: County, attack: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        county.told(attack)


@pytest.mark.parametrize("table", [*TABLES, *PARTS])
def test_the_trigger_holds_for_the_owner_as_well(county: County, table: str) -> None:
    """Through the table and through each of its parts, once the owner takes the rights back."""
    for attack in ATTACKS[:3]:
        with psycopg.connect(county.url("county_owner")) as connection:
            connection.execute(f"GRANT ALL ON {table} TO CURRENT_USER".encode())
            with pytest.raises(psycopg.errors.RaiseException, match=REFUSAL):
                connection.execute(attack.format(table=table).encode())


def test_rows_about_minors_are_limited_for_the_application(county: County) -> None:
    row = county.told("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'county'")
    assert row == [(False, False)]
    owned = "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = 'county'"
    assert county.told(owned) == [(0,)]


def test_the_worker_seals_and_leaves_to_the_owner_what_is_the_owners(county: County) -> None:
    county.told(ONE_VIEW)
    worker = county.run("worker", "--until-empty")
    assert (worker.returncode, worker.stderr) == (0, "")
    assert "所有者" not in worker.stdout
    assert county.run("audit", "verify").returncode == 0
    left = county.run("upkeep")
    assert left.returncode == 0
    assert "到期的查阅记录：由数据表的所有者每夜执行 zhuji upkeep" in left.stdout
    assert "到期的查阅记录：清理 0 条" in county.run("upkeep", owner=True).stdout


def test_a_backup_by_the_application_is_proven_by_the_owner(county: County, tmp_path: Path) -> None:
    key = tmp_path / "key"
    assert county.run("backup", "--make-key", str(key)).returncode == 0
    saved = county.run("backup", "--key-file", str(key), "--no-judge")
    assert saved.returncode == 0, saved.stderr
    drilled = county.run("drill", "--key-file", str(key), owner=True)
    assert drilled.returncode == 0, drilled.stdout
    assert "演练通过" in drilled.stdout


def test_an_application_that_owns_the_trail_is_told_so_at_its_start(county: County) -> None:
    started = replace(county, role="county_owner").run("worker", "--until-empty")
    assert "数据库用户 county_owner 是留痕表的所有者" in started.stdout + started.stderr


def test_an_installation_with_one_role_is_taken_apart(
    server: Postgres,  # noqa: F811
    tmp_path: Path,
) -> None:
    with psycopg.connect(host=server.host, user="zhuji", dbname="postgres", autocommit=True) as by:
        by.execute("CREATE ROLE lone LOGIN CREATEDB")
        by.execute("CREATE DATABASE lone OWNER lone")
    lone = County(server.host, tmp_path, "lone", "lone")
    assert lone.run("migrate", "-v0").returncode == 0
    lone.told(ONE_VIEW)
    execute_handed_out(server, "postgres-apart.sql", "lone", "lone")
    refused = lone.run("worker", "--until-empty")
    assert refused.returncode == 1
    assert "请先备份，再执行 zhuji migrate" in refused.stdout + refused.stderr
    assert lone.run("migrate", "-v0", owner=True).returncode == 0
    assert lone.run("worker", "--until-empty").returncode == 0
    lone.told(ONE_VIEW)
    for attack in ATTACKS:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            lone.told(attack.format(table="audit_view", whole="audit_view"))
