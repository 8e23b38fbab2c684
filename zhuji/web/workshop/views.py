"""The shelf of packages, one package as a tree with its findings, and its very text."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from zhuji.kernel.errors import Issue, Level
from zhuji.kernel.messages import Label, say
from zhuji.plan.loaded import Loaded
from zhuji.programme import enacting, library, standing
from zhuji.programme.library import Examined, Volume
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.files import FORMAT
from zhuji.web.lists import Head, changed, pages
from zhuji.web.pages import page
from zhuji.web.workshop import sheets
from zhuji.web.workshop.outline import KINDS, outline

_LEVELS = {
    Level.ERROR: Label("错误", "Error"),
    Level.WARNING: Label("提醒", "Warning"),
    Level.INFO: Label("待核实", "To verify"),
}
_SHELF_HEADS = (
    Head(Label("方案包", "Package")), Head(Label("版本", "Version")),
    Head(Label("它自己写的施行日", "Its own first day")), Head(Label("来自", "From")),
    Head(Label("现在", "Now")), Head(Label("办理", "Act")),
)  # fmt: skip
_ISSUE_HEADS = (
    Head(Label("级别", "Level")), Head(Label("位置", "Place")), Head(Label("发现", "Finding")),
    Head(Label("怎样改", "What to do")),
)  # fmt: skip
_LEAF_HEADS = (
    Head(Label("类别", "Kind")), Head(Label("名称", "Name")), Head(Label("要求", "What it asks")),
    Head(Label("凭据", "Evidence")), Head(Label("责任", "Owner")),
    Head(Label("文件与行", "File and line")),
)  # fmt: skip
_VIEWS = ("tree", "issues", "files")


@signed_in("GET")
def shelf(asked: Asked) -> HttpResponse:
    return page(asked, "workshop/shelf.html", shelved(asked))


def shelved(asked: Asked, **more: Any) -> dict[str, Any]:
    """The context of the shelf; also after an upload that was refused."""
    found = library.volumes()
    now = standing.now(found, asked.moment.today)
    return {
        "plans": [(one, now.get(one.key)) for one in found if not one.is_standard],
        "standards": [one for one in found if one.is_standard],
        "heads": _SHELF_HEADS,
        "standard_heads": _SHELF_HEADS[:3],
        "may_publish": bool(enacting.county_of(asked.moment.reader)),
        "pending": len(enacting.pending()),
        "crumbs": [{"label": say("规划工坊")}],
        **more,
    }


@signed_in("GET")
def package(asked: Asked, key: str) -> HttpResponse:
    one = library.volume(key)
    found = library.examine(one)
    view = asked.GET.get("view", "")
    view = view if view in _VIEWS else ("tree" if found.loaded else "issues")
    if asked.GET.get("format") == FORMAT:
        return sheets.package(one, found)
    context: dict[str, Any] = {
        "one": one,
        "found": found,
        "loaded": found.loaded,
        "view": view,
        "tabs": _tabs(asked, one, found, view),
        "counts": [(_LEVELS[level], _count(found, level)) for level in _LEVELS],
        "errors_found": _count(found, Level.ERROR),
        "xlsx": changed(asked.GET, format=FORMAT),
        "crumbs": [
            {"label": say("规划工坊"), "href": reverse("workshop")},
            {"label": found.loaded.plan.title if found.loaded else one.key},
        ],
    }
    if view == "tree" and found.loaded:
        context |= _tree(asked, found.loaded)
    if view == "issues":
        context |= _issues(asked, found)
    if view == "files":
        context["files"] = library.names(one)
    return page(asked, "workshop/package.html", context, parts={"rows": f"workshop/_{view}.html"})


def _tree(asked: Asked, loaded: Loaded) -> dict[str, Any]:
    wanted, kind = asked.GET.get("q", "").strip(), asked.GET.get("kind", "")
    return {
        "branches": outline(loaded, wanted, kind if kind in KINDS else ""),
        "leaf_heads": _LEAF_HEADS,
        "wanted": wanted,
        "kind": kind,
        "kinds": tuple(KINDS.items()),
        "is_narrowed": bool(wanted or kind),
    }


def _issues(asked: Asked, found: Examined) -> dict[str, Any]:
    level = asked.GET.get("level", "")
    chosen = [one for one in found.issues if not level or one.level.value == level]
    shown = pages(asked.GET, len(chosen))
    return {
        "issues": [(one, _LEVELS[one.level], _place(one)) for one in chosen[shown.slice]],
        "issue_heads": _ISSUE_HEADS,
        "pages": shown,
        "level": level,
        "levels": tuple((each.value, label) for each, label in _LEVELS.items()),
    }


def _place(issue: Issue) -> tuple[str, str]:
    """How a place is written, and where its text is read; of a standard it is that one's page."""
    if not issue.file:
        return "", ""
    folder, _, name = issue.file.partition("/")
    line = issue.line or 1
    written = f"{issue.file}:{line}" if issue.line else issue.file
    if not name:
        return written, ""
    return written, f"{reverse('workshop-source', args=[folder])}?file={name}&line={line}#l{line}"


@signed_in("GET")
def source(asked: Asked, key: str) -> HttpResponse:
    """One file of a package, line by line, so that a place can be pointed at."""
    one = library.volume(key)
    name = asked.GET.get("file", "")
    asked_line = asked.GET.get("line", "")
    context = {
        "one": one,
        "name": name,
        "lines": library.source(one, name).splitlines(),
        "line": int(asked_line) if asked_line.isdecimal() and len(asked_line) < 7 else 0,
        "crumbs": [
            {"label": say("规划工坊"), "href": reverse("workshop")},
            {"label": one.key, "href": reverse("workshop-package", args=[key])},
            {"label": name},
        ],
    }
    return page(asked, "workshop/source.html", context)


def _tabs(asked: Asked, one: Volume, found: Examined, view: str) -> list[dict[str, Any]]:
    labels = {
        "tree": (say("内容"), len(found.loaded.tree) if found.loaded else ""),
        "issues": (say("检查结果"), len(found.issues)),
        "files": (say("文件"), len(library.names(one))),
    }
    return [
        {"label": label, "href": f"?view={name}", "current": name == view, "count": count}
        for name, (label, count) in labels.items()
    ]


def _count(found: Examined, level: Level) -> int:
    return sum(issue.level is level for issue in found.issues)
