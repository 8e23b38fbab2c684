"""A package that comes as a zip of YAML: looked at before it is unpacked, refused whole."""

import re
import shutil
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from zhuji.kernel.errors import BadInput, Issue, Level, NotAllowed, Refused
from zhuji.kernel.messages import Message, say
from zhuji.ledgers import safety
from zhuji.ledgers.safety import Limits
from zhuji.orgs import audit
from zhuji.orgs.audit import About, Change
from zhuji.orgs.scope import Reader
from zhuji.plan.entries import header_of
from zhuji.plan.files import CALENDAR_FILE, HEADER_FILE, MOST_FILES, SECTIONS
from zhuji.programme import enacting, library
from zhuji.programme.library import Volume

_MIB = 1024 * 1024
LIMITS = Limits(file_bytes=2 * _MIB, entries=2 * MOST_FILES, inflated_bytes=20 * _MIB, ratio=100)
_FILE = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}\.yaml")
_SINGLE = frozenset(
    {HEADER_FILE, CALENDAR_FILE, *(f"{one.name}.yaml" for one in SECTIONS if not one.folder)}
)
_FOLDERS = frozenset(one.name for one in SECTIONS if one.folder)
_LINK = 0o120000
_KIND = 0o170000
# What the guard of uploads says of workbooks, said of packages.
_SAID: dict[str, Message] = {
    "file.empty": say("文件是空的。"),
    "file.size": say("压缩包超过 {most} MiB。", most=LIMITS.file_bytes // _MIB),
    "file.entries": say("压缩包里的文件超过 {most} 个。", most=LIMITS.entries),
    "file.encrypted": say("压缩包加了密码，请取消密码后再上传。"),
    "file.inflation": say("压缩包展开后过大，不像方案包。"),
    "file.damaged": say("压缩包已损坏，或内容与目录不符，请重新压缩后再上传。"),
}
_NO_ZIP = say("这不是 zip 压缩包；请把方案包的文件夹压缩成 .zip 后再上传。")


def receive(reader: Reader, path: Path, *, now: datetime) -> Volume:
    """A new version on the shelf of uploads, not in force; the same content twice is once."""
    county = enacting.county_of(reader)
    if not county:
        raise NotAllowed(say("只有县级有发布权限的人可以上传方案包。"))
    _must_be_harmless(path)
    shelf = library.uploaded()
    shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=shelf.parent, prefix=".incoming-") as work:
        return _shelved(reader, county, path, Path(work), now)


def _shelved(reader: Reader, county: str, path: Path, work: Path, now: datetime) -> Volume:
    draft = work / "package"
    _unpack(path, draft)
    head = header_of(draft)
    plan, version = head.id, head.version
    key = f"{plan}@{version}"
    folder = draft.rename(work / key)
    _must_be_new(plan, version, folder)
    place = library.uploaded() / key
    if place.exists():
        return library.volume(key)
    _must_be_readable(folder, key)
    shutil.move(folder, place)
    found = library.volume(key)
    change = Change(new={"version": version, "digest": found.digest})
    audit.record("plan.upload", About("package", key, county), actor=reader.username, now=now,
                 change=change)  # fmt: skip
    return found


def _must_be_new(plan: str, version: str, folder: Path) -> None:
    """A version is one content for ever: what was approved must not change under its name."""
    for one in library.volumes():
        if (one.id, one.version) != (plan, version):
            continue
        if one.is_uploaded and one.digest == library.digest(folder):
            return
        raise Refused(
            say(
                "已有“{plan}”的版本 {version}；改动过的内容请在 plan.yaml 里写新的版本号。",
                plan=plan,
                version=version,
            )
        )


def _must_be_readable(folder: Path, key: str) -> None:
    found = library.examine(
        Volume(key, folder, key.partition("@")[0], is_standard=False, is_uploaded=True)
    )
    if found.loaded is None:
        raise BadInput(say("方案包读不出，请按下面列出的位置改正后再上传。"), found.issues)
    if found.loaded.plan.standard:
        raise Refused(say("标准包随系统发布，不能上传。"))


# --- the zip ---------------------------------------------------------------------------------


def _must_be_harmless(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            raise BadInput(_NO_ZIP)
    try:
        safety.weigh(path, LIMITS)
    except BadInput as refusal:
        code = refusal.issues[0].code if refusal.issues else ""
        raise BadInput(_SAID.get(code, _NO_ZIP)) from refusal


def _unpack(path: Path, draft: Path) -> None:
    """Names are ours to judge, and every file is written by us: a zip extracts nothing itself."""
    with zipfile.ZipFile(path) as package:
        entries = [one for one in package.infolist() if not one.is_dir()]
        top = _top(entries)
        names = [one.filename.removeprefix(top) for one in entries]
        faults = tuple(
            fault for one, name in zip(entries, names, strict=True)
            if (fault := _fault(one, name)) is not None
        )  # fmt: skip
        if len({name.casefold() for name in names}) != len(names):
            faults += (Issue(Level.ERROR, say("压缩包里有同名的文件。")),)
        if faults:
            raise BadInput(faults[0].sentence(), faults)
        for one, name in zip(entries, names, strict=True):
            place = draft / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(package.read(one))
    if not (draft / HEADER_FILE).is_file():
        raise BadInput(say("压缩包里没有 plan.yaml，不是方案包。"))


def _top(entries: list[zipfile.ZipInfo]) -> str:
    """A folder that holds everything is the package's own; it is left away."""
    heads = {one.filename.partition("/")[0] for one in entries if "/" in one.filename}
    if len(heads) == 1 and all("/" in one.filename for one in entries):
        return f"{heads.pop()}/"
    return ""


def _fault(one: zipfile.ZipInfo, name: str) -> Issue | None:
    folder, _, file = name.rpartition("/")
    plain = name in _SINGLE or (folder in _FOLDERS and _FILE.fullmatch(file))
    if plain and (one.external_attr >> 16) & _KIND != _LINK:
        return None
    return Issue(
        Level.ERROR,
        say("方案包里不该有这个文件。"),
        file=one.filename[:120],
        proposal=say("只收方案包自己的 .yaml 文件：{single}，和 {folders} 里的。",
                     single=sorted(_SINGLE), folders=sorted(_FOLDERS)),
        code="file.stray",
    )  # fmt: skip
