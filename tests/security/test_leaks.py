"""Everything is done once with known numbers; then no file that was written holds one of them.

`ZHUJI_LEAKS=10000` makes the long run; the short one is part of the ordinary tests.
"""

import io
import logging
import os
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from tests import databases
from tests.answers import whole
from tests.programme.yunxi import FIRST
from tests.security import rows
from tests.security import world as worlds
from tests.security.world import SEATS
from zhuji.jobs import actions as jobs
from zhuji.jobs import running
from zhuji.jobs.places import Given
from zhuji.kernel.codes import id_check_digit
from zhuji.kernel.errors import BadInput
from zhuji.ledgers import actions as ledgers
from zhuji.ledgers import desk
from zhuji.ledgers.entering import Edit
from zhuji.ledgers.models import rows_of
from zhuji.orgs.clock import database_now
from zhuji.orgs.idempotency import Act
from zhuji.orgs.models import Person
from zhuji.programme import snapshots
from zhuji.programme.keeping import place
from zhuji.programme.keeping.backup import Wanted, make
from zhuji.programme.keeping.secret import of_passphrase

COUNT = int(os.environ.get("ZHUJI_LEAKS", "40"))
LOGGERS = ("", "zhuji", "zhuji.web", "zhuji.api", "zhuji.jobs", "django.request")


def identity(serial: int) -> str:
    body = f"99030120{10 + serial // 28_000:02}{1 + serial // 999 % 12:02}01{serial % 999:03}"
    return body + id_check_digit(body)


def phone(serial: int) -> str:
    return f"137{(serial * 7_919 + 10_000_019) % 10**8:08}"


@dataclass
class Run:
    """Where it all lies, and what must be nowhere."""

    home: Path
    temporary: Path
    numbers: set[str] = field(default_factory=set)
    excepted: set[Path] = field(default_factory=set)  # given to their own sender


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Run]:
    made = Run(tmp_path_factory.mktemp("leaks"), tmp_path_factory.mktemp("temporary"))
    path = made.home / "zhuji.sqlite3"
    handlers = [(logging.getLogger(name), logging.FileHandler(made.home / "zhuji.log"))
                for name in LOGGERS]  # fmt: skip
    for logger, handler in handlers:
        logger.addHandler(handler)
    before, tempfile.tempdir = tempfile.tempdir, str(made.temporary)
    with (
        override_settings(ZHUJI_HOME=made.home, DEBUG=False),
        databases.opened(path, django_db_blocker, new=True),
    ):
        call_command("migrate", verbosity=0)
        _live(made)
        yield made
    tempfile.tempdir = before
    for logger, handler in handlers:
        logger.removeHandler(handler)
        handler.close()
    databases.drop(path)


# --- a full life ----------------------------------------------------------------------------------


def _live(made: Run) -> None:
    _people()
    _facts(made)
    clerk = Client(raise_request_exception=False)
    clerk.force_login(Person.objects.get(username="clerk"))
    _at_the_desk(made, clerk)
    _at_the_keyboard(made, clerk)
    _in_the_background(made)
    snapshots.take(as_of=date(2025, 6, 30), known_at=database_now())
    wanted = Wanted(of_passphrase("correct horse battery", new=True), database_now())
    make(place.here(), wanted)


def _people() -> None:
    worlds._county()
    worlds.person(worlds.CHIEF, worlds.seat(worlds.CHIEF, SEATS[worlds.CHIEF]))
    for role in ("clerk", "principal", "officer"):
        worlds.person(role, worlds.seat(role, SEATS[role]))


def _numbers(made: Run, serial: int) -> dict[str, str]:
    found = {"id_number": identity(serial), "phone": phone(serial)}
    made.numbers |= set(found.values())
    return found


def child(made: Run, serial: int) -> dict[str, object]:
    known = _numbers(made, serial)
    return {
        **rows.pupil(FIRST, 1), "pupil_no": f"G{known['id_number']}",
        "id_number": known["id_number"], "guardian_phone": known["phone"],
    }  # fmt: skip


def _facts(made: Run) -> None:
    half = COUNT // 2
    worlds.put("pupils", *(child(made, serial) for serial in range(half)))
    staff = []
    for serial in range(half, COUNT):
        known = _numbers(made, serial)
        staff.append({**rows.staff(FIRST, serial), **known})
    worlds.put("staff", *staff)
    some = [f"G{identity(serial)}" for serial in range(min(half, 50))]
    worlds.put("enrolments", *({**rows.enrolment(FIRST, 1, 1), "pupil_no": one} for one in some))
    worlds.put("special_pupils", *({**rows.hardship(FIRST, 1), "pupil_no": one} for one in some))


def _at_the_desk(made: Run, clerk: Client) -> None:
    """Changed, removed, restored, kept as a draft, pasted rightly and wrongly."""
    now, reader = database_now(), worlds.clerk(_World(), "own")
    reader = type(reader)("clerk", reader.today, reader.grants)
    row = rows_of("pupils").earliest("id")
    new = _numbers(made, COUNT + 1)
    edit = Edit({"guardian_phone": new["phone"], "id_number": new["id_number"]}, 1,
                frozenset({"guardian_phone", "id_number"}))  # fmt: skip
    act = Act("clerk", now, "change-numbers", "更正", "test")
    ledgers.save(reader, "pupils", row.pk, edit, act)
    lone = rows_of("pupils").latest("id")
    if not rows_of("enrolments").filter(pupil_no=lone.pupil_no).exists():
        ledgers.remove_row(reader, "pupils", lone.pk, lone.version, Act("clerk", now, "take-away"))
    desk.save_draft("clerk", "pupils/new", {"id_number": new["id_number"]}, now=now)
    good = rows.pasted(FIRST, 1)
    for serial, wrong in ((COUNT + 2, False), (COUNT + 3, True)):
        known = _numbers(made, serial)
        text = good.replace(rows.pupil_no(1), f"G{known['id_number']}")
        text = text.replace(rows.id_number(1), known["id_number"])
        text = text.replace(rows.phone(1), known["phone"])
        text = text.replace("2013-01-01", known["phone"]) if wrong else text
        answer = clerk.post("/ledgers/pupils/import/", {"pasted": text})
        where = answer.headers["Location"]
        assert where.startswith("/uploads/"), where  # inside, not sent to a door
        clerk.get(where)
        clerk.post(where, {"do": "commit"})
        whole(clerk.get(f"{where}refused/"))


class _World(worlds.World):
    """Only the name under which the clerk of the own school is known."""

    def __init__(self) -> None:
        super().__init__(owners={"own": "clerk"})


def _at_the_keyboard(made: Run, clerk: Client) -> None:
    """Numbers typed where numbers are asked for, and where they are not."""
    known = _numbers(made, COUNT + 4)
    number, mobile = known["id_number"], known["phone"]
    clerk.post("/search/", {"q": number})
    clerk.post("/ledgers/pupils/views/", {"name": "某人", "query": f"q={mobile}"})
    clerk.post("/ledgers/pupils/export/", {"query": f"q={mobile}"})
    clerk.post("/sign-in/", {"username": mobile, "password": number})
    clerk.post("/account/links/", {"pupil_no": f"G{number}", "why": "家长申请"})
    clerk.get(f"/ledgers/pupils/?q={mobile}")
    clerk.get(f"/ledgers/pupils/?name__contains={number}")
    clerk.get(f"/search/?q={number}")
    body = {"values": {"id_number": number, "born_on": mobile, "nothing": number}}
    clerk.post("/api/ledgers/pupils/rows", body, content_type="application/json",
               headers={"Idempotency-Key": "leaking-1"})  # fmt: skip
    clerk.post("/ledgers/pupils/new/", {"org": FIRST, "id_number": number, "born_on": mobile})
    row = rows_of("pupils").earliest("id")
    clerk.post(f"/ledgers/pupils/{row.pk}/reveal/guardian_phone/", {"reason": f"联系 {mobile}"})
    clerk.post("/notices/remind/", {"item": "M1", "org": FIRST, "text": mobile, "once": "n"})


def _in_the_background(made: Run) -> None:
    """A file with a phone where a day should stand, and a list as a file."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    known = _numbers(made, COUNT + 5)
    lines = rows.pasted(FIRST, 1).splitlines()
    sheet.append(lines[0].split("\t"))
    right = lines[1].replace(rows.pupil_no(1), f"G{known['id_number']}")
    right = right.replace(rows.id_number(1), known["id_number"])
    sheet.append(right.replace(rows.phone(1), known["phone"]).split("\t"))
    other = _numbers(made, COUNT + 6)
    sheet.append(right.replace("2013-01-01", other["phone"])
                 .replace(known["id_number"], other["id_number"]).split("\t"))  # fmt: skip
    content = io.BytesIO()
    book.save(content)
    now = database_now()
    given = Given("学生.xlsx", [content.getvalue()])
    wanted: list[tuple[str, dict[str, Any], Given | None]] = [
        ("import", {"ledger": "pupils"}, given),
        ("export", {"ledger": "pupils", "query": []}, None),
    ]
    for kind, arguments, file in wanted:
        job = jobs.ask(kind, arguments, Act("clerk", now), given=file)
        running.run.func(job.pk, 0)
        job.refresh_from_db()
        if kind == "import" and job.result_file:  # what comes back to its own sender
            made.excepted.add(made.home / "jobs" / str(job.pk) / job.result_file)
    kept = {"ledger": "pupils", "query": [["no__such", known["phone"]]]}
    with pytest.raises(BadInput):
        jobs.ask("export", kept, Act("clerk", now))


# --- the search -----------------------------------------------------------------------------------


def contents(path: Path) -> Iterator[bytes]:
    """A file as it lies there; what is packed also unpacked."""
    content = path.read_bytes()
    yield content
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    if path.suffix == ".parquet":
        yield str(duckdb.read_parquet(str(path)).fetchall()).encode()


def hits(made: Run, places: list[Path]) -> dict[str, list[str]]:
    numbers = sorted(number.encode() for number in made.numbers)
    found: dict[str, list[str]] = {}
    for path in places:
        for content in contents(path):
            held = [number.decode() for number in numbers if number in content]
            if held:
                found.setdefault(str(path.name), []).extend(held[:3])
    return found


def files(made: Run) -> list[Path]:
    every = (*made.home.rglob("*"), *made.temporary.rglob("*"))
    return [path for path in every if path.is_file() and path not in made.excepted]


@pytest.mark.skipif(databases.on_server(), reason="looks into the files of SQLite")
class TestNothingLeaks:
    def test_the_run_wrote_of_every_kind(self, run: Run) -> None:
        names = {path.name for path in files(run)}
        assert {"zhuji.sqlite3", "zhuji.log"} <= names
        assert {".parquet", ".json"} <= {path.suffix for path in files(run)}
        assert any("backups" in str(path) for path in files(run))
        assert len(run.numbers) >= 2 * COUNT
        assert rows_of("pupils").count() > COUNT // 4
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            [mode] = cursor.fetchone()
        assert mode in ("wal", "delete")

    def test_the_search_finds_a_number_that_lies_somewhere(self, run: Run, tmp_path: Path) -> None:
        number = sorted(run.numbers)[0]
        (tmp_path / "plain").write_text(f"号码{number}")
        writing_to = tmp_path / "packed.zip"
        with zipfile.ZipFile(writing_to, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("inside.xml", number)
        assert set(hits(run, [tmp_path / "plain", writing_to])) == {"plain", "packed.zip"}

    def test_no_file_holds_a_number(self, run: Run) -> None:
        assert hits(run, files(run)) == {}

    def test_nothing_that_was_handed_in_is_left_behind(self, run: Run) -> None:
        assert [path for path in run.temporary.rglob("*") if path.is_file()] == []
        assert list((run.home / "jobs").glob("*/given/*")) == []
