"""Items of a judgement turned into faces: parts, counts, rule, and what is too small to show."""

from collections.abc import Callable, Iterable, Mapping

from zhuji.cockpit.day import LEAST, Board
from zhuji.cockpit.faces import Change, Face, Link, LinkKind, Owing, Part
from zhuji.kernel.lights import PRECEDENCE, Light
from zhuji.kernel.messages import Message, say
from zhuji.programme import kept
from zhuji.programme.judgement import Item, Lack
from zhuji.programme.models import Judging

LEAVES = ("indicator", "duty", "milestone")
_LINKS: Mapping[str, LinkKind] = {"indicator": "indicator"}
# The worst first, what does not apply last: the order in which one wants to read parts.
WORST_FIRST = {light: rank for rank, light in enumerate((*PRECEDENCE, Light.NOT_APPLICABLE))}


def link(item: Item, org: str) -> Link:
    return Link(_LINKS.get(item.kind, "node"), item.id, org)


def faces(
    board: Board, items: Iterable[Item], wanted: Callable[[Item], bool] = lambda item: True
) -> dict[str, Face]:
    """Items as faces, the parts of each those that stand directly below it."""
    every = tuple(items)
    below: dict[str | None, list[Item]] = {}
    for item in every:
        below.setdefault(item.parent, []).append(item)
    return {item.id: face(board, item, below.get(item.id, ())) for item in every if wanted(item)}


def is_branch(item: Item) -> bool:
    return item.kind not in LEAVES


def face(board: Board, item: Item, below: Iterable[Item] = (), lacking: int = 0) -> Face:
    parts = tuple(below)
    counts = dict.fromkeys(Light, 0)
    for part in parts:
        counts[part.light] += 1
    hidden = too_few(board, item)
    return Face(
        id=item.id,
        kind=item.kind,
        clause=item.clause,
        label=item.label,
        light=item.light,
        owner=item.owner,
        owner_id=board.outline.by_id[item.id].owner_id,
        parent=item.parent,
        value=None if hidden else item.value,
        unit=item.unit,
        decimals=item.decimals,
        goal=item.goal,
        n=None if hidden else item.n,
        as_of=item.as_of,
        reason=None if hidden else item.reason,
        verified=item.verified,
        hidden=hidden,
        lacking=lacking,
        counts={light: count for light, count in counts.items() if count},
        parts=tuple(
            Part(part.id, part.kind, part.label, part.light, link(part, board.org))
            for part in sorted(parts, key=lambda part: WORST_FIRST[part.light])
        ),
        rule=_rule(item, parts, counts),
        link=link(item, board.org),
    )


def too_few(board: Board, item: Item) -> bool:
    """Whether a figure speaks of so few that somebody outside could be told from it."""
    return not board.is_open and is_few(board, item)


def is_few(board: Board, item: Item) -> bool:
    """Of few persons, or few among them: a share with its `n` tells how many they are."""
    if item.id not in board.outline.persons or item.n is None:
        return False
    counts: list[float] = [item.n]
    if item.value is not None and item.unit in ("person", "pupil"):
        counts.append(item.value)
    if item.value is not None and item.unit == "percent":
        counts.append(round(item.value * item.n / 100, 6))
    return any(0 < count < LEAST for count in counts)


def _rule(item: Item, parts: tuple[Item, ...], counts: Mapping[Light, int]) -> Message | None:
    """How the parts make the light of the whole, said with the numbers of this very whole."""
    if item.kind in LEAVES:
        return None
    if not parts or all(part.light is Light.NOT_APPLICABLE for part in parts):
        return say("下面没有一项适用，所以不作判定。")
    outside = counts[Light.NOT_APPLICABLE]
    counted, shown = len(parts) - outside, counts[item.light]
    return say(
        "取下面各项中最差的一个：{counted} 项参与，其中 {shown} 项为这盏灯，{outside} 项不适用。",
        counted=counted,
        shown=shown,
        outside=outside,
    )


# --- what changed, what is owed --------------------------------------------------------------


def changes(
    board: Board,
    before: Judging | None,
    orgs: Iterable[str],
    kinds: Iterable[str] = ("target", "measure", "safeguard", *LEAVES),
) -> tuple[Change, ...]:
    """Lights that were different then, in the order of the plan; what is new is no change."""
    if before is None:
        return ()
    wanted = tuple(orgs)
    now, then = kept.lights(board.judging, wanted), kept.lights(before, wanted)
    counted = frozenset(kinds)
    return tuple(
        Change(
            entry.id, entry.kind, entry.label, earlier, now[org][entry.id], board.place(org),
            Link(_LINKS.get(entry.kind, "node"), entry.id, org),
        )
        for org in wanted
        if org in now and org in then
        for entry in board.outline.entries
        if entry.kind in counted
        and (earlier := then[org].get(entry.id)) is not None
        and earlier is not now[org][entry.id]
    )  # fmt: skip


def owing(board: Board, lacks: Mapping[str, Iterable[Lack]]) -> tuple[Owing, ...]:
    """Of the organisations that the reader may see, by the day on which it is due."""
    found = [
        _owing(board, key, lack)
        for key, of_item in lacks.items()
        for lack in of_item
        if lack.org in board.within
    ]
    return tuple(sorted(found, key=_when))


def _owing(board: Board, key: str, lack: Lack) -> Owing:
    entry = board.outline.by_id[key]
    left = None if lack.due is None else (lack.due - board.judging.on).days
    return Owing(
        org=board.place(lack.org),
        what=lack.what,
        owner=lack.owner,
        owner_id=entry.owner_id,
        due=lack.due,
        count=lack.count,
        item=key,
        label=entry.label,
        link=Link(_LINKS.get(entry.kind, "node"), key, lack.org),
        days_left=left,
    )


def _when(one: Owing) -> tuple[bool, str, str, str]:
    return one.due is None, one.due.isoformat() if one.due else "", one.item, one.org.code
