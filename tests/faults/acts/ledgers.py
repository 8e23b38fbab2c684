"""To write, take back and read rows."""

from pathlib import Path
from typing import Any

from django.conf import settings

from tests.faults.acts.form import LATER, Act, by
from tests.faults.posts import People
from tests.ledgers.workbooks import book
from tests.orgs import cast
from tests.orgs.cast import NOW, SCHOOL, SINCE
from zhuji.ledgers import actions as ledgers
from zhuji.ledgers import uploads, visibility
from zhuji.ledgers.entering import Edit
from zhuji.ledgers.models import Change, rows_of
from zhuji.ledgers.registry import BY_KEY

COLUMNS = ("org", "staff_no", "name", "employment", "hired_on")


def row(number: str = "S000001") -> Any:
    return rows_of("staff").get(staff_no=number)


def _typed(number: str) -> dict[str, object]:
    return {
        "org": SCHOOL, "staff_no": number, "name": "李四", "employment": "在编",
        "hired_on": "2020-09-01", "id_number": "", "phone": "13900000001",
    }  # fmt: skip


def add_row(people: People, _: Any) -> object:
    return ledgers.save(people["clerk"], "staff", None, Edit(_typed("S900001")), by("clerk", "a1"))


def change_row(people: People, _: Any) -> object:
    edit = Edit({"phone": "13900000002", "name": "王五"}, row().version)
    return ledgers.save(people["clerk"], "staff", row().pk, edit, by("clerk", "a2"))


def rename_row(people: People, number: int) -> object:
    edit = Edit({"staff_no": "S900009"}, 1)
    return ledgers.save(people["clerk"], "staff", number, edit, by("clerk", "a3"))


def new_row(people: People) -> int:
    return ledgers.save(people["clerk"], "staff", None, Edit(_typed("S900002")), by("clerk")).row_id


def remove_row(people: People, number: int) -> object:
    return ledgers.remove_row(people["clerk"], "staff", number, 1, by("clerk", "a4"))


def _removed(people: People) -> int:
    ledgers.remove_row(people["clerk"], "staff", new_row(people), 1, by("clerk"))
    return Change.objects.filter(kind=Change.Kind.DELETED).latest("pk").pk


def restore_row(people: People, change: int) -> object:
    return ledgers.restore_row(people["clerk"], "staff", change, by("clerk", "a5"))


def workbook(path: Path, count: int = 60) -> Path:
    rows = [[SCHOOL, f"T{n:06}", f"张{n}", "established", SINCE] for n in range(count)]
    rows.append([SCHOOL, "S000001", "改名", "established", SINCE])
    heads = [BY_KEY["staff"].by_key[key].label.zh for key in COLUMNS]
    return book(path, {BY_KEY["staff"].label.zh: [heads, *rows]})


def staff_file(people: People) -> Path:
    return workbook(Path(settings.ZHUJI_HOME).parent / "staff.xlsx")


def import_file(people: People, path: Path) -> object:
    return ledgers.import_file(path, ledger="staff", actor="clerk", now=LATER)


def _imported(people: People) -> int:
    receipt = ledgers.import_file(staff_file(people), ledger="staff", actor="clerk", now=NOW)
    assert receipt.import_id is not None
    return receipt.import_id


def undo_import(people: People, number: int) -> object:
    return ledgers.undo_import(people["clerk"], number, by("clerk", "a6"))


def put(people: People, _: Any) -> object:
    rows = [cast.staff(f"P{n:06}", SCHOOL) for n in range(30)]
    return ledgers.put("staff", [*rows, cast.staff("S000003")], actor="x", now=LATER, cause="y")


def _pasted(people: People) -> int:
    text = "\n".join(
        "\t".join([SCHOOL, f"U{n:06}", "张三", "在编", "2015-09-01"]) for n in range(9)
    )
    heads = "\t".join(BY_KEY["staff"].by_key[key].label.zh for key in COLUMNS)
    return uploads.paste(people["clerk"], "staff", f"{heads}\n{text}", now=NOW)


def commit_upload(people: People, number: int) -> object:
    return uploads.commit(people["clerk"], number, now=LATER)


def reveal(people: People, number: int) -> object:
    where = ("staff", number, "phone")
    return visibility.reveal(people["head"], where, now=LATER, route="/t", reason="核对")


ACTS = (
    Act("add a row", add_row),
    Act("change a row", change_row),
    Act("give a row another key", rename_row, new_row),
    Act("remove a row", remove_row, new_row),
    Act("restore a row", restore_row, _removed),
    Act("take in a file", import_file, staff_file),
    Act("undo an import", undo_import, _imported),
    Act("put rows", put),
    Act("commit an upload", commit_upload, _pasted),
    Act("reveal a value", reveal, new_row),
)
