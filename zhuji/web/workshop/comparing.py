"""Two versions or packages beside each other: what was added, taken away, changed, old and new."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from pydantic import BaseModel

from zhuji.kernel.errors import BadInput
from zhuji.kernel.messages import Label, Message, say
from zhuji.plan.load import entry_id
from zhuji.plan.loaded import Loaded
from zhuji.plan.model import Duty, Goal, Plan
from zhuji.plan.reference import cadence_sentence, goal_sentence
from zhuji.plan.versions import Change
from zhuji.plan.versions import compare as compared
from zhuji.programme import library
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.files import FORMAT, Sheet, workbook
from zhuji.web.lists import Head, changed, pages
from zhuji.web.pages import page, words
from zhuji.web.workshop.outline import Spot, spot

_HEADER = ("title", "number", "issued_on", "starts", "ends", "takes_effect", "amends")
SECTIONS = {
    "items": Label("条款", "Clauses"), "indicators": Label("指标", "Indicators"),
    "duties": Label("责任", "Duties"), "milestones": Label("里程碑", "Milestones"),
    "groups": Label("学校范围", "Groups"), "roles": Label("责任人", "Roles"),
    "kinds": Label("活动与文件的种类", "Kinds"), "orgs": Label("点名的机构", "Organisations"),
    "sums": Label("应对上的数", "Sums"), "money": Label("资金", "Money"),
    "bodies": Label("组织机构", "Bodies"), "pairings": Label("结对", "Pairings"),
    "examples": Label("算例", "Examples"),
}  # fmt: skip
WHATS = {
    "added": Label("新增", "Added"),
    "removed": Label("删去", "Removed"),
    "changed": Label("改动", "Changed"),
}
_MARKS = {"added": "＋", "removed": "－", "changed": "≠"}
_HEADS = (
    Head(Label("类别", "Section")), Head(Label("名称", "Name")), Head(Label("变化", "Change")),
    Head(Label("原来 → 现在", "Old → new")), Head(Label("文件与行", "File and line")),
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field that says something else; `old` and `new` as a person reads them."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Row:
    section: Label
    id: str
    label: str
    what: str
    word: Label
    mark: str
    fields: tuple[Difference, ...]
    spot: Spot | None


@signed_in("GET")
def compare(asked: Asked) -> HttpResponse:
    choices = [one for one in library.volumes() if one.is_readable]
    old_key, new_key = asked.GET.get("old", ""), asked.GET.get("new", "")
    context: dict[str, Any] = {
        "choices": [(one.key, f"{one.id} {one.version}") for one in choices],
        "old_key": old_key,
        "new_key": new_key,
        "errors": [],
        "crumbs": [
            {"label": say("规划工坊"), "href": reverse("workshop")},
            {"label": say("比较版本")},
        ],
    }
    if old_key and new_key:
        try:
            old, new = (library.read(library.volume(key)) for key in (old_key, new_key))
        except BadInput as fault:
            context["errors"] = [{"message": fault.message, "anchor": "old"}]
        else:
            if asked.GET.get("format") == FORMAT:
                return _workbook(old, new)
            context |= _found(asked, old, new)
    parts = {"rows": "workshop/_compared.html"}
    status = 422 if context["errors"] else 200
    return page(asked, "workshop/compare.html", context, parts=parts, status=status)


def _found(asked: Asked, old: Loaded, new: Loaded) -> dict[str, Any]:
    every = compared(old.plan, new.plan)
    what, section = asked.GET.get("what", ""), asked.GET.get("section", "")
    wanted = [
        one for one in every
        if (not what or one.what == what) and (not section or one.section == section)
    ]  # fmt: skip
    shown = pages(asked.GET, len(wanted))
    return {
        "old": old.plan,
        "new": new.plan,
        "header": header(old.plan, new.plan),
        "rows": [row(old, new, one) for one in wanted[shown.slice]],
        "heads": _HEADS,
        "pages": shown,
        "counts": [(WHATS[key], sum(one.what == key for one in every)) for key in WHATS],
        "what": what,
        "section": section,
        "whats": tuple(WHATS.items()),
        "sections": tuple(
            (key, label) for key, label in SECTIONS.items()
            if any(one.section == key for one in every)
        ),
        "xlsx": changed(asked.GET, format=FORMAT, page=None),
    }  # fmt: skip


def header(old: Plan, new: Plan) -> tuple[Difference, ...]:
    return tuple(
        Difference(name, told(getattr(old, name)), told(getattr(new, name)))
        for name in _HEADER
        if getattr(old, name) != getattr(new, name)
    )


def row(old: Loaded, new: Loaded, change: Change) -> Row:
    before, after = _entry(old.plan, change), _entry(new.plan, change)
    home, entry = (old, before) if change.what == "removed" else (new, after)
    return Row(
        section=SECTIONS.get(change.section, Label(change.section, change.section)),
        id=change.id,
        label=told(getattr(entry, "label", "")),
        what=change.what,
        word=WHATS[change.what],
        mark=_MARKS[change.what],
        fields=tuple(
            Difference(name, _field(before, name), _field(after, name)) for name in change.fields
        ),
        spot=spot(home, change.section, change.id),
    )


def _entry(plan: Plan, change: Change) -> BaseModel | None:
    found: Iterable[Any] = getattr(plan, change.section)
    return next((one for one in found if entry_id(one) == change.id), None)


def _field(entry: BaseModel | None, name: str) -> str:
    if isinstance(entry, Duty) and name == "cadence":
        return words(cadence_sentence(entry))
    return told(getattr(entry, name, None))


def told(value: object) -> str:
    """A value of a package as a person reads it; what is not there is a dash."""
    match value:
        case None | "" | ():
            return "—"
        case Label() | Message():
            return words(value)
        case BaseModel() | dict():
            return _composed(value)
        case tuple() | list():
            return "、".join(told(one) for one in value)
        case _:
            return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return words(say("是") if value else say("否"))
    return str(getattr(value, "value", value))


def _composed(value: BaseModel | dict[Any, Any]) -> str:
    """A goal in its own sentence; else each field by the key that stands in the file."""
    if isinstance(value, Goal):
        return words(goal_sentence(value)) + _rest(value)
    said = value if isinstance(value, dict) else dict(value)
    return "；".join(f"{name}: {told(one)}" for name, one in said.items() if one not in (None, ""))


def _rest(goal: Goal) -> str:
    """What the sentence leaves out and a change may be about."""
    parts = [f"each: {goal.each}"] if goal.each != "self" else []
    parts += [f"share: {goal.share}"] if goal.share != 1 else []
    parts += [f"by: {goal.by}"] if goal.by else []
    parts += ["standing: yes"] if goal.standing else []
    return f"（{'；'.join(parts)}）" if parts else ""


def _workbook(old: Loaded, new: Loaded) -> HttpResponse:
    heads = (
        Label("类别", "Section"), Label("编号", "Id"), Label("名称", "Name"),
        Label("变化", "Change"), Label("字段", "Field"), Label("原来", "Old"),
        Label("现在", "New"), Label("文件与行", "File and line"),
    )  # fmt: skip
    rows: list[tuple[object, ...]] = [
        (Label("方案", "Plan"), new.plan.id, new.plan.title, WHATS["changed"], one.name, one.old,
         one.new, "")
        for one in header(old.plan, new.plan)
    ]  # fmt: skip
    for change in compared(old.plan, new.plan):
        one = row(old, new, change)
        for field in one.fields or (Difference("", "", ""),):
            rows.append(
                (one.section, one.id, one.label, one.word, field.name, field.old, field.new,
                 one.spot.text if one.spot else "")
            )  # fmt: skip
    about: list[tuple[Any, object]] = [
        (Label("原版本", "Old"), f"{old.plan.id} {old.plan.version}"),
        (Label("新版本", "New"), f"{new.plan.id} {new.plan.version}"),
    ]
    title = say("版本比较 {old} {new}", old=old.plan.version, new=new.plan.version)
    return workbook(title, Sheet(Label("比较", "Comparison"), heads, rows), about=about)
