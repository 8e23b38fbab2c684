"""How clearly each role sees each field, by every way a field comes to somebody's eyes."""

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from django.test import Client
from msoffcrypto.format.ooxml import OOXMLFile

from tests.security import knocking, rows
from tests.security import world as worlds
from tests.security.expected import FILE
from tests.security.world import SEATS, World
from zhuji.jobs import places
from zhuji.jobs.exporting import EXPORT
from zhuji.jobs.locked import password_of
from zhuji.jobs.models import Approval, Job
from zhuji.jobs.work import Work
from zhuji.ledgers import actions, registry, vault
from zhuji.ledgers.entering import Edit
from zhuji.ledgers.models import rows_of
from zhuji.orgs.clock import database_now
from zhuji.orgs.idempotency import Act
from zhuji.orgs.models import Entry
from zhuji.orgs.scope import veil

pytestmark = pytest.mark.django_db
# ledger -> group of roles with the columns they see; read from the reviewed file.
FIELDS: Mapping[str, list[Mapping[str, list[str]]]] = yaml.safe_load(
    FILE.read_text(encoding="utf-8")
)["fields"]
EXPORTING = ("officer", "town_officer", "principal", "clerk")
CASES = [(ledger, role) for ledger in FIELDS for role in SEATS]


@pytest.fixture
def clients(world: World) -> dict[str, Client]:
    return knocking.clients(world)


def group(ledger: str, role: str) -> Mapping[str, list[str]] | None:
    return next((one for one in FIELDS[ledger] if role in one["roles"]), None)


def stored(world: World, ledger: str) -> dict[str, Any]:
    """The row of one's own child, colleague or hardship, opened."""
    row = rows_of(ledger).values().get(pk=world.rows[ledger]["own"])
    return vault.opened(registry.ledger(ledger), row)


def telling(row: Mapping[str, Any], columns: Iterator[str] | list[str]) -> dict[str, str]:
    """Values that stand nowhere else on a page: names, numbers, addresses."""
    texts = ("name", "pupil_no", "id_number", "guardian", "guardian_phone", "phone", "address",
             "basis")  # fmt: skip
    return {key: str(row[key]) for key in columns if key in texts and row.get(key)}


def unclear(ledger: str, role: str, row: Mapping[str, Any]) -> dict[str, str]:
    seen = group(ledger, role)
    clear = seen["clear"] if seen else []
    hidden = telling(row, [key for key in registry.ledger(ledger).by_key if key not in clear])
    open_ones = telling(row, clear).values()  # a number may hold another that is open
    return {key: value for key, value in hidden.items() if value not in open_ones}


def leaks(body: str, hidden: Mapping[str, str]) -> list[str]:
    return [key for key, value in hidden.items() if value in body]


def test_every_column_of_these_ledgers_was_thought_of() -> None:
    for ledger, groups in FIELDS.items():
        columns = set(registry.ledger(ledger).by_key)
        for one in groups:
            assert set(one["clear"]) | set(one["masked"]) <= columns
            assert not set(one["clear"]) & set(one["masked"])
        roles = [role for one in groups for role in one["roles"]]
        assert len(roles) == len(set(roles))
        assert set(roles) <= set(SEATS)


@pytest.mark.proof
@pytest.mark.parametrize(("ledger", "role"), CASES)
def test_the_api_gives_each_field_as_clearly_as_reviewed(
    world: World, clients: dict[str, Client], ledger: str, role: str
) -> None:
    seen, row = group(ledger, role), stored(world, ledger)
    number = world.rows[ledger]["own"]
    found = clients[role].get(f"/api/ledgers/{ledger}/rows/{number}")
    listed = clients[role].get(f"/api/ledgers/{ledger}/rows?size=200")
    if seen is None:
        assert (found.status_code, listed.status_code) == (404, 404)
        return
    in_list = next(one for one in listed.json()["rows"] if one["id"] == number)
    for values in (found.json()["values"], in_list["values"]):
        assert set(values) == {*seen["clear"], *seen["masked"]}
        assert {key: values[key] for key in seen["masked"]} == {
            key: veil(row[key]) for key in seen["masked"]
        }
        plain = telling(row, seen["clear"])
        assert {key: values[key] for key in plain} == plain


@pytest.mark.proof
@pytest.mark.parametrize(("ledger", "role"), CASES)
def test_pages_show_no_field_more_clearly_than_reviewed(
    world: World, clients: dict[str, Client], ledger: str, role: str
) -> None:
    """The row, its form, the list, what was removed, the search by a number."""
    row, client = stored(world, ledger), clients[role]
    hidden = unclear(ledger, role, row)
    number = world.rows[ledger]["own"]
    at = f"/ledgers/{ledger}/"
    pages = [client.get(f"{at}{number}/"), client.get(f"{at}{number}/edit/"), client.get(at),
             client.get(f"{at}removed/"), client.get(f"{at}?sort=-id_number")]  # fmt: skip
    bodies = [one.content.decode() for one in pages]
    assert [leaks(body, hidden) for body in bodies] == [[]] * len(pages)
    seen = group(ledger, role)
    if seen is not None:
        assert [key for key, value in telling(row, seen["clear"]).items()
                if value not in bodies[0]] == []  # fmt: skip


@pytest.mark.proof
@pytest.mark.parametrize(("ledger", "role"), CASES)
def test_a_hidden_number_finds_nothing_for_who_may_not_reveal_it(
    world: World, clients: dict[str, Client], ledger: str, role: str
) -> None:
    """And whoever may, finds the row as masked as ever."""
    row = stored(world, ledger)
    hidden = unclear(ledger, role, row)
    number = world.rows[ledger]["own"]
    may_reveal = role in ("principal", "clerk", "teacher", "care_officer")
    for key in ("id_number", "guardian_phone", "phone", "pupil_no"):
        if not row.get(key):
            continue
        found = clients[role].post("/search/", {"q": row[key]})
        # One's own words come back on the page, and a pupil's number holds their identity number.
        said = str(row[key])
        others = {n: value for n, value in hidden.items() if n != key and str(value) not in said}
        assert leaks(found.content.decode(), others) == []
        if not may_reveal or group(ledger, role) is None:
            assert f"/ledgers/{ledger}/{number}/" not in found.content.decode()


def changed(world: World, ledger: str) -> dict[str, Any]:
    """The row after a clerk changed what is personal and what is sensitive in it."""
    before = stored(world, ledger)
    values = {
        "pupils": {"name": "学生改名", "guardian_phone": "13800000001", "address": "白沙路9号"},
        "staff": {"name": "教师改名", "phone": "13800000002"},
        "special_pupils": {"basis": "残联认定9号"},
    }[ledger]
    now = database_now()
    edit = Edit(values, 1, frozenset(values))
    act = Act("clerk_own", now, f"change-{ledger}", "更正", "test")
    reader = worlds.clerk(world, "own")
    actions.save(reader, ledger, world.rows[ledger]["own"], edit, act)
    return before


@pytest.mark.proof
@pytest.mark.parametrize(("ledger", "role"), CASES)
def test_history_tells_no_more_than_the_row(
    world: World, clients: dict[str, Client], ledger: str, role: str
) -> None:
    before = changed(world, ledger)
    after, number = stored(world, ledger), world.rows[ledger]["own"]
    hidden = [unclear(ledger, role, row) for row in (before, after)]
    for address in (f"/api/ledgers/{ledger}/rows/{number}/history", f"/ledgers/{ledger}/{number}/"):
        found = clients[role].get(address)
        assert (found.status_code == 404) == (group(ledger, role) is None)
        body = found.content.decode()
        assert [leaks(body, one) for one in hidden] == [[], []]


@pytest.mark.parametrize("ledger", FIELDS)
def test_the_trail_keeps_nothing_sensitive_in_the_clear(world: World, ledger: str) -> None:
    rows = [changed(world, ledger), stored(world, ledger)]
    sensitive = {"id_number", "guardian_phone", "phone", "address", "basis", "pupil_no"}
    told = json.dumps([list(one) for one in Entry.objects.values_list("key", "old", "new", "why")])
    for row in rows:
        assert leaks(told, telling(row, sorted(sensitive & row.keys()))) == []


@pytest.mark.parametrize(("ledger", "role"), [(one, role) for one in FIELDS for role in EXPORTING])
def test_a_file_shows_no_field_more_clearly_than_the_list(
    world: World, ledger: str, role: str, tmp_path: Path
) -> None:
    row, seen = stored(world, ledger), group(ledger, role)
    number = _agreed(role)
    work = Work(number, 1, role, "", {"ledger": ledger, "query": []}, database_now(), tmp_path)
    if seen is None:
        with pytest.raises(Exception, match="台账"):
            EXPORT.run(work)
        return
    done = EXPORT.run(work)
    assert done.file is not None
    cells = _cells(_opened(done.file, number))
    assert leaks("\n".join(cells), unclear(ledger, role, row)) == []
    assert set(telling(row, seen["clear"]).values()) <= set(cells)


def _agreed(role: str) -> int:
    """The number of a job to which somebody else has agreed."""
    now = database_now()
    job = Job.objects.create(kind="export", title={}, asked_by=role, arguments={}, asked_at=now)
    Approval.objects.create(
        job=job, asked_by=role, why="核对", rows=1_000, decided_by="director", granted=True
    )
    places.cleared(job.pk, 1)
    return int(job.pk)


def _opened(path: Path, number: int) -> bytes:
    plain = BytesIO()
    with path.open("rb") as file:
        book = OOXMLFile(file)
        book.load_key(password=password_of(number))
        book.decrypt(plain)
    return plain.getvalue()


def _cells(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(BytesIO(content))
    return [str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None]


@pytest.mark.parametrize("role", ["clerk", "teacher", "officer", "town_officer"])
def test_the_preview_of_a_paste_tells_nothing_of_what_is_stored(
    world: World, clients: dict[str, Client], role: str
) -> None:
    """Another phone for a child that is there: what is stored of the child is not told."""
    row = stored(world, "pupils")
    pasted = rows.pasted(worlds.PLACES["own"][0], 1).replace(rows.phone(1), "13700000001")
    made = clients[role].post("/ledgers/pupils/import/", {"pasted": pasted})
    assert made.status_code == 302
    body = clients[role].get(made.headers["Location"]).content.decode()
    typed = ("id_number", "pupil_no", "name")
    hidden = {k: v for k, v in telling(row, list(row)).items() if k not in typed}
    assert leaks(body, hidden) == []


def test_a_notice_names_no_child_and_no_number(world: World, clients: dict[str, Client]) -> None:
    row = stored(world, "pupils")
    for text in (row["guardian_phone"], row["pupil_no"], row["id_number"], "请看 139 0000 0001"):
        sent = {"item": "M1", "org": SEATS["clerk"], "text": text, "once": "name"}
        found = clients["director"].post("/notices/instruct/", sent)
        assert found.status_code == 422
