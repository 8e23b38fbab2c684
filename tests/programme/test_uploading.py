"""A package comes as a zip: harmless, of YAML alone, a version that was never there."""

import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.cockpit.readers import HEAD, OFFICER
from tests.programme.yunxi import COUNTY, PLANS
from zhuji.kernel.errors import BadInput, NotAllowed, Refused
from zhuji.ledgers import actions as ledgers
from zhuji.orgs import audit
from zhuji.orgs.scope import Reader
from zhuji.programme import library, uploading
from zhuji.programme.library import Volume

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 6, 30, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def shelf(settings: Settings, zhuji_home: Path) -> Path:
    ledgers.put(
        "orgs",
        [{"org": COUNTY, "name": "云溪县", "kind": "county", "valid_from": date(2000, 1, 1)}],
        actor="测试", now=NOW, cause="示例县",
    )  # fmt: skip
    settings.ZHUJI_PLANS = PLANS
    return zhuji_home / "plans"


def files(version: str = "2") -> dict[str, str]:
    found = {}
    folder = PLANS / "yunxi-2025"
    for path in folder.rglob("*.yaml"):
        text = path.read_text("utf-8")
        if path.name == "plan.yaml":
            text = text.replace('version: "1"', f'version: "{version}"\namends: "1"')
            text = text.replace("takes_effect: 2025-01-01", "takes_effect: 2026-01-01")
        found[path.relative_to(folder).as_posix()] = text
    return found


def zipped(tmp_path: Path, entries: dict[str, str | bytes], top: str = "") -> Path:
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(top + name, content)
    return path


def receive(path: Path, by: Reader = OFFICER) -> Volume:
    return uploading.receive(by, path, now=NOW)


@pytest.mark.parametrize("top", ["", "yunxi/"])
def test_a_good_package_stands_on_the_shelf_under_its_own_name(
    tmp_path: Path, shelf: Path, top: str
) -> None:
    found = receive(zipped(tmp_path, {**files()}, top))
    assert (found.key, found.version, found.is_uploaded) == ("yunxi-2025@2", "2", True)
    assert (shelf / "yunxi-2025@2" / "plan.yaml").is_file()
    assert library.examine(found).is_sound
    [entry] = audit.entries_about("package", "yunxi-2025@2")
    assert (entry.verb, entry.org) == ("plan.upload", COUNTY)
    assert [one.name for one in shelf.parent.iterdir() if one.name.startswith(".")] == []


def test_the_same_content_twice_is_once_and_another_under_its_version_is_refused(
    tmp_path: Path, shelf: Path
) -> None:
    receive(zipped(tmp_path, {**files()}))
    receive(zipped(tmp_path, {**files()}))
    assert len(list(shelf.iterdir())) == 1
    other = {**files(), "sums.yaml": "{}\n"}
    with pytest.raises(Refused, match="新的版本号"):
        receive(zipped(tmp_path, {**other}))
    with pytest.raises(Refused, match="已有“yunxi-2025”的版本 1"):
        receive(zipped(tmp_path, {**files("1")}))


@pytest.mark.parametrize(
    "name",
    [
        "../plan.yaml", "/etc/passwd", "..\\plan.yaml", "items/../../x.yaml", "items/deep/x.yaml",
        "run.py", "items/x.yml", "items/X.yaml", "items/.x.yaml", "items/中文.yaml", "notes.yaml",
        "standards/x.yaml", "__MACOSX/items/x.yaml",
    ],
)  # fmt: skip
def test_what_has_no_place_in_a_package_is_refused_by_its_name(
    tmp_path: Path, shelf: Path, name: str
) -> None:
    with pytest.raises(BadInput, match="不该有这个文件"):
        receive(zipped(tmp_path, {**files(), name: "{}"}))
    assert list(shelf.glob("*")) == []
    assert not (tmp_path / "plan.yaml").exists()


def test_a_link_in_the_clothes_of_a_file_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {**files()})
    link = zipfile.ZipInfo("items/link.yaml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(link, "/etc/passwd")
    with pytest.raises(BadInput, match="不该有这个文件"):
        receive(path)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {**files()})
    with zipfile.ZipFile(path, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr("plan.yaml", "{}")
    with pytest.raises(BadInput, match="同名"):
        receive(path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, shelf: Path) -> None:
    with pytest.raises(BadInput, match="展开后过大"):
        receive(zipped(tmp_path, {**files(), "items/big.yaml": "a" * 30_000_000}))
    assert list(shelf.glob("*")) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "不是 zip"),
        (b"plan: 1", "不是 zip"),
        (b"PK\x03\x04 broken", "已损坏"),
        (b"PK" + b"\0" * (3 << 20), "超过 2 MiB"),
    ],
)
def test_what_is_no_zip_is_said_in_a_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=told):
        receive(path)


def test_a_zip_without_a_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"没有 plan\.yaml"):
        receive(zipped(tmp_path, {"roles.yaml": "{}"}))


def test_faults_are_told_by_file_and_line_and_nothing_stays(tmp_path: Path, shelf: Path) -> None:
    broken = {**files()}
    broken["duties/all.yaml"] = broken["duties/all.yaml"].replace("times: 2", "times: viele")
    with pytest.raises(BadInput) as refusal:
        receive(zipped(tmp_path, {**broken}))
    [issue] = refusal.value.issues
    assert issue.file == "yunxi-2025@2/duties/all.yaml"
    assert issue.line
    assert list(shelf.iterdir()) == []


@pytest.mark.parametrize("version", ["../../x", "a/b", "", "2 3"])
def test_a_version_that_is_no_name_is_refused(tmp_path: Path, version: str, shelf: Path) -> None:
    with pytest.raises(BadInput):
        receive(zipped(tmp_path, {**files(version)}))
    assert list(shelf.glob("*")) == []


def test_a_standard_is_not_uploaded(tmp_path: Path) -> None:
    made = {**files()}
    made["plan.yaml"] += "standard: true\n"
    with pytest.raises(Refused, match="标准包"):
        receive(zipped(tmp_path, {**made}))


def test_a_school_uploads_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        receive(zipped(tmp_path, {**files()}), by=HEAD)


def test_a_file_of_a_package_is_read_by_its_own_name_only() -> None:
    one = library.volume("yunxi-2025")
    assert "yunxi-2025" in library.source(one, "plan.yaml")
    for name in ("../yunxi-2025/plan.yaml", "/etc/passwd", "", "plan.yml"):
        with pytest.raises(Exception, match="没有文件"):
            library.source(one, name)
