"""Writes release-0001.sql: a small invented county, made by that release's own code.

    python tests/ledgers/release_0001.py COMMIT

The code of the release is taken out of the history into a temporary folder and run there.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MAKING = """
import django; django.setup()
from datetime import UTC, date, datetime
from pathlib import Path
from django.conf import settings
from django.core.management import call_command
from zhuji.kernel.codes import id_check_digit
from zhuji.ledgers import actions
from zhuji.orgs import audit
call_command("migrate", verbosity=0, interactive=False)
NOW, SINCE = datetime(2022, 3, 1, 1, tzinfo=UTC), date(2015, 9, 1)

def put(ledger, *rows):
    actions.put(ledger, rows, actor="测试", now=NOW, cause="示例县")

def pupil(serial):
    body = f"99010120130101{serial:03}"
    return f"G{body}{id_check_digit(body)}"

def staff(number, **more):
    return {"org": "2199000101", "staff_no": number, "name": "张三", "employment": "established",
            "hired_on": SINCE, "phone": None, "id_number": None, **more}

put("orgs", *({"org": org, "name": f"机构{org}", "kind": kind, "valid_from": SINCE} for org, kind in
    (("990101", "county"), ("990101101", "town"), ("2199000101", "school"))))
put("staff", staff("S000001", phone="13900000001", id_number=IDENTITY), staff("S000003"))
put("pupils", *({"org": "2199000101", "pupil_no": pupil(n), "name": "李小明", "sex": "male",
    "born_on": date(2013, 1, 1), "hukou_town": "990101101", "guardian_phone": "13900000003"}
    for n in (1, 2)))
path = Path(settings.ZHUJI_HOME) / "教职工.csv"
path.write_text("org,staff_no,name,employment,hired_on,phone\\n"
    "2199000101,S000001,李四,established,2015-09-01,13900000002\\n"
    "2199000101,S000002,张三,established,2015-09-01,13900000001\\n", encoding="utf-8")
receipt = actions.import_file(path, ledger="staff", actor="测试", now=NOW)
assert receipt.import_id, [str(one) for one in receipt.issues]
audit.record("note", audit.About("county", "990101"), actor="测试", now=NOW)
"""


def main(commit: str) -> None:
    sys.path.insert(0, str(ROOT))
    from zhuji.kernel.codes import id_check_digit

    body = "99010119900101001"
    with tempfile.TemporaryDirectory() as folder:
        old, home = Path(folder, "code"), Path(folder, "home")
        old.mkdir()
        archive = subprocess.run(  # noqa: S603
            ["git", "archive", commit, "zhuji", "plans"],  # noqa: S607
            cwd=ROOT, check=True, capture_output=True,
        )  # fmt: skip
        subprocess.run(["tar", "-x", "-C", str(old)], input=archive.stdout, check=True)  # noqa: S603, S607
        env = {
            **os.environ,
            "ZHUJI_HOME": str(home),
            "ZHUJI_DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "zhuji.project.settings",
            "PYTHONPATH": str(old),
        }
        given = f"IDENTITY = {body + id_check_digit(body)!r}\n"
        code = given + MAKING
        subprocess.run([sys.executable, "-c", code], cwd=old, env=env, check=True)  # noqa: S603
        with closing(sqlite3.connect(home / "zhuji.sqlite3")) as made:
            lines = "\n".join(made.iterdump())
    (HERE / "release-0001.sql").write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
