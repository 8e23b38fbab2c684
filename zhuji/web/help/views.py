"""The help: what there is, and one page of it; open to all, for nothing of anybody stands there."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse

from zhuji.cockpit.moment import Moment
from zhuji.kernel.messages import Label, say
from zhuji.web.doors import public
from zhuji.web.help import docs, rendering
from zhuji.web.help.docs import SECTIONS, Doc
from zhuji.web.pages import page as answer

# Whose first day is told where; a deputy reads what the post itself reads.
STORIES = {
    "director": "tutorial/director",
    "officer": "tutorial/officer",
    "town_officer": "tutorial/town-officer",
    "principal": "tutorial/principal",
    "clerk": "tutorial/clerk",
    "teacher": "tutorial/teacher",
    "auditor": "tutorial/auditor",
}
FIRST_DAY = "tutorial/first-day"
_FOLDERS = {
    "ledgers": Label("台账", "Ledgers"),
    "plans": Label("方案与标准", "Plans and standards"),
}


@dataclass(frozen=True)
class Folder:
    label: Label | None
    docs: tuple[Doc, ...]
    is_open: bool


@public("GET")
def front(request: HttpRequest) -> HttpResponse:
    every = docs.every()
    mine = [every[one] for one in _stories(request) if one in every]
    context = {
        "index": _index(every, ""),
        "mine": mine,
        "first_day": every.get(FIRST_DAY),
        "crumbs": [{"label": say("帮助")}],
    }
    return answer(request, "help/front.html", context)


@public("GET")
def document(request: HttpRequest, page: str) -> HttpResponse:
    every = docs.every()
    doc = every.get(page.strip("/"))
    if doc is None:
        raise Http404
    context = {
        "doc": doc,
        "body": rendering.html(doc.text, doc.id, frozenset(every)),
        "contents": [
            (rendering.anchor(number), words) for number, words in enumerate(doc.headings, start=1)
        ],
        "index": _index(every, doc.id),
        **_beside(every, doc),
        "crumbs": _crumbs(doc),
    }
    return answer(request, "help/page.html", context)


def _stories(request: HttpRequest) -> list[str]:
    """Those of the reader's own posts."""
    if not request.user.is_authenticated:
        return []
    grants = Moment(cast(Any, request.user)).reader.grants
    held = (grant.role.key for grant in grants)
    return list(dict.fromkeys(STORIES[key] for key in held if key in STORIES))


def _index(every: dict[str, Doc], here: str) -> list[dict[str, Any]]:
    found = []
    for section, label in SECTIONS.items():
        of = [one for one in every.values() if one.section == section and one.id != section]
        folders = dict.fromkeys(one.folder for one in of)
        parts = [_part(folder, of, here) for folder in folders]
        found.append({"id": section, "label": label, "parts": parts, "has_front": section in every})
    return found


def _part(folder: str, of: list[Doc], here: str) -> Folder:
    inside = tuple(one for one in of if one.folder == folder)
    label = _FOLDERS.get(folder, Label(folder, folder)) if folder else None
    return Folder(label, inside, any(one.id == here for one in inside))


def _beside(every: dict[str, Doc], doc: Doc) -> dict[str, Doc | None]:
    """The pages before and behind in the same section."""
    order = [one for one in every.values() if one.section == doc.section]
    at = order.index(doc)
    before = order[at - 1] if at else None
    return {"before": before, "behind": order[at + 1] if at + 1 < len(order) else None}


def _crumbs(doc: Doc) -> list[dict[str, Any]]:
    from_top = [{"label": say("帮助"), "href": "/help/"}]
    if doc.id != doc.section:
        from_top.append({"label": cast(Any, SECTIONS[doc.section])})
    return [*from_top, {"label": doc.title}]
