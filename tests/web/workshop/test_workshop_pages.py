"""The workshop: a package read, compared, uploaded and put in force by those who may."""

import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.programme.yunxi import PLANS
from tests.web.plan.county import at, build, page
from zhuji.programme import enacted
from zhuji.programme.models import Enactment

pytestmark = pytest.mark.django_db
SECOND = "yunxi-2025@2"


@pytest.fixture(autouse=True)
def people(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.ZHUJI_PLANS = tmp_path / "plans"
    shutil.copytree(PLANS, settings.ZHUJI_PLANS)
    build()


def zipped(version: str = "2", times: str = "1") -> SimpleUploadedFile:
    """The second version: one review a year, not two."""
    made, folder = BytesIO(), PLANS / "yunxi-2025"
    with zipfile.ZipFile(made, "w") as package:
        for path in folder.rglob("*.yaml"):
            name = path.relative_to(folder).as_posix()
            text = path.read_text("utf-8")
            if name == "plan.yaml":
                text = text.replace('version: "1"', f'version: "{version}"\namends: "1"')
                text = text.replace("takes_effect: 2025-01-01", "takes_effect: 2026-01-01")
            if name == "duties/all.yaml":
                text = text.replace("times: 2", f"times: {times}")
            package.writestr(name, text)
    return SimpleUploadedFile("plan.zip", made.getvalue(), "application/zip")


def upload(client: Client, file: SimpleUploadedFile | None = None) -> str:
    answer = client.post("/workshop/upload/", {"package": file or zipped()}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_the_shelf_tells_which_version_is_in_force() -> None:
    shown = page("head", "/workshop/")
    assert "yunxi-2025" in shown
    assert "施行中" in shown
    assert "上传新版本" not in shown  # a head may not
    assert "上传新版本" in page("officer", "/workshop/")


def test_a_package_is_read_with_file_and_line_of_every_clause() -> None:
    shown = page("head", "/workshop/yunxi-2025/")
    assert "检查通过" in shown
    assert "yunxi-2025/duties/all.yaml:" in shown
    assert "每规划年度 2 次" in shown or "2 次" in shown
    narrowed = page("head", "/workshop/yunxi-2025/?kind=milestone")
    assert "里程碑" in narrowed
    assert "没有符合条件的条款" in page("head", "/workshop/yunxi-2025/?q=zzz")


def test_a_place_opens_the_very_line() -> None:
    shown = page("head", "/workshop/yunxi-2025/source/?file=plan.yaml&line=3")
    assert '<li id="l3" class="here">' in shown
    for name in ("../../secret-key", "/etc/passwd", ""):
        answer = at("head").get("/workshop/yunxi-2025/source/", {"file": name})
        assert answer.status_code == 404


def test_findings_are_narrowed_by_level_and_leave_as_a_workbook() -> None:
    assert "检查结果" in page("head", "/workshop/yunxi-2025/?view=issues&level=warning")
    book = openpyxl.load_workbook(
        BytesIO(at("head").get("/workshop/yunxi-2025/?format=xlsx").content)
    )
    assert book.sheetnames == ["内容", "检查结果"]


def test_an_uploaded_version_opens_and_waits() -> None:
    shown = upload(at("officer"))
    assert f"{SECOND} · 版本 2" in shown
    assert "检查通过" in shown
    assert "尚未施行" in page("officer", "/workshop/")


def test_a_refused_upload_says_where_and_what() -> None:
    client = at("officer")
    broken = zipped(times="viele")
    answer = client.post("/workshop/upload/", {"package": broken})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "错误：" in shown
    assert "duties/all.yaml" in shown
    nothing = client.post("/workshop/upload/")
    assert nothing.status_code == 422
    assert "请先选择" in nothing.content.decode()
    same = client.post("/workshop/upload/", {"package": zipped("1")})
    assert same.status_code == 409


def test_two_versions_are_compared_with_old_and_new() -> None:
    upload(at("officer"))
    address = f"/workshop/compare/?old=yunxi-2025&new={SECOND}"
    shown = page("head", address)
    assert "改动 <b>1</b>" in shown
    assert '<span class="was"><span class="visually-hidden">原来：</span>' in shown
    assert "takes_effect" in shown
    book = openpyxl.load_workbook(BytesIO(at("head").get(f"{address}&format=xlsx").content))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert any("cadence" in row for row in rows)
    assert "没有不同" in page("head", "/workshop/compare/?old=yunxi-2025&new=yunxi-2025")
    assert "请选两个版本" in page("head", "/workshop/compare/")


def test_one_proposes_another_confirms_and_the_version_judges() -> None:
    officer, director = at("officer"), at("director")
    upload(officer)
    address = f"/workshop/enact/?package={SECOND}&since=2025-07-01"
    assert "起到期的事项按版本 2 判定；以前到期的仍按版本 1" in page("officer", address)
    asked = {"package": SECOND, "since": "2025-07-01", "why": "云教〔2025〕3号"}
    done = officer.post("/workshop/propose/", asked, follow=True).content.decode()
    assert "等另一位有发布权限的人确认" in done
    assert "确认施行</button>" not in done
    number = Enactment.objects.get().pk
    assert officer.post(f"/workshop/proposals/{number}/confirm/").status_code == 403
    waiting = director.get("/workshop/enact/").content.decode()
    assert "确认施行</button>" in waiting
    done = director.post(f"/workshop/proposals/{number}/confirm/", follow=True).content.decode()
    assert "已确认施行" in done
    assert "按新版本重新判定今天" in done
    assert "将施行" in done
    assert enacted.versions("yunxi-2025")[-1].plan.version == "2"


def test_a_proposal_that_is_refused_keeps_what_was_typed() -> None:
    officer = at("officer")
    upload(officer)
    asked = {"package": SECOND, "since": "2025-07-01", "why": ""}
    answer = officer.post("/workshop/propose/", asked)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "请写明施行这个版本的依据或理由" in shown
    assert 'value="2025-07-01"' in shown
    early = officer.post("/workshop/propose/", {**asked, "since": "2025-01-01", "why": "早"})
    assert early.status_code == 409
    assert "新版本的施行日应晚于这一天" in early.content.decode()
    wrong = officer.get(f"/workshop/enact/?package={SECOND}&since=明天")
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    "address", ["/workshop/upload/", "/workshop/propose/", "/workshop/proposals/1/confirm/",
                "/workshop/proposals/1/withdraw/"]
)  # fmt: skip
@pytest.mark.parametrize("who", ["head", "teacher", "town", "system"])
def test_who_may_not_publish_finds_no_such_door(who: str, address: str) -> None:
    assert at(who).post(address).status_code == 404


def test_a_package_that_is_not_there_is_not_found() -> None:
    for address in ("/workshop/nothing/", "/workshop/..%2F..%2Fetc/", "/workshop/nothing/source/"):
        assert at("head").get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/workshop/", "/workshop/yunxi-2025/", "/workshop/yunxi-2025/?view=issues",
     "/workshop/compare/?old=yunxi-2025&new=yunxi-2025", "/workshop/enact/",
     "/workshop/enact/?package=yunxi-2025&since=2025-07-01"],
)  # fmt: skip
def test_no_page_asks_more_than_thirty_statements(address: str) -> None:
    client = at("officer")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= 30, len(asked)
