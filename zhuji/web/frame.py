"""What stands around every page: who reads, on which day, where one can go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, cast

from django.http import HttpRequest
from django.urls import NoReverseMatch, URLResolver, get_resolver, resolve, reverse

from zhuji.cockpit.moment import Moment
from zhuji.kernel.messages import Label
from zhuji.ledgers import directory
from zhuji.orgs import county
from zhuji.orgs.clock import database_now
from zhuji.orgs.county import Invented
from zhuji.tasks import queries as tasks
from zhuji.web import pages
from zhuji.web.doors import Door


@dataclass(frozen=True)
class Place:
    """`main`: also in the bar at the foot of a phone."""

    route: str
    label: Label
    icon: str
    main: bool = False


@dataclass(frozen=True)
class Link:
    place: Place
    href: str
    current: bool


PLACES: tuple[tuple[Label | str, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place("home", Label("首页", "Home"), "home", main=True),
            Place("cockpit", Label("驾驶舱", "Cockpit"), "gauge"),
        ),
    ),
    (
        Label("规划", "Plan"),
        (
            Place("plan-board", Label("规划看板", "Plan board"), "flag", main=True),
            Place("balance", Label("优质均衡", "Balance"), "scale"),
            Place("orgs", Label("学校与镇街", "Schools and towns"), "school"),
            Place("workshop", Label("规划工坊", "Workshop"), "book"),
        ),
    ),
    (
        Label("办理", "Work"),
        (
            Place("ledgers", Label("台账", "Ledgers"), "table", main=True),
            Place("returns", Label("填报", "Returns"), "pencil"),
            Place("jobs", Label("后台任务", "Jobs"), "clock"),
            Place("notices", Label("通知", "Notices"), "bell"),
        ),
    ),
    (
        Label("信任", "Trust"),
        (
            Place("children", Label("谁看过孩子的信息", "Who saw a child’s data"), "eye"),
            Place("trust", Label("备份与留痕", "Backups and trail"), "shield"),
            Place("feedback-inbox", Label("意见办理", "Feedback received"), "mail"),
            Place("help", Label("帮助", "Help"), "help"),
        ),
    ),
)


class Frame:
    """Everything is worked out when a template asks for it; a page of a fault asks for nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _moment(self) -> Moment | None:
        made = getattr(self._request, "moment", None)
        if made is not None:
            return cast(Moment, made)
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        return Moment(cast(Any, user), now=getattr(self._request, "now", None))

    @cached_property
    def person(self) -> str:
        return self._moment.person.name if self._moment else ""

    @cached_property
    def posts(self) -> tuple[tuple[str, str], ...]:
        """The role and the org of each post in force."""
        if self._moment is None:
            return ()
        grants = self._moment.reader.grants
        at = sorted({grant.at.partition("#")[0] for grant in grants})
        names = directory.names(at)
        return tuple(
            (pages.words(grant.role.label), names.get(grant.at.partition("#")[0], grant.at))
            for grant in grants
        )

    @cached_property
    def unit(self) -> str:
        return self.posts[0][1] if self.posts else ""

    @cached_property
    def unread(self) -> int:
        """Notices that wait; the number beside the bell."""
        return tasks.unread(self._moment.reader, now=self.now) if self._moment else 0

    @cached_property
    def now(self) -> datetime:
        return self._moment.now if self._moment else database_now()

    @cached_property
    def today(self) -> date:
        return self._moment.today if self._moment else county.today(self.now)

    @cached_property
    def invented(self) -> Invented | None:
        return county.invented()

    @property
    def other_language(self) -> tuple[str, str]:
        """The one to change to, by its own name."""
        return ("zh-hans", "中文") if pages.language().startswith("en") else ("en", "English")

    @cached_property
    def nav(self) -> tuple[tuple[Label | str, tuple[Link, ...]], ...]:
        """The places that exist and whose door would open for this person."""
        groups = ((title, tuple(self._links(places))) for title, places in PLACES)
        return tuple((title, links) for title, links in groups if links)

    @cached_property
    def main(self) -> tuple[Link, ...]:
        return tuple(link for _title, links in self.nav for link in links if link.place.main)

    def _links(self, places: tuple[Place, ...]) -> Iterator[Link]:
        here, resolver = self._request.path, get_resolver()
        for place in places:
            href, door = _entrance(resolver, place.route)
            if href and self._opens(door):
                yield Link(place, href, here == href or (href != "/" and here.startswith(href)))

    def _opens(self, door: object) -> bool:
        if not isinstance(door, Door) or door.public:
            return True
        if self._moment is None or door.link:
            return False
        return door.opens(self._moment)


@lru_cache(maxsize=64)
def _entrance(_resolver: URLResolver, route: str) -> tuple[str, object]:
    """The address of a place and the door before it; nothing where no such place exists."""
    try:
        href = reverse(route)
    except NoReverseMatch:
        return "", None
    return href, getattr(resolve(href).func, "door", None)


def around(request: HttpRequest) -> dict[str, Frame]:
    """The context processor."""
    return {"frame": Frame(request)}
