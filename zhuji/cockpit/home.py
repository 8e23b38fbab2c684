"""What one must do today, by the day on which it is due, and what is new since the last visit."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from zhuji.cockpit import nodes
from zhuji.cockpit.day import Board, NotJudged, opened
from zhuji.cockpit.faces import Change, Face, Link, LinkKind, Place, Standing
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label, Message
from zhuji.orgs.scope import Reader
from zhuji.programme import kept, news
from zhuji.programme.judgement import Lack

_MOST_CHANGES = 50
_CLAUSES = ("target", "measure", "safeguard")


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing owed: by the reader's post, of so many organisations, by one day."""

    item: str
    kind: str
    label: Label
    clause: str
    owner: Label
    due: date | None
    days_left: int | None  # from today; negative: overdue
    orgs: tuple[Place, ...]
    count: int
    what: Message  # of the first organisation
    light: Light
    link: Link


@dataclass(frozen=True, slots=True)
class News:
    """What was entered, changed or taken away in one ledger since the last visit."""

    ledger: str
    label: Label
    at: datetime  # of the last change
    created: int
    updated: int
    deleted: int
    orgs: tuple[Place, ...]
    more: bool  # there were so many that only the newest are counted
    link: Link


@dataclass(frozen=True)
class Home:
    standing: Standing | None  # none before anything was judged
    unmet: tuple[Face, ...]  # clauses of the reader's highest organisation
    lights: Mapping[Light, int]  # of all its targets, measures and safeguards
    todo: tuple[Todo, ...]
    changes: tuple[Change, ...]
    news: tuple[News, ...]
    since: datetime | None


def home(reader: Reader, *, now: datetime, today: date, since: datetime | None = None) -> Home:
    """`since`: the visit before this one; `previous_visit` knows it."""
    fresh = tuple(_news(reader, since)) if since is not None else ()
    try:
        seen = opened(reader)
    except NotJudged:
        return Home(None, (), {}, (), (), fresh, since)
    before = kept.made_before(seen.judging, since) if since is not None else None
    changed = nodes.changes(seen, before, _own(seen)) if before else ()
    clauses = _clauses(seen)
    return Home(
        standing=seen.standing(),
        unmet=tuple(one for one in clauses if one.light is Light.NOT_MET),
        lights=Counter(one.light for one in clauses),
        todo=_todo(seen, today),
        changes=changed[:_MOST_CHANGES],
        news=fresh,
        since=since,
    )


def previous_visit(username: str, *, now: datetime) -> datetime | None:
    """When this person signed in before the present visit; none at the first."""
    return news.previous_sign_in(username, now)


def _clauses(seen: Board) -> list[Face]:
    """Those that ask for something themselves: an action is red only because of its measures."""
    items = kept.items(seen.judging, seen.org)
    found = nodes.faces(seen, items, lambda item: item.kind in _CLAUSES)
    return sorted(found.values(), key=lambda one: _CLAUSES.index(one.kind))


def _own(seen: Board) -> list[str]:
    """The organisations of the reader's posts themselves."""
    found = {seen.org} | {one.at for one in seen.reader.grants if one.at in seen.readable}
    return sorted(found & seen.outline.orgs.keys())


# --- to do -----------------------------------------------------------------------------------


def _todo(seen: Board, today: date) -> tuple[Todo, ...]:
    """What lacks in the reader's organisations and is owed by a role that the reader holds."""
    lacks = kept.lacks(seen.judging, seen.org)
    lights = kept.lights(seen.judging, [seen.org]).get(seen.org, {})
    found: dict[tuple[str, date | None], list[Lack]] = {}
    for key, of_item in lacks.items():
        mine = _mine(seen, seen.outline.by_id[key].owner_id)
        for lack in of_item:
            if lack.org in mine:
                found.setdefault((key, lack.due), []).append(lack)
    made = (_made(seen, key, due, of, lights, today) for (key, due), of in found.items())
    return tuple(sorted(made, key=_when))


def _mine(seen: Board, owner: str) -> frozenset[str]:
    """Organisations in which this reader answers for what the plan asks of a role."""
    held = seen.outline.holders.get(owner, ())
    grants = (grant for grant in seen.reader.grants if grant.role.key in held)
    return frozenset[str]().union(*(grant.orgs for grant in grants))


def _made(
    seen: Board,
    key: str,
    due: date | None,
    lacks: list[Lack],
    lights: Mapping[str, Light],
    today: date,
) -> Todo:
    entry = seen.outline.by_id[key]
    orgs = tuple(dict.fromkeys(lack.org for lack in lacks))
    kind: LinkKind = "indicator" if entry.kind == "indicator" else "node"
    return Todo(
        item=key,
        kind=entry.kind,
        label=entry.label,
        clause=entry.clause,
        owner=entry.owner,
        due=due,
        days_left=None if due is None else (due - today).days,
        orgs=tuple(seen.place(org) for org in orgs),
        count=sum(lack.count for lack in lacks),
        what=lacks[0].what,
        light=lights[key],
        link=Link(kind, key, orgs[0] if len(orgs) == 1 else seen.org),
    )


def _when(one: Todo) -> tuple[bool, str, str]:
    return one.due is None, one.due.isoformat() if one.due else "", one.item


# --- what is new -----------------------------------------------------------------------------


def _news(reader: Reader, since: datetime) -> Iterator[News]:
    for one in news.changes(reader, since):
        yield News(
            one.ledger,
            one.label,
            one.at,
            one.created,
            one.updated,
            one.deleted,
            tuple(Place(code, name) for code, name in one.orgs),
            one.more,
            Link("ledger", one.ledger),
        )
