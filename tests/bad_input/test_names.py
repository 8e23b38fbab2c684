"""Names of files from outside: whatever they say, files stand where we put them and stay inside."""

from pathlib import Path
from random import Random

import pytest
from django.test import Client

from tests.answers import whole
from tests.jobs.conftest import CLERK, build
from tests.orgs import cast
from zhuji.jobs import actions, places
from zhuji.jobs.places import Given
from zhuji.orgs.clock import database_now
from zhuji.orgs.idempotency import Act
from zhuji.orgs.models import Person

pytestmark = pytest.mark.django_db
COUNT = 1_000
HARD = (
    "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\a.xlsx", "a/../../b.xlsx",
    "....//....//x", ".", "..", "", " ", "\x00.xlsx", "a\x00b", "a\nb.xlsx", "a\rb\tc", "~/.ssh/id",
    "con", "nul.xlsx", "a" * 5_000, "教师" * 300 + ".xlsx", "%2e%2e%2fx", "..%c0%afx", ".htaccess",
    "-rf", "--help", "$(id)", "`id`", "a;b", "a|b", "\u202exslx.exe", "a\u2028b", "file:///etc/passwd",
    "given", "1", ".progress.json", ".cancel", "\ud800",
)  # fmt: skip
SIGNS = "./\\\x00\n\r~%:*?\"<>|$`';&é\u202e教 "


def names() -> list[str]:
    chance = Random(3)  # noqa: S311
    made = list(HARD)
    while len(made) < COUNT:
        body = "".join(chance.choice(SIGNS + "ab../") for _ in range(chance.randint(1, 40)))
        made.append(body + chance.choice(("", ".xlsx", "/..", "\\..", "/")))
    return made


def test_a_thousand_names_all_stay_in_the_folder_of_their_job(zhuji_home: Path) -> None:
    for number, name in enumerate(names(), start=1):
        given = Given(name, [b"x"])
        places.keep_given(number, given)
        kept = places.given(number, places.name_of(given)).resolve()
        assert kept.parent == (places.folder(number) / "given").resolve(), name
        assert kept.read_bytes() == b"x", name
    outside = [path for path in zhuji_home.parent.rglob("*") if path.is_file()]
    assert len(outside) == COUNT
    assert all(path.is_relative_to(places.root()) for path in outside)


def test_a_result_leaves_as_an_attachment_of_its_own_kind(zhuji_home: Path) -> None:
    from zhuji.jobs.models import Job, State

    build()
    job = actions.ask("export", {"ledger": "staff"}, Act(CLERK, cast.NOW), org=cast.SCHOOL)
    folder = places.cleared(job.pk, 1)
    (folder / "<script>.html").write_text("<script>alert(1)</script>")
    Job.objects.filter(pk=job.pk).update(
        state=State.DONE,
        finished_at=database_now(),
        result_file="1/<script>.html",
        result_type="application/octet-stream",
    )
    browser = Client()
    browser.force_login(Person.objects.get(username=CLERK))
    for address in (f"/jobs/{job.pk}/result/", f"/api/jobs/{job.pk}/result"):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert whole(answer) == b"<script>alert(1)</script>"
