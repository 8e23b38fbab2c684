"""The list of towns and schools within reach, and one of them."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from zhuji.cockpit import places
from zhuji.cockpit import school as schools
from zhuji.cockpit.faces import Face, Owing
from zhuji.cockpit.places import Directory, Entry
from zhuji.cockpit.school import Block, SchoolPage
from zhuji.kernel.lights import LABELS, Light
from zhuji.kernel.messages import Label, say
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.files import FORMAT, Sheet, workbook
from zhuji.web.lists import Head, changed, pages
from zhuji.web.pages import page
from zhuji.web.plan import asking, sheets
from zhuji.web.schools.finding import matches

_KINDS = {
    "town": Label("镇街", "Town"),
    "school": Label("学校", "School"),
    "kindergarten": Label("幼儿园", "Kindergarten"),
    "teaching_point": Label("教学点", "Teaching point"),
}
_LIGHTS = (Light.NOT_MET, Light.BEHIND, Light.NO_DATA, Light.ON_TRACK, Light.MET)
_HEADS = (
    Head(Label("名称", "Name")),
    Head(Label("类别", "Kind")),
    Head(Label("上级", "Above")),
    Head(Label("在校生", "Pupils"), number=True),
    Head(Label("灯", "Lights")),
)
_BELOW = (Head(Label("单位", "Organisation")), Head(Label("灯", "Lights")))
_OWED = (
    Head(Label("欠什么", "What is owed")),
    Head(Label("责任", "Owner")),
    Head(Label("期限", "Due")),
)
_MOST_OWED = 8


@signed_in("GET")
@asking.judged
def orgs(asked: Asked) -> HttpResponse:
    where = asking.where(asked)
    found = places.directory(asked.moment.reader, on=where.on)
    kind, wanted = asked.GET.get("kind", ""), asked.GET.get("q", "").strip()
    every = [
        one for one in found.entries
        if (not kind or one.org.kind == kind) and matches(wanted, one.org.name, one.org.code)
    ]  # fmt: skip
    if asked.GET.get("format") == FORMAT:
        return _list_book(found, every)
    shown = pages(asked.GET, len(every))
    context = {
        "standing": found.standing,
        "entries": every[shown.slice],
        "pages": shown,
        "kinds": _KINDS,
        "choices": [(key, _KINDS[key]) for key in _KINDS if _has(found, key)],
        "kind": kind,
        "q": wanted,
        "heads": _HEADS,
        "all": Label("全部", "All"),
        "xlsx": changed(asked.GET, format=FORMAT, page=None),
        "crumbs": [{"label": say("学校与镇街")}],
    }
    return page(asked, "schools/list.html", context, parts={"rows": "schools/_rows.html"})


def _has(found: Directory, kind: str) -> bool:
    return any(one.org.kind == kind for one in found.entries)


def _list_book(found: Directory, every: list[Entry]) -> HttpResponse:
    heads = [
        Label("名称", "Name"), Label("代码", "Code"), Label("类别", "Kind"),
        Label("上级", "Above"), Label("在校生", "Pupils"), *(LABELS[one] for one in _LIGHTS),
    ]  # fmt: skip
    rows = [
        [
            one.org.name, one.org.code, _KINDS.get(one.org.kind, one.org.kind),
            one.above.name if one.above else "", one.pupils,
            *(one.lights[light] for light in _LIGHTS),
        ]
        for one in every
    ]  # fmt: skip
    title = Label("学校与镇街", "Schools and towns")
    return workbook(title, Sheet(title, heads, rows), about=sheets.about(found.standing))


@signed_in("GET")
@asking.judged
def org(asked: Asked, code: str) -> HttpResponse:
    """`?item=` is the clause one comes from: it stands first, with what can be done about it."""
    where = asking.where(asked)
    found = schools.school(asked.moment.reader, code, on=where.on)
    if asked.GET.get("format") == FORMAT:
        return _book(found)
    about = _about(found, asked.GET.get("item", ""))
    own = {grant.at for grant in asked.moment.reader.grants}
    context = {
        "found": found,
        "standing": found.standing,
        "kind": _KINDS.get(found.org.kind, Label("", "")),
        "blocks": [_block(one) for one in found.blocks],
        "about": about,
        "about_owing": _owing_of(found, about)[:_MOST_OWED],
        "act_org": "" if code in own else code,
        "overdue": found.overdue[:_MOST_OWED],
        "coming": found.next[:_MOST_OWED],
        "more": max(0, len(found.overdue) - _MOST_OWED) + max(0, len(found.next) - _MOST_OWED),
        "owed_heads": _OWED,
        "below_heads": _BELOW,
        "xlsx": changed(asked.GET, format=FORMAT),
        "errors": where.errors,
        "crumbs": _crumbs(found),
    }
    return page(asked, "schools/org.html", context, status=where.status)


def _block(block: Block) -> dict[str, Any]:
    """What is not met stands in sight, what is met is counted."""
    met = [one for one in block.items if one.light is Light.MET]
    rest = [one for one in block.items if one.light is not Light.MET]
    return {"face": block.face, "open": rest, "met": met}


def _about(found: SchoolPage, item: str) -> Face | None:
    """The clause, or the leaf, as it stands here."""
    for block in found.blocks:
        if block.face.id == item:
            return replace(block.face, lacking=sum(one.lacking for one in block.items))
        for one in block.items:
            if one.id == item:
                return one
    return None


def _owing_of(found: SchoolPage, about: Face | None) -> list[Owing]:
    if about is None:
        return []
    block = next((one for one in found.blocks if one.face.id == about.id), None)
    wanted = {about.id, *(one.id for one in block.items)} if block else {about.id}
    return [one for one in (*found.overdue, *found.next) if one.item in wanted]


def _crumbs(found: SchoolPage) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [{"label": say("学校与镇街"), "href": reverse("orgs")}]
    made += [
        {"label": one.name, "href": reverse("org", args=[one.code]) if one.open else ""}
        for one in found.line[:-1]
        if one.open
    ]
    return [*made, {"label": found.org.name}]


def _book(found: SchoolPage) -> HttpResponse:
    items = [one for block in found.blocks for one in (block.face, *block.items)]
    tables = [
        sheets.faces(Label("全部承诺", "The whole promise"), items),
        sheets.owing([*found.overdue, *found.next]),
        sheets.changes(found.changes),
    ]
    name = say("{org} {day}", org=found.org.name, day=found.standing.on)
    return workbook(name, *tables, about=sheets.about(found.standing))
