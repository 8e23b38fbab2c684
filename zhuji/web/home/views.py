"""The page one comes to: tasks, red clauses, what is new, where to go."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse

from zhuji.cockpit import home as homes
from zhuji.cockpit.faces import Change, Face
from zhuji.cockpit.home import Home
from zhuji.kernel.errors import NotFound
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label
from zhuji.orgs.roles import Verb
from zhuji.web.asked import Asked
from zhuji.web.doors import signed_in
from zhuji.web.files import FORMAT, Sheet, workbook
from zhuji.web.home import tasks
from zhuji.web.home.shortcuts import shortcuts
from zhuji.web.home.tasks import Group
from zhuji.web.lists import changed
from zhuji.web.pages import page

_IN_SIGHT = 3  # to whoever steers, as many as stand on one screen
_STEERING = 10
_MOST_CHANGES = 8


@dataclass(frozen=True)
class Reds:
    """Clauses that are not met in the reader's highest organisation; the first are in sight."""

    shown: tuple[Face, ...]
    rest: tuple[Face, ...]
    totals: tuple[tuple[Light, int], ...]  # of targets, measures and safeguards together


@signed_in("GET", verb=None)
def home(asked: Asked) -> HttpResponse:
    """Who may read nothing still has notices and returns."""
    moment = asked.moment
    since = homes.previous_visit(moment.reader.username, now=moment.now)
    found = _home(asked, since)
    groups = tasks.groups(asked, found)
    if asked.GET.get("format") == FORMAT:
        return workbook(Label("今天要办的事", "To do"), _sheet(groups))
    steers = moment.holds(Verb.INSTRUCT)
    context = {
        "found": found,
        "standing": found.standing,
        "groups": groups,
        "reds": _reds(found, _STEERING if steers else _IN_SIGHT) if found.standing else None,
        "reds_first": steers,
        "changes": _worth_telling(found.changes)[:_MOST_CHANGES],
        "more_changes": max(0, len(found.changes) - _MOST_CHANGES),
        "shortcuts": shortcuts(asked),
        "xlsx": changed(asked.GET, format=FORMAT),
    }
    return page(asked, "home/home.html", context)


def _home(asked: Asked, since: datetime | None) -> Home:
    moment = asked.moment
    try:
        return homes.home(moment.reader, now=moment.now, today=moment.today, since=since)
    except NotFound:  # no post lets this person read anything of the plan
        return Home(None, (), {}, (), (), (), since)


def _reds(found: Home, most: int) -> Reds:
    """The clauses themselves, not the targets that are red because of them."""
    told = tuple((light, found.lights[light]) for light in Light if found.lights.get(light))
    return Reds(found.unmet[:most], found.unmet[most:], told)


def _worth_telling(changes: tuple[Change, ...]) -> list[Change]:
    """What got worse stands first; the order of the plan stays among equals."""
    return sorted(changes, key=lambda one: one.better)


def _sheet(groups: list[Group]) -> Sheet:
    heads = (
        Label("事情", "Task"), Label("期限", "Due"), Label("时间", "When"), Label("说明", "Note"),
    )  # fmt: skip
    rows = [
        (task.title, task.due, group.label, task.note)
        for group in groups
        for task in (*group.shown, *group.rest)
    ]
    return Sheet(Label("今天要办的事", "To do"), heads, rows)
