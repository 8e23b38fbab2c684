"""The files of a package: which there are, what each may hold, and where a package is found."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as Folder

from zhuji.kernel.errors import BadInput, Issue, Level, NotFound
from zhuji.kernel.messages import Message, say
from zhuji.plan.model import (
    Body,
    Declared,
    Duty,
    Example,
    Group,
    Indicator,
    Item,
    Kind,
    Milestone,
    MoneyLine,
    NamedOrg,
    Pairing,
    Role,
    Sum,
)

HEADER_FILE = "plan.yaml"
CALENDAR_FILE = "calendar.yaml"
MOST_FILES = 500
STANDARDS = "standards"


@dataclass(frozen=True, slots=True)
class Section:
    """A field of `Plan` that is read as `key: {fields}`; `key` names the field the key fills."""

    name: str
    model: type[Declared]
    key: str = "id"
    folder: bool = False

    def files(self, root: Folder) -> list[Folder]:
        if self.folder:
            return _sorted((root / self.name).glob("*.yaml"))
        return [path for path in (root / f"{self.name}.yaml",) if path.is_file()]


SECTIONS = (
    Section("roles", Role),
    Section("items", Item, folder=True),
    Section("groups", Group),
    Section("indicators", Indicator, folder=True),
    Section("duties", Duty, folder=True),
    Section("milestones", Milestone, folder=True),
    Section("sums", Sum),
    Section("money", MoneyLine),
    Section("bodies", Body),
    Section("pairings", Pairing),
    Section("kinds", Kind),
    Section("orgs", NamedOrg, key="org"),
    Section("examples", Example, key="name", folder=True),
)


def _sorted(paths: Iterator[Folder]) -> list[Folder]:
    """Hidden files are an editor's or a system's, not the author's."""
    return sorted(path for path in paths if path.is_file() and not path.name.startswith("."))


def shown(path: Folder, root: Folder) -> str:
    """A file as the reader knows it: from the package's own folder on."""
    return f"{root.name}/{path.relative_to(root).as_posix()}"


def content_of(path: Folder, root: Folder) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        problem = say("文件打不开。")
        issue = Issue(
            Level.ERROR,
            problem,
            file=shown(path, root),
            proposal=say("请检查文件是否存在、是否允许读取。"),
            code="file",
        )
        raise BadInput(issue.sentence(), (issue,)) from error


def strays(root: Folder) -> Iterator[Issue]:
    """YAML files that no one would read: a folder misspelt loses a whole part of the plan."""
    wanted = {root / HEADER_FILE, root / CALENDAR_FILE}
    for section in SECTIONS:
        wanted.update(section.files(root))
    found = [path for path in sorted(root.rglob("*")) if _is_yaml(path, root)]
    for path in found:
        if path not in wanted:
            yield Issue(
                Level.ERROR,
                say("方案包里没有这个文件的位置，不会被读取。"),
                file=shown(path, root),
                proposal=_right_place(path),
                code="file.stray",
            )
    if len(found) > MOST_FILES:
        yield Issue(
            Level.ERROR,
            say("方案包里的文件超过 {most} 个。", most=MOST_FILES),
            file=root.name,
            proposal=say("请合并小文件。"),
            code="file.many",
        )


def _is_yaml(path: Folder, root: Folder) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return not hidden and path.suffix.lower() in (".yaml", ".yml")


def _right_place(path: Folder) -> Message:
    if path.suffix != ".yaml":
        return say("请把后缀改成 .yaml。")
    single = [f"{section.name}.yaml" for section in SECTIONS if not section.folder]
    folders = [f"{section.name}/" for section in SECTIONS if section.folder]
    return say(
        "请改成 plan.yaml、calendar.yaml、{single} 之一，或放进 {folders}。",
        single=single,
        folders=folders,
    )


def find_package(given: str, plans: Folder) -> Folder:
    """The folder of a package: a path, or a name under the plans or their standards."""
    named = re.fullmatch(r"[a-z0-9-]+(@[0-9A-Za-z.-]+)?", given)
    candidates = [plans / given, plans / STANDARDS / given] if named else []
    for folder in [Folder(given), *candidates]:
        if is_package(folder):
            return folder
    known = [folder.name for folder in packages(plans)] or "—"
    raise NotFound(
        say(
            "找不到方案包“{given}”：它既不是含 plan.yaml 的文件夹，也不是已知的名称。"
            "已知的有：{known}。",
            given=given,
            known=known,
        )
    )


def is_package(folder: Folder) -> bool:
    try:
        return (folder / HEADER_FILE).is_file()
    except (OSError, ValueError):  # a name too long, or with a zero byte
        return False


def packages(plans: Folder) -> tuple[Folder, ...]:
    """Every package that stands under a folder of plans, its standards last."""
    folders = [plans, plans / STANDARDS]
    return tuple(
        child
        for parent in folders
        if parent.is_dir()
        for child in sorted(parent.iterdir())
        if is_package(child)
    )


def versions_beside(root: Folder, plan_id: str) -> tuple[Folder, ...]:
    """The other versions of a plan: `<id>` and `<id>@<version>` in the same place."""
    whole = root.resolve()
    return tuple(
        folder
        for folder in sorted(whole.parent.iterdir())
        if folder != whole and folder.name.partition("@")[0] == plan_id and is_package(folder)
    )
